"""Place zones on the pages of a draft: with a script on pictures of them, without one in rows of fields."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.form_cookies import forget_typed, typed_before
from accounts.people import signed_in
from accounts.services.kept_forms import drawn_values, sign_drawn
from core.forms import as_posted, typed_number
from messaging.items.errors import AlreadySent, DraftChanged, DraftMissing
from messaging.items.services.draft_sealing import OpenDraft
from messaging.items.views.drafting import is_script, kept_for_script, version_of
from signatures.drafts import Begun, begun_of
from signatures.errors import DocumentBusy
from signatures.limits import DRAFT_SAVED_EVERY_SECONDS, PAGE_BUSY_SECONDS, ZONES_MOST
from signatures.pages import draw_draft_page
from signatures.readiness import judge
from signatures.refusals import why_not_kept
from signatures.request_errors import ZonesRefused
from signatures.services.drafting import keep_draft
from signatures.views.drafting import draft_or_sent, plan_of, sent_already
from signatures.views.editor import editor_values, page_choices, shown_page
from signatures.zone_form import ZoneFormSet, ZoneRows, initial_rows
from signatures.zones import Zone, drawable_zones, read_zones


@dataclass(frozen=True, slots=True)
class Editor:
    """What the editor shows.

    Args:
        shown: document, from 0, and page, from 1.
        zones: JSON values of the zones as they are drawn; they may differ from what is kept.
        rows: of the page that is shown, for whoever has no scripts.
        is_kept_form: it was placed before the session ended.
    """

    begun: Begun
    draft: OpenDraft
    shown: tuple[int, int]
    zones: Sequence[Mapping[str, object]]
    rows: ZoneRows
    problem: str = ""
    is_kept_form: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def draft_zones(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Show the zones of a draft, or those that were placed before the session ended, and keep them."""
    found = draft_or_sent(request, form_key)
    if isinstance(found, HttpResponse):
        return found
    begun = begun_of(found)
    if request.method != "POST":
        return _show(request, begun, found)
    if not begun.papers or not begun.rows:
        # Another window took the last document or signer away.
        return _changed(found) if is_script(request) else redirect("signatures:draft_zones", form_key)
    return _keep_script(request, begun, found) if "zones" in request.POST else _keep_rows(request, begun, found)


@require_safe
@cache_control(no_store=True, private=True)
def draft_page(request: HttpRequest, form_key: uuid.UUID, document: int, page: int) -> HttpResponse:
    """Draw one page of a draft's document as a picture."""
    found = draft_or_sent(request, form_key)
    if isinstance(found, HttpResponse):
        raise Http404
    try:
        picture = draw_draft_page(found, begun_of(found), document=document, page=page)
    except DocumentBusy as busy:
        headers = {"Retry-After": str(PAGE_BUSY_SECONDS)}
        return HttpResponse(str(busy), status=503, content_type="text/plain; charset=utf-8", headers=headers)
    return HttpResponse(picture, content_type="image/png")


def _show(request: HttpRequest, begun: Begun, draft: OpenDraft) -> HttpResponse:
    typed = typed_before(request, user_id=signed_in(request).pk)
    if typed is None:
        return _page(request, _editor(request, begun, draft), missing=_missing(request, begun))
    return _page(request, _come_back(request, begun, draft, as_posted(typed)))


def _come_back(request: HttpRequest, begun: Begun, draft: OpenDraft, posted: QueryDict) -> Editor:
    """Return an editor of what was sent when the session had ended, over what is kept; it says where that is newer."""
    changed, wanted = DraftChanged(draft.row.version), posted.get("show", "")
    problem = "" if typed_number(posted.get("version", "")) == changed.version else why_not_kept(changed)
    rows = drawn = None
    if "zones" in posted:
        placed, drawn = _read(posted.get("zones", ""), begun)
    else:
        rows = _posted_rows(posted, begun)
        placed = replace(begun, zones=rows.joined()) if rows.is_valid() else begun
    editor = _editor(request, placed, draft, drawn=drawn, rows=rows, problem=problem, wanted=wanted)
    return replace(editor, is_kept_form=True)


def _read(text: str, begun: Begun) -> tuple[Begun, Sequence[Mapping[str, object]]]:
    """Return what is being prepared with the zones of a script where they can be kept, and as many as can be drawn."""
    papers, signers = begun.papers, len(begun.rows)
    drawn = drawable_zones(text, papers=papers, signers=signers)
    try:
        return replace(begun, zones=read_zones(text, papers=papers, signers=signers)), drawn
    except ZonesRefused:
        return begun, drawn


def _changed(draft: OpenDraft) -> HttpResponse:
    return JsonResponse({"error": str(DraftChanged(draft.row.version))}, status=409)


def _keep_script(request: HttpRequest, begun: Begun, draft: OpenDraft) -> HttpResponse:
    text = request.POST["zones"]
    try:
        zones = read_zones(text, papers=begun.papers, signers=len(begun.rows))
    except ZonesRefused as refusal:
        if is_script(request):
            return JsonResponse({"error": str(refusal)}, status=422)
        shown = drawable_zones(text, papers=begun.papers, signers=len(begun.rows))
        return _page(request, _editor(request, begun, draft, drawn=shown, problem=str(refusal)), status=422)
    return _keep(request, begun, draft, zones)


def _keep_rows(request: HttpRequest, begun: Begun, draft: OpenDraft) -> HttpResponse:
    rows = _posted_rows(request.POST, begun)
    if not rows.is_valid():
        return _page(request, _editor(request, begun, draft, rows=rows), status=422)
    zones = rows.joined()
    if len(zones) > ZONES_MOST:
        problem = _("These are too many zones. A request may have up to %(most)d.") % {"most": ZONES_MOST}
        return _page(request, _editor(request, begun, draft, rows=rows, problem=problem), status=422)
    if moved := rows.moved():
        sentence = ngettext(
            "%(count)d zone did not fit and was moved onto its page, or made larger.",
            "%(count)d zones did not fit and were moved onto their page, or made larger.",
            moved,
        )
        messages.info(request, sentence % {"count": moved})
    return _keep(request, begun, draft, zones)


def _posted_rows(posted: QueryDict, begun: Begun) -> ZoneRows:
    return ZoneFormSet(posted, papers=begun.papers, signers=begun.rows, zones=begun.zones)


def _keep(request: HttpRequest, begun: Begun, draft: OpenDraft, zones: Sequence[Zone]) -> HttpResponse:
    placed, form_key = replace(begun, zones=tuple(zones)), draft.row.form_key
    try:
        kept = keep_draft(owner=signed_in(request), form_key=form_key, version=version_of(request), begun=placed)
    except AlreadySent as sent:
        return sent_already(request, sent)
    except (DraftChanged, DraftMissing) as changed:
        if is_script(request):
            return JsonResponse({"error": str(changed)}, status=409)
        drawn = [zone.as_json() for zone in zones]
        editor = _editor(request, placed, draft, drawn=drawn, problem=why_not_kept(changed))
        return _page(request, editor, status=409)
    if is_script(request):
        return forget_typed(request, kept_for_script(kept.row, "signatures:draft_zones"))
    return forget_typed(request, redirect(_next_step(request, form_key)))


def _next_step(request: HttpRequest, form_key: uuid.UUID) -> str:
    step = request.POST.get("then", "")
    if step in ("check", "edit"):
        return reverse(f"signatures:draft_{step}", args=[form_key])
    page = reverse("signatures:draft_zones", args=[form_key])
    if step == "keep":
        messages.success(request, _("The draft is kept. You find it in Sent and drafts."))
    return f"{page}?show={request.POST.get('show', '')}" if "show" in request.POST else page


def _editor(
    request: HttpRequest,
    begun: Begun,
    draft: OpenDraft,
    *,
    drawn: Sequence[Mapping[str, object]] | None = None,
    rows: ZoneRows | None = None,
    problem: str = "",
    wanted: str = "",
) -> Editor:
    document, page = shown_page(begun, wanted or request.POST.get("show") or request.GET.get("show", ""))
    shown_rows = rows or ZoneFormSet(
        initial=initial_rows(begun.zones, document=document, page=page),
        papers=begun.papers,
        signers=begun.rows,
        zones=begun.zones,
    )
    zones = [zone.as_json() for zone in begun.zones] if drawn is None else drawn
    return Editor(begun, draft, (document, page), zones, shown_rows, problem)


def _missing(request: HttpRequest, begun: Begun) -> list[str]:
    """Say what is wrong with the zones, to whoever comes from the last page before sending."""
    if "judged" not in request.GET:
        return []
    judged = judge(begun, plan=plan_of(request), requester=signed_in(request))
    return [str(refusal) for refusal in judged.zone_refusals]


def _page(request: HttpRequest, editor: Editor, *, status: int = 200, missing: Sequence[str] = ()) -> HttpResponse:
    begun, row = editor.begun, editor.draft.row
    is_ready = bool(begun.papers and begun.rows)
    context: dict[str, Any] = {
        "form_key": row.form_key,
        "version": row.version,
        "kept_at": row.changed_at,
        "is_ready": is_ready,
        "drawn_for": sign_drawn(user_id=signed_in(request).pk, values=drawn_values(row.form_key)),
        "is_kept_form": editor.is_kept_form,
        "problem": editor.problem,
        "missing": missing,
        "title": begun.texts.get("title", ""),
        "save_every_seconds": DRAFT_SAVED_EVERY_SECONDS,
    }
    if is_ready:
        context |= editor_values(row.form_key, begun, editor.zones, editor.shown)
        context |= {
            "rows": editor.rows,
            "forms": editor.rows.forms,
            "has_errors": status == 422 and not editor.problem,
            "pages": page_choices(begun, editor.shown),
            "zones_json": json.dumps(list(editor.zones)),
        }
    return render(request, "signatures/draft_zones.html", context, status=status)
