"""Addresses of secure messages and what comes back."""

from django.urls import path

from messaging.messages.views import listing, returns

app_name = "messages"
urlpatterns = [
    path("messages/", listing.message_list, name="message_list"),
    path("messages/new/", listing.message_new, name="message_new"),
    path("returns/", returns.returns, name="returns"),
]
