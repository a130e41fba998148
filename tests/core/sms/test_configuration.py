"""The setting of the text gateway: what it says, and refusals that never repeat it."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sms.configuration import PROVIDER_BASE, SmsSettings, parse_sms_url

SID = "AC" + "0123456789abcdef" * 2
CANARY = "canary-token-5f21"


def test_the_outbox_and_none_are_one_word() -> None:
    assert parse_sms_url("outbox:") == SmsSettings(kind="outbox")
    assert parse_sms_url("none") == parse_sms_url("none:") == SmsSettings(kind="none")


def test_an_account_with_a_number() -> None:
    account = parse_sms_url(f"twilio://{SID}:{CANARY}@/?from=%2B15145550199")
    assert (account.kind, account.account_sid, account.auth_token) == ("twilio", SID, CANARY)
    assert (account.sender, account.base) == ("+15145550199", PROVIDER_BASE)


@pytest.mark.parametrize("sender", ["%2B15145550199", "+15145550199", "MG" + "0123456789abcdef" * 2])
def test_a_sender_is_a_number_or_a_messaging_service(sender: str) -> None:
    assert parse_sms_url(f"twilio://{SID}:{CANARY}@/?from={sender}").sender == sender.replace("%2B", "+")


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123", "https://relay.example/twilio"]
)
def test_the_host_of_the_interface_can_be_another(base: str) -> None:
    assert parse_sms_url(f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&base={base}/").base == base


def test_percent_signs_are_decoded_once() -> None:
    account = parse_sms_url(f"twilio://{SID}:a%2Fb%253A@/?from=%2B15145550199&signing_secret=x%2By")
    assert (account.auth_token, account.signing_secret) == ("a/b%3A", "x+y")


REFUSED = [
    "",
    "outbox",
    "smtp://x",
    f"twilio://{CANARY}",
    f"twilio:{SID}:{CANARY}@/?from=%2B15145550199",
    f"twilio://{SID}:{CANARY}@host/?from=%2B15145550199",
    f"twilio://{SID}:{CANARY}@/path?from=%2B15145550199",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199#part",
    f"twilio://{SID}:{CANARY}@[/?from=%2B15145550199",
    f"twilio://{SID}:{CANARY}@:port/?from=%2B15145550199",
    f"twilio://{SID}@/?from=%2B15145550199",
    f"twilio://{CANARY}:{CANARY}@/?from=%2B15145550199",
    f"twilio://{SID}:{CANARY}@/",
    f"twilio://{SID}:{CANARY}@/?from={CANARY}",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&from=%2B15145550198",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&region={CANARY}",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&base=http://{CANARY}.example",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&base=https://user:{CANARY}@example",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&base=https://",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&base=https://host:{CANARY}",
    f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&base=ftp://127.0.0.1",
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_cannot_be_right_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as refusal:
        parse_sms_url(url)
    said = str(refusal.value) + repr(refusal.value.__cause__) + repr(refusal.value.__context__)
    assert CANARY not in said
    assert SID not in said


@given(st.text(max_size=80))
def test_any_text_is_a_setting_or_a_refusal(text: str) -> None:
    for url in (text, f"twilio://{text}"):
        try:
            assert parse_sms_url(url).kind in {"outbox", "none", "twilio"}
        except ValueError as refusal:
            assert str(refusal).startswith("must ")  # noqa: PT017  (both ways out are right; each is checked)


def test_a_printed_setting_shows_no_secret() -> None:
    account = parse_sms_url(f"twilio://{SID}:{CANARY}@/?from=%2B15145550199&signing_secret={CANARY}")
    assert CANARY not in f"{account} {account!r}"
    assert SID not in repr(account)
    assert pickle.loads(pickle.dumps(account)) == account
