"""The picture of a mark: the page that is stamped, shown to its owner alone."""

import io
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from signatures.choices import MarkKind
from signatures.contents import Drawn, Typed, Uploaded
from signatures.drawing import SIZES, draw_picture
from signatures.models import Mark
from signatures.pictures import redraw
from signatures.strokes import read_strokes
from tests.cast import make_staff, make_user, sign_in
from tests.signatures.making import WAVE, file_of, ink_on_paper, make_mark

pytestmark = pytest.mark.django_db


def picture_url(mark: Mark) -> str:
    return reverse("signatures:mark_picture", args=[mark.handle])


@pytest.mark.parametrize("kind", MarkKind)
def test_it_is_what_the_stamping_code_draws(client: Client, kind: MarkKind) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    for content in (Typed("CT", "vibes"), Drawn(read_strokes(WAVE)), Uploaded(redraw(file_of(ink_on_paper())))):
        answer = client.get(picture_url(make_mark(user, kind, content)))
        assert answer.content == draw_picture(content, SIZES[kind])
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert Image.open(io.BytesIO(answer.content)).format == "PNG"


def test_statement_163_it_belongs_to_one_account(client: Client) -> None:
    owner = make_user("pro@demo.example", plan="pro")
    mark = make_mark(owner)
    other = partial(make_user, organization=owner.organization, plan="pro")
    for user in (other("colleague@demo.example"), other("admin@demo.example", is_administrator=True), make_staff()):
        sign_in(client, user)
        assert client.get(picture_url(mark)).status_code == 404
    assert Client().get(picture_url(mark)).status_code == 302


def test_a_row_that_was_tampered_with_shows_nothing(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    mark, other = make_mark(user), make_mark(user)
    Mark.objects.filter(pk=mark.pk).update(sealed=other.sealed)
    sign_in(client, user)
    assert client.get(picture_url(mark)).status_code == 404
    assert client.get("/account/signature/").status_code == 200


def test_a_mark_that_is_gone_has_no_picture(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    mark = make_mark(user)
    Mark.objects.all().delete()
    sign_in(client, user)
    assert client.get(picture_url(mark)).status_code == 404
