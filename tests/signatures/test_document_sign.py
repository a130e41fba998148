"""A signer agrees, reads and fills in; what is right is kept whatever is wrong beside it."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.db import database_now
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, EventPerson, OpenSession, Participant
from signatures.choices import MarkKind, ZoneKind
from signatures.contents import Drawn, Typed, Uploaded
from signatures.limits import PICTURE_MOST_BYTES
from signatures.models import Signer
from signatures.pdf.geometry import Box
from signatures.services.answering import signing_of
from signatures.services.controlling import cancel
from signatures.services.declining import decline
from signatures.services.marking import add_mark
from signatures.zones import Zone
from tests.cast import make_user, sign_in
from tests.messaging.items.making import make_sender, visitor
from tests.outbox import newest_code
from tests.signatures.making import WAVE, file_of, ink_on_paper
from tests.signatures.signer import TYPED, SigningBrowser, first_of, kept
from tests.signatures.signing import TITLE, YAN, ZOE, Requested, ask, open_mailed, zones_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

# What stands in zones for initials and for a signature.
WORDS = ("Initial here", "Sign here")
TOGETHER = replace(YAN, turn=1)
BOX = Zone("c0", 0, 1, Box(80, 500, 14, 14), 0, ZoneKind.CHECKBOX, label="I have seen the mill")
INITIALS = Zone("i0", 0, 2, Box(80, 500, 72, 36), 0, ZoneKind.INITIALS)
OPTIONAL = Zone("s0b", 0, 2, Box(80, 600, 180, 60), 0, ZoneKind.SIGNATURE, is_required=False, label="If you wish")
DRAWN = {"signature-way": "draw", "signature-strokes": WAVE}


def asked_with(*zones: Zone) -> Requested:
    return ask(make_sender(), [ZOE], zones=[*zones_for(1), *zones])


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("mark.png", file_of(ink_on_paper()), "image/png")


def test_the_link_says_what_it_is_for_and_names_nobody_before_its_secret() -> None:
    browser = first_of(ask(make_sender()))
    page = browser.get("link").content.decode()
    assert "Somebody asks you to sign" in page
    assert "Robin" not in page
    browser.post("link", {"link": browser.secret})
    assert "Robin" in browser.get("link_proof").content.decode()


def test_a_link_whose_mark_was_written_out_leads_to_itself() -> None:
    browser = first_of(ask(make_sender()))
    answer = browser.client.get(f"{browser.url('link')}%23{browser.secret}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.url('link')}#{browser.secret}")
    address = reverse("signatures:link_fragment", args=[browser.locator, browser.secret])
    assert browser.client.get(address).headers["Location"] == answer.headers["Location"]


def test_consent_comes_first_and_is_noted_once_with_the_documents_below() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).open()
    page = browser.get("document_sign").content.decode()
    assert "I agree to sign these documents electronically." in page
    assert browser.url("page_picture", 1, 2) in page
    assert "signature-way" not in page
    refused = browser.post("document_consent")
    assert refused.status_code == 422
    assert "Check this box to sign electronically." in refused.content.decode()
    for _twice in range(2):
        assert browser.post("document_consent", {"is_agreed": "on"}).url == browser.url("document_sign")
    assert Event.objects.filter(kind=EventKind.CONSENTED).count() == 1
    assert browser.client.get(browser.url("document_consent")).status_code == 405


def test_nothing_is_kept_of_somebody_who_has_not_agreed() -> None:
    asked = ask(make_sender())
    first_of(asked).open().fill()
    assert asked.signer(0).answers_sealed is None


def test_the_page_shows_ones_own_zones_and_nobody_elses() -> None:
    page = first_of(ask(make_sender())).agree().get("document_sign").content.decode()
    assert TITLE in page
    assert re.findall(r'data-field="([^"]*)"', page) == ["signature-mark", "zone-t0"]
    assert "the portal writes it when you sign" in page
    assert "s1" not in re.findall(r'id="at-([^"]*)"', page)


def test_in_french_measures_keep_their_points() -> None:
    browser = first_of(ask(make_sender())).agree()
    page = browser.client.get(browser.url("document_sign"), headers={"accept-language": "fr-CA"}).content.decode()
    assert "Vérifier avant de signer" in page
    assert 'viewBox="0 0 595.00 842.00"' in page
    assert 'width="1100"' in page


def test_a_typed_name_alone_is_enough_and_stands_in_every_place_of_its_kind() -> None:
    asked = asked_with(replace(OPTIONAL, is_required=True))
    assert first_of(asked).agree().fill().status_code == 302
    assert kept(asked).values == {"s0": Typed("Zoë Roy", "caveat"), "s0b": Typed("Zoë Roy", "caveat")}


def test_a_place_that_may_stay_empty_is_signed_where_it_was_wanted() -> None:
    asked = asked_with(OPTIONAL)
    browser = first_of(asked).agree()
    browser.fill()
    assert "s0b" not in kept(asked).values
    browser.fill(**{"zone-s0b": "on"})
    assert kept(asked).values["s0b"] == Typed("Zoë Roy", "caveat")


def test_what_was_drawn_for_a_place_that_is_not_wanted_yet_is_kept_and_shown() -> None:
    asked = ask(make_sender(), [ZOE], zones=[replace(zones_for(1)[2], is_required=True), INITIALS, OPTIONAL])
    browser = first_of(asked).agree()
    browser.fill(**DRAWN, then="later")
    drawn = kept(asked).spare[ZoneKind.SIGNATURE]
    assert isinstance(drawn, Drawn)
    page = browser.get("document_sign").content.decode()
    picture = browser.url("spare_mark", "signature")
    assert page.count(f'src="{picture}"') == page.count(f'href="{picture}"') == 1
    assert browser.client.get(picture).headers["Content-Type"] == "image/png"
    assert [browser.get("spare_mark", kind).status_code for kind in ("date", "stamp")] == [404, 404]
    initials = {"initials-way": "type", "initials-text": "Z.R.", "initials-hand": "vibes"}
    answer = browser.fill(**initials, **{"zone-t0": "PO 4711", "zone-s0b": "on", "signature-way": "kept"})
    assert answer.url == browser.url("document_review")
    assert (kept(asked).values["s0b"], kept(asked).spare) == (drawn, {})
    assert browser.get("spare_mark", "signature").status_code == 404


def test_an_upload_for_a_place_that_was_taken_away_need_not_be_chosen_again() -> None:
    asked = ask(make_sender(), [ZOE], zones=[])
    browser = first_of(asked).agree()
    place = {"free-1-page": "1", "free-1-left": "20", "free-1-top": "20"}
    assert browser.fill(**place, **{"signature-way": "upload", "signature-picture": picture()}).status_code == 422
    answer = browser.fill(**place, **{"signature-way": "kept", "free-1-is_wanted": "on"})
    assert answer.url == browser.url("document_review")
    assert isinstance(kept(asked).values["free-1"], Uploaded)


def test_a_mark_that_stands_nowhere_is_gone_once_its_signer_has_signed() -> None:
    asked = asked_with(replace(INITIALS, is_required=False))
    browser = first_of(asked).agree()
    browser.fill(**{"initials-way": "type", "initials-text": "Z.R.", "initials-hand": "vibes"})
    assert kept(asked).spare == {ZoneKind.INITIALS: Typed("Z.R.", "vibes")}
    browser.confirm()
    assert asked.signer(0).signed_at is not None
    assert (kept(asked).values["s0"], kept(asked).spare) == (Typed("Zoë Roy", "caveat"), {})


def test_a_signature_is_drawn_and_initials_are_typed() -> None:
    asked = asked_with(INITIALS)
    browser = first_of(asked).agree()
    assert 'value="Z.R."' in browser.get("document_sign").content.decode()
    browser.fill(**DRAWN, **{"initials-way": "type", "initials-text": "Z.R.", "initials-hand": "vibes"})
    values = kept(asked).values
    assert isinstance(values["s0"], Drawn)
    assert values["i0"] == Typed("Z.R.", "vibes")


def test_163_uploads_are_redrawn_two_at_once() -> None:
    asked = asked_with(INITIALS)
    ways = {"signature-way": "upload", "initials-way": "upload"}
    answer = first_of(asked).agree().fill(**ways, **{"signature-picture": picture(), "initials-picture": picture()})
    assert answer.status_code == 302
    for zone_id in ("s0", "i0"):
        value = kept(asked).values[zone_id]
        assert isinstance(value, Uploaded)
        assert value.png != file_of(ink_on_paper())


def test_163_a_picture_is_limited_in_size_and_has_to_be_one() -> None:
    browser = first_of(ask(make_sender())).agree()
    for content in (b"\x89PNG nonsense", bytes(PICTURE_MOST_BYTES + 1)):
        file = SimpleUploadedFile("mark.png", content, "image/png")
        answer = browser.fill(**{"signature-way": "upload", "signature-picture": file})
        assert answer.status_code == 422
        assert 'id="signature-picture_error"' in answer.content.decode()


def test_163_a_signature_is_offered_to_no_other_signer_in_the_same_browser() -> None:
    asked = ask(make_sender(), [ZOE, TOGETHER])
    zoe = first_of(asked).agree()
    zoe.fill(**DRAWN)
    yan = SigningBrowser(YAN.email)
    yan.client = zoe.client
    page = yan.agree().get("document_sign").content.decode()
    assert "Zoë" not in page
    assert WAVE not in page
    assert "signature-way-kept" not in page
    assert yan.get("zone_picture", "s0").status_code == 404
    assert yan.get("zone_picture", "s1").status_code == 404
    assert not {name for name in zoe.client.cookies if name not in ("opener", "csrftoken", "sessionid", "messages")}


def test_what_was_given_before_is_offered_again_on_another_device() -> None:
    asked = ask(make_sender())
    first_of(asked).agree().fill(then="later", **DRAWN, **{"zone-t0": "PO 4711"})
    other = SigningBrowser(ZOE.email, ip_address="198.51.100.9").open()
    page = other.get("document_sign").content.decode()
    assert 'value="PO 4711"' in page
    assert re.search(r'id="signature-way-kept"[^>]*checked', page)
    assert other.get("zone_picture", "s0").status_code == 200
    assert other.fill(**{"signature-way": "kept", "zone-t0": "PO 4712"}).status_code == 302
    assert isinstance(kept(asked).values["s0"], Drawn)


def test_one_may_stop_with_half_of_it() -> None:
    asked = asked_with(BOX, INITIALS)
    browser = first_of(asked).agree()
    answer = browser.fill(then="later", **{"signature-text": "", "initials-way": "draw", "zone-t0": "PO 1"})
    assert answer.url == f"{browser.url('document_sign')}?kept"
    assert "What you filled in is kept" in browser.client.get(answer.url).content.decode()
    assert kept(asked).values == {"c0": False, "t0": "PO 1"}


def test_what_is_missing_is_said_beside_it_and_the_rest_is_kept() -> None:
    asked = asked_with(BOX, replace(zones_for(1)[2], zone_id="t1", is_required=True, label="Number"))
    browser = first_of(asked).agree()
    answer = browser.fill(**{"signature-way": "upload", "signature-picture": picture()})
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("zone-c0", "zone-t1"):
        assert f'id="{field}_error"' in page
        assert f'href="#{field}"' in page
    assert re.search(r'id="signature-way-kept"[^>]*checked', page)
    assert isinstance(kept(asked).values["s0"], Uploaded)
    assert browser.fill(**{"signature-way": "kept", "zone-c0": "on", "zone-t1": "7"}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"signature-text": ""}, "signature-text"),
        ({"signature-hand": "nobodys"}, "signature-hand"),
        ({"signature-text": "Ж" * 61}, "signature-text"),
        ({"signature-way": "draw", "signature-strokes": "1,1"}, "signature-strokes"),
        ({"signature-way": "draw", "signature-strokes": "nonsense"}, "signature-strokes"),
        ({"signature-way": "upload"}, "signature-picture"),
        ({"zone-t0": "x" * 201}, "zone-t0"),
        ({"zone-t0": "a\u200bb"}, "zone-t0"),
    ],
)
def test_bad_input_is_answered_beside_its_field(sent: dict[str, str], field: str) -> None:
    asked = ask(make_sender())
    answer = first_of(asked).agree().fill(**sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}_error"' in page
    # A handwriting is chosen from a list, and nothing else is ever shown as chosen.
    assert field == "signature-hand" or sent.get(field, "") in page


def test_a_text_that_could_not_be_read_in_its_place_is_refused_beside_it_and_stays() -> None:
    small = Zone("t9", 0, 1, Box(80, 700, 30, 10), 0, ZoneKind.TEXT, label="Order")
    browser = first_of(asked_with(small)).open().agree()
    text = "x" * 200
    answer = browser.fill(**{"zone-t9": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This text does not fit into its place on the page so that it can be read. Shorten it." in page
    assert text in page
    assert browser.fill(**{"zone-t9": "PO 47"}).status_code == 302


def test_a_text_with_letters_that_cannot_be_printed_is_refused_and_stays() -> None:
    browser = (
        first_of(asked_with(Zone("t9", 0, 1, Box(80, 600, 200, 30), 0, ZoneKind.TEXT, label="Tenant"))).open().agree()
    )
    answer = browser.fill(**{"zone-t9": "Wang 王 of the mill"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "These characters cannot be printed: 王. Type the text without them." in page
    assert "Wang 王 of the mill" in page
    assert browser.fill(**{"zone-t9": "Wang of the mill"}).status_code == 302


def test_what_may_stay_empty_is_marked() -> None:
    box = replace(BOX, is_required=False)
    page = first_of(asked_with(box)).open().agree().get("document_sign").content.decode()
    assert "Optional: you may leave it unchecked." in page
    assert re.search(r'for="zone-t0"[^>]*>[^<]*Order.*?optional', page, re.DOTALL)


def test_151_whose_turn_it_is_not_sees_no_document() -> None:
    asked = ask(make_sender(), [ZOE, TOGETHER])
    yan = SigningBrowser(YAN.email).agree()
    # As if the order had been changed after the link was sent.
    Signer.objects.filter(pk=asked.signer(1).pk).update(place=9)
    Signer.objects.filter(pk=asked.signer(0).pk).update(place=1)
    for name, more in (
        ("document_sign", ()),
        ("page_picture", (1, 1)),
        ("document_file", (1,)),
        ("document_review", ()),
    ):
        answer = yan.get(name, *more)
        assert answer.status_code == 403, name
        assert "It is not your turn yet." in answer.content.decode()
        assert "Lease" not in answer.content.decode()


@pytest.mark.parametrize(
    ("ended", "heading"), [("declined", "declined"), ("cancelled", "cancelled"), ("expired", "expired")]
)
def test_154_what_is_posted_too_late_is_refused_and_what_was_typed_is_given_back(ended: str, heading: str) -> None:
    asked = ask(make_sender(), [ZOE, TOGETHER])
    browser = first_of(asked).agree()
    browser.fill()
    if ended == "declined":
        decline(signing_of(open_mailed(YAN.email)), reason="", visitor=visitor())
    elif ended == "cancelled":
        cancel(item=asked.item, by=asked.item.sender, visitor=visitor())
    else:
        Participant.objects.update(expires_at=database_now())
    answer = browser.fill(**{"zone-t0": "Canary order 7"})
    assert answer.status_code == 410
    assert heading in re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1]  # type: ignore[index]
    assert "Canary order 7" in answer.content.decode()
    assert browser.post("document_review").status_code == 410
    assert asked.signer(0).signed_at is None


def test_150_the_requester_signed_in_cannot_sign_for_somebody_else(client: Client) -> None:
    asked = ask(make_sender(), [ZOE, TOGETHER])
    zoe = first_of(asked).agree()
    zoe.fill(**{"zone-t0": "Canary order 7"})
    reviewed = zoe.look()
    sign_in(client, asked.item.sender)
    pages = [("document_sign", ()), ("document_review", ()), ("document_decline", ()), ("document_done", ())]
    for name, more in (*pages, ("document_file", (1,)), ("page_picture", (1, 1)), ("zone_picture", ("s0",))):
        answer = client.get(zoe.url(name, *more))
        assert answer.status_code == 302, name
        assert answer.headers["Location"] == zoe.url("link"), name
    assert client.post(zoe.url("link"), {"link": "A" * len(zoe.secret)}).status_code != 302
    posted = {
        "then": "review",
        "is_agreed": "on",
        "reviewed": reviewed,
        "reason": "No",
        "code": newest_code(zoe.address),
    } | TYPED
    before = kept(asked)
    for name in ("link_proof", "document_consent", "document_sign", "document_review", "document_decline"):
        client.post(zoe.url(name), posted)
    assert kept(asked) == before
    assert (asked.signer(0).signed_at, asked.row.declined_at) == (None, None)
    assert not Event.objects.filter(kind__in=[EventKind.SIGNED, EventKind.DECLINED]).exists()
    assert zoe.confirm().url == zoe.url("document_done")
    (event,) = Event.objects.filter(kind=EventKind.SIGNED)
    assert EventPerson.objects.get(pk=event.pk).fields["address"][1] == ZOE.email


def test_who_is_signed_in_at_their_own_address_is_offered_the_mark_they_saved() -> None:
    asked = ask(make_sender())
    browser, owner = first_of(asked), make_user(ZOE.email)
    content = Typed("Zoë R.", "vibes")
    mark = add_mark(owner=owner, kind=MarkKind.SIGNATURE, content=content, is_default=True, visitor=None)
    sign_in(browser.client, owner)
    page = browser.agree().get("document_sign").content.decode()
    assert "The one you have saved" in page
    picture = reverse("signatures:mark_picture", args=[mark.handle])
    # Beside the document, and in its place on the page.
    assert page.count(f'src="{picture}"') == page.count(f'href="{picture}"') == 1
    answer = browser.post("document_sign", {"signature-way": "kept", "then": "review"})
    assert answer.url == browser.url("document_review")
    assert browser.confirm().url == browser.url("document_done")
    assert kept(asked).values["s0"] == content


def test_a_saved_mark_waits_in_a_zone_that_may_stay_empty() -> None:
    asked = asked_with(replace(INITIALS, is_required=False))
    browser, owner = first_of(asked), make_user(ZOE.email)
    add_mark(owner=owner, kind=MarkKind.INITIALS, content=Typed("Z", "vibes"), is_default=True, visitor=None)
    sign_in(browser.client, owner)
    page = browser.agree().get("document_sign").content.decode()
    assert page.count("data-zone-picture") == page.count('visibility="hidden"') == 1
    assert "is-done" not in page


def test_the_words_in_a_narrow_zone_are_not_cut() -> None:
    page = first_of(asked_with(INITIALS)).agree().get("document_sign").content.decode()
    narrow, wide = (re.search(rf'font-size="([\d.]+)" data-zone-words>{words}', page) for words in WORDS)
    assert narrow is not None
    assert wide is not None
    # Letters of a usual font are not wider than 0.62 of their size on average.
    assert float(narrow[1]) * 0.62 * len(WORDS[0]) <= INITIALS.box.width - 4
    assert float(wide[1]) == 13


def test_nobody_else_is_offered_a_saved_mark() -> None:
    asked = ask(make_sender())
    browser, owner = first_of(asked), make_user("else@demo.example")
    add_mark(owner=owner, kind=MarkKind.SIGNATURE, content=Typed("Else", "vibes"), is_default=True, visitor=None)
    sign_in(browser.client, owner)
    page = browser.agree().get("document_sign").content.decode()
    assert "The one you have saved" not in page
    browser.post("document_sign", {"signature-way": "kept", "signature-text": "", "then": "review"})
    assert "s0" not in kept(asked).values


def test_what_is_typed_when_the_opening_is_over_is_given_back() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    OpenSession.objects.all().delete()
    answer = browser.fill(**{"zone-t0": "Canary order 7"})
    assert answer.status_code == 403
    assert "Canary order 7" in answer.content.decode()
    assert asked.signer(0).answers_sealed is None
