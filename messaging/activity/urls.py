"""Addresses of logs and statistics."""

from django.urls import path

from messaging.activity import views

app_name = "activity"
urlpatterns = [path("account/activity/", views.log, name="log")]
