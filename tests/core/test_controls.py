"""Controls drawn without templates are those that Django's templates draw."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.test.html import parse_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from core.controls import ControlRenderer

HOSTILE = """"><script>alert('1 & 2')</script>"""
CHOICES = [
    ("a", "First"),
    ("b", HOSTILE),
    (1, gettext_lazy("Language")),
    ("More", [("c", "Third"), ("", SafeString("&ndash;"))]),
]
INPUTS: list[type[forms.Widget]] = [
    forms.CheckboxInput,
    forms.DateInput,
    forms.EmailInput,
    forms.HiddenInput,
    forms.NumberInput,
    forms.PasswordInput,
    forms.SearchInput,
    forms.TelInput,
    forms.TextInput,
    forms.URLInput,
]
ATTRIBUTES = {"class": "form-control", "disabled": True, "hidden": False, "maxlength": 64, "title": HOSTILE}

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def is_drawn_alike(widget: forms.Widget, value: Any, attrs: dict[str, Any]) -> None:
    ours = widget.render("field", value, attrs, ControlRenderer())
    djangos = widget.render("field", value, attrs, DjangoTemplates())
    assert isinstance(ours, SafeString)
    assert parse_html(ours) == parse_html(djangos)


def test_the_portal_draws_its_forms_so() -> None:
    assert isinstance(get_default_renderer(), ControlRenderer)


@pytest.mark.parametrize("kind", INPUTS)
@pytest.mark.parametrize("value", [None, "", "text", HOSTILE, SafeString("a &amp; b"), 0, 12, True, False])
def test_an_input_is_the_one_of_django(kind: type[forms.Widget], value: object) -> None:
    is_drawn_alike(kind(), value, {"id": "field", **ATTRIBUTES})


@pytest.mark.parametrize("value", [None, "", "a", "b", "c", 1, "1", "elsewhere"])
def test_a_select_is_the_one_of_django(value: object) -> None:
    is_drawn_alike(forms.Select(choices=CHOICES), value, {"id": "field", **ATTRIBUTES})


@given(value=words, title=words)
def test_no_text_leaves_its_attribute(value: str, title: str) -> None:
    is_drawn_alike(forms.TextInput(), value, {"title": title})


def test_other_widgets_and_whole_forms_are_left_to_their_templates() -> None:
    class Letter(forms.Form):
        text = forms.CharField(widget=forms.Textarea)
        kind = forms.ChoiceField(widget=forms.RadioSelect, choices=CHOICES)

    drawn = Letter(renderer=ControlRenderer()).as_div()
    assert "<textarea" in drawn
    assert drawn.count('type="radio"') == 5
