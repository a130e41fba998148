"""Who acted, as an event copies them in."""

from typing import TypedDict

from accounts.models import User
from accounts.visitors import Visitor
from messaging.items.models import Participant


class Actor(TypedDict):
    """The personal values of an event, as `record` takes them."""

    name: str
    address: str
    ip: str
    browser: str


def outsider(participant: Participant, visitor: Visitor | None = None) -> Actor:
    """Return a person outside as an actor, and from where they acted."""
    return _actor(participant.name, participant.email, visitor)


def owner(user: User, visitor: Visitor | None = None) -> Actor:
    """Return a person with an account as an actor, and from where they acted."""
    return _actor(user.get_full_name(), user.email, visitor)


def _actor(name: str, address: str, visitor: Visitor | None) -> Actor:
    ip, browser = (visitor.ip_address, visitor.browser) if visitor else ("", "")
    return Actor(name=name, address=address, ip=ip, browser=browser)
