"""Addresses of secure messages and what comes back."""

from django.urls import path

from messaging.items.views.steps import step_paths
from messaging.messages.views import composing, controlling, listing, outside, previewing, replying, returns

app_name = "messages"
urlpatterns = [
    path("messages/", listing.message_list, name="message_list"),
    path("messages/new/", composing.message_new, name="message_new"),
    path("messages/drafts/<uuid:form_key>/", composing.draft_edit, name="draft_edit"),
    path("messages/drafts/<uuid:form_key>/save/", composing.draft_save, name="draft_save"),
    path("messages/drafts/<uuid:form_key>/preview/", previewing.draft_preview, name="draft_preview"),
    path("messages/drafts/<uuid:form_key>/send/", composing.message_send, name="message_send"),
    path("messages/drafts/<uuid:form_key>/delete/", composing.draft_delete, name="draft_delete"),
    path("messages/<str:reference>/", controlling.message_detail, name="message_detail"),
    path("messages/<str:reference>/sent/", controlling.message_sent, name="message_sent"),
    path("messages/<str:reference>/copy/", controlling.message_copy, name="message_copy"),
    path("messages/<str:reference>/files/<uuid:file_id>/", controlling.file_download, name="file_download"),
    path("messages/<str:reference>/again/", controlling.message_again, name="message_again"),
    path("messages/<str:reference>/expiry/", controlling.message_expiry, name="message_expiry"),
    path("messages/<str:reference>/delete/", controlling.message_delete, name="message_delete"),
    path("messages/<str:reference>/people/<int:position>/link/", controlling.link_renew, name="link_renew"),
    path(
        "messages/<str:reference>/people/<int:position>/delete/", controlling.recipient_delete, name="recipient_delete"
    ),
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
    path("o/<str:locator>/reply/no-code", replying.link_reply_code_missing, name="link_reply_code_missing"),
    path("o/<str:locator>/reply/proof", replying.link_reply_prove, name="link_reply_prove"),
    path("o/<str:locator>/reply/<uuid:whole_id>", replying.link_reply_receipt, name="link_reply_receipt"),
    *step_paths("o", outside.STEPS),
]
