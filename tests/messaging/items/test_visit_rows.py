"""A visit is read by one fixed statement, as the ORM would read it, and marked as seen only where it goes on."""

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.db import database_now
from messaging.items.errors import LinkRevoked
from messaging.items.models import OpenSession
from messaging.items.services.visiting import find_link, new_cookie, visit_of
from tests.messaging.items.making import delete, make_sender, open_link, send_item

pytestmark = pytest.mark.django_db


def test_a_visit_is_found_with_all_that_belongs_to_it() -> None:
    sent, cookie = send_item(make_sender()), new_cookie()
    open_link(sent.links[0], cookie=cookie)
    locator = bytes(sent.links[0].link.locator)
    with CaptureQueriesContext(connection) as captured:
        visit = visit_of(locator=locator, cookie=cookie)
        assert visit is not None
        item, gate = visit.item, visit.link.gate
        found = [visit.session, visit.link, gate, visit.participant, item, item.organization, item.sender, item.license]
        assert gate.link is visit.link
        assert item.license.plan.code == "pro"
    assert [statement["sql"].split()[0] for statement in captured.captured_queries] == ["WITH", "UPDATE"]
    for read in found:
        again = type(read).objects.get(pk=read.pk)  # type: ignore[attr-defined]
        for field in read._meta.concrete_fields:
            is_stamp = (read, field.name) == (visit.session, "seen_at")
            assert is_stamp or _plain(read, field.attname) == _plain(again, field.attname), field
    assert find_link(locator) == visit.link
    assert find_link(os.urandom(16)) is None


def _plain(owner: object, name: str) -> object:
    value = getattr(owner, name)
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_visit_over_is_not_marked_as_seen() -> None:
    sent, cookie = send_item(make_sender()), new_cookie()
    open_link(sent.links[0], cookie=cookie)
    locator, rested = bytes(sent.links[0].link.locator), database_now() - timedelta(hours=1)
    OpenSession.objects.update(seen_at=rested)
    assert visit_of(locator=locator, cookie=cookie) is None
    OpenSession.objects.update(seen_at=rested + timedelta(minutes=45))
    before = OpenSession.objects.get().seen_at
    delete(sent)
    with pytest.raises(LinkRevoked):
        visit_of(locator=locator, cookie=cookie)
    assert OpenSession.objects.get().seen_at == before
