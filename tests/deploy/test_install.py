"""Packages are installed when something changed, and only then."""

import json
from pathlib import Path

import pytest

from portal.env import Env
from tests.deploy.scripts import load_script

install = load_script("install")

LOCK = {
    "packages": {
        "": {"name": "portal"},
        "node_modules/bootstrap": {"version": "5.3.8", "integrity": "sha512-a"},
        "node_modules/of-another-system": {"version": "1.0.0", "optional": True},
    }
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that stands for the project, with a lock file and nothing installed."""
    (tmp_path / "package-lock.json").write_text(json.dumps(LOCK), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (tmp_path / "constraints.txt").write_text("django==5.2.19\n", encoding="utf-8")
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(install, "STAMP", tmp_path / "stamp.json")
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the list that gathers the commands instead of running them."""
    gathered: list[list[str]] = []
    monkeypatch.setattr(install, "run", lambda command, env=None: gathered.append(command))
    monkeypatch.setattr(install, "find_npm", lambda: "/usr/bin/npm")
    return gathered


def test_first_time_installs_python_packages(project: Path, commands: list[list[str]]) -> None:
    install.install_python_packages({"dev"})
    assert [command[-1] for command in commands] == [".[dev]"]


def test_second_time_asks_no_network(project: Path, commands: list[list[str]]) -> None:
    install.install_python_packages({"dev"})
    install.install_python_packages(set())
    assert len(commands) == 1


def test_new_version_is_installed_with_the_extras_of_before(project: Path, commands: list[list[str]]) -> None:
    install.install_python_packages({"dev"})
    (project / "constraints.txt").write_text("django==5.2.20\n", encoding="utf-8")
    install.install_python_packages({"redis"})
    assert [command[-1] for command in commands] == [".[dev]", ".[dev,redis]"]


def test_failed_installation_leaves_no_stamp(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.subprocess, "run", lambda *_, **__: install.subprocess.CompletedProcess([], 1))
    with pytest.raises(SystemExit) as left:
        install.install_python_packages(set())
    assert left.value.code == 1
    assert not (project / "stamp.json").exists()


def test_unfinished_stamp_counts_as_none(project: Path, commands: list[list[str]]) -> None:
    (project / "stamp.json").write_text('{"finger', encoding="utf-8")
    install.install_python_packages(set())
    assert [command[-1] for command in commands] == ["."]


def test_missing_browser_files_are_installed(project: Path, commands: list[list[str]]) -> None:
    install.install_browser_files()
    assert commands == [["/usr/bin/npm", "ci", "--silent"]]


def test_browser_files_that_match_the_lock_are_left_alone(project: Path, commands: list[list[str]]) -> None:
    packages = {"node_modules/bootstrap": LOCK["packages"]["node_modules/bootstrap"]}
    (project / "node_modules").mkdir()
    (project / "node_modules" / ".package-lock.json").write_text(json.dumps({"packages": packages}), encoding="utf-8")
    install.install_browser_files()
    assert commands == []


@pytest.mark.parametrize("changed", [{"version": "5.3.7", "integrity": "sha512-a"}, {"version": "5.3.8"}])
def test_browser_files_of_another_version_are_replaced(
    project: Path, commands: list[list[str]], changed: dict[str, str]
) -> None:
    (project / "node_modules").mkdir()
    (project / "node_modules" / ".package-lock.json").write_text(
        json.dumps({"packages": {"node_modules/bootstrap": changed}}), encoding="utf-8"
    )
    install.install_browser_files()
    assert len(commands) == 1


def test_settings_name_the_optional_packages_they_need() -> None:
    env = Env({"DATABASE_URL": "postgres://u@h/n", "TEST_CACHE_URL": "redis://h/0"})
    assert install.extras_in_use(env) == {"postgres", "redis"}
    assert install.extras_in_use(Env({"DATABASE_URL": "sqlite:///x"})) == set()
