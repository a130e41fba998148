"""What axe says about a page, and the language in which somebody looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from message_steps import speak
from playwright.sync_api import Page

NARROW = 400


def complaints(page: Page, path: str, address: str) -> list[str]:
    """Return what axe says about a page, and whether it is wider than the window."""
    page.goto(address + path)
    return complaints_here(page, path)


def complaints_here(page: Page, path: str) -> list[str]:
    """Return the same of the page that is shown."""
    found = [f"{path}: {finding['id']} {finding['nodes'][0]['target']}" for finding in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path}: wider than the window")
    return found


def complaints_of(page: Page, *walks: Iterator[str]) -> list[str]:
    """Return the same of each page that steps come to."""
    return [finding for steps in walks for name in steps for finding in complaints_here(page, name)]


def violations(page: Page) -> list[dict[str, Any]]:
    """Return axe's violations."""
    return Axe().run(page).response["violations"]  # type: ignore[no-any-return]


@contextmanager
def spoken_to(page: Page, portal: DemoPortal, usual: str = "en") -> Iterator[None]:
    """Speak the language of the look with whoever is signed in, and the usual one again afterwards."""
    speak(page, portal.address, "fr" if page.evaluate("innerWidth") < NARROW else "en")
    try:
        yield
    finally:
        speak(page, portal.address, usual)
