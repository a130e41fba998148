"""Mails on their way to a mail server: once, to one address, never in clear where encryption was asked for."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from accounts.services import notices
from core import cultures, jobs
from core.db import database_now
from core.jobs import enqueue
from core.mail import send_mail
from core.models import Job
from core.outbox_files import read_entries
from portal.env_services import EmailSettings
from tests.cast import make_user
from tests.doubles.smtp_server import SmtpServer
from tests.outbox import run_due_jobs

pytestmark = pytest.mark.django_db

TEMPLATE = "accounts/emails/password_changed"
CONTEXT: dict[str, object] = {"person_name": "Robin", "ip_address": "", "browser": ""}


@pytest.fixture
def server(settings: Settings) -> Iterator[SmtpServer]:
    """The mail server, and the portal's setting leading to it."""
    with SmtpServer() as double:
        settings.EMAIL = double.settings()
        yield double


@pytest.fixture
def reader() -> User:
    return make_user("robin@demo.example", first_name="Zoë", last_name="O'Brien & Søn")


def write(*, to: str = "robin@demo.example", language: str = "en", **context: object) -> None:
    """Write a mail with a template of the portal."""
    everything = {"at": database_now(), **CONTEXT, **context}
    send_mail(to=to, template=TEMPLATE, context=everything, language=language, habits=cultures.Habits())


def part(mail: EmailMessage, kind: str) -> str:
    """Return one of the two bodies."""
    (found,) = [each for each in mail.walk() if each.get_content_type() == kind]
    return str(found.get_content())


def try_again() -> None:
    """Let what waits be due, and work."""
    Job.objects.filter(state=Job.State.PENDING).update(next_at=database_now())
    run_due_jobs()


def test_a_mail_arrives_once_with_both_bodies(server: SmtpServer, settings: Settings) -> None:
    write()
    run_due_jobs()
    run_due_jobs()
    (mail,) = server.mails
    assert server.recipients == ["robin@demo.example"]
    assert (mail["To"], mail["From"]) == ("robin@demo.example", settings.MAIL_FROM)
    assert mail["Subject"] == "Your password was changed"
    assert "Hello Robin," in part(mail, "text/plain")
    assert "Hello Robin," in part(mail, "text/html")
    assert Job.objects.get().state == Job.State.DONE


def test_nothing_leaves_before_the_worker_comes(server: SmtpServer) -> None:
    write()
    assert server.commands == []


def test_a_mail_whose_answer_got_lost_keeps_its_message_id(server: SmtpServer) -> None:
    server.answers.append(("END", ""))
    write()
    run_due_jobs()
    assert Job.objects.get().state == Job.State.PENDING
    try_again()
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert str(first["Message-ID"]).endswith("@testserver>")


def test_every_mail_has_a_message_id_of_its_own(server: SmtpServer) -> None:
    write()
    write()
    run_due_jobs()
    assert len({str(mail["Message-ID"]) for mail in server.mails}) == 2


def test_an_address_refused_for_good_is_given_up(server: SmtpServer) -> None:
    server.answers.append(("RCPT", "550 no such mailbox"))
    write()
    run_due_jobs()
    job = Job.objects.get()
    assert (job.state, job.reason) == (Job.State.FAILED, "refused by the mail server")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "450 greylisted, come back later"),
        ("RCPT", "451 try again"),
        ("MAIL", "452 no room"),
        ("EHLO", ""),
        ("DATA", "421 closing"),
        ("END", "451 try again"),
    ],
)
def test_a_mail_refused_for_now_is_tried_again(server: SmtpServer, command: str, answer: str) -> None:
    server.answers.append((command, answer))
    write()
    run_due_jobs()
    assert Job.objects.get().state == Job.State.PENDING
    server.answers.clear()
    try_again()
    assert Job.objects.get().state == Job.State.DONE


def test_a_server_that_is_away_gets_the_mail_later(settings: Settings) -> None:
    with SmtpServer() as gone:
        settings.EMAIL = gone.settings()
    write()
    run_due_jobs()
    assert Job.objects.get().state == Job.State.PENDING


def test_a_server_without_starttls_gets_no_mail(server: SmtpServer, settings: Settings) -> None:
    settings.EMAIL = server.settings("starttls")
    write()
    run_due_jobs()
    assert (server.mails, server.recipients) == ([], [])
    assert Job.objects.get().state == Job.State.PENDING


def test_a_mail_is_given_up_after_a_day(server: SmtpServer) -> None:
    write()
    job = Job.objects.get()
    assert job.give_up_at is not None
    assert abs(job.give_up_at - job.created_at - timedelta(days=1)) < timedelta(seconds=5)


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\n "])
def test_no_name_begins_a_header(server: SmtpServer, settings: Settings, break_: str) -> None:
    """Statement 99."""
    settings.PORTAL_NAME = f"Portal{break_}Bcc: stranger@evil.example"
    write(person_name=f"Robin{break_}Bcc: stranger@evil.example")
    run_due_jobs()
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert server.recipients == ["robin@demo.example"]


def test_an_address_with_a_line_break_gets_nothing(server: SmtpServer) -> None:
    """Statement 41."""
    enqueue(
        kind="mail",
        payload={
            "to": "robin@demo.example\nBcc: stranger@evil.example",
            "subject": "s",
            "text": "t",
            "html": "h",
            "message_id": "<1@testserver>",
        },
    )
    run_due_jobs()
    assert (server.mails, server.recipients) == ([], [])


def test_names_are_written_as_they_are_in_text_and_escaped_in_html(server: SmtpServer, reader: User) -> None:
    notices.tell(user=reader, template="password_changed")
    run_due_jobs()
    (mail,) = server.mails
    assert "Hello Zoë O'Brien & Søn," in part(mail, "text/plain")
    assert "O&#x27;Brien &amp; Søn" in part(mail, "text/html")


def test_a_mail_speaks_its_readers_language_and_leaves_ours(server: SmtpServer) -> None:
    with translation.override("en"):
        write(language="fr")
        assert translation.get_language() == "en"
    write(language="en")
    run_due_jobs()
    french, english = server.mails
    assert str(french["Subject"]) != str(english["Subject"])
    assert "Bonjour" in part(french, "text/plain")


def test_without_a_mail_server_mails_are_files(settings: Settings) -> None:
    settings.EMAIL = EmailSettings(kind="outbox")
    write()
    run_due_jobs()
    (entry,) = read_entries(10)
    assert (entry.channel, entry.to, entry.subject) == ("email", "robin@demo.example", "Your password was changed")


def test_no_address_is_in_the_queue_in_clear(server: SmtpServer) -> None:
    write()
    job = Job.objects.get()
    assert job.body is not None
    assert b"robin" not in bytes(job.body)
    assert "robin" not in str(job)


def test_a_fault_of_the_server_tells_the_log_no_address(server: SmtpServer, caplog: pytest.LogCaptureFixture) -> None:
    jobs.logger.propagate = True
    try:
        server.answers.append(("RCPT", "550 robin@demo.example is unknown here"))
        write()
        run_due_jobs()
    finally:
        jobs.logger.propagate = False
    assert "robin" not in caplog.text
    assert "robin" not in Job.objects.get().reason
