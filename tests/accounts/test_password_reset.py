"""A forgotten password: who gets a link, what the link can do, and what is over afterwards."""

import re
from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import hashing, limits
from accounts.models import MailedLink, Session, User
from core import throttle
from core.db import database_now
from core.models import Job
from tests.accounts.steps import SIGN_IN_CODE, begin_half, is_signed_in, type_code, type_password
from tests.cast import PASSWORD, make_user, sign_in
from tests.doubles.smtp_server import SmtpServer
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

EMAIL = "robin@demo.example"
FORGOTTEN, RESET = "/sign-in/forgotten/", "/sign-in/reset/"
NEW = "amber window quiet river"


@pytest.fixture
def robin() -> User:
    return make_user(EMAIL)


def ask(client: Client, email: str = EMAIL, **more: object) -> None:
    """Ask for a link."""
    client.post(FORGOTTEN, {"email": email}, **more)  # type: ignore[arg-type]


def link() -> str:
    """Return the link of the newest mail."""
    found = re.search(r"http\S+#\S+", delivered("email")[0].text)
    assert found
    return found.group()


def secret() -> str:
    """Return the secret of the newest link."""
    return link().partition("#")[2]


def choose(client: Client, with_secret: str, password: str = NEW) -> int:
    """Set a new password by a link and return the answer's status."""
    return client.post(RESET, {"link": with_secret, "new_password": password}).status_code


def test_a_link_sets_a_password_once(client: InspectingClient, robin: User) -> None:
    """Statement 42."""
    ask(client)
    mailed = secret()
    assert choose(client, mailed) == 302
    assert choose(client, mailed, "another quiet amber river") == 422
    assert type_password(client, EMAIL, PASSWORD).status_code == 422
    assert type_password(client, EMAIL, NEW).status_code == 302


def test_a_domain_beyond_ascii_gets_its_link_however_it_is_written(client: InspectingClient) -> None:
    make_user("b@bücher.example")
    ask(client, "b@xn--bcher-kva.example")
    assert choose(client, secret()) == 302
    assert type_password(client, "b@xn--bcher-kva.example", NEW).status_code == 302


def test_the_whole_link_may_be_pasted(client: InspectingClient, robin: User) -> None:
    ask(client)
    assert choose(client, f"  {link()} ") == 302


def test_after_a_reset_nobody_is_signed_in(client: InspectingClient, robin: User) -> None:
    """Statement 39."""
    elsewhere = InspectingClient()
    sign_in(elsewhere, robin)
    ask(client)
    choose(client, secret())
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert not Session.objects.filter(user=robin).exists()


def test_after_a_reset_the_second_factor_is_still_asked(client: InspectingClient) -> None:
    """Statement 39."""
    make_user("casey@demo.example", two_factor=True)
    ask(client, "casey@demo.example")
    choose(client, secret())
    assert type_password(client, "casey@demo.example", NEW).headers["Location"] == SIGN_IN_CODE
    assert not is_signed_in(client)


def test_a_reset_ends_a_half_sign_in(client: InspectingClient) -> None:
    """Statement 39."""
    half, casey = InspectingClient(), make_user("casey@demo.example", two_factor=True)
    code = begin_half(half, casey)
    ask(client, casey.email)
    choose(client, secret())
    type_code(half, code)
    assert not is_signed_in(half)


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_SERVER": "evil.example", "HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_X_ORIGINAL_HOST": "evil.example", "HTTP_X_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "444"},
    ],
)
def test_a_link_begins_with_the_configured_address(
    client: InspectingClient, robin: User, header: dict[str, str]
) -> None:
    """Statement 40."""
    ask(client, **header)
    assert link().startswith("http://testserver/sign-in/reset/#")


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "testserver, evil", ""]
)
def test_a_foreign_host_is_refused(robin: User, host: str) -> None:
    """Statement 40."""
    client = Client()
    assert client.post(FORGOTTEN, {"email": EMAIL}, HTTP_HOST=host).status_code in (200, 400)
    assert all("evil" not in mail.text for mail in delivered("email"))
    if host:
        assert client.get(FORGOTTEN, HTTP_HOST=host).status_code == 400
        assert delivered("email") == []


@pytest.mark.parametrize(
    "body",
    [
        "email=stranger@evil.example&email=robin@demo.example",
        "email=robin@demo.example&email=stranger@evil.example",
        "email[]=robin@demo.example&email[]=stranger@evil.example",
        "email=robin@demo.example,stranger@evil.example",
        "email=robin@demo.example%0ABcc:stranger@evil.example",
        "email=robin@demo.example%0D%0ATo:stranger@evil.example",
        "email=robin@demo.example;stranger@evil.example",
        "email=%22stranger@evil.example%22%20robin@demo.example",
        "email=robin@demo.example%00stranger@evil.example",
    ],
)
def test_at_most_one_mail_to_the_stored_address(robin: User, body: str) -> None:
    """Statement 41."""
    Client().post(FORGOTTEN, body, content_type="application/x-www-form-urlencoded")
    sent = delivered("email")
    assert len(sent) <= 1
    assert all(mail.to == EMAIL for mail in sent)


def test_the_mail_goes_to_the_stored_spelling(client: InspectingClient, robin: User) -> None:
    """Statement 41."""
    ask(client, "ROBIN@Demo.Example")
    assert [mail.to for mail in delivered("email")] == [EMAIL]


def test_a_link_works_for_an_hour(client: InspectingClient, robin: User) -> None:
    """Statement 42."""
    ask(client)
    mailed = secret()
    row = MailedLink.objects.get()
    assert abs(row.expires_at - database_now() - timedelta(minutes=60)) < timedelta(seconds=30)
    MailedLink.objects.update(expires_at=database_now())
    assert choose(client, mailed) == 422
    MailedLink.objects.update(expires_at=database_now() + timedelta(seconds=30))
    assert choose(client, mailed) == 302


def test_a_link_dies_with_the_next_sign_in(client: InspectingClient, robin: User) -> None:
    """Statement 42."""
    ask(client)
    mailed = secret()
    type_password(client, EMAIL)
    assert choose(Client(), mailed) == 422


def test_a_link_dies_with_the_next_link(client: InspectingClient, robin: User) -> None:
    ask(client)
    first = secret()
    ask(client)
    second = secret()
    assert first != second
    assert choose(client, first) == 422
    assert choose(client, second) == 302


def test_a_link_dies_with_a_change_of_password(client: InspectingClient, robin: User) -> None:
    """Statement 42."""
    sign_in(client, robin)
    ask(client)
    mailed = secret()
    client.post("/account/security/password/", {"new_password": NEW})
    assert choose(Client(), mailed) == 422


def test_a_suspended_account_has_no_use_of_its_link(client: InspectingClient, robin: User) -> None:
    ask(client)
    mailed = secret()
    User.objects.update(is_active=False)
    assert choose(client, mailed) == 422


@pytest.mark.parametrize("typed", ["", "x", "#", "A" * 43, "' OR 1=1 --", "\x00", "é" * 43])
def test_a_made_up_link_opens_nothing(client: InspectingClient, robin: User, typed: str) -> None:
    assert choose(client, typed) == 422
    assert type_password(client, EMAIL, PASSWORD).status_code == 302


def test_looking_at_a_link_uses_nothing_up(client: InspectingClient, robin: User) -> None:
    """Statement 43."""
    ask(client)
    mailed = secret()
    for _ in range(3):
        assert client.get(RESET).status_code == client.head(RESET).status_code == 200
        client.get(RESET, {"link": mailed, "new_password": NEW})
    assert type_password(Client(), EMAIL, NEW).status_code == 422
    assert choose(client, mailed) == 302


def test_the_secret_is_in_no_address_the_server_sees(client: InspectingClient, robin: User) -> None:
    """Statement 42."""
    ask(client)
    path, _, mailed = link().partition("#")
    assert path == "http://testserver/sign-in/reset/"
    assert len(mailed) >= 43
    page = client.get(RESET)
    assert page.headers["Referrer-Policy"] == "same-origin"
    answer = client.post(RESET, {"link": mailed, "new_password": NEW})
    assert mailed not in answer.headers["Location"]
    assert mailed not in str(MailedLink.objects.values())


def test_a_weak_password_keeps_the_link_alive(client: InspectingClient, robin: User) -> None:
    ask(client)
    mailed = secret()
    assert choose(client, mailed, "password") == 422
    assert choose(client, mailed) == 302


def test_asking_is_limited_by_address_in_any_spelling(client: InspectingClient, robin: User) -> None:
    """Statement 45."""
    for spelling in (EMAIL, "Robin@demo.example", "robin@DEMO.example"):
        ask(client, spelling)
    answer = client.post(FORGOTTEN, {"email": "ROBIN@DEMO.EXAMPLE"})
    assert answer.status_code == 422
    assert re.search(
        r"A link was asked for several times\. The next one is possible [^(]+\(UTC", answer.content.decode()
    )


def test_asking_is_limited_by_network(client: InspectingClient, robin: User) -> None:
    """Statement 45."""
    throttle.take(limits.RESETS_PER_NETWORK, "203.0.113.0/24", cost=20)
    assert client.post(FORGOTTEN, {"email": EMAIL}, REMOTE_ADDR="203.0.113.9").status_code == 422
    assert throttle.used(limits.RESETS_PER_ADDRESS, EMAIL) == 0
    assert client.post(FORGOTTEN, {"email": EMAIL}, REMOTE_ADDR="203.0.114.9").status_code == 200


def test_a_reset_ends_the_wait_after_wrong_passwords(client: InspectingClient, robin: User) -> None:
    """Statement 14: nobody can lock the owner out."""
    for _ in range(5):
        type_password(client, EMAIL, "not the password at all")
    assert b"you can reset your password" in type_password(client, EMAIL).content
    ask(client)
    choose(client, secret())
    assert type_password(client, EMAIL, NEW).status_code == 302


def test_the_owner_is_told(client: InspectingClient, robin: User) -> None:
    ask(client)
    choose(client, secret())
    assert next(mail.subject for mail in delivered("email")) == "Your password was changed"


def test_a_mail_server_that_is_away_is_not_seen(client: InspectingClient, robin: User, settings: Settings) -> None:
    """Statement 44."""
    with SmtpServer() as gone:
        settings.EMAIL = gone.settings()
    known = client.post(FORGOTTEN, {"email": EMAIL})
    assert delivered("email") == []
    assert Job.objects.get(kind="mail").state == Job.State.PENDING
    unknown = client.post(FORGOTTEN, {"email": "casey@demo.example"})
    assert known.status_code == unknown.status_code == 200


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_link_used_by_many_at_once_sets_one_password(robin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statement 42."""
    # Hashes of one process wait for each other; those of several do not, and so the uses meet in the database.
    monkeypatch.setattr(hashing, "_turn", BoundedSemaphore(8))
    ask(Client())
    mailed = secret()
    answers = on_threads(8, lambda number: choose(Client(), mailed, f"{NEW} {number}"))
    assert sorted(answers) == [302] + [422] * 7
    assert type_password(Client(), EMAIL, f"{NEW} {answers.index(302)}").status_code == 302
