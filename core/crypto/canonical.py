"""One byte string for one JSON value, so that two machines hash the same thing."""

import json


def canonical_json(value: object) -> bytes:
    """Return a JSON value as bytes: keys sorted, no blanks, UTF-8, no number that is not whole.

    Raises:
        TypeError: the value holds something JSON has not, or a float, whose digits differ between machines.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("A float has no canonical form.")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("A key must be a text.")
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
