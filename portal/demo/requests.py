"""The signature requests of the demo: some in each state, signed by people outside who never existed."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from accounts.models import User
from accounts.visitors import Visitor
from messaging.items.retention import forget_what_is_over
from messaging.items.services.creating import Made
from messaging.items.services.delivering import note_handed_over
from messaging.items.services.links import NewLink
from portal.demo.asking import ask_to_sign, begin_to_ask, open_to_sign, sign_by_name
from portal.demo.moments import many_moments
from portal.demo.past import Past
from portal.demo.visitors import likely_visitor
from signatures.choices import MarkKind
from signatures.preparation import PlannedSigner
from signatures.sealers import can_seal
from signatures.services.answering import signing_of
from signatures.services.controlling import cancel
from signatures.services.declining import decline

LIFE, LATELY_DAYS, OVER_DAYS = timedelta(days=30), 16, 120
MINUTE = timedelta(minutes=1)
MADELEINE = PlannedSigner("Madeleine Côté", "madeleine.cote@client.example", language="fr")
OWEN = PlannedSigner("Owen Fraser", "owen.fraser@client.example")
IRIS = PlannedSigner("Iris Benoit", "iris.benoit@client.example")
MESSAGE = "Please read it, then sign."
REASON = "The second paragraph names the wrong parcel. Please send it again."

Signers = tuple[PlannedSigner, ...]
OWEN_LAST = replace(OWEN, turn=2)
# What somebody has signed and somebody else not yet, and what everybody has, which is sealed by the worker.
HALF_SIGNED: dict[str, Signers] = {
    "Lease of the mill, second floor": (MADELEINE, OWEN_LAST),
    "Contrat de services 2027": (IRIS, OWEN_LAST),
}
SIGNED: dict[str, Signers] = {
    "Deed of sale, lot 4 381": (MADELEINE, OWEN),
    "Renewal of the lease, unit 12": (IRIS,),
    "Entente de confidentialité": (MADELEINE,),
}
DECLINED: dict[str, Signers] = {
    "Partition agreement": (IRIS, OWEN_LAST),
    "Servitude de passage": (MADELEINE,),
    "Transfer of shares": (OWEN,),
}
CANCELLED: dict[str, Signers] = {
    "Power of attorney (sent by mistake)": (OWEN,),
    "Offre d’achat, première version": (MADELEINE,),
    "Terms of the loan, without annex": (IRIS,),
}
OVER: dict[str, Signers] = {"Mandate 2026": (OWEN,), "Mandat de vente": (MADELEINE,), "Quote for the roof": (IRIS,)}
NEW: dict[str, Signers] = {"Consent to treatment": (IRIS,)}
BEGUN: dict[str, Signers] = {
    "Shareholders’ agreement": (OWEN, IRIS),
    "Bail commercial, 3e étage": (MADELEINE,),
    "Settlement of the claim": (IRIS,),
}


class Requests:
    """What one person has asked others to sign.

    Args:
        past: in which it happens.
        user: who asks.
    """

    def __init__(self, past: Past, user: User) -> None:
        self.past, self.user = past, user
        self.random = Random(f"requests {user.email}")  # noqa: S311  (a likely past, not a secret)
        self.asked: dict[str, Made] = {}

    def plan(self) -> None:
        """Plan those that were sent some days ago, and those that nobody signed in their time."""
        self._plan(HALF_SIGNED | SIGNED | DECLINED | CANCELLED, days=LATELY_DAYS, until=self.past.now)
        self._plan(OVER, days=OVER_DAYS, until=self.past.now - LIFE - timedelta(days=1))

    def send_just_now(self) -> None:
        """Do what the people outside do today, and send and begin the newest."""
        for title in HALF_SIGNED | SIGNED:
            self._sign(self.asked[title])
        for title in DECLINED:
            self._decline(self.asked[title])
        for title in CANCELLED:
            cancel(item=self.asked[title].item, by=self.user, visitor=self._visitor())
        for title, signers in NEW.items():
            self._ask(title, signers, self.past.now)
        for title, signers in BEGUN.items():
            begin_to_ask(self.user, title, signers, message=MESSAGE)

    def _plan(self, requests: dict[str, Signers], *, days: int, until: datetime) -> None:
        """Plan requests at any time in some days up to an aware instant."""
        titles, zone = self.random.sample(list(requests), len(requests)), self.user.time_zone
        moments = many_moments(count=len(titles), days=days, zone=zone, now=until, random=self.random)
        for title, at in zip(titles, moments, strict=True):
            self.past.plan(at, partial(self._ask_and_hand_over, title, requests[title]))
            self.past.plan(at + LIFE, forget_what_is_over)

    def _ask_and_hand_over(self, title: str, signers: Signers, at: datetime) -> None:
        self.asked[title] = made = self._ask(title, signers, at)
        for link in made.links:
            self.past.plan(at + MINUTE, partial(self._hand_over, link))

    def _hand_over(self, made: NewLink, at: datetime) -> None:
        note_handed_over(made.link, at=at)

    def _decline(self, made: Made) -> None:
        """Let the first one decline."""
        visitor = self._visitor()
        decline(signing_of(open_to_sign(made.links[0], visitor)), reason=REASON, visitor=visitor)

    def _ask(self, title: str, signers: Signers, at: datetime) -> Made:
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
