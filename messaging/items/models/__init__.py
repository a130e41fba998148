"""Drafts, items, people, links, content, what came back, what happened."""

from messaging.items.models.content import AccountKey, Blob, Content, Return
from messaging.items.models.drafts import Draft
from messaging.items.models.events import ChainHead, Event, EventPerson, QuarterHour
from messaging.items.models.items import Item, Participant, log_is_kept
from messaging.items.models.links import Gate, Link, LinkCheck, OpenSession
from messaging.items.models.spaces import OrganizationSpace

__all__ = [
    "AccountKey",
    "Blob",
    "ChainHead",
    "Content",
    "Draft",
    "Event",
    "EventPerson",
    "Gate",
    "Item",
    "Link",
    "LinkCheck",
    "OpenSession",
    "OrganizationSpace",
    "Participant",
    "QuarterHour",
    "Return",
    "log_is_kept",
]
