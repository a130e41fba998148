"""The Twilio back end against a gateway on this machine: what it asks, how it judges answers, what it never says."""

import logging
import socket
import traceback
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from core.sms.circuit import Circuit
from core.sms.configuration import SmsSettings, parse_sms_url
from core.sms.errors import GatewayUnavailable, ResultUnknown, TextRefused
from core.sms.gateway import Accepted
from core.sms.limits import CIRCUIT_OPENS_AFTER_FAILURES, PROVIDER_TIMEOUT_SECONDS
from core.sms.reasons import SENTENCES
from core.sms.twilio import TwilioGateway
from tests.core.sms.builders import BODY, NUMBER, outgoing
from tests.doubles.twilio_server import ACCOUNT_SID, AUTH_TOKEN, SENDER, TwilioServer

CALLBACK = "https://portal.example/hooks/sms/twilio"
SHORT_SECONDS = 0.2


def gateway_to(server: TwilioServer, **options: object) -> TwilioGateway:
    """Return the back end, asking a server with a short patience."""
    return TwilioGateway(parse_sms_url(server.sms_url), callback_url=CALLBACK, timeout_seconds=SHORT_SECONDS, **options)  # type: ignore[arg-type]


def fails_to_send(gateway: TwilioGateway) -> Exception:
    """Return the exception of one sending."""
    with pytest.raises((TextRefused, GatewayUnavailable, ResultUnknown)) as refusal:
        gateway.send(outgoing())
    return refusal.value


def test_a_text_is_created_with_everything_the_provider_needs(provider: TwilioServer) -> None:
    accepted = gateway_to(provider).send(outgoing(lifetime_seconds=540))
    (message,) = provider.messages
    assert accepted == Accepted(provider_id=message.sid, status="queued")
    assert message.form == {
        "To": NUMBER,
        "From": SENDER,
        "Body": BODY,
        "StatusCallback": CALLBACK,
        "RiskCheck": "enable",
        "ValidityPeriod": "540",
    }


def test_a_messaging_service_stands_in_for_the_number(provider: TwilioServer) -> None:
    service = "MG" + "0" * 32
    account = SmsSettings("twilio", ACCOUNT_SID, AUTH_TOKEN, service, provider.base)
    TwilioGateway(account, callback_url=CALLBACK).send(outgoing())
    assert provider.messages[0].form["MessagingServiceSid"] == service
    assert "From" not in provider.messages[0].form


def test_the_environment_is_not_asked(provider: TwilioServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ACCOUNT_SID": "AC" + "9" * 32,
        "AUTH_TOKEN": "other",
        "REGION": "ie1",
        "EDGE": "dublin",
    }.items():
        monkeypatch.setenv(f"TWILIO_{name}", value)
    gateway_to(provider).send(outgoing())
    assert len(provider.messages) == 1
    assert ACCOUNT_SID in provider.requests[0][1]


@pytest.mark.parametrize("code", [21211, 21408, 21610, 21612, 21614, 21635])
def test_a_number_the_provider_refuses_is_refused_for_good(provider: TwilioServer, code: int) -> None:
    provider.refuse(400, code)
    refusal = fails_to_send(gateway_to(provider))
    assert isinstance(refusal, TextRefused)
    assert refusal.reason == str(code)
    assert refusal.message == str(SENTENCES[str(code)])
    assert provider.messages == []


def test_a_code_that_is_not_in_our_list_still_has_a_sentence(provider: TwilioServer) -> None:
    provider.refuse(400, 29999)
    refusal = fails_to_send(gateway_to(provider))
    assert isinstance(refusal, TextRefused)
    assert (refusal.reason, refusal.message.count(". ")) == ("29999", 1)


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (403, 20005), (403, 20403), (429, 20429), (400, 21611)])
def test_what_is_wrong_with_the_account_or_the_pace_is_tried_again(
    provider: TwilioServer, status: int, code: int
) -> None:
    provider.refuse(status, code)
    refusal = fails_to_send(gateway_to(provider))
    assert isinstance(refusal, GatewayUnavailable)
    assert refusal.reason == str(code)


def test_a_country_closed_in_the_account_is_final_whatever_its_status(provider: TwilioServer) -> None:
    provider.refuse(403, 21408)
    assert isinstance(fails_to_send(gateway_to(provider)), TextRefused)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_after_a_server_error_nobody_knows(provider: TwilioServer, status: int) -> None:
    provider.refuse(status, 20500)
    assert isinstance(fails_to_send(gateway_to(provider)), ResultUnknown)


@pytest.mark.parametrize("breakdown", [TwilioServer.fall_silent, TwilioServer.hang_up, TwilioServer.babble])
def test_an_answer_that_does_not_come_leaves_the_result_unknown_and_the_text_findable(
    provider: TwilioServer, breakdown: Callable[[TwilioServer], None]
) -> None:
    gateway, text = gateway_to(provider), outgoing()
    breakdown(provider)
    with pytest.raises(ResultUnknown):
        gateway.send(text)
    found = gateway.find_sent(text)
    assert found == Accepted(provider_id=provider.messages[0].sid, status="queued")
    assert len(provider.messages) == 1


def test_the_patience_with_the_provider_is_ten_seconds() -> None:
    assert PROVIDER_TIMEOUT_SECONDS == 10


def test_a_text_the_provider_does_not_have_is_not_found(provider: TwilioServer) -> None:
    gateway = gateway_to(provider)
    gateway.send(outgoing(body="another text"))
    gateway.send(outgoing(to="+15145550124"))
    assert gateway.find_sent(outgoing()) is None
    query = parse_qs(urlsplit(provider.requests[-1][1]).query)
    assert query == {"To": [NUMBER], "PageSize": ["20"]}


def test_an_old_text_of_the_same_words_is_not_taken_for_the_new_one(provider: TwilioServer) -> None:
    gateway, text = gateway_to(provider), outgoing()
    gateway.send(text)
    message = provider.messages[0]
    message.created_at = message.created_at.replace(year=2020)
    assert gateway.find_sent(text) is None


def test_a_provider_that_cannot_be_asked_says_neither_yes_nor_no(provider: TwilioServer) -> None:
    provider.refuse(500, 20500)
    with pytest.raises(GatewayUnavailable):
        gateway_to(provider).find_sent(outgoing())


def test_a_closed_port_means_certainly_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    account = SmsSettings("twilio", ACCOUNT_SID, AUTH_TOKEN, SENDER, f"http://127.0.0.1:{port}")
    refusal = fails_to_send(TwilioGateway(account, callback_url=CALLBACK))
    assert isinstance(refusal, GatewayUnavailable)
    assert refusal.reason == "no_answer"


def test_a_provider_that_keeps_failing_is_left_alone_for_a_while(provider: TwilioServer) -> None:
    now = [0.0]
    gateway = gateway_to(provider, circuit=Circuit(lambda: now[0]))
    for _ in range(CIRCUIT_OPENS_AFTER_FAILURES):
        provider.refuse(503, 20503)
        fails_to_send(gateway)
    refusal = fails_to_send(gateway)
    assert isinstance(refusal, GatewayUnavailable)
    assert refusal.reason == "paused"
    assert len(provider.requests) == CIRCUIT_OPENS_AFTER_FAILURES
    now[0] += 30
    assert gateway.send(outgoing()).status == "queued"


def test_refused_numbers_do_not_open_the_circuit(provider: TwilioServer) -> None:
    gateway = gateway_to(provider)
    for _ in range(CIRCUIT_OPENS_AFTER_FAILURES + 1):
        provider.refuse(400, 21614)
        fails_to_send(gateway)
    assert gateway.send(outgoing()).status == "queued"


FAULTS: list[Callable[[TwilioServer], None]] = [
    lambda server: server.refuse(400, 21211),
    lambda server: server.refuse(401, 20003),
    lambda server: server.refuse(500, 20500),
    TwilioServer.fall_silent,
    TwilioServer.hang_up,
    TwilioServer.babble,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_secret_number_or_word_is_in_an_exception_or_a_log(
    provider: TwilioServer, fault: Callable[[TwilioServer], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway, text = gateway_to(provider), outgoing()
    fault(provider)
    with pytest.raises((TextRefused, GatewayUnavailable, ResultUnknown)) as refusal:
        gateway.send(text)
    gateway.find_sent(text)
    # Every exception behind this one is looked at too, as a fault collector would.
    told = "".join(traceback.TracebackException.from_exception(refusal.value).format())
    said = told + repr(refusal.value) + repr(refusal.value.__context__) + caplog.text + repr(text) + repr(gateway)
    said += "".join(str(vars(record)) for record in caplog.records)
    for secret in (AUTH_TOKEN, ACCOUNT_SID, NUMBER, NUMBER[1:], "5145550123", "012345", "canary"):
        assert secret not in said
    assert caplog.records or isinstance(refusal.value, TextRefused)


@pytest.mark.parametrize("fault", FAULTS)
def test_asking_after_a_text_is_as_discreet(
    provider: TwilioServer, fault: Callable[[TwilioServer], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway, text = gateway_to(provider), outgoing()
    gateway.send(text)
    fault(provider)
    with pytest.raises(GatewayUnavailable) as refusal:
        gateway.find_sent(text)
    said = "".join(traceback.TracebackException.from_exception(refusal.value).format())
    said += caplog.text + "".join(str(vars(record)) for record in caplog.records)
    for secret in (AUTH_TOKEN, ACCOUNT_SID, "5145550123", "012345", "canary"):
        assert secret not in said


def test_the_client_keeps_nothing_of_the_last_request(provider: TwilioServer) -> None:
    gateway = gateway_to(provider)
    gateway.send(outgoing())
    client = gateway._client.http_client
    assert (client._test_only_last_request, client._test_only_last_response) == (None, None)
