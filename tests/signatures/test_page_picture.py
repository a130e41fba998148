"""The pages of the documents: as pictures, drawn apart from the portal, and as the file that was presented."""

import hashlib
import io
from contextlib import ExitStack

import pytest
from PIL import Image

from core.throttle import Limit
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event
from signatures.errors import DocumentBusy
from signatures.limits import PAGES_AT_ONCE, PAGES_WAITING
from signatures.pages import place_to_draw
from signatures.pdf.reasons import PdfBusy, PdfRefused, Reason
from tests.messaging.items.making import make_sender
from tests.signatures.signer import first_of, kept
from tests.signatures.signing import ask, clean

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

VIEWS = "signatures.views.signing_files"


def test_a_page_is_a_private_picture_of_its_proportions() -> None:
    browser = first_of(ask(make_sender())).open()
    answer = browser.get("page_picture", 1, 2)
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("PNG", (1100, 1557))
    assert answer.headers["Content-Type"] == "image/png"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize(("document", "page"), [(0, 1), (2, 1), (1, 0), (1, 3), (10**30, 1)])
def test_a_page_that_is_not_there_is_unknown(document: int, page: int) -> None:
    assert first_of(ask(make_sender())).open().get("page_picture", document, page).status_code == 404


def test_without_an_opening_there_is_no_picture() -> None:
    browser = first_of(ask(make_sender()))
    assert browser.get("page_picture", 1, 1).url == browser.url("link")
    browser.post("link", {"link": browser.secret})
    assert browser.get("page_picture", 1, 1).url == browser.url("link_proof")


@pytest.mark.parametrize(
    ("fault", "status", "again"), [(PdfBusy(), 503, "3"), (PdfRefused(Reason.TOO_HEAVY), 422, None)]
)
def test_a_picture_that_cannot_be_drawn_now_may_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, again: str | None
) -> None:
    def refuse(*_arguments: object) -> bytes:
        raise fault

    monkeypatch.setattr(f"{VIEWS}.draw_page_picture", refuse)
    answer = first_of(ask(make_sender())).open().get("page_picture", 1, 1)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, again)


def test_a_signer_is_told_at_once_where_enough_pages_wait_and_nothing_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{VIEWS}.PAGE_PICTURES", Limit("signatures.page-picture", 1, 3600))
    browser = first_of(ask(make_sender())).open()
    with ExitStack() as held:
        for _place in range(PAGES_AT_ONCE + PAGES_WAITING):
            held.enter_context(place_to_draw())
        answer = browser.get("page_picture", 1, 1)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
        with pytest.raises(DocumentBusy):
            held.enter_context(place_to_draw())
    assert browser.get("page_picture", 1, 1).status_code == 200


def test_pictures_are_counted_for_each_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{VIEWS}.PAGE_PICTURES", Limit("signatures.page-picture", 1, 3600))
    browser = first_of(ask(make_sender())).open()
    assert [browser.get("page_picture", 1, 1).status_code for _ in range(2)] == [200, 429]


def test_152_the_file_is_the_one_that_was_presented_with_no_signature_on_it() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill()
    data = browser.get("document_file", 1).getvalue()
    assert hashlib.sha256(data).digest() == hashlib.sha256(clean().data).digest()
    assert kept(asked).values
    assert Event.objects.filter(kind=EventKind.FILE_DOWNLOADED).count() == 1
    assert browser.get("document_file", 2).status_code == 404


def test_the_picture_of_a_zone_is_ones_own() -> None:
    browser = first_of(ask(make_sender())).agree()
    assert browser.get("zone_picture", "s0").status_code == 404
    browser.fill()
    assert [browser.get("zone_picture", zone).status_code for zone in ("s0", "d0", "t0", "s1")] == [200, 200, 404, 404]
