"""Measure files and seals, ask the portal's pages and the bare pages in turn, record events, and print the ratios.

Usage, with the virtual environment's Python: `python -m tests.bench [ROUNDS]`. On PostgreSQL: BENCH_DATABASE_URL is a
database whose user may create others. Source: docs/decisions/0018-benchmark.md
"""

import os
import secrets
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bare.seed import EMAIL as BARE_EMAIL
from tests.bench.browser import Broken, Browser
from tests.bench.files import measure_files
from tests.bench.portal_log import ITEMS_OF, log_pages
from tests.bench.portal_message import opened_message
from tests.bench.portal_person import EMAIL as PORTAL_EMAIL
from tests.bench.sealing import measure_sealing
from tests.bench.servers import BARE, PORTAL, environment_of, own_databases, run, served
from tests.bench.table import Goal, Measured, lines

ROUNDS = 200
WARM_UP_ROUNDS = 15
# A file takes as long as some ten pages, and so does a seal of the stock signer.
ROUNDS_OF_A_FILE_ROUND = 10
BARE_PAGE, BARE_LOG = "/page/", "/log/"
# Each with its goal; a page without one is there to be compared with its own past.
PORTAL_PAGES = {
    "/account/": Goal(must=0.7, aim=1.0),
    "/account/security/": None,
    "/help/": None,
    "/health/live": None,
}
OPENED_GOAL = Goal(must=0.7, aim=1.0)
LOG_GOAL = Goal(must=0.8, aim=1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, by the name under which it is printed, and who asks for it."""

    name: str
    browser: Browser
    path: str
    goal: Goal | None = None


def main() -> None:
    """Measure files and seals; then serve both projects, sign in to both, measure pages and the event log; print.

    The files come first: after it was filled with a million events, a database writes for minutes.
    """
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    server_url, password = os.environ.get("BENCH_DATABASE_URL", ""), secrets.token_urlsafe(16)
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            few = max(2, rounds // ROUNDS_OF_A_FILE_ROUND)
            apart = [*measure_files(folder, few), *measure_sealing(folder, few)]
            bare_url, portal_url = stack.enter_context(own_databases(folder, server_url))
            bare = stack.enter_context(served(BARE, folder / "bare", bare_url, password))
            portal = stack.enter_context(served(PORTAL, folder / "portal", portal_url, password))
            bare.fill_in("/sign-in/", {"username": BARE_EMAIL, "password": password})
            portal.fill_in("/sign-in/", {"email": PORTAL_EMAIL, "password": password})
            tables = [
                [
                    Asked(BARE_PAGE, bare, BARE_PAGE),
                    *(Asked(path, portal, path, goal) for path, goal in PORTAL_PAGES.items()),
                    *asked_outside(portal.port, folder / "portal"),
                ],
                [Asked(BARE_LOG, bare, BARE_LOG), *asked_logs(portal.port, password)],
            ]
            measured = [*(measure(pages, rounds) for pages in tables), *apart]
            event_log = run(("-m", "tests.bench.event_log"), environment_of(PORTAL, folder / "portal", portal_url))
    except Broken as reason:
        sys.exit(str(reason))
    database = "PostgreSQL" if server_url else "SQLite"
    head = [
        f"{rounds} rounds on {database}, one request at a time, each page in turn with the first of its table.",
        "Speed: times that of the first line of a table in the same round; higher is faster.",
    ]
    for table in measured:
        head += ["", *lines(table[0], table[1:])]
    sys.stdout.write("\n".join([*head, "", event_log]))


def asked_outside(port: int, folder: Path) -> list[Asked]:
    """Open a message as somebody outside, and return the page of its link and the message."""
    browser, link, message = opened_message(port, folder)
    return [Asked("page of a link", browser, link), Asked("opened message", browser, message, OPENED_GOAL)]


def asked_logs(port: int, password: str) -> list[Asked]:
    """Sign in those with a long log, and return its pages."""
    found = []
    for email in ITEMS_OF:
        browser = Browser(port)
        browser.fill_in("/sign-in/", {"email": email, "password": password})
        found += [Asked(name, browser, path, LOG_GOAL) for name, path in log_pages(email).items()]
    return found


def measure(pages: list[Asked], rounds: int) -> list[Measured]:
    """Return what was measured of the pages of one table, in their order: the bare page and each other one in turn.

    A page that follows another one of the same project finds its code in the caches of the machine, which would flatter
    all but the first.

    Raises:
        Broken: a page did not answer 200.
    """
    bare, *own = (Measured(page.name, [], len(ask(page.browser, page.path)[1]), page.goal) for page in pages)
    for page, measured in zip(pages[1:], own, strict=True):
        for turn in range(-WARM_UP_ROUNDS, rounds):
            beside, seconds = ask(pages[0].browser, pages[0].path)[0], ask(page.browser, page.path)[0]
            if turn >= 0:
                measured.beside.append(beside)
                measured.seconds.append(seconds)
        bare.seconds.extend(measured.beside)
    return [bare, *own]


def ask(browser: Browser, path: str) -> tuple[float, bytes]:
    """Return how many seconds a page took, and its bytes."""
    answer = browser.get(path)
    if answer.status != 200:
        raise Broken(f"{path} answered {answer.status}.")
    return answer.seconds, answer.body


if __name__ == "__main__":
    main()
