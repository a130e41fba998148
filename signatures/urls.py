"""Addresses of electronic signature."""

from django.urls import path

from messaging.items.views.steps import step_paths
from signatures.choices import LINK_PREFIX
from signatures.views import (
    composing,
    controlling,
    marks,
    placing,
    requests,
    sending,
    signing,
    signing_files,
    tracking,
    verification,
)
from signatures.views.signing_steps import STEPS

app_name = "signatures"
urlpatterns = [
    path("account/signature/", marks.marks, name="marks"),
    path("account/signature/<uuid:handle>/default/", marks.mark_default, name="mark_default"),
    path("account/signature/<uuid:handle>/delete/", marks.mark_delete, name="mark_delete"),
    path("account/signature/<uuid:handle>/picture/", marks.mark_picture, name="mark_picture"),
    path("verify/", verification.verification, name="verification"),
    path("signatures/", tracking.tracking, name="tracking"),
    path("signatures/new/", composing.request_new, name="request_new"),
    path("signatures/new/<uuid:form_key>/", composing.draft_edit, name="draft_edit"),
    path("signatures/new/<uuid:form_key>/save/", composing.draft_save, name="draft_save"),
    path("signatures/new/<uuid:form_key>/delete/", composing.draft_delete, name="draft_delete"),
    path("signatures/new/<uuid:form_key>/zones/", placing.draft_zones, name="draft_zones"),
    path("signatures/new/<uuid:form_key>/page/<int:document>/<int:page>.png", placing.draft_page, name="draft_page"),
    path("signatures/new/<uuid:form_key>/check/", sending.draft_check, name="draft_check"),
    path("signatures/new/<uuid:form_key>/send/", sending.request_send, name="request_send"),
    path("signatures/<str:reference>/", requests.request_detail, name="request_detail"),
    path("signatures/<str:reference>/cancel/", controlling.request_cancel, name="request_cancel"),
    path("signatures/<str:reference>/documents/<int:number>/", requests.document_download, name="document_download"),
    path("signatures/<str:reference>/signers/<int:number>/remind/", controlling.signer_remind, name="signer_remind"),
    path(
        "signatures/<str:reference>/signers/<int:number>/new-link/",
        controlling.signer_link_renew,
        name="signer_link_renew",
    ),
    path("signatures/<str:reference>/signers/<int:number>/address/", controlling.signer_correct, name="signer_correct"),
    path("s/<str:locator>/document", signing.document_sign, name="document_sign"),
    path("s/<str:locator>/consent", signing.document_consent, name="document_consent"),
    path("s/<str:locator>/review", signing.document_review, name="document_review"),
    path("s/<str:locator>/decline", signing.document_decline, name="document_decline"),
    path("s/<str:locator>/done", signing.document_done, name="document_done"),
    path("s/<str:locator>/page/<int:document>/<int:page>.png", signing_files.page_picture, name="page_picture"),
    path("s/<str:locator>/file/<int:document>", signing_files.document_file, name="document_file"),
    path("s/<str:locator>/zone/<slug:zone_id>.png", signing_files.zone_picture, name="zone_picture"),
    path("s/<str:locator>/mark/<slug:kind>.png", signing_files.spare_mark, name="spare_mark"),
    path("s/<str:locator>/sealed", signing_files.sealed, name="sealed"),
    path("s/<str:locator>/sealed/files", signing_files.sealed_all, name="sealed_all"),
    path("s/<str:locator>/sealed/files/<uuid:file_id>", signing_files.sealed_file, name="sealed_file"),
    *step_paths(LINK_PREFIX, STEPS),
]
