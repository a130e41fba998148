"""A small file stays in memory: the first one, up to its size, whatever else the form brings."""

from typing import Any

import pytest
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from core.errors import FilesAtOnce, FilesTooLarge
from core.multipart import MultipartBroken
from core.small_files import FormWithSmallFile, Room, SmallUpload
from core.uploads import RefusedUpload
from tests.multipart import CONTENT_TYPE, Sent, body_of

MOST = 1_000


def read(*parts: Sent) -> tuple[QueryDict, dict[str, list[Any]]]:
    """Return the fields and the files of a form."""
    request = RequestFactory().post("/", body_of(parts), content_type=CONTENT_TYPE)
    request.upload_handlers = [FormWithSmallFile(request, MOST)]
    return request.POST, dict(request.FILES.lists())


@pytest.mark.parametrize("size", [0, 1, MOST])
def test_a_file_up_to_the_size_arrives_whole(size: int) -> None:
    fields, files = read(Sent("before", b"1"), Sent("picture", b"x" * size, "a.png"), Sent("after", b"2"))
    assert files == {"picture": [SmallUpload(b"x" * size)]}
    assert fields.dict() == {"before": "1", "after": "2"}


@pytest.mark.parametrize("size", [MOST + 1, 3_000_000])
def test_a_larger_one_is_refused_and_what_was_typed_behind_it_is_kept(size: int) -> None:
    fields, files = read(Sent("picture", b"x" * size, "a.png"), Sent("after", b"2"))
    (refused,) = files["picture"]
    assert isinstance(refused, RefusedUpload)
    assert isinstance(refused.refusal, FilesTooLarge)
    assert fields.dict() == {"after": "2"}


def test_one_file_is_taken_and_no_more() -> None:
    _fields, files = read(Sent("picture", b"x", "a.png"), Sent("picture", b"y", "b.png"), Sent("other", b"z", "c.png"))
    assert files == {"picture": [SmallUpload(b"x")]}


def test_no_chosen_file_is_no_file() -> None:
    _fields, files = read(Sent("picture", b"", ""))
    assert files == {}


def test_what_it_holds_shows_in_no_log() -> None:
    assert "secret" not in repr(SmallUpload(b"secret"))


def read_in(room: Room, *parts: Sent) -> HttpRequest:
    """Read a form whose file shares some memory with others."""
    request = RequestFactory().post("/", body_of(parts), content_type=CONTENT_TYPE)
    request.upload_handlers = [FormWithSmallFile(request, MOST, room)]
    return request


def test_files_share_memory_until_their_requests_are_answered() -> None:
    room = Room(2 * MOST)
    first, second = (read_in(room, Sent("a", b"x" * MOST, "a.pdf")) for _each in range(2))
    for request, left in ((first, MOST), (second, 0)):
        assert isinstance(request.FILES["a"], SmallUpload)
        assert room.free_bytes == left
    third = read_in(room, Sent("a", b"x", "a.pdf"), Sent("after", b"2"))
    (refused,) = third.FILES.getlist("a")
    assert isinstance(refused, RefusedUpload)
    assert isinstance(refused.refusal, FilesAtOnce)
    assert third.POST.dict() == {"after": "2"}
    for request in (first, second, third, first):
        request.close()
    assert room.free_bytes == 2 * MOST


def test_a_file_that_is_refused_or_breaks_off_takes_no_memory() -> None:
    room = Room(2 * MOST)
    request = read_in(room, Sent("a", b"x" * (MOST + 1), "a.pdf"))
    assert isinstance(request.FILES["a"], RefusedUpload)
    body = body_of([Sent("a", b"x" * MOST, "a.pdf")])[:-60]
    broken = RequestFactory().post("/", body, content_type=CONTENT_TYPE)
    broken.upload_handlers = [FormWithSmallFile(broken, MOST, room)]
    with pytest.raises(MultipartBroken):
        broken.FILES.getlist("a")
    whole = body_of([Sent("a", b"x" * MOST, "a.pdf")])[:-10]
    broken = RequestFactory().post("/", whole, content_type=CONTENT_TYPE)
    broken.upload_handlers = [FormWithSmallFile(broken, MOST, room)]
    with pytest.raises(MultipartBroken):
        broken.FILES.getlist("a")
    assert room.free_bytes == 2 * MOST
