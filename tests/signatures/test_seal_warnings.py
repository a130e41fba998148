"""Support is told in time that the certificate of the seal ends (statement 165)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from pytest_django import Settings

from signatures.retention import warn_of_seal_end
from tests.core.crypto.test_seal_keys import AT, elliptic, pair, record
from tests.outbox import delivered

pytestmark = pytest.mark.django_db
ENDS = AT + timedelta(days=3650)


@pytest.fixture(autouse=True)
def _configured(settings: Settings, tmp_path: Path) -> None:
    settings.SEAL_CERTIFICATE = tmp_path / "certificate.pem"
    settings.SEAL_CERTIFICATE.write_bytes(pair().chain)


def subjects() -> list[str]:
    return [mail.subject for mail in delivered("email")]


def test_statement_165_support_is_told_60_30_and_7_days_ahead_and_at_the_end() -> None:
    assert "signatures.retention.warn_of_seal_end" in project.RETENTION_STEPS
    told, day = [], ENDS - timedelta(days=70)
    while day < ENDS + timedelta(days=10):
        before = len(subjects())
        warn_of_seal_end(day)
        warn_of_seal_end(day + timedelta(hours=1))
        if len(subjects()) > before:
            told.append((ENDS - day).days)
        day += timedelta(days=1)
    assert told == [60, 30, 7, 0]
    assert subjects()[0] == "Secure Exchange Portal seals no documents any more"
    assert subjects()[1:] == ["The seal of Secure Exchange Portal ends soon"] * 3


def test_the_mail_says_when_and_what_to_do(settings: Settings) -> None:
    warn_of_seal_end(ENDS - timedelta(days=7))
    (mail,) = delivered("email")
    assert mail.to == settings.SUPPORT_EMAIL
    for text in (mail.text, mail.html):
        assert "November 18, 2036" in text
        assert "start the sealer again" in text


def test_it_is_written_in_the_language_of_the_portal(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "fr"
    warn_of_seal_end(ENDS - timedelta(days=7))
    (mail,) = delivered("email")
    assert mail.subject == "Le sceau de Secure Exchange Portal prend bientôt fin"


def test_a_new_certificate_is_warned_of_anew(settings: Settings) -> None:
    warn_of_seal_end(ENDS - timedelta(days=7))
    settings.SEAL_CERTIFICATE.write_bytes(record(elliptic(), may_sign=True))
    warn_of_seal_end(AT)
    assert len(subjects()) == 2


@pytest.mark.parametrize("at", [AT, ENDS])
def test_nobody_is_told_where_nothing_is_sealed(settings: Settings, at: datetime) -> None:
    settings.SEAL_CERTIFICATE = None
    warn_of_seal_end(at)
    assert subjects() == []
