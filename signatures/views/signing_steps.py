"""The steps with a signer's link, and what every page behind them asks first.

A request as its signer sees it stands in place of the locator: whose turn it is not sees no document, who has signed
sees the sealed ones alone. Source: docs/decisions/0043-outside-pages.md, docs/decisions/0069-signing-pages.md
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from messaging.items.errors import LinkDone, LinkRefused
from messaging.items.services.links import to_text
from messaging.items.services.visiting import Visit
from messaging.items.views.outside import Steps, View, address, over, visited
from signatures.choices import KIND
from signatures.filling import VALUES
from signatures.services.answering import Signing, signing_of
from signatures.services.signing import require_turn
from signatures.signing_errors import NotYourTurn

STEPS = Steps(
    kind=KIND,
    link="signatures:link",
    proof="signatures:link_proof",
    code_send="signatures:link_code_send",
    code_missing="signatures:link_code_missing",
    inside="signatures:document_sign",
    heading=_("Somebody asks you to sign"),
    done_heading=_("Your signed documents"),
    done="signatures:document_done",
    over="signatures/over.html",
)
TYPED_BY = ("reason", f"{VALUES}-")


@csrf_protect
def form_too_late(request: HttpRequest, locator: str, refusal: LinkRefused | None) -> HttpResponse:
    """Give back what was typed in an opening, or for a request, that is over."""
    if isinstance(refusal, LinkDone):
        return redirect(STEPS.done, locator)
    text = typed_text(request, TYPED_BY)
    if refusal is not None:
        return over(request, locator, refusal, STEPS, typed=text)
    return render(request, "signatures/signing_lost.html", {"text": text, "locator": locator}, status=403)


def typed_text(request: HttpRequest, fields: tuple[str, ...]) -> str:
    """Return what was typed into a form, one line for each field.

    Args:
        fields: how their names begin.
    """
    # Boxes that were checked say nothing without what stands beside them.
    typed = [value for name, value in request.POST.items() if name.startswith(fields) and value not in ("", "on")]
    return "\n".join(map(str, typed))


def signing(*, is_signed: bool = False) -> Callable[[View], View]:
    """Hand a view what an opened link lets its signer see and do, in place of the locator.

    Args:
        is_signed: the view is for somebody who has signed, when the documents are sealed; otherwise for whose turn it
            is.
    """

    def decorate(view: View) -> View:
        @visited(STEPS, lost=form_too_late)
        @wraps(view)
        def answer(request: HttpRequest, visit: Visit, **named: Any) -> HttpResponseBase:
            found = signing_of(visit)
            if (found.signer.signed_at is not None) is not is_signed:
                return redirect(at("document_sign" if is_signed else "sealed", found))
            return view(request, found, **named) if is_signed else _in_turn(view, request, found, named)

        return answer

    return decorate


def at(url_name: str, found: Signing, *more: object) -> str:
    """Return the address of a page of a signer's link."""
    return address(f"signatures:{url_name}", found.visit, *more)


def common(found: Signing) -> dict[str, object]:
    """Return what all pages of a signer show."""
    item = found.visit.item
    return {
        "visit": found.visit,
        "item": item,
        "sender": item.sender,
        "organization": item.organization,
        "title": found.manifest.subject,
        "papers": found.preparation.papers,
        "message": found.preparation.message,
        "locator": to_text(bytes(found.visit.link.locator)),
    }


def _in_turn(view: View, request: HttpRequest, found: Signing, named: dict[str, Any]) -> HttpResponseBase:
    try:
        require_turn(found)
        return view(request, found, **named)
    except NotYourTurn as refusal:
        context = {"refusal": refusal, "sender": found.visit.item.sender}
        return render(request, "signatures/not_yet.html", context, status=403)
