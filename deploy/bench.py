"""Measure the pages that must be fast, one request after another, beside the smallest page there is.

Figures of one machine say little; the last column, times slower than `/health/live` in the same run, can be compared.
Usage, with the virtual environment's Python: `python deploy/bench.py [ROUNDS]`.
"""

import http.cookiejar
import re
import statistics
import sys
import time
import urllib.parse
import urllib.request

from demo_portal import demo_portal

ACCOUNT = "pro@demo.example"
PAGES = ("/health/live", "/sign-in/", "/account/", "/account/security/", "/account/activity/")
ROUNDS = 100


def main() -> None:
    """Sign in, ask for each page in turn, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with demo_portal() as portal:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        sign_in(browser, portal.address, portal.password)
        print_table(measure(browser, portal.address, rounds))


def sign_in(browser: urllib.request.OpenerDirector, address: str, password: str) -> None:
    """Send the sign-in form as a browser does."""
    page = browser.open(f"{address}/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        sys.exit("The sign-in page has no token.")
    form = {"csrfmiddlewaretoken": token[1], "email": ACCOUNT, "password": password}
    answer = browser.open(f"{address}/sign-in/", urllib.parse.urlencode(form).encode())
    if "/sign-in/" in answer.url:
        sys.exit("Signing in did not work.")


def measure(browser: urllib.request.OpenerDirector, address: str, rounds: int) -> dict[str, tuple[list[float], int]]:
    """Return, for each page, the seconds of each round and the bytes of its answer; pages take turns in each round."""
    found: dict[str, tuple[list[float], int]] = {page: ([], 0) for page in PAGES}
    for _ in range(rounds):
        for page in PAGES:
            started_at = time.perf_counter()
            body = browser.open(address + page).read()
            found[page][0].append(time.perf_counter() - started_at)
            found[page] = (found[page][0], len(body))
    return found


def print_table(found: dict[str, tuple[list[float], int]]) -> None:
    """Print median and 95th percentile in milliseconds, the size, and the ratio to the first page."""
    base = statistics.median(found[PAGES[0]][0])
    print(f"{'page':<24}{'median ms':>11}{'p95 ms':>9}{'bytes':>9}{'ratio':>8}")
    for page, (seconds, size) in found.items():
        median, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"{page:<24}{median * 1000:>11.1f}{p95 * 1000:>9.1f}{size:>9}{median / base:>8.1f}")


if __name__ == "__main__":
    main()
