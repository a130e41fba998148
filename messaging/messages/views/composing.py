"""Write a message, keep it as a draft, send it."""

import uuid
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.form_cookies import forget_typed, typed_before
from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.form_readers import seals_files
from core.forms import as_posted, typed_number
from core.uploads import Intake
from licenses.access import request_license
from licenses.errors import NOT_INCLUDED, LicenseMissing
from licenses.features import contact_of, lowest_plans, plan_name, why_refused
from licenses.models import Feature
from messaging.items.beginning import may_keep
from messaging.items.errors import AlreadySent, DraftChanged, DraftMissing, StorageFull
from messaging.items.services.draft_sealing import Seed
from messaging.items.shortened import tell_shortened
from messaging.items.storage import spaces_of, tighter
from messaging.items.views.drafting import (
    already_sent,
    delete_draft,
    is_script,
    kept_for_script,
    shown_files,
    version_of,
)
from messaging.messages.access import message_of_form
from messaging.messages.choices import KIND, SendKind
from messaging.messages.offers import drawn_offers
from messaging.messages.refusals import NOT_SENT, why_not_kept, why_not_sent
from messaging.messages.services.drafting import MessageDraft, find_draft, keep_draft
from messaging.messages.services.sending import send_message
from messaging.messages.typed import Fields, typed_fields
from messaging.messages.views.composer import (
    FilesForm,
    answer,
    filled_composer,
    fresh_fields,
    judged_composer,
    plan_of,
    rows_at_most,
)

_SEED = "_draft_seed"
Answer = TypeVar("Answer", bound=HttpResponse)


def intake_of(request: HttpRequest, form_key: uuid.UUID) -> Intake:
    """Say what the files of a composer are sealed under, and how much the plan lets come."""
    user, held = signed_in(request), request_license(request)
    draft = find_draft(owner=user, form_key=form_key)
    seed = draft.seed if draft else Seed()
    setattr(request, _SEED, seed)
    files, plan = draft.files if draft else (), held.plan
    has_files = held.entitlement.has(Feature.ATTACHMENTS)
    bytes_used, space = sum(entry.plain_bytes for entry in files), tighter(*spaces_of(user))
    bytes_at_most = plan.attachments_bytes if plan and has_files else 0
    is_room_short = bytes_used + space.room_bytes < bytes_at_most
    return Intake(
        data_key=seed.data_key,
        whole=seed.whole_id.bytes,
        bytes_at_most=min(bytes_at_most, bytes_used + space.room_bytes),
        bytes_used=bytes_used,
        files_at_most=max(0, plan.files_per_send - len(files)) if plan and has_files else 0,
        names_taken=[entry.name for entry in files],
        too_large=space.refusal if is_room_short else None,
    )


@require_safe
def message_new(request: HttpRequest) -> HttpResponse:
    """Show the four things one can send; a message and files are written at once where the license allows them."""
    held, kind = request_license(request), request.GET.get("kind", "")
    is_allowed = kind == SendKind.MESSAGE or (
        kind == SendKind.FILE and Feature.ATTACHMENTS in held.entitlement.features
    )
    if held.plan is not None and is_allowed:
        fields = fresh_fields(request, kind)
        return answer(filled_composer(request, uuid.uuid4(), fields, None))
    return _offers_page(request)


def _offers_page(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """Show the four things one can send, with what the license lacks."""
    held = request_license(request)
    offers = drawn_offers(plan=held.plan, lowest=lowest_plans())
    has_lack = held.plan is None or any(drawn.locked_plan for drawn in offers)
    context = {
        "offers": offers,
        "plan": held.plan,
        "own_plan": plan_name(held.plan),
        "license": held.license,
        "is_live": held.entitlement.is_live,
        "contact": contact_of(signed_in(request)) if has_lack or not held.entitlement.is_live else None,
    }
    return render(request, "messages/message_new.html", context, status=status)


@require_safe
def draft_edit(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Go on with a draft, or with what was typed before the session ended."""
    user = signed_in(request)
    draft = find_draft(owner=user, form_key=form_key)
    kept = typed_before(request, user_id=user.pk)
    if kept is not None:
        return answer(filled_composer(request, form_key, _fields(request, as_posted(kept)), draft, is_kept_form=True))
    if draft is None:
        return _already_sent_or_missing(request, form_key)
    return answer(filled_composer(request, form_key, draft.fields, draft, empty_rows="more" in request.GET))


@require_POST
@seals_files(intake_of)
def draft_save(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Keep what was typed: by a button, by a step that needs it, or every few seconds by a script."""
    for_script = is_script(request)
    if not _may_keep(request, form_key):
        return _not_begun_for_script() if for_script else _offers_page(request, status=403)
    fields, files = _fields(request, request.POST), _files(request)
    try:
        draft = _keep(request, form_key, fields, files)
    except AlreadySent as sent:
        return _for_script(sent) if for_script else _already_sent(request, sent.reference, status=409)
    except (DraftChanged, DraftMissing) as changed:
        return _for_script(changed) if for_script else _conflict(request, form_key, fields, changed)
    if for_script:
        return _kept_for_script(request, draft, files)
    if not files.is_valid():
        return answer(filled_composer(request, form_key, draft.fields, draft, files=files), status=_refused(files))
    tell_shortened(request, files.cleaned_data["attachments"])
    if request.POST.get("item_password"):
        messages.info(request, _("The password is not kept with the draft. Type it again before you send."))
    return _without_kept_form(request, form_key, redirect(_next_step(request, form_key)))


@require_POST
@seals_files(intake_of)
def message_send(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Send a message; whatever keeps it from leaving, what was typed is kept as a draft."""
    if not _may_keep(request, form_key):
        return _offers_page(request, status=403)
    fields, files = _fields(request, request.POST), _files(request)
    try:
        draft = _keep(request, form_key, fields, files)
        if files.is_valid():
            tell_shortened(request, files.cleaned_data["attachments"])
        if request_license(request).license is None:
            composer = filled_composer(request, form_key, draft.fields, draft, files=files)
            return answer(composer, status=403, problem=why_not_sent(LicenseMissing()), is_kept=True)
        composer = judged_composer(request, form_key, fields, files, draft)
        if not composer.is_valid:
            return answer(composer, status=403 if composer.form.has_locked else _refused(files))
        item = send_message(
            sender=signed_in(request),
            form_key=form_key,
            version=draft.row.version,
            composition=composer.form.composition(composer.rows.recipients),
            visitor=visitor_of(request),
        ).item
    except AlreadySent as sent:
        return _already_sent(request, sent.reference, status=409)
    except (DraftChanged, DraftMissing) as changed:
        return _conflict(request, form_key, fields, changed)
    except NOT_SENT as refused:
        composer.form.add_error(None, why_not_sent(refused))
        return answer(composer, status=403 if isinstance(refused, NOT_INCLUDED) else 422)
    return _without_kept_form(request, form_key, redirect("messages:message_sent", reference=item.reference))


@require_http_methods(["GET", "HEAD", "POST"])
def draft_delete(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Ask whether a draft is to be deleted, and delete it."""
    what = _("Its text and its files are destroyed. Nothing was sent.")
    back = reverse("messages:draft_edit", args=[form_key])
    return delete_draft(request, form_key, kind=KIND, what=what, back=back)


def _fields(request: HttpRequest, posted: Any) -> Fields:
    without = typed_number(str(posted.get("remove_row", "")))
    return typed_fields(posted, rows_at_most=rows_at_most(plan_of(request)), without_row=without)


def _files(request: HttpRequest) -> FilesForm:
    """Return the files that came; where the license includes none, nothing but the reason."""
    known = request_license(request).entitlement
    reason = why_refused(Feature.ATTACHMENTS, known, plan_name(request_license(request).plan)) if request.FILES else ""
    if not reason:
        return FilesForm(request.POST, request.FILES, auto_id="%s")
    form = FilesForm(request.POST, auto_id="%s")
    form.add_error(None, _("Your files were not taken. %(reason)s") % {"reason": reason})
    return form


def _refused(files: FilesForm) -> int:
    """Return the status of a refusal: another one where the license includes no files at all."""
    return 403 if files.non_field_errors() else 422


def _keep(request: HttpRequest, form_key: uuid.UUID, fields: Fields, files: FilesForm) -> MessageDraft:
    """Keep what was typed, also where there is no room for the files that came with it.

    Raises:
        AlreadySent, DraftChanged, DraftMissing: as `keep_draft`.
    """
    keep = partial(
        keep_draft,
        owner=signed_in(request),
        form_key=form_key,
        version=version_of(request),
        fields=fields,
        seed=getattr(request, _SEED),
        removed=request.POST.getlist("remove_file"),
        shown=shown_files(request),
    )
    try:
        return keep(added=files.cleaned_data["attachments"] if files.is_valid() else [])
    except StorageFull as full:
        files.add_error("attachments", str(full))
        return keep()


def _next_step(request: HttpRequest, form_key: uuid.UUID) -> str:
    step = request.POST.get("then", "")
    if step == "preview":
        return reverse("messages:draft_preview", args=[form_key])
    page = reverse("messages:draft_edit", args=[form_key])
    if step == "row":
        return f"{page}?more=1"
    if step == "keep":
        messages.success(request, _("The draft is kept. You find it in Sent and drafts."))
    return page


def _for_script(refusal: AlreadySent | DraftChanged | DraftMissing) -> HttpResponse:
    """Tell the script that nothing was kept, and why."""
    return JsonResponse({"error": str(refusal)}, status=409)


def _not_begun_for_script() -> HttpResponse:
    return JsonResponse({"error": _("You have no license, so nothing was kept.")}, status=403)


def _may_keep(request: HttpRequest, form_key: uuid.UUID) -> bool:
    return may_keep(request, form_key, kind=KIND, may_begin=request_license(request).license is not None)


def _kept_for_script(request: HttpRequest, draft: MessageDraft, files: FilesForm) -> HttpResponse:
    """Tell the script what was kept."""
    if not files.is_valid():
        why = [str(sentence) for sentences in files.errors.values() for sentence in sentences]
        return kept_for_script(draft.row, "messages:draft_edit", error=" ".join(why), status=_refused(files))
    tell_shortened(request, files.cleaned_data["attachments"])
    return _without_kept_form(request, draft.row.form_key, kept_for_script(draft.row, "messages:draft_edit"))


def _conflict(
    request: HttpRequest, form_key: uuid.UUID, fields: Fields, refusal: DraftChanged | DraftMissing
) -> HttpResponse:
    """Show what was typed over the version that came in between, and say so."""
    draft = find_draft(owner=signed_in(request), form_key=form_key)
    composer = filled_composer(request, form_key, fields, draft)
    return answer(composer, status=409, problem=why_not_kept(refusal))


def _already_sent_or_missing(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    sent = message_of_form(signed_in(request), form_key)
    if sent is None:
        raise Http404
    return _already_sent(request, sent.reference)


def _already_sent(request: HttpRequest, reference: str, *, status: int = 200) -> HttpResponse:
    pages = {"detail": "messages:message_detail", "new": "messages:message_new", "save": "messages:draft_save"}
    return already_sent(request, reference, **pages, status=status)


def _without_kept_form(request: HttpRequest, form_key: uuid.UUID, response: Answer) -> Answer:
    """Forget what was kept from before the session ended: it is in the draft now, or sent."""
    return forget_typed(request, response, path=reverse("messages:draft_edit", args=[form_key]))
