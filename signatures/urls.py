"""Addresses of electronic signature."""

from django.urls import path

from signatures import views

app_name = "signatures"
urlpatterns = [
    path("account/signature/", views.marks, name="marks"),
    path("signatures/", views.tracking, name="tracking"),
]
