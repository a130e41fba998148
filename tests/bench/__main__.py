"""Ask the portal's pages and the bare page in turn, then seal and open files beside plain ones, and print the ratios.

Usage, with the virtual environment's Python: `python -m tests.bench [ROUNDS]`. On PostgreSQL: BENCH_DATABASE_URL is a
database whose user may create others. Source: docs/decisions/0018-benchmark.md
"""

import os
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.bare.seed import EMAIL as BARE_EMAIL
from tests.bench.browser import Broken, Browser
from tests.bench.files import measure_files
from tests.bench.portal_person import EMAIL as PORTAL_EMAIL
from tests.bench.servers import BARE, PORTAL, own_databases, served
from tests.bench.table import Goal, Measured, lines

ROUNDS = 200
WARM_UP_ROUNDS = 15
# A file takes as long as some ten pages.
ROUNDS_OF_A_FILE_ROUND = 10
BARE_PAGE = "/page/"
# Each with its goal; a page without one is there to be compared with its own past.
PORTAL_PAGES = {
    "/account/": Goal(must=0.7, aim=1.0),
    "/account/security/": None,
    "/help/": None,
    "/health/live": None,
}


def main() -> None:
    """Serve both projects, sign in to both, measure pages and files, and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    server_url, password = os.environ.get("BENCH_DATABASE_URL", ""), secrets.token_urlsafe(16)
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            bare_url, portal_url = stack.enter_context(own_databases(folder, server_url))
            bare = stack.enter_context(served(BARE, folder / "bare", bare_url, password))
            portal = stack.enter_context(served(PORTAL, folder / "portal", portal_url, password))
            bare.sign_in("/sign-in/", {"username": BARE_EMAIL, "password": password})
            portal.sign_in("/sign-in/", {"email": PORTAL_EMAIL, "password": password})
            measured = measure(bare, portal, rounds)
            files = measure_files(folder, max(2, rounds // ROUNDS_OF_A_FILE_ROUND))
    except Broken as reason:
        sys.exit(str(reason))
    database = "PostgreSQL" if server_url else "SQLite"
    head = [
        f"{rounds} rounds on {database}, one request at a time, each page in turn.",
        "Speed: times that of the first line of a table in the same round; higher is faster.",
    ]
    tables = [line for group in (measured, *files) for line in (*lines(group[0], group[1:]), "")]
    sys.stdout.write("\n".join([*head, *tables]))


def measure(bare: Browser, portal: Browser, rounds: int) -> list[Measured]:
    """Return what was measured, the bare page first.

    Raises:
        Broken: a page did not answer 200.
    """
    pages = [(bare, BARE_PAGE, None), *((portal, path, goal) for path, goal in PORTAL_PAGES.items())]
    found = [Measured(path, [], len(ask(browser, path)[1]), goal) for browser, path, goal in pages]
    for turn in range(-WARM_UP_ROUNDS, rounds):
        for (browser, path, _goal), page in zip(pages, found, strict=True):
            seconds, _body = ask(browser, path)
            if turn >= 0:
                page.seconds.append(seconds)
    return found


def ask(browser: Browser, path: str) -> tuple[float, bytes]:
    """Return how many seconds a page took, and its bytes."""
    answer = browser.get(path)
    if answer.status != 200:
        raise Broken(f"{path} answered {answer.status}.")
    return answer.seconds, answer.body


if __name__ == "__main__":
    main()
