"""Lead a browser of somebody outside through a link: to open it, to answer it, and to answer it too late.

The pictures and the accessibility test walk the same steps, as often as they like.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

# What the samples ask for that have a code of their own; the others mail one.
CODE, MAILED = "123456", re.compile(r"\b\d{6}\b")
CODE_SUBJECTS = re.compile("Your code|Votre code")
ROUNDS_AT_MOST, ROUND_MILLISECONDS = 120, 250
ORDER_NUMBERS = ("PO 4711", "PO 4712")
ANSWER = "The figures on page 3 are confirmed."
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


def marks_offered(page: Page, link: str) -> Iterator[str]:
    """Come, signed in, to a document of one's own to sign, where the marks one keeps are chosen already."""
    go_outside(page, link, ("continue", "answer", "agree"))
    for kind in ("signature", "initials"):
        page.locator(f"#{kind}-way-kept:checked").wait_for()
        page.locator(f"a[data-zone={kind}] [data-zone-picture]").first.wait_for()
    yield "document-sign-saved"


def go_on(page: Page) -> None:
    """Use the first button of the page."""
    page.locator("main form button").first.click()


def answer(page: Page) -> None:
    """Give a code where one is asked for, or have one mailed and give that, and go on."""
    page.locator("main:not(:has([name=link]))").wait_for()
    page.wait_for_load_state()  # what is not there yet would count as not asked for
    if page.locator("[name=code]").count():
        page.locator("[name=code]").fill(CODE)
    elif page.locator("main form[action$='/code']").count():
        before = mailed_codes(page)
        go_on(page)
        page.locator("[name=code]").fill(code_mailed_since(page, before))
    go_on(page)


def mailed_codes(page: Page) -> list[str]:
    """Return the addresses of the mails with codes in the outbox, newest first."""
    outbox = page.context.new_page()
    outbox.goto(urljoin(page.url, "/outbox/?channel=email"))
    found = outbox.locator(".inbox-list a", has_text=CODE_SUBJECTS)
    addresses = [link.get_attribute("href") or "" for link in found.all()]
    outbox.close()
    return addresses


def code_mailed_since(page: Page, before: list[str]) -> str:
    """Wait for the mail with a code that was not there before, and return the code.

    Raises:
        SystemExit: none came.
    """
    for _look in range(ROUNDS_AT_MOST):
        newer = [address for address in mailed_codes(page) if address not in before]
        if newer:
            return code_in(page, newer[0])
        page.wait_for_timeout(ROUND_MILLISECONDS)
    sys.exit("No code came.")


def code_in(page: Page, address: str) -> str:
    """Return the code in a mail of the outbox."""
    outbox = page.context.new_page()
    outbox.goto(urljoin(page.url, address))
    found = MAILED.search(outbox.locator(".letter-text").inner_text())
    outbox.close()
    return found.group() if found else ""


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


def change_elsewhere(page: Page) -> None:
    """Fill something else in in another tab, then sign what is looked at here."""
    tab = page.context.new_page()
    tab.goto(urljoin(page.url, page.locator("main .sheet-foot a").get_attribute("href")))
    order = tab.locator("#zone-order")
    order.fill(next(number for number in ORDER_NUMBERS if number != order.input_value()))
    tab.locator("#sign [name=then][value=review]").click()
    tab.wait_for_load_state()
    tab.close()
    page.locator(".sign-now button[type=submit]").click()


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
    "change-elsewhere": change_elsewhere,
    "decline": decline,
    "incomplete": keep_incomplete,
}
