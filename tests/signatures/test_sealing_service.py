"""The seal of the portal: when it may be set, by the process with the key, and that it is known to be ours later."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from core.sealer.files import known_chains
from signatures.errors import SealerSilent, SealExpired, SealingUnavailable, SealNotConfigured, SealNotYetValid
from signatures.pdf.time_stamps import TimeStampUnavailable
from signatures.pdf.verdicts import Outcome
from signatures.sealers import can_seal, seal_at, verify_file
from signatures.services.sealing import set_seal
from tests.core.crypto.test_seal_keys import AT, elliptic, record
from tests.core.sealer.test_serving import PATIENCE_SECONDS, eventually, started
from tests.doubles.time_stamp_server import Behavior, TimeStampServer, authority, stamper
from tests.signatures.pdf.seals import document

SOURCE, LAST_PAGES = document(), document(line="Certificate of completion")
BEGINS, ENDS = AT - timedelta(days=1), AT + timedelta(days=3650)


@pytest.fixture(scope="module")
def sealer() -> Iterator[Path]:
    """The process with the key of a demo, and the folder of its files."""
    folder = Path(tempfile.mkdtemp(prefix="seal"))
    process = started(folder)
    try:
        assert eventually(lambda: process.poll() is not None or (folder / "s").exists())
        yield folder
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def _configured(sealer: Path, settings: Settings, tmp_path: Path) -> None:
    settings.KEY_DIR, settings.SEAL_IS_DEMO = tmp_path, True
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = sealer / "chain.pem", sealer / "key.pem"
    settings.SEAL_SOCKET = sealer / "s"
    settings.TSA_URL, settings.TSA_CERTIFICATES = "", None


def sealed(*, is_time_stamped: bool = True) -> bytes:
    return set_seal(
        SOURCE,
        by=seal_at(AT),
        stamps=[],
        last_pages=LAST_PAGES,
        reason="Signed by all",
        at=AT,
        is_time_stamped=is_time_stamped,
    )


def test_a_document_is_sealed_by_the_process_with_the_key() -> None:
    made = sealed()
    assert made.startswith(SOURCE)
    assert verify_file(made).outcome == Outcome.SEALED
    assert seal_at(AT).is_demo


@pytest.mark.parametrize(
    ("instant", "refusal"),
    [
        (BEGINS - timedelta(seconds=1), SealNotYetValid),
        (BEGINS, None),
        (ENDS, None),
        (ENDS + timedelta(seconds=1), SealExpired),
    ],
)
def test_statement_165_a_certificate_seals_in_its_own_time_alone(
    instant: datetime, refusal: type[SealingUnavailable] | None
) -> None:
    assert can_seal(instant) == (refusal is None)
    if refusal:
        with pytest.raises(refusal):
            seal_at(instant)


def test_nothing_is_sealed_where_nothing_is_configured(settings: Settings, tmp_path: Path) -> None:
    for certificate in (None, tmp_path / "nowhere.pem"):
        settings.SEAL_CERTIFICATE = certificate
        assert not can_seal(AT)
        assert verify_file(SOURCE).outcome == Outcome.UNKNOWN
        with pytest.raises(SealNotConfigured):
            seal_at(AT)


def test_a_sealer_that_is_away_or_has_another_key_seals_nothing(settings: Settings, tmp_path: Path) -> None:
    right = settings.SEAL_SOCKET
    settings.SEAL_SOCKET = tmp_path / "nobody"
    with pytest.raises(SealerSilent):
        sealed()
    settings.SEAL_SOCKET = right
    settings.SEAL_CERTIFICATE = tmp_path / "other.pem"
    settings.SEAL_CERTIFICATE.write_bytes(record(elliptic(), may_sign=True))
    with pytest.raises(SealerSilent):
        sealed()


def test_a_seal_stays_ours_when_another_key_seals(settings: Settings, tmp_path: Path) -> None:
    made = sealed()
    settings.SEAL_CERTIFICATE = tmp_path / "next.pem"
    settings.SEAL_CERTIFICATE.write_bytes(record(elliptic(), may_sign=True))
    assert verify_file(made).outcome == Outcome.SEALED
    shutil.rmtree(tmp_path / "seals")
    assert verify_file(made).outcome == Outcome.UNKNOWN


def test_whose_seal_it_is_is_written_once_and_before_it_is_set(settings: Settings, tmp_path: Path) -> None:
    settings.SEAL_SOCKET = tmp_path / "nobody"
    for _ in range(2):
        with pytest.raises(SealerSilent):
            sealed()
        assert known_chains(tmp_path) == [seal_at(AT).chain.links]
    (only,) = (tmp_path / "seals").iterdir()
    assert only.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def time_stamps(settings: Settings, tmp_path: Path) -> Iterator[TimeStampServer]:
    settings.TSA_CERTIFICATES = tmp_path / "roots.pem"
    settings.TSA_CERTIFICATES.write_bytes(authority().pem)
    with TimeStampServer(Behavior(stamper())) as server:
        settings.TSA_URL = server.url
        yield server


def test_a_seal_is_stamped_where_a_server_is_set(time_stamps: TimeStampServer) -> None:
    assert verify_file(sealed()).is_time_stamped


def test_statement_159_a_server_that_lies_holds_the_seal_until_one_seals_without(time_stamps: TimeStampServer) -> None:
    time_stamps.behavior.other_nonce = True
    with pytest.raises(TimeStampUnavailable):
        sealed()
    found = verify_file(sealed(is_time_stamped=False))
    assert (found.outcome, found.is_time_stamped) == (Outcome.SEALED, False)
