"""Templates: each is used, each that is named exists, and no page shows a variable that nobody gave it.

How components are written is held in tests/portal/test_templates.py, what mails say in tests/accounts/test_mails.py.
"""

import copy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.services import pending_changes
from accounts.services.password_reset import ask_for_reset
from accounts.visitors import Visitor
from tests.accounts.steps import let_wishes_wait
from tests.cast import PASSWORD, make_license, make_user, sign_in
from tests.messaging.items.making import delete, send_item
from tests.messaging.messages.composing import (
    NOAH,
    ZOE,
    composer_values,
    filled,
    press_keep,
    press_send,
    send,
)
from tests.outbox import delivered
from tests.test_role_matrix import MATRIX, ROLES, addresses, browser_of, make_customer

PROJECT = Path(project.BASE_DIR)
FOLDER = PROJECT / "templates"
PACKAGES = ("accounts", "core", "licenses", "messaging", "portal", "signatures")
NAMED = re.compile(r"[\w/.-]+\.(?:html|txt)\b")
MAIL_PARTS = {"subject.txt", "body.txt", "body.html"}

# Django and the web server look for these by their names.
BY_CONVENTION = re.compile(r"(?:400|403|403_csrf|404|500)\.html|admin/(?:\w+/\w+/)?[a-z_]+\.html")
# Leads away from the browser's session; everything else may be posted to, one after the other.
ENDS_THE_SESSION = frozenset({"accounts:sign_out"})

MARK = "⟦%s⟧"
NOWHERE = Visitor(ip_address="192.0.2.7", network="192.0.2.0/24", browser="Firefox", known_browser="")
Act = Callable[[Client], HttpResponseBase]


def name_of(path: Path) -> str:
    """Return a template's name as Django knows it."""
    return path.relative_to(FOLDER).as_posix()


@cache
def templates() -> dict[str, str]:
    """Return every template's text by its name."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".html", ".txt"))
    return {name_of(path): path.read_text(encoding="utf-8") for path in found}


@cache
def code() -> str:
    """Return the portal's code as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for package in PACKAGES for path in modules(package))


def modules(package: str) -> Iterator[Path]:
    """Yield the modules of a package."""
    yield from sorted((PROJECT / package).rglob("*.py"))


def mails() -> set[str]:
    """Return the folder of each mail."""
    return {name.rpartition("/")[0] for name in templates() if re.search(r"/emails/[^/]+/", name)}


def built_on(text: str) -> set[str]:
    """Return the templates that a template extends or includes."""
    tags = re.findall(r"{%-?\s*(?:extends|include|drawn_once)\s.*?%}", text, re.DOTALL)
    return {name for tag in tags for name in NAMED.findall(tag)}


def used() -> set[str]:
    """Return the templates that code renders or templates build on."""
    named = set(re.findall(r'"([\w/.-]+\.(?:html|txt))"', code()))
    return named.union(*(built_on(text) for text in templates().values()))


def test_every_template_is_used() -> None:
    pages = {name for name in templates() if name.rpartition("/")[0] not in mails()}
    assert sorted(name for name in pages - used() if not BY_CONVENTION.fullmatch(name)) == []


def test_every_mail_is_sent_by_somebody_and_has_its_three_parts() -> None:
    for folder in mails():
        assert f'"{folder.rpartition("/")[2]}"' in code() or f'"{folder}"' in code(), folder
        assert {name.rpartition("/")[2] for name in templates() if name.startswith(f"{folder}/")} == MAIL_PARTS, folder


def test_every_template_that_is_built_on_exists() -> None:
    for text in templates().values():
        for name in built_on(text):
            get_template(name)


def test_every_template_that_code_names_exists() -> None:
    named = set(
        re.findall(r'"((?:accounts|activity|components|items|messages|portal|signatures)/[\w/.-]+\.html)"', code())
    )
    assert sorted(named - set(templates())) == []


@pytest.fixture
def _marked(settings: Settings) -> None:
    """Let a template write the name of a variable that it was not given."""
    changed = copy.deepcopy(settings.TEMPLATES)
    changed[0]["OPTIONS"]["string_if_invalid"] = MARK
    settings.TEMPLATES = changed


def undefined_in(response: HttpResponseBase) -> list[str]:
    """Return the names of the variables that a page was not given; nothing for an answer without a page."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return sorted(set(re.findall("⟦(.*?)⟧", response.content.decode())))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_marked")
def test_a_variable_that_nobody_gave_would_be_seen() -> None:
    assert Template("{% if a %}x{% endif %}{% firstof b 'c' %}{{ d }}").render(Context()) == "c⟦d⟧"


@pytest.mark.django_db
@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_variable_nobody_gave_it(role: str) -> None:
    customer = make_customer()
    address, client = addresses(customer), browser_of(role, customer)
    delivered_both()
    names = [name for name in MATRIX if not name.startswith("admin:")]
    assert {name: found for name in names if (found := undefined_in(client.get(address[name])))} == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("role", ROLES)
def test_no_refused_form_shows_a_variable_nobody_gave_it(role: str) -> None:
    customer = make_customer()
    address, client = addresses(customer), browser_of(role, customer)
    names = [name for name in MATRIX if not name.startswith("admin:") and name not in ENDS_THE_SESSION]
    assert {name: found for name in names if (found := undefined_in(client.post(address[name])))} == {}


def delivered_both() -> None:
    """Put a mail and a text into the outbox."""
    user = make_user("both@demo.example", two_factor=True)
    ask_for_reset(email=user.email, visitor=NOWHERE)
    Client().post(reverse("accounts:sign_in"), {"email": user.email, "password": PASSWORD})
    assert delivered("email")
    assert delivered("sms")


def of_user(path: str, prepare: Callable[[User], object], **values: object) -> Act:
    """Return an act: somebody with these values, prepared, signs in and asks for an address."""

    def act(client: Client) -> HttpResponseBase:
        user = make_user("someone@demo.example", **values)  # type: ignore[arg-type]
        prepare(user)
        sign_in(client, user)
        return client.get(path)

    return act


def of_item(path: str, *, is_deleted: bool = False) -> Act:
    """Return an act: somebody asks for the page of an item they sent."""

    def act(client: Client) -> HttpResponseBase:
        user = make_user("someone@demo.example", plan="pro")
        sent = send_item(user)
        if is_deleted:
            delete(sent)
        sign_in(client, user)
        return client.get(path.format(reference=sent.item.reference))

    return act


def waits_for(user: User, number: str | None) -> None:
    """Let a number, 2FA and return protection wait for their proof."""
    wanted = {"two_factor_enabled": True, "return_protection_owner": True}
    pending_changes.propose(user=user, number=number, settings=wanted, in_force={}, visitor=NOWHERE)


def waited_too_long(user: User) -> None:
    """Let a change be dropped for want of a proof."""
    waits_for(user, "+14165550199")
    let_wishes_wait(user, timedelta(days=2))


def waits_in_part(user: User) -> None:
    """Let a number be dropped for want of a proof, and a later wish wait on."""
    wish_twice(user)
    let_wishes_wait(user, timedelta(hours=12))


def wish_twice(user: User) -> None:
    """Let a number wait for its proof, and return protection half a day shorter."""
    waits_for(user, "+14165550199")
    let_wishes_wait(user, timedelta(hours=13))
    wanted = {"return_protection_sms": True}
    pending_changes.propose(user=user, number=None, settings=wanted, in_force={}, visitor=NOWHERE)


def half_signed_in(path: str, data: dict[str, str] | None = None) -> Act:
    """Return an act: the password was right, the code is missing, and an address is asked or posted to."""

    def act(client: Client) -> HttpResponseBase:
        user = make_user("half@demo.example", two_factor=True)
        client.post(reverse("accounts:sign_in"), {"email": user.email, "password": PASSWORD})
        return client.get(path) if data is None else client.post(path, data)

    return act


def of_refused(path: str, status: int) -> Act:
    """Return an act: an address is asked for and refused."""

    def act(client: Client) -> HttpResponseBase:
        sign_in(client, make_user("refused@demo.example"))
        response = client.get(path)
        assert response.status_code == status
        return response

    return act


def without_token(_client: Client) -> HttpResponseBase:
    """Post a form that was not drawn by the portal."""
    return Client(enforce_csrf_checks=True).post(reverse("accounts:sign_in"))


def made_recovery_codes(client: Client) -> HttpResponseBase:
    """Make ten recovery codes and look at them."""
    sign_in(client, make_user("codes@demo.example", two_factor=True))
    return client.post(reverse("accounts:recovery_codes_make"))


def asked_for_reset(client: Client) -> HttpResponseBase:
    """Ask for a link to a new password."""
    return client.post(reverse("accounts:password_forgotten"), {"email": "nobody@demo.example"})


def expired(user: User) -> None:
    """Give a license whose period is over."""
    make_license(user, "trial", expires_at=timezone.now() - timedelta(days=3))


def composing(path: str, plan: str = "pro") -> Act:
    """Return an act: a composer is opened."""
    return of_user(path, lambda user: None, plan=plan)


def refused_message(client: Client) -> HttpResponseBase:
    """Send a message that names nobody."""
    sign_in(client, make_user("someone@demo.example", plan="pro"))
    return press_send(client, composer_values(client))  # type: ignore[no-any-return]


def kept_draft(page: str) -> Act:
    """Return an act: a draft is kept, and one of its pages is opened."""

    def act(client: Client) -> HttpResponseBase:
        sign_in(client, make_user("someone@demo.example", plan="pro"))
        upload = SimpleUploadedFile("terms.pdf", b"%PDF", "application/pdf")
        kept = press_keep(client, filled(composer_values(client), pasted="oops@"), attachments=[upload])
        return client.get(page if page.startswith("/") else kept.headers["Location"] + page)

    return act


def sent_message(page: str, *, is_posted: bool = False, **changes: object) -> Act:
    """Return an act: a message is sent, and one of its pages is opened."""

    def act(client: Client) -> HttpResponseBase:
        item = send(client, make_user("someone@demo.example", plan="pro"), to=(ZOE, NOAH), **changes)
        delivered("email")
        path = page if page.startswith("/") else f"/messages/{item.reference}/{page}"
        return client.post(path) if is_posted else client.get(path)

    return act


def message_sent_twice(client: Client) -> HttpResponseBase:
    """Press *Send* again on the same form."""
    sign_in(client, make_user("someone@demo.example", plan="pro"))
    values = filled(composer_values(client))
    press_send(client, values)
    return press_send(client, values)  # type: ignore[no-any-return]


STATES: dict[str, Act] = {
    "account, number waits": of_user("/account/", lambda user: waits_for(user, "+14165550199"), plan="pro"),
    "account, settings wait": of_user("/account/", lambda user: waits_for(user, None), plan="pro", two_factor=True),
    "account, change was dropped": of_user("/account/", waited_too_long, plan="pro"),
    "account, part was dropped": of_user("/account/", waits_in_part, plan="pro"),
    "account, license expired": of_user("/account/", expired),
    "account, license suspended": of_user("/account/", lambda user: make_license(user, "eco", is_suspended=True)),
    "account, country without texts": of_user("/account/", lambda user: None, default_sms_country="JP"),
    "proof, two ends": of_user("/account/confirm/", wish_twice, plan="pro"),
    "proof, part was dropped": of_user("/account/confirm/", waits_in_part, plan="pro"),
    "proof, code": of_user("/account/confirm/", lambda user: waits_for(user, "+14165550199"), plan="pro"),
    "proof, ready": of_user("/account/confirm/", lambda user: waits_for(user, None), plan="pro", two_factor=True),
    "security, with 2FA": of_user("/account/security/", lambda user: None, two_factor=True),
    "recovery codes": made_recovery_codes,
    "sign-in code": half_signed_in("/sign-in/code/"),
    "sign-in code, wrong": half_signed_in("/sign-in/code/", {"code": "000000"}),
    "recovery code": half_signed_in("/sign-in/recovery/"),
    "recovery code, wrong": half_signed_in("/sign-in/recovery/", {"code": "AAAAA-AAAAA"}),
    "reset asked for": asked_for_reset,
    "statistics": of_user("/account/activity/?part=statistics", lambda user: None, plan="advanced"),
    "log, with rows": of_user("/account/activity/", send_item, plan="pro"),
    "log, nothing found": of_user("/account/activity/?recipient=nobody", send_item, plan="pro"),
    "item": of_item("/account/activity/{reference}/"),
    "item, to be deleted": of_item("/account/activity/{reference}/delete/"),
    "item, deleted before": of_item("/account/activity/{reference}/delete/", is_deleted=True),
    "log, refused filter": of_user("/account/activity/?start_on=never", lambda user: None, plan="eco"),
    "drafts": of_user("/messages/?box=drafts", lambda user: None, plan="eco"),
    "composer": composing("/messages/new/?kind=message"),
    "composer, files": composing("/messages/new/?kind=file"),
    "composer, small plan": composing("/messages/new/?kind=message", "eco"),
    "composer, refused": refused_message,
    "draft": kept_draft(""),
    "draft, preview": kept_draft("preview/"),
    "draft, preview of a page": kept_draft("preview/?part=proof"),
    "draft, to be deleted": kept_draft("delete/"),
    "drafts, some": kept_draft("/messages/?box=drafts"),
    "messages, some": sent_message("/messages/"),
    "message": sent_message(""),
    "message without a copy": sent_message("", is_copy_kept=None),
    "message, on its way": sent_message("sent/"),
    "message, copy": sent_message("copy/", is_posted=True),
    "message, expiry": sent_message("expiry/"),
    "message, refused expiry": sent_message("expiry/", is_posted=True),
    "message, to be deleted": sent_message("delete/"),
    "message, to be deleted for one": sent_message("people/1/delete/"),
    "message, new link": sent_message("people/1/link/"),
    "message sent twice": message_sent_twice,
    "tracking, another state": of_user("/signatures/?state=declined", lambda user: None, plan="pro"),
    "404": of_refused("/nowhere/", 404),
    "403": of_refused("/organization/", 403),
    "form of another site": without_token,
}


@pytest.mark.django_db
@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("state", STATES)
def test_no_state_of_a_page_shows_a_variable_nobody_gave_it(state: str) -> None:
    response = STATES[state](Client())
    assert response.headers["Content-Type"].startswith("text/html"), response.status_code
    assert undefined_in(response) == []
