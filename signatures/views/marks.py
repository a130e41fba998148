"""One's signature marks: shown, made in three ways, chosen, deleted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.crypto.sealing import SealBroken
from core.small_files import keeps_small_file
from licenses.access import request_entitlement, require_feature
from licenses.features import Description, lack_of
from licenses.models import Feature
from signatures.access import content_of, mark_of, marks_of
from signatures.choices import MarkKind, MarkWay
from signatures.drawing import PIXELS_PER_INCH, POINTS_PER_INCH, SIZES, draw_picture
from signatures.errors import TooManyMarks
from signatures.forms import FORMS, MarkForm
from signatures.hands import HANDS, PLAIN_HAND, hand_for
from signatures.limits import MARKS_PER_KIND, PICTURE_MOST_BYTES
from signatures.models import Mark
from signatures.services.marking import add_mark, delete_mark, make_default

FEATURE = Feature.SIGNATURE_TRACKING
DESCRIBED = Description(
    gettext_lazy("Electronic signature"),
    gettext_lazy("Keeps your signature and your initials, drawn, typed or uploaded, so that signing takes one click."),
)
MADE = {
    MarkWay.DRAWN: pgettext_lazy("a signature mark", "Drawn"),
    MarkWay.TYPED: pgettext_lazy("a signature mark", "Typed"),
    MarkWay.UPLOADED: pgettext_lazy("a signature mark", "Uploaded"),
}

logger = logging.getLogger("portal.signatures")

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark as a card shows it.

    Args:
        made: how, in a word.
    """

    mark: Mark
    made: str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """One's marks of a kind.

    Args:
        width, height: of their pictures on the screen, in CSS pixels, so that they are as large as on paper.
    """

    kind: MarkKind
    marks: list[ShownMark]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class WayTab:
    """A way to make a mark, in a row of them."""

    label: str | Promise
    url: str
    is_current: bool


def plan_needed(view: View) -> View:
    """Refuse acts for which the license is not enough, before anything of the form is read."""

    @wraps(view)
    def answer(request: HttpRequest, *args: UUID, **kwargs: UUID) -> HttpResponseBase:
        if request.method == "POST":
            require_feature(request_entitlement(request), FEATURE)
        return view(request, *args, **kwargs)

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@plan_needed
@keeps_small_file(PICTURE_MOST_BYTES)
def marks(request: HttpRequest) -> HttpResponse:
    """Show one's marks with a form for another one, and take it; or what the plan lacks."""
    lack = lack_of(request, FEATURE, described=DESCRIBED)
    if lack is not None:
        return render(request, "signatures/marks.html", {"lack": lack})
    if request.method != "POST":
        return _page(request, _empty_form(request))
    form = FORMS[_way(request.POST.get("way"))](request.POST, request.FILES)
    return _add(request, form) if form.is_valid() else _page(request, form)


@require_safe
@cache_control(private=True, no_store=True)
def mark_picture(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Give the picture of one's own mark, drawn as it is stamped into documents."""
    mark = mark_of(signed_in(request), handle)
    try:
        content = content_of(mark)
    except SealBroken:
        logger.exception("signatures.mark_damaged")
        raise Http404 from None
    return HttpResponse(draw_picture(content, SIZES[MarkKind(mark.kind)]), content_type="image/png")


@require_POST
@plan_needed
def mark_default(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Let one of one's marks be the first that is offered."""
    make_default(mark=mark_of(signed_in(request), handle))
    messages.success(request, _("It is now the default and offered first."))
    return redirect("signatures:marks")


@require_http_methods(["GET", "HEAD", "POST"])
def mark_delete(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Ask, then delete one of one's marks; whatever the license, what is one's own can be deleted."""
    mark = mark_of(signed_in(request), handle)
    if request.method != "POST":
        context = {"mark": mark, "group": _group(MarkKind(mark.kind), [mark])}
        return render(request, "signatures/mark_delete.html", context)
    delete_mark(mark=mark, visitor=visitor_of(request))
    messages.success(request, _("The mark was deleted. Documents signed with it stay as they are."))
    return redirect("signatures:marks")


def _add(request: HttpRequest, form: MarkForm) -> HttpResponse:
    kind, is_default = MarkKind(form.cleaned_data["kind"]), form.cleaned_data["is_default"]
    owner, visitor = signed_in(request), visitor_of(request)
    try:
        add_mark(owner=owner, kind=kind, content=form.content(), is_default=is_default, visitor=visitor)
    except TooManyMarks as refusal:
        form.add_error("kind", str(refusal))
        return _page(request, form)
    messages.success(request, _("The mark is kept. Below you see it as it will be on paper."))
    return redirect("signatures:marks")


def _page(request: HttpRequest, form: MarkForm) -> HttpResponse:
    user = signed_in(request)
    kind = form["kind"].value()
    context = {
        "lack": None,
        "form": form,
        "has_errors": bool(form.errors),
        "groups": [_group(kind, found) for kind, found in marks_of(user).items()],
        "can_add": request_entitlement(request).has(FEATURE),
        "most": MARKS_PER_KIND,
        "picture_bytes": PICTURE_MOST_BYTES,
        "ways": [WayTab(way.label, _add_url(way, kind), way is form.way) for way in MarkWay],
        "hands": _hands(form) if form.way is MarkWay.TYPED else [],
        "sample": user.get_full_name(),
    }
    return render(request, "signatures/marks.html", context, status=422 if form.errors else 200)


def _group(kind: MarkKind, found: list[Mark]) -> Group:
    size = SIZES[kind]
    width, height = (round(points * PIXELS_PER_INCH / POINTS_PER_INCH) for points in (size.width, size.height))
    return Group(kind, [ShownMark(mark, MADE[MarkWay(mark.way)]) for mark in found], width, height)


def _hands(form: MarkForm) -> list[tuple[str, str | Promise, bool]]:
    """Return code and name of each handwriting, and whether it is chosen."""
    chosen = form["hand"].value()
    return [(hand, name, hand == chosen) for hand, name in HANDS.items()]


def _empty_form(request: HttpRequest) -> MarkForm:
    asked, user = request.GET.get("kind"), signed_in(request)
    kind = MarkKind(asked) if asked in MarkKind.values else MarkKind.SIGNATURE
    text = _usual_text(user, kind)
    initial = {"kind": kind, "text": text, "hand": hand_for(text) or PLAIN_HAND}
    return FORMS[_way(request.GET.get("way"))](initial=initial)


def _usual_text(user: User, kind: MarkKind) -> str:
    return user.initials if kind is MarkKind.INITIALS else user.get_full_name()


def _way(asked: str | None) -> MarkWay:
    """Return the way that was asked for; typing is the one that always works."""
    return MarkWay(asked) if asked in MarkWay.values else MarkWay.TYPED


def _add_url(way: MarkWay, kind: object) -> str:
    shown = kind if kind in MarkKind.values else MarkKind.SIGNATURE
    return f"{reverse('signatures:marks')}?way={way}&kind={shown}#add"
