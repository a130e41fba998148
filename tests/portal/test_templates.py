"""Templates keep the house rules: components name what they need, nothing stands inline, errors always show."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from portal.views.errors import server_error

PROJECT = Path(__file__).parents[2]
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
COMPONENTS = sorted((PROJECT / "templates" / "components").glob("*.html"))
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (PROJECT / "static" / "icons.svg").read_text()))


def identified(path: Path) -> str:
    return path.relative_to(PROJECT / "templates").as_posix()


def is_mail(path: Path) -> bool:
    return "email" in path.name or "emails" in path.parts


@pytest.mark.parametrize("path", COMPONENTS, ids=identified)
def test_a_component_opens_with_what_it_needs(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("path", TEMPLATES, ids=identified)
def test_components_are_given_their_variables_and_no_others(path: Path) -> None:
    for included, rest in re.findall(r'{% include "(components/[^"]+)"([^%]*)%}', path.read_text()):
        assert rest.strip().endswith("only"), included


@pytest.mark.parametrize("path", [path for path in TEMPLATES if not is_mail(path)], ids=identified)
def test_no_style_script_or_handler_stands_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=identified)
def test_icons_that_are_drawn_exist(path: Path) -> None:
    named = set(re.findall(r'{% icon "([a-z-]+)"', path.read_text()))
    passed = set(re.findall(r'include "components/[^%]*\bicon="([a-z-]+)"', path.read_text()))
    assert named | passed <= SYMBOLS


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_worst_pages_need_no_context(name: str, language: str) -> None:
    with translation.override(language):
        html = get_template(name).render()
    assert f'<html lang="{language}">' in html
    assert html.count("<h1>") == 1
    assert "/static/css/theme.css" in html
    assert "Request number" not in html


def test_a_known_request_number_is_shown() -> None:
    assert "7f3k92qd" in get_template("500.html").render({"request_id": "7f3k92qd"})


def test_the_page_of_our_own_failure_asks_nobody_who_is_there() -> None:
    def no_database() -> object:
        raise AssertionError("the page asked for the user")

    request = HttpRequest()
    request.user = SimpleLazyObject(no_database)  # type: ignore[assignment]
    request.request_id = "7f3k92qd"  # type: ignore[attr-defined]
    response = server_error(request)
    assert response.status_code == 500
    assert "7f3k92qd" in response.content.decode()
