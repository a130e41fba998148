"""Fixed texts and addresses of templates are looked up once, and are right in each language and below each prefix."""

from collections import Counter
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.template import Context, Engine, engines
from django.template.backends.django import get_template_tag_modules
from django.templatetags import i18n as django_i18n
from django.urls import reverse, set_script_prefix
from django.utils import translation

from core.templatetags.fixed_addresses import FixedAddress
from core.templatetags.i18n import FixedText


@pytest.fixture
def engine() -> Engine:
    found: Engine = engines["django"].engine  # type: ignore[attr-defined]
    return found


@pytest.fixture
def prefix() -> Iterator[None]:
    yield
    set_script_prefix("/")


def drawn(engine: Engine, text: str, **values: object) -> str:
    return engine.from_string("{% load i18n %}" + text).render(Context(values))


def test_only_the_library_that_takes_the_place_of_djangos_has_the_name_of_another(engine: Engine) -> None:
    names = [name for name, _module in get_template_tag_modules()]
    assert [name for name, count in Counter(names).items() if count > 1] == ["i18n"]
    assert engine.libraries["i18n"] == "core.templatetags.i18n"
    assert engine.template_libraries["i18n"].tags.keys() == django_i18n.register.tags.keys()


def test_a_fixed_text_is_translated_once_for_each_language(engine: Engine) -> None:
    template = engine.from_string("{% load i18n %}{% translate 'Language' %}")
    for _time in range(2):
        for language, word in (("en", "Language"), ("fr", "Langue")):
            with translation.override(language):
                assert template.render(Context()) == word
    with translation.override("fr"), patch("django.utils.translation.trans_real.gettext") as looked_up:
        assert template.render(Context()) == "Langue"
    assert not looked_up.called


def test_a_fixed_text_can_be_given_to_a_variable(engine: Engine) -> None:
    text = "{% translate 'Language' as word %}[{{ word }}]"
    with translation.override("fr"):
        assert drawn(engine, text) == drawn(engine, text) == "[Langue]"


@pytest.mark.parametrize(
    "text", ["{% translate word %}", "{% translate 'Language'|upper %}", "{% translate 'A' noop %}"]
)
def test_a_text_that_may_differ_is_not_kept(engine: Engine, text: str) -> None:
    nodes = engine.from_string("{% load i18n %}" + text).nodelist
    assert not any(isinstance(node, FixedText) for node in nodes)
    with translation.override("fr"):
        assert drawn(engine, "{% translate word %}", word="Language") == "Langue"
        assert drawn(engine, "{% translate word %}", word="<b>") == "&lt;b&gt;"


def test_one_word_with_two_meanings_has_two_translations(engine: Engine) -> None:
    with translation.override("fr"):
        assert drawn(engine, "{% translate 'Arrived' context 'instant' %}") == "Arrivée"
        assert drawn(engine, "{% translate 'Arrived' context 'nothing' %}") == "Arrived"


def test_an_address_follows_the_prefix_of_the_portal(engine: Engine, prefix: None) -> None:
    template = engine.from_string("{% url 'portal:help' %}")
    assert any(isinstance(node, FixedAddress) for node in template.nodelist)
    assert template.render(Context()) == reverse("portal:help")
    set_script_prefix("/below/")
    assert template.render(Context()) == reverse("portal:help")
    assert reverse("portal:help").startswith("/below/")


def test_an_address_that_is_made_of_something_is_not_kept(engine: Engine) -> None:
    for text in ("{% url name %}", "{% url 'portal:help' as found %}", "{% url 'messages:link' locator %}"):
        assert not any(isinstance(node, FixedAddress) for node in engine.from_string(text).nodelist)
    assert drawn(engine, "{% url name %}", name="portal:help") == reverse("portal:help")
