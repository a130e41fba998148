"""Walk through the objects of a PDF by pyHanko, inside the child process."""

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    Reference,
)
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures.pdf.reasons import PdfRefused, Reason

# What says of which kind a dictionary is.
KINDS = ("/Type", "/Subtype", "/S", "/FT")
_RESOURCES, _NAMES = "resources", "names"


@contextmanager
def opened(document: bytes) -> Iterator[PdfFileReader]:
    """Read a document with pyHanko; what it cannot read is damaged."""
    try:
        yield PdfFileReader(io.BytesIO(document), strict=False)
    except PdfError as fault:
        raise PdfRefused(Reason.DAMAGED) from fault


class Walk:
    """A walk that visits every dictionary once; streams are dictionaries too.

    Args:
        unseen: keys whose values are not followed.
    """

    def __init__(self, unseen: Collection[str] = ()) -> None:
        self._unseen = frozenset(unseen)
        self._seen: set[tuple[Reference, str]] = set()

    @property
    def references(self) -> set[Reference]:
        """The numbered objects that were visited."""
        return {reference for reference, _role in self._seen}

    def entries(self, start: PdfObject) -> Iterator[DictionaryObject]:
        """Yield every dictionary that can be reached, but for those whose keys are names that the document chose."""
        left = [(start, "")]
        while left:
            found, role = left.pop()
            if isinstance(found, IndirectObject):
                if (found.reference, role) in self._seen:
                    continue
                self._seen.add((found.reference, role))
                found = target(found)
            if isinstance(found, ArrayObject):
                left.extend((item, "") for item in list.__iter__(found))
            elif isinstance(found, DictionaryObject):
                if role != _NAMES:
                    yield found
                left.extend((item, _role(key, role)) for key, item in found.items() if key not in self._unseen)


def words(entry: DictionaryObject) -> set[str]:
    """Return the keys of a dictionary, and the kinds it says to be of."""
    return {*entry, *filter(None, (name(entry, kind) for kind in KINDS))}


def target(reference: PdfObject) -> PdfObject:
    """Return what a reference leads to, or the thing itself."""
    found: PdfObject = reference.get_object()
    return found


def resolved(entry: DictionaryObject, key: str) -> PdfObject | None:
    """Return what a dictionary holds under a key, never a reference; None for nothing."""
    return target(entry.raw_get(key)) if key in entry else None


def name(entry: DictionaryObject, key: str) -> str | None:
    """Return the name that a dictionary holds under a key, if it is one."""
    found = resolved(entry, key)
    return str(found) if isinstance(found, NameObject) else None


def dictionary(found: PdfObject | None) -> DictionaryObject:
    """Return a dictionary, an empty one where there is none."""
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def items(found: PdfObject | None) -> list[PdfObject]:
    """Return what an array holds, never references; nothing where it is no array."""
    return [target(item) for item in list.__iter__(found)] if isinstance(found, ArrayObject) else []


def number(found: PdfObject | None) -> float:
    """Return a number.

    Raises:
        ValueError: it is none.
    """
    if isinstance(found, NumberObject | FloatObject):
        return float(found)
    raise ValueError


def _role(key: str, role: str) -> str:
    """Return what a value is in its dictionary: resources, their names, or anything else."""
    if key == "/Resources":
        return _RESOURCES
    return _NAMES if role == _RESOURCES or key == "/CharProcs" else ""
