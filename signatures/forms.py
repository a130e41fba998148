"""What a person gives to make a mark, one form for each way; a valid form has the mark's content."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.cultures import format_size
from core.forms import CHOICE_MESSAGES, PersonNameField
from core.small_files import SmallUpload
from core.uploads import RefusedUpload
from signatures.choices import MarkKind, MarkWay
from signatures.contents import Content, Drawn, Typed, Uploaded
from signatures.errors import DrawingRefused, PictureRefused
from signatures.hands import HANDS, letters_missing
from signatures.limits import MARK_TEXT_MOST_CHARACTERS, PICTURE_MOST_BYTES
from signatures.pictures import redraw
from signatures.strokes import Stroke, read_strokes


class ContentForm(forms.Form):
    """What a mark looks like, made in one way; a page with several of them gives each a prefix."""

    way: ClassVar[MarkWay]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})

    def content(self) -> Content:
        """Return what the mark looks like; the form is valid."""
        raise NotImplementedError


class DrawnContent(ContentForm):
    """A drawing, as the strokes of the pad; never a picture of the browser's."""

    way = MarkWay.DRAWN
    strokes = forms.CharField(label=_("Drawing"), required=False, widget=forms.HiddenInput)

    def clean_strokes(self) -> tuple[Stroke, ...]:
        """Return the strokes."""
        try:
            return read_strokes(self.cleaned_data["strokes"])
        except DrawingRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def content(self) -> Content:
        """Return the drawing."""
        return Drawn(self.cleaned_data["strokes"])


class TypedContent(ContentForm):
    """A name in one of the handwritings."""

    way = MarkWay.TYPED
    text = PersonNameField(
        label=_("Name as you sign it, or your initials"),
        most_characters=MARK_TEXT_MOST_CHARACTERS,
        error_messages={"required": _("Type your name, or your initials.")},
    )
    hand = forms.ChoiceField(
        label=_("Handwriting"),
        choices=list(HANDS.items()),
        widget=forms.RadioSelect,
        error_messages={name: _("Choose one of the handwritings.") for name in ("required", "invalid_choice")},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a text that the handwriting cannot write."""
        values = super().clean() or self.cleaned_data
        if "text" in values and "hand" in values:
            missing = letters_missing(values["text"], values["hand"])
            if missing:
                sentence = _("This handwriting has no letter for %(letters)s. Choose another one, or draw it.")
                self.add_error("text", ValidationError(sentence, params={"letters": missing}))
        return values

    def content(self) -> Content:
        """Return the name with its handwriting."""
        return Typed(self.cleaned_data["text"], self.cleaned_data["hand"])


class PictureField(forms.Field):
    """A picture of a mark; gives the redrawn one."""

    widget = forms.FileInput
    default_error_messages = {
        "required": _("Choose a picture."),
        "too_large": _("This picture is too large. It may have up to %(most)s."),
    }

    def clean(self, value: SmallUpload | RefusedUpload | None) -> bytes:
        """Return the picture as a PNG of ours."""
        if isinstance(value, RefusedUpload):
            most = format_size(PICTURE_MOST_BYTES, language=get_language() or "en")
            raise ValidationError(self.error_messages["too_large"], params={"most": most})
        if not isinstance(value, SmallUpload):
            raise ValidationError(self.error_messages["required"])
        try:
            return redraw(value.content)
        except PictureRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class UploadedContent(ContentForm):
    """A picture of a mark on paper."""

    way = MarkWay.UPLOADED
    picture = PictureField(label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}))

    def content(self) -> Content:
        """Return the redrawn picture."""
        return Uploaded(self.cleaned_data["picture"])


class MarkForm(ContentForm):
    """What a mark has that its owner keeps, however it is made."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MarkKind.choices, error_messages=CHOICE_MESSAGES)
    is_default = forms.BooleanField(label=_("Make it the default"), required=False)


class DrawnForm(DrawnContent, MarkForm):
    """A drawing that is kept."""


class TypedForm(TypedContent, MarkForm):
    """A name in a handwriting that is kept."""


class UploadedForm(UploadedContent, MarkForm):
    """A picture that is kept."""


CONTENT_FORMS: Mapping[MarkWay, type[ContentForm]] = MappingProxyType(
    {form.way: form for form in (TypedContent, DrawnContent, UploadedContent)}
)
FORMS: Mapping[MarkWay, type[MarkForm]] = MappingProxyType(
    {form.way: form for form in (DrawnForm, TypedForm, UploadedForm)}
)
