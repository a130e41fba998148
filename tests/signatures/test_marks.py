"""One's signature marks: two empty groups for whoever has the feature, an explanation for whoever has not."""

import re

import pytest
from django.test import Client

from tests.cast import make_user, sign_in

pytestmark = pytest.mark.django_db

MARKS = "/account/signature/"


@pytest.mark.parametrize("plan", ["pro", "trial"])
def test_both_groups_say_that_making_marks_comes_later(client: Client, plan: str) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    page = client.get(MARKS).content.decode()
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == ["Signature", "Initials"]
    assert "No signature yet" in page
    assert "No initials yet" in page
    assert "comes with a later release of the portal" in page


@pytest.mark.parametrize("plan", [None, "eco", "advanced"])
def test_the_tab_of_a_plan_without_it_explains_the_lack(client: Client, plan: str | None) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    answer = client.get(MARKS)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Electronic signature comes with the Pro plan" in page
    assert "Keeps your signature and your initials" in page
    assert "No signature yet" not in page
    current = re.search(r'<a class="tab"[^>]*aria-current="page"[^>]*>(.*?)</a>', page)
    assert current
    assert "Electronic signature" in current[1]
    assert "Pro" in current[1]
