"""The steps with a link: its page, its secret, the proof it asks, and what to do when something is missing.

    GET  link      one page for every link, whatever its state; nothing is shown, nothing changes
    POST link      the secret; from here on the page says who wrote, and why a link is over
    GET  proof     what is asked
    POST proof     the answer, or the button where nothing is asked: one opening

Source: docs/decisions/0043-outside-pages.md
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from accounts.visitors import visitor_of
from core.errors import CodeExpired, CodeWrong, FileUnreadable, Refusal, TooManyTries
from messaging.items.choices import SENT_ON_DEMAND, CodePurpose, Proof
from messaging.items.errors import ContentDamaged, LinkDone, LinkRefused, LinkUnknown
from messaging.items.forms import AnswerForm, SecretForm, answer_form
from messaging.items.kinds import kind_of
from messaging.items.models import Link
from messaging.items.services.checking import Look, note_check
from messaging.items.services.links import to_text
from messaging.items.services.opening import prove
from messaging.items.services.proof_codes import mail_code, mail_new_code, sent_code, text_code
from messaging.items.services.telling import tell_code_missing
from messaging.items.services.visiting import Visit, find_link, give_secret
from messaging.items.views.answers import ANSWERS_REFUSED, answer_refusal, code_refusal
from messaging.items.visits import keep_opener, locator_of, opener_or_new, visit_in

View = Callable[..., HttpResponseBase]
Lost = Callable[[HttpRequest, str, LinkRefused | None], HttpResponseBase]


def has_no_address(visit: Visit) -> bool:
    """Tell whether nothing can be mailed to the person of a link."""
    return not visit.participant.email


@dataclass(frozen=True, slots=True)
class Steps:
    """The addresses of one product's steps, each the name of a URL that takes a locator.

    Args:
        kind: word of the product's kind; links of other kinds are nothing here.
        inside: where the content is.
        heading: of the page that every link has.
        done_heading: of the proof asked of somebody who did what was asked; empty for the same.
        done: what is shown to somebody who did what was asked; empty where nothing is ever done.
        over: template of the page that says why a link is over.
        is_done_proven: what is shown of what was done is shown after the proof of the link, too.
        is_told_by_sender: tells of a visit whether the code came from the sender by another way than by mail.
    """

    kind: str
    link: str
    proof: str
    code_send: str
    code_missing: str
    inside: str
    heading: str | Promise
    done_heading: str | Promise = ""
    done: str = ""
    over: str = "items/over.html"
    is_done_proven: bool = False
    is_told_by_sender: Callable[[Visit], bool] = has_no_address


def not_indexed(view: View) -> View:
    """Keep a page out of search engines."""

    @wraps(view)
    def answer(request: HttpRequest, **named: Any) -> HttpResponseBase:
        response = view(request, **named)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answer


def visited(
    steps: Steps, *, is_opened: bool = True, is_done: bool = False, lost: Lost | None = None
) -> Callable[[View], View]:
    """Hand a view the visit behind the browser's cookie in place of the locator; without one, lead to what is missing.

    Args:
        is_opened: whether the proof has to be given already.
        is_done: whether the view is for somebody who did what was asked, too.
        lost: answers what was posted too late, so that nothing typed is lost; the refusal is None where the opening is
            over and the link is not.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, locator: str, **named: Any) -> HttpResponseBase:
            try:
                visit = visit_in(request, locator, kind=steps.kind)
                if visit is not None and visit.is_done and not is_done:
                    raise LinkDone
                if lost is not None and request.method == "POST" and not (visit and visit.is_open):
                    return lost(request, locator, None)
                if visit is None:
                    return redirect(steps.link, locator)
                if is_opened and not visit.is_open and not (visit.is_done and not visit.is_proof_asked):
                    return redirect(steps.proof, locator)
                return view(request, visit, **named)
            except LinkRefused as refusal:
                if lost is not None and request.method == "POST":
                    return lost(request, locator, refusal)
                return over(request, locator, refusal, steps)
            except (ContentDamaged, FileUnreadable):
                return damaged(request)

        return answer

    return decorate


def address(url_name: str, visit: Visit, *more: object) -> str:
    """Return the address of a step of a visit's link."""
    return reverse(url_name, args=[to_text(bytes(visit.link.locator)), *more])


def take_link(request: HttpRequest, locator: str, steps: Steps) -> HttpResponse:
    """Show the page that every link has; take the secret."""
    if request.method == "POST":
        return _take_secret(request, locator, steps)
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("X-Purpose") or request.headers.get("X-Moz", "")
    look = Look(method=str(request.method), purpose=purpose, visitor=visitor_of(request))
    note_check(link=_link_of(locator, steps), locator=locator_of(locator), look=look)
    return link_page(request, SecretForm(auto_id="%s"), steps)


def to_fragment(locator: str, secret: str, steps: Steps) -> HttpResponse:
    """Lead an address whose # was written as %23 to the one it was meant to be; nothing is kept of it.

    Raises:
        Http404: no link is named before the mark.
    """
    if not locator:
        raise Http404
    return HttpResponseRedirect(f"{reverse(steps.link, args=[locator])}#{secret.rstrip('/')}", status=303)


def ask_proof(request: HttpRequest, visit: Visit, steps: Steps) -> HttpResponse:
    """Ask what the link asks; the right answer opens."""
    if visit.is_open or (visit.is_done and not visit.is_proof_asked):
        return redirect(address(_next_step(visit, steps), visit))
    form = answer_form(visit.policy.proof, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            prove(visit=visit, answer=form.answer, visitor=visitor_of(request))
        except (*ANSWERS_REFUSED, CodeWrong, CodeExpired, TooManyTries) as refusal:
            form.add_error(
                next(iter(form.fields), None),
                answer_refusal(refusal, visit.policy.proof, is_told_by_sender=steps.is_told_by_sender(visit)),
            )
        else:
            return redirect(address(_next_step(visit, steps), visit))
    return proof_page(request, visit, form, steps)


def send_code(request: HttpRequest, visit: Visit, steps: Steps) -> HttpResponse:
    """Send a new code to the address or number already known."""
    _require_address(visit)
    form, proof = answer_form(visit.policy.proof), visit.policy.proof
    try:
        if proof is Proof.OPENING_CODE:
            mail_new_code(link=visit.link, visitor=visitor_of(request))
        elif proof in SENT_ON_DEMAND:
            send = mail_code if proof is Proof.EMAIL_CODE else text_code
            language = get_language() or visit.item.language
            send(link=visit.link, purpose=CodePurpose.OPENING, language=language, visitor=visitor_of(request))
    except ContentDamaged:
        raise
    except Refusal as refusal:
        return proof_page(request, visit, form, steps, warning=code_refusal(refusal))
    return redirect(f"{address(steps.proof, visit)}?sent")


def tell_missing(request: HttpRequest, visit: Visit, steps: Steps) -> HttpResponse:
    """Tell the sender that the code does not arrive."""
    _require_address(visit)
    proof, visitor = visit.policy.proof, visitor_of(request)
    tell_code_missing(link=visit.link, proof=proof, purpose=CodePurpose.OPENING, visitor=visitor)
    return redirect(f"{address(steps.proof, visit)}?told")


def link_page(request: HttpRequest, form: SecretForm, steps: Steps) -> HttpResponse:
    """Draw the page that every link has."""
    context: dict[str, Any] = {"form": form, "has_errors": bool(form.errors), "heading": steps.heading}
    return render(request, "items/link.html", context, status=422 if form.errors else 200)


def proof_page(
    request: HttpRequest, visit: Visit, form: AnswerForm, steps: Steps, *, warning: str = ""
) -> HttpResponse:
    """Draw the page that asks for the proof."""
    proof, item = visit.policy.proof, visit.item
    is_on_demand = proof in SENT_ON_DEMAND
    sent = sent_code(participant=visit.participant, purpose=CodePurpose.OPENING, proof=proof) if is_on_demand else None
    context = {
        "form": form,
        "has_errors": bool(form.errors),
        "heading": (steps.done_heading if visit.participant.done_at else "") or steps.heading,
        "proof": proof,
        "visit": visit,
        "sender": item.sender,
        "organization": item.organization,
        "openings_left": visit.openings_left if kind_of(steps.kind).has_openings_limit else 0,
        "is_told_by_sender": steps.is_told_by_sender(visit),
        "sent": sent,
        "hint": visit.link.gate.hint,
        "warning": warning,
        "is_sent": "sent" in request.GET,
        "is_told": "told" in request.GET,
        "code_send_url": address(steps.code_send, visit),
        "code_missing_url": address(steps.code_missing, visit),
        "action": address(steps.proof, visit),
    }
    status = 422 if form.errors else 429 if warning else 200
    return render(request, "items/proof.html", context, status=status)


def unknown(request: HttpRequest) -> HttpResponse:
    """Answer whoever has no right secret, whatever they ask and however the link stands."""
    return render(request, "items/link_unknown.html", status=404)


def over(request: HttpRequest, locator: str, refusal: LinkRefused, steps: Steps, *, typed: str = "") -> HttpResponse:
    """Say to somebody who has the right secret why the link opens nothing any more, and what to do.

    Args:
        typed: what was posted too late; it stands there to be copied.
    """
    if isinstance(refusal, LinkDone):
        return redirect(steps.done, locator)
    link = find_link(locator_of(locator))
    if link is None or isinstance(refusal, LinkUnknown):
        return unknown(request)
    participant = link.participant
    context = {
        "refusal": refusal,
        "reason": type(refusal).__name__,
        "participant": participant,
        "item": participant.item,
        "sender": participant.item.sender,
        "organization": participant.item.organization,
        "typed": typed,
    }
    return render(request, steps.over, context, status=410)


def damaged(request: HttpRequest) -> HttpResponse:
    """Say that something does not open as it was sealed."""
    return render(request, "items/damaged.html", status=500)


def _take_secret(request: HttpRequest, locator: str, steps: Steps) -> HttpResponse:
    form = SecretForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return link_page(request, form, steps)
    cookie, secret = opener_or_new(request), form.secret
    try:
        visit = give_secret(locator=locator_of(locator), secret=secret, cookie=cookie, visitor=visitor_of(request))
    except LinkUnknown:
        return unknown(request)
    except LinkRefused as refusal:
        return over(request, locator, refusal, steps)
    if visit.item.kind != steps.kind:
        return unknown(request)
    response = redirect(_next_step(visit, steps), locator)
    keep_opener(response, cookie)
    return response


def _next_step(visit: Visit, steps: Steps) -> str:
    if visit.is_done and (visit.is_open or not steps.is_done_proven or not visit.is_proof_asked):
        return steps.done
    return steps.inside if visit.is_open else steps.proof


def _require_address(visit: Visit) -> None:
    """Answer 404 where nothing is ever mailed: the sender told the code themselves."""
    if not visit.participant.email:
        raise Http404


def _link_of(locator: str, steps: Steps) -> Link | None:
    """Return what a look at a link needs; one that nobody made must take as long, so no more of it is read."""
    found = Link.objects.filter(locator=locator_of(locator) or b"", participant__item__kind=steps.kind)
    return found.only("ended_at").first()
