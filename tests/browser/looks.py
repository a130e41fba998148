"""What axe says about a page, its width in two looks, and the language in which somebody looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from message_steps import speak
from playwright.sync_api import Page

from tests.browser.people import is_wide

# A phone in the dark and a desk by day, both in French, whose words are longer; journeys at a desk judge English pages.
# They differ in colors and places alone: axe judges a page whole in one look, half of the pages in either, and what
# depends on these in the other one too.
NARROW, WIDE, HEIGHT = 390, 1280, 900
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((NARROW, "dark"), (WIDE, "light"))
RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]


def each_look(page: Page) -> Iterator[int]:
    """Show a page in each look, the first one last, and yield the width of the window in pixels."""
    for width, scheme in (*LOOKS[1:], LOOKS[0]):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.getAnimations().forEach(one => one.finish())")  # no color is on its way to another one
        yield width


def complaints(page: Page, path: str, address: str) -> list[str]:
    """Return what axe says about a page, and whether it is wider than the window."""
    page.goto(address + path)
    return complaints_here(page, path)


def complaints_here(page: Page, path: str) -> list[str]:
    """Return the same of the page that is shown."""
    found, judged = [], LOOKS[crc32(path.encode()) % len(LOOKS)][0]
    for width in each_look(page):
        said = violations(page) if width == judged else violations(page, RULES_OF_LOOKS)
        found += [f"{path} at {width}: {finding['id']} {finding['nodes'][0]['target']}" for finding in said]
        if is_wide(page):
            found.append(f"{path} at {width}: wider than the window")
    return found


def complaints_of(page: Page, *walks: Iterator[str]) -> list[str]:
    """Return the same of each page that steps come to."""
    return [finding for steps in walks for name in steps for finding in complaints_here(page, name)]


def violations(page: Page, rules: list[str] | None = None) -> list[dict[str, Any]]:
    """Return axe's violations of some of its rules, else of all."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules is not None:
        options["runOnly"] = {"type": "rule", "values": rules}
    return Axe().run(page, options=options).response["violations"]  # type: ignore[no-any-return]


@contextmanager
def spoken_to(page: Page, portal: DemoPortal, usual: str = "en") -> Iterator[None]:
    """Speak French with whoever is signed in, and the usual language again afterwards."""
    speak(page, portal.address, "fr")
    try:
        yield
    finally:
        speak(page, portal.address, usual)
