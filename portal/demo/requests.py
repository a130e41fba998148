"""The signature requests of the demo: one in each state, signed by people outside who never existed."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from accounts.visitors import Visitor
from messaging.items.retention import forget_what_is_over
from messaging.items.services.creating import Made
from portal.demo.asking import ask_to_sign, open_to_sign, sign_by_name
from portal.demo.past import Past
from portal.demo.visitors import likely_visitor
from signatures.choices import MarkKind
from signatures.preparation import PlannedSigner
from signatures.sealers import can_seal
from signatures.services.controlling import cancel
from signatures.services.signing import decline, signing_of

ENDED_AGO, LIFE = timedelta(days=40), timedelta(days=30)
MADELEINE = PlannedSigner("Madeleine Côté", "madeleine.cote@client.example", language="fr")
OWEN = PlannedSigner("Owen Fraser", "owen.fraser@client.example")
IRIS = PlannedSigner("Iris Benoit", "iris.benoit@client.example")
MESSAGE = "Please read it, then sign."
REASON = "The second paragraph names the wrong parcel. Please send it again."


class Requests:
    """What one person has asked others to sign.

    Args:
        past: in which it happens.
        user: who asks.
    """

    def __init__(self, past: Past, user: User) -> None:
        self.past, self.user = past, user
        self.random = Random(f"requests {user.email}")  # noqa: S311  (a likely past, not a secret)

    def plan(self) -> None:
        """Plan the request that nobody signed in its time."""
        sent_at = self.past.now - ENDED_AGO
        self.past.plan(sent_at, lambda at: self._ask("Mandate 2026", [OWEN], at))
        self.past.plan(sent_at + LIFE, forget_what_is_over)

    def send_just_now(self) -> None:
        """Send the others; what everybody has signed is sealed by the worker."""
        now = self.past.now
        going = self._ask("Lease of the mill, second floor", [MADELEINE, replace(OWEN, turn=2)], now)
        self._sign(going)
        self._sign(self._ask("Deed of sale, lot 4 381", [MADELEINE, OWEN], now))
        self._ask("Consent to treatment", [IRIS], now)
        declined, visitor = self._ask("Partition agreement", [IRIS, replace(OWEN, turn=2)], now), self._visitor()
        visit = open_to_sign(declined.links[0], visitor)
        decline(signing_of(visit), reason=REASON, visitor=visitor)
        cancelled = self._ask("Power of attorney (sent by mistake)", [OWEN], now)
        cancel(item=cancelled.item, by=self.user, visitor=self._visitor())

    def _ask(self, title: str, signers: list[PlannedSigner], at: datetime) -> Made:
        return ask_to_sign(self.user, title, signers, message=MESSAGE, life=LIFE, visitor=self._visitor(), at=at)

    def _sign(self, made: Made) -> None:
        """Let those sign whose turn it is from the beginning."""
        for link in made.links:
            visitor = self._visitor()
            sign_by_name(open_to_sign(link, visitor), visitor)

    def _visitor(self) -> Visitor:
        return likely_visitor(self.random)


def requests_of(past: Past, user: User) -> Requests | None:
    """Return who asks others to sign: somebody with a signature of their own, where documents are sealed."""
    has_marks = user.marks.filter(kind=MarkKind.SIGNATURE).exists()
    return Requests(past, user) if has_marks and can_seal(past.now) else None
