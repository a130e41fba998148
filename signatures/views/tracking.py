"""The tracking of signature requests."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licenses.access import request_entitlement, require_feature
from licenses.features import lack_of
from licenses.models import Feature
from signatures.choices import RequestState

READING = ("GET", "HEAD")
FEATURE = Feature.SIGNATURE_TRACKING
COLUMNS = (_("Status"), _("Document"), _("Signers, in order"), _("Latest activity"), _("Expiration date"))

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class StateTab:
    """A way to the requests of one state, and how many there are."""

    label: str | Promise
    url: str
    is_current: bool
    count: int


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
    asked = request.GET.get("state", "")
    state = RequestState(asked) if asked in RequestState.values else RequestState.IN_PROGRESS
    context = {
        "state": state,
        "tabs": [_tab(shown, state) for shown in RequestState],
        "columns": [{"label": label} for label in COLUMNS],
    }
    return render(request, "signatures/tracking.html", context)


def _tab(shown: RequestState, current: RequestState) -> StateTab:
    address = reverse("signatures:tracking")
    url = address if shown is RequestState.IN_PROGRESS else f"{address}?state={shown}"
    # Requests do not exist before sending does; their table brings the real count.
    return StateTab(shown.label, url, shown is current, count=0)
