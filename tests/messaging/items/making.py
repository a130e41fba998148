"""Make items as a product would, and visit them as a person outside would."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from accounts.models import User
from accounts.visitors import Visitor
from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.db import database_now
from licenses.models import License
from messaging.items.choices import Proof
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.services.controlling import revoke_item
from messaging.items.services.creating import Person, Terms, create_item
from messaging.items.services.links import NewLink
from messaging.items.services.opening import prove
from messaging.items.services.visiting import Visit, give_secret, new_cookie
from tests.cast import make_user

SUBJECT, BODY = "Canary subject of a will", "Canary body: everything goes to the cat."
ADDRESS = "zoe@outside.example"


@dataclass(frozen=True, slots=True)
class Sent:
    """An item just made, its data key and the links of its people."""

    item: Item
    data_key: Secret
    links: list[NewLink]

    @property
    def participant(self) -> Participant:
        """The first person of the item, as the row stands now."""
        return Participant.objects.get(pk=self.links[0].link.participant_id)


def make_sender(email: str = "robin@demo.example", plan: str = "pro") -> User:
    return make_user(email, plan=plan)


def send_item(
    sender: User,
    people: Sequence[Person] = (Person(email=ADDRESS),),
    *,
    days: float = 7,
    longest_days: float = 90,
    openings: int = 5,
    is_copy_kept: bool = True,
    manifest: Manifest | None = None,
    reply_proofs: tuple[str, ...] = (),
    form_key: uuid.UUID | None = None,
    data_key: Secret | None = None,
    whole_id: uuid.UUID | None = None,
) -> Sent:
    """Make an item of a kind of the tests; with files, under the key and whole they are sealed for."""
    now, data_key = database_now(), data_key or new_secret()
    terms = Terms(now + timedelta(days=days), now + timedelta(days=longest_days), openings, reply_proofs)
    made = create_item(
        kind="message",
        sender=sender,
        license=License.objects.get(holder=sender),
        manifest=manifest or Manifest(SUBJECT, BODY),
        people=people,
        terms=terms,
        form_key=form_key or uuid.uuid4(),
        language="en",
        at=now,
        data_key=data_key,
        whole_id=whole_id or uuid.uuid4(),
        is_copy_kept=is_copy_kept,
        visitor=visitor(),
    )
    return Sent(made.item, data_key, made.links)


def visitor(ip_address: str = "192.0.2.7") -> Visitor:
    return Visitor(ip_address, f"{ip_address.rpartition('.')[0]}.0/24", "Firefox", "")


def give(link: NewLink, *, cookie: str = "", secret: Secret | None = None, ip_address: str = "192.0.2.7") -> Visit:
    """Give the secret of a link, or another one, in a fresh browser or in the one of a cookie."""
    return give_secret(
        locator=bytes(link.link.locator),
        secret=(secret or link.secret).reveal(),
        cookie=cookie or new_cookie(),
        visitor=visitor(ip_address),
    )


def open_link(link: NewLink, *, cookie: str = "", answer: str = "") -> Visit:
    """Give the secret, answer the proof, open."""
    visit = give(link, cookie=cookie)
    prove(visit=visit, answer=answer, visitor=visitor())
    return visit


class By(TypedDict):
    """Who controls an item, from where and when."""

    by: User
    visitor: Visitor
    at: datetime


def by(sent: Sent) -> By:
    """Return the sender of an item as the one who controls it now."""
    return By(by=sent.item.sender, visitor=visitor(), at=database_now())


def delete(sent: Sent) -> bool:
    """Delete an item as its sender does."""
    return revoke_item(item=sent.item, by=sent.item.sender, visitor=visitor(), at=database_now())


def expire(item: Item, at: datetime) -> None:
    """Let an item be over at an instant."""
    Item.objects.filter(pk=item.pk).update(sent_at=at - timedelta(days=1), expires_at=at)
    Participant.objects.filter(item=item).update(expires_at=at)


def with_proof(proof: Proof, **values: object) -> Person:
    return Person(email=ADDRESS, proof=proof, **values)  # type: ignore[arg-type]
