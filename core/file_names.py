"""Names of files that strangers gave: what can do harm is taken out, what a person recognizes stays.

A name is put into composed form (Unicode NFC), loses its folders, control characters and marks that turn the direction
of text, and keeps 255 characters. It is still a stranger's text: pages escape it, headers encode it.
Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file; docs/decisions/0034-files-in-and-out.md
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from core.characters import has_ink
from core.limits import FILE_EXTENSION_CHARACTERS, FILE_NAME_CHARACTERS

NEUTRAL_NAME = "file"
# Control and format characters, halves of pairs, ends of lines; the two joiners belong to scripts and emoji.
REMOVED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
# Windows takes these for devices, whatever stands behind the first dot or colon.
DEVICE = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]) *(?:[.:]|$)", re.IGNORECASE)
# What Windows, and so the unpacking of an archive there, refuses in a name.
REFUSED_ON_DISKS = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True, slots=True)
class FileName:
    """A name that is safe to keep.

    Args:
        is_shortened: it was longer than is kept; the person is told.
    """

    text: str
    is_shortened: bool = False


def clean_file_name(given: str) -> FileName:
    """Return what is kept of a name, a neutral one where nothing is left."""
    last = re.split(r"[/\\]", given)[-1]
    shown = "".join(character for character in last if not _is_removed(character))
    name = unicodedata.normalize("NFC", shown).rstrip(". ").lstrip(" ")
    if not has_ink(name):
        name = NEUTRAL_NAME
    if DEVICE.match(name):
        name = f"_{name}"
    if len(name) <= FILE_NAME_CHARACTERS:
        return FileName(name)
    return FileName(_with_stem(name, FILE_NAME_CHARACTERS, ""), is_shortened=True)


def unique_file_name(name: str, taken: Collection[str]) -> str:
    """Return a clean name that differs from those taken: "a.pdf" becomes "a (2).pdf".

    Names that differ in upper and lower case only are the same file to Windows and macOS.
    """
    folded = {other.casefold() for other in taken}
    candidate, number = name, 1
    while candidate.casefold() in folded:
        number += 1
        candidate = _with_stem(name, FILE_NAME_CHARACTERS, f" ({number})")
    return candidate


def disk_file_name(name: str) -> str:
    """Return a clean name as any disk takes it, for archives."""
    return REFUSED_ON_DISKS.sub("_", name)


def _is_removed(character: str) -> bool:
    return unicodedata.category(character) in REMOVED_CATEGORIES and character not in JOINERS


def _with_stem(name: str, characters: int, ending: str) -> str:
    """Return a name with something put behind its stem, which is cut where the whole would have more characters."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > FILE_EXTENSION_CHARACTERS:
        stem, dot, extension = name, "", ""
    kept = stem[: characters - len(ending) - len(dot) - len(extension)].rstrip(". ")
    # Of a name like "..0" nothing is left of the stem, and no name begins with a blank.
    return f"{kept}{ending}{dot}{extension}".lstrip(" ")
