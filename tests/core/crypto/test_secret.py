"""A secret shows nothing of itself."""

import json
import pickle
import traceback

import pytest

from core.crypto.secret import Secret

SECRET = Secret(b"canary-of-a-secret")


def test_statement_115_nothing_prints_it() -> None:
    assert (repr(SECRET), str(SECRET), f"{SECRET}", f"{[SECRET]}", f"{SECRET!r}") == (
        "***",
        "***",
        "***",
        "[***]",
        "***",
    )
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)
    with pytest.raises(TypeError):
        json.dumps(SECRET)
    with pytest.raises(TypeError):
        hash(SECRET)
    assert not hasattr(SECRET, "__dict__")


def test_statement_115_no_exception_shows_it() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        assert "canary" not in traceback.format_exc()


def test_it_is_equal_to_the_same_secret_only() -> None:
    assert Secret(b"canary-of-a-secret") == SECRET
    assert Secret(b"other") != SECRET
    assert SECRET != b"canary-of-a-secret"
