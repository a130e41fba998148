"""Print the path of a Chromium that starts, and install one when there is none.

Usage, with the virtual environment's Python: `python deploy/find_browser.py`.
Source: docs/decisions/0011-two-commands.md
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Chromium without windows comes first: it draws the same pages, and a fresh browser costs a third of the time (0081).
HEADLESS, CHROMIUM = "chromium-headless-shell", "chromium"
NAMES = (HEADLESS, CHROMIUM, "google-chrome", "google-chrome-stable", "chromium-browser")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
START_SECONDS = 60
INSTALL_SECONDS = 600


def main() -> None:
    """Look for a browser, then try each way of installing one."""
    found = find_browser()
    for install in (install_from_debian, install_from_playwright, install_from_system):
        if not found:
            install()
            found = find_browser()
    if not found:
        sys.exit("The browser tests need Chromium. Please install it and try again, or name it: make test CHROMIUM=…")
    print(found)


def find_browser() -> str:
    """Return the first browser that starts; empty when none does."""
    return next((path for path in candidates() if starts(path)), "")


def candidates() -> Iterator[str]:
    """Yield the paths worth trying, the one named by CHROMIUM first."""
    if named := os.environ.get("CHROMIUM"):
        yield named
    yield from (path for path in map(shutil.which, NAMES) if path)
    yield from (path for path in MAC_APPLICATIONS if Path(path).exists())
    yield playwright_browser()


def playwright_browser() -> str:
    """Return where Playwright keeps the Chromium that it downloads."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Tell whether a browser draws an empty page: some are there, but lack a library."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    try:
        done = subprocess.run(
            [path, *options, "--dump-dom", "about:blank"], capture_output=True, timeout=START_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"<html" in done.stdout


def install_from_debian() -> None:
    """Install Debian's packages as root, the small one first: they bring the libraries that a download does not."""
    for package in (HEADLESS, CHROMIUM):
        if is_root_of_debian() and not find_browser():
            install_package(package)


def is_root_of_debian() -> bool:
    """Tell whether this is root on Debian; on Ubuntu the package of the same name brings no browser by itself."""
    release = Path("/etc/os-release")
    return os.geteuid() == 0 and release.exists() and "\nID=debian\n" in f"\n{release.read_text(encoding='utf-8')}\n"


def install_from_playwright() -> None:
    """Download the Chromium that Playwright was made for."""
    run([sys.executable, "-m", "playwright", "install", "chromium"])


def install_from_system() -> None:
    """Ask the system's package manager."""
    install_package(CHROMIUM)


def install_package(name: str) -> None:
    """Install a package of Debian or Ubuntu."""
    run(["sh", str(ROOT / "deploy" / "system_packages.sh"), name])


def run(command: list[str]) -> None:
    """Run a way of installing; whether it helped is seen by looking again. Standard output is kept for the path."""
    try:
        subprocess.run(command, stdout=sys.stderr, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print("Gave up waiting.", file=sys.stderr)


if __name__ == "__main__":
    main()
