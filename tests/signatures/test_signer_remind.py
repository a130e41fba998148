"""Reminding a signer: the requester's own words, a link that works, not too often, and nothing typed is lost."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import Session
from core.db import database_now
from licenses.errors import FeatureNotInPlan
from licenses.models import License
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Link
from signatures.services.controlling import cancel, remind
from tests.cast import sign_in
from tests.forms import form_values
from tests.messaging.items.making import visitor
from tests.signatures.following import expire, page_of, said, signed_in_requester, words
from tests.signatures.signing import ZOE, mail_to, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_a_reminder_brings_the_text_in_the_language_chosen_and_a_link_that_works(client: Client) -> None:
    asked = signed_in_requester(client)
    address = page_of(asked, "signers", 1, "remind")
    assert "Remind Zoë Roy" in said(client.get(address).content.decode())
    answer = client.post(address, {"text": "Before Friday, please.", "language": "fr"}, follow=True)
    assert "The reminder to Zoë Roy is on its way, with a new link." in answer.content.decode()
    text = mail_to(ZOE.email)
    assert "Before Friday, please." in text
    assert "Bonjour" in text or "signature" in text
    assert Event.objects.filter(kind=EventKind.REMINDED).count() == 1
    sign_all(open_mailed(ZOE.email))


def test_looking_at_the_page_sends_nothing(client: Client) -> None:
    asked = signed_in_requester(client)
    client.get(page_of(asked, "signers", 1, "remind"))
    assert Link.objects.count() == 1
    assert not Event.objects.filter(kind=EventKind.REMINDED).exists()


def test_the_second_one_within_an_hour_is_refused_kindly_and_the_text_stays(client: Client) -> None:
    asked = signed_in_requester(client)
    address = page_of(asked, "signers", 1, "remind")
    client.post(address, {"text": "", "language": "en"})
    answer = client.post(address, {"text": "Kept words", "language": "fr"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "once an hour and three times a day; the next reminder is possible from" in page
    assert "Kept words" in page
    assert '<option value="fr" selected' in page
    assert Event.objects.filter(kind=EventKind.REMINDED).count() == 1


def test_a_text_that_is_too_long_stays_in_its_field(client: Client) -> None:
    asked = signed_in_requester(client)
    answer = client.post(page_of(asked, "signers", 1, "remind"), {"text": "x" * 1001, "language": "en"})
    assert answer.status_code == 422
    assert "This text is too long. It may have up to 1,000 characters." in answer.content.decode()
    assert "x" * 1001 in answer.content.decode()
    lines = "\r\n".join(["x" * 99] * 10)
    assert client.post(page_of(asked, "signers", 1, "remind"), {"text": lines, "language": "en"}).status_code == 302


@pytest.mark.parametrize(("values", "said_so"), [({"language": "xx"}, "Choose one"), ({}, "Choose one")])
def test_a_language_that_is_none_is_refused(client: Client, values: dict[str, str], said_so: str) -> None:
    asked = signed_in_requester(client)
    answer = client.post(page_of(asked, "signers", 1, "remind"), values)
    assert answer.status_code == 422
    assert said_so in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "after", "why"),
    [
        (2, "", "Yan Lee has nothing to sign at this moment"),
        (1, "signed", "Zoë Roy has nothing to sign at this moment"),
        (1, "cancelled", "Zoë Roy has nothing to sign at this moment"),
        (1, "expired", "Zoë Roy has nothing to sign at this moment"),
    ],
)
def test_who_has_nothing_to_sign_is_not_reminded(client: Client, number: int, after: str, why: str) -> None:
    asked = signed_in_requester(client)
    if after == "signed":
        sign_all(opened(asked))
    elif after == "cancelled":
        cancel(item=asked.item, by=asked.item.sender, visitor=visitor())
    elif after == "expired":
        expire(asked)
    answer = client.post(page_of(asked, "signers", number, "remind"), {"text": "Kept words", "language": "en"})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert not Event.objects.filter(kind=EventKind.REMINDED).exists()


def test_advanced_reminds_nobody_and_its_page_says_which_plan_does(client: Client) -> None:
    asked = signed_in_requester(client, plan="advanced")
    page, address = client.get(page_of(asked)).content.decode(), page_of(asked, "signers", 1, "remind")
    assert f'href="{address}"' not in page
    assert "Comes with the Pro plan; yours is Advanced." in words(page)
    assert re.search(r'<button[^>]*aria-describedby="remind-1-reason"[^>]*disabled', page)
    for answer in (client.get(address), client.post(address, {"text": "", "language": "en"})):
        assert answer.status_code == 403
    assert Link.objects.count() == 1
    assert not Event.objects.filter(kind=EventKind.REMINDED).exists()
    with pytest.raises(FeatureNotInPlan):
        remind(signer=asked.signer(0), text="", language="en", by=asked.item.sender, visitor=visitor())


def test_a_request_that_goes_on_after_its_license_has_ended_reminds_nobody(client: Client) -> None:
    asked = signed_in_requester(client)
    License.objects.update(expires_at=database_now())
    assert "Your license has expired or is suspended." in client.get(page_of(asked)).content.decode()
    assert client.post(page_of(asked, "signers", 1, "remind"), {"text": "", "language": "en"}).status_code == 403
    assert client.post(page_of(asked, "signers", 1, "new-link")).status_code == 302


def test_what_was_typed_before_the_session_ended_comes_back_and_is_not_sent_by_itself(client: Client) -> None:
    asked = signed_in_requester(client)
    address = page_of(asked, "signers", 1, "remind")
    typed = form_values(client.get(address), None) | {"text": "Before Friday, please.", "language": "fr"}
    Session.objects.all().delete()
    assert client.post(address, typed).headers["Location"] == f"/sign-in/?next={quote(address, safe='')}"
    sign_in(client, asked.item.sender)
    page = client.get(address)
    shown = form_values(page, None)
    assert (shown["text"], shown["language"]) == ("Before Friday, please.", "fr")
    assert "the reminder is not sent yet" in page.content.decode()
    assert not Event.objects.filter(kind=EventKind.REMINDED).exists()
    client.post(address, shown)
    assert "Before Friday, please." in mail_to(ZOE.email)
    assert form_values(client.get(address), None)["text"] == ""
