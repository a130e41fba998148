"""Prepare a signature request: documents, signers, message; everything is kept as a draft as it was typed."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.form_cookies import forget_typed, typed_before
from accounts.people import signed_in
from core.form_readers import seals_files
from core.forms import as_posted
from core.uploads import Intake
from licenses.access import request_license
from licenses.features import lack_of, plan_name, why_not_included
from messaging.items.beginning import may_keep
from messaging.items.errors import AlreadySent, DraftChanged, DraftMissing, StorageFull
from messaging.items.services.draft_sealing import OpenDraft, Seed
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
from signatures.choices import KIND
from signatures.composer_form import PapersForm
from signatures.drafts import Begun, begun_of
from signatures.limits import PAPERS_MOST
from signatures.readiness import judge
from signatures.refusals import why_not_kept
from signatures.services.drafting import find_draft, keep_draft
from signatures.services.presenting import NotTaken, Presented, presented
from signatures.typed import typed_rows, typed_texts
from signatures.views.composer import composer_of, fresh_rows, fresh_texts, judged_composer
from signatures.views.drafting import FEATURE, draft_or_sent, lacks_requests, plan_of

_SEED = "_draft_seed"


def intake_of(request: HttpRequest, form_key: uuid.UUID) -> Intake:
    """Say what the files of a composer are sealed under, and how much the plan lets come."""
    user, plan = signed_in(request), plan_of(request)
    draft = find_draft(owner=user, form_key=form_key)
    seed = draft.seed if draft else Seed()
    setattr(request, _SEED, seed)
    files, space = draft.files if draft else (), tighter(*spaces_of(user))
    bytes_used = sum(entry.plain_bytes for entry in files)
    is_room_short = bytes_used + space.room_bytes < plan.attachments_bytes
    return Intake(
        data_key=seed.data_key,
        whole=seed.whole_id.bytes,
        bytes_at_most=min(plan.attachments_bytes, bytes_used + space.room_bytes),
        bytes_used=bytes_used,
        files_at_most=max(0, PAPERS_MOST - len(files)),
        names_taken=[entry.name for entry in files],
        too_large=space.refusal if is_room_short else None,
    )


@require_safe
def request_new(request: HttpRequest) -> HttpResponse:
    """Show an empty composer, or what the plan lacks."""
    if lacks_requests(request):
        return _lacking(request)
    begun = Begun(fresh_texts(request), tuple(fresh_rows(count=1)))
    return composer_of(request, uuid.uuid4(), begun, None).page()


def _lacking(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """Say what the plan lacks, and whom to ask."""
    context = {"lack": lack_of(request, FEATURE)}
    return render(request, "signatures/request_lacks.html", context, status=status)


@require_safe
def draft_edit(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Go on with a draft, or with what was typed before the session ended; with what is wrong, where that is asked."""
    user = signed_in(request)
    typed = typed_before(request, user_id=user.pk)
    if typed is not None:
        draft = find_draft(owner=user, form_key=form_key)
        begun = _with_typed(request, begun_of(draft), as_posted(typed))
        return composer_of(request, form_key, begun, draft, is_kept_form=True).page()
    found = draft_or_sent(request, form_key)
    if isinstance(found, HttpResponse):
        return found
    begun = begun_of(found)
    if "judged" in request.GET:
        judged = judge(begun, plan=plan_of(request), requester=user)
        return judged_composer(request, form_key, begun, found, judged).page()
    return composer_of(request, form_key, begun, found, more_rows="more" in request.GET).page()


@require_POST
@seals_files(intake_of)
def draft_save(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Keep what was typed: by a button, by a step that needs it, or every few seconds by a script."""
    if not may_keep(request, form_key, kind=KIND, may_begin=not lacks_requests(request)):
        return (
            JsonResponse({"error": _why_lacking(request)}, status=403)
            if is_script(request)
            else _lacking(request, status=403)
        )
    draft = find_draft(owner=signed_in(request), form_key=form_key)
    begun = _with_typed(request, begun_of(draft), request.POST)
    try:
        page = reverse("signatures:draft_edit", args=[form_key])
        return forget_typed(request, _keep(request, form_key, begun), path=page)
    except AlreadySent as sent:
        return _sent_already(request, sent)
    except (DraftChanged, DraftMissing) as changed:
        if is_script(request):
            return JsonResponse({"error": str(changed)}, status=409)
        return composer_of(request, form_key, begun, draft).page(status=409, problem=why_not_kept(changed))


def _sent_already(request: HttpRequest, sent: AlreadySent) -> HttpResponse:
    """Say to a late window what became of its form, with what it shows."""
    if is_script(request):
        return JsonResponse({"error": str(sent)}, status=409)
    pages = {"detail": "signatures:request_detail", "new": "signatures:request_new", "save": "signatures:draft_save"}
    return already_sent(request, sent.reference, **pages, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_delete(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Ask whether a draft is to be deleted, and delete it."""
    what = _("Its documents, signers and zones are destroyed. Nobody was asked to sign.")
    back = reverse("signatures:draft_edit", args=[form_key])
    return delete_draft(request, form_key, kind=KIND, what=what, back=back)


def _with_typed(request: HttpRequest, begun: Begun, posted: QueryDict) -> Begun:
    """Return what is being prepared with what a window shows; the zones of a signer go along."""
    rows = typed_rows(posted, kept_keys=begun.keys_with_zones)
    return replace(begun.with_rows(rows), texts=typed_texts(posted))


def _keep(request: HttpRequest, form_key: uuid.UUID, begun: Begun) -> HttpResponse:
    """Keep what a window shows, and the documents that came with it.

    Raises:
        AlreadySent, DraftChanged, DraftMissing: as `keep_draft`.
    """
    files, removed = _files(request), request.POST.getlist("remove_paper")
    uploads = files.cleaned_data["papers"] if files.is_valid() else []
    left, seed = begun.without_papers(removed), getattr(request, _SEED)
    room_bytes = plan_of(request).attachments_bytes - left.size_bytes
    with presented(uploads, seed, pages=left.pages, room_bytes=room_bytes) as found:
        _say(files, found.refused)
        try:
            draft = _kept(request, form_key, begun, removed, found)
        except StorageFull as full:
            files.add_error("papers", str(full))
            found = Presented()
            draft = _kept(request, form_key, begun, removed, found)
    names = {paper.paper.name for _upload, paper in found.taken}
    tell_shortened(request, (upload for upload in uploads if upload.name in names))
    return _kept_answer(request, draft, files, found)


def _files(request: HttpRequest) -> PapersForm:
    """Return the documents that came; where the license includes none, nothing but the reason."""
    if not request.FILES or not lacks_requests(request):
        return PapersForm(request.POST, request.FILES)
    form = PapersForm(request.POST)
    form.add_error(None, _("Your documents were not taken. %(reason)s") % {"reason": _why_lacking(request)})
    return form


def _why_lacking(request: HttpRequest) -> str:
    held = request_license(request)
    return why_not_included(FEATURE, held.entitlement.features, plan_name(held.plan))


def _refused(files: PapersForm) -> int:
    """Return the status of a refusal: another one where the license includes no documents at all."""
    return 403 if files.non_field_errors() else 422


def _kept(
    request: HttpRequest, form_key: uuid.UUID, begun: Begun, removed: Sequence[str], found: Presented
) -> OpenDraft:
    return keep_draft(
        owner=signed_in(request),
        form_key=form_key,
        version=version_of(request),
        begun=begun,
        seed=getattr(request, _SEED),
        added=found.taken,
        removed=removed,
        shown=shown_files(request),
    )


def _say(files: PapersForm, refused: Sequence[NotTaken]) -> None:
    """Put beside the field why files are no documents of the request, each by its name."""
    for one in refused:
        files.add_error("papers", _("%(name)s: %(why)s") % {"name": one.name, "why": one.refusal})


def _kept_answer(request: HttpRequest, draft: OpenDraft, files: PapersForm, found: Presented) -> HttpResponse:
    """Show what was kept, and why some of it was not."""
    why = [str(sentence) for sentences in files.errors.values() for sentence in sentences]
    if is_script(request):
        if not why or not found.taken:
            return kept_for_script(draft.row, "signatures:draft_edit", error=" ".join(why), status=_refused(files))
        # The page is drawn anew for the documents that were taken, and says it there.
        for sentence in why:
            messages.error(request, sentence)
        return kept_for_script(draft.row, "signatures:draft_edit")
    form_key = draft.row.form_key
    if why:
        return composer_of(request, form_key, begun_of(draft), draft, files=files).page(status=_refused(files))
    return redirect(_next_step(request, form_key))


def _next_step(request: HttpRequest, form_key: uuid.UUID) -> str:
    step, page = request.POST.get("then", ""), reverse("signatures:draft_edit", args=[form_key])
    if step in ("zones", "check"):
        return reverse(f"signatures:draft_{step}", args=[form_key])
    if step == "row":
        return f"{page}?more=1#signers-title"
    if step == "keep":
        messages.success(request, _("The draft is kept. You find it in Sent and drafts."))
    return page
