"""Addresses of envelopes: their owners', and those of their links."""

from django.urls import path

from messaging.envelopes.choices import LINK_PREFIX
from messaging.envelopes.views import asking, controlling, outside
from messaging.items.views.steps import step_paths

app_name = "envelopes"
urlpatterns = [
    path("envelopes/new/", asking.envelope_new, name="envelope_new"),
    path("envelopes/<str:reference>/", controlling.envelope_detail, name="envelope_detail"),
    path("envelopes/<str:reference>/delete/", controlling.envelope_delete, name="envelope_delete"),
    path("envelopes/<str:reference>/expiry/", controlling.envelope_expiry, name="envelope_expiry"),
    path("envelopes/<str:reference>/new-link/", controlling.envelope_link_renew, name="envelope_link_renew"),
    path("e/<str:locator>/delivery", outside.envelope_fill, name="envelope_fill"),
    path("e/<str:locator>/receipt", outside.envelope_receipt, name="envelope_receipt"),
    *step_paths(LINK_PREFIX, outside.STEPS),
]
