"""The child process: limits itself, then reads one document from its input and answers on its output.

Called by `child.py` as a script: the name of a function of this package, the length of the document in bytes, and the
function's other arguments.
"""

import logging
import os
import resource
import struct
import sys
import zlib
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "signatures.pdf."
# What reading a hostile document raises in pyHanko, pypdfium2, Pillow and below them.
FAULTS = (
    OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    RuntimeError, SyntaxError, struct.error, zlib.error,
)  # fmt: skip


def main(name: str, length: str, *arguments: str) -> int:
    """Answer one question about the document on standard input, and return the exit code."""
    sys.excepthook = tell_without_content
    logging.disable(logging.CRITICAL)  # a line of a log could hold a piece of the document
    sys.path.insert(0, str(ROOT))
    limit()
    from signatures.pdf.child import REFUSED
    from signatures.pdf.reasons import PdfRefused, Reason

    module, _, function = name.rpartition(".")
    if not module.startswith(PACKAGE):
        raise ImportError(name)
    work = getattr(import_module(module), function)
    document = sys.stdin.buffer.read(int(length))
    code, answer = 0, [b""]
    try:
        answer = work(document, *arguments)
    except PdfRefused as refused:
        code, answer = REFUSED, [refused.reason.encode()]
    except MemoryError:
        code, answer = REFUSED, [Reason.TOO_HEAVY.encode()]
    except FAULTS:
        code, answer = REFUSED, [Reason.DAMAGED.encode()]
    sys.stdout.buffer.writelines(answer)
    return code


def limit() -> None:
    """Give away what a document has no need of: memory, time, processes, files to write, core dumps."""
    from signatures.pdf.limits import CHILD_CPU_SECONDS, CHILD_MEMORY_BYTES, CHILD_OPEN_FILES

    for what, most in (
        (resource.RLIMIT_AS, CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, CHILD_CPU_SECONDS),
        (resource.RLIMIT_NOFILE, CHILD_OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def tell_without_content(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Answer where this code failed and how, and nothing that may be from the document."""
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(trace))
    sys.stdout.write(f"{kind.__name__} at {' '.join(places)}")


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    sys.stdout.flush()
    # PDFium and pyHanko need not be taken down in order; a hostile document has had its say.
    os._exit(code)
