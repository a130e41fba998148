"""The glossary tells the truth: its labels are those of the catalog, its words those of the code."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from portal.catalogs import catalog_paths, read_catalog

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("accounts", "core", "licenses", "messaging", "portal", "signatures")
LABELED = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]*\|$", re.MULTILINE)
CODE_WORD = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)
HEADS = {"word", "---"}


def glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def labels() -> list[tuple[str, str]]:
    rows = [(english, french) for word, english, french in LABELED.findall(glossary()) if word not in HEADS]
    return [pair for pair in rows if pair != ("–", "–")]


@cache
def french_of() -> dict[str, set[str]]:
    """Return the French texts of each English one, whatever their context."""
    known: dict[str, set[str]] = {}
    (path,) = catalog_paths()
    for message in read_catalog(path):
        if isinstance(message.id, str):
            known.setdefault(message.id, set()).add(str(message.string))
    return known


def code() -> str:
    return "\n".join(path.read_text() for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize(("english", "french"), labels())
def test_a_label_is_what_people_read(english: str, french: str) -> None:
    assert french in french_of().get(english, set())


def test_every_word_lives_in_the_code() -> None:
    words = {word.replace("_", "") for word in CODE_WORD.findall(glossary())}
    present = re.sub(r"[^a-z]", " ", code().replace("_", "").lower())
    assert [word for word in words if word not in present] == []


def test_a_word_names_one_idea() -> None:
    words = CODE_WORD.findall(glossary())
    assert len(words) > 50
    assert sorted({word for word in words if words.count(word) > 1}) == []
