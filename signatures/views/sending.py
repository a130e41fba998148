"""See what will be sent to whom, and send it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.db import database_now
from core.errors import Refusal
from licenses.access import request_license
from licenses.errors import NOT_INCLUDED
from licenses.features import plan_name
from messaging.items.errors import AlreadySent, DraftMissing
from messaging.items.services.draft_sealing import OpenDraft
from messaging.items.views.drafting import version_of
from signatures.drafts import Begun, begun_of
from signatures.errors import SealingUnavailable
from signatures.pdf.letters import letters_unprinted
from signatures.preparation import PlannedSigner, Preparation
from signatures.readiness import judge
from signatures.refusals import NOT_SENT, why_not_sent
from signatures.sealers import seal_at
from signatures.services.sending_drafts import send_draft
from signatures.views.drafting import draft_or_sent, lack_in_words, month_of, plan_of
from signatures.zones import zones_of


@dataclass(frozen=True, slots=True)
class ShownSigner:
    """A signer as the last page before sending shows them."""

    signer: PlannedSigner
    proof: str
    zones: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Who signs at the same time."""

    number: int
    signers: Sequence[ShownSigner]


@require_safe
def draft_check(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Show what will be sent, or what is still missing."""
    found = draft_or_sent(request, form_key)
    return found if isinstance(found, HttpResponse) else _page(request, found)


@require_POST
def request_send(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Send a request; whatever keeps it from leaving, the draft is kept."""
    try:
        made = send_draft(
            requester=signed_in(request),
            form_key=form_key,
            version=version_of(request),
            visitor=visitor_of(request),
        )
    except AlreadySent as sent:
        messages.info(request, _("This request was sent already; nothing was sent or counted twice."))
        return redirect("signatures:request_detail", sent.reference)
    except NOT_SENT as refusal:
        return _refused(request, form_key, refusal)
    messages.success(request, _("The request is sent. Whoever signs first gets an e-mail now."))
    return redirect("signatures:request_detail", made.item.reference)


def _refused(request: HttpRequest, form_key: uuid.UUID, refusal: Refusal) -> HttpResponse:
    """Say why nothing was sent, beside what stands in the draft now."""
    found = draft_or_sent(request, form_key)
    if isinstance(refusal, DraftMissing) or isinstance(found, HttpResponse):
        messages.error(request, str(refusal))
        return redirect("signatures:draft_edit", form_key)
    return _page(
        request, found, problem=why_not_sent(refusal), status=403 if isinstance(refusal, NOT_INCLUDED) else 422
    )


def _page(request: HttpRequest, draft: OpenDraft, *, problem: str = "", status: int = 200) -> HttpResponse:
    plan, begun = plan_of(request), begun_of(draft)
    judged = judge(begun, plan=plan, requester=signed_in(request))
    preparation = judged.preparation
    context = {
        "form_key": draft.row.form_key,
        "version": draft.row.version,
        "begun": begun,
        "title": begun.texts.get("title", ""),
        "message": begun.texts.get("message", ""),
        "days": judged.form.cleaned_data.get("days", 0),
        "is_owner_proof_asked": judged.form.cleaned_data.get("is_owner_proof_asked", False),
        "turns": _turns(preparation) if preparation else [],
        "is_sequential": bool(preparation and preparation.is_sequential),
        "problems": judged.problems(),
        "problem": problem,
        "own_plan": plan_name(plan),
        "standing": month_of(request),
        "lack": lack_in_words(request),
        "is_live": request_license(request).entitlement.is_live,
        "sealing_problem": _why_no_seal(),
        "unprinted": _unprinted(begun),
    }
    return render(request, "signatures/draft_check.html", context, status=status)


def _unprinted(begun: Begun) -> list[tuple[str, str]]:
    """Return the names of signers that are not printed as they are, each with the letters it is about."""
    found = ((row.name, letters_unprinted(row.name)) for row in begun.rows)
    return [(name, letters) for name, letters in found if letters]


def _turns(preparation: Preparation) -> list[Turn]:
    shown = sorted(enumerate(preparation.signers), key=lambda pair: pair[1].turn)
    return [
        Turn(number, [_shown(preparation, place, signer) for place, signer in group])
        for number, group in groupby(shown, key=lambda pair: pair[1].turn)
    ]


def _shown(preparation: Preparation, place: int, signer: PlannedSigner) -> ShownSigner:
    count = len(zones_of(preparation.zones, place))
    zones = ngettext("%(count)d zone", "%(count)d zones", count) % {"count": count} if count else ""
    return ShownSigner(signer, str(signer.proof.label), zones)


def _why_no_seal() -> str:
    """Say why nothing can be sealed now, so that it is known before Send is pressed; or nothing."""
    try:
        seal_at(database_now())
    except SealingUnavailable as reason:
        return str(reason)
    return ""
