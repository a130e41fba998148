"""Lead a browser through the signature requests that somebody sent: to follow one, and to act on it.

The pictures and the accessibility test walk the same steps.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

REQUEST = "tbody th a"


def requests_followed(page: Page, address: str) -> Iterator[str]:
    """Come to each state of the list, to a request that is on its way, and to what can be done with it."""
    for state in ("in_progress", "completed", "expired", "declined", "cancelled", "draft"):
        page.goto(f"{address}/signatures/?state={state}")
        yield f"tracking-{state}"
    for state in ("declined", "cancelled"):
        _first_of(page, address, state)
        yield f"request-{state}"
    _first_of(page, address, "in_progress")
    yield "request-detail"
    acts = page.locator("main a[href$='/cancel/'], main a[href*='/signers/']")
    targets = dict.fromkeys(f"{address}{link.get_attribute('href')}" for link in acts.all())
    for name, ending in (
        ("request-cancel", "/cancel/"),
        ("signer-remind", "/remind/"),
        ("signer-link-renew", "/new-link/"),
        ("signer-correct", "/address/"),
    ):
        page.goto(next(target for target in targets if target.endswith(ending)))
        yield name
    page.locator("[name=email]").fill("nobody")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    yield "signer-correct-refused"


def _first_of(page: Page, address: str, state: str) -> None:
    """Come to the newest request of a state."""
    page.goto(f"{address}/signatures/?state={state}")
    page.locator(REQUEST).first.click()
    page.wait_for_load_state()
