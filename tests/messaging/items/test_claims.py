"""The three claims about stolen data, each by a thief who knows the whole program.

C1: data and backups without the key directory open nothing. C2: with it, a message sent without a copy, whose link one
does not have, stays closed. C3: the link and the data without the key directory open nothing.
"""

import base64
import gzip
import logging
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from core import keys
from core.crypto.links import new_secret
from core.crypto.sealing import SealBroken, unseal
from core.crypto.secret import Secret
from core.db import database_now
from core.models import Job
from core.outbox_files import FOLDER as OUTBOX
from messaging.items.choices import Proof, ReturnKind
from messaging.items.errors import ContentDamaged, CopyMissing
from messaging.items.manifests import FileEntry, Manifest, open_manifest
from messaging.items.models import Content, Item, Link, Return
from messaging.items.services.account_keys import account_key_of, labels_of, open_for, sealed_labels
from messaging.items.services.controlling import change_end, copied_key, copied_manifest
from messaging.items.services.gates import GateSecret, agreed_password
from messaging.items.services.links import SECRET_BYTES, data_key_of, from_text, to_text
from messaging.items.services.returning import returned_key, returned_manifest, take_in
from messaging.items.services.visiting import new_cookie
from messaging.items.visits import COOKIE
from tests.cast import sign_in
from tests.messaging.items.making import BODY, SUBJECT, Sent, make_sender, open_link, send_item, visitor, with_proof
from tests.messaging.messages.composing import ZOE, composer_values, filled, press_keep, press_send, values_of
from tests.messaging.outside.browser import AGENT
from tests.outbox import CODE, delivered
from tests.rows import Rows, all_rows

pytestmark = pytest.mark.django_db

FILE_NAME, PASSWORD, HINT = "canary-file-name.pdf", "canary password", "the usual one"
TITLE, TEXT = "Canary title of a letter", "Canary text: the house goes to the dog."
REPLY, REPLY_NAME = "Canary reply: I agree to every word.", "canary-reply-name.pdf"
UPLOAD_BEGINS = "Canary page of an upload: the deed of the house, signed.\n"
LINK = re.compile(r"/o/([\w-]{22})#([\w-]{43})")
MANIFEST = Manifest(SUBJECT, BODY, (FileEntry("0" * 32, FILE_NAME, "application/pdf", 9, "00"),))


@contextmanager
def another_key_directory(folder: Path) -> Iterator[None]:
    """Run as a thief does, with the data and a key directory of their own."""
    before = settings.KEY_DIR
    keys.create_missing_keys(folder, database_now().date())
    settings.KEY_DIR = folder
    keys._cached.cache_clear()
    try:
        yield
    finally:
        settings.KEY_DIR = before
        keys._cached.cache_clear()


def everything_stored(*, without: str = "") -> bytes:
    """Return every value of every table, and every file of the data directory but the keys.

    Args:
        without: folder of the data directory that is left out.
    """
    rows = [
        repr([bytes(value) if isinstance(value, memoryview) else value for value in row]).encode()
        + b"".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
        for model in apps.get_models()
        for row in model._default_manager.order_by("pk").values_list()
    ]
    files = [
        path.read_bytes()
        for path in Path(settings.DATA_DIR).rglob("*")
        if path.is_file()
        and not {Path(settings.KEY_DIR), Path(settings.DATA_DIR, without or "-")} & set(path.parents)
        and not path.name.startswith("test.sqlite3")
    ]
    return b"\n".join(rows + files)


def backup() -> bytes:
    """Return what a backup of the database holds: the file with its free pages, or what `pg_dump` copies."""
    connection.ensure_connection()
    raw = connection.connection
    if connection.vendor == "sqlite":
        return bytes(raw.serialize())
    dumped = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            with cursor.copy(f"COPY {model._meta.db_table} TO STDOUT") as copy:
                dumped += [bytes(line) for line in copy]
    return b"".join(dumped)


def disguises(value: bytes) -> list[bytes]:
    """Return the forms in which a value could lie about."""
    as_text = [value.hex().encode(), base64.b64encode(value)[:-4], value.decode("latin-1").encode("utf-16-le")]
    return [value, *as_text, gzip.compress(value, mtime=0)[10:30]]


def sent_with(proof: Proof, *, is_copy_kept: bool) -> Sent:
    secret = agreed_password(PASSWORD, hint=HINT) if proof is Proof.ITEM_PASSWORD else GateSecret()
    return send_item(make_sender(), [with_proof(proof, secret=secret)], manifest=MANIFEST, is_copy_kept=is_copy_kept)


def test_statement_103_nothing_secret_is_stored() -> None:
    sent = sent_with(Proof.ITEM_PASSWORD, is_copy_kept=True)
    cookie = new_cookie()
    open_link(sent.links[0], cookie=cookie, answer=PASSWORD)
    stored = everything_stored() + backup()
    secret = sent.links[0].secret.reveal()
    canaries = [SUBJECT, BODY, FILE_NAME, PASSWORD, to_text(secret), cookie]
    for canary in [secret, sent.data_key.reveal(), *(text.encode() for text in canaries)]:
        for disguise in disguises(canary):
            assert disguise not in stored
    assert HINT.encode() in stored, "the search finds what is there"


def test_statement_103_nothing_of_a_whole_way_is_stored(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As people do it: a draft with a file, sent with an opening code, mailed, opened and answered with a file."""
    # There is no folder for temporary files: an upload that wrote one would fail.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    caplog.set_level(logging.DEBUG)
    for name in ("django", "portal"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    sign_in(client, make_sender())
    written = filled(composer_values(client), proof="opening_code", subject=TITLE, body=TEXT)
    kept = press_keep(client, written, attachments=upload(FILE_NAME))
    stored = [everything_stored(), backup()]
    assert press_send(client, values_of(client.get(kept.headers["Location"]))).status_code == 302
    assert Job.objects.exclude(body=None).count() == 1
    stored += [everything_stored(), backup()]
    waiting = all_rows()
    (mail,) = delivered("email")
    ((locator, secret),), (code, *_more) = set(LINK.findall(mail.text)), CODE.findall(mail.text)
    outsider = Client(headers={"user-agent": AGENT})
    for step, values in (("", {"link": secret}), ("/proof", {"code": code})):
        assert outsider.post(f"/o/{locator}{step}", values).status_code == 302
    assert TEXT in outsider.get(f"/o/{locator}/message").content.decode()
    answer = {"text": REPLY, "form_key": str(uuid.uuid4()), "uploads": [upload(REPLY_NAME)]}
    assert outsider.post(f"/o/{locator}/reply", answer).status_code == 302
    stored += [everything_stored(without=OUTBOX), backup()]
    assert ZOE.encode() in stored[-1], "the search finds what is in a backup"
    seen = b"\n".join([*stored, *(str(line.__dict__).encode() for line in caplog.records)])
    assert ZOE.encode() in seen, "the search finds what is there"
    canaries = [TITLE, TEXT, FILE_NAME, UPLOAD_BEGINS, REPLY, REPLY_NAME]
    canaries += [secret, outsider.cookies[settings.COOKIE_PREFIX + COOKIE].value]
    for canary in [from_text(secret, SECRET_BYTES) or b"", *(text.encode() for text in canaries)]:
        assert [form for form in disguises(canary) if form in seen] == [], canary
    for rows in (waiting, all_rows()):
        assert [value for value in values_in(rows) if holds_code(value, code)] == []


def upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, UPLOAD_BEGINS.encode() * 50_000, "application/pdf")


def values_in(rows: Rows) -> Iterator[Any]:
    return (value for table in rows.values() for row in table for value in row.values())


def holds_code(value: Any, code: str) -> bool:
    """Tell whether a code stands in a value by itself; six digits in a row are in many a digest and instant."""
    if isinstance(value, bytes):
        return code.encode() in value
    return isinstance(value, str) and re.search(rf"\b{code}\b", value) is not None


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.ITEM_PASSWORD])
def test_statement_104_c1_data_without_keys_opens_nothing(proof: Proof, tmp_path: Path) -> None:
    sent = sent_with(proof, is_copy_kept=True)
    with another_key_directory(tmp_path / "keys"):
        item, owner = Item.objects.get(pk=sent.item.pk), account_key_of(sent.item.sender)
        with pytest.raises(SealBroken):
            open_for(owner, bytes(item.copy_box or b""), whole_id=item.whole_id, week_on=item.week_on)
        assert_no_key_fits(sent)


def test_statement_105_c2_keys_without_the_link_open_no_message_sent_without_a_copy() -> None:
    sent = sent_with(Proof.NONE, is_copy_kept=False)
    with pytest.raises(CopyMissing):
        copied_key(Item.objects.get(pk=sent.item.pk), at=database_now())
    assert_no_key_fits(sent)
    for guess in (new_secret() for _ in range(20)):
        with pytest.raises(SealBroken):
            data_key_of(link_of(sent), guess, at=database_now())


def test_statement_105_c2_the_bodies_of_old_mails_stay_closed_with_the_key_directory(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody steals the data, with a mail that waits or was kept in a backup, and all keys eight days later."""
    sign_in(client, make_sender())
    written = filled(composer_values(client), proof="opening_code", subject=TITLE, body=TEXT)
    assert press_send(client, written).status_code == 302
    job = Job.objects.exclude(body=None).get()
    assert LINK.search(opened_body(job)), "its body holds the link, and opens while its key is there"
    stolen = tmp_path / "keys"
    shutil.copytree(settings.KEY_DIR, stolen)
    monkeypatch.setattr(settings, "KEY_DIR", stolen)
    keys.destroy_old_keys(stolen, job.body_key_on + timedelta(days=8))
    with pytest.raises(ImproperlyConfigured):
        opened_body(job)
    for path in filter(Path.is_file, stolen.rglob("*")):
        with pytest.raises(SealBroken):
            unseal(path.read_bytes()[:32], bytes(job.body or b""), place=f"job:{job.key}")


def opened_body(job: Job) -> str:
    return unseal(keys.daily(job.body_key_on), bytes(job.body or b""), place=f"job:{job.key}").decode()


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.ITEM_PASSWORD])
def test_statement_106_c3_link_and_data_without_keys_open_nothing(proof: Proof, tmp_path: Path) -> None:
    sent = sent_with(proof, is_copy_kept=True)
    with another_key_directory(tmp_path / "keys"), pytest.raises((SealBroken, ImproperlyConfigured)):
        data_key_of(link_of(sent), sent.links[0].secret, at=database_now())


def test_the_same_thief_with_everything_does_open_it() -> None:
    """The three tests above could pass for a wrong reason: with link, data and keys the content opens."""
    sent = sent_with(Proof.ITEM_PASSWORD, is_copy_kept=False)
    key = data_key_of(link_of(sent), sent.links[0].secret, at=database_now())
    sealed = Content.objects.get(whole_id=sent.item.whole_id).sealed
    assert open_manifest(bytes(sealed), data_key=key, whole_id=sent.item.whole_id) == MANIFEST


@contextmanager
def destroyed_week(of: datetime) -> Iterator[None]:
    """Run as if the key of the week of an instant had been destroyed already."""
    path = Path(settings.KEY_DIR, keys.WEEKLY, keys.monday_of(of).isoformat())
    kept = path.read_bytes()
    path.unlink()
    try:
        yield
    finally:
        path.write_bytes(kept)
        path.chmod(0o600)


def test_a_destroyed_weekly_key_closes_every_backup() -> None:
    """Statement 108: the data of a backup, the right link and the root key do not help once the week's key is gone."""
    sent = sent_with(Proof.NONE, is_copy_kept=False)
    with destroyed_week(sent.item.expires_at), pytest.raises(SealBroken):
        data_key_of(link_of(sent), sent.links[0].secret, at=database_now())


def test_a_destroyed_weekly_key_closes_the_copies_of_every_backup() -> None:
    """Statement 108, where a copy is kept: neither the copy nor subject and names in the log open any more."""
    sent = sent_with(Proof.NONE, is_copy_kept=True)
    item = Item.objects.get(pk=sent.item.pk)
    assert copied_manifest(item, at=database_now()).subject == SUBJECT
    assert labels_of(account_key_of(item.sender), sealed_labels([item]))[item.whole_id].files == (FILE_NAME,)
    with destroyed_week(item.expires_at):
        with pytest.raises(ContentDamaged):
            copied_key(item, at=database_now())
        assert labels_of(account_key_of(item.sender), sealed_labels([item])) == {}


def test_a_destroyed_weekly_key_closes_the_returns_of_every_backup() -> None:
    """Statement 108, for what came back: it ends in a week of its own."""
    sent = sent_with(Proof.NONE, is_copy_kept=False)
    returned = reply(sent)
    with destroyed_week(sent.item.expires_at):
        assert returned_manifest(returned, reader=sent.item.sender).body == REPLY
    with destroyed_week(returned.expires_at), pytest.raises(ContentDamaged):
        returned_key(returned, reader=sent.item.sender)


@pytest.mark.parametrize(("days", "is_copy_kept"), [(2, True), (2, False), (60, True)])
def test_a_changed_end_closes_backups_with_the_week_of_that_end(days: int, is_copy_kept: bool) -> None:
    """Statement 108, for what was shortened or prolonged: only the week of the end it has now opens anything."""
    sent = send_item(make_sender(), days=30, manifest=MANIFEST, is_copy_kept=is_copy_kept)
    before, ends_at = sent.item.expires_at, database_now() + timedelta(days=days)
    change_end(item=sent.item, ends_at=ends_at, by=sent.item.sender, visitor=visitor())
    item = Item.objects.get(pk=sent.item.pk)
    with destroyed_week(before):
        assert data_key_of(link_of(sent), sent.links[0].secret, at=database_now())
        if item.copy_box is not None:
            assert copied_manifest(item, at=database_now()).subject == SUBJECT
            assert labels_of(account_key_of(item.sender), sealed_labels([item]))[item.whole_id].subject == SUBJECT
    with destroyed_week(ends_at):
        with pytest.raises(SealBroken):
            data_key_of(link_of(sent), sent.links[0].secret, at=database_now())
        if item.copy_box is not None:
            with pytest.raises(ContentDamaged):
                copied_key(item, at=database_now())
            assert labels_of(account_key_of(item.sender), sealed_labels([item])) == {}


def reply(sent: Sent) -> Return:
    return take_in(
        participant=sent.links[0].link.participant,
        kind=ReturnKind.REPLY,
        manifest=Manifest("Re", REPLY),
        data_key=new_secret(),
        whole_id=uuid.uuid4(),
        form_key=uuid.uuid4(),
        is_owner_proof_asked=False,
        visitor=visitor(),
        at=database_now(),
    )


def link_of(sent: Sent) -> Link:
    return Link.objects.select_related("participant__item").get(pk=sent.links[0].link.pk)


def assert_no_key_fits(sent: Sent) -> None:
    """Hold that no key the portal can derive opens the content."""
    sealed = bytes(Content.objects.get(whole_id=sent.item.whole_id).sealed)
    derive: list[Callable[[str], bytes]] = [keys.derived, keys.pepper]
    purposes = ["account keys", "account boxes", "gate keys", "participant numbers", "cell numbers"]
    for candidate in [function(purpose) for function in derive for purpose in purposes]:
        with pytest.raises(SealBroken):
            open_manifest(sealed, data_key=Secret(candidate), whole_id=sent.item.whole_id)
