"""Reports of the provider: only genuine ones count, in whatever order and number they come."""

import itertools

import pytest
from django.http import QueryDict
from pytest_django import Settings

from core.models.sms import Text
from core.sms.callbacks import handle_twilio_callback, record_status, signature_is_valid
from core.sms.configuration import SmsSettings, parse_sms_url
from core.sms.states import PROVIDER_WORDS, RANKS
from tests.core.sms.builders import NUMBER, make_text
from tests.doubles.twilio_server import ACCOUNT_SID, AUTH_TOKEN, SENDER, Message, report, signature

pytestmark = pytest.mark.django_db

URL = "https://portal.example/hooks/sms/twilio"
SHARED_KEY = "canary-shared-key"


def a_message(sid: str = "SM" + "a" * 32, to: str = NUMBER) -> Message:
    """Return a message the provider has."""
    return Message(form={"To": to, "Body": "x"}, created_at=None, sid=sid)  # type: ignore[arg-type]


def sent_text(message: Message, state: str = Text.State.QUEUED) -> Text:
    """Store the record of a text the provider has taken."""
    return make_text(state=state, provider_id=message.sid)


def state_of(text: Text) -> tuple[str, str]:
    """Return what is written down about a text now."""
    return Text.objects.values_list("state", "error_code").get(pk=text.pk)


@pytest.fixture(autouse=True)
def _provider_is_twilio(settings: Settings) -> None:
    settings.SMS = SmsSettings("twilio", ACCOUNT_SID, AUTH_TOKEN, SENDER)


def test_a_signed_report_is_written_down() -> None:
    message = a_message()
    text, params = sent_text(message), report(message, "delivered")
    assert handle_twilio_callback(params, signature(URL, params))
    assert state_of(text) == ("delivered", "")


def test_a_failure_is_written_down_with_its_code() -> None:
    message = a_message()
    text, params = sent_text(message), report(message, "undelivered", error_code="30005")
    assert handle_twilio_callback(params, signature(URL, params))
    assert state_of(text) == ("undelivered", "30005")


def test_a_report_without_or_with_a_wrong_signature_changes_nothing() -> None:
    message = a_message()
    text, params = sent_text(message), report(message, "delivered")
    genuine = signature(URL, params)
    for forged in ("", genuine[:-2], genuine.swapcase(), signature(URL, params, token="other"), "é" * 28):
        assert not handle_twilio_callback(params, forged)
    assert state_of(text) == ("queued", "")


def test_a_report_that_was_tampered_with_changes_nothing() -> None:
    message = a_message()
    text, params = sent_text(message), report(message, "undelivered")
    genuine = signature(URL, params)
    for changed in (
        params | {"MessageStatus": "delivered"},
        params | {"MessageSid": "SM" + "b" * 32},
        params | {"Extra": "1"},
        {name: value for name, value in params.items() if name != "From"},
        {},
    ):
        assert not handle_twilio_callback(changed, genuine)
    assert state_of(text) == ("queued", "")


def test_a_signature_made_for_another_address_is_not_ours() -> None:
    params = report(a_message(), "delivered")
    for url in ("https://evil.example/hooks/sms/twilio", f"{URL}/", f"{URL}?a=1", URL.replace("https", "http")):
        assert not handle_twilio_callback(params, signature(url, params))


def test_a_replayed_report_changes_nothing_any_more() -> None:
    message = a_message()
    text, early, late = sent_text(message), report(message, "sent"), report(message, "delivered")
    signed = signature(URL, early)
    assert handle_twilio_callback(early, signed)
    assert handle_twilio_callback(late, signature(URL, late))
    assert handle_twilio_callback(early, signed)
    assert state_of(text) == ("delivered", "")


def test_the_signature_of_one_report_does_not_fit_another() -> None:
    one, other = report(a_message(), "sent"), report(a_message("SM" + "b" * 32), "sent")
    assert not handle_twilio_callback(other, signature(URL, one))


def test_every_parameter_counts_repeated_empty_and_unsorted() -> None:
    message = a_message()
    text = sent_text(message)
    params = QueryDict(mutable=True)
    for name, value in reversed(report(message, "delivered").items()):
        params.appendlist(name, value)
    params.setlist("MediaUrl", ["b", "a", "b"])
    params["Empty"] = ""
    params["RawDlrDoneDate"] = " 2611211530 "
    assert handle_twilio_callback(params, signature(URL, params))
    assert state_of(text)[0] == "delivered"


def test_a_port_in_the_public_address_is_no_obstacle(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://portal.example:8443"
    params = report(a_message(), "sent")
    for address in ("https://portal.example:8443", "https://portal.example"):
        assert handle_twilio_callback(params, signature(f"{address}/hooks/sms/twilio", params))


def test_the_longer_hash_counts_only_where_its_key_is_configured(settings: Settings) -> None:
    params = report(a_message(), "sent")
    long = signature(URL, params, token=SHARED_KEY, algorithm="HMAC_SHA256")
    with_token = signature(URL, params, algorithm="HMAC_SHA256")
    assert not handle_twilio_callback(params, long)
    assert not handle_twilio_callback(params, with_token)
    settings.SMS = SmsSettings("twilio", ACCOUNT_SID, AUTH_TOKEN, SENDER, signing_secret=SHARED_KEY)
    assert handle_twilio_callback(params, long)
    # The shorter hash, and the auth token, are not a second way in.
    assert not handle_twilio_callback(params, signature(URL, params))
    assert not handle_twilio_callback(params, with_token)


@pytest.mark.parametrize("url", ["none", "outbox:"])
def test_without_the_provider_there_are_no_reports(settings: Settings, url: str) -> None:
    settings.SMS = parse_sms_url(url)
    params = report(a_message(), "delivered")
    assert not handle_twilio_callback(params, signature(URL, params))
    assert not handle_twilio_callback(params, signature(URL, params, token=""))


def test_an_empty_secret_signs_nothing() -> None:
    assert not signature_is_valid(url=URL, params={}, signature=signature(URL, {}, token=""), auth_token="")


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered", "sent"])))
def test_in_whatever_order_reports_come_the_furthest_state_stays(order: tuple[str, ...]) -> None:
    message = a_message()
    text = sent_text(message)
    for status in order:
        record_status(report(message, status))
    assert state_of(text)[0] == "delivered"


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(["delivered", "undelivered", "failed"], 2)))
def test_the_first_end_is_the_end(first: str, second: str) -> None:
    message = a_message()
    text = sent_text(message)
    record_status(report(message, first))
    record_status(report(message, second, error_code="30003"))
    assert state_of(text) == (first, "")


def test_the_same_report_a_hundred_times_is_one_row_and_one_change() -> None:
    message = a_message()
    text = sent_text(message)
    record_status(report(message, "delivered"))
    changed_at = Text.objects.get(pk=text.pk).updated_at
    for _ in range(99):
        record_status(report(message, "delivered"))
    assert Text.objects.count() == 1
    assert Text.objects.get(pk=text.pk).updated_at == changed_at


@pytest.mark.parametrize("status", ["", "receiving", "invented"])
def test_a_word_we_do_not_know_changes_nothing(status: str) -> None:
    message = a_message()
    text = sent_text(message)
    record_status(report(message, status))
    assert state_of(text)[0] == "queued"


def test_every_word_of_the_provider_leads_to_a_state() -> None:
    assert set(PROVIDER_WORDS.values()) <= RANKS.keys() == set(Text.State.values)


def test_a_report_about_a_text_of_nobody_changes_nothing() -> None:
    text = sent_text(a_message())
    record_status(report(a_message("SM" + "b" * 32), "delivered"))
    record_status({"MessageStatus": "delivered"})
    assert state_of(text)[0] == "queued"


@pytest.mark.parametrize("state", [Text.State.SENDING, Text.State.UNKNOWN])
def test_a_report_that_overtakes_the_answer_settles_the_text_in_doubt(state: str) -> None:
    text = make_text(state=state)
    make_text(state=state, to="+15145550124")
    record_status(report(a_message(), "delivered"))
    assert Text.objects.values_list("state", "provider_id").get(pk=text.pk) == ("delivered", a_message().sid)


@pytest.mark.parametrize("state", [Text.State.WAITING, Text.State.FAILED])
def test_a_report_says_nothing_about_a_text_that_was_not_asked_for(state: str) -> None:
    text = make_text(state=state)
    record_status(report(a_message(), "delivered"))
    assert state_of(text)[0] == state


def test_a_report_that_could_be_about_two_texts_settles_neither() -> None:
    first, second = make_text(state=Text.State.UNKNOWN), make_text(state=Text.State.SENDING)
    record_status(report(a_message(), "delivered"))
    assert [state_of(first)[0], state_of(second)[0]] == ["unknown", "sending"]
