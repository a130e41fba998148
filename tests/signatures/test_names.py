"""Names whose letters a font lacks: said before they are stamped, and written by a hand that has them."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from signatures.pdf.letters import letters_unprinted
from tests.cast import make_user, sign_in
from tests.messaging.items.making import make_sender
from tests.signatures.composing import ZOE, address_of, lease, prepare
from tests.signatures.signer import first_of
from tests.signatures.signing import ZOE as SIGNER
from tests.signatures.signing import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


@pytest.mark.parametrize(
    ("text", "letters"), [("Zoë Roy", ""), ("محمد", ""), ("Nguyễn", ""), ("王小明 Wang", "王小明"), ("Zoë 🎉", "🎉")]
)
def test_what_is_printed_as_code_numbers_is_known(text: str, letters: str) -> None:
    assert letters_unprinted(text) == letters


def test_composer_and_last_page_say_so_beside_the_name(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    values = prepare(client, ({"name": "王小明", "email": "wang@outside.example"}, ZOE), [lease()])
    note = "On paper code numbers stand in place of 王小明."
    assert client.get(address_of(values)).content.decode().count(note) == 1
    page = client.get(address_of(values, "check/")).content.decode()
    assert "The name 王小明 cannot be printed as it is written" in page
    assert "Zoë Roy cannot be printed" not in page


@pytest.mark.parametrize(("name", "way"), [("王小明", "draw"), ("Zoë Roy", "type")])
def test_a_signer_is_offered_first_what_can_write_their_name(name: str, way: str) -> None:
    browser = first_of(ask(make_sender(), [replace(SIGNER, name=name)])).open().agree()
    page = browser.get("document_sign").content.decode()
    assert re.search(rf'name="signature-way"[^>]*value="{way}"[^>]*checked', page)
