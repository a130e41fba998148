"""Time stamps: a server that stamps truly is believed, one that lies or is away is not, and no seal comes about."""

import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from signatures.pdf import time_stamps
from signatures.pdf.time_stamps import HttpTimeStamper, TimeStampUnavailable
from signatures.pdf.traces import traces_of
from signatures.pdf.verdicts import Outcome
from signatures.pdf.verifying import verify
from tests.doubles.time_stamp_server import Behavior, TimeStampServer, authority, stamper
from tests.signatures.pdf.seals import chain, document, sealed

SOURCE = document()
OURS = chain().links


@pytest.fixture
def server() -> Iterator[TimeStampServer]:
    with TimeStampServer(Behavior(stamper())) as running:
        yield running


def stamped(server: TimeStampServer) -> bytes:
    return sealed(SOURCE, time_stamper=HttpTimeStamper(server.url, trusted=[authority().der]))


def test_statement_158_a_stamped_seal_holds_the_token_of_its_signature(server: TimeStampServer) -> None:
    made = stamped(server)
    (asked,) = server.behavior.asked
    assert asked["cert_req"].native
    assert asked["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256"
    assert server.behavior.headers[0]["Content-Type"] == "application/timestamp-query"
    verdict = verify(made, ours=OURS, time_stampers=[authority().der])
    assert verdict.outcome == Outcome.SEALED
    assert verdict.is_time_stamped
    assert verdict.seal
    assert verdict.seal.stamped_at
    assert abs(verdict.seal.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_stamped_seal_is_valid_for_pyhanko_and_pdfsig(server: TimeStampServer, tmp_path: Path) -> None:
    made = stamped(server)
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    roots = [x509.Certificate.load(der) for der in (OURS[0], authority().der)]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = validate_pdf_signature(signature, context, key_usage_settings=KeyUsageConstraints({"digital_signature"}))
    assert status.bottom_line
    assert status.timestamp_validity
    assert status.timestamp_validity.trusted
    (tmp_path / "sealed.pdf").write_bytes(made)
    said = subprocess.run(["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said


LIES: dict[str, tuple[dict[str, Any], str]] = {
    "wrong nonce": ({"other_nonce": True}, "another nonce"),
    "wrong hash": ({"other_digest": True}, "of something else"),
    "wrong signature": ({"broken_signature": True}, "signature does not hold"),
    "certificate of another root": ({"stamper": stamper(root="Another root")}, "of nobody trusted"),
    "certificate that is over": ({"stamper": stamper(days_ago=60)}, "of nobody trusted"),
    "certificate not for stamps": ({"stamper": stamper(usage="code_signing")}, "of nobody trusted"),
    "certificate also for programs": ({"stamper": stamper(usage="time_stamping,code_signing")}, "of nobody trusted"),
    "certificate for nothing": ({"stamper": stamper(usage="")}, "of nobody trusted"),
    "clock behind": ({"clock_off": -timedelta(hours=1)}, "clocks are apart"),
    "clock ahead": ({"clock_off": timedelta(hours=1)}, "clocks are apart"),
    "refusal": ({"status": "rejection"}, "refused"),
    "waiting": ({"status": "waiting"}, "refused"),
    "nonsense": ({"raw": b"nonsense"}, "malformed reply"),
    "nothing": ({"raw": b""}, "malformed reply"),
    "too much": ({"raw": b"\x30" * 70_000}, "no reply of a time-stamp server"),
    "a page": ({"content_type": "text/html"}, "no reply of a time-stamp server"),
    "an error": ({"http_status": 503}, "no answer"),
    "another address": ({"http_status": 307}, "no answer"),
}


@pytest.mark.parametrize("lie", LIES)
def test_statement_159_a_lying_server_gives_no_seal(server: TimeStampServer, lie: str) -> None:
    changes, words = LIES[lie]
    for name, value in changes.items():
        setattr(server.behavior, name, value)
    with pytest.raises(TimeStampUnavailable, match=words):
        stamped(server)
    assert len(server.behavior.headers) == 1


def test_statement_159_a_server_that_is_down_or_silent_gives_no_seal(
    server: TimeStampServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_stamps, "ANSWER_SECONDS", 0.1)
    server.behavior.silent_seconds = 0.5
    with pytest.raises(TimeStampUnavailable, match="no answer: TimeoutError"):
        stamped(server)
    nowhere = HttpTimeStamper("http://127.0.0.1:9/", trusted=[authority().der])
    with pytest.raises(TimeStampUnavailable, match="no answer: URLError"):
        sealed(SOURCE, time_stamper=nowhere)


def test_statement_159_a_token_that_takes_more_room_than_there_is_gives_no_seal(
    server: TimeStampServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_stamps, "TOKEN_MOST_BYTES", 500)
    with pytest.raises(TimeStampUnavailable, match="token too long"):
        stamped(server)


def test_statement_159_sealed_without_a_stamp_is_said_to_be() -> None:
    verdict = verify(sealed(SOURCE), ours=OURS, time_stampers=[authority().der])
    assert (verdict.outcome, verdict.is_time_stamped) == (Outcome.SEALED, False)


def test_a_stamp_of_somebody_who_is_not_trusted_any_more_says_nothing(server: TimeStampServer) -> None:
    made = stamped(server)
    for trusted in ([], [authority("Another root").der]):
        verdict = verify(made, ours=OURS, time_stampers=trusted)
        assert (verdict.outcome, verdict.is_time_stamped) == (Outcome.SEALED, False)


def test_a_changed_stamp_is_a_changed_file(server: TimeStampServer) -> None:
    made = stamped(server)
    (trace,) = traces_of(made, OURS)
    (signer,) = trace.cms["content"]["signer_infos"]
    (attribute,) = signer["unsigned_attrs"]
    token: cms.ContentInfo = attribute["values"][0]
    info = token["content"]["encap_content_info"]["content"].parsed
    assert isinstance(info, tsp.TSTInfo)
    at = info["gen_time"].contents
    other = at[:3] + (b"0" if at[3:4] != b"0" else b"1") + at[4:]
    written, rewritten = at.hex().upper().encode(), other.hex().upper().encode()
    assert made.count(written) == 1
    changed = made.replace(written, rewritten)
    assert verify(changed, ours=OURS, time_stampers=[authority().der]).outcome == Outcome.CHANGED
