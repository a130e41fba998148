"""A person outside who opens a message of the demo, mistypes the code, fetches the files, answers."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from accounts.visitors import Visitor
from messaging.items.errors import LinkRefused, ProofWrong
from messaging.items.models import Return
from messaging.items.services.checking import Look, note_check
from messaging.items.services.creating import Person
from messaging.items.services.files import note_downloads
from messaging.items.services.links import NewLink
from messaging.items.services.opening import prove
from messaging.items.services.visiting import Visit, give_secret, new_cookie
from messaging.messages.choices import ReplyKind
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.drafting import MessageDraft
from messaging.messages.services.replying import Reply, send_reply
from portal.demo import letters
from portal.demo.files import sealed
from portal.demo.past import Past
from portal.demo.visitors import likely_visitor

CHANCE_OF_A_SLIP = 0.14
CHANCE_OF_A_DOWNLOAD = 0.85
CHANCE_OF_A_FILE_BACK = 0.5


@dataclass(slots=True)
class Outsider:
    """Somebody with a link.

    Args:
        draft: what the message was, with its files.
        person: knows the proof.
        made: the link, with its secret.
    """

    past: Past
    random: Random
    draft: MessageDraft
    person: Person
    made: NewLink
    visitor: Visitor = field(init=False)
    visit: Visit | None = None

    def __post_init__(self) -> None:
        self.visitor = likely_visitor(self.random)

    def look_and_open(self, at: datetime) -> None:
        """Look at the page of the link, and plan to open the message; nothing comes of it once the link is over."""
        note_check(link=self.made.link, locator=None, look=Look("GET", "", self.visitor), at=at)
        opened_at = at + timedelta(seconds=self.random.randint(20, 90))
        self.past.plan(opened_at, self._open)

    def answer(self, at: datetime, *, then: Callable[[Return], None]) -> None:
        """Write back, where the message was opened.

        Args:
            then: what follows at the sender's.
        """
        if self.visit is None:
            return
        terms = ReplyTerms.of_product(self._product())
        reply = Reply(self.visit, terms, self.draft.first("subject"))
        language = self.visit.item.language
        has_file = reply.files_at_most > 0 and self.random.random() < CHANCE_OF_A_FILE_BACK
        file = letters.ANSWER_FILES[language]
        uploads = [sealed(file, data_key=reply.data_key, whole_id=reply.whole_id)] if has_file else []
        try:
            returned = send_reply(
                reply=reply,
                text=self.random.choice(letters.ANSWERS[language]),
                uploads=uploads,
                form_key=uuid.uuid4(),
                visitor=self.visitor,
                at=at,
            )
        except LinkRefused:
            return
        then(returned)

    def _product(self) -> dict[str, object]:
        return ReplyTerms(ReplyKind(self.draft.first("reply_kind"))).as_product()

    def _open(self, at: datetime) -> None:
        link = self.made.link
        try:
            visit = give_secret(
                locator=bytes(link.locator),
                secret=self.made.secret.reveal(),
                cookie=new_cookie(),
                visitor=self.visitor,
                at=at,
            )
            if self.random.random() < CHANCE_OF_A_SLIP:
                self._slip(visit, at)
            prove(visit=visit, answer=self._answer, visitor=self.visitor, at=at + timedelta(seconds=1))
        except LinkRefused:
            return
        self.visit = visit
        if self.draft.files and self.random.random() < CHANCE_OF_A_DOWNLOAD:
            self.past.plan(at + timedelta(seconds=self.random.randint(10, 60)), self._fetch)

    def _slip(self, visit: Visit, at: datetime) -> None:
        try:
            prove(visit=visit, answer=self._answer[::-1] + "0", visitor=self.visitor, at=at)
        except ProofWrong:
            return

    def _fetch(self, at: datetime) -> None:
        if self.visit is not None:
            note_downloads(self.visit, self.draft.files, visitor=self.visitor, at=at)

    @property
    def _answer(self) -> str:
        return self.person.secret.value or letters.AGREED_PASSWORD
