"""The child process can do little, ends in time, and knows nothing of the portal."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from signatures.pdf import child
from signatures.pdf.checking import ChildFailed, PdfBusy, PdfRefused, Reason, check_pdf
from signatures.pdf.child import in_child
from signatures.pdf.limits import CHILD_CPU_SECONDS, CHILD_MEMORY_BYTES
from tests.races import on_threads
from tests.signatures.pdf import documents, misbehaving

HERE = "tests.signatures.pdf.misbehaving"


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a child in the place of ours that can be asked to misbehave."""
    monkeypatch.setattr(child, "INSIDE", Path(misbehaving.__file__))


def refused(work: str) -> Reason:
    with pytest.raises(PdfRefused) as caught:
        in_child(f"{HERE}.{work}", b"document")
    return caught.value.reason


@pytest.mark.usefixtures("taken_over")
def test_a_child_knows_the_document_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET", "CANARY")
    kept, other = os.pipe()  # as a connection to a database would be
    try:
        os.set_inheritable(kept, True)
        told = json.loads(in_child(f"{HERE}.tell", b"x" * 100_000, "7", "a b"))
    finally:
        os.close(kept)
        os.close(other)
    assert (told["length"], told["arguments"], told["place"]) == (100_000, ["7", "a b"], "/")
    assert told["environment"].keys() <= {"LC_CTYPE"}  # Python's own
    assert not {"django", "portal", "core", "accounts"}.intersection(told["modules"])
    assert told["files"][:3] == [0, 1, 2]
    assert len(told["files"]) == 4  # the fourth is the list of them
    assert told["memory"] == [CHILD_MEMORY_BYTES] * 2
    assert told["seconds"] == [CHILD_CPU_SECONDS] * 2
    assert told["core"] == [0, 0]


@pytest.mark.usefixtures("taken_over")
@pytest.mark.parametrize("work", ["burn", "hog", "crash"])
def test_a_child_that_takes_too_much_is_ended(work: str) -> None:
    assert refused(work) == Reason.TOO_HEAVY


@pytest.mark.usefixtures("taken_over")
def test_a_child_that_does_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CHILD_SECONDS", 1)
    begun = time.monotonic()
    assert refused("sleep") == Reason.TOO_HEAVY
    assert time.monotonic() - begun < 10


@pytest.mark.usefixtures("taken_over")
def test_a_child_that_answers_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "ANSWER_MOST_BYTES", 5_000_000)
    assert refused("flood") == Reason.TOO_HEAVY


@pytest.mark.usefixtures("taken_over")
def test_a_child_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(PdfRefused):
        in_child(f"{HERE}.write", b"document", str(tmp_path / "file"))
    assert not any(file.stat().st_size for file in tmp_path.iterdir())


@pytest.mark.usefixtures("taken_over")
@pytest.mark.skipif(os.getuid() == 0, reason="the system counts no processes of its administrator")
def test_a_child_begins_no_other() -> None:
    assert refused("begin_another") == Reason.DAMAGED


@pytest.mark.usefixtures("taken_over")
def test_a_fault_of_ours_is_no_fault_of_the_document_and_tells_nothing_of_it() -> None:
    with pytest.raises(ChildFailed, match=r"^ImportError at .*misbehaving\.py:\d+$") as caught:
        in_child(f"{HERE}.stumble", b"CANARY")
    assert "CANARY" not in str(caught.value)


@pytest.mark.usefixtures("taken_over")
def test_a_child_that_tells_stories_instead_of_a_fault_is_not_quoted() -> None:
    with pytest.raises(ChildFailed, match=r"^no reason given$"):
        in_child(f"{HERE}.tell_stories", b"document")


@pytest.mark.usefixtures("taken_over")
def test_only_known_reasons_are_believed() -> None:
    with pytest.raises(ChildFailed):
        in_child(f"{HERE}.invent", b"document")


@pytest.mark.parametrize(
    "work", ["os.getcwd", "core.keys.read", "signatures.models.Mark", "signatures.pdf.nothing.here"]
)
def test_a_child_calls_nothing_outside_its_package(work: str) -> None:
    with pytest.raises(ChildFailed):
        in_child(work, b"document")


def test_others_wait_for_their_turn_and_are_told_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "TURN_SECONDS", 0.05)
    with child._turn, pytest.raises(PdfBusy):
        check_pdf(documents.plain())
    assert check_pdf(documents.plain())


def test_a_refusal_gives_the_turn_back() -> None:
    for _each in range(3):
        with pytest.raises(PdfRefused):
            check_pdf(b"%PDF-1.7 nothing")
    assert not child._turn.locked()


def test_many_threads_check_one_after_the_other() -> None:
    """As the threads of a web server do; no more than one child lives at a time."""
    running, most = threading.Semaphore(), []
    begin = child._run

    def counted(arguments: list[str], document: bytes) -> tuple[int, bytes]:
        most.append(running.acquire(blocking=False))
        try:
            return begin(arguments, document)
        finally:
            running.release()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "_run", counted)
        cleaned = on_threads(4, lambda _number: check_pdf(documents.plain()).data)
    assert len(set(cleaned)) == 1
    assert most == [True] * 8
