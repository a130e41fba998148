"""The four things a person can send, and what a license allows of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from core import cultures
from licenses.entitlements import features_of
from licenses.features import plan_name
from licenses.models import Feature, Plan
from messaging.items.kinds import all_kinds
from messaging.messages.choices import SendKind

LimitOf = Callable[[Plan], str]


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be sent.

    Args:
        feature: what the plan must include; None where every plan does.
        limit: says what a plan that includes it allows.
        action: label of the way to its page.
    """

    key: str
    icon: str
    name: str | Promise
    sentence: str | Promise
    feature: Feature | None
    limit: LimitOf
    action: str | Promise

    @property
    def url(self) -> str:
        """Where one is made, or where is said which plan has it."""
        if self.key in SendKind.values:
            return f"{reverse('messages:message_new')}?{urlencode({'kind': self.key})}"
        return next(kind.new_url for kind in all_kinds() if kind.code == self.key)


@dataclass(frozen=True, slots=True)
class DrawnOffer:
    """An offer as one person meets it.

    Args:
        limit: what the own plan allows; empty where it does not include it, or without a license.
        locked_plan: lowest plan that includes it, where the own one does not.
    """

    offer: Offer
    limit: str
    locked_plan: str

    @property
    def write_url(self) -> str:
        """Where one is made; empty where the license does not include it."""
        return self.offer.url if self.limit else ""


def drawn_offers(*, plan: Plan | None, lowest: Mapping[Feature, Plan]) -> list[DrawnOffer]:
    """Return the four offers as the holder of a plan meets them; None is a person without a license."""
    return [_drawn(offer, plan, lowest) for offer in OFFERS]


def _drawn(offer: Offer, plan: Plan | None, lowest: Mapping[Feature, Plan]) -> DrawnOffer:
    is_included = plan is not None and (offer.feature is None or offer.feature in features_of(plan))
    if plan is not None and is_included:
        return DrawnOffer(offer, offer.limit(plan), "")
    return DrawnOffer(offer, "", plan_name(lowest.get(offer.feature)) if offer.feature else "")


def _recipients(plan: Plan) -> str:
    count = plan.recipients_per_message
    return ngettext("%(count)s recipient", "Up to %(count)s recipients, To and Cc together", count) % {
        "count": cultures.format_number(count)
    }


def _files(plan: Plan) -> str:
    count = plan.files_per_send
    return ngettext("%(count)s file of up to %(size)s", "Up to %(count)s files, %(size)s in all", count) % {
        "count": cultures.format_number(count),
        "size": cultures.format_size(plan.attachments_bytes, language=get_language() or "en"),
    }


def _open_links(plan: Plan) -> str:
    count = plan.open_envelopes
    return ngettext("%(count)s open link at a time", "Up to %(count)s open links at a time", count) % {
        "count": cultures.format_number(count)
    }


def _signers(plan: Plan) -> str:
    count, shown = plan.signers_per_request, {"count": cultures.format_number(plan.signers_per_request)}
    if plan.is_shown_as_unlimited:
        return _("As many signers as you need; a preventive limit of %(count)s applies") % shown
    return ngettext("%(count)s signer besides yourself", "Up to %(count)s signers besides yourself", count) % shown


OFFERS = (
    Offer(
        "message",
        "mail",
        pgettext_lazy("something to send", "Message"),
        gettext_lazy("A confidential text. Each recipient gets an own link by e-mail and needs no account to read it."),
        None,
        _recipients,
        gettext_lazy("Write a message"),
    ),
    Offer(
        "file",
        "attachment",
        pgettext_lazy("something to send", "File"),
        gettext_lazy("Documents of any size your plan allows, encrypted on the way and while they are kept."),
        Feature.ATTACHMENTS,
        _files,
        gettext_lazy("Send files"),
    ),
    Offer(
        "envelope",
        "envelope",
        pgettext_lazy("something to send", "Envelope"),
        gettext_lazy("A link by which an outside person hands documents over to you, on a phone or a computer."),
        Feature.ENVELOPES,
        _open_links,
        gettext_lazy("Make an envelope"),
    ),
    Offer(
        "signature_request",
        "signature",
        pgettext_lazy("something to send", "Signature request"),
        gettext_lazy("PDF documents to be signed, in the order you choose, and sealed when everybody has."),
        Feature.SIGNATURE_REQUESTS,
        _signers,
        gettext_lazy("Ask for signatures"),
    ),
)
