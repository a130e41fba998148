"""The page on which a message is written: its forms, what the plan allows, what is kept."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import signed_in
from accounts.services.kept_forms import drawn_values, sign_drawn
from core.db import database_now
from core.forms import as_posted
from core.sms.switch import texts_are_off_reason
from core.uploads import FilesInput, SealedFilesField
from licenses.access import request_license
from licenses.drafting import drafting_plan
from licenses.features import plan_name, why_not_included
from licenses.models import Feature, License, Plan, ReturnProtection
from messaging.items.choices import STRENGTH_OF, Proof
from messaging.items.storage import fuller, spaces_of
from messaging.messages import limits
from messaging.messages.choices import ReplyKind, SendKind
from messaging.messages.forms.composer import BOXES, ComposerForm, pasted_problem
from messaging.messages.forms.recipients import RecipientFormSet, RecipientRows
from messaging.messages.offers import OFFERS
from messaging.messages.protection import asked_of, proof_for_all
from messaging.messages.services.drafting import MessageDraft
from messaging.messages.typed import ROW_FIELDS, TICKED, Fields, Row, initial_of, rows_of
from messaging.quota.services.counting import Standing, standing_of

HTTP_REFUSED = (403, 422)
PROOF_SENTENCES: Mapping[Proof, str | Promise] = {
    Proof.OPENING_CODE: _("Six digits, in the same e-mail as the link. Used when you choose nothing else."),
    Proof.ITEM_PASSWORD: _("You agree on it by another way, for example by phone. A hint may stand beside the field."),
    Proof.SMS_CODE: _("Six digits to the cell number that you give for each recipient."),
}


class FilesForm(forms.Form):
    """Files to be attached."""

    attachments = SealedFilesField(label=_("Add files"), required=False, widget=FilesInput(attrs={"multiple": True}))


@dataclass(frozen=True, slots=True)
class DrawnProof:
    """One way to protect a message, as the composer shows it."""

    value: str
    label: str
    sentence: str | Promise
    strength: str
    marks: int
    is_chosen: bool
    locked_reason: str


@dataclass(frozen=True, slots=True)
class Composer:
    """One composer: whose it is, what it shows, and what it knows of its draft.

    Args:
        license: of who writes, also one whose period is over; None where there is none now.
        plan: what is typed is held to.
        draft: None as long as nothing was kept.
        version: of the draft that the window knows; 0 without one.
    """

    request: HttpRequest
    form_key: uuid.UUID
    license: License | None
    plan: Plan
    form: ComposerForm
    rows: RecipientRows
    files: FilesForm
    draft: MessageDraft | None
    version: int
    is_kept_form: bool = False

    @property
    def is_valid(self) -> bool:
        """Check every form, so that a person sees every error at once."""
        return all([self.form.is_valid(), self.rows.is_valid(), self.files.is_valid()])


def plan_of(request: HttpRequest) -> Plan:
    """Return the plan that what is typed is held to."""
    return drafting_plan(request_license(request))


def rows_at_most(plan: Plan) -> int:
    """Return how many recipients a composer takes."""
    return min(plan.recipients_per_message, limits.ROWS_MOST_DRAWN)


def filled_composer(
    request: HttpRequest,
    form_key: uuid.UUID,
    fields: Mapping[str, Any],
    draft: MessageDraft | None,
    *,
    empty_rows: int = 0,
    files: FilesForm | None = None,
    is_kept_form: bool = False,
) -> Composer:
    """Return a composer that shows what is kept, without judging it."""
    license, plan = request_license(request).license, plan_of(request)
    rows = rows_of(fields)
    rows += [Row()] * max(empty_rows, limits.ROWS_FIRST_DRAWN - len(rows))
    initial = [{name: getattr(row, name) for name in ROW_FIELDS} for row in rows]
    return Composer(
        request=request,
        form_key=form_key,
        license=license,
        plan=plan,
        form=_form(request, plan, draft, initial=initial_of(fields, BOXES)),
        rows=RecipientFormSet(initial=initial, is_texting_off=bool(texts_are_off_reason())),
        files=files or FilesForm(auto_id="%s"),
        draft=draft,
        version=draft.row.version if draft else 0,
        is_kept_form=is_kept_form,
    )


def judged_composer(
    request: HttpRequest,
    form_key: uuid.UUID,
    fields: Mapping[str, Sequence[str]],
    files: FilesForm,
    draft: MessageDraft | None,
) -> Composer:
    """Return a composer whose content is checked for sending."""
    license, plan = request_license(request).license, plan_of(request)
    data = as_posted(fields)
    data["item_password"] = request.POST.get("item_password", "")
    if not rows_of(fields):
        data |= {"to-TOTAL_FORMS": "1"}
    for_all = proof_for_all(data.get("proof", ""))
    asked = {proof for _email, proof in asked_of(fields)} or {for_all}
    form = _form(request, plan, draft, data=data, is_password_asked=Proof.ITEM_PASSWORD in asked)
    rows = RecipientFormSet(
        data,
        sms_country=signed_in(request).default_sms_country,
        most=rows_at_most(plan),
        for_all=for_all,
        is_reply_proven=form.is_reply_proven,
        is_texting_off=form.is_texting_off,
    )
    version = draft.row.version if draft else 0
    return Composer(request, form_key, license, plan, form, rows, files, draft, version)


def fresh_fields(request: HttpRequest, kind: str) -> Fields:
    """Return what a new composer begins with."""
    user, known, plan = signed_in(request), request_license(request).entitlement, plan_of(request)
    asked = ReturnProtection.objects.filter(user=user).first() if known.has(Feature.RETURN_PROTECTION) else None
    has_files = known.has(Feature.ATTACHMENTS)
    life_hours = min(limits.LIFE_HOURS, plan.longest_life_days * limits.DAY_HOURS)
    texts = {
        "kind": kind,
        "language": user.language,
        "life_hours": str(life_hours),
        "openings": str(limits.OPENINGS),
        "proof": Proof.OPENING_CODE.value,
        "reply_kind": (ReplyKind.FILES if has_files else ReplyKind.TEXT).value,
    }
    boxes = {
        "is_subject_shown": True,
        "is_copy_kept": True,
        "is_read_receipt_asked": True,
        "reply_sms": asked is not None and asked.sms and not texts_are_off_reason(),
        "reply_owner": asked is not None and asked.owner,
    }
    return {name: [value] for name, value in texts.items()} | {name: [TICKED] for name, is_on in boxes.items() if is_on}


def answer(composer: Composer, *, status: int = 200, problem: str = "", is_kept: bool = False) -> HttpResponse:
    """Draw the page.

    Args:
        problem: what kept the draft from being written or sent, where it is none of the form's own.
        is_kept: in spite of the problem the draft was written.
    """
    request, form, draft = composer.request, composer.form, composer.draft
    user, plan, known = signed_in(request), composer.plan, request_license(request).entitlement
    typed = _value(form, "kind")
    kind = typed if typed in SendKind.values else SendKind.MESSAGE.value
    pasted = _value(form, "pasted")
    context = {
        "form": form,
        "forms": [*composer.rows.forms, form, composer.files],
        "has_errors": status in HTTP_REFUSED and not problem,
        "rows": composer.rows,
        "files_form": composer.files,
        "files": draft.files if draft else (),
        "files_bytes": sum(entry.plain_bytes for entry in draft.files) if draft else 0,
        "form_key": composer.form_key,
        "version": composer.version,
        "drawn": sign_drawn(user_id=user.pk, values=drawn_values(composer.form_key)),
        "kind": kind,
        "title": _titles()[kind],
        "segments": segments(kind),
        "plan": plan,
        "own_plan": plan_name(plan),
        "rows_at_most": rows_at_most(plan),
        "proofs": drawn_proofs(_value(form, "proof")),
        "lack": "" if composer.license else gettext("You have no license."),
        "standing": _month_of(composer, user),
        "space": fuller(*spaces_of(user)) if composer.license else None,
        "is_live": known.is_live,
        "has_attachments": Feature.ATTACHMENTS in known.features,
        "pasted_problem": "" if form.is_bound else pasted_problem(pasted, most=rows_at_most(plan)),
        "kept_at": draft.row.changed_at if draft else None,
        "save_every_seconds": limits.DRAFT_SAVED_EVERY_SECONDS,
        "is_kept_form": composer.is_kept_form,
        "problem": problem,
        "is_kept": is_kept,
    }
    return render(request, "messages/composer.html", context, status=status)


def drawn_proofs(chosen: str) -> list[DrawnProof]:
    """Return the ways to protect a message, with what each is worth."""
    texts_off = texts_are_off_reason() or ""
    return [
        DrawnProof(
            value=proof.value,
            label=str(proof.label),
            sentence=sentence,
            strength=str(STRENGTH_OF[proof].label),
            marks=STRENGTH_OF[proof].marks,
            is_chosen=proof.value == chosen,
            locked_reason=texts_off if proof is Proof.SMS_CODE else "",
        )
        for proof, sentence in PROOF_SENTENCES.items()
    ]


@dataclass(frozen=True, slots=True)
class Segment:
    """A way to another thing one can send, or to another list."""

    label: str | Promise
    url: str
    is_current: bool


def segments(kind: str) -> list[Segment]:
    """Return the four things one can send."""
    return [Segment(offer.name, offer.url, offer.key == kind) for offer in OFFERS]


def _form(request: HttpRequest, plan: Plan, draft: MessageDraft | None, **values: Any) -> ComposerForm:
    known = request_license(request).entitlement
    return ComposerForm(
        **values,
        plan=plan,
        texts_off_reason=texts_are_off_reason() or "",
        protection_reason=why_not_included(Feature.RETURN_PROTECTION, known.features, plan_name(plan)),
        has_reply_files=Feature.ATTACHMENTS in known.features,
        has_files=bool(draft and draft.files),
        recipients_at_most=rows_at_most(plan),
    )


def _month_of(composer: Composer, user: User) -> Standing | None:
    """Return what is left of the month; None without a license, which has no month."""
    if composer.license is None:
        return None
    return standing_of(composer.license, zone=user.time_zone, at=database_now())


def _value(form: ComposerForm, name: str) -> str:
    return str(form.data.get(name, "") if form.is_bound else form.initial.get(name, ""))


def _titles() -> dict[str, str | Promise]:
    return {SendKind.MESSAGE.value: _("Send a secure message"), SendKind.FILE.value: _("Send files securely")}
