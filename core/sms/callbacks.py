"""Reports of the provider: who may make them, and what they change.

The signature is computed over the address we configured, not over the one a proxy shows us, and over every parameter
as it came. Which algorithm and secret count is our setting; the request's own word on it is not asked.
Source: docs/decisions/0010-text-messages.md
"""

from collections.abc import Mapping

from django.conf import settings
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator

from core.sms.gateway import CALLBACK_PATH
from core.sms.numbers import number_digest
from core.sms.records import record_report


def handle_twilio_callback(params: Mapping[str, str], signature: str) -> bool:
    """Take in one report; False when it is not the provider's, and then nothing was looked at.

    Args:
        params: the posted form as it came, repeated names included (a QueryDict).
        signature: value of the X-Twilio-Signature header; empty where it was missing.
    """
    account = settings.SMS
    secret = account.signing_secret or account.auth_token
    algorithm = HMAC_SHA256 if account.signing_secret else HMAC_SHA1
    url = f"{settings.PUBLIC_URL}{CALLBACK_PATH}"
    if not signature_is_valid(url=url, params=params, signature=signature, auth_token=secret, algorithm=algorithm):
        return False
    record_status(params)
    return True


def signature_is_valid(
    *, url: str, params: Mapping[str, str], signature: str, auth_token: str, algorithm: str = HMAC_SHA1
) -> bool:
    """Tell whether a report was signed with our secret for this address and these parameters."""
    if not signature or not auth_token:
        return False
    return bool(RequestValidator(auth_token).validate(url, params, signature, algorithm))


def record_status(params: Mapping[str, str]) -> None:
    """Note the state a genuine report names."""
    record_report(
        provider_id=params.get("MessageSid", "")[:64],
        number_digest=number_digest(params.get("To", "")),
        status=params.get("MessageStatus", ""),
        error_code=params.get("ErrorCode", ""),
    )
