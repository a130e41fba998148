"""The tracking of signature requests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.people import signed_in
from core.cultures.places import zone_info
from licenses.access import request_entitlement, require_feature
from licenses.features import lack_of
from licenses.models import Feature
from messaging.activity.addresses import NEWER, OLDER, turn_asked
from messaging.activity.places import Place, Turn
from messaging.items.kinds import kind_of
from signatures.choices import KIND, RequestState
from signatures.limits import TRACKED_ROWS_A_PAGE
from signatures.request_drafts import DraftRow, drafts_page
from signatures.tracked import TrackedRow, Wanted, counted, tracked_page
from signatures.tracking_filter import TrackingFilterForm, state_asked, tracking_url

READING = ("GET", "HEAD")
FEATURE = Feature.SIGNATURE_TRACKING
ACTS = _("What you can do")
SENT_COLUMNS = (_("Status"), _("Document"), _("Signers, in order"), _("Latest activity"), _("Expiration date"))
DRAFT_COLUMNS = (_("Document"), _("Latest activity"), ACTS)
# Of many requests, which French words otherwise than the state of one.
TAB_NAMES = {
    RequestState.IN_PROGRESS: pgettext_lazy("requests of a state", "In progress"),
    RequestState.COMPLETED: pgettext_lazy("requests of a state", "Completed"),
    RequestState.EXPIRED: pgettext_lazy("requests of a state", "Expired"),
    RequestState.DECLINED: pgettext_lazy("requests of a state", "Declined"),
    RequestState.CANCELLED: pgettext_lazy("requests of a state", "Cancelled"),
    RequestState.DRAFT: pgettext_lazy("requests of a state", "Drafts"),
}
# In the other states nothing can be done from the list.
WITH_ACTS = frozenset({RequestState.IN_PROGRESS, RequestState.COMPLETED})

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class StateTab:
    """A way to the requests of one state, and how many there are."""

    label: str | Promise
    url: str
    is_current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list: its rows, and the places from which it is turned."""

    rows: Sequence[TrackedRow | DraftRow]
    ways: Turn


def read_only(view: View) -> View:
    """Refuse every act: first for the license that does not include it, then because the page takes none."""

    reading = require_safe(view)

    @wraps(reading)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            require_feature(request_entitlement(request), FEATURE)
        return reading(request)

    return answer


@read_only
def tracking(request: HttpRequest) -> HttpResponse:
    """Show the requests of one state, or what the plan lacks."""
    lack = lack_of(request, FEATURE)
    if lack is not None:
        return render(request, "signatures/tracking_locked.html", {"lack": lack})
    user, state, now = signed_in(request), state_asked(request.GET), timezone.now()
    form = TrackingFilterForm.of(request.GET)
    wanted = form.wanted(zone_info(user.time_zone))
    counts = counted(user, wanted or Wanted(), now)
    is_empty = wanted is None or not counts[state]
    page = Page([], Turn()) if is_empty else _page(request, user, wanted or Wanted(), state, now)
    is_drafts = state is RequestState.DRAFT
    columns = (*SENT_COLUMNS, ACTS) if state in WITH_ACTS else SENT_COLUMNS
    context = {
        "state": state,
        "is_drafts": is_drafts,
        "tabs": [_tab(request, shown, state, counts[shown]) for shown in RequestState],
        "columns": [{"label": label} for label in (DRAFT_COLUMNS if is_drafts else columns)],
        "has_acts": state in WITH_ACTS,
        "rows": page.rows,
        "form": form,
        "has_errors": wanted is None,
        "clear_url": tracking_url(type(request.GET)(), state),
        "new_url": kind_of(KIND).new_url,
        **_ways(request, state, page.ways),
    }
    return render(request, "signatures/tracking.html", context)


def _page(request: HttpRequest, user: User, wanted: Wanted, state: RequestState, now: datetime) -> Page:
    turn = turn_asked(request.GET)
    if state is RequestState.DRAFT:
        return Page(*drafts_page(user, turn=turn, length=TRACKED_ROWS_A_PAGE))
    return Page(*tracked_page(owner=user, wanted=wanted, state=state, turn=turn, length=TRACKED_ROWS_A_PAGE, at=now))


def _tab(request: HttpRequest, shown: RequestState, current: RequestState, count: int) -> StateTab:
    return StateTab(TAB_NAMES[shown], tracking_url(request.GET, shown), shown is current, count)


def _ways(request: HttpRequest, state: RequestState, ways: Turn) -> dict[str, Any]:
    def url(way: str, place: Place | None) -> str:
        return tracking_url(request.GET, state, {way: place.to_text()}) if place else ""

    return {"older_url": url(OLDER, ways.older_than), "newer_url": url(NEWER, ways.newer_than)}
