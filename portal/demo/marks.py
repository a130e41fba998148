"""The marks of the demo: a signature drawn once with a pen, and typed initials."""

from datetime import datetime

from accounts.models import User
from signatures.choices import MarkKind
from signatures.contents import Content, Drawn, Typed
from signatures.services.marking import add_mark
from signatures.strokes import read_strokes

SIGNATURE = (
    "168,696 222,673 279,629 336,567 389,493 437,410 477,324 504,240 509,203 504,176 492,160 476,155 457,162 437,182 "
    "420,216 401,284 387,362 379,443 379,522 389,595 410,654 444,696 482,706 516,689 546,655 573,613 598,572 623,540 "
    "648,528 661,536 664,557 660,585 655,615 654,643 662,664 684,672 708,663 728,641 746,611 763,577 779,547 797,525 "
    "816,516 834,525 842,547 842,577 841,611 843,641 853,663 876,672 904,658 927,619 948,561 970,486 995,401 1027,309 "
    "1068,216 1075,193 1076,175 1071,162 1064,157 1054,160 1043,171 1032,192 1008,266 989,351 977,439 973,522 980,594 "
    "999,646 1032,672 1066,665 1096,639 1124,601 1150,559 1174,520 1199,491 1224,480 1242,489 1247,511 1245,541 "
    "1242,575 1241,605 1250,627 1272,636 1309,629 1338,612 1363,587 1388,559 1415,531 1447,508 1488,492 1530,491 "
    "1567,496 1599,505 1632,515 1666,524 1705,529 1752,528 1823,519 1892,503 1962,484 2034,464 2110,445 2192,429 "
    "2280,420;360,840 577,811 813,787 1066,768 1331,754 1604,745 1881,742 2160,744"
)


def give_marks(user: User, at: datetime) -> None:
    """Give somebody a drawn signature and typed initials, made at an aware instant."""
    marks: dict[MarkKind, Content] = {
        MarkKind.SIGNATURE: Drawn(read_strokes(SIGNATURE)),
        MarkKind.INITIALS: Typed(user.initials, "dancing"),
    }
    for kind, content in marks.items():
        add_mark(owner=user, kind=kind, content=content, is_default=True, visitor=None, at=at)
