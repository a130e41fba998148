"""The apps form layers: imports, foreign keys, addresses and templates point down only.

Imports are held by import-linter; here stands what it cannot see, and that it knows every app.
Source: docs/architecture.md, docs/decisions/0019-core-package.md
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps
from django.urls import URLResolver, get_resolver

PROJECT = Path(settings.BASE_DIR)
PACKAGES = ("core", "accounts", "licenses", "messaging", "signatures", "portal")

# Import path and label of each app, lowest layer first; apps of one layer do not know each other.
LAYERS: tuple[dict[str, str], ...] = (
    {"core": "core"},
    {"accounts": "accounts"},
    {"licenses": "licenses"},
    {"messaging.quota": "quota"},
    {"messaging.items": "items"},
    {"messaging.activity": "activity"},
    {"messaging.messages": "secure_messages", "messaging.envelopes": "envelopes", "signatures": "signatures"},
    {"portal": "portal"},
)
RANKS = {label: rank for rank, layer in enumerate(LAYERS) for label in layer.values()}
LABELS = {path: label for layer in LAYERS for path, label in layer.items()}
# The namespace of an app's addresses and the folder of its templates have its label, but for these.
LABEL_OF_NAMESPACE = {"messages": "secure_messages", "admin": "portal"}
# The frame of every page belongs to all: components and base templates know the menu and the way out.
SHARED_TEMPLATES = re.compile(r"components/|base[a-z_]*\.(html|txt)$|[0-9]{3}[a-z_]*\.html$")

# Words that only the business uses. What else the glossary holds is also a word of machinery: a request, a seal, a
# zone of time, a copy, an event, a reference; those say nothing about a layer.
BUSINESS_WORDS = frozenset(
    re.findall(
        r"[a-z]+",
        """user organization administrator permission participant recipient signer approver staff operator plan license
        pool seat renewal quota item message envelope signature attachment return submission checklist receipt opening
        draft reply reminder mark initials certificate invitation domain passkey account eco advanced pro trial""",
    )
)
# Names of core that hold such a word and mean something else.
HOMONYMS = {
    "core.mail._message_id": "the Message-ID of a mail",
    "core.options._Mark": "the place where a drawn list is marked as selected",
    "core.sms.budgets._take_of_organization": "a budget of texts whose subject the caller names",
    "core.sms.callbacks.signature_is_valid": "the signature of a provider's report",
    "core.sms.errors.message": "the sentence of a refusal",
}


@dataclass(frozen=True)
class Source:
    """A file of the code or a template, with the label of the app it belongs to."""

    path: Path
    label: str

    @property
    def name(self) -> str:
        return self.path.relative_to(PROJECT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


def may_know(upper: str, lower: str) -> bool:
    """Tell whether an app may know another one: itself, or one of a lower layer."""
    return upper == lower or RANKS[lower] < RANKS[upper]


def keys_upwards(found: list[type[models.Model]]) -> list[str]:
    """Return the relations of models that lead to an app they must not know."""
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in found
        if model._meta.app_label in RANKS
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if field.related_model._meta.app_label in RANKS
        if not may_know(model._meta.app_label, field.related_model._meta.app_label)
    ]


def code() -> Iterator[Source]:
    """Yield every module of an app; a module of no app belongs to its package."""
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            owners = [".".join(parts[:depth]) for depth in (2, 1)]
            yield Source(path, next((LABELS[owner] for owner in owners if owner in LABELS), package))


def templates() -> Iterator[Source]:
    """Yield every template that belongs to one app; what all share is left out."""
    for path in sorted((PROJECT / "templates").rglob("*.*")):
        name = path.relative_to(PROJECT / "templates").as_posix()
        if not SHARED_TEMPLATES.match(name):
            yield Source(path, label_of(name.partition("/")[0]))


def label_of(namespace: str) -> str:
    """Return the label of the app whose addresses or templates are named so."""
    return LABEL_OF_NAMESPACE.get(namespace, namespace)


def url_names_in(source: Source) -> set[str]:
    """Return the namespaces of the addresses that a file names."""
    namespaces = {entry.namespace for entry in get_resolver().url_patterns if isinstance(entry, URLResolver)}
    known = "|".join(sorted(filter(None, namespaces)))
    return set(re.findall(rf"""["']((?:{known}):[a-z_]+)["']""", source.text))


def templates_in(source: Source) -> set[str]:
    """Return the templates that a template includes or extends."""
    tags = re.findall(r"{%\s*(?:include|extends)\s.*?%}", source.text, re.DOTALL)
    return {name for tag in tags for name in re.findall(r"[\w/.-]+\.(?:html|txt)", tag)}


def words_of(name: str) -> set[str]:
    """Return the words of a function's or class's name, each also in the singular."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")
    return {*words, *(word.removesuffix("s") for word in words)}


def defined_names(source: Source) -> Iterator[str]:
    """Yield the full name of each function and class of a module, methods without their class."""
    module = source.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"{module}.{node.name}"


def contract(name: str) -> dict[str, list[str]]:
    """Return one contract of import-linter by the beginning of its name."""
    configuration = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = [one for one in configuration["tool"]["importlinter"]["contracts"] if one["name"].startswith(name)]
    return dict(found)


def own_apps() -> dict[str, str]:
    """Return import path and label of each installed app of this project."""
    return {app.name: app.label for app in apps.get_app_configs() if app.name.partition(".")[0] in PACKAGES}


def test_every_app_has_a_layer_and_its_own_label() -> None:
    assert {name: LABELS.get(name) for name in own_apps()} == own_apps()


def test_the_import_contract_has_the_same_layers() -> None:
    written = [set(re.sub(r"[()\s]", "", layer).split("|")) for layer in contract("Apps form layers")["layers"]]
    assert written == [set(layer) for layer in reversed(LAYERS)]


def test_the_import_contract_orders_the_modules_of_every_product() -> None:
    assert set(contract("Inside an app")["containers"]) == set(own_apps()) - {"core", "portal"}


def test_messaging_itself_is_only_a_sentence() -> None:
    (statement,) = ast.parse((PROJECT / "messaging" / "__init__.py").read_text(encoding="utf-8")).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)


def test_nothing_imports_the_tests_and_scripts_import_only_what_needs_no_django() -> None:
    plain = {"portal.env", "portal.headers"}
    for module in plain:
        text = (PROJECT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        roots = {name.partition(".")[0] for name in re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)}
        assert roots <= sys.stdlib_module_names, module
    for source in code():
        assert not re.search(r"^\s*(from|import) (tests|deploy)\b", source.text, re.MULTILINE), source.name
    for path in (PROJECT / "deploy").glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        imported = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
        assert {name for name in imported if name.partition(".")[0] in PACKAGES} <= plain, path.name


def test_foreign_keys_point_down_only() -> None:
    assert keys_upwards(apps.get_models()) == []


@pytest.mark.parametrize("target", ["accounts.Owner", "class"])
def test_a_foreign_key_upwards_would_be_found(target: str) -> None:
    with isolate_apps("core", "accounts"):

        class Owner(models.Model):  # noqa: DJ008
            class Meta:
                app_label = "accounts"

        class Thing(models.Model):  # noqa: DJ008
            owner = models.ForeignKey(Owner if target == "class" else target, on_delete=models.PROTECT)

            class Meta:
                app_label = "core"

        assert keys_upwards([Owner, Thing]) == ["core.Thing.owner → accounts.Owner"]


def test_core_has_no_addresses_and_no_views() -> None:
    assert not {path.stem for path in (PROJECT / "core").rglob("*.py")} & {"urls", "views", "admin"}


def test_core_knows_no_word_of_the_business() -> None:
    names = {name for source in code() if source.label == "core" for name in defined_names(source)}
    found = {name for name in names if words_of(name.rpartition(".")[2]) & BUSINESS_WORDS}
    assert found == set(HOMONYMS)


def test_code_names_addresses_of_its_own_or_lower_apps() -> None:
    assert [
        f"{source.name}: {name}"
        for source in (*code(), *templates())
        for name in sorted(url_names_in(source))
        if not may_know(source.label, label_of(name.partition(":")[0]))
    ] == []


def test_templates_build_on_their_own_or_lower_apps() -> None:
    assert [
        f"{source.name}: {name}"
        for source in templates()
        for name in sorted(templates_in(source))
        if not SHARED_TEMPLATES.match(name) and not may_know(source.label, label_of(name.partition("/")[0]))
    ] == []


def test_what_all_templates_share_builds_on_no_app() -> None:
    for path in sorted((PROJECT / "templates").rglob("*.*")):
        name = path.relative_to(PROJECT / "templates").as_posix()
        if SHARED_TEMPLATES.match(name):
            inside = templates_in(Source(path, "portal"))
            assert [used for used in inside if not SHARED_TEMPLATES.match(used)] == [], name
