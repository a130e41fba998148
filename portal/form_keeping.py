"""Forms that survive a lost session: which ones, how they are recognized, where they come back.

Source: docs/decisions/0013-form-saving.md
"""

import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from accounts.form_cookies import keep_typed, typed_values
from accounts.services.kept_forms import read_drawn
from accounts.support_person_acts import PERSON_ACTS
from signatures.views.signing_steps import TYPED_BY, typed_text

# Acts whose form comes back, each with the page where it does.
PAGES_OF_ACTS = {
    "messages:draft_save": "messages:draft_edit",
    "messages:message_send": "messages:draft_edit",
    "envelopes:envelope_new": "envelopes:envelope_new",
    "signatures:draft_save": "signatures:draft_edit",
    "signatures:draft_zones": "signatures:draft_zones",
    "signatures:signer_remind": "signatures:signer_remind",
    "signatures:signer_correct": "signatures:signer_correct",
}

# Forms of support staff, which come back at their own address.
SUPPORT_ROW = re.compile(r"admin:\w+_\w+_(?:add|change)")
SUPPORT_ACTS = frozenset(f"admin:accounts_user_{name}" for name in ("open", *(act.name for act in PERSON_ACTS)))

# Forms of people outside, each with how the names of its fields for texts begin. Nobody signs in to find them kept.
FORMS_FROM_OUTSIDE = {
    "messages:link_reply": ("text",),
    "envelopes:envelope_fill": ("text",),
    "signatures:document_sign": TYPED_BY,
    "signatures:document_decline": TYPED_BY,
}


def page_of_form(path: str) -> str:
    """Return the address at which a form comes back, or nothing where it is not kept."""
    if path == reverse("portal:account"):
        return path
    try:
        act = resolve(path)
    except Resolver404:
        return ""
    page = act.view_name if _is_support_form(act.view_name) else PAGES_OF_ACTS.get(act.view_name)
    return reverse(page, kwargs=act.kwargs) if page else ""


def keep_lost_form(request: HttpRequest) -> HttpResponse | None:
    """Keep a posted form that nobody is signed in for any more, and lead to where it comes back.

    Returns:
        the redirect to the form's page, through the sign-in page where needed; None where the form is not one of ours.
    """
    page = page_of_form(request.path)
    if not page:
        return None
    is_support = page.startswith(f"/{settings.ADMIN_PATH}")
    drawn = read_drawn(request.POST.get("drawn_for" if is_support else "drawn", ""))
    values = typed_values(request, is_support=is_support)
    if drawn is None or values is None:
        return None
    if not request.user.is_authenticated:
        messages.warning(request, _("Your session had ended. Sign in: what you typed is kept and comes back."))
    elif drawn[0] != request.user.pk:
        messages.error(request, _("This form belonged to another account. Nothing was saved."))
    response = HttpResponseRedirect(_way_back(request, page))
    return keep_typed(request, response, user_id=drawn[0], values=values, path=page)


def give_back_typed(request: HttpRequest) -> HttpResponse | None:
    """Give back what a person outside typed into a form whose token was lost, to be copied.

    Returns:
        the page with it; None where the form is not theirs, or nothing was typed.
    """
    fields = FORMS_FROM_OUTSIDE.get(request.resolver_match.view_name if request.resolver_match else "")
    text = typed_text(request, fields) if fields else ""
    if not text:
        return None
    return render(request, "portal/typed_text.html", {"text": text, "page_url": request.path}, status=403)


def sign_in_and_back(request: HttpRequest) -> str:
    """Return the sign-in page that leads back to the page a form was sent from."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    return _sign_in_then(came_from.path if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL))


def _is_support_form(view_name: str) -> bool:
    return view_name in SUPPORT_ACTS or SUPPORT_ROW.fullmatch(view_name) is not None


def _way_back(request: HttpRequest, page: str) -> str:
    return page if request.user.is_authenticated else _sign_in_then(page)


def _sign_in_then(path: str) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': path})}"
