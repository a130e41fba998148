"""`signatures:draft_zones`: zones are kept as they stand, from the text of the script or from rows of fields."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from messaging.items.models import Draft
from signatures.choices import ZoneKind
from signatures.limits import ZONES_MOST
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.zones import Zone, drawable_zones, placed_within, read_zones
from tests.cast import make_user, sign_in
from tests.forms import form_values
from tests.pages import InspectingClient
from tests.signatures.composing import (
    YAN,
    ZOE,
    address_of,
    begin,
    begun,
    filled,
    lease,
    pdf,
    place,
    prepare,
    press_keep,
    row_of,
    send,
    values_of,
    zone,
)
from tests.signatures.pdf.seals import document
from tests.signatures.requests import write_zones

pytestmark = pytest.mark.django_db


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def rows(client: Client, values: dict[str, str], query: str = "") -> dict[str, str]:
    """Return the fields of the page as a browser without scripts sends them."""
    address = address_of(values, "zones/")
    return form_values(client.get(f"{address}{query}"), address)


def keep_rows(client: Client, values: dict[str, str], posted: dict[str, str], **also: str) -> Any:
    """Send rows of fields."""
    return client.post(address_of(values, "zones/"), {**posted, **also})


# With the script


def test_the_page_tells_the_script_what_it_needs(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN), [lease(2), pdf("Plan.pdf")])
    place(client, values, [zone()])
    page = client.get(address_of(values, "zones/")).content.decode()
    facts = json.loads(
        page.partition('<script id="editor-values" type="application/json">')[2].partition("</script>")[0]
    )
    assert [paper["name"] for paper in facts["papers"]] == ["Lease.pdf", "Plan.pdf"]
    assert facts["papers"][0]["pages"] == [[595.0, 842.0]] * 2
    assert facts["signers"] == ["Zoë Roy", "Yan Lee"]
    assert facts["picture"] == address_of(values, "page/{document}/{page}.png")
    assert set(facts["kinds"]) == set(ZoneKind.values)
    assert "Lease.pdf: page 2 of 2" in page
    assert 'viewBox="0 0 595 842"' in page


def test_zones_are_kept_and_one_over_the_edge_is_moved(client: Client, pro: User) -> None:
    values = prepare(client)
    assert place(client, values, [zone(), zone("b", left=500, label="Here")], then="check").headers["Location"] == (
        address_of(values, "check/")
    )
    kept = begun(values).zones
    assert [each.box for each in kept] == [Box(80, 120, 200, 60), Box(395, 120, 200, 60)]
    assert kept[1].label == "Here"


def test_the_script_is_told_what_was_kept_and_what_not(client: Client, pro: User) -> None:
    values = prepare(client)
    answer = place(client, values, [zone()], is_script=True)
    assert answer.json()["version"] == row_of(values).version
    refused = place(client, values, [zone(left=9000)], is_script=True)
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("A zone lies outside page 1 of document 1.")
    assert len(begun(values).zones) == 1


BAD = {
    "outside": ([zone("good"), zone("bad", left=900)], "A zone lies outside page 1 of document 1.", 2),
    "no-json": ("[", "The zones did not arrive as they should.", 0),
    "deep": ("[" * 100_000, "The zones did not arrive as they should.", 0),
    "long": (json.dumps([zone()]) + " " * 500_000, "The zones did not arrive as they should.", 0),
    "no-list": ({"id": "x"}, "The zones did not arrive as they should.", 0),
    "nobody": ([zone("good"), zone("b", signer=7)], "The zones did not arrive as they should.", 1),
    "no-page": ([zone(page=9)], "The zones did not arrive as they should.", 0),
    "no-document": ([zone(document=3)], "The zones did not arrive as they should.", 0),
    "twice": ([zone(), zone()], "The zones did not arrive as they should.", 2),
    "too-many": ([zone(str(n)) for n in range(ZONES_MOST + 1)], "These are too many zones.", ZONES_MOST + 1),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_refused_is_said_shown_again_and_changes_nothing(client: Client, pro: User, case: str) -> None:
    zones, sentence, shown = BAD[case]
    values = prepare(client)
    place(client, values, [zone("before")])
    answer = place(client, values, zones)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert [each.zone_id for each in begun(values).zones] == ["zone-before"]
    field = form_field(page)
    assert len(json.loads(field)) == shown


def form_field(page: str) -> str:
    """Return what the script begins with."""
    quoted = page.partition('name="zones"')[2].partition('value="')[2].partition('"')[0]
    return quoted.replace("&quot;", '"').replace("&#x27;", "'")


def test_two_windows_meet(client: Client, pro: User) -> None:
    values = prepare(client)
    version = row_of(values).version
    place(client, values, [zone("first")])
    late = place(client, values, [zone("second")], version=version)
    assert late.status_code == 409
    assert "changed in another window" in late.content.decode()
    assert "zone-second" in form_field(late.content.decode())
    assert place(client, values, [zone("second")], version=version, is_script=True).status_code == 409
    assert [each.zone_id for each in begun(values).zones] == ["zone-first"]


@pytest.mark.parametrize("has_paper", [True, False])
def test_without_a_document_or_a_signer_there_is_nothing_to_place(
    client: Client, pro: User, *, has_paper: bool
) -> None:
    values = filled(begin(client), () if has_paper else (ZOE,))
    press_keep(client, values, papers=[pdf()] if has_paper else [])
    page = client.get(address_of(values, "zones/"))
    assert "There is nothing to place yet." in page.content.decode()
    assert place(client, values, [zone()]).status_code == 302
    assert not begun(values).zones


def test_of_somebody_else_there_is_nothing(client: Client, pro: User) -> None:
    values = prepare(client)
    version = row_of(values).version
    sign_in(client, make_user("other@demo.example", plan="pro"))
    address = address_of(values, "zones/")
    assert client.get(address).status_code == 404
    assert client.post(address, {"version": version, "zones": "[]"}).status_code == 404
    assert Draft.objects.get().version == version


def test_a_french_page_draws_in_points_and_writes_millimeters_with_a_comma(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro", language="fr", date_culture="fr-CA"))
    values = prepare(client, papers=[pdf(content=document(1, size=(300.5, 400.25)))])
    place(client, values, [zone(width=100.5)])
    page = client.get(address_of(values, "zones/")).content.decode()
    assert 'viewBox="0 0 300.5 400.25"' in page
    assert 'width="100.5"' in page
    assert 'value="35,5"' in page
    assert '"decimalSymbol": ","' in page
    assert "Qui n’en a aucune place sa signature librement" in page


# A session that ended


def end_session(client: Client) -> None:
    """End the session behind the back of a page that stays open."""
    client.cookies.pop("session", None)
    client.logout()


def notice(page: str) -> bool:
    """Tell whether a page says that something from before the session ended is back."""
    return "Your session had ended while you were typing." in page


@pytest.mark.parametrize("is_script", [True, False])
def test_what_was_placed_after_the_session_ended_comes_back_and_is_not_kept_by_itself(
    client: Client, pro: User, *, is_script: bool
) -> None:
    values = prepare(client, papers=[lease(2)])
    place(client, values, [zone("before")])
    posted = rows(client, values)
    text = {"zones": json.dumps([zone("before"), zone("late", page=2, label="Late")])}
    headers = {"Accept": "application/json"} if is_script else {}
    end_session(client)
    sent = {name: posted[name] for name in ("csrfmiddlewaretoken", "drawn", "version")} | text | {"show": "0-2"}
    lost = client.post(address_of(values, "zones/"), sent, headers=headers)
    assert lost.headers["Location"] == f"/sign-in/?next={quote(address_of(values, 'zones/'), safe='')}"
    sign_in(client, pro)
    answer = client.get(address_of(values, "zones/"))
    page = answer.content.decode()
    assert notice(page)
    assert [each["id"] for each in json.loads(form_field(page))] == ["zone-before", "zone-late"]
    assert '<option value="0-2" selected>' in page
    assert rows(client, values)["zone-0-label"] == "Late"
    assert [each.zone_id for each in begun(values).zones] == ["zone-before"]
    place(client, values, json.loads(form_field(page)), is_script=is_script)
    assert [each.zone_id for each in begun(values).zones] == ["zone-before", "zone-late"]
    assert not notice(client.get(address_of(values, "zones/")).content.decode())


@pytest.mark.parametrize("left", ["35.5", "far"])
def test_rows_of_fields_come_back_after_the_session_ended(client: Client, pro: User, left: str) -> None:
    values = prepare(client, papers=[lease(2)])
    posted = rows(client, values, "?show=0-2")
    end_session(client)
    typed = posted | {"zone-0-kind": "date", "zone-0-left": left, "zone-0-label": "Typed late", "then": "row"}
    assert keep_rows(client, values, typed).headers["Location"].startswith("/sign-in/")
    sign_in(client, pro)
    answer = client.get(address_of(values, "zones/"))
    assert answer.status_code == 200
    assert notice(answer.content.decode())
    back = form_values(answer, address_of(values, "zones/"))
    assert {name: back[name] for name in back if name.startswith(("zone-", "show"))} == {
        name: typed[name] for name in typed if name.startswith(("zone-", "show"))
    }
    assert len(json.loads(form_field(answer.content.decode()))) == (left == "35.5")
    assert not begun(values).zones
    keep_rows(client, values, back | {"zone-0-left": "35.5"})
    assert [each.label for each in begun(values).zones] == ["Typed late"]
    assert not notice(client.get(address_of(values, "zones/")).content.decode())


def test_zones_placed_before_the_session_ended_come_back_to_nobody_else(client: Client, pro: User) -> None:
    values = prepare(client)
    posted = rows(client, values)
    end_session(client)
    place(client, values, [zone("late")], drawn=posted["drawn"])
    sign_in(client, make_user("other@demo.example", plan="pro"))
    assert client.get(address_of(values, "zones/")).status_code == 404
    sign_in(client, pro)
    assert "zone-late" in form_field(client.get(address_of(values, "zones/")).content.decode())


def test_zones_that_come_back_to_a_draft_changed_meanwhile_say_so(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN))
    posted = rows(client, values)
    end_session(client)
    place(client, values, [zone("late", signer=0), zone("gone", signer=1)], drawn=posted["drawn"])
    other = InspectingClient()
    sign_in(other, pro)
    press_keep(other, values_of(other.get(address_of(values))) | {"remove_row": "1"})
    sign_in(client, pro)
    page = client.get(address_of(values, "zones/")).content.decode()
    assert "This draft was changed in another window" in page
    assert [each["id"] for each in json.loads(form_field(page))] == ["zone-late"]
    assert not begun(values).zones


def test_zones_that_come_back_can_be_forgotten(client: Client, pro: User) -> None:
    values = prepare(client)
    place(client, values, [zone("before")])
    posted = rows(client, values)
    end_session(client)
    place(client, values, [zone("late")], drawn=posted["drawn"])
    sign_in(client, pro)
    address = address_of(values, "zones/")
    assert client.post("/account/kept-form/drop/", {"page": address}).headers["Location"] == address
    assert "zone-late" not in form_field(client.get(address).content.decode())


def test_the_page_says_so_where_a_session_ended(client: Client, pro: User) -> None:
    page = client.get(address_of(prepare(client), "zones/")).content.decode()
    assert 'data-text-ended="Your session has ended. Nothing is lost:' in page


def test_the_script_of_a_late_window_is_told_why_nothing_is_kept(client: Client, pro: User) -> None:
    values = prepare(client)
    version = row_of(values).version
    paper = begun(values).papers[0].file_id
    press_keep(client, values_of(client.get(address_of(values))), remove_paper=paper)
    empty = place(client, values, [zone()], version=version, is_script=True)
    assert (empty.status_code, "changed in another window" in empty.json()["error"]) == (409, True)


@pytest.mark.usefixtures("sealing")
def test_the_script_is_told_that_the_request_was_sent(client: Client, pro: User) -> None:
    values = prepare(client)
    version = row_of(values).version
    assert send(client, values).status_code == 302
    sent = {"version": version, "zones": "[]"}
    late = client.post(address_of(values, "zones/"), sent, headers={"Accept": "application/json"})
    assert (late.status_code, "already sent" in late.json()["error"]) == (409, True)


# Without scripts


def test_a_zone_is_added_changed_and_taken_off_in_rows_of_fields(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN), [lease(2)])
    place(client, values, [zone("other", page=2)])
    posted = rows(client, values)
    assert posted["zone-TOTAL_FORMS"] == "1"
    added = posted | {"zone-0-kind": "date", "zone-0-signer": "1", "zone-0-left": "35.5", "zone-0-label": "Day"}
    assert keep_rows(client, values, added).status_code == 302
    kept = {each.kind: each for each in begun(values).zones}
    assert set(kept) == {ZoneKind.SIGNATURE, ZoneKind.DATE}
    assert kept[ZoneKind.DATE].box == Box(100.63, 72, 180, 20)
    assert (kept[ZoneKind.DATE].signer, kept[ZoneKind.DATE].label) == (1, "Day")
    changed = rows(client, values) | {"zone-0-width": "32,5", "zone-0-page": "2"}
    keep_rows(client, values, changed)
    date = next(each for each in begun(values).zones if each.kind is ZoneKind.DATE)
    assert (date.box, date.page) == (Box(100.63, 72, 92.13, 20), 2)
    shown = rows(client, values, "?show=0-2")
    assert shown["zone-TOTAL_FORMS"] == "3"
    assert shown["show"] == "0-2"
    place_of_date = next(n for n in range(3) if shown[f"zone-{n}-kind"] == "date")
    keep_rows(client, values, shown | {f"zone-{place_of_date}-kind": ""})
    assert [each.kind for each in begun(values).zones] == [ZoneKind.SIGNATURE]


def test_a_zone_over_the_edge_is_moved_and_said(client: Client, pro: User) -> None:
    values = prepare(client)
    posted = rows(client, values) | {"zone-0-kind": "checkbox", "zone-0-left": "208"}
    answer = client.post(address_of(values, "zones/"), posted, follow=True)
    assert "1 zone did not fit and was moved onto its page" in answer.content.decode()
    assert begun(values).zones[0].box == Box(581, 72, 14, 14)


def test_what_stands_between_two_tenths_of_a_millimeter_stays_where_no_field_is_changed(
    client: Client, pro: User
) -> None:
    values = prepare(client)
    placed = zone(kind="checkbox", left=587, top=833.97, width=8, height=8.03)
    place(client, values, [placed])
    answer = client.post(address_of(values, "zones/"), rows(client, values) | {"zone-0-label": "Read"}, follow=True)
    kept = begun(values).zones[0]
    assert (kept.label, kept.box) == ("Read", Box(587, 833.97, 8, 8.03))
    assert "did not fit" not in answer.content.decode()


def test_a_zone_that_is_typed_flush_to_the_edge_has_not_been_moved(client: Client, pro: User) -> None:
    values = prepare(client, papers=[pdf(content=document(1, size=(595.28, 841.89)))])
    place(client, values, [zone(kind="text", width=170.08)])
    # 150 and 60 millimeters are 210, but 425.2 and 170.08 points are not 595.28.
    typed = {"zone-0-left": "150", "zone-0-width": "60"}
    answer = client.post(address_of(values, "zones/"), rows(client, values) | typed, follow=True)
    assert "did not fit" not in answer.content.decode()
    assert begun(values).zones[0].box.left == pytest.approx(425.2, abs=0.01)


WRONG_ROWS = {
    "outside": ({"zone-0-left": "250"}, "A zone lies outside page 1 of document 1."),
    "no-number": ({"zone-0-left": "left"}, "Enter a number."),
    "nan": ({"zone-0-top": "nan"}, "Enter a number."),
    "thousands": ({"zone-0-top": "1,000"}, "Enter a number."),
    "huge": ({"zone-0-width": "99999"}, "No page is as large as that."),
    "no-page": ({"zone-0-page": "3"}, "The last page of this document is 1."),
    "label": ({"zone-0-label": "a\x07b"}, "This label holds a character that cannot be printed."),
    "signer": ({"zone-0-signer": "9"}, "Choose one of the options in the list."),
}


@pytest.mark.parametrize("case", WRONG_ROWS)
def test_each_wrong_field_is_said_and_nothing_is_lost(client: Client, pro: User, case: str) -> None:
    changes, sentence = WRONG_ROWS[case]
    values = prepare(client)
    place(client, values, [zone("before")])
    posted = rows(client, values) | {"zone-1-kind": "text", "zone-1-label": "Order", **changes}
    answer = keep_rows(client, values, posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Order"' in page
    assert [each.zone_id for each in begun(values).zones] == ["zone-before"]


def test_no_request_has_more_zones_than_it_may(client: Client, pro: User) -> None:
    values = prepare(client, papers=[lease(2)])
    place(client, values, [zone(str(number), page=2) for number in range(ZONES_MOST)])
    answer = keep_rows(client, values, rows(client, values) | {"zone-0-kind": "text"})
    assert answer.status_code == 422
    assert "These are too many zones." in answer.content.decode()
    assert len(begun(values).zones) == ZONES_MOST


def test_a_page_full_of_zones_fits_into_one_form_without_scripts(client: Client, pro: User) -> None:
    values = prepare(client)
    place(client, values, [zone(str(number)) for number in range(ZONES_MOST - 1)])
    page = client.get(address_of(values, "zones/")).content.decode()
    assert "439 more zones of this page stay as they are." in page
    assert keep_rows(client, values, rows(client, values) | {"zone-0-label": "First"}).status_code == 302
    kept = begun(values).zones
    assert (len(kept), kept[0].label, kept[-1].label) == (ZONES_MOST - 1, "First", "")


# The text itself

SIDES = st.floats(20, 2_000, allow_nan=False)
PAPERS = st.lists(st.lists(st.builds(PageSize, SIDES, SIDES), min_size=1, max_size=4), min_size=1, max_size=3)


@st.composite
def placed_zones(draw: st.DrawFn) -> tuple[tuple[Paper, ...], int, tuple[Zone, ...]]:
    """Draw documents, a number of signers, and zones that lie at least in part on a page with room for them."""
    papers = tuple(Paper(str(number), f"{number}.pdf", tuple(pages), "") for number, pages in enumerate(draw(PAPERS)))
    signers = draw(st.integers(1, 5))
    found = []
    for number in range(draw(st.integers(0, 8))):
        document = draw(st.integers(0, len(papers) - 1))
        page = draw(st.integers(1, len(papers[document].pages)))
        size = papers[document].pages[page - 1]
        box = Box(draw(st.floats(0, size.width - 1)), draw(st.floats(0, size.height - 1)), draw(SIDES), draw(SIDES))
        kind = draw(st.sampled_from([ZoneKind.CHECKBOX]))
        label = draw(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=20)).strip()
        label = label if label.isprintable() else ""
        signer = draw(st.integers(0, signers - 1))
        raw = Zone(f"zone-{number}", document, page, box, signer, kind, draw(st.booleans()), label)
        found.append(placed_within(raw, size))
    return papers, signers, tuple(found)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(placed_zones())
def test_what_the_editor_sends_comes_back_as_it_was(drawn: tuple[tuple[Paper, ...], int, tuple[Zone, ...]]) -> None:
    papers, signers, zones = drawn
    text = write_zones(zones)
    assert read_zones(text, papers=papers, signers=signers) == zones
    assert drawable_zones(text, papers=papers, signers=signers) == [each.as_json() for each in zones]
