"""What every page's template knows."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import get_language

from accounts.models import User
from portal.navigation import account_tabs, main_menu, quick_actions

APPEARANCES = ("system", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the names the base templates use; what is a function is asked only by the pages that show it."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    appearance = request.COOKIES.get(settings.APPEARANCE_COOKIE_NAME, "system")
    return {
        "portal_name": settings.PORTAL_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "is_demo": settings.IS_DEMO,
        "language": language,
        "other_languages": tuple((code, name) for code, name in settings.LANGUAGES if code != language),
        "appearance": appearance if appearance in APPEARANCES else "system",
        "person": person,
        "help_url": partial(resolve_url, "portal:help"),
        "account_url": partial(resolve_url, settings.LOGIN_REDIRECT_URL),
        "navigation": partial(main_menu, request) if person else (),
        "account_tabs": partial(account_tabs, request) if person else (),
        "quick_actions": partial(quick_actions, request) if person else (),
        "request_id": getattr(request, "request_id", ""),
        "is_inert": getattr(request, "is_inert", False),
    }
