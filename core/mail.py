"""Mails: three templates each, written as jobs, handed to the mail server or to the outbox by the worker.

The Message-ID is fixed when the mail is written, so that a repeated handing over is seen as the same mail.
Source: RFC 5322 section 3.6.4; docs/decisions/0004-jobs.md
"""

import smtplib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from core import cultures, jobs, outbox_files
from core.db import database_now
from core.limits import MAIL_GIVEN_UP_SECONDS

PERMANENT_FAILURE = 500

_is_past: ContextVar[bool] = ContextVar("mails are of the past", default=False)


def send_mail(
    *,
    to: str,
    template: str,
    context: dict[str, object],
    language: str,
    habits: cultures.Habits,
    reply_to: str = "",
    kind: str = "mail",
    beside: Mapping[str, object] = MappingProxyType({}),
    dedupe_key: str | None = None,
) -> None:
    """Write a mail as a job in the caller's transaction.

    Args:
        to: one address, as stored; never one that was only typed.
        template: folder below templates with subject.txt, body.txt and body.html; the bodies know the subject.
        language: "en" or "fr".
        habits: how the reader wants dates and numbers.
        reply_to: address that an answer by mail goes to; empty for the portal's own.
        kind: of the job, where somebody wants to know what became of the mail; its handler calls `deliver_mail`.
        beside: what that handler needs besides the mail.
        dedupe_key: where a mail of this key was written already, none is written again.
    """
    if _is_past.get():
        return
    with translation.override(language), cultures.override(habits):
        everything = {"portal_name": settings.PORTAL_NAME, "support_email": settings.SUPPORT_EMAIL, **context}
        everything["subject"] = subject = " ".join(render_to_string(f"{template}/subject.txt", everything).split())
        text = render_to_string(f"{template}/body.txt", everything)
        html = render_to_string(f"{template}/body.html", everything)
    mail = {"to": to, "reply_to": reply_to, "subject": subject, "text": text, "html": html}
    jobs.enqueue(
        kind=kind,
        payload={**mail, "message_id": _message_id(), **beside},
        dedupe_key=dedupe_key,
        give_up_at=database_now() + timedelta(seconds=MAIL_GIVEN_UP_SECONDS),
    )


@contextmanager
def mails_of_the_past() -> Iterator[None]:
    """Write no mail in this block: the demo tells of acts whose mails went out long ago.

    Raises:
        ImproperlyConfigured: outside a demo, where no mail is ever left out.
    """
    if not settings.IS_DEMO:
        raise ImproperlyConfigured("Only a demo has a past without mails.")
    token = _is_past.set(True)
    try:
        yield
    finally:
        _is_past.reset(token)


@jobs.handler("mail")
def deliver_mail(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Hand one mail to the outbox or to the mail server."""
    to, reply_to, subject = str(payload["to"]), str(payload.get("reply_to", "")), str(payload["subject"])
    text, html = str(payload["text"]), str(payload["html"])
    if settings.EMAIL.kind == "outbox":
        outbox_files.write_entry(channel="email", to=to, subject=subject, text=text, html=html)
        return
    mail = EmailMultiAlternatives(subject, text, settings.MAIL_FROM, [to], reply_to=[reply_to] if reply_to else None)
    mail.extra_headers["Message-ID"] = str(payload["message_id"])
    mail.attach_alternative(html, "text/html")
    try:
        # Django 5.2 leaves the socket open where the conversation fails before the mail.
        with closing(_connection()) as mail.connection:
            mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        if _is_refused_for_good(refusal):
            raise jobs.GiveUp("refused by the mail server") from None
        raise jobs.TryLater from None
    except (smtplib.SMTPException, OSError):
        raise jobs.TryLater from None


def _is_refused_for_good(refusal: smtplib.SMTPRecipientsRefused) -> bool:
    """Tell a mailbox that does not exist from one that asks to come back later (greylisting, RFC 6647)."""
    return all(code >= PERMANENT_FAILURE for code, _text in refusal.recipients.values())


def _connection() -> BaseEmailBackend:
    server = settings.EMAIL
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=10,
    )


def _message_id() -> str:
    return f"<{uuid.uuid4()}@{urlsplit(settings.PUBLIC_URL).hostname}>"
