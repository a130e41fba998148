"""Mails about one's account: both languages, both parts, nothing missing, nothing that somebody else wrote."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings as project
from django.template import engines

from accounts.models import User
from accounts.services import notices
from accounts.services.support import Change
from accounts.visitors import Visitor
from core.outbox_files import Entry
from tests.cast import make_organization, make_user
from tests.outbox import delivered

FOLDER = Path(project.BASE_DIR, "templates", "accounts", "emails")
XHTML = "{http://www.w3.org/1999/xhtml}"
AT = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
SECRET = "hT4mW8pZ1cR6yB9nL3vK7sD2fG5jQ0xAhT4mW8pZ1cR"
LINK = f"http://testserver/sign-in/reset/#{SECRET}"
VISITOR = Visitor(
    ip_address="203.0.113.7",
    network="203.0.113.0/24",
    browser="Win <b>a prize</b> at https://evil.example (Windows) Firefox/145.0",
    known_browser="",
)
LINKED = {"link": LINK, "secret": SECRET, "expires_at": AT + timedelta(hours=1)}
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Case:
    """One mail with what it is told beyond what every mail knows."""

    name: str
    more: dict[str, object] = field(default_factory=dict)
    visitor: Visitor | None = VISITOR

    def __str__(self) -> str:
        return f"{self.name}{sorted(self.more.items())[:1] or ''}"[:40]


CASES = [
    Case("password_locked"),
    Case("second_factor_failed"),
    Case("number_changed", {"last_digits": "0187", **LINKED}),
    Case("number_changed", {"last_digits": "", **LINKED}),
    Case("two_factor_on"),
    Case("two_factor_off"),
    Case("password_reset", LINKED),
    Case("two_factor_reset", LINKED, visitor=None),
    Case("password_changed"),
    *(Case("recovery_code_used", {"codes_left": left}) for left in (0, 1, 9)),
    Case(
        "support_changed",
        {"reason": "You asked by phone.", "changes": [Change("Name", "Robin & Co", None), Change("Active", True, AT)]},
        visitor=None,
    ),
    Case("welcome", {**LINKED, "organization_name": "Dupont & Fils <Québec>"}, visitor=None),
    Case("email_confirm", {**LINKED, "person_name": ""}, visitor=None),
    Case("email_taken", {"person_name": ""}, visitor=None),
    Case("email_change_asked"),
    Case("email_changed", LINKED),
    Case("change_undone", {"last_digits": "0187", "changed_at": AT, **LINKED}),
    Case("change_undone", {"last_digits": "", "changed_at": AT, **LINKED}),
    Case("email_lost", {"person_name": ""}),
]
NAMED_CASES = [case for case in CASES if "person_name" not in case.more]
every_mail = pytest.mark.parametrize("case", CASES, ids=str)
in_both = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def reader(db: None) -> User:
    organization = make_organization("Dupont & Fils")
    return make_user("robin@demo.example", organization=organization, first_name="Amélie", last_name="D'Amours <i>")


def mailed(reader: User, case: Case, language: str) -> Entry:
    """Write a mail to a reader of a language and return it as delivered."""
    reader.language, reader.date_culture = language, f"{language}-CA"
    notices.tell(user=reader, template=case.name, visitor=case.visitor, at=AT, **case.more)
    mail = delivered("email")[0]
    return mail


def page_of(mail: Entry) -> Element:
    """Parse the HTML part; a fault of its nesting is an error."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True)
    page: Element = parser.parse(mail.html)
    return page


def words(text: str) -> str:
    return " ".join(text.split())


def spoken(page: Element) -> str:
    """Return the words of the HTML part as a reader sees them."""
    body = next(page.iter(f"{XHTML}body"))
    return words(" ".join(body.itertext()))


def hrefs(page: Element) -> set[str]:
    return {element.get("href", "") for element in page.iter(f"{XHTML}a")}


def test_every_mail_is_tried_here() -> None:
    assert {case.name for case in CASES} == {path.name for path in FOLDER.iterdir() if path.is_dir()}
    for name in {case.name for case in CASES}:
        assert {path.name for path in (FOLDER / name).iterdir()} == {"subject.txt", "body.txt", "body.html"}


def test_every_mail_that_code_names_exists_and_the_other_way_round() -> None:
    code = "".join(path.read_text() for path in Path(project.BASE_DIR, "accounts", "services").glob("*.py"))
    quoted, named = set(re.findall(r'"([a-z_]+)"', code)), "".join(re.findall(r"template=([^,]+),", code))
    folders = {case.name for case in CASES}
    assert folders <= quoted
    assert set(re.findall(r'"([a-z_]{2,})"', named)) <= folders


@every_mail
@in_both
def test_a_mail_knows_every_variable_it_names(
    reader: User, case: Case, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "UNKNOWN %s")  # type: ignore[attr-defined]
    mail = mailed(reader, case, language)
    assert re.findall(r"UNKNOWN \S+", mail.subject + mail.text + mail.html) == []


@every_mail
@in_both
def test_the_subject_is_one_line_without_anything_personal(reader: User, case: Case, language: str) -> None:
    subject = mailed(reader, case, language).subject
    assert 10 < len(subject) < 78
    assert subject.isprintable()
    for private in (SECRET, "Amélie", "robin@", VISITOR.ip_address, "0187", "http"):
        assert private not in subject


@every_mail
@in_both
def test_the_subject_is_the_heading_of_both_parts(reader: User, case: Case, language: str) -> None:
    mail = mailed(reader, case, language)
    page = page_of(mail)
    assert mail.text.splitlines()[0] == mail.subject
    assert [words("".join(h1.itertext())) for h1 in page.iter(f"{XHTML}h1")] == [mail.subject]
    assert words("".join(next(page.iter(f"{XHTML}title")).itertext())) == mail.subject
    assert next(page.iter(f"{XHTML}html")).get("lang") == language


@every_mail
@in_both
def test_both_parts_say_the_same(reader: User, case: Case, language: str) -> None:
    mail = mailed(reader, case, language)
    shown = spoken(page_of(mail))
    lines = [words(line) for line in mail.text.splitlines() if line.strip(" -")]
    assert [line for line in lines if line not in shown] == []


@every_mail
@in_both
def test_only_the_one_link_of_a_mail_can_be_followed(reader: User, case: Case, language: str) -> None:
    mail = mailed(reader, case, language)
    expected = {LINK} if "link" in case.more else set()
    assert hrefs(page_of(mail)) == expected
    assert set(re.findall(r"https?://\S+", mail.text)) == expected


@every_mail
def test_nothing_is_loaded_and_nothing_runs(reader: User, case: Case) -> None:
    page = page_of(mailed(reader, case, "en"))
    tags = {str(element.tag).removeprefix(XHTML) for element in page.iter()}
    assert not tags & {"img", "link", "script", "iframe", "form", "input"}
    assert not [element for element in page.iter() if "src" in element.attrib or "background" in element.attrib]
    assert all(table.get("role") == "presentation" for table in page.iter(f"{XHTML}table"))


@every_mail
@in_both
def test_a_mail_says_when_and_from_where(reader: User, case: Case, language: str) -> None:
    text = mailed(reader, case, language).text
    when = {"en": "When: November 21, 2026, 10:30\u00a0a.m. (UTC−05:00)", "fr": "21 novembre 2026, 10\u00a0h\u00a030"}
    assert when[language] in text
    assert (VISITOR.ip_address in text) == (case.visitor is not None)
    firefox = {"en": "Firefox on Windows", "fr": "Firefox sur Windows"}
    assert (firefox[language] in text) == (case.visitor is not None)


@every_mail
@in_both
def test_a_mail_says_what_to_do_if_it_was_not_you(reader: User, case: Case, language: str) -> None:
    text = mailed(reader, case, language).text
    doubt = {
        "en": r"If (it was not you|you did not expect it):|somebody else may know",
        "fr": r"Si (ce n’était pas vous|vous ne vous y)|quelqu’un d’autre pourrait",
    }
    never = {"en": "We never ask for a password", "fr": "Nous ne demandons jamais de mot de passe"}
    assert re.search(doubt[language], text)
    assert never[language] in text
    assert project.SUPPORT_EMAIL in text


@every_mail
def test_what_a_stranger_sends_as_browser_is_never_repeated(reader: User, case: Case) -> None:
    mail = mailed(reader, case, "en")
    assert "prize" not in mail.text + mail.html
    assert "evil.example" not in mail.text + mail.html


@pytest.mark.parametrize("case", NAMED_CASES, ids=str)
def test_names_are_escaped_in_html_and_plain_in_text(reader: User, case: Case) -> None:
    mail = mailed(reader, case, "en")
    assert "D'Amours <i>," in mail.text
    assert "&lt;i&gt;" in mail.html
    assert "<i>" not in mail.html
    assert "&amp;" not in mail.text


def test_a_stranger_is_greeted_without_a_name(reader: User) -> None:
    mail = mailed(reader, Case("email_taken", {"person_name": ""}, visitor=None), "en")
    assert "\nHello,\n" in mail.text
    assert "Hello," in spoken(page_of(mail))


@every_mail
def test_french_is_french(reader: User, case: Case) -> None:
    english, french = mailed(reader, case, "en"), mailed(reader, case, "fr")
    assert english.subject != french.subject
    known = {"", "--", project.PORTAL_NAME, LINK, SECRET}
    both = {line.strip() for line in english.text.splitlines()} & {line.strip() for line in french.text.splitlines()}
    assert both <= known


@pytest.mark.parametrize(
    ("left", "said"),
    [(0, "It was the last one."), (1, "You have 1 recovery code left."), (9, "You have 9 recovery codes left.")],
)
def test_the_codes_that_remain_are_counted(reader: User, left: int, said: str) -> None:
    assert said in mailed(reader, Case("recovery_code_used", {"codes_left": left}), "en").text


def test_a_removed_number_is_not_called_changed(reader: User) -> None:
    changed = mailed(reader, Case("number_changed", {"last_digits": "0187", **LINKED}), "en")
    assert changed.subject == "Your cell number was changed"
    assert "ending in 0187" in changed.text


def test_without_a_number_codes_are_not_promised(reader: User) -> None:
    removed = mailed(reader, Case("number_changed", {"last_digits": "", **LINKED}), "en")
    assert removed.subject == "Your cell number was removed"
    assert "ending in" not in removed.text


def test_what_support_changed_is_listed_with_the_reason(reader: User) -> None:
    text = mailed(reader, next(case for case in CASES if case.name == "support_changed"), "en").text
    assert "Name: Robin & Co → none\n" in text
    assert "Active: yes → November 21, 2026, 10:30\u00a0a.m.\n" in text
    assert "Reason: You asked by phone." in text
