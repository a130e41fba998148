"""What a child process that was taken over might try; run in its place by `test_child.py`."""

import json
import os
import resource
import sys
import time
from pathlib import Path


def tell(document: bytes, *arguments: str) -> list[bytes]:
    """Answer what the child knows of the world."""
    known = {
        "length": len(document),
        "arguments": arguments,
        "environment": dict(os.environ),
        "place": str(Path.cwd()),
        "modules": sorted(name.partition(".")[0] for name in sys.modules),
        "files": sorted(int(name) for name in os.listdir("/proc/self/fd")),
        "memory": resource.getrlimit(resource.RLIMIT_AS),
        "seconds": resource.getrlimit(resource.RLIMIT_CPU),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
    }
    return [json.dumps(known).encode()]


def burn(_document: bytes) -> list[bytes]:
    """Never end."""
    while True:
        pass


def sleep(_document: bytes) -> list[bytes]:
    """Never end, and take no time of the processor."""
    time.sleep(600)
    return []


def hog(_document: bytes) -> list[bytes]:
    """Take more memory than there is."""
    return [b"x" * 600_000_000]


def flood(_document: bytes) -> list[bytes]:
    """Answer without end."""
    while True:
        sys.stdout.buffer.write(bytes(1_000_000))


def crash(_document: bytes) -> list[bytes]:
    """End as a library does that has lost its way."""
    os.abort()


def begin_another(_document: bytes) -> list[bytes]:
    """Begin a process."""
    os.fork()
    return [b"begun"]


def write(_document: bytes, path: str) -> list[bytes]:
    """Write a file."""
    Path(path).write_bytes(b"here I was")
    return [b"written"]


def stumble(document: bytes) -> list[bytes]:
    """Raise what no document raises, with a piece of the document."""
    raise ImportError(document)


def tell_stories(document: bytes) -> list[bytes]:
    """End as after a fault, with a piece of the document."""
    sys.stdout.buffer.write(b"ImportError at\n" + document)
    sys.stdout.flush()
    os._exit(1)


def invent(_document: bytes) -> list[bytes]:
    """End with a reason that is none."""
    sys.stdout.buffer.write(b"because")
    sys.stdout.flush()
    os._exit(3)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from signatures.pdf import inside

    inside.PACKAGE = "tests.signatures.pdf."
    code = inside.main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
