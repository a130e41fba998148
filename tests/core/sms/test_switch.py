"""Texts are switched off and on while the portal runs: everywhere within a minute, and nothing is sent later."""

import pytest
from pytest_django import Settings

from core import outbox_files
from core.models import Job
from core.models.sms import Text, TextSwitch
from core.sms.configuration import parse_sms_url
from core.sms.errors import CountryOff, TextsOff
from core.sms.limits import SWITCH_READ_EVERY_SECONDS
from core.sms.switch import RecentSwitch, Switch, served_regions, texts_are_off_reason, turn_texts
from core.sms.texts import send_text
from tests.core.sms.builders import BODY, NUMBER
from tests.doubles.twilio_server import TwilioServer
from tests.outbox import run_due_jobs

pytestmark = pytest.mark.django_db

EFFECTIVE_WITHIN_SECONDS = 60


def ask(to: str = NUMBER) -> None:
    """Ask for a code."""
    send_text(
        to=to,
        body=BODY,
        purpose="sign-in",
        account="user:1",
        organization="",
        network=None,
        lifetime_seconds=600,
        is_proven_person=True,
    )


def test_switched_off_texts_are_refused_and_say_why() -> None:
    turn_texts(is_off=True, regions_off=[])
    with pytest.raises(TextsOff) as refusal:
        ask()
    assert str(refusal.value) == texts_are_off_reason()
    assert not Text.objects.exists()
    assert not Job.objects.exists()


def test_switched_on_again_they_are_sent(django_capture_on_commit_callbacks: object) -> None:
    turn_texts(is_off=True, regions_off=["CA"])
    turn_texts(is_off=False, regions_off=[])
    ask()
    run_due_jobs()
    assert len(outbox_files.read_entries(5)) == 1
    assert TextSwitch.objects.count() == 1


def test_one_country_is_switched_off_and_the_others_go_on() -> None:
    turn_texts(is_off=False, regions_off=["CA"])
    with pytest.raises(CountryOff) as refusal:
        ask()
    assert str(refusal.value).startswith("Text messages to this country (Canada) are switched off.")
    assert (texts_are_off_reason("CA"), texts_are_off_reason("FR")) == (str(refusal.value), None)
    assert texts_are_off_reason() is None
    assert served_regions() == {"US", "FR", "GB", "CH", "BE"}
    ask(to="+33612345678")


@pytest.mark.parametrize("switched", [{"is_off": True, "regions_off": []}, {"is_off": False, "regions_off": ["CA"]}])
def test_a_text_that_waits_is_given_up_and_not_sent_later(switched: dict[str, object]) -> None:
    ask()
    turn_texts(**switched)  # type: ignore[arg-type]
    run_due_jobs()
    turn_texts(is_off=False, regions_off=[])
    run_due_jobs()
    assert outbox_files.read_entries(5) == []
    assert Text.objects.get().error_code == "off"


def test_a_text_in_doubt_is_still_asked_after_and_not_sent_again(provider: TwilioServer) -> None:
    ask()
    Text.objects.update(state=Text.State.UNKNOWN, asked_at="2026-01-01T00:00:00Z")
    turn_texts(is_off=True, regions_off=[])
    run_due_jobs()
    assert [method for method, _path in provider.requests] == ["GET"]
    assert Text.objects.get().error_code == "off"


def test_a_process_reads_the_switch_anew_in_time() -> None:
    now = [0.0]
    process = RecentSwitch(clock=lambda: now[0])
    assert process.switch() == Switch()
    turn_texts(is_off=True, regions_off=["FR"])
    now[0] = SWITCH_READ_EVERY_SECONDS - 1
    assert process.switch() == Switch()
    now[0] = SWITCH_READ_EVERY_SECONDS
    assert process.switch() == Switch(is_off=True, regions_off=frozenset({"FR"}))
    assert SWITCH_READ_EVERY_SECONDS < EFFECTIVE_WITHIN_SECONDS


def test_the_process_that_switches_knows_at_once(django_capture_on_commit_callbacks: object) -> None:
    assert texts_are_off_reason() is None
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        turn_texts(is_off=True, regions_off=[])
    assert texts_are_off_reason() is not None


def test_without_a_row_texts_are_sent() -> None:
    TextSwitch.objects.all().delete()
    assert texts_are_off_reason() is None
    ask()


def test_an_installation_without_texts_has_none_to_switch_on(settings: Settings) -> None:
    settings.SMS = parse_sms_url("none")
    turn_texts(is_off=False, regions_off=[])
    assert texts_are_off_reason() == "Text messages are switched off on this portal. The operator can switch them on."
    with pytest.raises(TextsOff):
        ask()
