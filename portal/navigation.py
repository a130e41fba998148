"""The main menu and the account page's tabs, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.contrib.admin import site
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from licenses.access import request_entitlement
from licenses.models import Feature
from messaging.items.access import request_unread
from portal.frame import read_frame


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go.

    Args:
        feature: what the plan must include; without it the entry stays a link and carries a lock.
        tabs: URL names of further pages that belong to the place.
        has_pages_below: every address below its own belongs to it.
        count: how many things wait there for a person.
    """

    label: str | Promise
    url_name: str
    icon: str = ""
    feature: Feature | None = None
    is_for_administrators: bool = False
    is_for_support: bool = False
    tabs: tuple[str, ...] = ()
    has_pages_below: bool = False
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page draws it.

    Args:
        count: how many things wait there, in few characters; empty for none.
    """

    label: str
    url: str
    icon: str
    is_current: bool
    locked_plan: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class QuickAction:
    """One of the green buttons at the top of the account page.

    Args:
        more: what stands below its label.
    """

    id: str
    entry: Entry
    more: str | Promise


@dataclass(frozen=True, slots=True)
class DrawnAction:
    """A green button as a page draws it."""

    id: str
    link: Link
    more: str


MAIN = (
    Entry(_("My account"), "portal:account", "user", tabs=("signatures:marks", "activity:log")),
    Entry(_("Received"), "messages:returns", "inbox", has_pages_below=True, count=request_unread),
    Entry(_("Sent and drafts"), "messages:message_list", "send", has_pages_below=True),
    Entry(_("Signature tracking"), "signatures:tracking", "signature", Feature.SIGNATURE_TRACKING),
    Entry(_("Options"), "portal:organization", "settings", is_for_administrators=True),
    Entry(_("Support"), "admin:index", "shield", is_for_support=True, has_pages_below=True),
)
ACCOUNT_TABS = (
    Entry(_("Details about your license"), "portal:account"),
    Entry(_("Electronic signature"), "signatures:marks", feature=Feature.SIGNATURE_TRACKING),
    Entry(_("Statistics and logs"), "activity:log"),
)
QUICK_ACTIONS = (
    QuickAction(
        "send",
        Entry(_("Send a secure message"), "messages:message_new", "send"),
        _("Message, file, envelope or signature request"),
    ),
    QuickAction(
        "tracking",
        Entry(_("Signature tracking"), "signatures:tracking", "signature", Feature.SIGNATURE_TRACKING),
        _("Documents sent for signature"),
    ),
)
# The plan that includes a locked thing, as a person knows it.
PLAN_WITH_EVERYTHING = "Pro"
COUNTED_MOST = 99


def main_menu(request: HttpRequest) -> tuple[Link, ...]:
    """Return the main menu of the signed-in person."""
    read_frame(request)
    return tuple(_link(request, entry) for entry in MAIN if _is_for(request, entry))


def account_tabs(request: HttpRequest) -> tuple[Link, ...]:
    """Return the three tabs below the green buttons."""
    return tuple(_link(request, entry) for entry in ACCOUNT_TABS)


def quick_actions(request: HttpRequest) -> tuple[DrawnAction, ...]:
    """Return the two green buttons of the account page."""
    return tuple(DrawnAction(action.id, _link(request, action.entry), str(action.more)) for action in QUICK_ACTIONS)


def _is_for(request: HttpRequest, entry: Entry) -> bool:
    user = request.user
    if entry.is_for_support:
        return site.has_permission(request)
    return not entry.is_for_administrators or (isinstance(user, User) and user.is_administrator)


def _link(request: HttpRequest, entry: Entry) -> Link:
    url = _address(entry.url_name)
    is_below = entry.has_pages_below and request.path.startswith(url)
    is_current = is_below or request.path in (url, *map(_address, entry.tabs))
    is_locked = entry.feature is not None and entry.feature not in request_entitlement(request).features
    return Link(
        str(entry.label), url, entry.icon, is_current, PLAN_WITH_EVERYTHING if is_locked else "", _count(request, entry)
    )


def _count(request: HttpRequest, entry: Entry) -> str:
    waiting = entry.count(request) if entry.count is not None else 0
    return f"{COUNTED_MOST}+" if waiting > COUNTED_MOST else str(waiting or "")


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)
