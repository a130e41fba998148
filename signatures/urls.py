"""Addresses of electronic signature."""

from django.urls import path

from signatures.views import marks, tracking, verification

app_name = "signatures"
urlpatterns = [
    path("account/signature/", marks.marks, name="marks"),
    path("account/signature/<uuid:handle>/default/", marks.mark_default, name="mark_default"),
    path("account/signature/<uuid:handle>/delete/", marks.mark_delete, name="mark_delete"),
    path("account/signature/<uuid:handle>/picture/", marks.mark_picture, name="mark_picture"),
    path("verify/", verification.verification, name="verification"),
    path("signatures/", tracking.tracking, name="tracking"),
]
