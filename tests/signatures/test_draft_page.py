"""`signatures:draft_page`: a page of a draft's document as a picture, for its owner alone, kept by nobody."""

import io
import threading
import time

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from core.blobs import blobs
from signatures import pages
from signatures.errors import DocumentBusy
from signatures.limits import PAGE_WIDTH_PIXELS, PAGES_AT_ONCE, PAGES_WAITING
from signatures.pdf import child
from signatures.pdf.limits import TURN_SECONDS
from signatures.pdf.reasons import PdfBusy, PdfRefused, Reason
from signatures.pdf.rendering import draw_page_picture
from tests.cast import make_user, sign_in
from tests.signatures.composing import address_of, lease, prepare
from tests.signatures.pdf.documents import plain

pytestmark = pytest.mark.django_db

# Of a web process, as deploy/gunicorn.conf.py has it.
THREADS = 16


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def test_a_page_is_a_picture_that_nobody_keeps(client: Client, pro: User) -> None:
    values = prepare(client, papers=[lease(2)])
    answer = client.get(address_of(values, "page/0/2.png"))
    assert answer.headers["Content-Type"] == "image/png"
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(","))
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.width, round(picture.height / picture.width, 2)) == (PAGE_WIDTH_PIXELS, 1.42)


@pytest.mark.parametrize("page", ["page/0/3.png", "page/0/0.png", "page/1/1.png", "page/99999999999/1.png"])
def test_where_there_is_no_page_there_is_nothing(client: Client, pro: User, page: str) -> None:
    assert client.get(address_of(prepare(client, papers=[lease(2)]), page)).status_code == 404


def test_while_others_are_drawn_one_comes_back_later(
    client: Client, pro: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_what: object) -> bytes:
        raise PdfBusy

    values = prepare(client)
    monkeypatch.setattr(pages, "draw_page_picture", busy)
    answer = client.get(address_of(values, "page/0/1.png"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_only_a_few_pages_wait_to_be_drawn_and_the_next_one_is_told_at_once(client: Client, pro: User) -> None:
    """Sixteen threads of a process ask for a page while another document is worked on."""
    address, data = address_of(prepare(client), "page/0/1.png"), plain()
    told, times = threading.Semaphore(0), []
    drawn: list[bytes] = []

    def ask() -> None:
        begin = time.monotonic()
        try:
            with pages.place_to_draw():
                drawn.append(draw_page_picture(data, 1, PAGE_WIDTH_PIXELS))
        except DocumentBusy:
            times.append(time.monotonic() - begin)
            told.release()

    threads = [threading.Thread(target=ask) for _thread in range(THREADS)]
    refused = THREADS - PAGES_AT_ONCE - PAGES_WAITING
    with child._turn:
        for thread in threads:
            thread.start()
        assert all(told.acquire(timeout=TURN_SECONDS / 2) for _one in range(refused))
        assert not told.acquire(timeout=0.2)
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    for thread in threads:
        thread.join()
    assert (len(times), len(drawn)) == (refused, PAGES_AT_ONCE + PAGES_WAITING)
    assert max(times) < TURN_SECONDS / 4
    assert client.get(address).status_code == 200


def test_what_cannot_be_drawn_is_not_there(client: Client, pro: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_what: object) -> bytes:
        raise PdfRefused(Reason.TOO_HEAVY)

    values = prepare(client)
    monkeypatch.setattr(pages, "draw_page_picture", refuse)
    assert client.get(address_of(values, "page/0/1.png")).status_code == 404


def test_a_damaged_file_is_not_shown(client: Client, pro: User) -> None:
    values = prepare(client)
    next(iter(blobs().folder.glob("??/??/*"))).write_bytes(b"damaged")
    assert client.get(address_of(values, "page/0/1.png")).status_code == 404


def test_nobody_else_sees_it(client: Client, pro: User) -> None:
    address = address_of(prepare(client), "page/0/1.png")
    sign_in(client, make_user("other@demo.example", plan="pro"))
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).headers["Location"].startswith("/sign-in/")
