"""A recipient's way to a message: the link, the proof, the message itself."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.visitors import visitor_of
from core.downloads import send_archive, send_file
from messaging.items.habits import local_now
from messaging.items.manifests import Manifest
from messaging.items.references import shown_reference
from messaging.items.services.files import note_downloads, sealed_files
from messaging.items.services.links import to_text
from messaging.items.services.opening import data_key, manifest_of
from messaging.items.services.visiting import Visit
from messaging.items.views.outside import Steps, not_indexed, visited
from messaging.messages.choices import KIND, ReplyKind
from messaging.messages.replies import ReplyTerms

GIVEN_OUT = (200, 206)
STEPS = Steps(
    kind=KIND,
    link="messages:link",
    proof="messages:link_proof",
    code_send="messages:link_code_send",
    code_missing="messages:link_code_missing",
    inside="messages:message_read",
    heading=_("A secure message for you"),
)


@login_not_required
@not_indexed
@require_safe
@visited(STEPS)
def message_read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show an opened message."""
    return message_page(request, visit, manifest_of(visit, at=visit.at))


def message_page(request: HttpRequest, visit: Visit, manifest: Manifest) -> HttpResponse:
    """Draw the page on which a message is read."""
    context = {
        "visit": visit,
        "item": visit.item,
        "sender": visit.item.sender,
        "organization": visit.item.organization,
        "manifest": manifest,
        "files_bytes": sum(entry.plain_bytes for entry in manifest.files),
        "locator": to_text(bytes(visit.link.locator)),
        "may_reply": ReplyTerms.of_product(manifest.product).kind is not ReplyKind.NONE,
        "is_reply_protected": bool(visit.policy.reply_proofs),
    }
    return render(request, "messages/message_read.html", context)


@login_not_required
@not_indexed
@require_safe
@visited(STEPS)
def link_file(request: HttpRequest, visit: Visit, file_id: uuid.UUID) -> HttpResponseBase:
    """Give out one file of an opened message, or a part of it."""
    entry = manifest_of(visit).file(file_id.hex)
    if entry is None:
        raise Http404
    (file,) = sealed_files([entry], whole_id=visit.item.whole_id, data_key=data_key(visit))
    response = send_file(request, file)
    if request.method == "GET" and response.status_code in GIVEN_OUT:
        note_downloads(visit, [entry], visitor=visitor_of(request))
    return response


@login_not_required
@not_indexed
@require_safe
@visited(STEPS)
def link_files(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Give out all files of an opened message at once."""
    entries = manifest_of(visit).files
    if not entries:
        raise Http404
    files = sealed_files(entries, whole_id=visit.item.whole_id, data_key=data_key(visit))
    name, at = f"{shown_reference(visit.item.reference)}.zip", local_now()
    response = send_archive(request, files, name=name, at=at)
    if request.method == "GET":
        note_downloads(visit, entries, visitor=visitor_of(request))
    return response
