"""A value that must not be seen: it shows nothing of itself wherever it ends up by mistake."""

from hmac import compare_digest
from typing import NoReturn


class Secret:
    """Bytes that only `reveal()` gives; printed, logged, compared by name or pickled they stay hidden."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """Return the bytes themselves."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is never pickled.")
