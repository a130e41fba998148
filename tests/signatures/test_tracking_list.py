"""The list of requests: its rows, counts, filters and pages."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User, fold_email
from core.db import database_now
from core.errors import CodeWrong
from messaging.items.choices import CodePurpose
from messaging.items.models import Event, Item, Participant
from messaging.items.services.drafting import keep_draft
from messaging.items.services.opening import prove
from messaging.items.services.proof_codes import mail_code
from signatures.choices import KIND, RequestState
from signatures.models import SignatureRequest, Signer
from signatures.services.answering import signing_of
from signatures.services.completing import complete_what_waits
from signatures.services.controlling import cancel
from signatures.services.declining import decline
from tests.cast import sign_in
from tests.messaging.items.making import give, make_sender, visitor
from tests.signatures.following import content_of, expire, page_of, said, signed_in_requester, words
from tests.signatures.signing import TITLE, YAN, ZOE, ask, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]
TRACKING = "/signatures/"


def counts(client: Client, query: str = "") -> list[int]:
    page = client.get(TRACKING + query).content.decode()
    return [int(count) for count in re.findall(r'<span class="count">(\d+)</span>', page)]


def rows(client: Client, query: str = "") -> list[str]:
    page = client.get(TRACKING + query).content.decode()
    body = re.search(r"<tbody.*?</tbody>", page, re.S)
    return re.findall(r"<tr.*?</tr>", body[0], re.S) if body else []


def test_a_row_tells_each_signer_in_order_with_state_and_time(client: Client) -> None:
    asked = signed_in_requester(client)
    (row,) = rows(client)
    assert f'href="{page_of(asked)}"' in row
    assert TITLE in row
    assert words(row).index("Zoë Roy E-mail on its way") < words(row).index("Yan Lee Waits for others")
    assert f'href="{page_of(asked, "signers", 1, "remind")}"' in row
    sign_all(opened(asked))
    (row,) = rows(client)
    assert re.search(r"Signed\s*· <time", row)
    assert f'href="{page_of(asked, "signers", 2, "remind")}"' in row


def test_a_row_tells_what_went_wrong(client: Client) -> None:
    asked = signed_in_requester(client)
    visit = give(asked.made.links[0])
    code = mail_code(link=visit.link, purpose=CodePurpose.OPENING, language="en", visitor=visitor())
    with pytest.raises(CodeWrong):
        prove(visit=visit, answer="wrong", visitor=visitor())
    assert "Zoë Roy Code failed" in words(rows(client)[0])
    prove(visit=visit, answer=code.digits, visitor=visitor())
    assert "Zoë Roy Opened" in words(rows(client)[0])
    later = database_now() + timedelta(seconds=1)
    Participant.objects.filter(email=ZOE.email).update(failed_at=later)
    assert "Zoë Roy E-mail not delivered" in words(rows(client)[0])


def test_each_request_is_counted_and_listed_under_its_state(client: Client) -> None:
    sender = make_sender()
    sign_in(client, sender)
    going, done, late, declined, cancelled = (ask(sender, [ZOE]) for _ in range(5))
    sign_all(opened(done))
    assert complete_what_waits()
    expire(late)
    decline(signing_of(opened(declined)), reason="No.", visitor=visitor())
    cancel(item=cancelled.item, by=sender, visitor=visitor())
    keep_draft(kind=KIND, owner=sender, form_key=uuid4(), version=0, content={"texts": {"title": "Begun"}})
    ask(make_sender("else@demo.example"))
    assert counts(client) == [1] * 6
    listed = {state: rows(client, f"?state={state}") for state in RequestState}
    assert {len(found) for found in listed.values()} == {1}
    for state, asked in zip(RequestState, (going, done, late, declined, cancelled), strict=False):
        assert page_of(asked) in listed[state][0]
    assert f"/returns/{done.row.sealed_whole_id}/" in listed[RequestState.COMPLETED][0]
    assert "Declined to sign" in listed[RequestState.DECLINED][0]
    assert TITLE not in listed[RequestState.CANCELLED][0]
    assert "Begun" in listed[RequestState.DRAFT][0]
    for state in RequestState:
        if state is not RequestState.IN_PROGRESS:
            assert "/remind/" not in listed[state][0]


def test_a_request_that_all_have_signed_is_in_progress_and_being_sealed(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    assert "Being sealed" in rows(client)[0]
    assert "/remind/" not in rows(client)[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=ZOE", 1),
        ("words=roy", 1),
        ("words=outside.example", 1),
        ("words=nobody", 0),
        ("start_on=2020-01-01", 1),
        ("end_on=2020-01-01", 0),
        ("start_on=2020-01-01&end_on=2020-02-01", 0),
        ("words=%00", 0),
    ],
)
def test_filters_narrow_rows_and_counts_alike(client: Client, query: str, found: int) -> None:
    signed_in_requester(client)
    if query == "words=%00":
        assert "These filters cannot be read" in content_of(client, f"{TRACKING}?{query}")
        return
    assert len(rows(client, f"?{query}")) == found
    assert counts(client, f"?{query}") == [found, 0, 0, 0, 0, 0]
    if not found:
        assert "Nothing matches these filters" in content_of(client, f"{TRACKING}?{query}")


@pytest.mark.parametrize("typed", ["bücher", "B@bü", "xn--bcher", "b@bücher.example"])
def test_a_domain_beyond_ascii_is_found_in_both_its_forms(client: Client, typed: str) -> None:
    signed_in_requester(client)
    Participant.objects.update(email="b@bücher.example", email_key=fold_email("b@bücher.example"))
    assert len(rows(client, f"?words={typed}")) == 1


def test_a_reference_is_found_in_any_writing(client: Client) -> None:
    asked = signed_in_requester(client)
    reference = asked.item.reference
    assert len(rows(client, f"?words={reference[:4].lower()}-{reference[4:8]}")) == 1


def test_the_filters_stay_in_the_tabs_and_can_be_removed(client: Client) -> None:
    signed_in_requester(client)
    page = client.get(f"{TRACKING}?state=declined&words=roy&evil=x").content.decode()
    assert 'href="/signatures/?state=completed&amp;words=roy"' in page
    assert 'href="/signatures/?state=declined"' in page
    assert not re.search(r'href="[^"]*evil', page)


@pytest.mark.parametrize("query", ["start_on=never", "start_on=2026-11-02&end_on=2026-11-01", "words=" + "x" * 201])
def test_filters_that_cannot_be_read_are_said_and_nothing_is_listed(client: Client, query: str) -> None:
    signed_in_requester(client)
    assert rows(client, f"?{query}") == []
    assert "These filters cannot be read" in content_of(client, f"{TRACKING}?{query}")
    assert counts(client, f"?{query}")[0] == 1


def copy_requests(sender: User, like: Item, many: int) -> None:
    """Make many rows like one request, each with its signers and an event."""
    request, people = SignatureRequest.objects.get(pk=like.pk), list(like.participants.order_by("position"))
    signers = list(Signer.objects.filter(request=request).order_by("place"))
    for n in range(many):
        at = like.sent_at - timedelta(hours=n + 1)
        item = Item.objects.create(
            **_values(like, "id", "whole_id", "reference", "form_key", "sent_at"),
            reference=f"{n:012d}",
            form_key=uuid4(),
            sent_at=at,
        )
        own = SignatureRequest.objects.create(**_values(request, "item_id"), item=item)
        for person, signer in zip(people, signers, strict=True):
            copied = Participant.objects.create(**_values(person, "id", "item_id", "holder_id"), item=item)
            Signer.objects.create(**_values(signer, "participant_id", "request_id"), participant=copied, request=own)
        Event.objects.create(
            at=at,
            organization_id=like.organization_id,
            user_id=sender.pk,
            item_id=item.pk,
            kind="item:item:sent",
            facts={},
            commitments={},
        )


def _values(row: Item | SignatureRequest | Participant | Signer, *without: str) -> dict[str, object]:
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in without]
    return {name: getattr(row, name) for name in names}


def test_pages_of_25_are_turned_both_ways_without_a_gap(client: Client) -> None:
    asked = signed_in_requester(client)
    copy_requests(asked.item.sender, asked.item, 59)
    seen, address, ways = [], TRACKING, []
    while address:
        page = client.get(address).content.decode()
        found = re.findall(r"/signatures/(\w{12})/\"", page)
        seen.append([one for n, one in enumerate(found) if one not in found[:n]])
        older = re.search(r'href="([^"]+)" rel="next"', page)
        newer = re.search(r'href="([^"]+)" rel="prev"', page)
        ways.append(newer[1].replace("&amp;", "&") if newer else "")
        address = older[1].replace("&amp;", "&") if older else ""
    assert [len(page) for page in seen] == [25, 25, 10]
    assert len({one for page in seen for one in page}) == 60
    assert ways[0] == ""
    back = client.get(ways[2]).content.decode()
    assert all(one in back for one in seen[1])


def test_a_page_costs_as_many_queries_with_many_requests_as_with_one(client: Client) -> None:
    asked = signed_in_requester(client)
    client.get(TRACKING)

    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(TRACKING + query)
        return len(caught)

    before = {state: cost(f"?state={state}") for state in RequestState}
    copy_requests(asked.item.sender, asked.item, 60)
    after = {state: cost(f"?state={state}") for state in RequestState}
    assert after == before
    assert max(after.values()) <= 9


def test_a_title_that_is_gone_leaves_the_reference(client: Client) -> None:
    asked = signed_in_requester(client)
    Item.objects.update(label_sealed=None)
    (row,) = rows(client)
    reference = asked.item.reference
    assert f"{reference[:4]}-{reference[4:8]}-{reference[8:]}</a>" in row


def test_a_draft_that_nothing_opens_says_so(client: Client) -> None:
    asked = signed_in_requester(client)
    sender = asked.item.sender
    keep_draft(kind=KIND, owner=sender, form_key=uuid4(), version=0, content={"texts": {"title": "Begun"}})
    sender.drafts.update(key_sealed=b"damaged")
    assert "cannot be opened any more" in rows(client, "?state=draft")[0]


@pytest.mark.parametrize("state", [*RequestState])
def test_an_empty_state_says_what_appears_there(client: Client, state: RequestState) -> None:
    sign_in(client, make_sender())
    assert "No signature requests here" in content_of(client, f"{TRACKING}?state={state}")


def test_it_speaks_french(client: Client) -> None:
    asked = signed_in_requester(client)
    User.objects.filter(pk=asked.item.sender_id).update(language="fr")
    text = said(client.get(TRACKING).content.decode())
    for expected in ("Suivi des signatures", "En cours", "Yan Lee Attend les autres", "Signataire ou référence"):
        assert expected in text, text
