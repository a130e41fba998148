"""What each feature of a plan is called and does, which plan has it, and whom to ask where it is missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import administrators_of
from accounts.models import User
from accounts.people import signed_in
from licenses.access import request_license
from licenses.entitlements import Entitlement, features_of
from licenses.models import Feature, Plan


@dataclass(frozen=True, slots=True)
class Description:
    """A feature as a person meets it: what it is called, and in one sentence what it does."""

    name: str | Promise
    sentence: str | Promise


DESCRIPTIONS: Mapping[Feature, Description] = MappingProxyType(
    {
        Feature.ATTACHMENTS: Description(
            _("Attachments"),
            _("Sends files with a secure message; they are encrypted like its text and fetched from its page."),
        ),
        Feature.ENVELOPES: Description(
            _("Secure envelope"),
            _("Gives an outside person a link by which documents reach you safely, without an account."),
        ),
        Feature.SIGNATURE_REQUESTS: Description(
            _("Signature request"),
            _("Has PDF documents signed by people who need no account, and seals the result."),
        ),
        Feature.SIGNATURE_TRACKING: Description(
            _("Signature tracking"),
            _(
                "Lists every document you sent for signature, with what each signer has done and when, "
                "and reminds those who have not signed."
            ),
        ),
        Feature.RETURN_PROTECTION: Description(
            _("Return protection"),
            _(
                "Asks for a proof of identity around whatever comes back: from the person who replies, "
                "and from you before you open it."
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for another license.

    Args:
        administrators: of the person's organization; empty where support is the one to ask.
        is_administrator: the person is one, so that only support can help.
    """

    administrators: list[User]
    is_administrator: bool


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a license does not include, explained.

    Args:
        plan: name of the lowest plan that has it; empty where none is offered.
        own_plan: name of the plan the person has; empty without a license.
    """

    name: str | Promise
    sentence: str | Promise
    plan: str
    own_plan: str
    contact: Contact


def plan_name(plan: Plan | None) -> str:
    """Return a plan's name in the language of the page."""
    return str(plan) if plan is not None else ""


def lowest_plans() -> dict[Feature, Plan]:
    """Return, for each feature, the lowest plan on offer that includes it; one query."""
    lowest: dict[Feature, Plan] = {}
    for plan in Plan.objects.filter(is_offered=True).order_by("rank"):
        for feature in features_of(plan):
            lowest.setdefault(feature, plan)
    return lowest


def contact_of(user: User) -> Contact:
    """Return whom a person asks for another license."""
    if user.organization is None or user.is_administrator:
        return Contact([], user.is_administrator)
    return Contact(administrators_of(user.organization), is_administrator=False)


def why_not_included(feature: Feature, included: Collection[Feature], own_plan: str) -> str:
    """Return why a control of a feature is locked where a plan does not include it, or nothing where it does.

    Args:
        included: features of the plan the person has.
        own_plan: its name; empty without a license.
    """
    if feature in included:
        return ""
    shown = {"plan": plan_name(lowest_plans().get(feature)), "own": own_plan}
    if not own_plan:
        return gettext("Comes with the %(plan)s plan; you have no license.") % shown
    return gettext("Comes with the %(plan)s plan; yours is %(own)s.") % shown


def why_refused(feature: Feature, known: Entitlement, own_plan: str) -> str:
    """Return why an act of a feature is refused: the plan, or a license that is over; nothing where it is not."""
    if known.has(feature):
        return ""
    return why_not_included(feature, known.features, own_plan) or gettext("Your license has expired or is suspended.")


def lack_of(request: HttpRequest, feature: Feature, *, described: Description | None = None) -> Lack | None:
    """Return what the signed-in person's plan lacks, or None where the plan includes it.

    Args:
        described: other words, where a page shows only a part of the feature.
    """
    held = request_license(request)
    if feature in held.entitlement.features:
        return None
    words = described or DESCRIPTIONS[feature]
    return Lack(
        name=words.name,
        sentence=words.sentence,
        plan=plan_name(lowest_plans().get(feature)),
        own_plan=plan_name(held.plan),
        contact=contact_of(signed_in(request)),
    )
