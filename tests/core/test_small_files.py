"""A small file stays in memory: the first one, up to its size, whatever else the form brings."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from core.errors import FilesTooLarge
from core.small_files import FormWithSmallFile, SmallUpload
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
