"""The owner makes an envelope."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.form_cookies import forget_typed, typed_before
from accounts.models import User
from accounts.people import signed_in
from accounts.services.kept_forms import sign_drawn
from accounts.visitors import visitor_of
from core.db import database_now
from licenses.access import Held, request_license
from licenses.drafting import drafting_plan
from licenses.entitlements import features_of
from licenses.features import lack_of, plan_name, why_not_included, why_refused
from licenses.models import Feature, License, Plan, ReturnProtection
from messaging.envelopes import limits
from messaging.envelopes.choices import Way
from messaging.envelopes.forms.asking import BOXES, PROOFS, AskingForm
from messaging.envelopes.refusals import NOT_MADE, why_not_made
from messaging.envelopes.services.asking import Handed, make_envelope, open_envelopes
from messaging.items.choices import STRENGTH_OF, Proof
from messaging.items.errors import AlreadySent
from messaging.items.limits import TEXT_BACK_MOST_CHARACTERS
from messaging.items.lives import DAY_HOURS
from messaging.items.storage import fuller, spaces_of
from messaging.items.views.steps import takes_forms
from messaging.quota.services.counting import standing_of

PROOF_SENTENCES: Mapping[Proof, str | Promise] = {
    Proof.OPENING_CODE: gettext_lazy("Six digits: in the e-mail with the link, or shown to you to be told by phone."),
    Proof.ITEM_PASSWORD: gettext_lazy("A password you agree on by phone or in person; a hint helps to remember it."),
    Proof.NONE: gettext_lazy("Whoever has the link can fill the envelope."),
}


@takes_forms
def envelope_new(request: HttpRequest) -> HttpResponse:
    """Show the form of an envelope, and make it."""
    held = request_license(request)
    if request.method == "POST":
        return _take(request, held)
    if held.license is None or not held.entitlement.has(Feature.ENVELOPES):
        context = {"lack": lack_of(request, Feature.ENVELOPES), "license": held.license}
        return render(request, "envelopes/envelope_lacks.html", context)
    kept = typed_before(request, user_id=signed_in(request).pk)
    initial = _defaults(request, held.license) if kept is None else _typed(kept)
    return _page(request, held.license, _form(held.license.plan, initial=initial), is_kept_form=kept is not None)


def _take(request: HttpRequest, held: Held) -> HttpResponse:
    """Make what was asked for; whatever keeps it from being made, what was typed is still there."""
    form = _form(drafting_plan(held, feature=Feature.ENVELOPES), request.POST, held=held.plan)
    why = why_refused(Feature.ENVELOPES, held.entitlement, plan_name(held.plan))
    if held.license is None or why:
        form.add_error(None, why)
        return _page(request, held.license, form, status=403)
    return (
        _make(request, held.license, form)
        if form.is_valid()
        else _page(request, held.license, form, status=403 if form.has_locked else 422)
    )


def handed_page(request: HttpRequest, handed: Handed) -> HttpResponse:
    """Show the link of an envelope, and its code, the only time they can be seen."""
    context = {"item": handed.item, "url": handed.url, "code": handed.code, "proof": _proof_of(handed)}
    return render(request, "envelopes/envelope_link.html", context)


def _make(request: HttpRequest, license: License, form: AskingForm) -> HttpResponse:
    user, key = signed_in(request), form.cleaned_data["form_key"]
    try:
        handed = make_envelope(owner=user, asking=form.asking(), form_key=key, visitor=visitor_of(request))
    except AlreadySent as sent:
        messages.info(request, _("This envelope was made already; nothing was made or counted twice."))
        return forget_typed(request, redirect("envelopes:envelope_detail", sent.reference))
    except NOT_MADE as refusal:
        form.add_error(None, why_not_made(refusal, license.plan))
        return _page(request, license, form)
    if handed.url:
        return forget_typed(request, handed_page(request, handed))
    messages.success(request, _("The envelope is made; the link is on its way by e-mail."))
    return forget_typed(request, redirect("envelopes:envelope_detail", handed.item.reference))


def _form(plan: Plan, *data: Any, initial: Mapping[str, object] | None = None, held: Plan | None = None) -> AskingForm:
    """Return the form under a plan; the reasons name the one that is held, where another stands in for it."""
    reason = why_not_included(Feature.RETURN_PROTECTION, features_of(plan), plan_name(held or plan))
    return AskingForm(*data, initial=initial, plan=plan, protection_reason=reason)


def _defaults(request: HttpRequest, license: License) -> dict[str, object]:
    is_asked = ReturnProtection.objects.filter(user=signed_in(request), owner=True).exists()
    return {
        "form_key": uuid.uuid4(),
        "way": Way.ADDRESSED,
        "language": get_language(),
        "life_hours": min(limits.LIFE_HOURS, license.plan.longest_life_days * DAY_HOURS),
        "proof": Proof.OPENING_CODE,
        "reply_owner": is_asked and Feature.RETURN_PROTECTION in features_of(license.plan),
    }


def _typed(kept: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return what was typed before the session ended; a browser sends a box only where it is ticked."""
    texts = {name: values[0] for name, values in kept.items() if values}
    return texts | {name: name in kept for name in BOXES}


def _page(
    request: HttpRequest, license: License | None, form: AskingForm, *, status: int = 422, is_kept_form: bool = False
) -> HttpResponse:
    user, plan = signed_in(request), form.plan
    chosen = form["proof"].value()
    context = {
        "form": form,
        "drawn": sign_drawn(user_id=user.pk, values={}),
        "is_kept_form": is_kept_form,
        "has_errors": bool(form.is_bound and form.errors),
        "plan": plan,
        "text_characters": TEXT_BACK_MOST_CHARACTERS,
        **_room(license, user),
        "ways": [(way.value, way.label, form["way"].value() == way) for way in Way],
        "proofs": [
            (proof.value, proof.label, PROOF_SENTENCES[proof], STRENGTH_OF[proof], chosen == proof) for proof in PROOFS
        ],
    }
    return render(request, "envelopes/envelope_new.html", context, status=status if context["has_errors"] else 200)


def _room(license: License | None, user: User) -> dict[str, object]:
    """Return how much of the license is used; nothing without one."""
    if license is None:
        return {}
    now = database_now()
    return {
        "open_links": open_envelopes(license, now),
        "standing": standing_of(license, zone=user.time_zone, at=now),
        "space": fuller(*spaces_of(user)),
    }


def _proof_of(handed: Handed) -> str:
    return str(handed.item.participants.values_list("proof", flat=True).get())
