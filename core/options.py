"""Draw a long list of options once, then mark the chosen one at the price of a slice.

Django's own select builds one small template per option: 44 ms for the three lists of the account page, on each
request. A list drawn once is a text in which the place of every value is known.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.markup import element

P = ParamSpec("P")
R = TypeVar("R")

# How many drawings a list needs that depends on nothing but the language.
LANGUAGES_KEPT = 8
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_OPTION = '<option value="{}"{}>{}</option>'
_SELECTED = SafeString(" selected")
_DISABLED = SafeString(" disabled")
_PLAIN = SafeString("")


class Option(NamedTuple):
    """One line of a list; a disabled one is shown and cannot be chosen anew."""

    value: str
    label: str
    is_enabled: bool = True


class Group(NamedTuple):
    """Options under one heading; without a label they stand by themselves."""

    label: str
    options: tuple[Option, ...]


class _Mark(NamedTuple):
    """Where the text says, or could say, what an option's state is."""

    start: int
    end: int


def _unlisted(value: str) -> str | None:
    """Know no value beyond those of the list."""
    return None


class Drawn:
    """Hold a list of options as escaped HTML, ready to be marked.

    Args:
        groups: in the order they are drawn; a value may appear once only.
        also: returns the label of a value that is accepted without being listed (a former name), else None;
            such a value is drawn first, only where it is the chosen one.

    Raises:
        ValueError: a value appears twice.
    """

    def __init__(self, groups: Iterable[Group], *, also: Callable[[str], str | None] = _unlisted) -> None:
        self._marks: dict[str, _Mark] = {}
        self._also = also
        self._parts: list[str] = []
        self._length = 0
        for group in groups:
            self._draw_group(group)
        self.html = SafeString("".join(self._parts))
        del self._parts

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and (value in self._marks or self._also(value) is not None)

    def __len__(self) -> int:
        return len(self._marks)

    def enabled(self, value: str) -> bool:
        """Tell whether a value may be chosen anew."""
        mark = self._marks.get(value)
        return value in self if mark is None else mark.start == mark.end

    def marked(self, value: str, *, stored: str = "") -> SafeString:
        """Return the options with one selected; an unknown value selects none and is not drawn.

        Args:
            value: the chosen one. If it is disabled it is drawn enabled, because a browser does not send a
                disabled option and saving would lose it.
            stored: what is kept now; it too is drawn enabled, so that a person can return to it.
        """
        wanted = {stored: _PLAIN, value: _SELECTED}
        cuts = sorted((self._marks[key], text) for key, text in wanted.items() if key in self._marks)
        parts: list[str] = [self._unlisted_option(value)]
        done = 0
        for mark, text in cuts:
            parts += (self.html[done : mark.start], text)
            done = mark.end
        return SafeString("".join((*parts, self.html[done:])))

    def _unlisted_option(self, value: str) -> str:
        label = None if value in self._marks else self._also(value)
        return "" if label is None else format_html(_OPTION, value, _SELECTED, label)

    def _draw_group(self, group: Group) -> None:
        if not group.options:
            return
        if group.label:
            self._write(format_html('<optgroup label="{}">', group.label))
        for option in group.options:
            self._draw_option(option)
        if group.label:
            self._write("</optgroup>")

    def _draw_option(self, option: Option) -> None:
        if option.value in self._marks:
            raise ValueError(f"option {option.value!r} appears twice")
        state = _PLAIN if option.is_enabled else _DISABLED
        start = self._length + len(_narrow(format_html('<option value="{}"', option.value)))
        self._marks[option.value] = _Mark(start, start + len(state))
        self._write(format_html(_OPTION, option.value, state, option.label))

    def _write(self, html: str) -> None:
        text = _narrow(html)
        self._parts.append(text)
        self._length += len(text)


def _narrow(html: str) -> str:
    """Write signs beyond U+FFFF as references: a single one would double the memory of the list and of its page."""
    return _WIDE.sub(lambda sign: f"&#{ord(sign[0])};", html)


DrawnSource = Callable[[], Drawn]


class DrawnSelect(forms.Widget):
    """Draw a select whose options come from a source, asked at each drawing so that its language is the request's."""

    input_type = "select"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs) if attrs else None)
        self.options: DrawnSource = lambda: Drawn(())
        self.stored = ""
        self.blank: str | Promise = _("Choose…")

    def use_required_attribute(self, initial: object) -> bool:
        """Leave out `required`: HTML allows it on a select only beside an empty first option."""
        return False

    def render(
        self,
        name: str,
        value: object,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Draw the select; an unknown value gives way to the stored one, or else to an empty choice."""
        drawn = self.options()
        chosen = next((text for text in (str(value or ""), self.stored) if text in drawn), "")
        blank = "" if chosen and self.is_required else self._blank(is_selected=not chosen)
        attributes = self.build_attrs({**self.attrs, "name": name}, dict(attrs or {}))
        return element("select", attributes, blank, drawn.marked(chosen, stored=self.stored))

    def _blank(self, *, is_selected: bool) -> SafeString:
        return format_html(_OPTION, "", _SELECTED if is_selected else _PLAIN, self.blank)


class DrawnField(forms.CharField):
    """Accept one value of a drawn list.

    Args:
        options: returns the list in the language of the request; asked at each drawing and each check.
        stored: what is kept now; it is accepted even where the list has it disabled.
        blank: words of the empty choice, where the list does not ask to choose.
    """

    widget: DrawnSelect = DrawnSelect  # type: ignore[assignment]
    default_error_messages = {
        "required": _("Choose one of the options in the list."),
        "unknown": _("Choose one of the options in the list."),
        "disabled": _("This option is not available. Choose another one."),
    }

    def __init__(
        self, *, options: DrawnSource, stored: str = "", blank: str | Promise | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if blank is not None:
            self.widget.blank = blank
        self.options = options
        self.stored = stored

    @property
    def options(self) -> DrawnSource:
        """Return the source of the list; the widget has the same."""
        return self.widget.options

    @options.setter
    def options(self, source: DrawnSource) -> None:
        self.widget.options = source

    @property
    def stored(self) -> str:
        """Return what is kept now; the widget has the same."""
        return self.widget.stored

    @stored.setter
    def stored(self, value: str) -> None:
        self.widget.stored = value

    def validate(self, value: str) -> None:
        """Refuse what the list does not have, and a disabled option that is not the stored one."""
        super().validate(value)
        if value in self.empty_values:
            return
        drawn = self.options()
        if value not in drawn:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if value != self.stored and not drawn.enabled(value):
            raise ValidationError(self.error_messages["disabled"], code="disabled")


def drawn_once(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the results of a drawing, the latest `maxsize` of them; threads that ask at once wait for one drawing.

    The decorated function takes hashable arguments only.
    """

    def decorate(draw: Callable[P, R]) -> Callable[P, R]:
        kept, lock = lru_cache(maxsize=maxsize)(draw), Lock()

        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
            with lock:
                return kept(*args, **kwargs)  # type: ignore[arg-type]

        return drawn

    return decorate
