"""The kinds of item; each product registers its own, so that nobody below has to know them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from messaging.items.choices import State

if TYPE_CHECKING:
    from messaging.items.models import Draft, Item, Participant

Words = Mapping[State, str | Promise]


def change_nothing(_item: "Item", _at: datetime) -> None:
    """Do nothing: where nothing hangs on it."""


def keep_nothing(_item: "Item") -> str:
    """Return nothing: the item can be ended at any time."""
    return ""


def call_it_as_all(_item: "Item") -> str:
    """Return nothing: where the act has the word that it has for all kinds."""
    return ""


def tell_nobody(_participant: "Participant", _at: datetime) -> None:
    """Do nothing: where nobody wants to know."""


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft as a list shows it.

    Args:
        subject: in the words of its owner; may be empty.
        people: addresses it is for, as far as they were typed.
        label: what it will be.
    """

    url: str
    delete_url: str
    subject: str = field(repr=False)
    people: Sequence[str] = field(repr=False)
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item.

    Args:
        code: fixed word, as stored.
        label: what a person reads.
        icon: name of its icon.
        url_name: of its page, which takes a reference.
        link_prefix: first part of the address of its links.
        new_url_name: of the page on which one is made; empty where there is none.
        is_end_told: the product itself says in time that one of its items ends.
        on_first_opening: called in the transaction in which a person opens an item for the first time.
        on_revoking: called in the transaction in which a sender ends an item for everybody.
        why_it_stays: returns in one sentence why an item cannot be ended for anybody now; empty where it can. Called
            with the item's row held where it is ended, and by the page that asks first.
        ending_word: returns what its history calls it that the sender ended an item for everybody; empty where that is
            called as for all kinds.
        has_openings_limit: its links open so often and no more; otherwise openings are counted and no number is shown
            beside.
        show_draft: returns a draft as a list shows it, or None for one that nothing opens any more; None where the kind
            has no drafts.
        drafts_sealed_for: first part of the place that keys of its drafts are sealed for; empty for one by its code.
        words: what states of an item are called, where not as those of all kinds.
        undone_words: the same of an item whose people did not do what was asked, where it is called otherwise then.
        part_words: what states of one person's part are called, likewise.
    """

    code: str
    label: str | Promise
    icon: str
    url_name: str
    link_prefix: str
    new_url_name: str = ""
    has_openings_limit: bool = True
    is_end_told: bool = False
    on_first_opening: Callable[["Participant", datetime], None] = tell_nobody
    on_revoking: Callable[["Item", datetime], None] = change_nothing
    why_it_stays: Callable[["Item"], str] = keep_nothing
    ending_word: Callable[["Item"], str] = call_it_as_all
    show_draft: Callable[["Draft"], ShownDraft | None] | None = None
    drafts_sealed_for: str = ""
    words: Words = field(default_factory=dict)
    undone_words: Words = field(default_factory=dict)
    part_words: Words = field(default_factory=dict)

    def state_word(self, state: State, *, is_undone: bool) -> str:
        """Return what a state of an item is called.

        Args:
            is_undone: somebody did not do what was asked, and nobody declined.
        """
        undone = self.undone_words.get(state) if is_undone else None
        return str(undone or self.words.get(state, state.label))

    def part_word(self, state: State) -> str:
        """Return what a state of one person's part is called."""
        return str(self.part_words.get(state, state.label))

    def url(self, reference: str) -> str:
        """Return the address of one item's page."""
        return reverse(self.url_name, args=[reference])

    def page_link(self, reference: str) -> str:
        """Return the whole address of one item's page, for a mail to its sender."""
        return f"{settings.PUBLIC_URL}{self.url(reference)}"

    @property
    def draft_place(self) -> str:
        """First part of the place that the keys of its drafts are sealed for: no other kind's opens there."""
        return self.drafts_sealed_for or f"items_draft:{self.code}"

    @property
    def new_url(self) -> str:
        """Address of the page on which one is made; empty where there is none."""
        return reverse(self.new_url_name) if self.new_url_name else ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called by the product's app when it is ready."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """Return a kind by its stored word."""
    return _kinds[code]


def all_kinds() -> list[Kind]:
    """Return every kind, in the order in which the products were installed."""
    return list(_kinds.values())


def words_of(state: State) -> list[str]:
    """Return what kinds call a state of their items, each word once; first the one that most of them have."""
    own = (kind.state_word(state, is_undone=is_undone) for kind in all_kinds() for is_undone in (False, True))
    return list(dict.fromkeys([str(state.label), *own]))
