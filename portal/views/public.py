"""Pages for everybody: home, help, privacy, whom to tell about a weakness."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.limits import SECURITY_LOG_DAYS
from core.limits import FULL_ADDRESS_KEPT_DAYS, JOB_BODY_KEPT_DAYS, JOB_KEPT_DAYS
from messaging.items.limits import EVENT_KEPT_DAYS, RETURN_KEPT_DAYS
from signatures.limits import SEALED_KNOWN_YEARS

SECURITY_TXT_DAYS = 180


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the portal is for and lead to the sign-in page."""
    return render(request, "portal/home.html")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Answer what people ask most."""
    return render(request, "portal/help.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, how long, and whom to ask."""
    context = {
        "body_kept_days": JOB_BODY_KEPT_DAYS,
        "record_kept_days": JOB_KEPT_DAYS,
        "security_log_days": SECURITY_LOG_DAYS,
        "return_days": RETURN_KEPT_DAYS,
        "sealed_years": SEALED_KNOWN_YEARS,
        "event_days": EVENT_KEPT_DAYS,
        "address_days": FULL_ADDRESS_KEPT_DAYS,
    }
    return render(request, "portal/privacy.html", context)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a weakness (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=SECURITY_TXT_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.SUPPORT_EMAIL}",
        f"Expires: {expires}",
        "Preferred-Languages: en, fr",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
