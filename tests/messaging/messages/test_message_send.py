"""Sending a message: what leaves, what it costs, and what keeps it from leaving."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Session, User
from core.models import Counter, Job
from core.sms.configuration import parse_sms_url
from licenses.models import License, Plan, ReturnProtection
from messaging.items.choices import Proof
from messaging.items.manifests import Manifest
from messaging.items.models import Draft, Gate, Item, Link, Participant
from messaging.items.policies import Policy
from messaging.items.services.links import LOCATOR_BYTES, SECRET_BYTES, from_text
from messaging.items.services.opening import manifest_of, prove
from messaging.items.services.visiting import give_secret, new_cookie
from messaging.messages.choices import ReplyKind
from messaging.messages.models import Message
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.drafting import open_draft
from messaging.quota.models import MonthlyCount
from tests.cast import count_a_message, make_license, make_user, sign_in
from tests.doubles.smtp_server import SmtpServer
from tests.forms import text_of
from tests.messaging.items.making import visitor
from tests.messaging.messages.composing import (
    BODY,
    NEW,
    NOAH,
    SUBJECT,
    ZOE,
    composer_values,
    filled,
    form_key_of,
    press_keep,
    press_send,
    send,
    values_of,
)
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://testserver/o/([\w-]+)#([\w-]+)")
NUMBER = "514 555 0187"


def pro(**values: object) -> User:
    return make_user("pro@demo.example", plan="pro", **values)  # type: ignore[arg-type]


def mail_to(address: str) -> str:
    """Deliver what waits and return the text of the mail to an address."""
    return next(mail.text for mail in delivered("email") if mail.to == address)


def read_by(text: str, answer: str) -> Manifest:
    """Open the link of a mail as its reader does, and return what it says."""
    found = LINK.search(text)
    assert found, "no link in the mail"
    locator, secret = (from_text(found[1], LOCATOR_BYTES), from_text(found[2], SECRET_BYTES))
    visit = give_secret(locator=locator, secret=secret, cookie=new_cookie(), visitor=visitor())
    prove(visit=visit, answer=answer, visitor=visitor())
    return manifest_of(visit)


def refused(client: Client, **changes: object) -> str:
    """Send a message that is refused for what was typed, and return its page."""
    return _not_sent(client, changes, status=422)


def forbidden(client: Client, **changes: object) -> str:
    """Send a message that the license does not allow, and return its page."""
    return _not_sent(client, changes, status=403)


def _not_sent(client: Client, changes: dict[str, object], *, status: int) -> str:
    answer = press_send(client, filled(composer_values(client), **changes))  # type: ignore[arg-type]
    assert answer.status_code == status, answer.status_code
    assert not Item.objects.exists()
    return unescape(answer.content.decode())


# What leaves


def test_each_recipient_gets_an_own_link_that_opens_what_was_written(client: Client) -> None:
    item = send(client, pro(), to=(ZOE, NOAH))
    assert [person.email for person in item.participants.order_by("position")] == [ZOE, NOAH]
    texts = [mail_to(ZOE), mail_to(NOAH)]
    links = {found[2] for text in texts if (found := LINK.search(text))}
    assert len(links) == 2
    for text in texts:
        code = re.search(r"opening code: (\d{6})", text)
        assert code
        manifest = read_by(text, code[1])
        assert (manifest.subject, manifest.body) == (SUBJECT, BODY)
        assert ReplyTerms.of_product(manifest.product).kind is ReplyKind.FILES


def test_the_mail_says_who_wrote_and_nothing_of_what_was_written(client: Client) -> None:
    sender = pro(first_name="Camille", last_name="Tremblay")
    send(client, sender)
    mail = next(mail for mail in delivered("email") if mail.to == ZOE)
    assert mail.subject == "Camille Tremblay sent you a secure message"
    for part in (mail.text, mail.html):
        assert "pro@demo.example" in part
        assert "Demo Company" in part
        assert SUBJECT in part
        assert "Canary text" not in part
        assert "The second paragraph" not in part


def test_the_subject_stands_in_the_mail_only_where_it_is_shown(client: Client) -> None:
    item = send(client, pro(), is_subject_shown=None)
    mail = next(mail for mail in delivered("email") if mail.to == ZOE)
    assert all("Canary" not in part for part in (mail.subject, mail.text, mail.html))
    assert not item.message.is_subject_shown


def test_a_shown_subject_is_cut(client: Client) -> None:
    send(client, pro(), subject="x" * 200)
    shown = re.search("Subject: (.*)", mail_to(ZOE))
    assert shown
    assert shown[1] == "x" * 69 + "…"


def test_a_subject_turns_no_direction_of_text(client: Client) -> None:
    sign_in(client, pro())
    assert "a mark that turns the direction of text" in refused(client, subject="invoice \u202efdp.exe")


def test_a_shown_subject_holds_no_address(client: Client) -> None:
    sign_in(client, pro())
    assert "holds no web or e-mail address" in refused(client, subject="Pay at https://evil.example now")
    answer = press_send(
        client, filled(composer_values(client), subject="See https://client.example", is_subject_shown=None)
    )
    assert answer.status_code == 302


def test_a_french_recipient_is_written_to_in_french(client: Client) -> None:
    send(client, pro(), language="fr")
    mail = next(mail for mail in delivered("email") if mail.to == ZOE)
    assert mail.subject == "Robin Tremblay vous a envoyé un message sécurisé"
    assert "Code d’ouverture" in mail.text or "code d’ouverture" in mail.text


def test_an_answer_by_mail_goes_to_the_sender(client: Client, settings: Settings) -> None:
    with SmtpServer() as server:
        settings.EMAIL = server.settings()
        send(client, pro())
        delivered("email")
        (mail,) = server.mails
        assert mail["Reply-To"] == "pro@demo.example"
        assert mail["From"] == settings.MAIL_FROM


def test_a_password_is_agreed_and_never_sent(client: Client) -> None:
    item = send(
        client, pro(), to=(ZOE, NOAH), proof=Proof.ITEM_PASSWORD.value, item_password="correct horse", hint="a horse"
    )
    assert {gate.hint for gate in Gate.objects.all()} == {"a horse"}
    assert all(gate.password_hash.startswith("argon2") for gate in Gate.objects.all())
    for address in (ZOE, NOAH):
        text = mail_to(address)
        assert "correct horse" not in text
        assert "by phone, for example" in text
        assert read_by(text, "correct horse").subject == SUBJECT
    assert item.participants.count() == 2


def test_a_code_by_text_message_goes_to_the_number_of_each_recipient(client: Client) -> None:
    numbers = {"to-0-cell_number": NUMBER, "to-1-cell_number": "+33 6 12 34 56 78"}
    item = send(client, pro(), to=(ZOE, NOAH), proof=Proof.SMS_CODE.value, **numbers)
    people = list(item.participants.order_by("position"))
    assert [person.number for person in people] == ["+15145550187", "+33612345678"]
    text = mail_to(ZOE)
    assert "number ending in 87" in text
    assert "5145550187" not in text
    policy = Policy.from_text(Link.objects.get(participant=people[0]).policy)
    assert (policy.proof, policy.number) == (Proof.SMS_CODE, bytes(people[0].number_digest or b"").hex())


def test_terms_of_the_composer_become_those_of_the_links(client: Client) -> None:
    item = send(client, pro(), life_hours="24", openings="2", is_copy_kept=None, is_read_receipt_asked=None)
    policy = Policy.from_text(Link.objects.get().policy)
    assert item.expires_at - item.sent_at == timedelta(hours=24)
    assert item.longest_until - item.sent_at == timedelta(days=365)
    assert policy.openings == 2
    assert item.copy_box is None
    assert not item.message.is_read_receipt_asked


def test_a_copy_line_is_kept(client: Client) -> None:
    item = send(client, pro(), to=(ZOE, NOAH), **{"to-1-role": "copy"})
    assert [person.role for person in item.participants.order_by("position")] == ["to", "copy"]


# What it costs


def test_it_costs_one_message_whatever_the_number_of_recipients(client: Client) -> None:
    send(client, pro(), to=(ZOE, NOAH))
    assert MonthlyCount.objects.get().used == 1
    account = client.get("/account/")
    assert "4,999" in text_of(account, "messages_left")
    assert text_of(account, "last_message_sent") != "None yet"


def test_a_shortened_file_name_is_said_after_a_direct_sending(client: Client) -> None:
    sign_in(client, pro())
    long = SimpleUploadedFile("a.pdf", b"%PDF canary", "application/pdf")
    long._name = "x" * 300 + ".pdf"  # type: ignore[attr-defined]  # Django's own class would tidy it before it is sent
    answer = press_send(client, {**filled(composer_values(client)), "attachments": [long]})
    page = client.get(answer.headers["Location"]).content.decode()
    assert page.count("The name of a file was too long and was shortened") == 1


def test_a_form_sent_twice_sends_once_and_says_so(client: Client) -> None:
    sign_in(client, pro())
    values = filled(composer_values(client))
    first, second = press_send(client, values), press_send(client, values | {"body": "Something else"})
    item = Item.objects.get()
    assert (first.status_code, second.status_code) == (302, 409)
    page = second.content.decode()
    assert "This was already sent" in page
    assert f'href="/messages/{item.reference}/"' in page
    assert MonthlyCount.objects.get().used == 1
    assert not Draft.objects.exists()
    back = client.get(f"/messages/drafts/{form_key_of(values)}/")
    assert "This was already sent" in back.content.decode()
    assert "this window shows" not in back.content.decode()


def test_what_a_late_window_shows_can_be_kept_as_another_draft(client: Client) -> None:
    sign_in(client, pro())
    values = filled(composer_values(client), item_password="canary of a password")
    press_send(client, values)
    late = press_send(client, values | {"body": "A whole new paragraph.", "subject": 'A "new" one'})
    assert "canary of a password" not in late.content.decode()
    again = values_of(late)
    assert form_key_of(again) != form_key_of(values)
    answer = press_keep(client, again, then="keep")
    draft = open_draft(Draft.objects.get())
    assert answer.headers["Location"] == f"/messages/drafts/{form_key_of(again)}/"
    assert (draft.first("body"), draft.first("subject")) == ("A whole new paragraph.", 'A "new" one')
    assert ZOE in client.get(answer.headers["Location"]).content.decode()
    assert Item.objects.count() == 1


def test_afterwards_a_page_says_what_happens_next(client: Client) -> None:
    item = send(client, pro())
    page = client.get(f"/messages/{item.reference}/sent/").content.decode()
    assert "What happens next" in page
    assert ZOE in page


# What keeps it from leaving


def test_without_a_message_left_the_draft_is_kept_and_the_page_says_why(client: Client) -> None:
    Plan.objects.filter(code="pro").update(messages_per_month=1)
    user = pro()
    count_a_message(user)
    sign_in(client, user)
    page = refused(client)
    assert "No messages are left this month, so nothing was sent." in page
    assert BODY.partition("\n")[0] in page
    assert Draft.objects.count() == 1
    assert not Job.objects.filter(kind="items-mail").exists()
    drafts = client.get("/messages/?box=drafts").content.decode()
    assert SUBJECT in drafts


def test_a_refused_sending_can_be_repeated_from_its_page(client: Client) -> None:
    Plan.objects.filter(code="pro").update(messages_per_month=1)
    user = pro()
    count_a_message(user)
    sign_in(client, user)
    answer = press_send(client, filled(composer_values(client)))
    Plan.objects.filter(code="pro").update(messages_per_month=2)
    assert press_send(client, values_of(answer)).status_code == 302
    assert Item.objects.count() == 1


@pytest.mark.parametrize(("days", "is_suspended"), [(-1, False), (30, True)])
def test_a_license_that_is_over_sends_nothing(client: Client, days: int, is_suspended: bool) -> None:
    user = make_user("late@demo.example")
    make_license(user, "pro", expires_at=timezone.now() + timedelta(days=days), is_suspended=is_suspended)
    sign_in(client, user)
    assert "Your license has expired or is suspended, so nothing was sent." in forbidden(client)
    assert Draft.objects.count() == 1


def test_a_license_taken_away_meanwhile_sends_nothing_and_keeps_the_draft(client: Client) -> None:
    sign_in(client, pro())
    values = filled(composer_values(client))
    License.objects.update(holder=None)
    answer = press_send(client, values)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You have no license, so nothing was sent. Your draft is kept." in page
    assert "Not kept and not sent" not in page
    assert values_of(answer)["body"] == BODY
    assert open_draft(Draft.objects.get()).first("body") == BODY
    assert not Item.objects.exists()


def test_what_is_typed_without_a_license_is_sent_once_there_is_one_again(client: Client) -> None:
    user = pro()
    sign_in(client, user)
    values = filled(composer_values(client), life_hours=str(365 * 24))
    License.objects.update(holder=None)
    answer = press_send(client, values)
    License.objects.update(holder=user)
    assert press_send(client, {**values_of(answer), "to-0-email": NOAH}).status_code == 302
    item = Item.objects.get()
    assert item.expires_at - item.sent_at == timedelta(days=365)


@pytest.mark.parametrize("limit", ["sends_per_hour", "recipients_per_hour"])
def test_an_hour_has_its_limit(client: Client, limit: str) -> None:
    Plan.objects.filter(code="pro").update(**{limit: 1})
    user = pro()
    send(client, user)
    answer = press_send(client, filled(composer_values(client)))
    assert answer.status_code == 422
    assert "as much as your plan allows in one hour" in answer.content.decode()
    assert Item.objects.count() == 1
    assert MonthlyCount.objects.get().used == 1


def test_a_refused_hour_takes_nothing_from_the_other_limits(client: Client) -> None:
    Plan.objects.filter(code="pro").update(recipients_per_hour=1)
    sign_in(client, pro())
    refused(client, to=(ZOE, NOAH))
    assert not Counter.objects.filter(name="messages.sends", used__gt=0).exists()
    assert not MonthlyCount.objects.filter(used__gt=0).exists()


def test_more_recipients_than_the_plan_allows_are_refused(client: Client) -> None:
    Plan.objects.filter(code="pro").update(recipients_per_message=2)
    sign_in(client, pro())
    page = refused(client, to=(ZOE, NOAH, "third@outside.example"))
    assert "These are 3 recipients. Your plan allows 2." in page


def test_a_longer_life_than_the_plan_allows_is_refused(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    assert "Choose one of the options in the list." in refused(client, life_hours=str(24 * 365))


@pytest.mark.parametrize("value", ["0", "-1", "100", "1e9", "five", ""])
def test_a_number_of_openings_outside_its_range_is_refused(client: Client, value: str) -> None:
    sign_in(client, pro())
    assert 'aria-describedby="openings_error"' in refused(client, openings=value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"to": ()}, "Enter the e-mail address of at least one person the message is for."),
        ({"to-0-role": "copy"}, "Enter the e-mail address of at least one person the message is for."),
        ({"to-0-role": "boss"}, "Choose one of the options in the list."),
        ({"to": ("zoe@outside",)}, "This is not an e-mail address."),
        ({"to": (f"{ZOE}, {NOAH}",)}, "This is not an e-mail address."),
        ({"to": (ZOE, ZOE.upper())}, "This address is recipient 1 already."),
        ({"subject": ""}, "Fill in this field."),
        ({"subject": "x" * 201}, "It may have up to 200 characters."),
        ({"body": ""}, "Write the text of the message."),
        ({"body": "x" * 100_001}, "It may have up to 100,000 characters."),
        ({"proof": "none"}, "Choose one of the options in the list."),
        ({"proof": "item_password", "item_password": "short"}, "8 characters or more"),
        ({"proof": "item_password", "item_password": " " * 8}, "8 characters or more, without blanks at its ends."),
        ({"proof": "item_password", "item_password": "agreed on "}, "without blanks at its ends."),
        ({"proof": "sms_code"}, "Enter a cell number. Type it with its area code."),
        ({"proof": "sms_code", "to-0-cell_number": "514 555 01"}, "This number is too short"),
        ({"reply_sms": "on"}, "Enter a cell number. Type it with its area code."),
        ({"language": "de"}, "Choose one of the options in the list."),
        ({"kind": "file"}, "Choose at least one file"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_it(client: Client, changes: dict[str, object], sentence: str) -> None:
    sign_in(client, pro())
    assert sentence in refused(client, **changes)


def test_with_nothing_chosen_an_opening_code_is_asked(client: Client) -> None:
    item = send(client, pro(), proof=None)
    assert item.participants.get().proof == Proof.OPENING_CODE


def test_where_texts_are_off_the_proof_is_disabled_and_refused(client: Client, settings: Settings) -> None:
    settings.SMS = parse_sms_url("none")
    sign_in(client, pro())
    page = client.get("/messages/new/?kind=message").content.decode()
    radio = re.search(r'<input[^>]*id="proof_sms_code"[^>]*>', page)
    assert radio
    assert "disabled" in radio[0]
    assert "Text messages are switched off." in refused(client, proof="sms_code", **{"to-0-cell_number": NUMBER})


def test_return_protection_begins_as_the_account_page_says_and_can_be_weakened(client: Client) -> None:
    user = pro()
    ReturnProtection.objects.create(user=user, sms=True, owner=True)
    numbers = {"to-0-cell_number": NUMBER}
    as_set = send(client, user, **numbers)
    assert Policy.from_text(Link.objects.get(participant__item=as_set).policy).reply_proofs == ("sms_code",)
    assert as_set.message.is_owner_proof_asked
    weaker = send(client, user, reply_sms=None, reply_owner=None)
    assert Policy.from_text(Link.objects.get(participant__item=weaker).policy).reply_proofs == ()
    assert not weaker.message.is_owner_proof_asked


@pytest.mark.parametrize("box", ["reply_sms", "reply_owner"])
def test_return_protection_of_another_plan_is_refused_by_direct_post(client: Client, box: str) -> None:
    sign_in(client, make_user("small@demo.example", plan="advanced"))
    page = forbidden(client, **{box: "on", "to-0-cell_number": NUMBER})
    assert "Comes with the Pro plan; yours is Advanced. Untick this box." in page
    assert f'href="#{box}"' in page


def test_return_protection_that_the_plan_lost_meanwhile_is_unticked_by_the_sender_alone(client: Client) -> None:
    user = pro()
    sign_in(client, user)
    ticked = {"reply_sms": "on", "reply_owner": "on", "to-0-cell_number": NUMBER}
    page = press_keep(client, filled(composer_values(client), **ticked), then="keep").headers["Location"]
    License.objects.filter(holder=user).update(plan=Plan.objects.get(code="advanced"))
    shown = values_of(client.get(page))
    assert (shown["reply_sms"], shown["reply_owner"]) == ("on", "on")
    again = press_send(client, shown)
    assert again.status_code == 403
    shown = values_of(again)
    assert (shown["subject"], shown["reply_sms"], shown["reply_owner"]) == (SUBJECT, "on", "on")
    assert not Item.objects.exists()
    assert press_send(client, {**shown, "reply_sms": None, "reply_owner": None}).status_code == 302


def test_a_proof_by_text_before_a_reply_is_not_dropped_where_texts_went_off_meanwhile(
    client: Client, settings: Settings
) -> None:
    sign_in(client, pro())
    values = filled(composer_values(client), reply_sms="on", **{"to-0-cell_number": NUMBER})
    settings.SMS = parse_sms_url("none")
    again = press_send(client, values)
    assert again.status_code == 403
    assert "Text messages are switched off" in text_of(again, "reply_sms_error")
    assert not Item.objects.exists()
    assert press_send(client, {**values_of(again), "reply_sms": None}).status_code == 302


def test_files_in_a_reply_belong_to_plans_with_files(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    page = client.get(NEW).content.decode()
    assert not any(f'value="{kind}"' in page for kind in ("files", "needed"))
    for kind in ("files", "needed"):
        assert "Your plan takes no files in a reply." in forbidden(client, reply_kind=kind)


def test_files_in_a_reply_that_the_plan_lost_meanwhile_stay_chosen_until_the_sender_chooses(client: Client) -> None:
    user = pro()
    sign_in(client, user)
    page = press_keep(client, filled(composer_values(client), reply_kind="files"), then="keep").headers["Location"]
    License.objects.filter(holder=user).update(plan=Plan.objects.get(code="eco"))
    shown = values_of(client.get(page))
    assert shown["reply_kind"] == "files"
    again = press_send(client, shown)
    assert (again.status_code, values_of(again)["reply_kind"]) == (403, "files")
    assert press_send(client, values_of(again) | {"reply_kind": "text"}).status_code == 302


def test_where_no_reply_is_allowed_nothing_protects_it(client: Client) -> None:
    item = send(client, pro(), reply_kind="none", reply_sms="on")
    assert Message.objects.get(item=item).reply_kind == ReplyKind.NONE
    assert Policy.from_text(Link.objects.get().policy).reply_proofs == ()


def test_a_session_that_ended_in_mid_form_loses_nothing(client: Client) -> None:
    user = pro()
    sign_in(client, user)
    values = filled(composer_values(client), (ZOE, NOAH), item_password="never kept anywhere")
    Session.objects.all().delete()
    answer = press_send(client, values)
    page_address = f"/messages/drafts/{form_key_of(values)}/"
    assert answer.status_code == 302
    sign_in(client, user)
    page = client.get(page_address)
    shown = values_of(page)
    assert (shown["subject"], shown["to-1-email"]) == (SUBJECT, NOAH)
    assert "What you typed before your session ended is back." in page.content.decode()
    assert "never kept anywhere" not in page.content.decode()
    assert not Item.objects.exists()
    assert press_send(client, {**shown}).status_code == 302
    assert Participant.objects.count() == 2


def test_a_message_of_somebody_elses_form_key_is_another_message(client: Client) -> None:
    values = filled(composer_values_of(client, pro()))
    press_send(client, values)
    other = Client()
    sign_in(other, make_user("other@demo.example", plan="pro"))
    assert press_send(other, values).status_code == 302
    assert Item.objects.count() == 2


def composer_values_of(client: Client, user: User) -> dict[str, object]:
    sign_in(client, user)
    return composer_values(client)


def test_only_a_post_sends(client: Client) -> None:
    sign_in(client, pro())
    assert client.get(composer_values(client)["action"]).status_code == 405


def test_without_csrf_token_nothing_is_sent() -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, pro())
    values = filled(composer_values(strict))
    assert press_send(strict, values | {"csrfmiddlewaretoken": "x" * 32, "drawn": ""}).status_code == 403
    assert not Item.objects.exists()
    assert press_send(strict, values).status_code == 302
