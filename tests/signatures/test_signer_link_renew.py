"""A new link for a signer: to sign, or to the sealed documents; the old one stops."""

import pytest
from django.test import Client

from messaging.items.errors import LinkReplaced
from messaging.items.models import Item, Link
from signatures.services.completing import complete_what_waits
from tests.forms import form_values
from tests.messaging.items.making import give
from tests.signatures.following import page_of, said, signed_in_requester
from tests.signatures.signing import YAN, ZOE, mail_to, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_a_signer_gets_another_link_and_the_old_one_stops(client: Client) -> None:
    asked = signed_in_requester(client)
    address, before = page_of(asked, "signers", 1, "new-link"), asked.made.links[0]
    assert "A new link goes to zoe@outside.example" in said(client.get(address).content.decode())
    assert Link.objects.count() == 1
    form = form_values(client.get(address), address)
    answer = client.post(address, form, follow=True)
    assert "A new link is on its way to Zoë Roy; the old one has stopped." in answer.content.decode()
    with pytest.raises(LinkReplaced):
        give(before)
    again = client.post(address, form, follow=True)
    assert "Another link was made since this form was opened." in again.content.decode()
    assert Link.objects.count() == 2
    sign_all(open_mailed(ZOE.email))


def test_who_waits_for_others_has_no_link_to_replace(client: Client) -> None:
    asked = signed_in_requester(client)
    answer = client.post(page_of(asked, "signers", 2, "new-link"), follow=True)
    assert "Yan Lee has nothing to sign at this moment, so nothing was sent." in answer.content.decode()
    assert Link.objects.count() == 1


def test_after_completion_each_gets_a_new_link_to_the_sealed_documents(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    assert complete_what_waits()
    for number, signer in enumerate((ZOE, YAN), start=1):
        address, before = page_of(asked, "signers", number, "new-link"), mail_to(signer.email)
        assert "A link to the sealed documents goes to" in said(client.get(address).content.decode())
        assert client.post(address).status_code == 302
        assert mail_to(signer.email) != before


@pytest.mark.parametrize(
    ("box", "why"), [(None, "The documents are gone with what has ended"), (b"damaged", "Your copy is damaged")]
)
def test_without_a_copy_that_opens_no_link_is_made(client: Client, box: bytes | None, why: str) -> None:
    asked = signed_in_requester(client)
    Item.objects.update(copy_box=box)
    answer = client.post(page_of(asked, "signers", 1, "new-link"), follow=True)
    assert why in answer.content.decode()
    assert Link.objects.filter(ended_at=None).count() == 1
