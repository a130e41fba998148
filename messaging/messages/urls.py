"""Addresses of secure messages and what comes back."""

from django.urls import path

from messaging.messages.views import composing, controlling, listing, returns

app_name = "messages"
urlpatterns = [
    path("messages/", listing.message_list, name="message_list"),
    path("messages/new/", composing.message_new, name="message_new"),
    path("messages/drafts/<uuid:form_key>/", composing.draft_edit, name="draft_edit"),
    path("messages/drafts/<uuid:form_key>/save/", composing.draft_save, name="draft_save"),
    path("messages/drafts/<uuid:form_key>/preview/", composing.draft_preview, name="draft_preview"),
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
]
