"""The Twilio back end: the Messages interface through the provider's own library, kept from the environment and logs.

Nothing of the provider's answer but its numbers leaves this module: its error texts repeat the phone number.
Source: docs/decisions/0010-text-messages.md
"""

import json
import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError

from core.sms.circuit import Circuit
from core.sms.configuration import PROVIDER_BASE, SmsSettings
from core.sms.errors import GatewayUnavailable, ResultUnknown, TextRefused
from core.sms.gateway import Accepted, OutgoingText
from core.sms.limits import (
    PROVIDER_CLOCK_DIFFERENCE_SECONDS,
    PROVIDER_LIST_MOST_TEXTS,
    PROVIDER_TIMEOUT_SECONDS,
)
from core.sms.reasons import TRIED_AGAIN

logger = logging.getLogger("portal.sms")
T = TypeVar("T")

# The library falls back on the process environment wherever it is given nothing or an empty mapping.
OWN_ENVIRONMENT = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}
LONGEST_VALIDITY_SECONDS = 36_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with a request, without a word of the provider's.

    Args:
        certainty: whether the request was refused for good, surely not carried out, or nobody knows.
        reason: the provider's error code, or a word of ours.
    """

    certainty: Literal["refused", "not_done", "unknown"]
    reason: str


class TwilioGateway:
    """Send texts with one account.

    Args:
        callback_url: where the provider reports what became of a text.
        timeout_seconds: how long an answer may take.
    """

    def __init__(
        self,
        account: SmsSettings,
        *,
        callback_url: str,
        timeout_seconds: float = PROVIDER_TIMEOUT_SECONDS,
        circuit: Circuit | None = None,
    ) -> None:
        self._callback_url = callback_url
        self._sender = _sender(account.sender)
        self._circuit = circuit or Circuit()
        self._client = Client(
            account.account_sid,
            account.auth_token,
            http_client=QuietHttpClient(account.base, timeout_seconds),
            environment=OWN_ENVIRONMENT,
        )

    def send(self, text: OutgoingText) -> Accepted:
        """Create the message at the provider.

        Raises:
            TextRefused: the provider will never send it.
            GatewayUnavailable: it was certainly not sent; try later.
            ResultUnknown: the request went out and no usable answer came.
        """
        outcome = self._asked(lambda: self._create(text))
        if not isinstance(outcome, Fault):
            return outcome
        if outcome.certainty == "refused":
            raise TextRefused(outcome.reason)
        if outcome.certainty == "unknown":
            raise ResultUnknown
        raise GatewayUnavailable(outcome.reason)

    def find_sent(self, text: OutgoingText) -> Accepted | None:
        """Look for a text among the newest messages to its number.

        The provider's own filter by day of sending is not used: a message that still waits has no such day.

        Raises:
            GatewayUnavailable: the provider could not be asked.
        """
        outcome = self._asked(lambda: list(self._matching(text)))
        if isinstance(outcome, Fault):
            raise GatewayUnavailable(outcome.reason)
        return outcome[0] if outcome else None

    def _create(self, text: OutgoingText) -> Accepted | Fault:
        message = self._client.messages.create(
            to=text.to,
            body=text.body,
            status_callback=self._callback_url,
            validity_period=max(1, min(text.lifetime_seconds, LONGEST_VALIDITY_SECONDS)),
            risk_check="enable",
            **self._sender,
        )
        return Accepted(message.sid, str(message.status)) if message.sid else Fault("unknown", "no_answer")

    def _matching(self, text: OutgoingText) -> Iterator[Accepted]:
        since = text.asked_at - timedelta(seconds=PROVIDER_CLOCK_DIFFERENCE_SECONDS)
        for message in self._client.messages.list(to=text.to, limit=PROVIDER_LIST_MOST_TEXTS):
            is_recent = isinstance(message.date_created, datetime) and message.date_created >= since
            if message.sid and message.body == text.body and is_recent:
                yield Accepted(message.sid, str(message.status))

    def _asked(self, request: Callable[[], T | Fault]) -> T | Fault:
        """Ask the provider unless it keeps failing; an error comes back as a value, so that none is chained to ours."""
        if not self._circuit.lets_through():
            return Fault("not_done", "paused")
        try:
            outcome = request()
        except (TwilioRestException, TwilioServiceException) as error:
            outcome = _fault_of_answer(error.status, error.code)
        except requests.RequestException as error:
            outcome = Fault("not_done" if _never_left(error) else "unknown", "no_answer")
        except (json.JSONDecodeError, TwilioException):
            # The library's lists raise its bare base class, which repeats the whole answer.
            outcome = Fault("unknown", "no_answer")
        if isinstance(outcome, Fault) and outcome.certainty != "refused":
            self._circuit.failed()
            logger.warning("sms.provider_fault", extra={"certainty": outcome.certainty, "reason": outcome.reason})
        else:
            self._circuit.succeeded()
        return outcome


class QuietHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library has no type marker
    """The library's client, with a time-out, a chosen host, and nothing written to a log or kept.

    The library logs each request's parameters, which hold the phone number, and keeps the last request with its
    credentials; it has no setting for either, nor for the host (version 9.13).
    """

    def __init__(self, base: str, timeout_seconds: float) -> None:
        # A kept connection may be closed by the other end just as a text goes out, and its result would be unknown.
        super().__init__(pool_connections=False, timeout=timeout_seconds)
        self._base = base

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Any:
        """Send one request to the configured host."""
        try:
            return super().request(method, self._base + url.removeprefix(PROVIDER_BASE), *arguments, **named)
        finally:
            self._test_only_last_request = self._test_only_last_response = None

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Log nothing."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Log nothing."""


def _no_addresses(record: logging.LogRecord) -> bool:
    """Keep the provider's addresses out of the connection pool's debugging lines: they hold numbers."""
    return "/Accounts/AC" not in record.getMessage()


logging.getLogger("urllib3.connectionpool").addFilter(_no_addresses)


def _sender(sender: str) -> dict[str, str]:
    return {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}


def _fault_of_answer(status: int, code: int | None) -> Fault:
    """Judge an error the provider answered with: after a 5xx the message may exist."""
    reason = str(code or status)
    if status >= 500:
        return Fault("unknown", reason)
    is_ours = status in {401, 403, 429} or status < 400
    if reason in TRIED_AGAIN or (is_ours and not reason.startswith("21")):
        return Fault("not_done", reason)
    return Fault("refused", reason)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether the connection failed before anything was written to it."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError):
        return True
    return any(isinstance(part, ssl.SSLCertVerificationError) for part in getattr(reason, "args", ()))
