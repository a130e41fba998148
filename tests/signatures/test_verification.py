"""The public check: what it answers by reference and by file, and to whom."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from core.crypto.seal_keys import new_demo_pair, read_chain, read_key
from signatures.addresses import check_address
from signatures.pdf.signers import DigestSigner
from signatures.pdf.time_stamps import HttpTimeStamper
from tests.cast import make_user, sign_in
from tests.core.crypto.test_seal_keys import elliptic, pem, record
from tests.doubles.time_stamp_server import Behavior, TimeStampServer, authority, stamper
from tests.forms import form_values
from tests.rows import all_rows, changed_tables
from tests.signatures.checks import (
    REFERENCE,
    SEALED,
    SHOWN,
    SOURCE,
    URL,
    check,
    configure,
    error_beside,
    remembered,
    words,
)
from tests.signatures.pdf import attacks, seals
from tests.signatures.pdf.signing import signed

pytestmark = pytest.mark.django_db

DEMO = "This is the seal of a demo."
Attack = Callable[[bytes], bytes]


@pytest.fixture(autouse=True)
def _configured(settings: Settings, tmp_path: Path) -> None:
    configure(settings, tmp_path)


def test_the_page_is_for_everybody_and_for_no_search_engine(client: Client) -> None:
    answer = client.get(URL)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "You need no account." in words(answer)
    user = make_user("eco@demo.example", plan="eco")
    sign_in(client, user)
    assert client.get(URL).status_code == 200


def test_footer_and_help_lead_to_it(client: Client) -> None:
    assert client.get("/help/").content.decode().count(f'href="{URL}"') == 2


def test_the_address_on_the_certificate_fills_the_reference_in_and_asks_nothing(
    client: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    remembered()
    address = check_address(REFERENCE)
    assert address == f"https://portal.example/verify/?reference={SHOWN}"
    before = all_rows()
    answer = client.get(address.removeprefix(settings.PUBLIC_URL))
    assert form_values(answer, URL)["reference"] == SHOWN
    assert "Sealed" not in words(answer).replace("Sealed PDF", "")
    assert changed_tables(before, all_rows()) == set()


def test_an_address_with_anything_else_shows_it_in_the_field_alone(client: Client) -> None:
    answer = client.get(URL, {"reference": '"><script>alert(1)</script>' + "x" * 1_000})
    assert answer.status_code == 200
    assert "<script>alert" not in words(answer)
    assert len(form_values(answer, URL)["reference"]) == 60


@pytest.mark.parametrize("typed", [REFERENCE, SHOWN, " 9acd efgh jkmn "])
def test_a_reference_shows_what_was_sealed_and_when(client: Client, typed: str) -> None:
    for number, file in enumerate((SEALED, seals.sealed(SOURCE)), 1):
        remembered(file, number)
    shown = words(check(client, reference=typed))
    assert f"Documents sealed under {SHOWN}" in shown
    assert shown.index("Document 1") < shown.index("Document 2")
    assert hashlib.sha256(SEALED).hexdigest() in shown
    assert "2026-11-21" in shown or "November 21, 2026" in shown
    assert "None. The time was told by this portal." in shown
    assert DEMO not in shown


def test_a_demo_says_so_by_reference_and_by_file(client: Client) -> None:
    remembered(is_demo=True)
    assert DEMO in words(check(client, reference=REFERENCE))
    assert words(check(client, SEALED, REFERENCE)).count(DEMO) == 2


def test_a_reference_of_nothing_is_told_from_no_reference(client: Client) -> None:
    assert f"Nothing sealed under {SHOWN}" in words(check(client, reference=REFERENCE))
    for typed in ("347A", "9ACD-EFGH-JKM0", "9ACDEFGHJKMNP", "'; --"):
        answer = check(client, reference=typed)
        assert "A reference has 12 letters and digits" in error_beside(answer, "reference")
        assert form_values(answer, URL)["reference"] == typed


def test_a_form_with_nothing_is_answered_kindly(client: Client) -> None:
    for answer in (check(client), client.post(URL, {})):
        assert answer.status_code == 422
        assert "Type the reference, or choose the PDF." in words(answer)


def test_statement_164_a_clean_file_is_sealed_by_us(client: Client) -> None:
    remembered()
    shown = words(check(client, SEALED))
    assert "Sealed by us and unchanged" in shown
    assert f"{SHOWN} Document 1" in shown
    assert "None. The time was told by this portal." in shown
    assert "DEMO - not valid for real documents, Secure Exchange Portal, demo on this machine" in shown
    assert hashlib.sha256(SEALED).hexdigest() in shown
    assert DEMO in shown


def test_a_file_is_ours_after_it_is_forgotten_and_no_row_makes_it_ours(client: Client) -> None:
    assert "Not known any more" in words(check(client, SEALED))
    remembered(SOURCE)
    assert "Unknown to this portal" in words(check(client, SOURCE))


@pytest.mark.parametrize("attack", attacks.CHANGING, ids=lambda attack: attack.__name__)
def test_statement_164_a_changed_file_is_said_to_be(client: Client, attack: Attack) -> None:
    shown = words(check(client, attack(SEALED)))
    assert "Changed after sealing" in shown
    assert "Sealed by us" not in shown


@pytest.mark.parametrize("attack", attacks.ERASING, ids=lambda attack: attack.__name__)
def test_statement_164_a_file_without_our_seal_is_unknown(client: Client, attack: Attack) -> None:
    assert "Unknown to this portal" in words(check(client, attack(SEALED)))


def test_the_original_of_a_changed_file_is_named_where_it_is_the_only_one(client: Client) -> None:
    remembered()
    changed = attacks.appended_byte(SEALED)
    assert SHOWN in words(check(client, changed))
    remembered(seals.sealed(SOURCE), 2)
    assert SHOWN not in words(check(client, changed))


def test_the_seal_of_somebody_else_is_unknown(client: Client) -> None:
    pair = new_demo_pair(seals.AT)
    other = DigestSigner(read_chain(pair.chain).links, read_key(pair.key, proven=False).sign_digest)
    for file in (SOURCE, signed(SOURCE), seals.sealed(SOURCE, by=other)):
        shown = words(check(client, file))
        assert "Unknown to this portal" in shown
        assert "DEMO" not in shown


def test_a_real_seal_names_its_certificate_and_who_issued_it(client: Client, settings: Settings) -> None:
    pem_of_chain = record(elliptic(), may_sign=True, holder="O=Lavoie,CN=Seal 2026", issuer="CN=Trusted Root")
    settings.SEAL_CERTIFICATE.write_bytes(pem_of_chain)
    by = DigestSigner(read_chain(pem_of_chain).links, read_key(pem(elliptic())).sign_digest)
    shown = words(check(client, seals.sealed(SOURCE, by=by)))
    assert "Sealed by us and unchanged" in shown
    assert "Seal 2026, Lavoie Issued by Trusted Root" in shown
    assert DEMO not in shown


def test_a_time_stamp_is_told(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.TSA_CERTIFICATES = tmp_path / "roots.pem"
    settings.TSA_CERTIFICATES.write_bytes(authority().pem)
    with TimeStampServer(Behavior(stamper())) as server:
        file = seals.sealed(SOURCE, time_stamper=HttpTimeStamper(server.url, trusted=[authority().der]))
    assert "By a time-stamp server that this portal trusts." in words(check(client, file))


def test_it_speaks_french(client: Client) -> None:
    remembered()
    answer = client.post(URL, {"reference": REFERENCE}, headers={"Accept-Language": "fr"})
    assert f"Document scellé sous la référence {SHOWN}" in words(answer)
