"""Signing in: e-mail and password, then the code where 2FA is on."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device

from accounts.errors import HalfSignInEnded, HashingBusy, SignInLocked, SignInRefused
from accounts.forms.sign_in import CodeForm, RecoveryCodeForm, SignInForm
from accounts.limits import EMAIL_MOST_CHARACTERS, HALF_SIGN_IN_SECONDS, KNOWN_BROWSER_SECONDS
from accounts.models import SIGN_IN, User, sign_in_subject
from accounts.services import second_factor
from accounts.services import sign_in as signing
from accounts.views.answers import code_refusal, password_refusal, recovery_refusal
from accounts.visitors import KNOWN_BROWSER_COOKIE, visitor_of
from core import codes
from core.errors import CodeExpired, CodeWrong, Refusal, TooManyRequests, TooManyTries
from core.sms.numbers import last_digits, region_of
from core.sms.switch import texts_are_off_reason


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password."""
    next_path = local_path(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(next_path)
        return render(request, "accounts/sign_in.html", {"form": SignInForm(auto_id="%s"), "next": next_path})
    form = SignInForm(request.POST, auto_id="%s")
    if form.is_valid():
        try:
            user = signing.check_password(**form.cleaned_data, visitor=visitor_of(request))
        except (SignInRefused, SignInLocked, HashingBusy) as refusal:
            form.add_error(None, password_refusal(refusal))
        else:
            return _after_password(request, user, next_path)
    context = {"form": form, "next": next_path, "has_errors": True}
    return render(request, "accounts/sign_in.html", context, status=422)


def sign_in_anew(request: HttpRequest) -> HttpResponse:
    """Show the form again after its token was no longer this browser's: the address is there, the password is not."""
    form = SignInForm(initial={"email": request.POST.get("email", "")[:EMAIL_MOST_CHARACTERS]}, auto_id="%s")
    next_path = local_path(request, request.POST.get("next", ""))
    context = {"form": form, "next": next_path, "is_stale": True}
    return render(request, "accounts/sign_in.html", context, status=403)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the text message."""
    try:
        half = signing.half_sign_in(request=request)
    except HalfSignInEnded:
        return _from_the_start(request)
    form = CodeForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        try:
            answer, visitor = form.cleaned_data["code"], visitor_of(request)
            device = second_factor.check_sign_in_code(user=half.user, answer=answer, visitor=visitor)
        except (CodeWrong, CodeExpired, TooManyTries) as refusal:
            form.add_error("code", _why_not(refusal, half.user))
        else:
            return finish(request, half.user, device, half.next_path)
    context = {
        "form": form,
        "number_end": last_digits(half.user.cell_number),
        "challenge": codes.challenge(purpose=SIGN_IN, subject=sign_in_subject(half.user.pk)),
        "next_code": second_factor.next_sign_in_code(user=half.user),
        "texts_off_reason": texts_are_off_reason(region_of(half.user.cell_number)),
        "has_errors": bool(form.errors),
    }
    return render(request, "accounts/sign_in_code.html", context, status=422 if form.errors else 200)


@login_not_required
@require_POST
def sign_in_resend(request: HttpRequest) -> HttpResponse:
    """Send a new sign-in code; the one before it stops working."""
    try:
        half = signing.half_sign_in(request=request)
    except HalfSignInEnded:
        return _from_the_start(request)
    _send_code(request, half.user)
    return redirect("accounts:sign_in_code")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_recovery(request: HttpRequest) -> HttpResponse:
    """Ask for one of the ten recovery codes."""
    try:
        half = signing.half_sign_in(request=request)
    except HalfSignInEnded:
        return _from_the_start(request)
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        try:
            answer, visitor = form.cleaned_data["code"], visitor_of(request)
            device = second_factor.check_recovery_code(user=half.user, answer=answer, visitor=visitor)
        except CodeWrong:
            form.add_error("code", _("This is not one of your unused recovery codes. Check each character."))
        except TooManyTries as refusal:
            form.add_error("code", recovery_refusal(refusal))
        else:
            return finish(request, half.user, device, half.next_path)
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "accounts/sign_in_recovery.html", context, status=422 if form.errors else 200)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser, or the sign-in under way."""
    signing.sign_out(request=request, visitor=visitor_of(request))
    messages.success(request, _("You are signed out."))
    response = redirect(settings.LOGIN_URL)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def finish(request: HttpRequest, user: User, device: Device | None, next_path: str) -> HttpResponse:
    """Begin the session and lead to where the person wanted to go."""
    visitor = visitor_of(request)
    secret = signing.finish_sign_in(request=request, user=user, device=device, visitor=visitor)
    response = redirect(next_path)
    response.set_cookie(
        settings.COOKIE_PREFIX + KNOWN_BROWSER_COOKIE,
        secret,
        max_age=KNOWN_BROWSER_SECONDS,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def local_path(request: HttpRequest, wanted: str) -> str:
    """Return where to go after signing in: a path of this portal, else the account page."""
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_local else resolve_url(settings.LOGIN_REDIRECT_URL)


def _after_password(request: HttpRequest, user: User, next_path: str) -> HttpResponse:
    if not user.two_factor_enabled:
        return finish(request, user, None, next_path)
    signing.begin_half_sign_in(request=request, user=user, next_path=next_path)
    _send_code(request, user)
    return redirect("accounts:sign_in_code")


def _send_code(request: HttpRequest, user: User) -> None:
    try:
        second_factor.send_sign_in_code(user=user, visitor=visitor_of(request))
    except (TooManyRequests, TooManyTries) as refusal:
        messages.warning(request, _why_not(refusal, user))
    except Refusal as refusal:
        messages.error(request, str(refusal))


def _why_not(refusal: Refusal, user: User) -> str:
    return code_refusal(refusal, is_recovery_open=second_factor.is_recovery_open(user=user))


def _from_the_start(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request,
        _("Sign in with your password first. After it you have %(minutes)d minutes for the code.")
        % {"minutes": HALF_SIGN_IN_SECONDS // 60},
    )
    return redirect(settings.LOGIN_URL)
