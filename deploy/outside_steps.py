"""Lead a browser of somebody outside through a link: to open it, to answer it, and to answer it too late.

The pictures and the accessibility test walk the same steps, as often as they like.
"""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from playwright.sync_api import Page

CODE, ANSWER = "123456", "The figures on page 3 are confirmed."
# What a tab sends whose form was opened before the envelope was filled in another one.
FILL_AGAIN = """(form, [receipt, text]) => {
    form.action = receipt.replace(/[^/]*$/, "delivery");
    for (const [name, value] of [["text", text], ["form_key", "00000000-0000-4000-8000-000000000000"]]) {
        const field = document.createElement("input");
        field.name = name;
        field.value = value;
        form.append(field);
    }
    form.submit();
}"""


def go_outside(page: Page, link: str, steps: Iterable[str]) -> None:
    """Go as far with a link as the steps say; each is named in `STEPS`."""
    page.goto(link)
    for step in steps:
        STEPS[step](page)
        page.wait_for_load_state()


def go_on(page: Page) -> None:
    """Use the first button of the page."""
    page.locator("main form button").first.click()


def answer(page: Page) -> None:
    """Give a code where one is asked for, and go on."""
    if page.locator("[name=code]").count():
        page.locator("[name=code]").fill(CODE)
    go_on(page)


def ask(page: Page) -> None:
    """Ask for a code, unless one that was sent in another look still works: then its form stands here already."""
    if not page.locator("[name=code]").count():
        go_on(page)


def ask_often(page: Page) -> None:
    """Ask for new codes until no further one is sent today."""
    while not page.locator(".notice.is-warn").count():
        page.locator(".disclosure summary").click()
        page.locator("main form[action$='/code'] button").click()
        page.wait_for_load_state()


def reply(page: Page) -> None:
    """Come to the form of a reply."""
    page.locator("a[href$='/reply']").click()


def send(page: Page) -> None:
    """Write something, and send it."""
    page.locator("[name=text]").fill(ANSWER)
    page.locator("main form button").click()


def send_late(page: Page) -> None:
    """Write something, and send it when the opening is over."""
    page.context.clear_cookies(name="opener")
    page.locator("[name=text]").fill(ANSWER)
    go_on(page)
    page.locator("textarea[readonly]").wait_for()


def fill_again(page: Page) -> None:
    """Send something for an envelope that is filled."""
    page.locator("#menu-form").evaluate(FILL_AGAIN, [urlsplit(page.url).path, ANSWER])
    page.locator("textarea[readonly]").wait_for()


def agree(page: Page) -> None:
    """Agree to sign electronically, unless that was done in another look."""
    if page.locator("#is_agreed").count():
        page.locator("#is_agreed").check()
        go_on(page)


def review(page: Page) -> None:
    """Type name and initials, check what is asked, and look at it before signing."""
    for kind in ("signature", "initials"):
        if page.locator(f"#{kind}-way-type").count():
            page.locator(f"#{kind}-way-type").check()
    for box in page.locator("#zone-read").all():
        box.check()
    page.locator("#sign [name=then][value=review]").click()


def decline(page: Page) -> None:
    """Come to the page on which one declines."""
    page.locator("a[href$='/decline']").click()


def keep_incomplete(page: Page) -> None:
    """Want to go on with a box that is not checked."""
    for box in page.locator("#zone-read").all():
        box.uncheck()
    page.locator("#sign [name=then][value=review]").click()


STEPS: dict[str, Callable[[Page], None]] = {
    "continue": go_on,
    "answer": answer,
    "ask": ask,
    "ask-often": ask_often,
    "reply": reply,
    "send": send,
    "late": send_late,
    "fill-again": fill_again,
    "agree": agree,
    "review": review,
    "decline": decline,
    "incomplete": keep_incomplete,
}
