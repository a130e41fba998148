"""What one sent, one's drafts, and the page of the four things one can send."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from licenses.access import request_license
from licenses.features import contact_of, lowest_plans, plan_name
from messaging.messages.offers import drawn_offers
from messaging.quota.access import was_counted

SENT_COLUMNS = (_("Subject"), _("Recipient"), _("Date"), _("Expiration date"), _("Status"), _("Kind"))
DRAFT_COLUMNS = (_("Subject"), _("Recipient"), _("Latest activity"), _("Kind"))


class Box(TextChoices):
    """The two lists of what one sends."""

    SENT = "sent", pgettext_lazy("list", "Sent")
    DRAFTS = "drafts", pgettext_lazy("list", "Drafts")


@dataclass(frozen=True, slots=True)
class Segment:
    """A way to one of the lists."""

    label: str | Promise
    url: str
    is_current: bool


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Show what was sent, or the drafts."""
    box = Box.DRAFTS if request.GET.get("box") == Box.DRAFTS else Box.SENT
    address = reverse("messages:message_list")
    urls = {Box.SENT: address, Box.DRAFTS: f"{address}?box={Box.DRAFTS}"}
    context = {
        "is_drafts": box is Box.DRAFTS,
        "segments": [Segment(shown.label, url, shown is box) for shown, url in urls.items()],
        "columns": columns(DRAFT_COLUMNS if box is Box.DRAFTS else SENT_COLUMNS),
        "was_counted": box is Box.SENT and was_counted(request_license(request).license),
    }
    return render(request, "messages/message_list.html", context)


@require_safe
def message_new(request: HttpRequest) -> HttpResponse:
    """Show the four things one can send, and what the own license allows of each."""
    held = request_license(request)
    offers = drawn_offers(plan=held.plan, lowest=lowest_plans())
    has_lack = held.plan is None or any(drawn.locked_plan for drawn in offers)
    context = {
        "offers": offers,
        "plan": held.plan,
        "own_plan": plan_name(held.plan),
        "license": held.license,
        "is_live": held.entitlement.is_live,
        "contact": contact_of(signed_in(request)) if has_lack or not held.entitlement.is_live else None,
    }
    return render(request, "messages/message_new.html", context)


def columns(labels: tuple[str | Promise, ...]) -> list[dict[str, str | Promise]]:
    """Return the head of a table as its component takes it."""
    return [{"label": label} for label in labels]
