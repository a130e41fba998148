"""The tags of the components: controls that name what describes them, lists of errors, waiting times."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from core.templatetags.components import as_minutes, seconds_until_resend

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
HOSTILE = """\"><script>alert('1 & 2')</script>"""


class PersonForm(forms.Form):
    """A form with one control of each shape."""

    name = forms.CharField(label="Last name", error_messages={"required": "Enter your last name."})
    zone = forms.ChoiceField(label="Zone", choices=[("a", "A")], help_text="Where you are.")
    is_ticked = forms.BooleanField(label="Tick", required=False)
    color = forms.ChoiceField(label="Color", choices=[("r", "Red")], widget=forms.RadioSelect)


@dataclass
class Sent:
    """A code that was sent."""

    resend_at: datetime


TAGS = ("field", "check", "choice")


def field_html(component: str, form: forms.Form, name: str, **variables: object) -> str:
    """Return a field as a tag draws it, or a component of the same name."""
    given = {"field": form[name], **variables}
    if component not in TAGS:
        return render_to_string(f"components/{component}.html", given)
    told = " ".join(f"{name}={name}" for name in variables)
    return Template(f"{{% load components %}}{{% {component} field {told} %}}").render(Context(given))


def one_line(html: str) -> str:
    """Return HTML without the line breaks of its template."""
    return re.sub(r"\s*([<>])\s*", r"\1", " ".join(html.split()))


def test_a_field_with_nothing_to_say_is_described_by_nothing() -> None:
    html = field_html("field", PersonForm(auto_id="%s"), "name")
    assert '<label class="form-label" for="name">Last name</label>' in html
    assert 'id="name"' in html
    assert 'class="form-control"' in html
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_error_help_and_reason_describe_the_control_in_this_order() -> None:
    html = field_html(
        "field", PersonForm({}, auto_id="%s"), "name", help="As in your passport.", locked_reason="Not now."
    )
    assert 'aria-describedby="name_error name_helptext name_reason"' in html
    assert 'aria-invalid="true"' in html
    positions = [html.index(f'id="name{part}"') for part in ("", "_error", "_helptext", "_reason")]
    assert positions == sorted(positions)


def test_every_id_that_describes_exists() -> None:
    form = PersonForm({}, auto_id="%s")
    for component in ("field", "check", "choice", "code_input"):
        for name in ("name", "zone", "is_ticked"):
            html = field_html(component, form, name, help="Help.", locked_reason="Locked.")
            described = re.search(r'aria-describedby="([^"]+)"', html)
            assert described, (component, name)
            assert set(described[1].split()) <= set(re.findall(r'\bid="([^"]+)"', html)), (component, name)


def test_the_help_of_the_field_itself_is_shown_unless_another_is_given() -> None:
    assert "Where you are." in field_html("field", PersonForm(), "zone")
    html = field_html("field", PersonForm(), "zone", help="Where you work.")
    assert "Where you work." in html
    assert "Where you are." not in html


def test_a_locked_field_is_disabled() -> None:
    assert " disabled" in field_html("check", PersonForm(), "is_ticked", locked_reason="Comes with the Pro plan.")
    assert " disabled" not in field_html("check", PersonForm(), "is_ticked")


@pytest.mark.parametrize(("name", "class_name"), [("zone", "form-select"), ("is_ticked", "form-check-input")])
def test_a_control_has_the_class_of_its_kind(name: str, class_name: str) -> None:
    assert f'class="{class_name}"' in field_html("field", PersonForm(), name)


def test_a_code_can_be_pasted_and_suggested() -> None:
    html = field_html("code_input", PersonForm(auto_id="%s"), "name", is_focused=True)
    assert 'inputmode="numeric"' in html
    assert 'autocomplete="one-time-code"' in html
    assert 'class="form-control code-input"' in html
    assert " autofocus" in html
    assert " autofocus" not in field_html("code_input", PersonForm(auto_id="%s"), "name")


@pytest.mark.parametrize("component", TAGS)
def test_text_of_a_person_is_escaped_wherever_it_stands(component: str) -> None:
    class HostileForm(forms.Form):
        name = forms.CharField(label=HOSTILE, help_text=HOSTILE, initial=HOSTILE)

    form = HostileForm({"name": HOSTILE}, auto_id="%s")
    form.add_error("name", HOSTILE)
    html = field_html(component, form, "name", locked_reason=HOSTILE)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 5


def test_a_word_may_stand_beside_the_label() -> None:
    html = field_html("field", PersonForm(), "name", pill="Confirmed", pill_kind="good", optional=True)
    assert '<div class="label-row"><label' in html
    assert '<span class="optional">optional</span><span class="pill dot is-good">Confirmed</span></div>' in html
    assert "label-row" not in field_html("field", PersonForm(), "name", pill="", pill_kind="good")


def test_the_label_of_a_choice_is_its_name_alone() -> None:
    html = field_html("choice", PersonForm({}, auto_id="%s"), "is_ticked", help="Help.", locked_reason="Locked.")
    assert '<label for="is_ticked">Tick</label>' in html
    assert '<small id="is_ticked_helptext">Help.</small><small id="is_ticked_reason">Locked.</small>' in html


def test_every_error_of_a_field_is_said() -> None:
    form = PersonForm({}, auto_id="%s")
    form.add_error("name", "It is too short.")
    for component in TAGS:
        assert "Enter your last name. It is too short." in field_html(component, form, "name")


def test_the_summary_links_each_error_to_its_control() -> None:
    form = PersonForm({"zone": "x"}, auto_id="%s")
    html = one_line(render_to_string("components/error_summary.html", {"form": form}))
    assert "3 things to correct" in html
    assert '<a href="#name">Last name: Enter your last name.</a>' in html
    assert 'href="#zone"' in html
    assert 'href="#color_0"' in html
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html


def test_the_summary_of_several_forms_lists_them_all() -> None:
    forms_of_page = [PersonForm({}, prefix="a"), PersonForm({}, prefix="b")]
    html = render_to_string("components/error_summary.html", {"forms": forms_of_page})
    assert 'href="#id_a-name"' in html
    assert 'href="#id_b-name"' in html


def test_one_error_of_a_whole_form_is_the_heading() -> None:
    form = PersonForm({"name": "A", "zone": "a", "color": "r"})
    form.add_error(None, "The two do not match.")
    html = render_to_string("components/error_summary.html", {"form": form})
    assert '<h2 id="error-summary-title">The two do not match.</h2>' in html
    assert "<li>" not in html


def test_a_form_without_errors_has_no_summary() -> None:
    form = PersonForm({"name": "A", "zone": "a", "color": "r"})
    assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""


def test_an_icon_is_hidden_from_readers_aloud() -> None:
    html = Template('{% load components %}{% icon "send" "s" %}').render(Context())
    assert html == '<svg class="icon icon-s" aria-hidden="true"><use href="/static/icons.svg#send"/></svg>'


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(("wait", "seconds"), [(41.2, 42), (42, 42), (0.1, 1), (0, 0), (-5, 0)])
def test_the_wait_for_a_new_code_is_rounded_up(wait: float, seconds: int) -> None:
    assert seconds_until_resend(Sent(NOW + timedelta(seconds=wait))) == seconds


def test_without_a_code_nothing_has_to_wait() -> None:
    assert seconds_until_resend(None) == 0


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (9, "0:09"), (60, "1:00"), (102, "1:42"), (300, "5:00"), (86399, "23:59:59")]
)
def test_seconds_are_written_as_minutes(seconds: int, shown: str) -> None:
    assert as_minutes(seconds) == shown


@time_machine.travel(NOW, tick=False)
def test_a_new_code_is_asked_for_when_its_time_has_come() -> None:
    waiting = render_to_string("components/resend.html", {"url": "/x/", "challenge": Sent(NOW + timedelta(seconds=42))})
    assert 'data-countdown="42"' in waiting
    assert "0:42" in waiting
    assert " disabled" in waiting
    assert " disabled" not in render_to_string("components/resend.html", {"url": "/x/", "challenge": Sent(NOW)})
