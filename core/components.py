"""Keep what a component draws: the same values give the same HTML in one language, so it is drawn once.

A menu is the same on every page, and drawing it costs as much as reading the person from the database.
"""

from dataclasses import fields
from functools import lru_cache
from typing import Any

from django.template import Context, Engine
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

COMPONENTS_KEPT = 512
_PLAIN = (str, int, bool, type(None))


def draw_once(engine: Engine, component: str, values: dict[str, object]) -> SafeString:
    """Draw a component from the values given and nothing else; what was drawn before from the same is returned again.

    Args:
        values: by name; texts, whole numbers, yes or no, None, and tuples and frozen dataclasses of these.

    Raises:
        TypeError: a value of another kind, which could change without being told from what it was.
    """
    settled = {name: _settled(value) for name, value in values.items()}
    return _drawn(engine, component, get_language(), **settled)


@lru_cache(maxsize=COMPONENTS_KEPT, typed=True)
def _drawn(engine: Engine, component: str, language: str | None, /, **values: object) -> SafeString:
    """Draw a component; `typed` tells a text that is HTML from one that only reads the same."""
    for value in values.values():
        if type(value) is not SafeString:
            _refuse_what_changes(value)
    return engine.get_template(component).render(Context(values))


def _settled(value: object) -> object:
    """Return a text in the language of now for a lazy one, and the list that a lazy one stands for."""
    if isinstance(value, Promise):
        return str(value)
    return tuple(value) if isinstance(value, tuple) else value


def _refuse_what_changes(value: object) -> None:
    if type(value) in _PLAIN:
        return
    for part in _parts(value):
        _refuse_what_changes(part)


def _parts(value: Any) -> list[object]:
    if isinstance(value, tuple):
        return list(value)
    parameters = getattr(value, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen or isinstance(value, type):
        raise TypeError(f"a component that is kept cannot show a value of type {type(value).__name__}")
    return [getattr(value, field.name) for field in fields(value)]
