"""What one sent, and one's drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.people import signed_in
from messaging.items.access import drafts_of, items_of
from messaging.items.choices import State
from messaging.items.kinds import Kind, all_kinds, kind_of
from messaging.items.models import Draft, Participant
from messaging.items.services.account_keys import account_key_of, labels_of, sealed_labels
from messaging.items.states import with_state
from messaging.items.storage import fuller, spaces_of
from messaging.messages.choices import KIND, Box
from messaging.messages.limits import ROWS_A_PAGE
from messaging.messages.paging import Place, page_behind, place_of
from messaging.messages.standing import STATE_TONES
from messaging.messages.views.composer import Segment
from messaging.quota.access import was_counted

SENT_COLUMNS = (
    _("Subject"),
    _("Recipient"),
    _("Date"),
    _("Expiration date"),
    _("Status"),
    _("Kind"),
    _("What you can do"),
)
DRAFT_COLUMNS = (_("Subject"), _("Recipient"), _("Latest activity"), _("Kind"), _("What you can do"))


@dataclass(frozen=True, slots=True)
class SentRow:
    """One thing sent, as its row shows it.

    Args:
        subject: empty where no copy was kept.
        others: recipients besides the first one.
        again_url: begins another like it by a POST; empty for a kind that has none.
    """

    url: str
    again_url: str
    subject: str
    is_kept: bool
    recipient: str
    others: int
    sent_at: datetime
    expires_at: datetime
    state: str
    tone: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft, as its row shows it.

    Args:
        others: people it is for besides the first one.
    """

    url: str
    delete_url: str
    subject: str
    recipient: str
    others: int
    changed_at: datetime
    kind: str | Promise


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Show what was sent, or the drafts."""
    user, place = signed_in(request), place_of(request.GET.get("behind", ""))
    box = Box.DRAFTS if request.GET.get("box") == Box.DRAFTS else Box.SENT
    rows, following = _drafts(user, place) if box is Box.DRAFTS else _sent(user, place)
    address = reverse("messages:message_list")
    urls = {Box.SENT: address, Box.DRAFTS: f"{address}?box={Box.DRAFTS}"}
    context = {
        "is_drafts": box is Box.DRAFTS,
        "segments": [Segment(shown.label, url, shown is box) for shown, url in urls.items()],
        "columns": columns(DRAFT_COLUMNS if box is Box.DRAFTS else SENT_COLUMNS),
        "rows": rows,
        "first_url": urls[box] if place else "",
        "following_url": f"{address}?{urlencode({'box': box.value, 'behind': str(following)})}" if following else "",
        "space": fuller(*spaces_of(user)),
        "was_counted": not rows and box is Box.SENT and was_counted(user),
    }
    return render(request, "messages/message_list.html", context)


def columns(labels: tuple[str | Promise, ...]) -> list[dict[str, str | Promise]]:
    """Return the head of a table as its component takes it."""
    return [{"label": label} for label in labels]


def _sent(user: User, place: Place | None) -> tuple[list[SentRow], Place | None]:
    people = Participant.objects.filter(item=OuterRef("pk")).order_by("position")
    counted = people.order_by().values("item").annotate(count=Count("pk")).values("count")
    items = with_state(items_of(user), timezone.now()).annotate(
        first_email=Subquery(people.values("email")[:1]), people_count=Subquery(counted)
    )
    found, following = page_behind(items, place, instant="sent_at", length=ROWS_A_PAGE)
    sealed = sealed_labels(found)
    labels = labels_of(account_key_of(user), sealed) if sealed else {}
    return [_sent_row(item, labels.get(item.whole_id)) for item in found], following


def _sent_row(item: Any, label: Any) -> SentRow:
    kind, state = kind_of(item.kind), State(item.state)
    return SentRow(
        url=kind.url(item.reference),
        again_url=reverse("messages:message_again", args=[item.reference]) if item.kind == KIND else "",
        subject=label.subject if label else "",
        is_kept=label is not None,
        recipient=item.first_email or "",
        others=max(0, (item.people_count or 0) - 1),
        sent_at=item.sent_at,
        expires_at=item.expires_at,
        state=kind.state_word(state, is_undone=item.is_undone),
        tone=STATE_TONES[state],
        kind=kind,
    )


def _drafts(user: User, place: Place | None) -> tuple[list[DraftRow], Place | None]:
    """Return the drafts of every kind that has any."""
    kinds = [kind.code for kind in all_kinds() if kind.show_draft is not None]
    found, following = page_behind(drafts_of(user, kinds=kinds), place, instant="changed_at", length=ROWS_A_PAGE)
    return [row for draft in found if (row := _draft_row(draft))], following


def _draft_row(row: Draft) -> DraftRow | None:
    """Return what a list shows of a draft; None for one whose key is gone, which is dropped soon."""
    show = kind_of(row.kind).show_draft
    shown = show(row) if show is not None else None
    if shown is None:
        return None
    return DraftRow(
        url=shown.url,
        delete_url=shown.delete_url,
        subject=shown.subject,
        recipient=next(iter(shown.people), ""),
        others=max(0, len(shown.people) - 1),
        changed_at=row.changed_at,
        kind=shown.label,
    )
