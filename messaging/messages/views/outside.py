"""A recipient's way to a message: the link, the proof, the message itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.items.services.opening import Visit, manifest_of
from messaging.items.views import outside
from messaging.items.views.outside import Steps, not_indexed, visited
from messaging.messages.apps import MESSAGE

STEPS = Steps(
    kind=MESSAGE,
    link="messages:link",
    proof="messages:link_proof",
    code_send="messages:link_code_send",
    code_missing="messages:link_code_missing",
    inside="messages:message_read",
    heading=_("A secure message for you"),
)


@login_not_required
@not_indexed
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, locator: str) -> HttpResponse:
    """Show the page that every link has, and take the secret of this one."""
    return outside.take_link(request, locator, STEPS)


@login_not_required
@not_indexed
@require_safe
def link_fragment(request: HttpRequest, locator: str, secret: str) -> HttpResponse:
    """Lead a link whose # became %23 on its way to itself."""
    return outside.to_fragment(locator, secret, STEPS)


@login_not_required
@not_indexed
@require_http_methods(["GET", "HEAD", "POST"])
@visited(STEPS, is_opened=False)
def link_proof(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask the proof; the right answer opens."""
    return outside.ask_proof(request, visit, STEPS)


@login_not_required
@not_indexed
@require_POST
@visited(STEPS, is_opened=False)
def link_code_send(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send a new code."""
    return outside.send_code(request, visit, STEPS)


@login_not_required
@not_indexed
@require_POST
@visited(STEPS, is_opened=False)
def link_code_missing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tell the sender that no code arrives."""
    return outside.tell_missing(request, visit, STEPS)


@login_not_required
@not_indexed
@require_safe
@visited(STEPS)
def message_read(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Show an opened message."""
    manifest = manifest_of(visit)
    context = {
        "visit": visit,
        "item": visit.item,
        "sender": visit.item.sender,
        "organization": visit.item.organization,
        "manifest": manifest,
    }
    return render(request, "messages/message_read.html", context)
