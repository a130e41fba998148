"""A person outside fills an envelope: what is asked, what arrives, for whom, and how often."""

import hashlib
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from core import throttle
from core.db import database_now
from licenses.models import License, Plan
from messaging.envelopes import limits
from messaging.envelopes.models import Envelope, Receipt
from messaging.envelopes.services.filling import Filling, Given, fill_envelope
from messaging.envelopes.views import outside
from messaging.items.choices import ReturnKind
from messaging.items.errors import ContentDamaged, LinkDone, LinkRefused, LinkRevoked
from messaging.items.events.kinds import EventKind
from messaging.items.events.sealing import seal_events
from messaging.items.manifests import Manifest
from messaging.items.models import Blob, ChainHead, Event, Item, Link, OpenSession, Participant, Return
from messaging.items.services.controlling import revoke_item
from messaging.items.services.opening import data_key
from messaging.items.services.returning import returned_manifest
from messaging.items.services.visiting import visit_of
from tests.messaging.envelopes.making import (
    INSTRUCTIONS,
    LINK,
    TEXT,
    TITLE,
    Outsider,
    asked,
    make_envelope,
    owner_browser,
    paper,
)
from tests.messaging.items.making import ADDRESS, make_sender, visitor
from tests.outbox import delivered
from tests.races import on_threads
from tests.waits import in_both_languages, says_wait

pytestmark = pytest.mark.django_db


def test_text_and_files_arrive_closed_for_the_owner_with_a_receipt() -> None:
    owner = make_sender()
    outsider = make_envelope(owner_browser(owner)).open()
    page = outsider.form().content.decode()
    assert TITLE in page
    assert INSTRUCTIONS in page
    assert "Up to 200 files, 2.5\u00a0GB in all." in page
    answer = outsider.fill(uploads=(paper(), paper()))
    assert answer.url == outsider.url("envelope_receipt")
    receipt = outsider.receipt().content.decode()
    for shown in (
        "Canary paper.pdf",
        "Canary paper (2).pdf",
        hashlib.sha256(b"paper").hexdigest(),
        ADDRESS,
    ):
        assert shown in receipt
    returned = Return.objects.get()
    manifest = returned_manifest(returned, reader=owner)
    assert (returned.kind, manifest.subject, manifest.body) == (ReturnKind.SUBMISSION, TITLE, TEXT)
    assert [entry.name for entry in manifest.files] == ["Canary paper.pdf", "Canary paper (2).pdf"]
    assert Blob.objects.filter(whole_id=returned.whole_id, kept_until=None).count() == 2


def test_the_owner_is_told_without_content_and_the_person_outside_gets_the_receipt() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(uploads=(paper(),))
    to_owner, receipt = sorted(delivered("email")[:2], key=lambda mail: mail.to)
    assert (to_owner.to, to_owner.subject) == ("robin@demo.example", f"{ADDRESS} has filled your envelope")
    assert "/returns/" in to_owner.text
    assert not re.search("Canary", to_owner.text + to_owner.html)
    assert receipt.to == ADDRESS
    for body in (receipt.text, receipt.html):
        assert "Canary paper.pdf" in body
        assert hashlib.sha256(b"paper").hexdigest() in body
        assert TEXT not in body


def test_statement_132_limits_are_those_of_the_owners_plan_and_what_was_typed_stays() -> None:
    outsider = make_envelope(owner_browser(), way="copied").open()
    Plan.objects.update(attachments_bytes=10, files_per_send=1)
    assert "1 file of up to 10" in outsider.form().content.decode()
    who = {"name": "Zoé Outside", "email": "zoe@outside.example"}
    for uploads in ((paper(content=b"x" * 11),), (paper(), paper())):
        page = outsider.fill(uploads=uploads, **who)
        assert page.status_code == 422
        for kept in (TEXT, *who.values()):
            assert kept in page.content.decode()
        assert 'id="uploads_error"' in page.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)
    assert outsider.fill(uploads=(paper(),), **who).status_code == 302


def test_an_open_envelope_takes_files_after_its_owners_plan_has_lost_them() -> None:
    outsider = make_envelope(owner_browser()).open()
    License.objects.update(plan=Plan.objects.get(code="eco"))
    assert "Up to 50 files, 100\u00a0MB in all." in outsider.form().content.decode()
    form_key = str(uuid.uuid4())
    for _ in range(2):
        answer = outsider.fill(uploads=(paper(),), form_key=form_key)
        assert (answer.status_code, answer.url) == (302, outsider.url("envelope_receipt"))
    assert Return.objects.get().file_count == 1


def test_statement_132_nothing_can_be_read_back_not_even_by_who_sent_it() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(uploads=(paper(),))
    (link,) = Link.objects.all()
    assert (link.wrap, link.gate_key_sealed) == (None, None)
    returned = Return.objects.get()
    for address in (
        outsider.url("envelope_fill"),
        f"/e/{outsider.locator}/files",
        f"/o/{outsider.locator}/message",
        f"/o/{outsider.locator}/files",
        f"/returns/{returned.whole_id}/",
    ):
        page = outsider.client.get(address)
        assert page.status_code in (302, 404), address
    receipt = outsider.receipt().content.decode()
    assert TEXT not in receipt
    assert INSTRUCTIONS not in receipt
    visit = visit_of(locator=bytes(link.locator), cookie=outsider.client.cookies["opener"].value)
    assert visit is not None
    with pytest.raises(LinkRefused):
        data_key(visit)


def test_statement_132_ten_an_hour_from_one_network() -> None:
    outsider = make_envelope(owner_browser()).open()
    Envelope.objects.update(uses_allowed=12)
    for _ in range(10):
        assert outsider.fill().status_code == 302
    page = outsider.fill(uploads=(paper(),))
    assert page.status_code == 429
    assert "This was sent too often from here." in page.content.decode()
    assert TEXT in page.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (10, 0)
    assert outsider.another_browser().open().fill(uploads=(paper(),)).status_code == 302


@in_both_languages
def test_when_an_envelope_takes_something_again_is_said_with_day_and_zone(language: str) -> None:
    outsider = make_envelope(owner_browser()).open()
    for _ in range(limits.FORMS_PER_NETWORK.most):
        throttle.count(limits.FORMS_PER_NETWORK, f"{Link.objects.get().pk}:192.0.2.0/24")
    outsider.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    assert says_wait(outsider.fill(), language)


def test_correcting_mistakes_costs_no_submission() -> None:
    outsider = make_envelope(owner_browser()).open()
    for _ in range(11):
        assert outsider.fill(text="", uploads=()).status_code == 422
    assert outsider.fill(uploads=(paper(),)).status_code == 302


def test_files_cannot_be_thrown_at_an_envelope_without_end() -> None:
    outsider = make_envelope(owner_browser()).open()
    for _ in range(limits.FORMS_PER_NETWORK.most):
        throttle.count(limits.FORMS_PER_NETWORK, f"{Link.objects.get().pk}:192.0.2.0/24")
    page = outsider.fill(uploads=(paper(),))
    assert page.status_code == 429
    assert TEXT in page.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)
    assert outsider.another_browser().open().fill(uploads=(paper(),)).status_code == 302


def test_statement_132_what_is_kept_for_the_owner_has_an_end() -> None:
    outsider = make_envelope(owner_browser()).open()
    Plan.objects.update(stored_bytes=len(INSTRUCTIONS) + 20)
    assert outsider.fill(uploads=(paper(content=b"x" * 21),)).status_code == 422
    Plan.objects.update(stored_bytes=10)
    page = outsider.form()
    assert "has no room left" in page.content.decode()
    assert outsider.fill(uploads=(paper(),)).status_code == 422
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)


def test_statement_133_each_delivery_is_closed_for_its_owner_alone() -> None:
    owner, other = make_sender(), make_sender("other@demo.example")
    make_envelope(owner_browser(owner)).open().fill(uploads=(paper(),))
    returned = Return.objects.get()
    assert returned_manifest(returned, reader=owner).body == TEXT
    with pytest.raises(ContentDamaged):
        returned_manifest(returned, reader=other)


@pytest.mark.parametrize("end", ["deleted", "expired", "replaced"])
def test_statement_133_a_link_that_is_over_refuses_in_mid_form_and_gives_back_the_text(end: str) -> None:
    client = owner_browser()
    outsider = make_envelope(client).open()
    reference = Item.objects.get().reference
    if end == "deleted":
        client.post(f"/envelopes/{reference}/delete/")
    elif end == "replaced":
        client.post(f"/envelopes/{reference}/new-link/")
    else:
        Participant.objects.update(expires_at=database_now())
    page = outsider.fill(uploads=(paper(),))
    # The browser of a link that was ended has lost its opening; one whose time ran out is told so.
    assert page.status_code in (403, 410)
    assert TEXT in page.content.decode()
    assert outsider.give().status_code == 410
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)


def test_statement_133_a_delivery_that_was_under_way_is_refused_when_the_envelope_was_deleted_meanwhile() -> None:
    owner = make_sender()
    outsider = make_envelope(owner_browser(owner)).open()
    link, item = Link.objects.get(), Item.objects.get()
    visit = visit_of(locator=bytes(link.locator), cookie=outsider.client.cookies["opener"].value)
    assert visit is not None
    filling = Filling(visit, Manifest(TITLE, ""), 1_000)
    revoke_item(item=item, by=owner, visitor=visitor(), at=database_now())
    given = Given("", ADDRESS, TEXT, [], "en")
    with pytest.raises(LinkRevoked):
        fill_envelope(filling=filling, given=given, form_key=uuid.uuid4(), visitor=visitor())
    assert Return.objects.count() == 0


NAMES = [
    "<img src=x onerror=alert(1)>.pdf",
    "../../etc/passwd",
    "con.txt",
    "re\u202eport.pdf",
    'quote".pdf',
    "café \U0001f600.pdf",
    "x" * 300 + ".pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_statement_135_hostile_names_are_harmless_in_pages_and_mails(name: str) -> None:
    owner = make_sender()
    client = owner_browser(owner)
    outsider = make_envelope(client).open()
    assert outsider.fill(uploads=(paper(name),)).status_code == 302
    (entry,) = returned_manifest(Return.objects.get(), reader=owner).files
    assert not re.search("[/\\\\\u202e\r\n]", entry.name)
    assert len(entry.name) <= 255
    mails = [body for mail in delivered("email") for body in (mail.html, mail.subject)]
    pages = [outsider.receipt().content.decode(), client.get("/returns/").content.decode()]
    for shown in (*mails, *pages):
        assert "<img src=x" not in shown


def test_statement_135_a_name_that_is_no_name_is_refused() -> None:
    outsider = make_envelope(owner_browser(), way="copied").open()
    page = outsider.fill(name="http://evil.example", email="zoe@outside.example")
    assert page.status_code == 422
    assert "A name holds no web or e-mail address." in page.content.decode()
    page = outsider.fill(name="Zoé", email="zoe@outside.example\r\nBcc: all@demo.example")
    assert page.status_code == 422


def test_a_file_of_no_bytes_arrives_as_one() -> None:
    outsider = make_envelope(owner_browser()).open()
    assert outsider.fill(text="", uploads=(paper(content=b""),)).status_code == 302
    receipt = outsider.receipt().content.decode()
    assert hashlib.sha256(b"").hexdigest() in receipt


def test_a_name_that_is_too_long_is_shortened_and_said_with_the_receipt() -> None:
    outsider, long = make_envelope(owner_browser()).open(), paper()
    long._name = "x" * 300 + ".pdf"  # type: ignore[attr-defined]  # Django's own class would tidy it before it is sent
    page = outsider.client.get(outsider.fill(uploads=(long,)).headers["Location"]).content.decode()
    assert "The name of a file was too long and was shortened." in page
    assert "was shortened" not in outsider.receipt().content.decode()


def test_a_delivery_that_holds_nothing_is_refused() -> None:
    page = make_envelope(owner_browser()).open().fill(text=" ")
    assert page.status_code == 422
    assert "Write something, or add a file." in page.content.decode()


def test_the_same_form_twice_arrives_once_and_leads_to_the_same_receipt() -> None:
    outsider, form_key = make_envelope(owner_browser()).open(), str(uuid.uuid4())
    first, second = (outsider.fill(form_key=form_key, uploads=(paper(),)) for _ in range(2))
    assert first.url == second.url == outsider.url("envelope_receipt")
    assert (Return.objects.count(), Blob.objects.count()) == (1, 1)
    assert len([mail for mail in delivered("email") if "Receipt" in mail.subject]) == 1


@pytest.mark.parametrize("changed", ["text", "name", "email", "file"])
def test_another_content_under_the_same_form_is_told_that_it_was_not_taken(changed: str) -> None:
    outsider, form_key = make_envelope(owner_browser(), way="copied").open(), str(uuid.uuid4())
    form = {"text": "Canary first", "name": "Zoé", "email": "zoe@outside.example"}
    outsider.fill(form_key=form_key, uploads=(paper(),), **form)
    others = {"text": "Canary second", "name": "Zoe", "email": "other@outside.example"}
    content = b"other" if changed == "file" else b"paper"
    page = outsider.fill(
        form_key=form_key, uploads=(paper(content=content),), **form | {changed: others.get(changed, "")}
    )
    assert page.status_code == 409
    assert "What you sent first has arrived" in page.content.decode()
    assert ("Canary second" if changed == "text" else "Canary first") in page.content.decode()
    assert outsider.url("envelope_receipt") in page.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (1, 1)


@pytest.mark.parametrize(("text", "status"), [("Canary first", 302), ("Canary second", 409)])
def test_a_form_that_was_taken_while_it_came_again_is_compared_too(
    text: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    outsider, form_key = make_envelope(owner_browser()).open(), str(uuid.uuid4())
    taken = fill_envelope

    def after_another(**named: Any) -> Return:
        monkeypatch.setattr(outside, "fill_envelope", taken)
        assert outsider.fill("Canary first", form_key=form_key, uploads=(paper(),)).status_code == 302
        return taken(**named)

    monkeypatch.setattr(outside, "fill_envelope", after_another)
    page = outsider.fill(text, form_key=form_key, uploads=(paper(),))
    assert page.status_code == status
    assert ("Canary second" in page.content.decode()) == (status == 409)
    assert (Return.objects.count(), Blob.objects.count()) == (1, 1)


def test_another_form_after_the_first_is_told_that_it_was_not_taken() -> None:
    outsider = make_envelope(owner_browser()).open()
    late = outsider.another_browser().open()
    outsider.fill("Canary first")
    page = late.fill("Canary second")
    assert page.status_code == 409
    assert "Canary second" in page.content.decode()
    assert "Canary first" not in page.content.decode()
    assert late.receipt().status_code == 200
    assert Return.objects.count() == 1


def test_what_was_typed_in_an_opening_that_is_over_is_given_back() -> None:
    outsider = make_envelope(owner_browser()).open()
    OpenSession.objects.update(ends_at=database_now())
    page = outsider.fill(uploads=(paper(),))
    assert page.status_code == 403
    assert TEXT in page.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)


def test_who_fills_a_copied_envelope_says_who_they_are() -> None:
    owner = make_sender()
    client = owner_browser(owner)
    outsider = make_envelope(client, way="copied").open()
    page = outsider.fill()
    assert page.status_code == 422
    assert "Enter a name." in page.content.decode()
    assert "Enter your e-mail address." in page.content.decode()
    outsider.fill(name="Zoé Outside", email="Zoe@outside.example")
    participant = Participant.objects.get()
    assert (participant.name, participant.email, participant.email_key) == (
        "Zoé Outside",
        "Zoe@outside.example",
        "zoe@outside.example",
    )
    assert "Zoé Outside" in client.get("/returns/").content.decode()
    assert {"Zoe@outside.example", owner.email} == {mail.to for mail in delivered("email")}


def test_a_copied_link_tells_nobody_whose_address_filled_it() -> None:
    filler = make_envelope(owner_browser(), way="copied", proof="item_password", item_password="agreed by phone")
    filler.open(password="agreed by phone").fill(name="Zoé Outside", email="zoe@outside.example")
    stranger = filler.another_browser()
    stranger.give()
    page = stranger.client.get(stranger.url("link_proof")).content.decode()
    assert "Its receipt is shown after the same proof" in page
    assert "zoe@outside.example" not in page


def test_a_new_code_of_a_copied_link_goes_to_who_filled_it_and_names_them_to_nobody() -> None:
    client = owner_browser()
    shown = client.post("/envelopes/new/", asked(way="copied", proof="opening_code", email="")).content.decode()
    found, code = LINK.search(shown), re.search(r">\s*([0-9]{6})\s*<", shown)
    assert found
    assert code
    filler = Outsider(*found.groups()).open(code=code[1])
    filler.fill(name="Zoé Outside", email="zoe@outside.example")
    stranger = filler.another_browser()
    stranger.give()
    pages = stranger.client.get(stranger.url("link_proof")).content.decode()
    assert "tells you the code" in pages
    pages += stranger.client.post(stranger.url("link_code_send"), follow=True).content.decode()
    assert "A new code is on its way to the address given with the delivery." in pages
    assert "zoe@outside.example" not in pages
    assert [mail for mail in delivered("email") if mail.to == "zoe@outside.example" and "code" in mail.subject]


def test_an_address_typed_for_an_addressed_envelope_counts_for_nothing() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(name="Somebody", email="evil@outside.example")
    assert Participant.objects.get().email == ADDRESS
    assert "evil@outside.example" not in {mail.to for mail in delivered("email")}


def test_who_was_written_to_may_say_their_name() -> None:
    client = owner_browser()
    outsider = make_envelope(client).open()
    page = outsider.form().content.decode()
    assert "Your name" in page
    assert "Your e-mail" not in page
    assert outsider.fill(name="Zoé Outside").status_code == 302
    assert (Participant.objects.get().name, Participant.objects.get().email) == ("Zoé Outside", ADDRESS)
    detail = client.get(reverse("envelopes:envelope_detail", args=[outsider.item.reference]))
    for page in (outsider.receipt(), detail):
        assert f"Zoé Outside, {ADDRESS}" in " ".join(page.content.decode().split())


def test_where_text_alone_is_asked_for_no_file_is_taken() -> None:
    client = owner_browser()
    outsider = make_envelope(client, is_text_only="on").open()
    assert 'type="file"' not in outsider.form().content.decode()
    for field in ("uploads", "text", "smuggled"):
        answer = outsider.client.post(
            outsider.url("envelope_fill"), {"text": TEXT, "form_key": str(uuid.uuid4()), field: [TEXT, paper()]}
        )
        assert answer.status_code == 422
        assert "No files are asked for" in answer.content.decode()
        assert TEXT in answer.content.decode()
    assert (Return.objects.count(), Blob.objects.count(), Envelope.objects.get().uses) == (0, 0, 0)
    assert "Write something." in outsider.fill(text="").content.decode()
    assert outsider.fill().status_code == 302
    detail = client.get(reverse("envelopes:envelope_detail", args=[outsider.item.reference]))
    assert "Text only" in detail.content.decode()


def test_what_a_receipt_rests_on_is_sealed_before_it_is_shown() -> None:
    make_envelope(owner_browser()).open().fill()
    assert not Event.objects.filter(number=None).exists()
    assert Event.objects.get(kind=EventKind.RETURN_ARRIVED).digest


def test_a_broken_chain_keeps_nobody_from_handing_over() -> None:
    outsider = make_envelope(owner_browser()).open()
    seal_events(organization_id=outsider.item.organization_id)
    ChainHead.objects.update(tag=b"another one" + bytes(21))
    assert outsider.fill().status_code == 302
    assert Return.objects.count() == 1


def test_return_protection_of_the_owner_is_asked_as_it_was_set_when_the_envelope_was_made() -> None:
    owner = make_sender()
    make_envelope(owner_browser(owner), reply_owner="on").open().fill()
    assert Return.objects.get().is_owner_proof_asked


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_fillings_at_once_are_one_delivery() -> None:
    owner = make_sender()
    outsider = make_envelope(owner_browser(owner)).open()
    locator = bytes(Link.objects.get().locator)
    cookie = outsider.client.cookies["opener"].value

    def one(_number: int) -> bool:
        visit = visit_of(locator=locator, cookie=cookie)
        assert visit is not None
        given = Given("", ADDRESS, TEXT, [], "en")
        try:
            fill_envelope(
                filling=Filling(visit, Manifest(TITLE, ""), 1_000),
                given=given,
                form_key=uuid.uuid4(),
                visitor=visitor(),
            )
        except LinkDone:
            return False
        return True

    assert sum(on_threads(6, one)) == 1
    assert (Return.objects.count(), Receipt.objects.count(), Envelope.objects.get().uses) == (1, 1, 1)


def test_a_form_whose_token_was_lost_comes_back_to_be_copied() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.client.handler.enforce_csrf_checks = True
    answer = outsider.fill("<b>Canary</b> text", uploads=(paper(),))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert re.search("<textarea[^>]* readonly>&lt;b&gt;Canary&lt;/b&gt; text</textarea>", page)
    assert f'href="{outsider.url("envelope_fill")}"' in page
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)
