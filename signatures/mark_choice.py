"""A signature or initials as a signer gives them: once, in one of three ways, for all their zones of that kind.

What was given before is offered to the same signer alone, from what the request keeps of them; nothing of it stays in
the browser. Source: docs/decisions/0069-signing-pages.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from signatures.choices import MarkWay, ZoneKind
from signatures.contents import Content
from signatures.forms import CONTENT_FORMS, ContentForm
from signatures.hands import HANDS, PLAIN_HAND, hand_for
from signatures.limits import MARK_TEXT_MOST_CHARACTERS

KEPT = "kept"
# What one gives in each way; without it the way was left alone.
GIVEN = {MarkWay.TYPED: "text", MarkWay.DRAWN: "strokes", MarkWay.UPLOADED: "picture"}
KEEP_LABEL, SAVED_LABEL = _("Keep this one"), _("The one you have saved")
TEXT_LABELS = {ZoneKind.SIGNATURE: _("Your name, as you sign it"), ZoneKind.INITIALS: _("Your initials")}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to give it, as a choice of the page."""

    code: str
    label: str | Promise
    is_chosen: bool


class MarkChoice:
    """What one kind of mark of a signer looks like, as a part of their form.

    Args:
        name: of the signer.
        kept: what they gave before.
        saved: what they have saved in their account, and are offered as long as nothing was given.
        data, files: of a posted form.
    """

    def __init__(
        self,
        kind: ZoneKind,
        *,
        name: str,
        kept: Content | None,
        saved: Content | None = None,
        data: Any = None,
        files: Any = None,
    ) -> None:
        self.kind, self.is_saved = kind, kept is None and saved is not None
        self.kept = kept = kept or saved
        self.data, self.files = data, files
        # Whose name no font here can write is shown the pad first; another spelling can still be typed.
        fresh = MarkWay.TYPED if hand_for(self._usual_text(name)) else MarkWay.DRAWN
        usual = KEPT if kept else fresh.value
        asked = (data or {}).get(f"{kind}-way", usual)
        self.way = asked if asked in MarkWay.values or (asked == KEPT and kept) else usual
        self.forms = {way.value: self._form(way, name) for way in CONTENT_FORMS}
        self.forms[MarkWay.TYPED].fields["text"].label = TEXT_LABELS[kind]
        self.is_refused = False

    @property
    def anchor(self) -> str:
        """Id of its part of the page."""
        return f"{self.kind}-mark"

    @property
    def ways(self) -> list[Way]:
        """The ways it can be given, those that need least first."""
        ways = [Way(way.value, way.label, way == self.way) for way in CONTENT_FORMS]
        label = SAVED_LABEL if self.is_saved else KEEP_LABEL
        return [Way(KEPT, label, self.way == KEPT), *ways] if self.kept else ways

    @property
    def hands(self) -> list[tuple[str, str | Promise, bool]]:
        """Code and name of each handwriting, and whether it is chosen."""
        chosen = self.forms[MarkWay.TYPED]["hand"].value()
        return [(hand, name, hand == chosen) for hand, name in HANDS.items()]

    @property
    def form(self) -> ContentForm | None:
        """The form of the chosen way, with its errors; None where what was given before stays."""
        return self.forms.get(self.way)

    def is_valid(self, *, is_needed: bool) -> bool:
        """Take what was given, and tell whether it can be used; nothing at all can, where it is not needed now."""
        if self.form is None or not (is_needed or self._is_given()):
            return True
        self.is_refused = not self.form.is_valid()
        if not self.is_refused:
            # From now on it is kept: a picture need not be chosen again because something else was wrong.
            self.kept, self.way, self.is_saved = self.form.content(), KEPT, False
        return not self.is_refused

    def _form(self, way: MarkWay, name: str) -> ContentForm:
        made = CONTENT_FORMS[way]
        if self.data is not None and way == self.way:
            return made(self.data, self.files, prefix=self.kind.value)
        text = self._usual_text(name)
        usual = {"text": text, "hand": hand_for(text) or PLAIN_HAND, "strokes": ""}
        typed = {field: self.data.get(f"{self.kind}-{field}", "") for field in usual} if self.data is not None else {}
        return made(initial=usual | typed, prefix=self.kind.value)

    def _usual_text(self, name: str) -> str:
        if self.kind is ZoneKind.INITIALS:
            letters = (next(filter(str.isalpha, word), "") for word in name.split())
            return "".join(f"{letter}." for letter in letters if letter)[:MARK_TEXT_MOST_CHARACTERS]
        return name[:MARK_TEXT_MOST_CHARACTERS]

    def _is_given(self) -> bool:
        field = f"{self.kind}-{GIVEN[MarkWay(self.way)]}"
        sources: tuple[Mapping[str, Any], ...] = (self.data or {}, self.files or {})
        return any(bool(source.get(field)) for source in sources)
