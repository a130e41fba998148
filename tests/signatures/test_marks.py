"""One's signature marks: drawn, typed or uploaded by whoever has the feature, explained to whoever has not."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from core.crypto.sealing import SealBroken
from signatures.access import content_of
from signatures.choices import MarkKind
from signatures.contents import Drawn, Typed, Uploaded
from signatures.limits import MARKS_PER_KIND, PICTURE_MOST_BYTES
from signatures.models import Mark
from tests.cast import make_license, make_user, sign_in, strict_client
from tests.forms import form_values, text_of
from tests.signatures.making import WAVE, file_of, ink_on_paper, make_mark

pytestmark = pytest.mark.django_db

MARKS = "/account/signature/"
TYPED = {"way": "type", "kind": "signature", "text": "Camille Tremblay", "hand": "dancing"}
DRAWN = {"way": "draw", "kind": "initials", "strokes": WAVE}


@pytest.fixture
def camille(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", first_name="Camille", last_name="Tremblay")
    sign_in(client, user)
    return user


def uploaded(file: bytes, name: str = "signature.png", **more: str) -> dict[str, object]:
    return {"way": "upload", "kind": "signature", "picture": SimpleUploadedFile(name, file, "image/png"), **more}


@pytest.mark.parametrize("plan", ["pro", "trial"])
def test_both_kinds_are_empty_at_first_and_say_what_to_do(client: Client, plan: str) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    page = client.get(MARKS).content.decode()
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == ["Signature", "Initials", "Add a mark"]
    assert "No signature yet" in page
    assert "No initials yet" in page
    assert 'href="/account/signature/?kind=initials#add"' in page


def test_a_typed_mark_is_kept_and_shown(client: Client, camille: User) -> None:
    answer = client.post(MARKS, TYPED, follow=True)
    assert answer.redirect_chain == [(MARKS, 302)]
    mark = Mark.objects.get()
    assert content_of(mark) == Typed("Camille Tremblay", "dancing")
    assert (mark.owner, mark.kind, mark.way, mark.is_default) == (camille, "signature", "type", True)
    page = answer.content.decode()
    assert f'src="{MARKS}{mark.handle}/picture/"' in page
    assert 'width="240"' in page  # 180 points on the screen
    assert "No signature yet" not in page
    assert "No initials yet" in page


def test_a_drawing_arrives_as_strokes(client: Client, camille: User) -> None:
    assert client.post(MARKS, DRAWN).status_code == 302
    mark = Mark.objects.get()
    content = content_of(mark)
    assert isinstance(content, Drawn)
    assert content.strokes[1] == ((1500, 500), (1900, 420))
    assert mark.kind == MarkKind.INITIALS


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_is_redrawn_and_none_of_it_touches_the_disk(client: Client, camille: User, form: str) -> None:
    before = set(Path(settings.DATA_DIR).rglob("*"))
    assert client.post(MARKS, uploaded(file_of(ink_on_paper(), form))).status_code == 302
    content = content_of(Mark.objects.get())
    assert isinstance(content, Uploaded)
    assert content.png.startswith(b"\x89PNG")
    assert set(Path(settings.DATA_DIR).rglob("*")) == before


def test_what_is_kept_is_sealed_for_its_row(client: Client, camille: User) -> None:
    client.post(MARKS, TYPED)
    mark = Mark.objects.get()
    assert b"Tremblay" not in bytes(mark.sealed)
    other = make_mark(make_user("other@demo.example", plan="pro"))
    for moved in (Mark(**_fields(mark, owner=other.owner)), Mark(**_fields(mark, handle=other.handle)),
                  Mark(**_fields(mark, kind="initials")), Mark(**_fields(mark, way="draw"))):  # fmt: skip
        with pytest.raises(SealBroken):
            content_of(moved)


def _fields(mark: Mark, **changed: object) -> dict[str, object]:
    names = ("handle", "owner", "kind", "way", "sealed")
    return {name: getattr(mark, name) for name in names} | changed


def test_the_first_of_a_kind_is_the_default_and_another_one_where_it_is_asked(client: Client, camille: User) -> None:
    for text, asked in (("First", {}), ("Second", {}), ("Third", {"is_default": "on"})):
        client.post(MARKS, TYPED | {"text": text} | asked)
    defaults = {content_of(mark).text: mark.is_default for mark in Mark.objects.all()}  # type: ignore[union-attr]
    assert defaults == {"First": False, "Second": False, "Third": True}
    client.post(MARKS, DRAWN)
    assert Mark.objects.filter(is_default=True).count() == 2


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        (TYPED | {"text": " "}, "text", "Type your name, or your initials."),
        (TYPED | {"text": "a" * 61}, "text", "This name has 61 characters. It may have up to 60."),
        (
            TYPED | {"text": "Camille 日本"},
            "text",
            "This handwriting has no letter for 日本. Choose another one, or draw it.",
        ),
        (TYPED | {"hand": "comic"}, "hand", "Choose one of the handwritings."),
        (TYPED | {"hand": ""}, "hand", "Choose one of the handwritings."),
        (TYPED | {"kind": "stamp"}, "kind", "Choose one of the options in the list."),
        (DRAWN | {"strokes": ""}, "strokes", "Nothing is drawn yet."),
        (DRAWN | {"strokes": "1,1 99999,2"}, "strokes", "The drawing did not arrive as it should."),
        (DRAWN | {"strokes": ";".join(["0,0 500,0"] * 201)}, "strokes", "This drawing has too many strokes."),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_lost(
    client: Client, camille: User, sent: dict[str, str], field: str, sentence: str
) -> None:
    answer = client.post(MARKS, sent | {"is_default": "on"})
    assert answer.status_code == 422
    assert text_of(answer, f"{field}_error").startswith(sentence)
    values = form_values(answer, MARKS)
    assert values["is_default"] == "on"
    assert {name: values.get(name, "") for name in ("text", "strokes") if name in sent} == {
        name: sent[name] for name in ("text", "strokes") if name in sent
    }
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This file is not a PNG or JPEG picture, or it is damaged."),
        (file_of(ink_on_paper())[:200], "This file is not a PNG or JPEG picture, or it is damaged."),
        (bytes(PICTURE_MOST_BYTES + 1), "This picture is too large. It may have up to 2\u00a0MB."),
        (file_of(ink_on_paper(size=(9, 9))), "This picture is too small to be read on paper."),
        (file_of(ink_on_paper().point(lambda _value: 255)), "Nothing can be seen on this picture."),
    ],
)
def test_a_picture_that_makes_no_mark_gets_a_sentence(
    client: Client, camille: User, file: bytes, sentence: str
) -> None:
    answer = client.post(MARKS, uploaded(file, kind="initials"))
    assert answer.status_code == 422
    assert text_of(answer, "picture_error").startswith(" ".join(sentence.split()))
    assert form_values(answer, MARKS)["kind"] == "initials"
    assert not Mark.objects.exists()


def test_no_picture_at_all_gets_a_sentence(client: Client, camille: User) -> None:
    answer = client.post(MARKS, {"way": "upload", "kind": "signature"})
    assert text_of(answer, "picture_error") == "Choose a picture."


def test_ten_of_a_kind_are_kept_and_no_more(client: Client, camille: User) -> None:
    for _each in range(MARKS_PER_KIND):
        make_mark(camille)
    answer = client.post(MARKS, TYPED)
    assert answer.status_code == 422
    assert text_of(answer, "kind_error").startswith("You keep 10 of this kind")
    assert form_values(answer, MARKS)["text"] == "Camille Tremblay"
    assert client.post(MARKS, DRAWN).status_code == 302
    assert Mark.objects.count() == MARKS_PER_KIND + 1


def test_what_is_offered_is_ones_own_name(client: Client, camille: User) -> None:
    assert form_values(client.get(MARKS), MARKS)["text"] == "Camille Tremblay"
    assert form_values(client.get(f"{MARKS}?kind=initials"), MARKS) | {"csrfmiddlewaretoken": ""} == {
        "csrfmiddlewaretoken": "", "way": "type", "text": "CT", "hand": "caveat", "kind": "initials"
    }  # fmt: skip


@pytest.mark.parametrize(
    "query", ["?way=nonsense", "?kind=nonsense", "?way=", "?kind=initials&way=draw", "?way=upload"]
)
def test_the_way_lives_in_the_address(client: Client, camille: User, query: str) -> None:
    assert client.get(MARKS + query).status_code == 200


def test_the_security_log_says_that_a_mark_was_added(client: Client, camille: User) -> None:
    client.post(MARKS, TYPED)
    event = SecurityEvent.objects.get(user=camille, kind=SecurityEventKind.MARK_ADDED)
    assert event.ip_address == "127.0.0.1"


def test_nobody_else_sees_a_mark(client: Client, camille: User) -> None:
    mark = make_mark(camille)
    sign_in(
        client, make_user("admin@demo.example", organization=camille.organization, plan="pro", is_administrator=True)
    )
    page = client.get(MARKS).content.decode()
    assert str(mark.handle) not in page
    assert "No signature yet" in page


def test_marks_go_with_the_person(camille: User) -> None:
    make_mark(camille)
    SecurityEvent.objects.filter(user=camille).delete()
    camille.license.delete()
    camille.delete()
    assert not Mark.objects.exists()


def test_the_page_costs_six_queries_however_many_marks_there_are(client: Client, camille: User) -> None:
    for kind in MarkKind:
        for _each in range(MARKS_PER_KIND):
            make_mark(camille, kind)
    client.get(MARKS)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(MARKS)
    assert len(asked) <= 6, [query["sql"] for query in asked]


def test_under_an_expired_license_marks_can_be_seen_but_not_added(client: Client) -> None:
    user = make_user("late@demo.example")
    make_license(user, "pro", expires_at=timezone.now() - timedelta(days=1))
    make_mark(user)
    sign_in(client, user)
    page = client.get(MARKS).content.decode()
    assert "Your license has ended" in page
    assert "Add a mark" not in page
    assert client.post(MARKS, TYPED).status_code == 403
    assert Mark.objects.count() == 1


@pytest.mark.parametrize("plan", [None, "eco", "advanced"])
@pytest.mark.parametrize("sent", [TYPED, DRAWN])
def test_the_server_refuses_what_the_plan_lacks(client: Client, plan: str | None, sent: dict[str, str]) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    assert client.post(MARKS, sent).status_code == 403
    assert client.post(MARKS, uploaded(file_of(ink_on_paper()))).status_code == 403
    assert not Mark.objects.exists()


def test_the_form_needs_its_token() -> None:
    client = strict_client(make_user("pro@demo.example", plan="pro"))
    assert client.post(MARKS, uploaded(file_of(ink_on_paper()))).status_code == 403
    assert not Mark.objects.exists()


@pytest.mark.parametrize("plan", [None, "eco", "advanced"])
def test_the_tab_of_a_plan_without_it_explains_the_lack(client: Client, plan: str | None) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    answer = client.get(MARKS)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Electronic signature comes with the Pro plan" in page
    assert "Keeps your signature and your initials" in page
    assert "No signature yet" not in page
    current = re.search(r'<a class="tab"[^>]*aria-current="page"[^>]*>(.*?)</a>', page)
    assert current
    assert "Electronic signature" in current[1]
    assert "Pro" in current[1]
