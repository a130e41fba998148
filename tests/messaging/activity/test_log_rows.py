"""The rows of the log: what stands in them, which are shown, and how the pages are turned."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from messaging.items.choices import Proof, State
from messaging.items.errors import OpeningsUsedUp
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.models import Item, Participant
from messaging.items.references import shown_reference
from messaging.items.services.controlling import renew_link
from messaging.items.services.creating import Person
from messaging.items.services.gates import agreed_password
from tests.cast import make_organization, make_user, sign_in
from tests.messaging.activity.logging_items import (
    LOG,
    handed_over,
    link_to,
    references,
    rows_of,
    sent_at,
)
from tests.messaging.envelopes.making import make_envelope
from tests.messaging.items.making import by, delete, expire, give, open_link, send_item

pytestmark = pytest.mark.django_db

FILE = FileEntry("0" * 32, "will.pdf", "application/pdf", 1000, "0" * 64)
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '"quoted"',
    "a\r\nb",
    "../../etc/passwd",
    "\u202egpj.exe",
    "x" * 300,
    "con.txt",
    "🐈",
]

FORGED = [
    "", "x", "-1", "1-2-3", "9" * 40, "0-0", "1'; DROP TABLE items_item;--", f"{'9' * 16}-{'9' * 18}", "\u0661-\u0661",
]  # fmt: skip


@pytest.fixture
def sender(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto", first_name="Robin")
    sign_in(client, user)
    return user


def test_a_row_says_all_of_an_item(client: Client, sender: User) -> None:
    proof = Person("zoe@outside.example", "Zoé", proof=Proof.ITEM_PASSWORD, secret=agreed_password("a long password"))
    sent = send_item(sender, [proof, Person("max@outside.example")], manifest=Manifest("The will", "Text", (FILE,)))
    handed_over(sent, timezone.now())
    open_link(sent.links[0], answer="a long password")
    (row,) = rows_of(client)
    assert row["reference"] == shown_reference(sent.item.reference)
    assert (row["status"], row["subject"], row["sender"]) == ("Open", "The will", "pro@demo.example")
    assert row["recipient"] == "zoe@outside.example and 1 other"
    assert row["code"] == "Password, with a hint, No proof"
    assert (row["files"], row["openings"], row["activities"]) == ("1", "1 of 10", "2 events")
    assert (row["kind"], row["delete"]) == ("Secure message", "Delete")


def test_openings_by_a_link_before_are_counted_and_the_new_one_has_all_its_own(client: Client, sender: User) -> None:
    sent = send_item(sender, openings=2)
    open_link(sent.links[0])
    made, _code = renew_link(participant=sent.participant, **by(sent))
    assert rows_of(client)[0]["openings"] == "1 of 3"
    for _ in range(2):
        open_link(made)
    (row,) = rows_of(client)
    assert (row["openings"], row["status"]) == ("3 of 3", "Openings used up")
    with pytest.raises(OpeningsUsedUp):
        give(made)


def test_openings_without_a_limit_are_only_counted(client: Client, sender: User) -> None:
    envelope = make_envelope(client)
    assert rows_of(client)[0]["openings"] == "0"
    envelope.open()
    (row,) = rows_of(client)
    assert (row["kind"], row["openings"]) == ("Secure envelope", "1")


def test_instants_are_those_of_the_viewers_zone(client: Client, sender: User) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 3, 30, tzinfo=UTC), tick=False):
        sent_at(sender, datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
        (row,) = rows_of(client)
    assert row["date"] == "November 20, 2026 10:00 p.m."
    assert '<time datetime="2026-11-21T03:00:00Z">' in client.get(LOG + "?start_on=2026-11-20").content.decode()


def test_without_a_copy_the_subject_was_not_kept(client: Client, sender: User) -> None:
    send_item(sender, is_copy_kept=False)
    assert rows_of(client)[0]["subject"] == "not kept"


def test_a_label_that_was_changed_hides_itself_and_not_the_log(client: Client, sender: User) -> None:
    """Somebody who writes to the database breaks one subject, no page."""
    broken, whole = send_item(sender), send_item(sender)
    Item.objects.filter(pk=broken.item.pk).update(label_sealed=bytes(60))
    subjects = {row["reference"].replace("-", ""): row["subject"] for row in rows_of(client)}
    assert subjects == {broken.item.reference: "not kept", whole.item.reference: "Canary subject of a will"}


@pytest.mark.parametrize("name", HOSTILE)
def test_statement_137_hostile_names_are_only_text(client: Client, sender: User, name: str) -> None:
    send_item(sender, [Person("zoe@outside.example", name[:90])], manifest=Manifest(name, "", (FILE,)))
    page = client.get(LOG).content.decode()
    assert "<img src=x" not in page
    assert rows_of(client)[0]["subject"] == " ".join(name.split())


def test_large_numbers_are_written_as_their_reader_writes_them(client: Client, sender: User) -> None:
    send_item(sender, openings=1_000)
    assert rows_of(client)[0]["openings"] == "0 of 1,000"


def test_only_the_own_items_are_listed(client: Client, sender: User) -> None:
    own = send_item(sender)
    send_item(make_user("colleague@demo.example", plan="pro", organization=sender.organization))
    send_item(make_user("other@else.example", plan="pro", organization=make_organization("Else")))
    assert references(client) == [own.item.reference]


def test_each_status_is_found_by_its_filter(client: Client, sender: User) -> None:
    now = timezone.now()
    sent = {state: send_item(sender, openings=1) for state in State}
    for state in set(State) - {State.SENDING}:
        handed_over(sent[state], now)
    open_link(sent[State.USED_UP].links[0])
    Participant.objects.filter(item=sent[State.OPEN].item).update(first_opened_at=now)
    Participant.objects.filter(item=sent[State.FAILED].item).update(failed_at=now)
    Participant.objects.filter(item=sent[State.CLOSED].item).update(done_at=now)
    Participant.objects.filter(item=sent[State.DECLINED].item).update(declined_at=now)
    Participant.objects.filter(item=sent[State.WAITING].item).update(is_waiting=True)
    expire(sent[State.EXPIRED].item, now - timedelta(minutes=1))
    delete(sent[State.DELETED])
    found = {state: references(client, f"?status={state}") for state in State}
    assert found == {state: [sent[state].item.reference] for state in State}
    assert {row["status"] for row in rows_of(client, "?start_on=")} == {str(state.label) for state in State}


def test_days_are_those_of_the_viewers_zone(client: Client, sender: User) -> None:
    late, early = datetime(2026, 11, 1, 3, 59, tzinfo=UTC), datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
    october, november = sent_at(sender, late), sent_at(sender, early)
    assert references(client, "?start_on=2026-11-01&end_on=2026-11-01") == [november.item.reference]
    assert references(client, "?start_on=2026-10-31&end_on=2026-10-31") == [october.item.reference]


def test_an_item_of_two_months_ago_is_shown_when_it_is_asked_for(client: Client, sender: User) -> None:
    old = sent_at(sender, timezone.now() - timedelta(days=60))
    assert references(client) == []
    assert references(client, "?start_on=&end_on=") == [old.item.reference]


@pytest.mark.parametrize("typed", ["zoe@", "ZOE@OUTSIDE", "Lefebvre", "lefebvre", "ZOÉ", "zoe l"])
def test_a_recipient_is_found_by_name_and_address(client: Client, sender: User, typed: str) -> None:
    zoe = send_item(sender, [Person("max@outside.example"), Person("zoe@outside.example", "Zoé Lefebvre")])
    send_item(sender, [Person("max@outside.example", "Max")])
    assert references(client, f"?recipient={typed}") == [zoe.item.reference]


@pytest.mark.parametrize("typed", ["bücher", "b@bü", "B@BÜCHER.example", "b@xn--bcher-kva.example"])
def test_a_domain_beyond_ascii_is_found_by_its_parts(client: Client, sender: User, typed: str) -> None:
    found = send_item(sender, [Person("b@bücher.example")])
    assert references(client, f"?recipient={typed}") == [found.item.reference]


def test_a_percent_sign_is_looked_for_as_it_stands(client: Client, sender: User) -> None:
    send_item(sender)
    assert references(client, "?recipient=%25") == []
    assert references(client, "?reference=%25") == []
    assert references(client, "?reference=---") == []


def test_a_reference_is_found_in_any_way_it_is_typed(client: Client, sender: User) -> None:
    sent = send_item(sender)
    send_item(sender)
    shown = shown_reference(sent.item.reference)
    for typed in (shown, shown.lower(), sent.item.reference, shown[:9].replace("-", " ")):
        assert references(client, f"?reference={typed}") == [sent.item.reference]


def test_a_kind_is_found(client: Client, sender: User) -> None:
    sent = send_item(sender)
    assert references(client, "?kind=message") == [sent.item.reference]


def test_turning_pages_shows_every_row_once_newest_first(client: Client, sender: User) -> None:
    """Some were sent at the same instant: the key decides between them."""
    now = timezone.now()
    for n in range(60):
        item = send_item(sender).item
        Item.objects.filter(pk=item.pk).update(sent_at=now - timedelta(minutes=n // 3))
    expected = list(Item.objects.order_by("-sent_at", "-pk").values_list("reference", flat=True))
    query, seen, queries = "?rows=25", [], []
    while query:
        seen += references(client, query)
        queries.append(query)
        query = link_to(client, query, "next")
    assert (seen, len(queries)) == (expected, 3)
    assert references(client, link_to(client, queries[2], "prev")) == expected[25:50]
    assert references(client, link_to(client, link_to(client, queries[2], "prev"), "prev")) == expected[:25]


def test_a_page_keeps_its_filters_while_it_is_turned(client: Client, sender: User) -> None:
    for _ in range(26):
        send_item(sender)
    older = link_to(client, "?rows=25&status=sending&recipient=zoe", "next")
    assert "status=sending" in older
    assert "recipient=zoe" in older
    assert len(references(client, older)) == 1


@pytest.mark.parametrize("place", FORGED)
@pytest.mark.parametrize("way", ["older", "newer"])
def test_a_forged_place_breaks_nothing(client: Client, sender: User, way: str, place: str) -> None:
    send_item(sender)
    assert client.get(LOG, {way: place}).status_code == 200


def test_what_is_no_place_leads_to_the_first_page(client: Client, sender: User) -> None:
    sent = send_item(sender)
    assert references(client, "?older=forged") == references(client, "?newer=forged") == [sent.item.reference]


@pytest.mark.parametrize("rows", ["0", "-1", "51", "1000000", "fifty"])
def test_a_length_that_is_not_offered_is_fifty(client: Client, sender: User, rows: str) -> None:
    send_item(sender)
    assert 'aria-current="true">50</a>' in client.get(LOG, {"rows": rows}).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_all_calendars_is_answered_beside_its_field(client: Client, sender: User, day: str) -> None:
    page = client.get(LOG, {"start_on": day, "end_on": ""}).content.decode()
    assert 'id="start_on_error"' in page
    assert "These filters cannot be read" in page


def test_three_hundred_rows_cost_as_many_queries_as_three(client: Client, sender: User) -> None:
    for _ in range(3):
        send_item(sender)
    client.get(LOG)
    few = queries_of(client)
    assert few <= 7
    first = Item.objects.order_by("pk").first()
    assert first is not None
    for n in range(300):
        copy_of(first, n)
    assert len(references(client, "?rows=100")) == 100
    assert queries_of(client) == few


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(LOG + "?rows=100")
    return len(captured)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such choice")
@pytest.mark.parametrize("query", ["?start_on=&end_on=", "?start_on=&end_on=&older=1700000000000000-1"])
def test_no_statistics_are_needed_to_find_a_page_by_its_index(client: Client, sender: User, query: str) -> None:
    send_item(sender)
    (items,) = statements_of(client, query)
    with connection.cursor() as cursor:
        # Tests that were rolled back leave dead rows, and for one row a planner prefers the index of fewer levels.
        cursor.execute(f"REINDEX TABLE {Item._meta.db_table}")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {items}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "items_item_of_sender" in plan
    assert "Sort" not in plan


def test_both_ends_of_the_instants_are_asked_for_once(client: Client, sender: User) -> None:
    """With two upper ends SQLite would read all rows between them."""
    send_item(sender)
    for query in ("", "?start_on=&end_on=", "?start_on=&end_on=&older=1700000000000000-1", "?newer=1700000000000000-1"):
        for asked in statements_of(client, query):
            ends = re.findall(r'sent_at"? (>=|<=|<|>) ', asked)
            assert ends.count(">=") == 1, asked
            assert sorted(set(ends) - {">="}) in (["<"], ["<", "<="], ["<", ">"]), asked


def statements_of(client: Client, query: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(LOG + query)
    return [entry["sql"] for entry in captured.captured_queries if "items_accountkey" in entry["sql"]]


def copy_of(item: Item, n: int) -> None:
    """Add a row like another one, without sealing anything anew."""
    person = item.participants.get()
    item.pk, item.whole_id, item.form_key, item.reference = None, uuid.uuid4(), uuid.uuid4(), f"COPY{n:08}"
    item.save(force_insert=True)
    person.pk, person.item, person.holder_id = None, item, uuid.uuid4()
    person.save(force_insert=True)
