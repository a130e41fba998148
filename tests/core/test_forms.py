"""What a form's field refuses, and that it says so in sentences of our own."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from hypothesis import given
from hypothesis import strategies as st

from core.characters import has_ink
from core.forms import PersonNameField, PortalForm


def refusal_of(typed: str) -> str:
    with pytest.raises(ValidationError) as refused:
        PersonNameField(most_characters=40).clean(typed)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("typed", ["\u200b", "\u200b\u00a0\u200d\u2060", "\u00ad\ufeff", "\u3164", "\u2800", "\u0301"])
def test_a_name_nobody_can_see_is_refused(typed: str) -> None:
    assert refusal_of(typed) == "Nothing of this name can be seen. Type it in letters."


@pytest.mark.parametrize("typed", ["Zoé", "李", "O\u2019Neil", "क्\u200dष", "X"])
def test_a_name_with_marks_between_its_letters_is_kept(typed: str) -> None:
    assert PersonNameField(most_characters=40).clean(typed)


@pytest.mark.parametrize("blank", ["\u2009", "\u202f", "\u3000", "\u00a0 "])
def test_blanks_of_any_width_are_one_space(blank: str) -> None:
    assert PersonNameField(most_characters=50).clean(f"{blank}Anne{blank}Lavoie{blank}") == "Anne Lavoie"


def test_no_name_is_not_an_invisible_one() -> None:
    assert refusal_of(" ") == "Enter a name."
    assert PersonNameField(most_characters=40, required=False).clean("") == ""


@given(st.text(st.characters(categories=["Cf", "Zs", "Zl", "Zp"])), st.characters(categories=["Lu", "Nd", "Po"]))
def test_one_visible_character_is_enough(invisible: str, visible: str) -> None:
    assert not has_ink(invisible)
    assert has_ink(invisible + visible + invisible)


class Sample(PortalForm):
    """A form with a field of each kind of copy."""

    name = forms.CharField(validators=[RegexValidator("^a")], error_messages={"required": "Why not?"})
    color = forms.ChoiceField(choices=[("r", "red")])
    parts = forms.MultiValueField(
        [forms.CharField(), forms.CharField()], widget=forms.MultiWidget([forms.TextInput(), forms.TextInput()])
    )


def test_what_one_form_changes_no_other_form_sees() -> None:
    first, second = Sample(), Sample()
    for form_field in first.fields.values():
        form_field.disabled = True
        form_field.widget.attrs["autocomplete"] = "off"
        form_field.error_messages["required"] = "Because"
        form_field.validators.clear()
    first.fields["color"].choices = []  # type: ignore[attr-defined]
    for name, form_field in {**second.fields, **{f"class {n}": f for n, f in Sample.base_fields.items()}}.items():
        assert not form_field.disabled, name
        assert form_field.widget.attrs == {}, name
        assert form_field.error_messages["required"] != "Because", name
    assert (len(second.fields["name"].validators), len(second.fields["color"].choices)) == (2, 1)  # type: ignore[attr-defined]
    assert Sample({"name": "b", "color": "r"}).errors.keys() >= {"name"}
