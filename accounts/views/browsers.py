"""One's own browsers: named, signed out, forgotten."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions
from accounts.access import browser_of
from accounts.forms.browsers import BrowserNameForm
from accounts.models import KnownBrowser
from accounts.people import signed_in
from accounts.services import known_browsers
from accounts.services.session_list import end_other_sessions
from accounts.services.sign_in import leave_ended_session
from accounts.visitors import KNOWN_BROWSER_COOKIE, visitor_of


@require_http_methods(["GET", "HEAD", "POST"])
def browser_rename(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Give a browser a name of one's own."""
    browser = browser_of(signed_in(request), handle)
    typed = request.POST if request.method == "POST" else None
    form = BrowserNameForm(typed, initial={"name": browser.name}, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        known_browsers.rename(browser=browser, name=form.cleaned_data["name"])
        messages.success(request, _("The name is saved."))
        return redirect("accounts:security")
    context = {"form": form, "browser": browser, "has_errors": bool(form.errors)}
    return render(request, "accounts/browser_rename.html", context, status=422 if form.errors else 200)


@require_POST
def session_end(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Sign another browser out; this one is left by signing out."""
    browser = browser_of(signed_in(request), handle)
    if _is_own(request, browser):
        messages.warning(request, _("You are reading this in that browser. To leave it, sign out."))
    elif known_browsers.end_session(browser=browser, visitor=visitor_of(request)):
        messages.success(request, _("%(browser)s is signed out.") % {"browser": browser.shown_name})
    else:
        messages.success(request, _("%(browser)s was signed out already.") % {"browser": browser.shown_name})
    return redirect("accounts:security")


@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    own_key, visitor = request.session.session_key, visitor_of(request)
    ended = end_other_sessions(user=signed_in(request), keep_session_key=own_key, visitor=visitor)
    text = _("The other browsers are signed out.") if ended else _("You are signed in nowhere else.")
    messages.success(request, text)
    return redirect("accounts:security")


@require_POST
def browser_forget(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Forget a browser and sign it out; where it is the one in use, this leads to the sign-in page."""
    browser = browser_of(signed_in(request), handle)
    is_own = _is_own(request, browser)
    known_browsers.forget(browser=browser, visitor=visitor_of(request))
    messages.success(request, _("%(browser)s is forgotten and signed out.") % {"browser": browser.shown_name})
    return _leave(request) if is_own else redirect("accounts:security")


@require_POST
def browsers_forget(request: HttpRequest) -> HttpResponse:
    """Forget all browsers, this one too."""
    known_browsers.forget_all(user=signed_in(request), visitor=visitor_of(request))
    messages.success(request, _("All your browsers are forgotten and signed out."))
    return _leave(request)


def _leave(request: HttpRequest) -> HttpResponse:
    """Let this browser be a stranger's: without its session, and without the cookie by which it was known."""
    leave_ended_session(request=request)
    response = redirect("accounts:sign_in")
    response.delete_cookie(settings.COOKIE_PREFIX + KNOWN_BROWSER_COOKIE, samesite="Lax")
    return response


def _is_own(request: HttpRequest, browser: KnownBrowser) -> bool:
    return bool(request.session.get(sessions.KNOWN_BROWSER) == browser.pk)
