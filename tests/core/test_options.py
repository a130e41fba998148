"""Lists drawn once: marked rightly, escaped, and closed to what they do not have."""

import time
from collections.abc import Callable
from html.parser import HTMLParser
from threading import Barrier, Thread

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from core.options import Drawn, DrawnField, Group, Option, drawn_once

CITIES = Drawn(
    (
        Group("", (Option("here", "Here"),)),
        Group("Near", (Option("qc", "Québec"), Option("mtl", "Montréal"))),
        Group("Far & away", (Option("mars", "Mars", is_enabled=False), Option("venus", "Venus", is_enabled=False))),
    ),
    also=lambda value: "Ville-Marie" if value == "vm" else None,
)
HOSTILE = ['"><script>alert(1)</script>', "' onfocus=x", "qc ", "QC", "\x00", "é" * 10_000]


class Options(HTMLParser):
    """Read options as a browser does: (value, label, attributes without a value)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, set[str]]] = []
        self.headings: list[str] = []
        self._is_open = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "optgroup":
            self.headings.append(dict(attrs)["label"] or "")
        elif tag == "option":
            self._is_open = True
            self.found.append((dict(attrs)["value"] or "", "", {name for name, value in attrs if value is None}))

    def handle_data(self, data: str) -> None:
        if self._is_open:
            value, label, states = self.found[-1]
            self.found[-1] = (value, label + data, states)

    def handle_endtag(self, tag: str) -> None:
        self._is_open = False

    @property
    def selected(self) -> list[str]:
        return [value for value, _, states in self.found if "selected" in states]

    @property
    def disabled(self) -> list[str]:
        return [value for value, _, states in self.found if "disabled" in states]


class CityForm(forms.Form):
    city = DrawnField(label="City", help_text="Where you are.", options=lambda: CITIES)

    def __init__(self, *args: object, stored: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["city"]
        assert isinstance(field, DrawnField)
        field.stored = stored


def drawn_select(form: forms.Form) -> Options:
    return Options(str(form["city"]))


def test_a_list_is_drawn_with_its_groups() -> None:
    options = Options(CITIES.html)

    assert [value for value, _, _ in options.found] == ["here", "qc", "mtl", "mars", "venus"]
    assert options.headings == ["Near", "Far & away"]
    assert options.selected == []
    assert options.disabled == ["mars", "venus"]
    assert len(CITIES) == 5


def test_a_group_without_options_is_not_drawn() -> None:
    assert Drawn((Group("Empty", ()),)).html == ""


def test_a_value_may_appear_once_only() -> None:
    with pytest.raises(ValueError, match="twice"):
        Drawn((Group("A", (Option("x", "X"),)), Group("B", (Option("x", "X"),))))


def test_the_chosen_option_alone_is_selected() -> None:
    marked = CITIES.marked("mtl")

    assert Options(marked).selected == ["mtl"]
    assert marked.replace(" selected", "") == CITIES.html


def test_a_disabled_choice_is_drawn_enabled_so_that_saving_keeps_it() -> None:
    options = Options(CITIES.marked("mars"))

    assert options.selected == ["mars"]
    assert options.disabled == ["venus"]


def test_one_can_return_to_a_stored_option_that_is_disabled() -> None:
    options = Options(CITIES.marked("qc", stored="mars"))

    assert options.selected == ["qc"]
    assert options.disabled == ["venus"]


@pytest.mark.parametrize("value", ["", *HOSTILE])
def test_an_unknown_value_selects_nothing_and_is_not_drawn(value: str) -> None:
    assert value not in CITIES
    assert not CITIES.enabled(value)
    assert CITIES.marked(value) == CITIES.html


def test_a_value_accepted_without_being_listed_is_drawn_only_where_chosen() -> None:
    assert "vm" in CITIES
    assert CITIES.enabled("vm")
    assert "vm" not in [value for value, _, _ in Options(CITIES.html).found]
    assert Options(CITIES.marked("vm")).found[0] == ("vm", "Ville-Marie", {"selected"})


def test_what_is_no_text_is_not_in_a_list() -> None:
    assert None not in CITIES
    assert 3 not in CITIES


# Python's reader of HTML, unlike a browser's, drops a reference to what is no character.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12)


@given(st.dictionaries(TEXTS, st.tuples(TEXTS, st.booleans()), min_size=1, max_size=8), st.data())
def test_any_list_reads_back_as_it_was_given(entries: dict[str, tuple[str, bool]], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(sorted(entries)))
    drawn = Drawn((Group("&<>\"'", tuple(Option(value, *entry) for value, entry in entries.items())),))

    options = Options(drawn.marked(chosen))

    assert [(value, label) for value, label, _ in options.found] == [(v, label) for v, (label, _) in entries.items()]
    assert options.selected == [chosen]
    assert options.disabled == [v for v, (_, is_enabled) in entries.items() if not is_enabled and v != chosen]


def test_a_list_is_kept_in_two_bytes_a_sign_at_most() -> None:
    drawn = Drawn((Group("", (Option("ff", "𞤆𞤵𞤤𞤢𞤪"), Option("en", "English"))),))

    assert max(drawn.html) <= "\uffff"
    assert [label for _, label, _ in Options(drawn.marked("en")).found] == ["𞤆𞤵𞤤𞤢𞤪", "English"]


def test_marking_a_long_list_costs_far_less_than_drawing_it() -> None:
    drawn = Drawn((Group("", tuple(Option(f"v{n}", f"Label {n}") for n in range(1_400))),))
    begun = time.perf_counter()
    for _ in range(20):
        drawn.marked("v700")

    # Django's own select takes more than 40 ms for each.
    assert (time.perf_counter() - begun) / 20 < 0.005


def test_a_listed_value_is_accepted() -> None:
    form = CityForm({"city": "qc"})

    assert form.is_valid()
    assert form.cleaned_data == {"city": "qc"}


def test_an_unlisted_but_accepted_value_is_accepted() -> None:
    assert CityForm({"city": "vm"}).is_valid()


@pytest.mark.parametrize("value", [value for value in HOSTILE if value.strip() == value])
def test_a_hostile_value_is_refused_and_not_redrawn(value: str) -> None:
    form = CityForm({"city": value}, stored="mtl")

    assert not form.is_valid()
    assert form.errors.as_data()["city"][0].code in {"unknown", "null_characters_not_allowed"}
    assert "script" not in str(form["city"])
    assert [v for v, _, _ in drawn_select(form).found] == ["here", "qc", "mtl", "mars", "venus"]
    assert drawn_select(form).selected == ["mtl"]


def test_the_refusal_says_what_to_do() -> None:
    assert CityForm({"city": "nowhere"}).errors["city"] == ["Choose one of the options in the list."]
    assert CityForm({"city": "mars"}).errors["city"] == ["This option is not available. Choose another one."]
    assert CityForm({}).errors["city"] == ["Choose one of the options in the list."]


def test_a_disabled_option_cannot_be_chosen_anew() -> None:
    form = CityForm({"city": "mars"}, stored="venus")

    assert not form.is_valid()
    assert form.errors.as_data()["city"][0].code == "disabled"


def test_a_disabled_option_that_is_stored_can_be_kept() -> None:
    form = CityForm({"city": "mars"}, stored="mars")

    assert form.is_valid()
    assert drawn_select(form).disabled == ["venus"]


def test_an_initial_value_is_drawn_selected() -> None:
    assert drawn_select(CityForm(initial={"city": "qc"})).selected == ["qc"]


def test_without_a_value_an_empty_choice_is_selected() -> None:
    options = drawn_select(CityForm())

    assert options.found[0] == ("", "Choose…", {"selected"})
    assert options.selected == [""]


def test_a_field_that_may_stay_empty_always_offers_the_empty_choice() -> None:
    class Optional(forms.Form):
        city = DrawnField(options=lambda: CITIES, required=False)

    assert Optional({"city": ""}).is_valid()
    assert drawn_select(Optional({"city": "qc"})).found[0] == ("", "Choose…", set())


def test_the_select_carries_the_attributes_of_the_form() -> None:
    html = str(CityForm({"city": "nowhere"})["city"])
    opening = html[: html.index(">") + 1]

    assert 'name="city"' in opening
    assert 'id="id_city"' in opening
    assert 'aria-invalid="true"' in opening
    assert 'aria-describedby="id_city_helptext' in opening
    assert "required" not in opening


def test_attributes_are_escaped() -> None:
    form = CityForm(prefix='"><b>')

    assert "<b>" not in str(form["city"])


def test_two_forms_do_not_share_what_is_stored() -> None:
    first, second = CityForm(stored="mars"), CityForm()

    assert drawn_select(first).selected == ["mars"]
    assert drawn_select(second).selected == [""]


def test_the_source_is_asked_at_each_drawing() -> None:
    lists = [Drawn((Group("", (Option("a", "A"),)),)), Drawn((Group("", (Option("b", "B"),)),))]

    class Changing(forms.Form):
        city = DrawnField(options=lambda: lists[0])

    form = Changing({"city": "b"})
    assert drawn_select(form).selected == [""]
    lists.reverse()

    assert drawn_select(form).selected == ["b"]


def test_threads_that_ask_at_once_get_one_drawing() -> None:
    drawings: list[str] = []
    barrier = Barrier(8)

    @drawn_once(4)
    def draw(language: str) -> Drawn:
        drawings.append(language)
        time.sleep(0)
        return Drawn(())

    def ask() -> None:
        barrier.wait()
        draw("en")

    run_all(8, ask)

    assert drawings == ["en"]


def test_only_the_latest_drawings_are_kept() -> None:
    drawings: list[int] = []

    @drawn_once(2)
    def draw(number: int) -> int:
        drawings.append(number)
        return number

    assert [draw(number) for number in (1, 2, 2, 3, 1)] == [1, 2, 2, 3, 1]
    assert drawings == [1, 2, 3, 1]


def run_all(count: int, target: Callable[[], None]) -> None:
    threads = [Thread(target=target) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
