"""The catalogs of texts: collect what code and templates say, compile what was written in another language.

Babel does both, so that no system program is needed. Source: docs/decisions/0017-catalogs.md
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

# A number names the argument that is a text; "c" marks the one that is its context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_MARKS = ["Translators:"]
TEMPLATE_ENDINGS = (".html", ".txt")
LINE_CHARACTERS = 110
# Catalogs are part of the program and no secret: whoever runs the portal reads them, whoever compiled them.
FILE_MODE = 0o644
HEADER = """\
# Texts of the Secure Exchange Portal in another language. `make messages` adds new texts and drops vanished ones.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def catalog_paths() -> list[Path]:
    """Return the catalog of each language that has one."""
    return sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))


def read_catalog(path: Path) -> Catalog:
    """Return the texts of a catalog with their translations."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def collect_catalogs() -> list[Path]:
    """Bring every catalog up to date with code and templates; return those that changed."""
    contents = {path: collected_content(path) for path in catalog_paths()}
    changed = [path for path, content in contents.items() if path.read_bytes() != content]
    for path in changed:
        _replace(path, contents[path])
    return changed


def collected_content(path: Path) -> bytes:
    """Return a catalog as it should be now: every text of the portal, with the translation it already had.

    Nothing is guessed: a text without a translation stays empty, and one that vanished is dropped.
    """
    known = read_catalog(path)
    catalog = Catalog(locale=known.locale)
    for message in _texts(Path(settings.BASE_DIR)):
        catalog[message.id] = message
    for message in catalog:
        _take_over(message, known.get(message.id, message.context))
    buffer = BytesIO()
    write_po(buffer, catalog, width=LINE_CHARACTERS, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.format(language=known.locale, plural_forms=known.plural_forms).encode() + buffer.getvalue()


def compile_catalogs() -> list[Path]:
    """Write the form Django reads of each catalog that is newer than it; return what was written."""
    written = []
    for source in catalog_paths():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        buffer = BytesIO()
        write_mo(buffer, read_catalog(source))
        _replace(target, buffer.getvalue())
        written.append(target)
    return written


def _texts(root: Path) -> Iterator[Message]:
    """Yield every text of the code and the templates, file by file."""
    for path in _sources(root):
        place = path.relative_to(root).as_posix()
        for _line, text, comments, context in extract("python", _as_code(path), KEYWORDS, COMMENT_MARKS):
            yield Message(text, locations=[(place, 0)], auto_comments=comments, context=context)


def _sources(root: Path) -> list[Path]:
    packages = [path.parent for path in root.glob("*/__init__.py") if path.parent.name != "tests"]
    code = [path for package in packages for path in package.rglob("*.py") if "migrations" not in path.parts]
    pages = [path for path in (root / "templates").rglob("*") if path.suffix in TEMPLATE_ENDINGS]
    return sorted(code + pages)


def _as_code(path: Path) -> IO[bytes]:
    """Open a file as Python; a template becomes the calls its tags stand for, without its indentation."""
    if path.suffix == ".py":
        return BytesIO(path.read_bytes())
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return BytesIO("\n".join(line.strip() for line in calls.splitlines()).encode())


def _take_over(message: Message, known: Message | None) -> None:
    """Keep the translation and the remarks a text already has, unless it became plural or singular since."""
    if known is not None and known.pluralizable == message.pluralizable and not known.fuzzy:
        message.string = known.string
        message.user_comments = known.user_comments


def _replace(path: Path, content: bytes) -> None:
    """Write under a name of this process, then rename: a reader never sees half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.chmod(FILE_MODE)
    temporary.replace(path)
