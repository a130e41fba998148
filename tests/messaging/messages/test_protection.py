"""Protection per recipient: chosen for all or for one, held to by the server, opened by each with their own proof."""

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from core.crypto.secret import Secret
from core.models.sms import TextSwitch
from core.sms.configuration import parse_sms_url
from core.sms.switch import recent
from messaging.items.choices import Proof
from messaging.items.models import Draft, Gate, Item, Link, Participant
from messaging.items.policies import Policy
from messaging.items.services.links import LOCATOR_BYTES, SECRET_BYTES, NewLink, from_text
from messaging.messages.composition import Composition, Recipient
from messaging.messages.limits import ROWS_MOST_DRAWN
from messaging.messages.protection import groups_of
from messaging.messages.services.drafting import keep_draft, open_draft
from messaging.messages.typed import KEPT, ROW_FIELDS
from tests.cast import make_user, sign_in
from tests.forms import text_of
from tests.messaging.messages.composing import (
    BODY,
    NOAH,
    SUBJECT,
    ZOE,
    by_script,
    composer_values,
    filled,
    form_key_of,
    press_keep,
    press_send,
    send,
    values_of,
)
from tests.messaging.messages.test_message_send import LINK, NUMBER, mail_to, refused
from tests.messaging.outside.browser import Outsider
from tests.outbox import newest_code

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"
THIRD = "third@outside.example"
BY_TEXT = {"to-0-proof": "sms_code", "to-0-cell_number": NUMBER}
EACH_AN_OWN = {**BY_TEXT, "to-1-proof": "item_password", "item_password": PASSWORD, "hint": "a horse"}


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def error_of(page: str, field: str) -> str:
    """Return the error that stands beside a field, or nothing."""
    found = re.search(rf'<p class="field-error" id="{field}_error">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def code_in(text: str) -> str:
    found = re.search(r"opening code: (\d{6})", text)
    assert found, "no opening code in the mail"
    return found[1]


def outsider_of(text: str) -> Outsider:
    """Open the link of a mail in a fresh browser, and give its secret."""
    found = LINK.search(text)
    assert found, "no link in the mail"
    link = Link.objects.get(locator=from_text(found[1], LOCATOR_BYTES))
    outsider = Outsider(NewLink(link, Secret(from_text(found[2], SECRET_BYTES) or b"")))
    outsider.give()
    return outsider


def proofs_of(item: Item) -> list[str]:
    return list(item.participants.order_by("position").values_list("proof", flat=True))


# What leaves, and what opens it


def test_each_opens_with_their_own_proof_and_with_no_other(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH, THIRD), **EACH_AN_OWN)
    assert proofs_of(item) == ["sms_code", "item_password", "opening_code"]
    texts = {address: mail_to(address) for address in (ZOE, NOAH, THIRD)}
    assert "number ending in 87" in texts[ZOE]
    assert "by phone, for example" in texts[NOAH]
    assert not re.search(r"\b\d{6}\b", texts[ZOE] + texts[NOAH])
    zoe, noah, third = (outsider_of(texts[address]) for address in (ZOE, NOAH, THIRD))
    assert zoe.answer(password=PASSWORD).status_code == 422
    assert noah.answer(code=code_in(texts[THIRD])).status_code == 422
    zoe.client.post(zoe.url("link_code_send"))
    assert zoe.answer(code=newest_code("+15145550187")).status_code == 302
    assert noah.answer(password=PASSWORD).status_code == 302
    assert third.answer(code=code_in(texts[THIRD])).status_code == 302
    for outsider in (zoe, noah, third):
        assert BODY.partition("\n")[0] in outsider.read().content.decode()


def test_what_one_is_asked_is_bound_into_their_link_and_only_there(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH, THIRD), **EACH_AN_OWN)
    links = Link.objects.filter(participant__item=item).order_by("participant__position")
    policies = [Policy.from_text(link.policy) for link in links]
    assert [policy.proof for policy in policies] == [Proof.SMS_CODE, Proof.ITEM_PASSWORD, Proof.OPENING_CODE]
    assert [bool(policy.number) for policy in policies] == [True, False, False]
    gates = [Gate.objects.get(link=link) for link in links]
    assert [bool(gate.password_hash) for gate in gates] == [False, True, False]
    assert [gate.hint for gate in gates] == ["", "a horse", ""]
    assert [gate.code_digest is not None for gate in gates] == [False, False, True]


def test_who_has_none_of_their_own_follows_what_is_chosen_for_all(client: Client, pro: User) -> None:
    item = send(
        client, pro, to=(ZOE, NOAH), proof="item_password", item_password=PASSWORD, **{"to-1-proof": "opening_code"}
    )
    assert proofs_of(item) == ["item_password", "opening_code"]


def test_a_number_is_kept_only_of_whom_a_text_can_go_to(client: Client, pro: User) -> None:
    numbers = {"to-0-cell_number": NUMBER, "to-1-cell_number": "not even a number"}
    item = send(client, pro, to=(ZOE, NOAH), **{"to-0-proof": "sms_code"}, **numbers)
    assert [person.number for person in item.participants.order_by("position")] == ["+15145550187", ""]


def test_before_a_reply_a_number_is_asked_of_everybody(client: Client, pro: User) -> None:
    page = refused(client, to=(ZOE, NOAH), reply_sms="on", **BY_TEXT)
    assert error_of(page, "to-0-cell_number") == ""
    assert "Enter a cell number" in error_of(page, "to-1-cell_number")


def test_a_new_link_asks_the_same_of_the_same_person(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH), **EACH_AN_OWN)
    client.post(f"/messages/{item.reference}/people/2/link/")
    gate = Gate.objects.get(link__participant__position=2, link__number=2)
    assert (gate.hint, gate.code_digest) == ("a horse", None)
    assert outsider_of(mail_to(NOAH)).answer(password=PASSWORD).status_code == 302


# What is refused, and where that is said


@pytest.mark.parametrize("number", ["", "514 555 01", "+49 1512 3456789"])
def test_a_number_that_is_missing_or_wrong_is_said_in_its_row(client: Client, pro: User, number: str) -> None:
    page = refused(client, to=(ZOE, NOAH), **{"to-1-proof": "sms_code", "to-1-cell_number": number})
    assert error_of(page, "to-1-cell_number")
    assert error_of(page, "to-0-cell_number") == ""
    assert 'href="#to-1-cell_number"' in page


def test_a_country_that_is_switched_off_is_said_in_its_row(client: Client, pro: User) -> None:
    TextSwitch.objects.update_or_create(pk=1, defaults={"regions_off": ["FR"]})
    recent.forget()
    rows = {**BY_TEXT, "to-1-proof": "sms_code", "to-1-cell_number": "+33 6 12 34 56 78"}
    page = refused(client, to=(ZOE, NOAH), **rows)
    assert "Text messages to this country (France) are switched off." in error_of(page, "to-1-cell_number")
    assert error_of(page, "to-0-cell_number") == ""


def test_where_texts_are_off_a_row_neither_offers_nor_gets_a_code_by_text(
    client: Client, pro: User, settings: Settings
) -> None:
    values = filled(composer_values(client), (ZOE, NOAH), **BY_TEXT)
    press_keep(client, values)
    settings.SMS = parse_sms_url("none")
    page = client.get(f"/messages/drafts/{form_key_of(values)}/")
    assert values_of(page)["to-0-proof"] == "sms_code"
    assert page.content.decode().count('value="sms_code"') == 2
    answer = press_send(client, values_of(page))
    assert answer.status_code == 422
    assert "Text messages are switched off." in error_of(unescape(answer.content.decode()), "to-0-proof")
    assert not Item.objects.exists()


def test_a_code_by_text_chosen_for_all_is_not_weakened_because_texts_went_off(
    client: Client, pro: User, settings: Settings
) -> None:
    values = filled(composer_values(client), proof="sms_code", **{"to-0-cell_number": NUMBER})
    press_keep(client, values)
    settings.SMS = parse_sms_url("none")
    shown = values_of(client.get(f"/messages/drafts/{form_key_of(values)}/"))
    assert press_send(client, shown).status_code == 422
    assert not Item.objects.exists()


@pytest.mark.parametrize("forged", ["none", "SMS_CODE", "item_password'", "microsoft"])
def test_a_proof_that_is_not_offered_is_refused_in_its_row(client: Client, pro: User, forged: str) -> None:
    page = refused(client, to=(ZOE, NOAH), **{"to-1-proof": forged})
    assert error_of(page, "to-1-proof") == "Choose one of the options in the list."


@pytest.mark.parametrize("password", ["", "short", None])
def test_the_password_is_needed_as_soon_as_one_is_asked_it(client: Client, pro: User, password: str | None) -> None:
    page = refused(client, to=(ZOE, NOAH), item_password=password, **{"to-1-proof": "item_password"})
    assert "8 characters or more" in error_of(page, "item_password")


def test_a_password_that_nobody_is_asked_is_not_needed(client: Client, pro: User) -> None:
    own = {"to-0-proof": "opening_code", "to-1-proof": "opening_code"}
    item = send(client, pro, to=(ZOE, NOAH), proof="item_password", **own)
    assert proofs_of(item) == ["opening_code", "opening_code"]
    assert not Gate.objects.exclude(password_hash="").exists()


def test_a_number_without_an_address_is_not_passed_over(client: Client, pro: User) -> None:
    page = refused(client, to=(ZOE, ""), **{"to-1-cell_number": NUMBER})
    assert "Enter the e-mail address that belongs to this number" in error_of(page, "to-1-email")


def test_a_refusal_loses_nothing(client: Client, pro: User) -> None:
    values = filled(composer_values(client), (ZOE, NOAH), **BY_TEXT, **{"to-1-proof": "item_password"})
    shown = values_of(press_send(client, values))
    assert (shown["to-0-proof"], shown["to-0-cell_number"], shown["to-1-proof"]) == (
        "sms_code",
        NUMBER,
        "item_password",
    )


def test_no_composition_can_ask_what_nobody_could_answer() -> None:
    with pytest.raises(ValueError, match="number"):
        Recipient(ZOE, proof=Proof.SMS_CODE)
    with pytest.raises(ValueError, match="password"):
        Composition([Recipient(ZOE, proof=Proof.ITEM_PASSWORD)], SUBJECT, BODY, "en", timedelta(days=1), openings=1)


# Drafts and lists


def test_a_draft_keeps_what_was_chosen_for_each(client: Client, pro: User) -> None:
    values = filled(composer_values(client), (ZOE, NOAH), **EACH_AN_OWN)
    shown = values_of(client.get(press_keep(client, values).headers["Location"]))
    assert (shown["to-0-proof"], shown["to-1-proof"]) == ("sms_code", "item_password")
    by_script(client, shown, **{"to-1-proof": ""})
    assert open_draft(Draft.objects.get()).first("to-1-proof") == ""


def test_a_row_taken_off_takes_its_proof_along(client: Client, pro: User) -> None:
    values = filled(composer_values(client), (ZOE, NOAH), **BY_TEXT)
    shown = values_of(client.get(press_keep(client, values, remove_row="0").headers["Location"]))
    assert (shown["to-0-email"], shown["to-0-proof"], shown["to-0-cell_number"]) == (NOAH, "", "")


def test_a_draft_of_an_older_release_opens_and_is_sent(client: Client, pro: User) -> None:
    values = filled(composer_values(client), proof="sms_code", **{"to-0-cell_number": NUMBER})
    older = {name: [value] for name, value in values.items() if name not in ("action", "to-0-proof") and value}
    form_key = uuid.uuid4()
    keep_draft(
        owner=pro, form_key=form_key, version=0, fields={name: older[name] for name in older if name in _old_names()}
    )
    shown = values_of(client.get(f"/messages/drafts/{form_key}/"))
    assert (shown["to-0-email"], shown["to-0-proof"], shown["proof"]) == (ZOE, "", "sms_code")
    assert press_send(client, shown).status_code == 302
    assert proofs_of(Item.objects.get()) == ["sms_code"]


def test_a_pasted_number_goes_with_the_address_before_it(client: Client, pro: User) -> None:
    pasted = f"{ZOE}\t+1 514 555 0187\nNoah Roy <{NOAH}>; (416) 555-0123\n{THIRD}"
    values = filled(composer_values(client), (), pasted=pasted, proof="sms_code", **{"to-2-proof": "opening_code"})
    shown = values_of(client.get(press_keep(client, values).headers["Location"]))
    cells = [shown[f"to-{number}-cell_number"] for number in range(3)]
    assert cells == ["+1 514 555 0187", "(416) 555-0123", ""]
    assert press_send(client, {**shown, "to-2-proof": "opening_code"}).status_code == 302
    assert [bool(person.number) for person in Participant.objects.order_by("position")] == [True, True, False]


def test_a_pasted_number_fills_the_row_that_stands_already_and_changes_no_other(client: Client, pro: User) -> None:
    rows = {"to-1-cell_number": NUMBER}
    pasted = f"{ZOE.upper()}, 416 555 0123\n{NOAH}, 416 555 0199"
    values = filled(composer_values(client), (ZOE, NOAH), pasted=pasted, **rows)
    shown = values_of(client.get(press_keep(client, values).headers["Location"]))
    assert (shown["to-TOTAL_FORMS"], shown["to-0-email"]) == ("2", ZOE)
    assert (shown["to-0-cell_number"], shown["to-1-cell_number"]) == ("416 555 0123", NUMBER)


def test_write_again_asks_of_each_what_was_asked(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH, THIRD), **BY_TEXT)
    answer = client.post(f"/messages/{item.reference}/again/")
    shown = values_of(client.get(answer.headers["Location"]))
    assert shown["proof"] == "opening_code"
    assert [shown[f"to-{number}-proof"] for number in range(3)] == ["sms_code", "", ""]
    assert shown["to-0-cell_number"] == "+1 514-555-0187"
    press_send(client, shown)
    assert proofs_of(Item.objects.exclude(pk=item.pk).get()) == proofs_of(item)


def test_a_form_of_all_rows_that_are_drawn_can_be_posted(settings: Settings) -> None:
    others = 30  # tokens, counts of rows, the button
    assert ROWS_MOST_DRAWN * len(ROW_FIELDS) + len(KEPT) + others < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


# What is said of it


def test_the_weakest_protection_is_named_first_and_each_person_once() -> None:
    groups = groups_of([(ZOE, Proof.SMS_CODE), (NOAH, Proof.OPENING_CODE), (THIRD, Proof.SMS_CODE)])
    assert [(group.strength, group.emails) for group in groups] == [("basic", [NOAH]), ("strong", [ZOE, THIRD])]


def test_of_many_the_first_ones_are_named() -> None:
    (group,) = groups_of([(f"person{number}@x.example", Proof.OPENING_CODE) for number in range(9)])
    assert group.named == "person0@x.example, person1@x.example, person2@x.example and 6 more"


def test_the_page_after_sending_tells_what_is_asked_of_whom(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH, THIRD), **EACH_AN_OWN)
    steps = client.get(f"/messages/{item.reference}/sent/").content.decode().partition("<ol")[2].partition("</ol>")[0]
    words = " ".join(re.sub(r"<[^>]*>", "", unescape(steps)).split())
    basic, good, strong = words.index(f"{THIRD} · Basic"), words.index(f"{NOAH} · Good"), words.index(f"{ZOE} · Strong")
    assert basic < good < strong
    assert "The e-mail holds the opening code too." in words[basic:good]
    assert "Tell them the password now" in words[good:strong]
    assert "a code is sent to the cell number you gave" in words[strong:]


def test_the_page_of_the_message_and_the_log_tell_each_proof(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH), **BY_TEXT)
    page = client.get(f"/messages/{item.reference}/").content.decode()
    assert "Code by text message · Strong" in page
    assert "Opening code · Basic" in page
    log = client.get("/account/activity/").content.decode()
    assert "Code by text message, Opening code" in log


def test_with_one_recipient_nothing_is_said_of_others(client: Client, pro: User) -> None:
    item = send(client, pro)
    page = client.get(f"/messages/{item.reference}/sent/").content.decode()
    assert "Basic" not in page
    assert text_of(client.get("/messages/new/?kind=message"), "proof").count("Basic") == 1


def _old_names() -> set[str]:
    rows: set[Any] = {"to-TOTAL_FORMS", "to-INITIAL_FORMS", "to-0-email", "to-0-cell_number", "to-0-role"}
    return rows | set(KEPT)
