"""The one password of all demo accounts: made once at random, kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from portal.demo.words import WORDS

FILE = "demo-password"
WORDS_OF_A_PASSWORD = 5


def new_password() -> str:
    """Return five words at random, joined by hyphens."""
    return "-".join(secrets.choice(WORDS) for _ in range(WORDS_OF_A_PASSWORD))


def known_password() -> str | None:
    """Return the password of this installation's demo, or None where none was made."""
    path = _path()
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def keep_new_password() -> str:
    """Make a password, keep it with mode 0600, and return it; one that exists already stays."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    password = new_password()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(password + "\n")
    return password


def _path() -> Path:
    return Path(settings.DATA_DIR) / FILE
