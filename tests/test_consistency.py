"""The project keeps its own rules: names, numbers, dates, deletions, migrations, settings, documents."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.urls import URLPattern, get_resolver

from portal.logs import ALLOWED_FIELDS
from tests.test_role_matrix import url_names

PROJECT = Path(settings.BASE_DIR)
PACKAGES = ("accounts", "core", "licenses", "messaging", "portal", "signatures")
FOREIGN = frozenset({".git", ".hypothesis", ".mypy_cache", ".ruff_cache", ".venv", "node_modules", "var", "build"})
WRITTEN = frozenset({".py", ".html", ".txt", ".css", ".js", ".sh", ".md", ".toml", ".po"})

# They ask for every address, and so are no test of a single one.
ROLES = frozenset({"role_objects.py", "test_role_acts.py", "test_role_matrix.py"})

# Where every fault is caught, and why.
CATCHES_EVERYTHING = {
    "core/jobs.py": "one broken job must not stop the worker; it is logged and tried again",
    "core/steps.py": "one broken step must not stop the mails; it is logged and taken again",
}

# Where a date is written without core.cultures, and why: none of it is read by a person of the portal.
WRITES_DATES = {
    "core/db.py": "asks SQLite for its clock",
    "core/outbox_files.py": "the name of a file",
    "licenses/admin.py": "what the date field of a browser shows",
    "messaging/activity/forms.py": "what the date field of a browser sends",
    "messaging/quota/models.py": "names a row for the support pages",
    "portal/views/public.py": "security.txt, in the form its standard asks for",
    "portal/catalogs.py": "uses Babel for the catalogs of texts, not for dates",
}

# What goes with the row it belongs to; everything else is protected.
_OWN = "belongs to one user and means nothing without them"
GOES_ALONG = {
    "accounts.EmailChange.user": _OWN,
    "accounts.KnownBrowser.user": _OWN,
    "accounts.MailedLink.user": _OWN,
    "accounts.OpenedRecord.customer": _OWN,
    "accounts.OpenedRecord.staff": _OWN,
    "accounts.PendingChange.user": _OWN,
    "accounts.RecoveryCode.user": _OWN,
    "accounts.RecoveryDevice.user": "as the base class of django-otp says",
    "accounts.Session.known_browser": "a browser that is forgotten is signed out",
    "accounts.Session.user": _OWN,
    "accounts.SmsDevice.user": "as the base class of django-otp says",
    "accounts.Undo.user": _OWN,
    "licenses.ReturnProtection.user": _OWN,
    "signatures.Mark.owner": _OWN,
}

# Instants whose name already says from or until when, and the one that Django names.
INSTANT_ENDINGS = ("_at", ".at", "_until", "_since", ".last_login")
# Switches named by the glossary, after the box that a person ticks.
SWITCHES = frozenset(
    {
        "accounts.RecoveryDevice.confirmed",
        "accounts.SmsDevice.confirmed",
        "accounts.Undo.two_factor_enabled",
        "accounts.User.iso_dates",
        "accounts.User.two_factor_enabled",
        "licenses.ReturnProtection.microsoft",
        "licenses.ReturnProtection.owner",
        "licenses.ReturnProtection.sms",
    }
)
DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "tools"})

# Read from the environment, but set by the portal's own programs and never by a person.
INNER_VARIABLES = frozenset({"DJANGO_SETTINGS_MODULE", "PATH", "PORTAL_STARTS_WORKER", "WORKER_PARENT_PID"})


@cache
def files() -> tuple[Path, ...]:
    """Return every file that was written for this project."""
    found = (path for path in PROJECT.rglob("*") if not FOREIGN.intersection(path.relative_to(PROJECT).parts))
    return tuple(sorted(path for path in found if path.is_file() and path.suffix in WRITTEN))


def name_of(path: Path) -> str:
    """Return a file's path inside the project."""
    return path.relative_to(PROJECT).as_posix()


def text_of(path: Path) -> str:
    """Return what a file holds."""
    return path.read_text(encoding="utf-8")


def code() -> Iterator[tuple[str, str]]:
    """Yield name and text of every module of the portal, without its migrations."""
    for path in files():
        name = name_of(path)
        if path.suffix == ".py" and name.partition("/")[0] in PACKAGES and "/migrations/" not in name:
            yield name, text_of(path)


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every piece of the portal's syntax with the name of its module."""
    for name, text in code():
        for node in ast.walk(ast.parse(text)):
            yield name, node


def imported(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def importers(*modules: str) -> set[str]:
    """Return the modules of the portal that import one of these or something below it."""
    return {
        name
        for name, node in nodes()
        for found in imported(node)
        if any(found == module or found.startswith(f"{module}.") for module in modules)
    }


def own_models() -> list[type[models.Model]]:
    """Return the models of this project."""
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in PACKAGES]


def columns(kind: type[models.Field]) -> set[str]:  # type: ignore[type-arg]
    """Return the columns of a kind as app.Model.name."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    }


def own_migrations() -> dict[str, migrations.Migration]:
    """Return the project's migrations by app and name."""
    loader = MigrationLoader(None)
    own = {model._meta.app_label for model in own_models()}
    return {f"{app}.{name}": found for (app, name), found in loader.disk_migrations.items() if app in own}


# Code


def test_only_the_crypto_package_knows_cryptography() -> None:
    assert {name.rpartition("/")[0] for name in importers("cryptography")} == {"core/crypto"}


def test_a_blanket_catch_stands_only_where_it_is_listed() -> None:
    blanket = {"Exception", "BaseException", None}
    assert {
        name
        for name, node in nodes()
        if isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", node.type) in blanket
    } == set(CATCHES_EVERYTHING)


def test_each_field_that_is_given_to_the_log_is_written_into_it() -> None:
    given = {
        key.value
        for _name, node in nodes()
        if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
    assert "fault" in given
    assert given <= set(ALLOWED_FIELDS)


def test_dates_are_written_by_the_cultures_alone() -> None:
    by_hand = {name for name, text in code() if re.search(r"strftime|%[YmdHMB]\b|%[YmdHMB][-:%]", text)}
    imports = importers("babel", "django.utils.formats", "django.utils.dateformat", "django.utils.timesince", "locale")
    found = {name for name in by_hand | imports if not name.startswith(("core/cultures/", "portal/formats/"))}
    assert found == set(WRITES_DATES)


def test_templates_write_dates_and_numbers_through_the_cultures() -> None:
    by_django = re.compile(r"\|(?:date|time|timesince|timeuntil|naturaltime|floatformat|filesizeformat)\b|{%\s*now\b")
    templates = [path for path in files() if name_of(path).startswith("templates/")]
    assert [name_of(path) for path in templates if by_django.search(text_of(path))] == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    assert [name_of(path) for path in files() if path != Path(__file__) and marks.search(text_of(path))] == []


def test_no_module_is_a_drawer() -> None:
    assert [name for name, _ in code() if DRAWERS.intersection(re.split(r"[/.]", name))] == []


def test_the_portal_has_no_other_packages() -> None:
    assert {path.parent.name for path in PROJECT.glob("*/__init__.py")} == {*PACKAGES, "tests"}


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in files() if name_of(path).startswith("tests/") and path.suffix == ".py"}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_a_test_on_real_connections_finds_the_rows_of_the_migrations() -> None:
    """One that empties the tables without putting these rows back breaks the next one."""
    marks = {
        f"{name_of(path)}: {mark}"
        for path in files()
        if name_of(path).startswith("tests/") and path != Path(__file__)
        for mark in re.findall(r"django_db\((.*transaction=True.*)\)", text_of(path))
    }
    assert sorted(mark for mark in marks if "serialized_rollback=True" not in mark) == []


def test_every_number_of_the_limits_is_used() -> None:
    words = [word for _, text in code() for word in re.findall(r"\b[A-Z][A-Z0-9_]+\b", text)]
    named = {
        node.targets[0].id
        for name, text in code()
        if name.endswith("/limits.py")
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert len(named) > 20
    assert sorted(name for name in named if words.count(name) < 2) == []


# Tables


def test_rows_are_protected_unless_listed() -> None:
    relations = {
        f"{model._meta.label}.{field.name}": field.remote_field.on_delete
        for model in own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    }
    assert {name for name, on_delete in relations.items() if on_delete is not models.PROTECT} == set(GOES_ALONG)


def test_constraints_and_indexes_are_named_after_their_app() -> None:
    for model in own_models():
        for part in (*model._meta.constraints, *model._meta.indexes):
            assert part.name.startswith(f"{model._meta.app_label}_"), f"{model._meta.label}: {part.name}"


def test_uniqueness_is_a_named_constraint() -> None:
    assert [model._meta.label for model in own_models() if model._meta.unique_together] == []


def test_columns_say_what_they_hold() -> None:
    instants = {name for name in columns(models.DateTimeField) if not name.endswith(INSTANT_ENDINGS)}
    dates = {name for name in columns(models.DateField) - columns(models.DateTimeField) if not name.endswith("_on")}
    switches = {name for name in columns(models.BooleanField) if not re.search(r"\.(?:is|has|can)_", name)}
    assert (instants, dates) == (set(), set())
    assert switches == SWITCHES


# Migrations


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named_by_what_they_do() -> None:
    vague = re.compile(r"\d{4}_(?:auto|initial|migration|update|changes?|alter|fix)(?:_|$)")
    later = [name for name in own_migrations() if not name.endswith(".0001_initial")]
    assert [name for name in later if vague.match(name.partition(".")[2])] == []


def test_migrations_of_data_stand_apart_and_can_be_reversed() -> None:
    for name, migration in own_migrations().items():
        data = [step for step in migration.operations if isinstance(step, migrations.RunPython | migrations.RunSQL)]
        assert all(step.reversible for step in data), name
        assert not data or len(data) == len(migration.operations), f"{name} changes both data and tables"


# Addresses


def test_every_address_has_a_test() -> None:
    paths = (path for path in files() if name_of(path).startswith("tests/") and path.name not in ROLES)
    tests = "\n".join(text_of(path) for path in paths if path != Path(__file__))
    # Each support page is a row of the role matrix; most of them are Django's own.
    ours = [name for name in sorted(url_names(get_resolver())) if not name.startswith("admin:")]
    missing = [name for name in ours if not _is_mentioned(name, tests)]
    assert missing == []


def _is_mentioned(name: str, tests: str) -> bool:
    return f'"{name}"' in tests or any(f'"{address}' in tests for address in _addresses(name))


def _addresses(name: str) -> set[str]:
    """Return the address of a name up to its first variable part, with the quote or query that ends it in a test."""
    if name == "admin:*":
        return {"admin:", f"/{settings.ADMIN_PATH}"}
    resolver = get_resolver()
    namespace, _, last = name.partition(":")
    inner = resolver.namespace_dict[namespace][1]
    patterns = [pattern for pattern in inner.url_patterns if isinstance(pattern, URLPattern) and pattern.name == last]
    begun = {"/" + str(pattern.pattern).partition("<")[0] for pattern in patterns}
    return {start + end for start in begun for end in ('"', "?", "{", *(() if start.endswith("/") else ("",)))}


# Settings and documents


def variables_read() -> set[str]:
    """Return the environment variables that settings and scripts read."""
    readers = [PROJECT / "tests" / "settings.py", *sorted((PROJECT / "deploy").glob("*.py"))]
    sources = [text_of(path) for path in readers] + [text for name, text in code() if name != "portal/env.py"]
    pattern = r"""(?:env\.(?:text|integer|boolean|choice|words|path|url)\(|environ(?:\.get\(|\[))\s*["']([A-Z_]+)["']"""
    called = {name for text in sources for name in re.findall(pattern, text)}
    return (called | _values_of_settings()) - INNER_VARIABLES


def _values_of_settings() -> set[str]:
    (function,) = [
        node
        for node in ast.parse(text_of(PROJECT / "portal" / "settings.py")).body
        if isinstance(node, ast.FunctionDef) and node.name == "_values"
    ]
    keys = [key for node in ast.walk(function) if isinstance(node, ast.Dict) for key in node.keys]
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_the_table_of_settings_names_what_is_read() -> None:
    table = re.findall(r"^\| `([A-Z_]+)`", text_of(PROJECT / "docs" / "settings.md"), re.MULTILINE)
    assert sorted(table) == sorted(variables_read())


def test_documents_named_in_code_exist() -> None:
    named = {found for path in files() for found in re.findall(r"\bdocs/[a-z0-9/-]+\.md\b", text_of(path))}
    assert sorted(name for name in named if not (PROJECT / name).is_file()) == []


def test_links_of_documents_lead_somewhere() -> None:
    for path in files():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(path)):
                assert "://" in target or (path.parent / target).exists(), f"{name_of(path)} → {target}"


def test_the_files_that_the_architecture_names_exist() -> None:
    named = re.findall(r"`([\w.-]+/[\w./-]*|Makefile)`", text_of(PROJECT / "docs" / "architecture.md"))
    assert len(named) > 50
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_the_index_of_decisions_is_complete() -> None:
    folder = PROJECT / "docs" / "decisions"
    index = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", text_of(folder / "README.md"))
    assert index == sorted(path.name for path in folder.glob("[0-9]*.md"))
