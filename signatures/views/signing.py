"""A signer's pages: agree, read and fill in, look at it as it will be on paper, sign; or decline."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.visitors import visitor_of
from core.small_files import keeps_small_file
from messaging.items.services.visiting import Visit
from messaging.items.views.outside import address, visited
from messaging.items.views.steps import public, takes_forms
from signatures.access import content_of, default_marks_of
from signatures.answers import is_complete
from signatures.choices import Stage, ZoneKind
from signatures.consent import CONSENT
from signatures.filling import Filling
from signatures.limits import PICTURE_MOST_BYTES
from signatures.models import Mark, Signer
from signatures.services.answering import Signing, keep_answers, signing_of
from signatures.services.declining import decline
from signatures.services.signing import consent, sign
from signatures.shown import ShownPaper, ShownZone, shown_papers, values_now, zones_given, zones_to_fill
from signatures.signing_errors import AnswersChanged, AnswersMissing, ConsentMissing, TextTooLong
from signatures.signing_forms import ConsentForm, DeclineForm
from signatures.views.signing_steps import STEPS, at, common, signing

# A signature and initials, each uploaded.
PICTURES_MOST = 2
LATER = "later"


@public
@takes_forms
@signing()
@keeps_small_file(PICTURE_MOST_BYTES, files_at_most=PICTURES_MOST)
def document_sign(request: HttpRequest, found: Signing) -> HttpResponse:
    """Show the documents with what is to be filled in, and keep what was; first ask for the consent."""
    if found.signer.consented_at is None:
        return _consent_page(request, found, ConsentForm())
    preparation, answers = found.preparation, found.answers
    marks = _saved_marks(request, found)
    saved = {kind: content_of(mark) for kind, mark in marks.items()}
    if request.method != "POST":
        return _fill_page(request, found, Filling(preparation, answers, saved=saved), marks)
    is_final = request.POST.get("then") != LATER
    filling = Filling(preparation, answers, request.POST, request.FILES, saved=saved, is_final=is_final)
    is_valid = filling.is_valid()
    keep_answers(found, filling.answers())
    if not is_valid:
        return _fill_page(request, found, filling, marks, status=422)
    return redirect(at("document_review", found) if is_final else f"{at('document_sign', found)}?kept")


@public
@require_POST
@signing()
def document_consent(request: HttpRequest, found: Signing) -> HttpResponse:
    """Take the consent to sign electronically."""
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _consent_page(request, found, form)
    consent(found, visitor=visitor_of(request))
    return redirect(at("document_sign", found))


@public
@takes_forms
@signing()
def document_review(request: HttpRequest, found: Signing) -> HttpResponse:
    """Show what will stand where, and sign."""
    if found.signer.consented_at is None or not is_complete(found.preparation.zones, found.answers):
        return redirect(at("document_sign", found))
    if request.method != "POST":
        return _review_page(request, found)
    try:
        sign(found, reviewed=request.POST.get("reviewed", ""), visitor=visitor_of(request))
    except AnswersChanged as refusal:
        return _review_page(request, signing_of(found.visit), refusal)
    except (ConsentMissing, AnswersMissing):
        return redirect(at("document_sign", found))
    return redirect(at("document_done", found))


@public
@takes_forms
@signing()
def document_decline(request: HttpRequest, found: Signing) -> HttpResponse:
    """Ask why, and decline; the same address then says what became of it."""
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decline(found, reason=form.cleaned_data["reason"], visitor=visitor_of(request))
        except TextTooLong as refusal:
            form.add_error("reason", str(refusal))
        else:
            return redirect(at("document_decline", found))
    context = common(found) | {"form": form, "has_errors": bool(form.errors)}
    return render(request, "signatures/document_decline.html", context, status=422 if form.errors else 200)


@public
@require_safe
@visited(STEPS, is_opened=False, is_done=True)
def document_done(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say to somebody who has signed that they have, and how the documents come."""
    signer = Signer.objects.select_related("request").get(pk=visit.participant.pk)
    if signer.signed_at is None or not visit.is_done:
        return redirect(address(STEPS.proof, visit))
    context = {
        "item": visit.item,
        "sender": visit.item.sender,
        "signer": signer,
        "email": visit.participant.email,
        "waits": signer.request.stage == Stage.IN_PROGRESS,
    }
    return render(request, "signatures/document_done.html", context)


def _consent_page(request: HttpRequest, found: Signing, form: ConsentForm) -> HttpResponse:
    context = common(found) | {
        "form": form,
        "has_errors": bool(form.errors),
        "sentences": CONSENT,
        "shown": shown_papers(found.preparation.papers),
    }
    return render(request, "signatures/document_consent.html", context, status=422 if form.errors else 200)


def _review_page(request: HttpRequest, found: Signing, refusal: AnswersChanged | None = None) -> HttpResponse:
    context = common(found) | {"shown": _given(found), "reviewed": found.answers_digest, "refusal": refusal}
    return render(request, "signatures/document_review.html", context, status=409 if refusal else 200)


def _saved_marks(request: HttpRequest, found: Signing) -> dict[ZoneKind, Mark]:
    """Return the marks of somebody who is signed in and signs at their own address, by kind."""
    user = request.user
    if not user.is_authenticated or user.email_key != found.signer.participant.email_key:
        return {}
    return {ZoneKind(kind): mark for kind, mark in default_marks_of(user).items()}


def _fill_page(
    request: HttpRequest, found: Signing, filling: Filling, saved: dict[ZoneKind, Mark], *, status: int = 200
) -> HttpResponse:
    answers = filling.answers() if filling.is_posted else found.answers
    zones = zones_to_fill(filling, answers.values, lambda zone_id: at("zone_picture", found, zone_id))
    offered = [choice.kind for choice in filling.marks if choice.is_saved]
    pictures = {kind: reverse("signatures:mark_picture", args=[saved[kind].handle]) for kind in offered}
    pictures |= {kind: at("spare_mark", found, kind.value) for kind in answers.spare}
    zones = _with_waiting(zones, pictures)
    context = common(found) | {
        "filling": filling,
        "has_errors": status != 200,
        "is_kept": "kept" in request.GET,
        "shown": shown_papers(found.preparation.papers, zones),
        "marks": _marks(filling, zones, pictures),
        "fields": _fields(filling, zones),
        "has_portals": any(shown.is_portals for shown in zones),
        "picture_bytes": PICTURE_MOST_BYTES,
        "name": found.preparation.signers[found.signer.place].name,
    }
    return render(request, "signatures/document_sign.html", context, status=status)


def _with_waiting(zones: list[ShownZone], pictures: dict[ZoneKind, str]) -> list[ShownZone]:
    """Return the zones with the pictures of marks that stand nowhere yet; one waits where it is not wanted so far."""
    return [
        replace(shown, picture=pictures[shown.zone.kind]) if shown.zone.kind in pictures else shown for shown in zones
    ]


def _marks(filling: Filling, zones: list[ShownZone], pictures: dict[ZoneKind, str]) -> list[dict[str, Any]]:
    """Return the marks, each with the zones it stands in, and with the picture of what was given or saved before.

    Args:
        pictures: addresses of the marks that stand nowhere yet.
    """
    found = []
    for choice in filling.marks:
        of_kind = [shown for shown in zones if shown.zone.kind is choice.kind]
        picture = pictures.get(choice.kind) or next((shown.picture for shown in of_kind if shown.picture), "")
        found.append({"choice": choice, "zones": of_kind, "picture": picture})
    return found


def _fields(filling: Filling, zones: list[ShownZone]) -> list[dict[str, Any]]:
    """Return the fields beside the marks, each with the zone it fills, in reading order."""
    return [
        {"zone": shown, "field": filling.values[shown.zone.zone_id]}
        for shown in zones
        if shown.zone.zone_id in filling.values.fields
    ]


def _given(found: Signing) -> list[ShownPaper]:
    shown = zones_given(values_now(found), lambda zone_id: at("zone_picture", found, zone_id))
    return shown_papers(found.preparation.papers, shown, only_zones=True)
