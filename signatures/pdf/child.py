"""Have a stranger's document read by a child process that can do little harm.

The child begins as a fresh interpreter with an empty environment and none of the portal's secrets, limits its own
memory, time, files and processes before it reads a byte (`inside.py`), and answers by a pipe. What it answers is
judged like the document itself: it may have been taken over.
Source: docs/decisions/0058-hostile-pdfs.md
"""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from signatures.pdf.limits import ANSWER_MOST_BYTES, CHILD_SECONDS, TURN_SECONDS
from signatures.pdf.reasons import ChildFailed, PdfBusy, PdfRefused, Reason

INSIDE = Path(__file__).with_name("inside.py")
# What `inside.py` ends with after a refusal; its answer is then the reason.
REFUSED = 3
FAULT, FAULT_MOST_CHARACTERS = re.compile(r"\w+ at [\w.: <>-]*"), 500

# As many documents as a process works on at once: one.
_turn = threading.Lock()


def in_child(work: str, document: bytes, *arguments: str) -> bytes:
    """Return what a function answers about a document, called in a child process.

    Args:
        work: the full name of a function in this package that takes the document, and the arguments as text, and
            returns pieces of the answer. It is called in the child; this process need not import it.

    Raises:
        PdfRefused: by the function, or because it took more time or memory than it is given, or answered too much.
        PdfBusy: others were at work all the time one waits.
        ChildFailed: the child ended in a way that no document explains.
    """
    with _one_at_a_time():
        code, answer = _run([work, str(len(document)), *arguments], document)
    if code < 0 or len(answer) > ANSWER_MOST_BYTES:
        raise PdfRefused(Reason.TOO_HEAVY)
    if code == REFUSED:
        raise PdfRefused(_reason(answer))
    if code:
        raise ChildFailed(_fault(answer))
    return answer


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise PdfBusy
    try:
        yield
    finally:
        _turn.release()


def _run(arguments: list[str], document: bytes) -> tuple[int, bytes]:
    """Return how the child ended, negative for a signal, and what it answered."""
    process = subprocess.Popen(  # noqa: S603 - a fixed program; its arguments are words of this package
        [sys.executable, "-I", "-B", INSIDE, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    # Ends a child that neither reads nor writes, and with it the waiting below.
    watch = threading.Timer(CHILD_SECONDS, process.kill)
    watch.start()
    try:
        with process:
            answer = _exchange(process, document)
    finally:
        watch.cancel()
    return process.returncode, answer


def _exchange(process: subprocess.Popen[bytes], document: bytes) -> bytes:
    """Send the document, which the child reads whole before it answers, and return the answer, cut if too long."""
    to_child, from_child = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    try:
        to_child.write(document)
        to_child.close()
    except BrokenPipeError:
        pass  # how it ended says why
    answer = from_child.read(ANSWER_MOST_BYTES + 1)
    if len(answer) > ANSWER_MOST_BYTES:
        process.kill()
    return answer


def _fault(answer: bytes) -> str:
    """Return what the child says of a fault of its own, if it has the form of that."""
    text = answer[:FAULT_MOST_CHARACTERS].decode("ascii", "replace")
    return text if FAULT.fullmatch(text) else "no reason given"


def _reason(answer: bytes) -> Reason:
    try:
        return Reason(answer.decode("ascii", "replace"))
    except ValueError as unknown:
        raise ChildFailed("unknown reason") from unknown
