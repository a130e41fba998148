"""Sending a text: what is written down, what the worker makes of each answer, and that nothing is sent twice."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from pytest_django import Settings

from core import jobs, outbox_files
from core.db import database_now
from core.errors import ProviderUnavailable, TooManyRequests
from core.models import Job
from core.models.sms import Text
from core.sms.configuration import parse_sms_url
from core.sms.errors import CountryNotServed, NumberInvalid, TextsOff, TextsPaused
from core.sms.gateway import Accepted
from core.sms.limits import (
    COUNTRY_STOPS_ABOVE_TEXTS,
    DELIVERY_RECORD_KEPT_DAYS,
    UNKNOWN_ASKED_FOR_SECONDS,
)
from core.sms.numbers import number_digest
from core.sms.records import forget_old_texts, record_accepted, record_confirmation
from core.sms.texts import send_text
from core.sms.wording import code_text
from tests.core.sms.builders import NUMBER, make_text
from tests.doubles.twilio_server import TwilioServer
from tests.outbox import run_due_jobs

pytestmark = pytest.mark.django_db

BODY = "012345 is your code to sign in (Secure Exchange Portal)."


def ask(*, to: str = NUMBER, body: str = BODY, purpose: str = "sign-in", **changes: object) -> uuid.UUID:
    """Ask for a text."""
    wanted: dict[str, object] = {
        "account": "user:1",
        "organization": "organization:1",
        "network": "192.0.2.0/24",
        "lifetime_seconds": 600,
        "is_proven_person": True,
    }
    return send_text(to=to, body=body, purpose=purpose, **(wanted | changes))  # type: ignore[arg-type]


def work() -> Job:
    """Let the worker do the one job there is, whenever it is due."""
    Job.objects.update(next_at=database_now())
    run_due_jobs()
    return Job.objects.get()


def age(seconds: int) -> None:
    """Make everything older: what the database judges is moved, not the clock."""
    past = timedelta(seconds=seconds)
    Text.objects.update(created_at=F("created_at") - past, expires_at=F("expires_at") - past)
    Text.objects.filter(asked_at__isnull=False).update(asked_at=F("asked_at") - past)


def the_text() -> Text:
    """Return the one delivery record."""
    return Text.objects.get()


def test_a_text_is_a_row_and_a_job_without_its_number_or_words() -> None:
    key = ask()
    row, job = the_text(), Job.objects.get()
    assert (row.key, row.state, row.purpose, row.region) == (key, "waiting", "sign-in", "CA")
    assert (row.account_ref, row.organization_ref, row.is_code) == ("user:1", "organization:1", True)
    assert bytes(row.number_digest) == number_digest(NUMBER)
    assert row.expires_at - row.created_at == timedelta(seconds=600)
    kept = "".join(str(vars(each)) for each in (row, job)) + repr(row)
    assert "5145550123" not in kept
    assert "012345" not in kept


def test_an_act_that_fails_sends_no_text() -> None:
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert (Text.objects.count(), Job.objects.count()) == (0, 0)


def test_the_worker_puts_it_into_the_outbox() -> None:
    ask()
    job = work()
    (entry,) = outbox_files.read_entries(10)
    assert (entry.channel, entry.to, entry.text) == ("sms", NUMBER, BODY)
    assert (job.state, the_text().state, the_text().provider_id) == ("done", "sent", entry.key)


def test_a_job_that_is_done_again_sends_nothing_again(provider: TwilioServer) -> None:
    ask()
    work()
    Job.objects.update(state=Job.State.PENDING, body=None)
    payload: jobs.Payload = {"key": str(the_text().key), "to": NUMBER, "body": BODY}
    for attempt in (2, 3):
        jobs._handlers["sms"](payload, attempt=attempt, job_key=uuid.uuid4(), unknown_since=None)
    assert len(provider.messages) == 1


def test_the_provider_is_told_how_long_the_code_still_lives(provider: TwilioServer) -> None:
    ask()
    age(300)
    work()
    assert 290 <= int(provider.messages[0].form["ValidityPeriod"]) <= 300
    assert (the_text().state, the_text().provider_id) == ("queued", provider.messages[0].sid)


def test_a_refused_text_is_given_up_with_its_code(provider: TwilioServer) -> None:
    ask()
    provider.refuse(400, 21610)
    job = work()
    assert (job.state, job.reason) == ("failed", "refused 21610")
    assert (the_text().state, the_text().error_code) == ("failed", "21610")


def test_a_provider_that_is_away_gets_it_later_and_once(provider: TwilioServer) -> None:
    ask()
    provider.refuse(429, 20429)
    assert work().state == "pending"
    assert (the_text().state, the_text().error_code) == ("waiting", "20429")
    assert work().state == "done"
    assert (len(provider.messages), the_text().state, the_text().error_code) == (1, "queued", "")


def test_an_unknown_result_is_asked_after_and_found(provider: TwilioServer) -> None:
    ask()
    provider.hang_up()
    job = work()
    assert (job.state, the_text().state) == ("pending", "unknown")
    assert job.unknown_since is not None
    assert work().state == "done"
    assert (len(provider.messages), the_text().provider_id) == (1, provider.messages[0].sid)
    assert [method for method, _ in provider.requests] == ["POST", "GET"]


def test_an_unknown_result_is_not_sent_again_for_a_minute(provider: TwilioServer) -> None:
    ask()
    provider.hang_up()
    provider.hides_messages = True
    work()
    for _ in range(3):
        assert work().state == "pending"
    age(UNKNOWN_ASKED_FOR_SECONDS - 2)
    assert work().state == "pending"
    assert [method for method, _ in provider.requests] == ["POST", "GET", "GET", "GET", "GET"]
    age(2)
    assert work().state == "done"
    assert [method for method, _ in provider.requests][-2:] == ["GET", "POST"]


def test_a_worker_killed_while_it_sent_leaves_a_text_that_is_asked_after(provider: TwilioServer) -> None:
    ask()
    text = the_text()
    provider.take({"To": NUMBER, "Body": BODY})
    Text.objects.filter(pk=text.pk).update(state=Text.State.SENDING, asked_at=database_now())
    assert work().state == "done"
    assert (len(provider.messages), the_text().state) == (1, "queued")


def test_while_nobody_can_be_asked_nothing_is_sent_again(provider: TwilioServer) -> None:
    ask()
    provider.hang_up()
    work()
    age(UNKNOWN_ASKED_FOR_SECONDS)
    provider.refuse(503, 20503)
    assert work().state == "pending"
    age(600)
    provider.refuse(503, 20503)
    job = work()
    assert (job.state, job.reason, the_text().state) == ("failed", "result unknown", "unknown")
    assert len(provider.messages) == 1


def test_a_text_whose_code_is_too_old_is_not_sent(provider: TwilioServer) -> None:
    ask()
    age(600)
    job = work()
    assert (job.state, job.reason) == ("failed", "late")
    assert (the_text().state, the_text().error_code) == ("failed", "late")
    assert provider.requests == []


def test_of_two_codes_that_wait_only_the_newer_one_is_sent(provider: TwilioServer) -> None:
    ask(body="111111 is your code.")
    ask(body="222222 is your code.")
    ask(body="333333 is your code.", purpose="confirm-number")
    ask(body="444444 is your code.", to="+15145550124")
    run_due_jobs()
    assert [message.form["Body"][:6] for message in provider.messages] == ["222222", "333333", "444444"]
    assert Text.objects.order_by("pk").values_list("state", "error_code")[0] == ("failed", "replaced")
    assert Job.objects.filter(state="failed", reason="replaced").count() == 1


def test_a_text_without_a_code_is_not_replaced_by_the_next_one(provider: TwilioServer) -> None:
    ask(body="first", purpose="link")
    ask(body="second", purpose="link")
    run_due_jobs()
    assert [message.form["Body"] for message in provider.messages] == ["first", "second"]


def test_a_report_that_was_faster_than_the_answer_stays(provider: TwilioServer) -> None:
    ask()
    work()
    text = the_text()
    Text.objects.update(state=Text.State.DELIVERED)
    record_accepted(text, Accepted(provider_id=text.provider_id, status="queued"))
    assert the_text().state == "delivered"


def test_a_deleted_record_is_nothing_to_do() -> None:
    ask()
    Text.objects.all().delete()
    assert work().state == "done"
    assert outbox_files.read_entries(1) == []


@pytest.mark.parametrize(
    ("to", "refusal"),
    [("+442079460000", NumberInvalid), ("+12642351234", CountryNotServed), ("5145550123", NumberInvalid)],
)
def test_a_number_that_gets_no_texts_never_reaches_the_provider(to: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ask(to=to)
    assert (Text.objects.count(), Job.objects.count()) == (0, 0)


def test_without_a_gateway_nothing_is_written(settings: Settings) -> None:
    settings.SMS = parse_sms_url("none")
    with pytest.raises(TextsOff) as refusal:
        ask()
    assert isinstance(refusal.value, ProviderUnavailable)
    assert str(refusal.value).startswith("Text messages are switched off")
    assert Text.objects.count() == 0


def test_switched_off_after_it_was_asked_the_text_is_given_up(settings: Settings) -> None:
    ask()
    settings.SMS = parse_sms_url("none")
    assert (work().reason, the_text().error_code) == ("off", "off")


def test_a_code_of_two_segments_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="longer"):
        ask(body="x" * 161)
    with pytest.raises(ValueError, match="longer"):
        ask(body="x" * 307, purpose="link")
    ask(body="x" * 306, purpose="link")
    assert not the_text().is_code


def test_a_used_up_budget_writes_nothing_and_says_until_when() -> None:
    for _ in range(5):
        ask()
    with pytest.raises(TooManyRequests) as refusal:
        ask()
    assert refusal.value.until > database_now() + timedelta(minutes=59)
    assert (Text.objects.count(), Job.objects.count()) == (5, 5)


def test_codes_of_both_languages_can_be_sent() -> None:
    for language in ("en", "fr"):
        ask(body=code_text("012345", "sign-in", language))
    assert Text.objects.count() == 2


def test_a_typed_code_confirms_the_newest_text_of_its_purpose_once() -> None:
    old, new = make_text(age_seconds=60), make_text()
    other = make_text(purpose="confirm-number")
    record_confirmation(account="user:1", purpose="sign-in")
    confirmed_at = Text.objects.get(pk=new.pk).confirmed_at
    assert confirmed_at is not None
    record_confirmation(account="user:1", purpose="sign-in")
    assert Text.objects.get(pk=new.pk).confirmed_at == confirmed_at
    assert Text.objects.filter(pk__in=[old.pk, other.pk], confirmed_at=None).count() == 2


def test_a_code_typed_without_any_text_confirms_nothing() -> None:
    record_confirmation(account="user:1", purpose="sign-in")
    assert Text.objects.count() == 0


def test_a_country_that_stopped_gets_no_text() -> None:
    for _ in range(COUNTRY_STOPS_ABOVE_TEXTS + 1):
        make_text(age_seconds=600)
    with pytest.raises(TextsPaused) as refusal:
        ask()
    assert str(refusal.value) == (
        "Text messages to this country (Canada) are paused. Try again in an hour, or use another way."
    )
    assert Job.objects.count() == 0


def test_delivery_records_are_kept_for_their_time() -> None:
    now = database_now()
    kept, _gone = (
        make_text(age_seconds=(DELIVERY_RECORD_KEPT_DAYS - 1) * 86_400),
        make_text(age_seconds=(DELIVERY_RECORD_KEPT_DAYS + 1) * 86_400),
    )
    forget_old_texts(now)
    assert the_text() == kept


@pytest.mark.parametrize("state", ["queued", "sent", "delivered", "undelivered"])
def test_a_text_handed_over_has_a_name_at_the_provider(state: str) -> None:
    with pytest.raises(IntegrityError, match="core_text_handed_over_has_provider_id"), transaction.atomic():
        make_text(state=state)


def test_two_texts_never_share_a_name_at_the_provider() -> None:
    make_text(state="queued", provider_id="SM1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_text(state="queued", provider_id="SM1")
