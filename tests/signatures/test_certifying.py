"""What stands on the last pages of a file that was really sealed. Statement 158."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno

from core.db import database_now
from messaging.items.events.sealing import seal_events
from messaging.items.models import ChainHead, Participant
from messaging.items.references import shown_reference
from signatures.consent import CONSENT
from signatures.models import SealedDocument, Signer
from signatures.services.answering import signing_of
from signatures.services.completing import complete_what_waits
from tests.messaging.items.making import make_sender
from tests.signatures.pdf.seals import shown
from tests.signatures.signing import HABITS, YAN, ZOE, Requested, ask, clean, fill, open_mailed, opened, sign_now
from tests.signatures.test_completing import owners_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

PAGES = 2
ADDRESSES = {0: "198.51.100.23", 1: "203.0.113.40"}
HEADINGS = ("Documents", "Signers", "What each signer agreed to", "Events", "End of the event log")


def signed() -> Requested:
    """Have two documents signed, each step by its person at an instant and from a place of its own."""
    asked = ask(make_sender(), sources=[clean(PAGES, f"Paper {number}") for number in range(2)])
    for place, visit in enumerate([opened(asked), None]):
        visit = visit or open_mailed(YAN.email)
        fill(visit)
        sign_now(signing_of(visit), ADDRESSES[place])
    for place in ADDRESSES:
        signer, at = asked.signer(place), database_now() - timedelta(hours=1 + place)
        steps = [at + timedelta(minutes=minutes, seconds=place) for minutes in range(3)]
        Participant.objects.filter(pk=signer.participant_id).update(first_opened_at=steps[0])
        Signer.objects.filter(pk=signer.pk).update(consented_at=steps[1], signed_at=steps[2])
    return asked


def parts(pages: list[str]) -> dict[str, str]:
    """Return what stands below each heading of a certificate, without white space, which is broken anywhere."""
    text, found = flat("\n".join(pages)), {}
    starts = [text.index(flat(heading)) for heading in HEADINGS]
    assert starts == sorted(starts)
    for heading, start, end in zip(HEADINGS, starts, [*starts[1:], len(text)], strict=True):
        found[heading] = text[start + len(flat(heading)) : end]
    return {"head": text[: starts[0]], **found}


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def in_utc_and_with_offset(at: datetime) -> str:
    """Return how the end of an instant is written: its offset where the requester is, and the instant in UTC."""
    offset = at.astimezone(ZoneInfo(HABITS.zone)).strftime("%z")
    return f"(UTC−{offset[1:3]}:{offset[3:]});{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_158_the_last_pages_say_who_signed_what_when_from_where_and_what_was_presented(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn, make = [], segno.make

    def recorded(address: str, **how: Any) -> Any:
        drawn.append(address)
        return make(address, **how)

    asked = signed()
    # What the certificate says of the log is what was sealed before it was drawn.
    seal_events(organization_id=asked.item.organization_id)
    log = ChainHead.objects.get(pk=asked.item.organization_id)
    monkeypatch.setattr(segno, "make", recorded)
    assert complete_what_waits()
    files = owners_files(asked)
    assert len(files) == 2
    address = f"http://testserver/verify/?reference={shown_reference(asked.item.reference)}"
    assert drawn == [address]
    for data in files:
        said = parts(shown(data)[PAGES:])
        assert flat(address) in said["head"]
        for number in (1, 2):
            presented = bytes(SealedDocument.objects.get(number=number).presented_sha256).hex()
            assert f"{number}Lease{number}.pdf{PAGES}{presented}" in said["Documents"]
        for sentence in CONSENT:
            assert flat(str(sentence)) in said["What each signer agreed to"]
        assert said["End of the event log"].count(f"Number{log.number}Digest{bytes(log.digest).hex()}") == 1
        first, second = said["Signers"].split(flat(f"{YAN.name} <{YAN.email}>"))
        assert flat(f"{ZOE.name} <{ZOE.email}>") in first
        for place, row in enumerate([first, second]):
            signer = asked.signer(place)
            assert flat("Code by e-mail") in row
            assert ADDRESSES[place] in row
            for word, at in (
                ("Opened", signer.participant.first_opened_at),
                ("Agreed", signer.consented_at),
                ("Signed", signer.signed_at),
            ):
                assert at is not None
                assert re.search(rf"{word}:[^;]*{re.escape(in_utc_and_with_offset(at))}", row), (place, word)
