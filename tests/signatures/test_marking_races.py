"""Acts on the marks of one person at the same instant: the limit holds and one is the default."""

import pytest

from signatures.choices import MarkKind
from signatures.contents import Typed
from signatures.drawing import SIZES, draw_picture
from signatures.errors import TooManyMarks
from signatures.limits import MARKS_PER_KIND
from signatures.models import Mark
from signatures.services.marking import add_mark, delete_mark
from tests.cast import make_user
from tests.races import on_threads
from tests.signatures.making import make_mark


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_marks_added_at_once_ten_are_kept_and_one_is_the_default() -> None:
    user = make_user("pro@demo.example", plan="pro")

    def add(number: int) -> bool:
        content = Typed(f"Camille {number}", "caveat")
        try:
            add_mark(owner=user, kind=MarkKind.SIGNATURE, content=content, is_default=True, visitor=None)
        except TooManyMarks:
            return False
        return True

    assert sum(on_threads(MARKS_PER_KIND + 4, add)) == MARKS_PER_KIND
    assert Mark.objects.count() == MARKS_PER_KIND
    assert Mark.objects.filter(is_default=True).count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_marks_deleted_at_once_one_that_is_left_is_the_default() -> None:
    user = make_user("pro@demo.example", plan="pro")
    marks = [make_mark(user) for _each in range(6)]
    on_threads(5, lambda number: delete_mark(mark=marks[number], visitor=None))
    assert Mark.objects.get(is_default=True) == marks[5]


def test_pictures_are_drawn_by_many_threads_at_once() -> None:
    wanted = [draw_picture(Typed(f"Name {number}", "vibes"), SIZES[MarkKind.SIGNATURE]) for number in range(8)]

    def draw(number: int) -> bytes:
        for _each in range(10):
            drawn = draw_picture(Typed(f"Name {number}", "vibes"), SIZES[MarkKind.SIGNATURE])
        return drawn

    assert on_threads(8, draw) == wanted
