"""A browser is tried before it is trusted, and installed only when none starts."""

from pathlib import Path

import pytest

from tests.deploy.scripts import load_script

find_browser = load_script("find_browser")

STARTING = "#!/bin/sh\necho '<html></html>'\n"
BROKEN = "#!/bin/sh\necho 'error while loading shared libraries' >&2\nexit 127\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder in which programs are looked for; nothing is installed for real."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(find_browser, "NAMES", ("first-browser", "second-browser"))
    monkeypatch.setattr(find_browser, "MAC_APPLICATIONS", ())
    monkeypatch.setattr(find_browser, "playwright_browser", lambda: str(tmp_path / "downloaded"))
    monkeypatch.setattr(find_browser, "run", lambda command: pytest.fail(f"called {command}"))
    return tmp_path


def program(folder: Path, name: str, body: str) -> str:
    file = folder / name
    file.write_text(body, encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def test_browser_that_does_not_start_is_passed_over(machine: Path) -> None:
    program(machine, "first-browser", BROKEN)
    second = program(machine, "second-browser", STARTING)
    assert find_browser.find_browser() == second


def test_named_browser_comes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(machine, "first-browser", STARTING)
    monkeypatch.setenv("CHROMIUM", program(machine, "my-browser", STARTING))
    assert find_browser.find_browser() == str(machine / "my-browser")


def test_browser_that_is_there_is_printed_and_nothing_installed(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = program(machine, "first-browser", STARTING)
    find_browser.main()
    assert capsys.readouterr().out == f"{first}\n"


def test_ways_of_installing_are_tried_until_one_helps(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def install(way: str, *, helps: bool) -> None:
        tried.append(way)
        if helps:
            program(machine, "downloaded", STARTING)

    monkeypatch.setattr(find_browser, "install_from_debian", lambda: install("debian", helps=False))
    monkeypatch.setattr(find_browser, "install_from_playwright", lambda: install("playwright", helps=True))
    monkeypatch.setattr(find_browser, "install_from_system", lambda: install("system", helps=True))
    find_browser.main()
    assert tried == ["debian", "playwright"]


@pytest.mark.parametrize(
    ("name", "packages"),
    [("chromium-headless-shell", ["chromium-headless-shell"]), ("chromium", ["chromium-headless-shell", "chromium"])],
)
def test_debian_is_asked_for_the_browser_without_windows_first(
    machine: Path, monkeypatch: pytest.MonkeyPatch, name: str, packages: list[str]
) -> None:
    asked: list[str] = []

    def run(command: list[str]) -> None:
        asked.append(command[-1])
        if asked[-1] == name:
            program(machine, "first-browser", STARTING)

    monkeypatch.setattr(find_browser, "run", run)
    monkeypatch.setattr(find_browser, "is_root_of_debian", lambda: True)
    find_browser.install_from_debian()
    assert asked == packages


def test_machine_without_a_browser_is_told_so(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_browser, "run", lambda command: None)
    with pytest.raises(SystemExit, match="The browser tests need Chromium"):
        find_browser.main()
