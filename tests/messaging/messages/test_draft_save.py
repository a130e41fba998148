"""Keeping a draft: by button or script, sealed, in one place for two windows, with its files."""

import json
import re
import uuid
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import Session, User
from core.blobs import blobs
from core.cultures import format_instant, format_time
from core.sms.configuration import parse_sms_url
from licenses.models import License, Plan
from messaging.items.models import Blob, Draft, Item
from messaging.messages.services.drafting import keep_draft, open_draft
from tests.cast import make_user, sign_in
from tests.messaging.messages.composing import (
    BODY,
    NOAH,
    SUBJECT,
    ZOE,
    by_script,
    composer_values,
    filled,
    form_key_of,
    press_keep,
    press_send,
    values_of,
)
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

GOOD = [f"person{number}@client.example" for number in range(990)]
MALFORMED = [
    "no-at-sign.example",
    "two@@signs.example",
    "@nobody.example",
    "nowhere@",
    "spaces in@name.example",
    "dot.@end.example",
    "a@b",
    "name@-hyphen.example",
    "quoted\"name@x.example",
    "name@exa_mple.example",
]  # fmt: skip


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def file(name: str = "terms.pdf", content: bytes = b"%PDF canary", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def destroyed_files() -> int:
    """Let the worker do what waits, and count the files that are left."""
    delivered("email")
    return len(list(Path(blobs().folder).glob("??/??/*")))


# What is kept


def test_the_button_keeps_what_was_typed(client: Client, pro: User) -> None:
    values = filled(composer_values(client), (ZOE, NOAH), openings="12")
    answer = press_keep(client, values, then="keep")
    assert answer.headers["Location"] == f"/messages/drafts/{form_key_of(values)}/"
    page = client.get(answer.headers["Location"])
    shown = values_of(page)
    assert (shown["subject"], shown["body"], shown["openings"]) == (SUBJECT, BODY, "12")
    assert (shown["to-0-email"], shown["to-1-email"]) == (ZOE, NOAH)
    assert "Draft kept" in page.content.decode()
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("language", "today", "before"),
    [
        ("en", "Draft kept {time}", "Draft kept on {day}"),
        ("fr", "Brouillon conservé à {time}", "Brouillon conservé le {day}"),
    ],
)
def test_of_a_draft_kept_on_another_day_the_day_is_said(
    client: Client, pro: User, language: str, today: str, before: str
) -> None:
    User.objects.update(language=language)
    address = press_keep(client, filled(composer_values(client))).headers["Location"]
    at, habits = Draft.objects.get().changed_at, User.objects.get().habits
    assert state_line(client, address) == today.format(time=format_time(at, habits=habits))
    at -= timedelta(days=1)
    Draft.objects.update(changed_at=at)
    assert state_line(client, address) == before.format(day=format_instant(at, habits=habits))


def state_line(client: Client, address: str) -> str:
    """Return when the draft was kept, as the page says it."""
    line = client.get(address).content.decode().partition("data-draft-state>")[2].partition("</p>")[0]
    return re.sub(r"<[^>]*>", "", line).strip()


def test_wrong_things_are_kept_as_they_were_typed(client: Client, pro: User) -> None:
    values = filled(composer_values(client), ("zoe at outside",), openings="many", subject="", proof="sms_code")
    page = client.get(press_keep(client, values).headers["Location"])
    shown = values_of(page)
    assert (shown["to-0-email"], shown["openings"], shown["proof"]) == ("zoe at outside", "many", "sms_code")
    assert "field-error" not in page.content.decode()


def test_the_script_is_told_the_time_and_the_version(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    first = by_script(client, values)
    second = by_script(client, values, version=first.json()["version"], subject="Another one")
    assert (first.json()["version"], second.json()["version"]) == (1, 2)
    assert second.json()["kept"].startswith("Draft kept ")
    assert open_draft(Draft.objects.get()).first("subject") == "Another one"


def test_nothing_of_a_draft_lies_open_in_the_database(client: Client, pro: User) -> None:
    press_keep(client, filled(composer_values(client), item_password="canary password"))
    row = Draft.objects.values().get()
    everything = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row.values()
    )
    for secret in (SUBJECT, "Canary text", ZOE, "canary password"):
        assert secret.encode() not in everything


def test_a_password_is_not_kept_and_has_to_be_typed_again(client: Client, pro: User) -> None:
    values = filled(composer_values(client), proof="item_password", item_password="canary password", hint="a bird")
    page = client.get(press_keep(client, values).headers["Location"])
    assert "canary password" not in page.content.decode()
    assert values_of(page)["hint"] == "a bird"
    assert "The password is not kept with the draft. Type it again before you send." in page.content.decode()
    draft = open_draft(Draft.objects.get())
    assert "canary" not in json.dumps(draft.fields).replace("Canary", "")


def test_only_what_the_composer_asks_is_kept(client: Client, pro: User) -> None:
    press_keep(client, filled(composer_values(client), strange="x", csrfmiddlewaretoken="y"))
    assert {"strange", "csrfmiddlewaretoken", "version", "drawn"}.isdisjoint(open_draft(Draft.objects.get()).fields)


def test_a_draft_of_somebody_else_does_not_exist(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    press_keep(client, values)
    other = Client()
    sign_in(other, make_user("other@demo.example", plan="pro", organization=pro.organization))
    address = f"/messages/drafts/{form_key_of(values)}/"
    assert [other.get(f"{address}{part}").status_code for part in ("", "preview/", "delete/")] == [404] * 3
    other.post(f"{address}delete/")
    assert Draft.objects.filter(owner=pro).count() == 1


# Rows and pasted lists


def test_a_row_is_added_and_taken_off_without_scripts(client: Client, pro: User) -> None:
    values = filled(composer_values(client), (ZOE, NOAH))
    more = client.get(press_keep(client, values, then="row").headers["Location"])
    shown = values_of(more)
    assert (shown["to-TOTAL_FORMS"], shown["to-2-email"]) == ("3", "")
    fewer = client.get(press_keep(client, shown, remove_row="0").headers["Location"])
    assert (values_of(fewer)["to-TOTAL_FORMS"], values_of(fewer)["to-0-email"]) == ("1", NOAH)


def test_a_pasted_list_becomes_rows(client: Client, pro: User) -> None:
    pasted = f"Zoé Roy <{ZOE}>; {NOAH},\u200bthird@outside.example\nfourth@outside.example\t{ZOE.upper()}"
    values = filled(composer_values(client), (), pasted=pasted)
    shown = values_of(client.get(press_keep(client, values).headers["Location"]))
    rows = [shown[f"to-{number}-email"] for number in range(int(shown["to-TOTAL_FORMS"]))]
    assert rows == [ZOE, NOAH, "third@outside.example", "fourth@outside.example"]
    assert shown["pasted"] == ""


def test_the_recipients_of_a_mail_program_become_rows(client: Client, pro: User) -> None:
    pasted = f'Roy, Zoé <{ZOE}>; "Gagné, Noah" <mailto:{NOAH}>'
    values = filled(composer_values(client), (), pasted=pasted)
    shown = values_of(client.get(press_keep(client, values).headers["Location"]))
    assert (shown["to-0-email"], shown["to-1-email"], shown["pasted"]) == (ZOE, NOAH, "")


def test_of_a_thousand_pasted_addresses_each_malformed_one_is_named(client: Client, pro: User) -> None:
    Plan.objects.filter(code="pro").update(recipients_per_message=100)
    pasted = "\n".join([*GOOD[:500], *MALFORMED, *GOOD[500:]])
    values = filled(composer_values(client), (), pasted=pasted)
    answer = press_send(client, values)
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    error = page.partition('id="pasted_error"')[2].partition("</p>")[0]
    assert [address for address in MALFORMED if f"“{address}”" not in error] == []
    assert "These 10 are no e-mail addresses" in error
    assert "This list has 990 addresses; your plan allows 100 recipients." in error
    assert values_of(answer)["pasted"].split() == pasted.split()
    assert "Your plan, Pro, allows 100 recipients" in page
    assert not Item.objects.exists()


def test_a_list_that_fits_leaves_only_the_malformed_ones_behind(client: Client, pro: User) -> None:
    values = filled(composer_values(client), (), pasted="\n".join([*GOOD[:90], *MALFORMED]))
    page = client.get(press_keep(client, values).headers["Location"])
    shown = values_of(page)
    assert shown["to-TOTAL_FORMS"] == "90"
    assert shown["pasted"].splitlines() == MALFORMED
    assert "Not all of it could become recipients." in page.content.decode()
    assert press_send(client, shown).status_code == 422
    assert press_send(client, {**values_of(page), "pasted": ""}).status_code == 302
    assert Item.objects.get().participants.count() == 90


@pytest.mark.parametrize("count", ["1e9", "-1", "99999999999999999999", "9" * 5000, "", "x"])
def test_a_forged_number_of_rows_does_no_harm(client: Client, pro: User, count: str) -> None:
    values = filled(composer_values(client)) | {"to-TOTAL_FORMS": count}
    assert press_send(client, values).status_code in (302, 422)


# Two windows


def test_a_version_that_no_page_sends_counts_as_none(client: Client, pro: User) -> None:
    values = composer_values(client)
    assert by_script(client, values, version="9" * 5000).status_code == 200
    assert press_keep(client, values, version="1", remove_row="9" * 5000).status_code == 302
    assert by_script(client, values, version="9" * 5000, subject="Another one").status_code == 409


def test_a_window_that_knows_an_older_version_is_told_and_loses_nothing(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    press_keep(client, values)
    first = values_of(client.get(f"/messages/drafts/{form_key_of(values)}/"))
    second = dict(first)
    assert press_keep(client, {**first, "subject": "Written in the first"}).status_code == 302
    answer = press_keep(client, {**second, "subject": "Written in the second"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This draft was changed in another window, so nothing was kept or sent." in page
    assert open_draft(Draft.objects.get()).first("subject") == "Written in the first"
    again = values_of(answer)
    assert again["subject"] == "Written in the second"
    assert press_keep(client, again).status_code == 302
    assert open_draft(Draft.objects.get()).first("subject") == "Written in the second"


def test_an_older_window_sends_nothing_unseen(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    press_keep(client, values)
    older = values_of(client.get(f"/messages/drafts/{form_key_of(values)}/"))
    press_keep(client, {**older, "subject": "Written elsewhere"})
    answer = press_send(client, {**older, "body": "Written here"})
    assert answer.status_code == 409
    assert not Item.objects.exists()
    assert press_send(client, values_of(answer)).status_code == 302


def test_the_same_content_twice_is_no_conflict(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    assert press_keep(client, values).status_code == 302
    assert press_keep(client, values).status_code == 302
    assert Draft.objects.get().version == 1


def with_file(client: Client) -> dict[str, Any]:
    """Keep a draft with a file, and return what a window that shows both posts."""
    kept = press_keep(client, filled(composer_values(client)), attachments=[file()])
    return values_of(client.get(kept.headers["Location"]))


def test_a_file_that_another_window_added_is_not_sent_unseen(client: Client, pro: User) -> None:
    press_keep(client, values := filled(composer_values(client)))
    older = values_of(client.get(f"/messages/drafts/{form_key_of(values)}/"))
    press_keep(client, dict(older), attachments=[file("secret.pdf")])
    answer = press_send(client, older)
    assert (answer.status_code, Item.objects.count()) == (409, 0)
    assert "secret.pdf" in answer.content.decode()
    assert press_send(client, values_of(answer)).status_code == 302
    assert Item.objects.count() == 1


def test_a_file_that_another_window_took_off_is_missed_before_sending(client: Client, pro: User) -> None:
    older = with_file(client)
    press_keep(client, dict(older), remove_file=older["shown_file"])
    answer = press_send(client, older)
    assert (answer.status_code, Item.objects.count()) == (409, 0)
    assert "terms.pdf" not in answer.content.decode()
    assert by_script(client, older).status_code == 409


def test_a_window_of_a_deleted_draft_is_told_and_keeps_what_was_typed(client: Client, pro: User) -> None:
    older = with_file(client)
    client.post(f"/messages/drafts/{form_key_of(older)}/delete/")
    assert by_script(client, older, body="Typed on").json() == {"error": "This draft is gone"}
    answer = press_send(client, {**older, "body": "Typed on"})
    assert (answer.status_code, Item.objects.count(), Draft.objects.count()) == (409, 0, 0)
    assert "This draft was deleted in another window." in answer.content.decode()
    again = values_of(answer)
    assert (again["body"], again["version"], "shown_file" in again) == ("Typed on", "0", False)
    assert press_send(client, again).status_code == 302


def test_the_same_form_twice_beside_the_same_files_is_no_conflict(client: Client, pro: User) -> None:
    shown = with_file(client)
    twice = [press_keep(client, {**shown, "body": "Newer"}).status_code for _press in range(2)]
    off = [
        press_keep(client, {**shown, "body": "Newer", "version": "2"}, remove_file=shown["shown_file"])
        for _p in range(2)
    ]
    assert twice == [302, 302]
    assert [answer.status_code for answer in off] == [302, 302]
    assert Draft.objects.get().version == 3


def test_the_script_of_an_older_window_is_told(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    by_script(client, values)
    by_script(client, values, version="1", subject="Newer")
    answer = by_script(client, values, version="1", subject="Older")
    assert answer.status_code == 409
    assert answer.json() == {"error": "This draft was changed in another window"}


def test_a_late_window_does_not_bring_back_what_was_sent(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    press_send(client, values)
    assert by_script(client, values, subject="Late").status_code == 409
    assert press_keep(client, values, subject="Late").status_code == 409
    assert not Draft.objects.exists()


# Files


def test_files_are_sealed_on_arrival_and_listed(client: Client, pro: User, settings: Settings) -> None:
    values = filled(composer_values(client))
    answer = press_keep(client, values, attachments=[file(), file("second.pdf", b"x" * 3_000_000)])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "terms.pdf" in page
    assert "3\u00a0MB" in page
    assert Blob.objects.filter(kept_until__isnull=False).count() == 2
    stored = b"".join(path.read_bytes() for path in Path(blobs().folder).glob("??/??/*"))
    assert b"%PDF canary" not in stored


def test_files_of_a_first_form_belong_to_the_draft_it_begins(client: Client, pro: User) -> None:
    values = filled(composer_values(client), kind="file", body="")
    assert press_send(client, {**values, "attachments": [file()]}).status_code == 302
    item = Item.objects.get()
    assert item.file_count == 1
    assert Blob.objects.get().whole_id == item.whole_id
    assert Blob.objects.get().kept_until is None


def test_a_file_of_no_bytes_is_taken(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    page = client.get(
        press_keep(client, values, attachments=[file("empty.txt", b"", "text/plain")]).headers["Location"]
    )
    assert "empty.txt" in page.content.decode()
    assert "0\u00a0bytes" in page.content.decode()


def test_a_hostile_name_is_harmless_and_a_long_one_is_shortened_and_said(client: Client, pro: User) -> None:
    names = ["../../etc/pass\u202ewd", "<script>alert(1)</script>.html", "x" * 300 + ".pdf"]
    uploads = [file(name) for name in names]
    for upload, name in zip(uploads, names, strict=True):
        upload._name = name  # type: ignore[attr-defined]  # Django's own class would tidy it before it is sent
    values = filled(composer_values(client))
    page = client.get(press_keep(client, values, attachments=uploads).headers["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "The name of a file was too long and was shortened" in page
    kept = [entry.name for entry in open_draft(Draft.objects.get()).files]
    assert len(kept) == 3
    assert all(len(name) <= 255 and "/" not in name for name in kept)


def test_a_file_over_the_limit_is_refused_and_nothing_typed_is_lost(client: Client, pro: User) -> None:
    Plan.objects.filter(code="pro").update(attachments_bytes=1_000)
    values = filled(composer_values(client))
    answer = press_keep(client, values, attachments=[file(content=b"x" * 1_001)])
    assert answer.status_code == 422
    assert "Together they may have up to 1\u00a0KB." in answer.content.decode()
    assert values_of(answer)["subject"] == SUBJECT
    assert open_draft(Draft.objects.get()).first("subject") == SUBJECT
    assert not Blob.objects.exists()
    assert destroyed_files() == 0


def test_the_limit_counts_what_is_attached_already(client: Client, pro: User) -> None:
    Plan.objects.filter(code="pro").update(attachments_bytes=1_000, files_per_send=2)
    values = filled(composer_values(client))
    shown = values_of(
        client.get(press_keep(client, values, attachments=[file(content=b"x" * 600)]).headers["Location"])
    )
    assert press_keep(client, shown, attachments=[file(content=b"x" * 401)]).status_code == 422
    shown = values_of(client.get(f"/messages/drafts/{form_key_of(values)}/"))
    assert press_keep(client, shown, attachments=[file(content=b"x" * 400)]).status_code == 302
    shown = values_of(client.get(f"/messages/drafts/{form_key_of(values)}/"))
    answer = press_keep(client, shown, attachments=[file(content=b"")])
    assert "These are too many files." in answer.content.decode()


def test_the_script_is_told_why_a_file_was_refused(client: Client, pro: User) -> None:
    Plan.objects.filter(code="pro").update(attachments_bytes=10)
    answer = by_script(client, filled(composer_values(client)), attachments=[file(content=b"x" * 11)])
    assert answer.status_code == 422
    assert answer.json()["error"] == "These files are too large. Together they may have up to 10\u00a0bytes."
    assert answer.json()["version"] == 1


def test_a_plan_without_files_refuses_them_by_direct_post(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    values = filled(composer_values(client))
    assert press_send(client, {**values, "attachments": [file()]}).status_code == 403
    assert press_keep(client, values, attachments=[file()]).status_code == 403
    assert not Item.objects.exists()
    assert destroyed_files() == 0
    assert "sends texts without files" in client.get("/messages/new/?kind=message").content.decode()


def test_files_that_the_plan_lost_in_mid_form_leave_a_draft_of_everything_else(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    License.objects.filter(holder=pro).update(plan=Plan.objects.get(code="eco"))
    sent = press_send(client, {**values, "attachments": [file()]})
    sentence = "Your files were not taken. Comes with the Advanced plan; yours is Eco."
    assert sent.status_code == 403
    assert sentence in sent.content.decode()
    assert values_of(sent)["body"] == BODY
    assert open_draft(Draft.objects.get()).first("body") == BODY
    kept = press_keep(client, values_of(sent), attachments=[file()], subject="Another")
    assert (kept.status_code, values_of(kept)["subject"]) == (403, "Another")
    script = by_script(client, values_of(kept), attachments=[file()])
    assert (script.status_code, script.json()["error"], script.json()["version"]) == (403, sentence, 2)
    assert not Item.objects.exists()
    assert destroyed_files() == 0


def test_files_under_a_license_that_is_over_leave_a_draft(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    License.objects.filter(holder=pro).update(is_suspended=True)
    sent = press_send(client, {**values, "attachments": [file()]})
    assert sent.status_code == 403
    assert "Your files were not taken. Your license has expired or is suspended." in sent.content.decode()
    assert open_draft(Draft.objects.get()).first("body") == BODY


def test_a_file_is_taken_off_and_destroyed(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    page = client.get(press_keep(client, values, attachments=[file(), file("other.pdf")]).headers["Location"])
    (first, _second) = re.findall(r'name="remove_file"\s+value="(\w+)"', page.content.decode())
    press_keep(client, values_of(page), remove_file=first)
    assert [entry.name for entry in open_draft(Draft.objects.get()).files] == ["other.pdf"]
    assert destroyed_files() == 1


def test_a_deleted_draft_takes_its_files_along(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    press_keep(client, values, attachments=[file()])
    assert len(list(Path(blobs().folder).glob("??/??/*"))) == 1
    address = f"/messages/drafts/{form_key_of(values)}/delete/"
    assert "Delete this draft?" in client.get(address).content.decode()
    assert Draft.objects.exists()
    assert client.post(address).headers["Location"] == "/messages/?box=drafts"
    assert not Draft.objects.exists()
    assert destroyed_files() == 0


def test_files_of_a_form_whose_session_ended_are_not_kept(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    Session.objects.all().delete()
    assert press_send(client, {**values, "attachments": [file()]}).status_code == 302
    assert destroyed_files() == 0


def test_a_forged_kind_is_refused_and_breaks_no_draft(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    answer = press_send(client, {**values, "kind": "parcel"})
    assert answer.status_code == 422
    assert "It is not clear what is to be sent" in answer.content.decode()
    assert press_keep(client, {**values, "version": "1"}, kind="parcel").status_code == 302
    assert press_send(client, values_of(answer)).status_code == 302


def test_a_draft_of_an_unknown_kind_opens_as_a_message(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    fields = {"kind": ["parcel"], "subject": [SUBJECT], "body": [BODY], "to-TOTAL_FORMS": ["0"]}
    keep_draft(owner=pro, form_key=form_key_of(values), version=0, fields=fields)
    page = client.get(f"/messages/drafts/{form_key_of(values)}/")
    assert page.status_code == 200
    shown = values_of(page)
    assert (shown["kind"], shown["body"]) == ("message", BODY)
    assert client.get("/messages/?box=drafts").status_code == 200


# Without a license


def test_a_draft_is_opened_and_kept_without_a_license(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    address = press_keep(client, values, attachments=[file()]).headers["Location"]
    License.objects.update(holder=None)
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "You have no license." in text
    assert "expired or is suspended" not in text
    assert "Your plan, ," not in text
    assert "terms.pdf" in text
    assert client.get(f"{address}preview/").status_code == 200
    assert press_keep(client, values_of(page), body="More text").status_code == 302
    script = by_script(client, values_of(client.get(address)), body="Still more text")
    assert (script.status_code, script.json()["version"]) == (200, 3)
    draft = open_draft(Draft.objects.get())
    assert (draft.first("body"), [entry.name for entry in draft.files]) == ("Still more text", ["terms.pdf"])


def test_a_form_drawn_before_the_license_went_is_kept_without_its_files(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    License.objects.update(holder=None)
    kept = press_keep(client, values, attachments=[file()])
    assert kept.status_code == 403
    assert "Your files were not taken." in kept.content.decode()
    assert open_draft(Draft.objects.get()).first("body") == BODY
    assert destroyed_files() == 0


def test_without_a_license_no_draft_is_begun(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    License.objects.update(holder=None)
    begun = {**values, "action": f"/messages/drafts/{uuid.uuid4()}/send/"}
    for answer in (press_send(client, begun), press_keep(client, begun)):
        assert answer.status_code == 403
        assert "You have no license." in answer.content.decode()
    script = by_script(client, begun)
    assert (script.status_code, script.json()) == (403, {"error": "You have no license, so nothing was kept."})
    assert not Draft.objects.exists()


def test_attached_files_can_be_taken_off_where_the_plan_lost_files(client: Client, pro: User) -> None:
    values = filled(composer_values(client))
    address = press_keep(client, values, attachments=[file()]).headers["Location"]
    License.objects.update(plan=Plan.objects.get(code="eco"))
    page = client.get(address)
    (file_id,) = re.findall(r'name="remove_file"\s+value="(\w+)"', page.content.decode())
    press_keep(client, values_of(page), remove_file=file_id)
    assert destroyed_files() == 0


# The controls


def test_texts_that_are_off_disable_their_controls_with_the_reason(
    client: Client, pro: User, settings: Settings
) -> None:
    settings.SMS = parse_sms_url("none")
    page = client.get("/messages/new/?kind=message").content.decode()
    box = re.search(r'<input[^>]*name="reply_sms"[^>]*>', page)
    assert box
    assert "disabled" in box[0]
    assert 'id="reply_sms_reason"' in page
