"""Which text gateway the portal uses, read from one address.

Only the standard library is used: the settings are read before Django is there. A refusal names the rule it broke, in
words that follow the setting's name, and never repeats the value, which holds a secret.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

PROVIDER_BASE = "https://api.twilio.com"
ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
SENDING_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
SENDING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
PARAMETERS = frozenset({"from", "base", "signing_secret"})
FORM = "must read outbox:, none or twilio://SID:TOKEN@/?from=%2B15145550123."

Kind = Literal["outbox", "twilio", "none"]


@dataclass(frozen=True, slots=True, repr=False)
class SmsSettings:
    """How texts leave: as files in the outbox, through Twilio, or not at all.

    Args:
        sender: E.164 number, or the SID of a messaging service.
        base: address of the provider's interface, without a slash at its end.
        signing_secret: set where callbacks are signed with a shared key and HMAC-SHA-256 instead of the auth token.
    """

    kind: Kind
    account_sid: str = ""
    auth_token: str = ""
    sender: str = ""
    base: str = PROVIDER_BASE
    signing_secret: str = ""

    def __repr__(self) -> str:
        return f"SmsSettings(kind={self.kind!r}, ***)"


def parse_sms_url(url: str) -> SmsSettings:
    """Read the address of the text gateway.

    Raises:
        ValueError: the rule that was broken, in words that follow the setting's name; never the value.
    """
    if url in {"outbox:", "none", "none:"}:
        return SmsSettings(kind="outbox" if url == "outbox:" else "none")
    if not url.startswith("twilio://"):
        raise ValueError(FORM)
    address = _taken_apart(url)
    query = _query(address.query)
    account = SmsSettings(
        kind="twilio",
        account_sid=unquote(address.username or ""),
        auth_token=unquote(address.password or ""),
        sender=query.get("from", ""),
        base=query.get("base", PROVIDER_BASE).rstrip("/"),
        signing_secret=query.get("signing_secret", ""),
    )
    _check(account)
    return account


def _taken_apart(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        is_bare = not address.hostname and address.port is None and address.path in {"", "/"} and not address.fragment
    except ValueError:
        is_bare = False
    if not is_bare:
        raise ValueError(FORM)
    return address


def _query(query: str) -> dict[str, str]:
    """Read the parameters, each once; unlike in a form, a plus sign stays one."""
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    values = {name: unquote(value) for name, _, value in pairs}
    if len(values) < len(pairs) or not PARAMETERS.issuperset(values):
        raise ValueError(f"must name each parameter once, of: {', '.join(sorted(PARAMETERS))}.")
    return values


def _check(account: SmsSettings) -> None:
    if not ACCOUNT_SID.fullmatch(account.account_sid):
        raise ValueError("must name the account: AC and 32 hexadecimal digits before the colon.")
    if not account.auth_token:
        raise ValueError("must hold the account's auth token between the colon and the @ sign.")
    if not SENDING_NUMBER.fullmatch(account.sender) and not SENDING_SERVICE.fullmatch(account.sender):
        raise ValueError("must name the sender: from=%2B and the number, or from=MG and 32 hexadecimal digits.")
    if not _is_safe_base(account.base):
        raise ValueError("must have an https:// address as base; http:// only where it names this machine.")


def _is_safe_base(base: str) -> bool:
    try:
        address = urlsplit(base)
        host = address.hostname or ""
        _ = address.port
    except ValueError:
        return False
    if address.username or address.password or address.query or address.fragment or not host:
        return False
    return address.scheme == "https" or (address.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
