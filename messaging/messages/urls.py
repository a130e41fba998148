"""Addresses of secure messages and what comes back."""

from django.urls import path

from messaging.items.views.steps import step_paths
from messaging.messages.views import listing, outside, replying, returns

app_name = "messages"
urlpatterns = [
    path("messages/", listing.message_list, name="message_list"),
    path("messages/new/", listing.message_new, name="message_new"),
    path("returns/", returns.returns, name="returns"),
    path("returns/<uuid:whole_id>/", returns.return_detail, name="return_detail"),
    path("returns/<uuid:whole_id>/read/", returns.return_read, name="return_read"),
    path("returns/<uuid:whole_id>/done/", returns.return_done, name="return_done"),
    path("returns/<uuid:whole_id>/undone/", returns.return_undone, name="return_undone"),
    path("returns/<uuid:whole_id>/files/", returns.return_files, name="return_files"),
    path("returns/<uuid:whole_id>/files/<uuid:file_id>/", returns.return_file, name="return_file"),
    path("o/<str:locator>/message", outside.message_read, name="message_read"),
    path("o/<str:locator>/files", outside.link_files, name="link_files"),
    path("o/<str:locator>/files/<uuid:file_id>", outside.link_file, name="link_file"),
    path("o/<str:locator>/reply", replying.link_reply, name="link_reply"),
    path("o/<str:locator>/reply/code", replying.link_reply_code_send, name="link_reply_code_send"),
    path("o/<str:locator>/reply/proof", replying.link_reply_prove, name="link_reply_prove"),
    path("o/<str:locator>/reply/<uuid:whole_id>", replying.link_reply_receipt, name="link_reply_receipt"),
    *step_paths("o", outside.STEPS),
]
