"""The account page and the one page that asks for a missing proof."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.form_cookies import forget_typed, typed_before
from accounts.forms.account import AccountForm, initial_of, page_language
from accounts.models import User
from accounts.people import signed_in
from accounts.services import pending_changes
from accounts.services.fresh_proof import is_proof_fresh
from accounts.services.kept_forms import read_drawn, sign_drawn
from accounts.services.pending_wishes import NUMBER, TWO_FACTOR
from accounts.services.profile import decline_zone_offer, save_profile
from accounts.visitors import visitor_of
from core import cultures
from core.sms.numbers import region_of
from core.sms.switch import served_regions, texts_are_off_reason
from licenses.access import remember_entitlement
from licenses.forms import PREFIX, ReturnProtectionForm
from licenses.models import Feature
from messaging.items.access import remember_unread
from portal.account.reading import Reading, read_account
from portal.account.saving import Saved, save_account
from portal.form_keeping import page_of_form
from portal.views.proof import answer_saved, form_token_of, say_what_is_left_out, send_first_code

Drawn = Mapping[str, object]
Forms = tuple[AccountForm, ReturnProtectionForm]
# Name of the buttons that leave a part of what waits as it was.
DROP = "drop"
WAITING_FIELDS = frozenset({NUMBER, TWO_FACTOR, *ReturnProtectionForm.names()})


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the account page; POST is its SAVE."""
    user = signed_in(request)
    reading = read_account(user=user)
    remember_entitlement(request, reading.entitlement)
    remember_unread(request, reading.unread)
    if request.method == "POST":
        return _answer_form(request, user, reading)
    kept = typed_before(request, user_id=user.pk)
    typed = _typed(kept) if kept is not None else None
    return _page(request, user, reading, _forms(user, reading, data=typed), typed=typed)


@require_POST
def pending_drop(request: HttpRequest) -> HttpResponse:
    """Keep the values in force and forget what waits for a proof."""
    _say_dropped(request, waits=pending_changes.drop(user=signed_in(request)))
    return redirect("portal:account")


@require_POST
def kept_form_drop(request: HttpRequest) -> HttpResponse:
    """Forget what was typed before the session ended, and show its form as it begins."""
    page = page_of_form(request.POST.get("page", "")) or reverse("portal:account")
    return forget_typed(request, redirect(page), path=page)


@require_POST
def zone_offer(request: HttpRequest) -> HttpResponse:
    """Take the browser's time zone, or do not ask again."""
    user = signed_in(request)
    decline_zone_offer(user=user)
    zone = request.POST.get("time_zone", "")
    if cultures.zone_exists(zone):
        save_profile(user=user, changes={"time_zone": cultures.present_zone(zone)}, visitor=visitor_of(request))
    return redirect("portal:account")


def _answer_form(request: HttpRequest, user: User, reading: Reading) -> HttpResponse:
    drawn = read_drawn(request.POST.get("drawn", ""))
    if drawn is not None and drawn[0] != user.pk:
        # Somebody else's form, left open in this browser: nothing of it is taken over.
        messages.error(request, _("This form belonged to another account. Nothing was saved."))
        return redirect("portal:account")
    values = drawn[1] if drawn is not None else _drawn_values(_forms(user, reading, data=None))
    act = _keep_as_it_was if DROP in request.POST else _save
    return act(request, user, reading, values)


def _keep_as_it_was(request: HttpRequest, user: User, reading: Reading, drawn: Drawn) -> HttpResponse:
    """Forget a part of what waits for a proof; what was typed beside it is drawn again."""
    waits = pending_changes.drop(user=user, part=request.POST[DROP])
    reading = read_account(user=user)
    typed = _with_values_in_force(request.POST, drawn, _forms(user, reading, data=None), user)
    forms = _forms(user, reading, data=typed)
    if not any(form.has_changed() for form in forms):
        _say_dropped(request, waits=waits)
        return redirect("portal:account")
    messages.warning(
        request,
        _("This stays as it was. What else you typed is still here and not saved yet; press SAVE to keep it."),
    )
    return _page(request, user, reading, forms, typed=typed)


def _say_dropped(request: HttpRequest, *, waits: bool) -> None:
    if waits:
        messages.success(request, _("This stays as it was. The rest still waits for your proof."))
    else:
        messages.success(request, _("Nothing was changed. The values shown are in force."))


def _with_values_in_force(typed: QueryDict, drawn: Drawn, forms: Forms, user: User) -> QueryDict:
    """Return what was typed, with the values in force where the form was drawn with something that waits no more."""
    values, in_force = dict(drawn), _drawn_values(forms)
    kept = typed.copy()
    for form in forms:
        for name in form.fields.keys() & WAITING_FIELDS:
            if values.get(name) != in_force[name]:
                shown = form[name].value()
                kept.setlist(name, [] if shown is False else ["on" if shown is True else shown])
                values[name] = in_force[name]
    kept["drawn"] = sign_drawn(user_id=user.pk, values=values)
    return kept


def _save(request: HttpRequest, user: User, reading: Reading, drawn: Drawn) -> HttpResponse:
    forms = _forms(user, reading, data=request.POST)
    if not _are_valid(forms):
        return _page(request, user, reading, forms, typed=request.POST)
    cleaned = forms[0].cleaned_data | _open_values(forms[1])
    saved = save_account(
        user=user,
        reading=reading,
        cleaned=cleaned,
        drawn=drawn,
        is_proof_fresh=is_proof_fresh(request=request),
        session_key=request.session.session_key,
        form_token=form_token_of(request),
        visitor=visitor_of(request),
    )
    return _after_saving(request, saved)


def _after_saving(request: HttpRequest, saved: Saved) -> HttpResponse:
    response: HttpResponse
    if saved.waits:
        say_what_is_left_out(request, saved)
        send_first_code(request)
        response = redirect("portal:account_proof")
    else:
        response = answer_saved(request, saved, _("Saved."))
    return forget_typed(request, response)


def _forms(user: User, reading: Reading, *, data: QueryDict | None) -> Forms:
    pending, off_reason = reading.pending, texts_are_off_reason() or ""
    wanted = dict(pending.settings) if pending else {}
    initial = initial_of(
        user,
        pending_number=pending.number if pending else None,
        pending_two_factor=wanted.get(TWO_FACTOR),
    )
    protection = {PREFIX + part: wanted.get(PREFIX + part, on) for part, on in reading.return_protection.items()}
    return (
        AccountForm(data, user=user, initial=initial, texts_off_reason=off_reason, auto_id="%s"),
        ReturnProtectionForm(
            data,
            initial=protection,
            auto_id="%s",
            reason=_why_unprotected(reading),
            texts_off_reason=off_reason,
            microsoft_off_reason=_("This portal has no sign-in with Microsoft yet."),
        ),
    )


def _why_unprotected(reading: Reading) -> str:
    """Say why the license has no return protection; empty where it has."""
    if reading.entitlement.has(Feature.RETURN_PROTECTION):
        return ""
    if not reading.has_license:
        return _("Return protection comes with the Pro plan; you have no license. Your administrator can give you one.")
    if Feature.RETURN_PROTECTION in reading.entitlement.features:
        return _("Your license has expired or is suspended.")
    plan = reading.plan_names.get(page_language(), "")
    return _("Return protection comes with the Pro plan; yours is %(plan)s. Your administrator can change it.") % {
        "plan": plan
    }


def _are_valid(forms: Forms) -> bool:
    """Check both forms, so that a person sees every error at once."""
    validity = [form.is_valid() for form in forms]
    return all(validity)


def _open_values(form: ReturnProtectionForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if not form.fields[name].disabled}


def _drawn_values(forms: Forms) -> dict[str, object]:
    """Return the values that forms are drawn with before anything is typed."""
    values = {**forms[0].initial, **forms[1].initial}
    values["cell_number"] = values.pop("cell_number_e164")
    return values


def _typed(kept: dict[str, list[str]]) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, values in kept.items():
        typed.setlist(name, values)
    return typed


def _page(
    request: HttpRequest,
    user: User,
    reading: Reading,
    forms: Forms,
    *,
    typed: QueryDict | None = None,
) -> HttpResponse:
    """Draw the page; what was typed keeps the values it was drawn with, so that only real changes count as such."""
    language = page_language()
    has_errors = typed is not None and not _are_valid(forms)
    drawn = typed.get("drawn", "") if typed is not None else ""
    if read_drawn(drawn) is None:
        drawn = sign_drawn(user_id=user.pk, values=_drawn_values(forms))
    context = {
        "forms": list(forms),
        "form": forms[0],
        "protection": forms[1],
        "has_errors": has_errors,
        "drawn": drawn,
        "reading": reading,
        "plan_name": reading.plan_names.get(language, ""),
        "texts_off_reason": texts_are_off_reason(),
        "number_off_reason": texts_are_off_reason(region_of(user.cell_number)),
        "is_country_unserved": user.default_sms_country not in served_regions(),
        "is_kept": typed is not None and request.method != "POST",
        "zone_names": () if user.is_zone_offered else cultures.names_of_zone(user.time_zone),
        "former_zones": json.dumps(cultures.former_zones()),
        "now": reading.at,
    }
    refused = 403 if forms[1].is_beyond_license else 422
    return render(
        request, "portal/account.html", context, status=refused if has_errors and request.method == "POST" else 200
    )
