"""Addresses of secure messages and what comes back."""

from django.urls import path, re_path

from messaging.messages.views import listing, outside, returns

app_name = "messages"
urlpatterns = [
    path("messages/", listing.message_list, name="message_list"),
    path("messages/new/", listing.message_new, name="message_new"),
    path("returns/", returns.returns, name="returns"),
    path("o/<str:locator>/proof", outside.link_proof, name="link_proof"),
    path("o/<str:locator>/code", outside.link_code_send, name="link_code_send"),
    path("o/<str:locator>/no-code", outside.link_code_missing, name="link_code_missing"),
    path("o/<str:locator>/message", outside.message_read, name="message_read"),
    re_path("^o/(?P<locator>[^/#]*)#(?P<secret>.*)$", outside.link_fragment, name="link_fragment"),
    path("o/<str:locator>", outside.link, name="link"),
]
