"""All addresses of the portal; they stay stable, since links in sent mails live on them."""

from django.conf import settings
from django.contrib.admin import site
from django.urls import include, path

from portal.views import account, health, hooks, organization, outbox, preferences, proof, public

app_patterns = [
    path("", public.home, name="home"),
    path("help/", public.help_page, name="help"),
    path("privacy/", public.privacy, name="privacy"),
    path(".well-known/security.txt", public.security_txt, name="security_txt"),
    path("appearance/", preferences.appearance, name="appearance"),
    path("language/", preferences.language, name="language"),
    path("account/", account.account, name="account"),
    path("account/confirm/", proof.account_proof, name="account_proof"),
    path("account/confirm/resend/", proof.account_proof_resend, name="account_proof_resend"),
    path("account/pending/drop/", account.pending_drop, name="pending_drop"),
    path("account/kept-form/drop/", account.kept_form_drop, name="kept_form_drop"),
    path("account/zone-offer/", account.zone_offer, name="zone_offer"),
    path("organization/", organization.organization, name="organization"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<str:key>/", outbox.outbox, name="outbox_entry"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("hooks/sms/twilio", hooks.twilio, name="hook_twilio"),
]

urlpatterns = [
    path("", include((app_patterns, "portal"))),
    path("", include("accounts.urls")),
    path("", include("messaging.activity.urls")),
    path("", include("messaging.messages.urls")),
    path("", include("messaging.envelopes.urls")),
    path("", include("signatures.urls")),
    path(settings.ADMIN_PATH, site.urls),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.permission_denied"
handler404 = "portal.views.errors.page_not_found"
handler500 = "portal.views.errors.server_error"
