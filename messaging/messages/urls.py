"""Addresses of secure messages and what comes back."""

from django.urls import path

from messaging.messages import views

app_name = "messages"
urlpatterns = [
    path("messages/", views.message_list, name="message_list"),
    path("messages/new/", views.message_new, name="message_new"),
    path("returns/", views.returns, name="returns"),
]
