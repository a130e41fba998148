"""What came back to a person: the list, one return, its files, and putting it away."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from accounts.services.fresh_proof import is_proof_fresh, lead_to_proof
from accounts.visitors import visitor_of
from core.db import database_now
from core.downloads import send_archive, send_file
from core.errors import FileUnreadable
from messaging.items.access import return_of
from messaging.items.errors import ContentDamaged, LinkExpired
from messaging.items.habits import local_now
from messaging.items.manifests import FileEntry
from messaging.items.models import Return
from messaging.items.references import shown_reference
from messaging.items.services.files import note_return_downloads, sealed_files
from messaging.items.services.returning import mark_done, mark_read, mark_undone, returned_key, returned_manifest
from messaging.items.storage import fuller, spaces_of
from messaging.messages.received import page_of_received

RETURN_COLUMNS = (
    gettext_lazy("Sender"),
    gettext_lazy("Subject"),
    gettext_lazy("Date"),
    gettext_lazy("Files"),
    gettext_lazy("Kind"),
)
DONE = "done"


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """Show what came back and waits, or what was put away."""
    is_done = request.GET.get("box") == DONE
    page = page_of_received(signed_in(request), is_done=is_done, after=request.GET.get("after", ""))
    address = reverse("messages:returns")
    context = {
        "space": fuller(*spaces_of(signed_in(request))),
        "columns": [{"label": label} for label in RETURN_COLUMNS],
        "rows": page.rows,
        "next": page.next,
        "is_done": is_done,
        "is_first_page": "after" not in request.GET,
        "segments": [
            {"label": _("Waiting"), "url": address, "is_current": not is_done},
            {"label": _("Done"), "url": f"{address}?box={DONE}", "is_current": is_done},
        ],
    }
    return render(request, "messages/returns.html", context)


@require_safe
def return_detail(request: HttpRequest, whole_id: uuid.UUID) -> HttpResponse:
    """Show a return that was read; before that, who sent it and the button that opens it."""
    returned = return_of(signed_in(request), whole_id)
    if returned.read_at is None:
        return render(request, "messages/return_unread.html", {"returned": returned})
    if asked := _proof_missing(request, returned):
        return asked
    try:
        manifest = returned_manifest(returned, reader=signed_in(request))
    except (ContentDamaged, LinkExpired):
        return _damaged(request)
    context = {
        "returned": returned,
        "manifest": manifest,
        "files_bytes": sum(entry.plain_bytes for entry in manifest.files),
    }
    return render(request, "messages/return_detail.html", context)


@require_POST
def return_read(request: HttpRequest, whole_id: uuid.UUID) -> HttpResponse:
    """Open a return: from now on it is read."""
    returned = return_of(signed_in(request), whole_id)
    if asked := _proof_missing(request, returned):
        return asked
    mark_read(returned, visitor=visitor_of(request), at=database_now())
    return redirect("messages:return_detail", whole_id)


@require_safe
def return_file(request: HttpRequest, whole_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponseBase:
    """Give out one file of a return, or a part of it."""
    return _give(request, whole_id, file_id)


@require_safe
def return_files(request: HttpRequest, whole_id: uuid.UUID) -> HttpResponseBase:
    """Give out all files of a return at once."""
    return _give(request, whole_id, None)


@require_POST
def return_done(request: HttpRequest, whole_id: uuid.UUID) -> HttpResponse:
    """Put a return away."""
    returned = return_of(signed_in(request), whole_id)
    mark_done([returned.pk], reader=signed_in(request), at=database_now())
    messages.success(request, _("Marked as done. You find it under Done, where this can be undone."))
    return redirect("messages:returns")


@require_POST
def return_undone(request: HttpRequest, whole_id: uuid.UUID) -> HttpResponse:
    """Take a return back from those put away."""
    returned = return_of(signed_in(request), whole_id)
    mark_undone([returned.pk], reader=signed_in(request))
    return redirect("messages:return_detail", whole_id)


def _give(request: HttpRequest, whole_id: uuid.UUID, file_id: uuid.UUID | None) -> HttpResponseBase:
    user = signed_in(request)
    returned = return_of(user, whole_id)
    if returned.read_at is None:
        return redirect("messages:return_detail", whole_id)
    if asked := _proof_missing(request, returned):
        return asked
    try:
        entries = _entries(returned_manifest(returned, reader=user).files, file_id)
        files = sealed_files(entries, whole_id=whole_id, data_key=returned_key(returned, reader=user))
        if file_id is not None:
            response = send_file(request, files[0])
        else:
            name = f"{shown_reference(returned.item.reference)}.zip"
            response = send_archive(request, files, name=name, at=local_now())
    except (ContentDamaged, FileUnreadable, LinkExpired):
        return _damaged(request)
    if request.method == "GET" and response.status_code < 300:
        note_return_downloads(returned, entries, visitor=visitor_of(request))
    return response


def _entries(files: Sequence[FileEntry], file_id: uuid.UUID | None) -> list[FileEntry]:
    chosen = [entry for entry in files if file_id is None or entry.file_uuid == file_id]
    if not chosen:
        raise Http404
    return chosen


def _proof_missing(request: HttpRequest, returned: Return) -> HttpResponseRedirect | None:
    """Lead to the page that asks for a proof where this return asks for a fresh one."""
    if not returned.is_owner_proof_asked or is_proof_fresh(request=request):
        return None
    return lead_to_proof(reverse("messages:return_detail", args=[returned.whole_id]))


def _damaged(request: HttpRequest) -> HttpResponse:
    return render(request, "messages/return_damaged.html", status=500)
