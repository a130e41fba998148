"""Every page of the resolver is drawn, or named as not drawn with its reason."""

import sys
from itertools import chain
from urllib.parse import urlsplit

from django.urls import resolve

from tests.deploy.scripts import DEPLOY
from tests.test_role_matrix import IN, MATRIX, TO, expected

sys.path.insert(0, str(DEPLOY))

import drawn_pages

STAFF = ("staff", "staff_with_record")


def drawn() -> set[str]:
    """Return the URL names of the pages that have a picture."""
    tables = [value for name, value in vars(drawn_pages).items() if name.endswith("_PAGES") and isinstance(value, dict)]
    # What a person outside sees is reached by steps, not by an address.
    paths = [path for path in chain.from_iterable(table.values() for table in tables) if isinstance(path, str)]
    whole = [path if path.startswith("/") else f"/admin/accounts/user/1/{path}" for path in paths]
    names = {resolve(urlsplit(path).path).view_name for path in whole if path != "/no-such-page/"}
    return names | set(drawn_pages.STEPS)


def pages() -> set[str]:
    """Return the URL names that show a page: none that refuses GET, of the support pages none that staff is refused."""
    shown = {name for name, row in MATRIX.items() if 405 not in row}
    support = {name for name in shown if name.startswith("admin:")}
    open_to_staff = {name for name in support if {expected(name, role) for role in STAFF} & {IN, TO}}
    return (shown - support) | open_to_staff


def test_every_page_is_drawn_or_says_why_not() -> None:
    missing = sorted(pages() - drawn() - set(drawn_pages.NOT_DRAWN))
    assert not missing, f"draw these in deploy/drawn_pages.py, or name them in NOT_DRAWN: {missing}"


def test_nothing_is_drawn_that_is_said_not_to_be() -> None:
    assert not drawn() & set(drawn_pages.NOT_DRAWN)
    assert set(drawn_pages.NOT_DRAWN) <= set(MATRIX)
    assert all(drawn_pages.NOT_DRAWN.values())


def test_pages_that_steps_lead_to_are_url_names() -> None:
    assert set(drawn_pages.STEPS) <= set(MATRIX)
