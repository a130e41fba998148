"""A whole way of a person outside, recorded: the secret of the link stands nowhere."""

import logging
import uuid

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from core.crypto.links import new_secret
from core.models import Job
from messaging.items.services.delivering import MAIL_KIND
from messaging.items.services.links import to_text
from messaging.messages.letters import write_link_mail
from tests.messaging.items.making import ADDRESS
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import TERMS, coded, send_message
from tests.outbox import delivered

pytestmark = pytest.mark.django_db


def everything_kept() -> str:
    """Return each value of each row; bytes as they are, and as text of both alphabets."""
    found = []
    for model in apps.get_models():
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                if isinstance(field, models.BinaryField) and value is not None:
                    found += [bytes(value).decode("latin-1"), bytes(value).hex(), to_text(bytes(value))]
                else:
                    found.append(str(value))
    return "\n".join(found)


def test_statement_88_the_secret_stands_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("django", "portal"):
        logging.getLogger(name).propagate = True
    person = coded()
    sent = send_message(people=[person], files=[TERMS], is_read_receipt_asked=True)
    write_link_mail(made=sent.links[0], subject="", code=person.secret.value)
    outsider = Outsider(sent.links[0])
    secret = outsider.link.secret.reveal()
    assert Job.objects.get(kind=MAIL_KIND).body is not None
    waiting = everything_kept()
    led = outsider.client.get(f"{outsider.url('link')}%23{to_text(secret)}")
    assert (led.status_code, led.content) == (303, b"")
    answers = [outsider.look(), outsider.give(new_secret()), outsider.give()]
    answers.append(outsider.client.get(outsider.url("link_proof")))
    answers.append(outsider.client.post(outsider.url("link_code_missing")))
    answers.append(outsider.answer(code="wrong"))
    answers.append(outsider.answer(code=person.secret.value))
    answers.append(outsider.read())
    answers.append(outsider.client.get(outsider.url("link_files")))
    paper = SimpleUploadedFile("paper.pdf", b"paper")
    form = {"text": "I agree.", "form_key": str(uuid.uuid4()), "uploads": [paper]}
    answers.append(outsider.client.post(outsider.url("link_reply"), form))
    answers.append(outsider.client.get(answers[-1].url))
    assert [answer.status_code for answer in answers] == [200, 404, 302, 200, 302, 422, 302, 200, 200, 302, 200]
    mails = delivered("email")
    # The mail that carries the link is where secret and code belong; the job it waited in told neither.
    (link_mail,) = [mail for mail in mails if to_text(secret) in mail.text]
    assert (link_mail.to, person.secret.value in link_mail.text) == (ADDRESS, True)
    mails.remove(link_mail)
    assert len(mails) == 3
    seen = [str(answer.headers) + (answer.getvalue().decode("latin-1") if answer.streaming else answer.content.decode())
            for answer in answers]  # fmt: skip
    seen += [mail.subject + mail.text + mail.html for mail in mails]
    seen += [f"{line.getMessage()} {line.__dict__}" for line in caplog.records]
    seen += [waiting, everything_kept()]
    for canary in (to_text(secret), secret.hex(), person.secret.value):
        assert [text for text in seen if canary in text] == [], canary
