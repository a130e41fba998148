"""`signatures:draft_save` and `signatures:draft_edit`: kept as it was typed, documents as they are signed."""

import hashlib
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from core.blobs import blobs
from core.downloads import read_whole
from core.small_files import Room
from licenses.models import License, Plan
from messaging.items.errors import StorageFull
from messaging.items.models import Blob, Draft
from messaging.items.services import drafting
from messaging.items.services.draft_sealing import open_draft
from messaging.items.services.files import sealed_files
from signatures.choices import KIND
from signatures.pdf.checking import check_pdf
from signatures.pdf.reasons import ChildFailed, PdfBusy
from signatures.services import presenting
from tests.cast import make_user, sign_in
from tests.signatures.composing import (
    TITLE,
    YAN,
    ZOE,
    address_of,
    begin,
    begun,
    by_script,
    filled,
    lease,
    pdf,
    place,
    prepare,
    press_keep,
    row_of,
    send,
    values_of,
    zone,
)
from tests.signatures.pdf import documents
from tests.signatures.pdf.documents import plain
from tests.signatures.pdf.raw import raw_pdf
from tests.signatures.pdf.signing import signed

pytestmark = pytest.mark.django_db
# What a page has of its own each time it is drawn.
PAGES_OWN = ("version", "drawn", "csrfmiddlewaretoken", "signer-INITIAL_FORMS")
MAX = {"name": "Max Roy", "email": "max@outside.example"}


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def files_kept() -> int:
    return len(list(blobs().folder.glob("??/??/*")))


# What is typed


def test_whatever_was_typed_comes_back_also_what_is_wrong(client: Client, pro: User) -> None:
    wrong = {"name": "", "email": "zoe at outside", "proof": "sms_code", "cell_number": "12", "turn": "first"}
    values = filled(begin(client), (wrong, YAN), days="soon", is_owner_proof_asked="on")
    assert press_keep(client, values, then="keep").status_code == 302
    kept = values_of(client.get(address_of(values)))
    same = [name for name in kept if name not in PAGES_OWN]
    assert {name: kept[name] for name in same} == {name: values[name] for name in same}


def test_nothing_of_it_can_be_read_in_the_database(client: Client, pro: User) -> None:
    values = prepare(client)
    row = Draft.objects.values().get()
    kept = repr({name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()})
    for secret in (TITLE, ZOE["email"], "Lease"):
        assert secret not in kept
    assert begun(values).texts["title"] == TITLE


def test_the_script_is_told_what_was_kept(client: Client, pro: User) -> None:
    values = filled(begin(client))
    answer = by_script(client, values).json()
    assert (answer["version"], answer["page"]) == (1, address_of(values))
    assert by_script(client, values | {"version": "1", "title": "Another"}).json()["version"] == 2


def test_two_windows_meet_and_nothing_is_lost(client: Client, pro: User) -> None:
    values = prepare(client)
    press_keep(client, values, title="From one window")
    late = press_keep(client, values, title="From the other window")
    page = late.content.decode()
    assert late.status_code == 409
    assert "changed in another window" in page
    assert "From the other window" in page
    assert begun(values).texts["title"] == "From one window"
    assert press_keep(client, values_of(late)).status_code == 302
    assert begun(values).texts["title"] == "From the other window"
    late_script = by_script(client, values)
    assert (late_script.status_code, "error" in late_script.json()) == (409, True)


def test_a_window_of_a_deleted_draft_brings_back_no_request_without_documents(client: Client, pro: User) -> None:
    older = values_of(client.get(address_of(prepare(client))))
    client.post(address_of(older, "delete/"))
    late = press_keep(client, older, title="Typed on")
    assert (late.status_code, Draft.objects.exists()) == (409, False)
    assert "This draft was deleted in another window." in late.content.decode()
    assert press_keep(client, values_of(late)).status_code == 302
    assert (begun(older).texts["title"], begun(older).kept_papers) == ("Typed on", ())


def test_a_document_of_another_window_is_shown_before_anything_else(client: Client, pro: User) -> None:
    older = values_of(client.get(address_of(prepare(client))))
    press_keep(client, dict(older), papers=[lease(name="Other.pdf")])
    late = press_keep(client, older, then="check")
    assert late.status_code == 409
    assert "Other.pdf" in late.content.decode()


@pytest.mark.usefixtures("sealing")
def test_what_a_late_window_of_a_sent_request_shows_can_be_kept(client: Client, pro: User) -> None:
    values = values_of(client.get(address_of(prepare(client))))
    assert send(client, values).status_code == 302
    late = press_keep(client, values, title="A later title")
    assert late.status_code == 409
    again = values_of(late)
    assert press_keep(client, again, then="keep").headers["Location"] == address_of(again)
    kept = begun(again)
    assert (kept.texts["title"], [row.email for row in kept.rows], kept.kept_papers) == (
        "A later title",
        [ZOE["email"]],
        (),
    )


def test_empty_rows_are_nobody(client: Client, pro: User) -> None:
    values = filled(begin(client), (ZOE, {"name": "", "email": " "}, YAN))
    press_keep(client, values)
    assert [row.name for row in begun(values).rows] == ["Zoë Roy", "Yan Lee"]


def test_rows_are_added_taken_off_and_moved_without_scripts(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN, MAX))
    assert press_keep(client, values, then="row").headers["Location"].endswith("?more=1#signers-title")
    more = values_of(client.get(f"{address_of(values)}?more=1"))
    assert more["signer-TOTAL_FORMS"] == "4"
    assert more["signer-3-turn"] == "4"
    press_keep(client, more, move_up="2")
    assert [(row.name, row.turn) for row in begun(values).rows] == [
        ("Zoë Roy", "1"),
        ("Max Roy", "2"),
        ("Yan Lee", "3"),
    ]
    press_keep(client, values_of(client.get(address_of(values))), move_down="0")
    assert [row.name for row in begun(values).rows] == ["Max Roy", "Zoë Roy", "Yan Lee"]
    press_keep(client, values_of(client.get(address_of(values))), remove_row="0")
    assert [(row.name, row.turn) for row in begun(values).rows] == [("Zoë Roy", "1"), ("Yan Lee", "2")]


def test_zones_go_along_with_their_signer(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN))
    place(client, values, [zone("z"), zone("y", signer=1)])
    press_keep(client, values_of(client.get(address_of(values))), move_down="0")
    kept = begun(values)
    assert {each.zone_id: kept.rows[each.signer].name for each in kept.zones} == {
        "zone-z": "Zoë Roy",
        "zone-y": "Yan Lee",
    }
    press_keep(client, values_of(client.get(address_of(values))), remove_row="0")
    assert [(each.zone_id, each.signer) for each in begun(values).zones] == [("zone-z", 0)]


def test_a_signer_being_typed_anew_keeps_their_zones(client: Client, pro: User) -> None:
    values = prepare(client)
    place(client, values, [zone()])
    empty = values_of(client.get(address_of(values))) | {"signer-0-name": "", "signer-0-email": ""}
    by_script(client, empty)
    assert len(begun(values).zones) == 1


@pytest.mark.parametrize("count", ["", "x", "-1", "99999", "²"])
def test_a_count_of_rows_that_is_none_takes_no_row(client: Client, pro: User, count: str) -> None:
    values = filled(begin(client)) | {"signer-TOTAL_FORMS": count}
    assert press_keep(client, values).status_code == 302


def test_typed_before_the_session_ended_comes_back(client: Client, pro: User) -> None:
    values = prepare(client)
    client.cookies.pop("session", None)
    client.logout()
    lost = press_keep(client, values, title="Typed too late")
    assert lost.headers["Location"].startswith("/sign-in/")
    sign_in(client, pro)
    page = client.get(address_of(values)).content.decode()
    assert "What you typed before your session ended is back." in page
    assert "Typed too late" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"holder": None}, "You have no license."),
        ({"plan": "eco"}, "Your plan does not include signature requests."),
    ],
)
def test_a_draft_is_opened_and_kept_where_the_license_went(
    client: Client, pro: User, change: dict[str, str | None], sentence: str
) -> None:
    values = prepare(client, [ZOE, MAX], days="60")
    take_away(change)
    for page in ("", "zones/", "check/"):
        answer = client.get(address_of(values, page))
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert "Your plan, " not in text
        assert (sentence in unescape(text)) == (page != "zones/")
        assert "things to correct" not in text
    shown = values_of(client.get(address_of(values)))
    assert press_keep(client, shown, title="Another title").status_code == 302
    script = by_script(client, values_of(client.get(address_of(values))), title="A third title")
    assert script.status_code == 200
    kept = begun(values)
    assert (kept.texts["title"], kept.texts["days"], len(kept.papers), len(kept.rows)) == ("A third title", "60", 1, 2)
    placed = place(client, values, [zone()], is_script=True)
    assert placed.status_code == 200
    assert len(begun(values).zones) == 1


@pytest.mark.parametrize("change", [{"holder": None}, {"plan": "eco"}])
def test_a_form_drawn_before_the_license_went_is_kept_without_its_documents(
    client: Client, pro: User, change: dict[str, str | None]
) -> None:
    values = filled(begin(client))
    take_away(change)
    answer = press_keep(client, values, papers=[pdf()])
    assert answer.status_code == 403
    assert "Your documents were not taken." in answer.content.decode()
    assert begun(values).texts["title"] == TITLE
    assert not begun(values).papers
    assert files_kept() == 0


def test_without_the_plan_no_draft_is_begun(client: Client, pro: User) -> None:
    values = prepare(client)
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    assert client.get(address_of(values)).status_code == 404
    answer = press_keep(client, values, papers=[pdf()])
    assert answer.status_code == 403
    assert "Signature request comes with the Advanced plan" in answer.content.decode()
    script = by_script(client, values)
    assert (script.status_code, script.json()["error"]) == (403, "Comes with the Advanced plan; yours is Eco.")
    assert Draft.objects.count() == 1


def take_away(change: dict[str, str | None]) -> None:
    """Take the license, or give it a plan without signature requests."""
    License.objects.update(**{name: Plan.objects.get(code=given) if given else None for name, given in change.items()})


def test_of_somebody_else_there_is_nothing(client: Client, pro: User) -> None:
    values = prepare(client)
    sign_in(client, make_user("other@demo.example", plan="pro"))
    assert client.get(address_of(values)).status_code == 404


# Documents


def test_a_document_is_kept_as_it_will_be_signed(client: Client, pro: User) -> None:
    values = prepare(client, papers=[lease(2)])
    draft, kept = open_draft(row_of(values), kind=KIND), begun(values)
    file = sealed_files(draft.files, whole_id=draft.row.whole_id, data_key=draft.data_key)[0]
    source = read_whole(file)
    assert hashlib.sha256(source).hexdigest() == kept.papers[0].sha256
    assert len(kept.papers[0].pages) == 2
    assert files_kept() == Blob.objects.count() == 1


def test_what_was_taken_out_is_said(client: Client, pro: User) -> None:
    script = raw_pdf(b"", catalog=f"/OpenAction {documents.SCRIPT}").written()
    values = prepare(client, papers=[pdf(content=script), pdf("Form.pdf", documents.form_of_reportlab())])
    page = client.get(address_of(values)).content.decode()
    assert "Signed is what one sees on the pages: scripts are gone." in page
    assert "form fields cannot be filled in any more" in page
    assert "Signed is what one sees" not in client.get(address_of(prepare(client))).content.decode()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no-pdf": (lambda: b"hello", "This file is not a PDF."),
    "damaged": (lambda: plain()[:-60], "This PDF is damaged"),
    "encrypted": (lambda: documents.encrypted("secret"), "This PDF is protected."),
    "signed": (lambda: signed(plain()), "This PDF carries an electronic signature"),
    "xfa": (lambda: documents.field(acroform="/XFA [(template) 21 0 R]"), "This PDF is a form that changes"),
    "bomb": (lambda: documents.bomb(), "This PDF takes too long to read."),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_document_is_refused_and_everything_else_is_kept(client: Client, pro: User, case: str) -> None:
    make, sentence = HOSTILE[case]
    values = filled(begin(client))
    answer = press_keep(client, values, papers=[pdf(), pdf("Bad.pdf", make())])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Bad.pdf: {sentence}" in page
    assert TITLE in page
    assert "Lease.pdf" in page
    kept = begun(values)
    assert ([paper.name for paper in kept.papers], kept.texts["title"]) == (["Lease.pdf"], TITLE)
    assert files_kept() == Blob.objects.count() == 1
    assert press_keep(client, values_of(answer), title="On it goes").status_code == 302


def test_the_script_draws_the_page_anew_where_some_were_taken(client: Client, pro: User) -> None:
    values = filled(begin(client))
    answer = by_script(client, values, papers=[pdf(), pdf("Bad.pdf", b"hello")])
    assert (answer.status_code, answer.json()["page"]) == (200, address_of(values))
    assert "Bad.pdf: This file is not a PDF." in client.get(address_of(values)).content.decode()
    answer = by_script(client, values | {"version": "1"}, papers=[pdf("Worse.pdf", b"hello")])
    assert answer.status_code == 422
    assert "Worse.pdf: This file is not a PDF." in answer.json()["error"]


def test_a_document_waits_for_others_no_longer_than_a_person_does(
    client: Client, pro: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_source: bytes) -> None:
        raise PdfBusy

    monkeypatch.setattr(presenting, "check_pdf", busy)
    answer = press_keep(client, filled(begin(client)), papers=[pdf()])
    assert "Other documents are being worked on." in answer.content.decode()
    assert files_kept() == 0


def test_no_more_memory_is_taken_than_there_is(client: Client, pro: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenting, "_room", Room(100))
    answer = press_keep(client, filled(begin(client)), papers=[pdf()])
    assert "Other documents are being worked on." in answer.content.decode()
    assert presenting._room.free_bytes == 100


def test_a_fault_of_the_child_is_told_and_logged(
    client: Client, pro: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_source: bytes) -> None:
        raise ChildFailed("crash at x")

    monkeypatch.setattr(presenting, "check_pdf", fail)
    answer = press_keep(client, filled(begin(client)), papers=[pdf()])
    assert "because of a fault of the portal" in answer.content.decode()
    assert "signatures.document_failed" in caplog.text


def test_documents_of_one_request_have_500_pages_in_all(
    client: Client, pro: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenting, "REQUEST_PAGES_MOST", 3)
    values = filled(begin(client))
    answer = press_keep(client, values, papers=[lease(2, "One.pdf"), lease(2, "Two.pdf")])
    assert "Two.pdf: These documents have too many pages. Together they may have up to 3." in answer.content.decode()
    assert [paper.name for paper in begun(values).papers] == ["One.pdf"]


def test_ten_documents_are_the_most(client: Client, pro: User) -> None:
    values = filled(begin(client))
    answer = press_keep(client, values, papers=[pdf(f"{number}.pdf", b"%PDF") for number in range(11)])
    assert answer.status_code == 422
    assert "10" in answer.content.decode()
    assert not begun(values).papers
    assert files_kept() == 0


def test_a_document_is_no_larger_than_one_may_be(client: Client, pro: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenting, "PAPER_MOST_BYTES", 100)
    answer = press_keep(client, filled(begin(client)), papers=[pdf()])
    assert "This document is too large. It may have up to" in answer.content.decode()


def test_a_document_is_not_larger_either_as_it_is_presented(
    client: Client, pro: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = documents.in_object_streams(raw_pdf(pages=20).written())
    assert len(packed) < len(check_pdf(packed).data)
    monkeypatch.setattr(presenting, "PAPER_MOST_BYTES", len(packed))
    values = filled(begin(client))
    answer = press_keep(client, values, papers=[pdf(content=packed)])
    assert "This document is too large. It may have up to" in answer.content.decode()
    assert not begun(values).papers


def test_the_plan_limits_all_documents_together(client: Client, pro: User) -> None:
    values = prepare(client)
    size_bytes = begun(values).size_bytes
    Plan.objects.filter(code="pro").update(attachments_bytes=size_bytes + 100)
    answer = press_keep(client, values, papers=[pdf("More.pdf")])
    assert answer.status_code == 422
    assert len(begun(values).papers) == 1


def test_without_room_what_was_typed_is_kept(client: Client, pro: User) -> None:
    values = prepare(client)
    Plan.objects.filter(code="pro").update(stored_bytes=begun(values).size_bytes + 5)
    answer = press_keep(client, values, papers=[pdf("More.pdf")], title="Typed meanwhile")
    assert answer.status_code == 422
    assert begun(values).texts["title"] == "Typed meanwhile"
    assert files_kept() == 1


def test_what_no_draft_keeps_leaves_no_file(client: Client, pro: User, monkeypatch: pytest.MonkeyPatch) -> None:
    values = prepare(client)
    press_keep(client, values, title="From another window")
    assert press_keep(client, values, papers=[pdf("Late.pdf")], title="Late").status_code == 409
    assert files_kept() == 1

    def refuse(**_what: object) -> None:
        raise StorageFull(room_bytes=0, most_bytes=100)

    monkeypatch.setattr(drafting, "require_room", refuse)
    answer = press_keep(client, values_of(client.get(address_of(values))), papers=[pdf("More.pdf")], title="No room")
    assert answer.status_code == 422
    assert begun(values).texts["title"] == "No room"
    assert files_kept() == 1


def test_a_document_taken_off_takes_its_zones_along(client: Client, pro: User) -> None:
    values = prepare(client, papers=[pdf("One.pdf"), pdf("Two.pdf")])
    place(client, values, [zone("one"), zone("two", document=1)])
    first = begun(values).papers[0].file_id
    press_keep(client, values_of(client.get(address_of(values))), remove_paper=first)
    kept = begun(values)
    assert [paper.name for paper in kept.papers] == ["Two.pdf"]
    assert [(each.zone_id, each.document) for each in kept.zones] == [("zone-two", 0)]
    assert Blob.objects.filter(kept_until__isnull=False).count() == 1
