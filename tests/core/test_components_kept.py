"""A component is drawn once for the same values, and never shows what it was not given."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.template import Context, Engine
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from core.components import draw_once

TEMPLATES = {
    "letter.html": "{% load i18n %}{% translate 'Language' %}: {{ text }}{{ secret }}",
    "list.html": "{% for item in items %}{{ item.label }},{% endfor %}",
    "page.html": "{% load components %}{% drawn_once 'letter.html' text=text %}",
}


@dataclass(frozen=True)
class Item:
    """A value of plain texts."""

    label: object


@dataclass
class Changing:
    """A value that may change after it was shown."""

    label: str

    __hash__ = object.__hash__


@pytest.fixture
def engine() -> Engine:
    loader = ("django.template.loaders.locmem.Loader", TEMPLATES)
    libraries = {"i18n": "django.templatetags.i18n", "components": "core.templatetags.components"}
    return Engine(loaders=[loader], libraries=libraries)


def test_the_same_values_give_the_same_drawing(engine: Engine) -> None:
    first = draw_once(engine, "letter.html", {"text": "a"})
    assert draw_once(engine, "letter.html", {"text": "a"}) is first
    assert draw_once(engine, "letter.html", {"text": "b"}) == "Language: b"


def test_each_language_has_its_own(engine: Engine) -> None:
    with translation.override("fr"):
        assert draw_once(engine, "letter.html", {"text": "a"}) == "Langue : a".replace(" :", ":")
    with translation.override("en"):
        assert draw_once(engine, "letter.html", {"text": "a"}) == "Language: a"


def test_a_lazy_text_is_the_one_of_the_moment(engine: Engine) -> None:
    lazy = gettext_lazy("Language")
    for language, word in (("en", "Language"), ("fr", "Langue")):
        with translation.override(language):
            assert draw_once(engine, "letter.html", {"text": lazy}).endswith(f": {word}")


def test_text_that_reads_like_html_is_never_taken_for_html(engine: Engine) -> None:
    for text in (SafeString("<b>"), "<b>", SafeString("<b>")):
        shown = "<b>" if isinstance(text, SafeString) else "&lt;b&gt;"
        assert draw_once(engine, "letter.html", {"text": text}).endswith(shown)


def test_it_sees_nothing_of_the_page_around_it(engine: Engine) -> None:
    page = engine.get_template("page.html")
    assert page.render(Context({"text": "a", "secret": "b"})) == "Language: a"


def test_lists_of_plain_values_are_drawn(engine: Engine) -> None:
    items = (Item("a"), Item("<b>"))
    assert draw_once(engine, "list.html", {"items": items}) == "a,&lt;b&gt;,"
    assert draw_once(engine, "list.html", {"items": SimpleLazyObject(lambda: items)}) == "a,&lt;b&gt;,"


@pytest.mark.parametrize(
    "value",
    [
        Changing("a"),
        Item(Changing("a")),
        Item(SafeString("<b>")),
        (SafeString("<b>"),),
        gettext_lazy,
        datetime(2026, 11, 21, tzinfo=UTC),
        1.5,
        Item,
    ],
)
def test_what_could_change_or_pass_for_something_else_is_refused(engine: Engine, value: object) -> None:
    with pytest.raises(TypeError, match="cannot show"):
        draw_once(engine, "letter.html", {"text": value})
