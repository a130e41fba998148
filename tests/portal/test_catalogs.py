"""The French catalog is complete, up to date, and written by the rules of the glossary."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.conf import LazySettings
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from portal import catalogs
from portal.catalogs import catalog_paths, collect_catalogs, collected_content, compile_catalogs, read_catalog

PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?([a-z%])")
TAG = re.compile(r"<[^>]+>")
NO_BREAK_SPACE = "\u00a0"
FORBIDDEN = re.compile(
    r"\be-?mails?\b|\buploader|\bdigita(?:l|ux)|\blicences? usagers?\b|\btoken\b|\bcliquez ici\b|\bSMS\b|\bmobile\b"
    r"|\bse connecter\b|\bdéconnecter\b|\bconnectez-vous\b",
    re.IGNORECASE,
)
SOURCES = {
    "portal/pages.py": 'TITLE = _("Two words")\nLEFT = ngettext("One file", "%(count)d files", count)\n'
    'OPEN = pgettext_lazy("state of an item", "Open")\n',
    "templates/page.html": '{% load i18n %}\n  {% translate "50 % done" %}\n    {% translate "Open" context "verb" %}\n'
    "{% blocktranslate count n=n trimmed %}\n  One\n  line\n{% plural %}\n  {{ n }}\n  lines\n{% endblocktranslate %}\n"
    '{% include "x.html" with text=_("Passed on") only %}{# not {% translate "this" %} #}'
    '{% comment %}isn\'t {% translate "that" %} either{% endcomment %}',
    "templates/mail.txt": '{% load i18n %}{% translate "In a mail" %}',
    "tests/test_pages.py": 'TITLE = _("Only in a test")\n',
    "portal/migrations/0001_initial.py": 'TITLE = _("Only in a migration")\n',
}


def french() -> list[Message]:
    (path,) = catalog_paths()
    return [message for message in read_catalog(path) if message.id]


def translated() -> list[Message]:
    return [message for message in french() if all(forms(message.string))]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def shown(message: Message) -> str:
    return forms(message.id)[0]


def placeholders(text: str) -> set[tuple[str, str]]:
    return {(name, kind) for name, kind in PLACEHOLDER.findall(text) if kind != "%"}


def words(text: str) -> str:
    return TAG.sub("", PLACEHOLDER.sub("1", text))


@pytest.fixture
def small_project(settings: LazySettings, tmp_path: Path) -> Path:
    """A project of a few files with an empty catalog; returns the catalog's path."""
    for name, content in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(content)
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    catalog = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(catalogs.HEADER.format(language="fr", plural_forms="nplurals=2; plural=(n > 1)"))
    return catalog


def test_the_catalog_knows_every_text_of_code_and_templates() -> None:
    for path in catalog_paths():
        assert path.read_bytes() == collected_content(path), "run `make messages`, then translate the new texts"


def test_every_text_has_a_french_one() -> None:
    assert [shown(message) for message in french() if not all(forms(message.string))] == []


def test_nothing_is_guessed_and_nothing_obsolete_is_kept() -> None:
    (path,) = catalog_paths()
    assert not [shown(message) for message in french() if message.fuzzy]
    assert not read_catalog(path).obsolete
    assert "#~" not in path.read_text()


def test_a_text_with_a_number_has_both_french_forms() -> None:
    (path,) = catalog_paths()
    assert read_catalog(path).num_plurals == 2
    assert not [shown(m) for m in french() if len(forms(m.string)) != (2 if m.pluralizable else 1)]


def test_placeholders_are_the_same_in_both_languages() -> None:
    for message in translated():
        english = [placeholders(form) for form in forms(message.id)]
        # The French singular also stands for zero, so it may say the number where the English one does not.
        for form, own in zip(forms(message.string), english, strict=True):
            assert placeholders(form) in (own, english[-1]), shown(message)


def test_tags_and_links_are_the_same_in_both_languages() -> None:
    for message in translated():
        for form in forms(message.string):
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(shown(message))), shown(message)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("a no-break space stands before a colon", re.compile(r"(?<![\d\u00a0]):(?!//)|[ \u202f]:")),
        ("no space stands before ; ! ?", re.compile(r"\s[;!?]")),
        ("a no-break space stands inside « »", re.compile(r"«(?!\u00a0)|(?<!\u00a0)»")),
        ("apostrophes are typographic", re.compile("'")),
        ("quotation marks are French", re.compile(r"[“”\"]")),
        ("an ellipsis is one sign", re.compile(r"\.\.\.")),
        ("no space is doubled, first or last", re.compile(r"\s\s|^\s|\s$")),
        ("nothing is shouted", re.compile("!")),
        ("words of the glossary's list of refused ones are not used", FORBIDDEN),
    ],
)
def test_french_is_written_by_the_rules(rule: str, broken: re.Pattern[str]) -> None:
    assert [form for message in translated() for form in forms(message.string) if broken.search(words(form))] == [], (
        rule
    )


@pytest.mark.parametrize("sign", [".", "?", "…", ":", ","])
def test_a_sentence_ends_alike_in_both_languages(sign: str) -> None:
    for message in translated():
        for form in forms(message.string):
            assert form.endswith(sign) == shown(message).endswith(sign), shown(message)


@pytest.mark.parametrize("package", ["accounts", "core", "licenses", "messaging", "portal", "signatures"])
def test_a_lazy_text_is_not_filled_in_while_a_module_loads(package: str) -> None:
    filled = [place for path in Path(project.BASE_DIR, package).rglob("*.py") for place in filled_lazily(path)]
    assert filled == []


def filled_lazily(path: Path) -> list[str]:
    """Return the lines where `%` is put behind a lazy text: that makes it the language of this moment."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    lazy = {name.asname or name.name for node in imports for name in node.names if name.name.endswith("gettext_lazy")}
    operations = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)]
    calls = [node.left for node in operations if isinstance(node.left, ast.Call)]
    return [f"{path}:{call.lineno}" for call in calls if isinstance(call.func, ast.Name) and call.func.id in lazy]


def test_collecting_finds_texts_wherever_they_stand(small_project: Path) -> None:
    assert collect_catalogs() == [small_project]
    found = {(message.context, message.id) for message in read_catalog(small_project) if message.id}
    assert found == {
        (None, "Two words"),
        (None, ("One file", "%(count)d files")),
        ("state of an item", "Open"),
        (None, "50 %% done"),
        ("verb", "Open"),
        (None, ("One line", "%(n)s lines")),
        (None, "Passed on"),
        (None, "In a mail"),
    }


def test_collecting_again_changes_nothing(small_project: Path) -> None:
    collect_catalogs()
    before = small_project.read_bytes()
    assert collect_catalogs() == []
    assert small_project.read_bytes() == before


def test_places_are_files_without_line_numbers(small_project: Path) -> None:
    collect_catalogs()
    places = re.findall(r"^#: (.+)$", small_project.read_text(), re.MULTILINE)
    assert set(places) == {"portal/pages.py", "templates/mail.txt", "templates/page.html"}


def test_collecting_keeps_translations_and_drops_vanished_texts(small_project: Path) -> None:
    collect_catalogs()
    written = small_project.read_text().replace('msgid "Two words"\nmsgstr ""', 'msgid "Two words"\nmsgstr "Deux mots"')
    small_project.write_text(written)
    (small_project.parents[3] / "templates" / "mail.txt").write_text("")
    collect_catalogs()
    known = read_catalog(small_project)
    assert known["Two words"].string == "Deux mots"
    assert "In a mail" not in small_project.read_text()


def test_a_changed_text_begins_anew_instead_of_being_guessed(small_project: Path) -> None:
    collect_catalogs()
    small_project.write_text(small_project.read_text().replace('"Two words"\nmsgstr ""', '"Two words"\nmsgstr "Deux"'))
    (small_project.parents[3] / "portal" / "pages.py").write_text('TITLE = _("Two words!")\n')
    collect_catalogs()
    assert read_catalog(small_project)["Two words!"].string == ""
    assert "fuzzy" not in small_project.read_text()


def test_a_text_that_becomes_plural_begins_anew(small_project: Path) -> None:
    collect_catalogs()
    small_project.write_text(small_project.read_text().replace('"Two words"\nmsgstr ""', '"Two words"\nmsgstr "Deux"'))
    (small_project.parents[3] / "portal" / "pages.py").write_text('LEFT = ngettext("Two words", "Many words", n)\n')
    collect_catalogs()
    assert forms(read_catalog(small_project)["Two words"].string) == ("", "")


def test_compiling_writes_only_what_is_newer(small_project: Path) -> None:
    compiled = small_project.with_suffix(".mo")
    assert compile_catalogs() == [compiled]
    os.utime(small_project, (1, 1))
    assert compile_catalogs() == []
    os.utime(small_project)
    os.utime(compiled, (1, 1))
    assert compile_catalogs() == [compiled]
    assert {path.name for path in small_project.parent.iterdir()} == {"django.po", "django.mo"}


def test_the_command_does_one_of_two_acts(small_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("catalogs", "collect")
    call_command("catalogs", "compile")
    assert capsys.readouterr().out.count("Written: ") == 2
    call_command("catalogs", "collect")
    assert capsys.readouterr().out == ""
    with pytest.raises(CommandError):
        call_command("catalogs", "guess")


def test_the_command_needs_neither_keys_nor_a_database(tmp_path: Path) -> None:
    environment = os.environ | {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_KEY_DIR": str(tmp_path / "keys")}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"}
    command = [sys.executable, "manage.py", "catalogs", "compile"]
    done = subprocess.run(command, cwd=project.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_django_reads_the_compiled_catalog() -> None:
    compile_catalogs()
    with translation.override("fr"):
        for message in translated():
            assert spoken(message) == forms(message.string)[-1], shown(message)


def spoken(message: Message) -> str:
    many = 7
    if not message.pluralizable:
        return pgettext(message.context, str(message.id)) if message.context else gettext(str(message.id))
    one, several = forms(message.id)
    if message.context:
        return npgettext(message.context, one, several, many)
    return ngettext(one, several, many)
