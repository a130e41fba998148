"""What the composer of a signature request sends, as it was typed: the shape in which drafts keep it.

Rows of signers come as `signer-0-name`, `signer-0-email` and so on. Each has a key of its own, which it keeps when it
is moved, so that the zones of its signer go with it.
"""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from django.http import QueryDict

from core.forms import typed_number
from signatures.limits import TYPED_MOST_CHARACTERS

PREFIX = "signer"
TEXTS = ("title", "message", "days", "is_owner_proof_asked")
# What a browser sends for a check box that is ticked; for another one it sends nothing.
TICKED = "on"
ROW_FIELDS = ("key", "name", "email", "proof", "cell_number", "language", "turn")
# As many rows as anybody may type, whatever the plan: what is too much is refused beside it and not lost.
ROWS_MOST = 200

_KEY = re.compile("[A-Za-z0-9-]{1,40}")

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One signer as typed.

    Args:
        key: names the row among the others; goes nowhere else.
    """

    key: str
    name: str = field(default="", repr=False)
    email: str = ""
    proof: str = ""
    cell_number: str = field(default="", repr=False)
    language: str = ""
    turn: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody was typed in."""
        return not (self.name.strip() or self.email.strip() or self.cell_number.strip())

    def as_json(self) -> dict[str, str]:
        """Return it as JSON values."""
        return asdict(self)


def new_key() -> str:
    """Return a key for a row."""
    return secrets.token_hex(4)


def typed_texts(post: QueryDict) -> dict[str, str]:
    """Return the fields that stand beside the rows."""
    return {name: post.get(name, "")[:TYPED_MOST_CHARACTERS] for name in TEXTS if name in post}


def typed_rows(post: QueryDict, *, kept_keys: Collection[str] = ()) -> list[Row]:
    """Return the rows of a posted composer, with what its buttons do to them.

    Args:
        kept_keys: of rows that stay also where nobody is typed in: zones were placed for them.
    """
    rows = _rearranged(_posted(post), post)
    return [row for row in rows if not row.is_empty or row.key in kept_keys]


def posted_rows(rows: Sequence[Row]) -> dict[str, str]:
    """Return rows as the fields of a form."""
    named = {f"{PREFIX}-{number}-{name}": getattr(row, name) for number, row in enumerate(rows) for name in ROW_FIELDS}
    return {f"{PREFIX}-TOTAL_FORMS": str(len(rows)), f"{PREFIX}-INITIAL_FORMS": "0", **named}


def _posted(post: QueryDict) -> list[Row]:
    count = min(typed_number(post.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0, ROWS_MOST)
    rows: list[Row] = []
    for number in range(count):
        values = {name: post.get(f"{PREFIX}-{number}-{name}", "")[:TYPED_MOST_CHARACTERS] for name in ROW_FIELDS}
        is_known = _KEY.fullmatch(values["key"]) and values["key"] not in {row.key for row in rows}
        rows.append(Row(**values | {"key": values["key"] if is_known else new_key()}))
    return rows


def _rearranged(rows: list[Row], post: QueryDict) -> list[Row]:
    """Do what a button of a row asks for: take it off, or let it change places with its neighbour."""
    removed, up, down = (typed_number(post.get(name, "")) for name in ("remove_row", "move_up", "move_down"))
    if removed is not None and removed < len(rows):
        return without_row(rows, removed)
    if up is not None and 0 < up < len(rows):
        return _swapped(rows, up - 1)
    if down is not None and down + 1 < len(rows):
        return _swapped(rows, down)
    return rows


def without_row(rows: Sequence[Row], number: int) -> list[Row]:
    """Return the other rows; where nobody else had its turn, those behind move up."""
    left = [row for place, row in enumerate(rows) if place != number]
    gone = rows[number].turn
    if not _is_turn(gone) or any(row.turn == gone for row in left if not row.is_empty):
        return left
    return [
        replace(row, turn=str(int(row.turn) - 1)) if _is_turn(row.turn) and int(row.turn) > int(gone) else row
        for row in left
    ]


def _swapped(rows: Sequence[Row], first: int) -> list[Row]:
    """Let two neighbours change places; the turns stay where they were."""
    one, other = rows[first], rows[first + 1]
    swapped = [replace(other, turn=one.turn), replace(one, turn=other.turn)]
    return [*rows[:first], *swapped, *rows[first + 2 :]]


def _is_turn(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("1000")
