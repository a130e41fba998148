"""Only the listed files of browser packages are served, under names made from their content."""

import json
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from core.staticfiles import PACKAGE_FILES, PackageFinder

LISTED = "vendor/bootstrap.min.css"


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> Path:
    """Collect all static files as an installation does, and return the folder."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.staticfiles.ManifestStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def hashed_names(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / "staticfiles.json").read_text())["paths"])


def test_every_listed_file_is_installed() -> None:
    assert PackageFinder().check() == []


def test_a_listed_file_is_found_below_node_modules() -> None:
    found = PackageFinder().find(LISTED)
    assert Path(found).match("node_modules/bootstrap/dist/css/bootstrap.min.css")
    assert PackageFinder().find(LISTED, find_all=True) == [found]


@pytest.mark.parametrize(
    "name",
    [
        "bootstrap/dist/css/bootstrap.css",
        "vendor/bootstrap.css",
        "vendor/bootstrap.min.css.map",
        "vendor/../bootstrap/package.json",
        "",
    ],
)
def test_what_is_not_listed_is_not_found(name: str) -> None:
    assert PackageFinder().find(name) == []
    assert PackageFinder().find(name, find_all=True) == []


def test_the_list_can_be_narrowed_by_patterns() -> None:
    names = {name for name, _ in PackageFinder().list(["vendor/inter-*"])}
    assert names == {name for name in PACKAGE_FILES if not name.startswith("vendor/inter-")}


def test_a_missing_file_is_named(settings: LazySettings, tmp_path: Path) -> None:
    settings.PACKAGE_FILES = {"vendor/absent.css": "absent/absent.css"}
    settings.STATIC_ROOT = tmp_path
    (problem,) = PackageFinder().check()
    assert "absent/absent.css" in problem.msg
    assert "npm ci" in str(problem.hint)
    assert PackageFinder().find("vendor/absent.css") == []


def test_a_file_that_was_collected_is_not_missing(settings: LazySettings, tmp_path: Path) -> None:
    settings.PACKAGE_FILES = {"vendor/absent.css": "absent/absent.css"}
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "absent.css").touch()
    assert PackageFinder().check() == []


def test_collected_files_are_named_by_their_content(collected: Path) -> None:
    names = hashed_names(collected)
    assert names.keys() >= PACKAGE_FILES.keys() | {"icons.svg", "css/theme.css", "js/once.js"}
    for name, hashed in names.items():
        assert re.fullmatch(r".+\.[0-9a-f]{12}(\.[a-z0-9]+)?", hashed), name
        assert (collected / hashed).read_bytes(), name


def test_style_sheets_name_typefaces_by_their_content(collected: Path) -> None:
    names = hashed_names(collected)
    sheet = (collected / names["css/theme.css"]).read_text()
    assert set(re.findall(r'url\("\.\./(vendor/[^"]+)"', sheet)) == {
        names["vendor/inter-latin.woff2"],
        names["vendor/inter-latin-ext.woff2"],
    }


def test_imports_of_modules_are_named_by_their_content(
    settings: LazySettings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = tmp_path / "source"
    (source / "js").mkdir(parents=True)
    (source / "js" / "part.js").write_text("export const part = 1;\n")
    (source / "js" / "whole.js").write_text('import { part } from "./part.js";\nexport { part };\n')
    settings.STATICFILES_DIRS = [source]
    folder: Path = request.getfixturevalue("collected")
    names = hashed_names(folder)
    assert Path(names["js/part.js"]).name in (folder / names["js/whole.js"]).read_text()


def test_source_maps_are_mentioned_but_not_followed(collected: Path) -> None:
    sheet = (collected / hashed_names(collected)[LISTED]).read_text()
    assert "sourceMappingURL=bootstrap.min.css.map" in sheet
    assert not list(collected.rglob("*.map"))
