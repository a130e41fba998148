"""Looking at the addresses of a link, however often and by whatever program, changes nothing and burns nothing."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice, product
from typing import Any

import pytest
from django.test import Client

from messaging.items.models import LinkCheck
from tests.messaging.envelopes.making import make_envelope, owner_browser
from tests.messaging.outside.browser import AGENT
from tests.messaging.outside.browser import Outsider as MessageOutsider
from tests.messaging.outside.making import TERMS, send_message
from tests.outbox import delivered
from tests.portal.addresses import NOBODYS, all_addresses
from tests.rows import all_rows, changed_tables

pytestmark = pytest.mark.django_db

LOOKS = 1_000
METHODS = ("GET", "HEAD", "OPTIONS")
AGENTS = (AGENT, "Mozilla/5.0 (compatible; bingbot/2.0)", "Barracuda Sentinel", "")
# That somebody looked is written down, and until when a browser's visit lasts; neither opens nor uses up anything.
LOOKED = ("items_linkcheck", "core_counter", "items_opensession.seen_at")


@dataclass(frozen=True, slots=True)
class Looked:
    """A link, the browser in which its secret was given, and what opens it there at the end."""

    prefix: str
    locator: str
    client: Any
    open: Callable[[], Any]

    def addresses(self, file_id: uuid.UUID) -> list[str]:
        """Return every address below the link."""
        begin = f"/{self.prefix}/"
        return [
            address.replace(f"{begin}1", f"{begin}{self.locator}").replace(NOBODYS, str(file_id))
            for address in all_addresses().values()
            if address.startswith(begin)
        ]


def message() -> Looked:
    outsider = MessageOutsider(send_message(files=[TERMS], openings=1).links[0])
    outsider.give()
    return Looked("o", outsider.locator, outsider.client, lambda: outsider.open().read())


def envelope() -> Looked:
    outsider = make_envelope(owner_browser())
    delivered("email")
    outsider.give()
    return Looked("e", outsider.locator, outsider.client, lambda: outsider.open().form())


@pytest.mark.parametrize(("make", "addresses"), [(message, 13), (envelope, 7)])
def test_statement_84_a_thousand_looks_change_nothing(make: Callable[[], Looked], addresses: int) -> None:
    looked = make()
    wanted = looked.addresses(uuid.uuid4())
    assert len(wanted) == addresses, "a new address is looked at too; count it here"
    # Without cookies, and as somebody who has given the secret; pages are looked into elsewhere.
    stranger, visitor = Client(), Client(REMOTE_ADDR="192.0.2.7")
    visitor.cookies = looked.client.cookies
    kinds = list(product((stranger, visitor), METHODS, AGENTS, wanted))
    before = all_rows(without=LOOKED)
    for browser, method, agent, address in islice(cycle(kinds), max(LOOKS, len(kinds))):
        browser.generic(method, address, headers={"user-agent": agent})
    assert changed_tables(before, all_rows(without=LOOKED)) == set()
    assert LinkCheck.objects.count() <= 2, "one line an hour, and the hour may have ended meanwhile"
    assert looked.open().status_code == 200
