"""A year of secure messages: who sent what, and what came of it, all of it done by the services themselves."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.conf import settings

from core import keys
from messaging.items import retention
from messaging.items.choices import Proof
from messaging.items.events.kinds import MailFailure
from messaging.items.models import Return
from messaging.items.services.checking import Look, note_check
from messaging.items.services.controlling import revoke_item
from messaging.items.services.creating import Made, Person
from messaging.items.services.delivering import note_failed, note_handed_over
from messaging.items.services.draft_sealing import Seed
from messaging.items.services.links import NewLink
from messaging.items.services.returning import mark_done, mark_read
from messaging.messages.choices import ReplyKind
from messaging.messages.composition import Composition, Recipient
from messaging.messages.limits import LIFE_HOURS, OPENINGS
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.drafting import MessageDraft, keep_draft
from messaging.messages.services.sending import send_message
from messaging.messages.typed import TICKED, Row, row_fields
from portal.demo import letters
from portal.demo.envelopes import Envelopes
from portal.demo.fates import IN_THE_YEAR, LASTING, LATELY, LIVING, OPENED, REPLIED, UNDERWAY, Fate
from portal.demo.files import sealed
from portal.demo.letters import Letter
from portal.demo.moments import many_moments
from portal.demo.outsider import Outsider
from portal.demo.past import Past
from portal.demo.requests import Requests, requests_of
from portal.demo.senders import Sender
from portal.demo.visitors import likely_visitor, mail_filter

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIVES_HOURS = (24, 72, LIFE_HOURS, LIFE_HOURS, LIFE_HOURS, 336, 720)
# What was sent lately lives on, and is told in full whenever the demo is loaded.
LONG_LIFE_HOURS = 720
LATELY_DAYS = 16
BETWEEN_DRAFTS = timedelta(hours=20)
ITEMS_FOR_A_DRAFT = 120
ITEMS_PER_PASSWORD = 100
CHANCE_OF_A_FILE = 0.35
CHANCE_OF_MORE_PEOPLE = 0.25
CHANCE_OF_ANOTHER_LOOK = 0.25
CHANCE_OF_A_CHECK = 0.3


class Year:
    """What one person sent.

    Args:
        past: in which it happens.
        sender: who sends.
    """

    def __init__(self, past: Past, sender: Sender) -> None:
        self.past, self.sender = past, sender
        self.random = Random(f"year {sender.user.email}")  # noqa: S311  (a likely past, not a secret)
        self.visitor = likely_visitor(self.random)
        self.sent = 0

    def plan(self) -> None:
        """Plan everything but what is sent just now."""
        again = self.sender.rounds - 1
        lately = LATELY + LIVING * again
        fates = [*LASTING] * again
        # Beside them: those that wait for the mail server, one that asks each an own proof, and the one sent just now.
        before = self.sender.items - self.sender.envelopes - len(lately) - len(fates) - self.sender.rounds - 2
        fates += self.random.choices([*IN_THE_YEAR], [*IN_THE_YEAR.values()], k=max(0, before))
        self.random.shuffle(fates)
        zone, days = self.sender.user.time_zone, self.sender.days
        for at, fate in zip(self._moments(len(fates), zone, days - 2), fates, strict=True):
            self.past.plan(at, partial(self._send, fate, lately=False))
        for at, fate in zip(self._moments(len(lately), zone, min(days, LATELY_DAYS)), lately, strict=True):
            self.past.plan(at, partial(self._send, fate, lately=True))
        (at,) = self._moments(1, zone, min(days, LATELY_DAYS))
        self.past.plan(at, partial(self._send, Fate.READ, lately=True, is_mixed=True))
        for number in range(self.sender.rounds):
            self.past.plan(self.past.now - (10 + number) * MINUTE, partial(self._send, Fate.WAITING, lately=True))
        for number in range(1 + self.sender.items // ITEMS_FOR_A_DRAFT):
            self.past.plan(self.past.now - number * BETWEEN_DRAFTS - HOUR, self._begin)

    def send_just_now(self) -> None:
        """Send the newest, whose mail waits for the worker."""
        self._send(Fate.FRESH, self.past.now - MINUTE, lately=True)

    def _moments(self, count: int, zone: str, days: int) -> list[datetime]:
        return many_moments(count=count, days=days, zone=zone, now=self.past.now, random=self.random)

    def _begin(self, at: datetime) -> MessageDraft:
        """Begin a message that stays a draft."""
        return self._draft(self.random.choice(letters.DRAFTS), [Recipient(self._address())], at, has_file=False)

    def _send(self, fate: Fate, at: datetime, *, lately: bool, is_mixed: bool = False) -> None:
        """Send a message and plan what becomes of it.

        Args:
            is_mixed: each recipient is asked for a proof of their own.
        """
        self.sent += 1
        # The week in which it ends may be over, and its key destroyed.
        keys.prepare_weeks(settings.KEY_DIR, at.date())
        letter = self.random.choice(letters.LETTERS)
        recipients = list(letters.EACH_AN_OWN) if is_mixed else self._recipients(fate, is_one=lately)
        has_file = self.sender.license.plan.files_per_send > 0 and self.random.random() < CHANCE_OF_A_FILE
        draft = self._draft(letter, recipients, at, has_file=has_file)
        life = timedelta(hours=LONG_LIFE_HOURS if lately else self.random.choice(LIVES_HOURS))
        made = send_message(
            sender=self.sender.user,
            form_key=draft.row.form_key,
            version=draft.row.version,
            composition=self._composition(letter, recipients, fate, life),
            visitor=self.visitor,
            at=at,
        )
        self._sweep_after(made.item.expires_at)
        for person, link in zip(made.people, made.links, strict=True):
            self._hand_over(fate, link, at)
            # The code by text went to a phone: nobody here can type it.
            if fate in OPENED and person.proof is not Proof.SMS_CODE:
                self._read(fate, draft, person, link, at, lately=lately)
        if fate is Fate.DELETED:
            # Nothing that has ended can be deleted.
            later = self._between(20 * MINUTE, 40 * MINUTE if lately else min(30 * HOUR, life / 2))
            self.past.plan(at + later, partial(self._delete, made))

    def _draft(self, letter: Letter, recipients: list[Recipient], at: datetime, *, has_file: bool) -> MessageDraft:
        seed = Seed()
        files = [sealed(letter.file, data_key=seed.data_key, whole_id=seed.whole_id)] if has_file else []
        texts = {
            "kind": "message",
            "subject": letter.subject,
            "body": letter.body,
            "language": letter.language,
            "life_hours": str(LIFE_HOURS),
            "openings": str(OPENINGS),
            "proof": Proof.OPENING_CODE.value,
            "reply_kind": self._reply_kind.value,
            "is_subject_shown": TICKED,
            "is_copy_kept": TICKED,
            "is_read_receipt_asked": TICKED,
        }
        fields = {name: [value] for name, value in texts.items()}
        rows = row_fields([Row(email=one.email, cell_number=one.number, proof=_own_proof(one)) for one in recipients])
        return keep_draft(
            owner=self.sender.user,
            form_key=uuid.uuid4(),
            version=0,
            fields=fields | rows,
            seed=seed,
            added=files,
            at=at,
        )

    def _recipients(self, fate: Fate, *, is_one: bool) -> list[Recipient]:
        has_password = fate in OPENED and self.sent % ITEMS_PER_PASSWORD == 0
        proof = Proof.ITEM_PASSWORD if has_password else Proof.OPENING_CODE
        return [Recipient(address, proof=proof) for address in self._addresses(is_one=is_one)]

    def _composition(self, letter: Letter, recipients: list[Recipient], fate: Fate, life: timedelta) -> Composition:
        has_password = any(one.proof is Proof.ITEM_PASSWORD for one in recipients)
        return Composition(
            recipients=recipients,
            subject=letter.subject,
            body=letter.body,
            language=letter.language,
            life=life,
            openings=1 if fate is Fate.USED_UP else OPENINGS,
            password=letters.AGREED_PASSWORD if has_password else "",
            hint=letters.HINT if has_password else "",
            reply=ReplyTerms(self._reply_kind),
        )

    @property
    def _reply_kind(self) -> ReplyKind:
        return ReplyKind.FILES if self.sender.license.plan.files_per_send else ReplyKind.TEXT

    def _hand_over(self, fate: Fate, made: NewLink, at: datetime) -> None:
        """Plan what the mail server does with a mail, and the programs behind it."""
        later = at + self._between(timedelta(seconds=3), MINUTE)
        if fate is Fate.REFUSED:
            self.past.plan(later, lambda at: note_failed(made.link, MailFailure.REFUSED, at=at))
        elif fate not in UNDERWAY:
            self.past.plan(later, lambda at: note_handed_over(made.link, at=at))
            if self.random.random() < CHANCE_OF_A_CHECK:
                look = Look(method="GET", purpose="", visitor=mail_filter(self.random))
                self.past.plan(later + MINUTE, lambda at: note_check(link=made.link, locator=None, look=look, at=at))

    def _read(
        self, fate: Fate, draft: MessageDraft, person: Person, link: NewLink, at: datetime, *, lately: bool
    ) -> None:
        """Plan that a person opens a message, once or twice, and what they do then."""
        outsider = Outsider(self.past, self.random, draft, person, link)
        later = at + self._between(4 * MINUTE, HOUR if lately else 40 * HOUR)
        self.past.plan(later, outsider.look_and_open)
        if fate in REPLIED:
            answered = partial(outsider.answer, then=self._after_reply(fate))
            self.past.plan(later + self._between(5 * MINUTE, 20 * MINUTE), answered)
        elif fate is Fate.READ and self.random.random() < CHANCE_OF_ANOTHER_LOOK:
            self.past.plan(later + self._between(2 * HOUR, 50 * HOUR), outsider.look_and_open)

    def _after_reply(self, fate: Fate) -> Callable[[Return], None]:
        """Return what the sender does when a reply came."""

        def read_later(returned: Return) -> None:
            self._sweep_after(returned.expires_at)
            if fate is not Fate.UNREAD:
                later = returned.arrived_at + self._between(2 * MINUTE, 20 * MINUTE)
                self.past.plan(later, lambda at: mark_read(returned, visitor=self.visitor, at=at))
                self.past.plan(later + DAY, partial(self._put_away, returned))

        return read_later

    def _put_away(self, returned: Return, at: datetime) -> None:
        mark_done([returned.pk], reader=self.sender.user, at=at)

    def _delete(self, made: Made, at: datetime) -> None:
        revoke_item(item=made.item, by=self.sender.user, visitor=self.visitor, at=at)

    def _sweep_after(self, ends_at: datetime) -> None:
        """Let the portal forget what ended, as its worker does within ten minutes."""
        self.past.plan(ends_at + self._between(timedelta(), 10 * MINUTE), retention.forget_what_is_over)

    def _addresses(self, *, is_one: bool) -> list[str]:
        count = 1 if is_one or self.random.random() >= CHANCE_OF_MORE_PEOPLE else self.random.randint(2, 3)
        return self.random.sample(letters.OUTSIDERS, count)

    def _address(self) -> str:
        return self.random.choice(letters.OUTSIDERS)

    def _between(self, least: timedelta, most: timedelta) -> timedelta:
        return least + (most - least) * self.random.random()


def _own_proof(recipient: Recipient) -> str:
    """Return the proof that a row of the composer names: nothing where it is the one for all."""
    return "" if recipient.proof is Proof.OPENING_CODE else recipient.proof.value


def tell_year(senders: list[Sender], now: datetime) -> None:
    """Let everybody's year happen, up to an aware instant."""
    past = Past(now)
    years = [Year(past, sender) for sender in senders]
    asking = [found for sender in senders if (found := requests_of(past, sender.user)) is not None]
    everything: list[Year | Requests] = [*years, *asking]
    for one in [*everything, *(Envelopes(past, sender) for sender in senders)]:
        one.plan()
    past.happen()
    for one in everything:
        one.send_just_now()
