"""The envelopes of the demo: some in each state, filled by people outside who never existed."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from random import Random

from django.conf import settings

from accounts.visitors import Visitor
from core import keys
from messaging.envelopes import retention as receipts
from messaging.envelopes.limits import RECEIPT_KEPT_DAYS
from messaging.envelopes.services.asking import Asking, send_envelope
from messaging.envelopes.services.filling import Filling, Given, fill_envelope
from messaging.items import retention
from messaging.items.choices import Proof
from messaging.items.events.kinds import MailFailure
from messaging.items.models import Return
from messaging.items.services.checking import Look, note_check
from messaging.items.services.controlling import revoke_item
from messaging.items.services.creating import Made
from messaging.items.services.delivering import note_failed, note_handed_over
from messaging.items.services.opening import manifest_of, prove
from messaging.items.services.returning import mark_read
from messaging.items.services.visiting import give_secret, new_cookie
from portal.demo.fates import MAILED_ENVELOPES, OLD_ENVELOPES, OPENED_ENVELOPES, YOUNG_ENVELOPES, EnvelopeFate
from portal.demo.files import sealed
from portal.demo.letters import ENVELOPES, Wanted
from portal.demo.moments import many_moments
from portal.demo.past import Act, Past
from portal.demo.senders import Sender
from portal.demo.visitors import likely_visitor

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A young one lives on whenever the demo is loaded, an old one is over.
YOUNG_DAYS, YOUNG_LIFE = 16, timedelta(days=30)
OLD_LIFE, OVER_FOR = timedelta(days=7), timedelta(days=1)


class Envelopes:
    """What one person has asked others to hand over.

    Args:
        past: in which it happens.
        sender: who asks.
    """

    def __init__(self, past: Past, sender: Sender) -> None:
        self.past, self.sender = past, sender
        self.random = Random(f"envelopes {sender.user.email}")  # noqa: S311  (a likely past, not a secret)
        self.visitor = likely_visitor(self.random)
        self._wanted: Iterator[Wanted] = cycle(self.random.sample(ENVELOPES, len(ENVELOPES)))
        self._is_mailed = cycle((True, False))

    def plan(self) -> None:
        """Plan all of them."""
        if not self.sender.envelopes:
            return
        rounds, days, now = self.sender.rounds, self.sender.days, self.past.now
        self._plan(YOUNG_ENVELOPES * rounds, days=min(days, YOUNG_DAYS), until=now, life=YOUNG_LIFE)
        over = OLD_LIFE + OVER_FOR
        self._plan(OLD_ENVELOPES * rounds, days=days - over.days - 1, until=now - over, life=OLD_LIFE)
        for number in range(rounds):
            self._plan_one(EnvelopeFate.WAITING, now - (15 + number) * MINUTE, YOUNG_LIFE)

    def _plan(self, fates: tuple[EnvelopeFate, ...], *, days: int, until: datetime, life: timedelta) -> None:
        """Plan one envelope for each fate, at any time in some days up to an aware instant."""
        zone, mixed = self.sender.user.time_zone, self.random.sample(fates, len(fates))
        moments = many_moments(count=len(fates), days=days, zone=zone, now=until, random=self.random)
        for fate, at in zip(mixed, moments, strict=True):
            self._plan_one(fate, at, life)

    def _plan_one(self, fate: EnvelopeFate, at: datetime, life: timedelta) -> None:
        self.past.plan(at, partial(self._ask, fate, life))

    def _ask(self, fate: EnvelopeFate, life: timedelta, at: datetime) -> None:
        """Make an envelope and plan what becomes of it."""
        keys.prepare_weeks(settings.KEY_DIR, at.date())
        wanted, is_mailed = next(self._wanted), fate in MAILED_ENVELOPES or next(self._is_mailed)
        email, proof = (wanted.email, Proof.OPENING_CODE) if is_mailed else ("", Proof.NONE)
        asking = Asking(email, wanted.title, wanted.instructions, wanted.language, life, proof)
        made = send_envelope(owner=self.sender.user, asking=asking, form_key=uuid.uuid4(), visitor=self.visitor, at=at)
        self.past.plan(made.item.expires_at, retention.forget_what_is_over)
        if fate is EnvelopeFate.REFUSED:
            self._later(at, lambda at: note_failed(made.links[0].link, MailFailure.REFUSED, at=at), MINUTE)
        elif is_mailed and fate is not EnvelopeFate.WAITING:
            self._later(at, lambda at: note_handed_over(made.links[0].link, at=at), MINUTE)
        if fate in OPENED_ENVELOPES:
            self._later(at, partial(self._look_into, fate, wanted, made), 40 * HOUR)
        elif fate is EnvelopeFate.DELETED:
            self._later(at, partial(self._delete, made), 30 * HOUR)

    def _look_into(self, fate: EnvelopeFate, wanted: Wanted, made: Made, at: datetime) -> None:
        """Let somebody open an envelope, and plan that they fill it."""
        visitor, link = likely_visitor(self.random), made.links[0]
        note_check(link=link.link, locator=None, look=Look("GET", "", visitor), at=at)
        secret, cookie = link.secret.reveal(), new_cookie()
        visit = give_secret(locator=bytes(link.link.locator), secret=secret, cookie=cookie, visitor=visitor, at=at)
        prove(visit=visit, answer=made.people[0].secret.value, visitor=visitor, at=at)
        if fate is not EnvelopeFate.LOOKED_INTO:
            filling = Filling(visit, manifest_of(visit, at=at), 0)
            self._later(at, partial(self._fill, fate, wanted, filling, visitor), 20 * MINUTE)

    def _fill(self, fate: EnvelopeFate, wanted: Wanted, filling: Filling, visitor: Visitor, at: datetime) -> None:
        """Let somebody hand over a text and a file, and plan that the owner reads it."""
        uploads = [sealed(wanted.file, data_key=filling.data_key, whole_id=filling.whole_id)]
        given = Given(wanted.name, wanted.email, wanted.answer, uploads, wanted.language)
        returned = fill_envelope(filling=filling, given=given, form_key=uuid.uuid4(), visitor=visitor, at=at)
        self.past.plan(returned.expires_at, retention.forget_what_is_over)
        self.past.plan(at + timedelta(days=RECEIPT_KEPT_DAYS), receipts.forget_what_is_over)
        if fate is EnvelopeFate.FILLED:
            self._later(at, partial(self._read, returned), 5 * HOUR)

    def _read(self, returned: Return, at: datetime) -> None:
        mark_read(returned, visitor=self.visitor, at=at)

    def _delete(self, made: Made, at: datetime) -> None:
        revoke_item(item=made.item, by=self.sender.user, visitor=self.visitor, at=at)

    def _later(self, at: datetime, act: Act, most: timedelta) -> None:
        """Plan what happens soon after an aware instant, at most so much later."""
        self.past.plan(at + most * self.random.uniform(0.1, 1), act)
