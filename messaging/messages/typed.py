"""What a composer sends, as it was typed: the shape in which drafts keep it.

Rows of recipients come as `to-0-email`, `to-0-cell_number`, `to-0-role`, `to-0-proof` and so on; a pasted list joins
them as far as it holds addresses and the plan has room. Drafts of older releases have no `to-0-proof`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from accounts.models import fold_email
from core.forms import typed_number
from messaging.items.choices import Role
from messaging.messages.addresses import PastedList, read_list

PREFIX = "to"
ROW_FIELDS = ("email", "cell_number", "role", "proof")
PASTED = "pasted"
# What a browser sends for a check box that is ticked; for another one it sends nothing.
TICKED = "on"
# Kept with a draft. A password is not: it is typed again.
KEPT = (
    "kind",
    PASTED,
    "subject",
    "is_subject_shown",
    "body",
    "language",
    "life_hours",
    "openings",
    "proof",
    "hint",
    "is_copy_kept",
    "is_read_receipt_asked",
    "reply_kind",
    "instructions",
    "reply_sms",
    "reply_owner",
)

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient as typed.

    Args:
        proof: asked of this one alone; empty where it is what is asked of all.
    """

    email: str = ""
    cell_number: str = ""
    role: str = Role.TO.value
    proof: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed."""
        return not (self.email.strip() or self.cell_number.strip())


def typed_fields(post: QueryDict, *, rows_at_most: int, without_row: int | None = None) -> Fields:
    """Return what is kept of a posted composer, with a pasted list put into rows.

    Args:
        rows_at_most: recipients that the plan allows; a longer list stays as it was pasted.
        without_row: number of a row to be taken off, counted from 0.
    """
    fields = {name: [*post.getlist(name)] for name in KEPT if name in post}
    rows = [row for number, row in enumerate(_posted_rows(post)) if number != without_row and not row.is_empty]
    pasted = read_list(post.get(PASTED, ""))
    joined = _joined(rows, pasted)
    if len(joined) <= rows_at_most:
        rows = joined
        fields[PASTED] = ["\n".join(pasted.malformed)]
    return fields | row_fields(rows)


def row_fields(rows: Sequence[Row]) -> Fields:
    """Return rows as the fields of a form."""
    named = {
        f"{PREFIX}-{number}-{name}": [getattr(row, name)] for number, row in enumerate(rows) for name in ROW_FIELDS
    }
    return {f"{PREFIX}-TOTAL_FORMS": [str(len(rows))], f"{PREFIX}-INITIAL_FORMS": ["0"], **named}


def rows_of(fields: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return the rows that a draft keeps."""
    count = int(first_of(fields, f"{PREFIX}-TOTAL_FORMS") or 0)
    return [
        Row(**{name: first_of(fields, f"{PREFIX}-{number}-{name}") for name in ROW_FIELDS}) for number in range(count)
    ]


def initial_of(fields: Mapping[str, Sequence[str]], boxes: Iterable[str]) -> dict[str, Any]:
    """Return what a form shows for what a draft keeps.

    Args:
        boxes: names of the check boxes, which a browser sends only when they are ticked.
    """
    texts = {name: first_of(fields, name) for name in KEPT if name in fields}
    return texts | {name: name in fields for name in boxes}


def _posted_rows(post: QueryDict) -> list[Row]:
    count = min(typed_number(post.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0, len(post))
    return [
        Row(
            email=post.get(f"{PREFIX}-{number}-email", ""),
            cell_number=post.get(f"{PREFIX}-{number}-cell_number", ""),
            role=post.get(f"{PREFIX}-{number}-role", Role.TO.value),
            proof=post.get(f"{PREFIX}-{number}-proof", ""),
        )
        for number in range(count)
    ]


def _joined(rows: Sequence[Row], pasted: PastedList) -> list[Row]:
    """Return rows with those of a list behind them; whoever stands in a row already gets the number they lack."""
    cells, known = pasted.cells, [fold_email(row.email.strip()) for row in rows]
    filled = [
        row if row.cell_number.strip() else replace(row, cell_number=cells.get(key, row.cell_number))
        for row, key in zip(rows, known, strict=True)
    ]
    new = {fold_email(address): address for address in pasted.addresses}
    return filled + [Row(address, cells.get(key, "")) for key, address in new.items() if key not in known]


def first_of(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """Return what was typed into a field, or nothing."""
    return next(iter(fields.get(name, ())), "")
