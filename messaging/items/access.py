"""How a view gets at drafts, what was sent and what came back: nobody but their owner finds them."""

import uuid
from collections.abc import Collection

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from core.db import DatabaseNow
from messaging.items.choices import Proof
from messaging.items.models import Draft, Item, Link, Return
from messaging.items.policies import Policy

_UNREAD_CACHE = "_unread_returns"


def items_of(sender: User) -> QuerySet[Item]:
    """Return what a person sent in their organization, both of which an index holds; not yet sorted."""
    return Item.objects.filter(sender=sender, organization=sender.organization_id)


def asked_before_replying(item: Item) -> list[Proof]:
    """Return the proofs of which the people of an item are asked one before they reply; one query.

    They stand in the terms of its links, which are the same for everybody and for each new link. A proof that this
    portal cannot ask is left out.
    """
    newest = Link.objects.filter(participant__item=item).order_by("-pk").values_list("policy", flat=True).first()
    named = Policy.from_text(newest).reply_proofs if newest else ()
    return [proof for proof in Proof if proof.value in named]


def draft_of(owner: User, form_key: uuid.UUID, *, kind: str) -> Draft | None:
    """Return a person's draft of a kind by its form's key."""
    return Draft.objects.filter(owner=owner, form_key=form_key, kind=kind).first()


def drafts_of(owner: User, *, kinds: Collection[str]) -> QuerySet[Draft]:
    """Return a person's drafts of some kinds, newest change first."""
    return Draft.objects.filter(owner=owner, kind__in=kinds).order_by("-changed_at", "-pk")


def unread_count(reader: User) -> int:
    """Return how many returns of a person wait to be read; one query over their index."""
    return returns_of(reader).filter(read_at=None).count()


def request_unread(request: HttpRequest) -> int:
    """Return how many returns wait for the signed-in person, asked once a request."""
    known: int | None = getattr(request, _UNREAD_CACHE, None)
    if known is None:
        known = unread_count(request.user) if isinstance(request.user, User) else 0
        remember_unread(request, known)
    return known


def is_unread_known(request: HttpRequest) -> bool:
    """Tell whether the request would answer without a query."""
    return hasattr(request, _UNREAD_CACHE)


def remember_unread(request: HttpRequest, known: int) -> None:
    """Spare the question where a page has asked already."""
    setattr(request, _UNREAD_CACHE, known)


def returns_of(owner: User) -> QuerySet[Return]:
    """Return what came back to a person and has not ended, by the database's clock: the worker may come by later."""
    return Return.objects.filter(owner=owner, shredded_at=None, expires_at__gt=DatabaseNow())


def return_of(user: User, whole_id: uuid.UUID) -> Return:
    """Return what came back to a person; 404 for anybody else, and once it has ended or was destroyed."""
    found = returns_of(user).select_related("item", "participant", "owner").filter(whole_id=whole_id).first()
    if found is None:
        raise Http404
    return found
