"""A method that a page does not serve is refused as that, token or no token, to whoever may know of the page."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.steps import begin_half
from tests.cast import make_staff, make_user, strict_client
from tests.portal.addresses import all_addresses, takes_files

pytestmark = pytest.mark.django_db

UNSERVED = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")


@pytest.fixture
def robin() -> User:
    return make_user("robin@demo.example", plan="pro", two_factor=True)


def is_support_page(name: str) -> bool:
    return name.startswith("admin:")


def is_refused_method(answer: Any, method: str) -> bool:
    """Tell whether an answer is the page of a refused method, with the methods that the address serves."""
    served = answer.headers.get("Allow", "").split(", ")
    is_the_page = "This page does not take what your browser sent" in answer.content.decode()
    return answer.status_code == 405 and is_the_page and bool(set(served) & {"GET", "POST"}) and method not in served


@pytest.mark.parametrize("method", UNSERVED)
def test_every_page_refuses_a_method_that_none_serves(robin: User, method: str) -> None:
    """Statement 73."""
    person, staff = strict_client(robin), strict_client(make_staff())
    for name, address in all_addresses().items():
        assert is_refused_method(staff.generic(method, address), method) or not is_support_page(name), name
        answer = person.generic(method, address)
        assert answer.status_code == 404 if is_support_page(name) else is_refused_method(answer, method), name


def test_a_page_that_takes_no_form_says_so(robin: User) -> None:
    """Statement 73."""
    person = strict_client(robin)
    for name in ("portal:home", "portal:organization", "activity:log", "messages:message_new", "signatures:tracking"):
        assert is_refused_method(person.post(all_addresses()[name]), "POST"), name


def test_what_the_plan_lacks_is_refused_before_the_method() -> None:
    """Statement 72."""
    person = strict_client(make_user("eco@demo.example", plan="eco"))
    answer = person.put(all_addresses()["signatures:tracking"])
    assert (answer.status_code, "too long" in answer.content.decode()) == (403, False)


@pytest.mark.parametrize("method", [*UNSERVED[:3], "POST"])
def test_strangers_and_who_has_yet_to_type_a_code_learn_nothing(method: str) -> None:
    """Statement 1."""
    half, stranger = Client(), strict_client()
    begin_half(half, make_user("casey@demo.example", two_factor=True))
    half.handler.enforce_csrf_checks = True
    for name, address in all_addresses().items():
        answer = stranger.generic(method, address)
        assert half.generic(method, address).status_code == answer.status_code, name
        is_closed = stranger.get(address).headers.get("Location", "").startswith("/sign-in/?next=")
        # The door of the support pages is no page of theirs: it leads everybody to the one sign-in.
        is_led_away = takes_files(address) and answer.headers.get("Location", "").startswith("/sign-in/?next=")
        assert answer.status_code == 403 or is_led_away or not is_closed or name == "admin:login", name
