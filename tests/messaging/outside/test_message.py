"""The opened message: its text, its files, and what is kept of having fetched them."""

import io
import zipfile
from datetime import timedelta

import pytest

from core.blobs import blobs
from core.db import database_now
from messaging.items import limits
from messaging.items.events.kinds import EventKind
from messaging.items.models import Blob, Event, OpenSession, Participant
from tests.messaging.items.making import SUBJECT, delete
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import FIGURES, TERMS, File, coded, send_message

pytestmark = pytest.mark.django_db


def file_id(outsider: Outsider, position: int = 0) -> object:
    blob = Blob.objects.filter(whole_id=outsider.link.link.participant.item.whole_id).order_by("pk")[position]
    return blob.file_id


def fetch(outsider: Outsider, position: int = 0, **headers: str):  # type: ignore[no-untyped-def]
    return outsider.client.get(outsider.url("link_file", file_id(outsider, position)), headers=headers)


def test_it_shows_who_wrote_until_when_and_how_often() -> None:
    page = Outsider(send_message(openings=3).links[0]).open().read().content.decode()
    assert "Robin Tremblay</strong>, Demo Company" in page
    assert "Opening 1 of 3" in page
    assert f'<h1 id="subject">{SUBJECT}</h1>' in page
    assert "mailto:support@demo.example?subject=Abuse" in page


def test_statement_98_a_text_is_text_and_its_links_give_nothing_away() -> None:
    body = "<script>alert(1)</script> & see http://testserver/a?b=1&c=2.\n\n\nSecond\nline javascript:alert(1)"
    page = Outsider(send_message(body=body).links[0]).open().read().content.decode()
    link = '<a href="http://testserver/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">'
    assert link in page
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; see " in page
    assert "<p>Second<br>line javascript:alert(1)</p>" in page


def test_files_come_one_by_one_and_all_at_once() -> None:
    outsider = Outsider(send_message(files=[TERMS, FIGURES]).links[0]).open()
    page = outsider.read().content.decode()
    assert "2 files" in page
    assert TERMS.name in page
    one = fetch(outsider)
    assert one.getvalue() == TERMS.content
    whole = zipfile.ZipFile(io.BytesIO(outsider.client.get(outsider.url("link_files")).getvalue()))
    assert {name: whole.read(name) for name in whole.namelist()} == {
        file.name: file.content for file in (TERMS, FIGURES)
    }


def test_statement_90_no_file_comes_without_the_proof() -> None:
    person = coded()
    outsider = Outsider(send_message(people=[person], files=[TERMS]).links[0])
    addresses = [outsider.url("link_file", file_id(outsider)), outsider.url("link_files"), outsider.url("link_reply")]
    for _step in ("stranger", "secret given"):
        for address in addresses:
            for headers in ({}, {"range": "bytes=0-4"}):
                answer = outsider.client.get(address, headers=headers)
                assert answer.status_code == 302
                assert not answer.content
        assert outsider.client.post(outsider.url("link_reply"), {"text": "x"}).status_code == 403
        outsider.give()
    outsider.answer(code=person.secret.value)
    assert fetch(outsider, range="bytes=0-4").getvalue() == b"terms"


@pytest.mark.parametrize(
    "end", [lambda sent: Participant.objects.update(expires_at=database_now()), lambda sent: delete(sent)]
)
def test_statement_94_the_end_comes_before_the_next_part_of_a_download(end) -> None:  # type: ignore[no-untyped-def]
    sent = send_message(files=[TERMS])
    outsider = Outsider(sent.links[0]).open()
    assert fetch(outsider, range="bytes=0-4").status_code == 206
    address = outsider.url("link_file", file_id(outsider))
    end(sent)
    answer = outsider.client.get(address, headers={"range": "bytes=5-9"})
    assert answer.status_code in (302, 410)
    assert TERMS.content[5:10] not in answer.content


def test_a_file_is_noted_once_for_each_opening_however_many_parts_it_comes_in() -> None:
    sent = send_message(files=[TERMS, FIGURES])
    outsider = Outsider(sent.links[0]).open()
    outsider.client.head(outsider.url("link_file", file_id(outsider)))
    outsider.client.head(outsider.url("link_files"))
    noted = Event.objects.filter(kind=EventKind.FILE_DOWNLOADED)
    assert not noted.exists()
    for part in ("bytes=0-4", "bytes=5-9", "bytes=9999-", "bytes=0-"):
        fetch(outsider, range=part)
    assert noted.count() == 1
    outsider.client.get(outsider.url("link_files"))
    assert noted.count() == 2
    fetch(Outsider(sent.links[0]).open())
    assert noted.count() == 3


def test_a_file_is_noted_again_when_the_same_browser_opens_again() -> None:
    sent = send_message(files=[TERMS])
    outsider = Outsider(sent.links[0]).open()
    fetch(outsider)
    OpenSession.objects.update(seen_at=database_now() - timedelta(seconds=limits.OPENING_IDLE_SECONDS + 1))
    fetch(outsider.open())
    for kind in (EventKind.OPENED, EventKind.FILE_DOWNLOADED):
        assert Event.objects.filter(kind=kind).count() == 2, kind


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-4", 206, slice(0, 5)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=295-9999", 206, slice(295, None)),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("bytes=9-3", 200, slice(None)),
        ("bytes=300-", 416, slice(0, 0)),
    ],
)
def test_statement_145_parts_of_a_file_are_its_own_bytes(asked: str, status: int, part: slice) -> None:
    outsider = Outsider(send_message(files=[TERMS, FIGURES]).links[0]).open()
    answer = fetch(outsider, range=asked)
    assert (answer.status_code, answer.getvalue()) == (status, TERMS.content[part])


HOSTILE = [
    File("page.html", b"<script>alert(1)</script>", "text/html"),
    File("image.svg", b"<svg onload=alert(1)>", "image/svg+xml"),
    File("data.xml", b"<?xml version='1.0'?><x/>", "application/xml"),
    File("paper.pdf", b"%PDF-1.7 <script>", "application/pdf"),
    File("old.mht", b"MIME-Version: 1.0", "multipart/related"),
    File("code.js", b"alert(1)", "text/javascript"),
    File("picture.png", b"\x89PNG<html><script>", "image/png"),
    File("unknown", b"?", "nonsense"),
]


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.name)
def test_statement_136_whatever_comes_is_saved_and_never_run(file: File) -> None:
    answer = fetch(Outsider(send_message(files=[file]).links[0]).open())
    assert answer.getvalue() == file.content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] in ("application/octet-stream", "application/pdf", "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")


def test_a_file_of_another_message_is_not_here() -> None:
    sent = send_message(files=[TERMS])
    other = send_message(sent.item.sender, files=[FIGURES])
    outsider, neighbor = Outsider(sent.links[0]).open(), Outsider(other.links[0]).open()
    assert outsider.client.get(outsider.url("link_file", file_id(neighbor))).status_code == 404


@pytest.mark.parametrize(("language", "word"), [("en", "Help"), ("fr", "Aide")])
def test_a_damaged_file_leads_to_the_help(language: str, word: str) -> None:
    outsider = Outsider(send_message(files=[TERMS]).links[0], **{"accept-language": language}).open()
    blobs().delete(Blob.objects.get().name)
    assert f'<a class="btn btn-plain" href="/help/">{word}</a>' in fetch(outsider).content.decode()


def test_a_damaged_file_is_not_released() -> None:
    outsider = Outsider(send_message(files=[TERMS]).links[0]).open()
    blob = Blob.objects.get()
    blobs().delete(blob.name)
    answer = fetch(outsider)
    assert answer.status_code == 500
    assert "The file is damaged and was not released" in answer.content.decode()
    Blob.objects.all().delete()
    assert "The file is damaged" in outsider.client.get(outsider.url("link_files")).content.decode()


def test_a_message_without_files_has_no_archive() -> None:
    outsider = Outsider(send_message().links[0]).open()
    assert outsider.client.get(outsider.url("link_files")).status_code == 404
