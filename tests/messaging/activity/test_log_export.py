"""The log as a file: exactly the filtered rows, in both times, without formulas, and no writer waits for it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from messaging.activity.access import log as access
from messaging.activity.views import log as views
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.references import shown_reference
from messaging.items.services.controlling import renew_link
from messaging.items.services.creating import Person
from tests.cast import make_organization, make_user, sign_in
from tests.core.test_tables import FORMULAS, formulas_read
from tests.messaging.activity.logging_items import LOG, handed_over, references, sent_at
from tests.messaging.envelopes.making import make_envelope
from tests.messaging.items.making import ADDRESS, by, delete, open_link, send_item

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

EXPORT = "/account/activity/export/"
SEPARATOR_OF = {"en-CA": ",", "en-US": ",", "fr-CA": ";", "fr-FR": ";", "de-DE": ";", "fr-CH": ";"}


@pytest.fixture
def sender(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto")
    sign_in(client, user)
    return user


def set_culture(person: User, culture: str) -> None:
    person.date_culture = culture
    person.save()


def file_of(client: Client, query: str = "") -> bytes:
    answer = client.post(EXPORT + query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return answer.getvalue()


def exported(client: Client, query: str = "", *, separator: str = ",") -> list[dict[str, str]]:
    """Return the rows of the file."""
    text = file_of(client, query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def test_it_holds_exactly_the_filtered_rows(client: Client, sender: User) -> None:
    """Statement 168: only what the person may see, by the same filter as the page."""
    opened, waiting = send_item(sender), send_item(sender, [Person("max@outside.example")])
    handed_over(opened, timezone.now())
    send_item(make_user("colleague@demo.example", plan="pro", organization=sender.organization))
    send_item(make_user("other@else.example", plan="pro", organization=make_organization("Else")))
    sent_at(sender, timezone.now() - timedelta(days=40))
    for query in (
        "",
        "?start_on=&end_on=",
        "?status=not_opened",
        "?recipient=max",
        f"?reference={waiting.item.reference}",
    ):
        rows = [row["Reference"].replace("-", "") for row in exported(client, query)]
        assert rows == references(client, query)
        assert rows


def test_each_instant_stands_in_local_time_and_utc(client: Client, sender: User) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 3, 30, tzinfo=UTC), tick=False):
        sent = sent_at(sender, datetime(2026, 11, 21, 3, 0, 5, tzinfo=UTC))
        (row,) = exported(client)
    assert row["Reference"] == shown_reference(sent.item.reference)
    assert (row["Date (local)"], row["Date (UTC)"]) == ("2026-11-20 22:00:05-05:00", "2026-11-21 03:00:05")
    assert row["Time zone"] == "America/Toronto"


def test_statement_168_that_it_was_taken_stands_in_the_security_log(client: Client, sender: User) -> None:
    send_item(sender)
    exported(client)
    assert SecurityEvent.objects.filter(user=sender, kind=SecurityEventKind.LOG_EXPORTED).count() == 1


def test_openings_by_a_link_before_are_counted(client: Client, sender: User) -> None:
    sent = send_item(sender)
    open_link(sent.links[0])
    renew_link(participant=sent.participant, **by(sent))
    assert exported(client)[0]["Openings"] == "1 / 6"


def test_openings_without_a_limit_are_only_counted(client: Client, sender: User) -> None:
    send_item(sender)
    make_envelope(client).open()
    assert [row["Openings"] for row in exported(client)] == ["1", "0 / 5"]


def test_deleted_items_stay_in_it(client: Client, sender: User) -> None:
    delete(send_item(sender))
    (row,) = exported(client)
    assert (row["Status"], row["Subject"], row["Names of the files"]) == ("Deleted", "not kept", "not kept")


@pytest.mark.parametrize("culture", ["en-CA", "fr-CA"])
def test_statement_167_nothing_that_others_wrote_is_a_formula(client: Client, sender: User, culture: str) -> None:
    set_culture(sender, culture)
    texts = [formula.replace("\0", "") for formula in FORMULAS]
    for text in texts:
        files = (FileEntry("0" * 32, text, "application/pdf", 1000, "0" * 64),)
        send_item(sender, [Person(ADDRESS, text)], manifest=Manifest(text, "", files))
    file = file_of(client)
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=SEPARATOR_OF[culture]))
    assert len(rows) == len(texts)
    assert all("'" in row[name] for row in rows for name in ("Subject", "Names of the files", "Recipient"))
    assert formulas_read(file) == []


@pytest.mark.parametrize("culture", ["en-CA", "fr-CA"])
def test_statement_167_the_name_that_somebody_gives_an_envelope_is_no_formula(
    client: Client, sender: User, culture: str
) -> None:
    set_culture(sender, culture)
    outsider = make_envelope(client, way="copied", email="").open()
    assert outsider.fill(name="a;=1+1;b", email=ADDRESS).status_code == 302
    file = file_of(client)
    assert "a;'=1+1;b" in file.decode()
    assert formulas_read(file) == []


@pytest.mark.parametrize("culture", ["en-CA", "en-US", "fr-CA", "fr-FR", "de-DE", "fr-CH"])
def test_the_separator_is_the_one_of_spreadsheets_in_the_persons_culture(
    client: Client, sender: User, culture: str
) -> None:
    set_culture(sender, culture)
    sent = send_item(sender)
    (row,) = exported(client, separator=SEPARATOR_OF[culture])
    assert row["Reference"] == shown_reference(sent.item.reference)
    assert row["Time zone"] == "America/Toronto"


def test_a_log_with_too_many_rows_says_so_and_keeps_the_filters(
    client: Client, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EXPORT_MOST_ROWS", 1)
    send_item(sender)
    assert len(exported(client)) == 1
    send_item(sender)
    answer = client.post(EXPORT + "?recipient=zoe")
    assert answer.headers["Location"] == f"{LOG}?recipient=zoe"
    assert "A file may have up to 1 rows" in client.get(LOG).content.decode()


def test_filters_that_cannot_be_read_give_no_file(client: Client, sender: User) -> None:
    answer = client.post(EXPORT + "?start_on=never")
    assert answer.headers["Location"] == f"{LOG}?start_on=never"


def test_it_is_read_in_batches(client: Client, sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "ROWS_A_BATCH", 2)
    sent = [send_item(sender).item.reference for _ in range(5)]
    assert [row["Reference"].replace("-", "") for row in exported(client)] == sent[::-1]


def test_it_is_drawn_in_the_language_of_the_person(client: Client, sender: User) -> None:
    sender.language = "fr"
    sender.save()
    send_item(sender)
    (row,) = exported(client)
    assert row["État"] == "Envoi en cours"


def test_while_it_is_read_others_write(client: Client, sender: User) -> None:
    """The lock of SQLite is never taken, and what is written meanwhile is not in the file."""
    send_item(sender)
    answer = client.post(EXPORT)
    lines = iter(answer)
    next(lines)
    assert connection.in_atomic_block
    before = writes_elsewhere()
    assert before
    assert len(list(lines)) == 1


def writes_elsewhere() -> bool:
    """Write in another connection, and tell whether that was possible at once."""
    import threading

    from django.db import connections

    from core.models import Heartbeat

    done = threading.Event()

    def write() -> None:
        Heartbeat.objects.create(worker="elsewhere", seen_at=timezone.now())
        connections.close_all()
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(timeout=5)
    return done.is_set()


def test_nobody_is_given_a_file_by_a_link(client: Client, sender: User) -> None:
    assert client.get(EXPORT).status_code == 405


def test_strangers_are_led_to_the_sign_in_page() -> None:
    assert Client().post(EXPORT).headers["Location"].startswith("/sign-in/")
