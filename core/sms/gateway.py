"""The port through which texts leave, and the choice of the back end behind it.

A back end is asked to send, and, when an answer got lost, whether it did.
Source: docs/decisions/0010-text-messages.md
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from core.sms.configuration import SmsSettings
from core.sms.errors import TextRefused


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A text as it is handed to a gateway; neither number nor words are ever printed.

    Args:
        to: E.164 number.
        lifetime_seconds: how long it may wait at the provider; whole seconds, at least 1.
        asked_at: aware instant of the first request for it.
    """

    to: str = field(repr=False)
    body: str = field(repr=False)
    lifetime_seconds: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a gateway answers when it has taken a text.

    Args:
        provider_id: the gateway's name for it.
        status: the gateway's word for its state.
    """

    provider_id: str
    status: str


class Gateway(Protocol):
    """Something that sends texts."""

    def send(self, text: OutgoingText) -> Accepted:
        """Hand over a text.

        Raises:
            TextRefused: it will never be sent.
            GatewayUnavailable: it was certainly not sent; try later.
            ResultUnknown: the request went out and no answer came.
        """

    def find_sent(self, text: OutgoingText) -> Accepted | None:
        """Look for a text whose answer got lost; None when the gateway does not have it (yet).

        Raises:
            GatewayUnavailable: the gateway could not be asked.
        """


class NoGateway:
    """The back end of a portal without texts."""

    def send(self, text: OutgoingText) -> Accepted:
        """Refuse every text."""
        raise TextRefused("off")

    def find_sent(self, text: OutgoingText) -> Accepted | None:
        """Find nothing: nothing is ever sent."""
        return None


def gateway() -> Gateway:
    """Return the installation's gateway; one for the life of a process, so that it remembers the provider's health."""
    return _built(settings.SMS, f"{settings.PUBLIC_URL}{CALLBACK_PATH}")


CALLBACK_PATH = "/hooks/sms/twilio"


@lru_cache(maxsize=8)
def _built(account: SmsSettings, callback_url: str) -> Gateway:
    if account.kind == "none":
        return NoGateway()
    if account.kind == "outbox":
        from core.sms.outbox import OutboxGateway

        return OutboxGateway()
    from core.sms.twilio import TwilioGateway  # the provider's library is loaded only where it is used

    return TwilioGateway(account, callback_url=callback_url)
