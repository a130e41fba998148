"""All that one signer fills in, as one form of a page: marks, texts and boxes, and places where none were prepared.

What is right of it is kept whatever is wrong beside it, so that nothing is given twice.
Source: docs/decisions/0069-signing-pages.md
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import TEXT_MESSAGES
from signatures.answers import MARKS, Answers, Value, answers_of, read_answer_text
from signatures.choices import ZoneKind
from signatures.contents import Content, Drawn, Typed, Uploaded
from signatures.drawing import Size
from signatures.limits import ANSWER_TEXT_MOST_CHARACTERS
from signatures.mark_choice import MarkChoice
from signatures.papers import Paper
from signatures.pdf.letters import letters_unprinted
from signatures.placing import PlaceForm
from signatures.preparation import Preparation
from signatures.request_errors import AnswerNotInFont, AnswersRefused, AnswerTooLongForPlace
from signatures.stamps import is_readable
from signatures.zones import Zone, free_zones, in_reading_order, zones_of

VALUES = "zone"


class AnswerField(forms.CharField):
    """A text that is printed into a zone.

    Args:
        place: how large the zone is; what could not be read in it is refused.
    """

    default_error_messages = {**TEXT_MESSAGES}

    def __init__(self, *, place: Size, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place = place

    def clean(self, value: Any) -> str:
        """Return the text as it is printed."""
        try:
            text = read_answer_text(str(value or ""))
            if letters := letters_unprinted(text):
                raise AnswerNotInFont(letters)
            if text and not is_readable(text, self.place):
                raise AnswerTooLongForPlace
        except AnswersRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        self.validate(text)
        return text


class ValuesForm(forms.Form):
    """The texts and boxes of a signer, and whether a mark that may be left out is wanted; named by their zones.

    Args:
        is_final: what is asked for must be there now.
    """

    def __init__(self, data: Any, *, initial: dict[str, Any], zones: Sequence[Zone], is_final: bool) -> None:
        super().__init__(data, initial=initial, prefix=VALUES, auto_id="%s")
        for zone in zones:
            field = _field(zone, is_needed=is_final and zone.is_required)
            if field is not None:
                self.fields[zone.zone_id] = field


class Filling:
    """The form of one signer.

    Args:
        answers: what they gave so far.
        saved: what they have saved in their account, by kind; nothing for who has none here.
        data, files: of a posted form.
        is_final: all that is asked for must be there now; otherwise only what is there must be right.
    """

    def __init__(
        self,
        preparation: Preparation,
        answers: Answers,
        data: Any = None,
        files: Any = None,
        *,
        saved: Mapping[ZoneKind, Content] = MappingProxyType({}),
        is_final: bool = False,
    ) -> None:
        self.preparation, self.before, self.is_final = preparation, answers, is_final
        self.is_posted = data is not None
        place = answers.signer
        self.zones = zones_of(preparation.zones, place)
        kinds = [kind for kind in (ZoneKind.SIGNATURE, ZoneKind.INITIALS) if any(z.kind is kind for z in self.zones)]
        name, known = preparation.signers[place].name, (*self.zones, *answers.placed)
        self.marks = [
            MarkChoice(
                kind, name=name, kept=_given(kind, known, answers), saved=saved.get(kind), data=data, files=files
            )
            for kind in (kinds if self.zones else [ZoneKind.SIGNATURE])
        ]
        self.values = ValuesForm(data, initial=_initial(self.zones, answers), zones=self.zones, is_final=is_final)
        self.places = [] if self.zones else _places(preparation.papers, answers, name, data)

    @property
    def forms(self) -> list[forms.BaseForm]:
        """The forms whose errors are shown, in the order of the page."""
        marks = [mark.form for mark in self.marks if mark.is_refused and mark.form is not None]
        return [*marks, self.values, *self.places]

    @property
    def placed(self) -> tuple[Zone, ...]:
        """What the signer places; the form is valid, as far as it is."""
        return in_reading_order(zone for place in self.places for zone in place.zones)

    def is_valid(self) -> bool:
        """Tell whether all that was given can be used, and at last whether all is there."""
        are_right = [self.values.is_valid(), *(place.is_valid() for place in self.places)]
        are_right += [mark.is_valid(is_needed=self.is_final and self._is_needed(mark.kind)) for mark in self.marks]
        if self.is_final and self.places and all(are_right) and not self.placed:
            self.places[0].add_error("is_wanted", _("Choose at least one document to sign."))
            return False
        return all(are_right)

    def answers(self) -> Answers:
        """Return what was given and is right; the form was looked at."""
        zones, values = (*self.zones, *self.placed), dict[str, Value]()
        typed = self.values.cleaned_data
        kept = {mark.kind: mark.kept for mark in self.marks}
        given = {mark.kind: mark.kept for mark in self.marks if mark.kept is not None and not mark.is_saved}
        for zone in zones:
            if zone.kind in MARKS:
                content = kept[zone.kind]
                if content is not None and (zone.is_required or self.places or typed.get(zone.zone_id)):
                    values[zone.zone_id] = content
            elif zone.zone_id in typed:
                values[zone.zone_id] = typed[zone.zone_id]
        return answers_of(self.preparation.zones, self.before.signer, values, self.placed, given)

    def _is_needed(self, kind: ZoneKind) -> bool:
        typed = self.values.cleaned_data
        asked = (zone for zone in self.zones if zone.kind is kind)
        return bool(self.places) or any(zone.is_required or typed.get(zone.zone_id) for zone in asked)


def label_of(zone: Zone) -> str:
    """Return how a zone is called: in the requester's words, else by what it is."""
    return zone.label or str(zone.kind.label)


def _field(zone: Zone, *, is_needed: bool) -> forms.Field | None:
    """Return the field of a zone; None where none is asked for it alone."""
    match zone.kind:
        case ZoneKind.TEXT:
            widget = forms.TextInput(attrs={"maxlength": ANSWER_TEXT_MOST_CHARACTERS})
            place = Size(zone.box.width, zone.box.height)
            return AnswerField(place=place, label=label_of(zone), required=is_needed, widget=widget)
        case ZoneKind.CHECKBOX:
            refusal = {"required": _("Check this box. If you do not agree with it, decline to sign.")}
            return forms.BooleanField(label=label_of(zone), required=is_needed, error_messages=refusal)
        case ZoneKind.SIGNATURE | ZoneKind.INITIALS if not zone.is_required:
            return forms.BooleanField(label=label_of(zone), required=False)
        case _:
            return None


def _initial(zones: Sequence[Zone], answers: Answers) -> dict[str, Any]:
    return {
        zone.zone_id: zone.zone_id in answers.values if zone.kind in MARKS else answers.values.get(zone.zone_id, "")
        for zone in zones
    }


def _given(kind: ZoneKind, zones: Sequence[Zone], answers: Answers) -> Content | None:
    """Return the mark of a kind that was given before."""
    found = (answers.values.get(zone.zone_id) for zone in zones if zone.kind is kind)
    return next((value for value in found if isinstance(value, Drawn | Typed | Uploaded)), answers.spare.get(kind))


def _places(papers: Sequence[Paper], answers: Answers, name: str, data: Any) -> list[PlaceForm]:
    return [
        PlaceForm(data, offered=offered, paper=papers[offered.document], name=name, placed=answers.placed)
        for offered in free_zones(papers, answers.signer)
    ]
