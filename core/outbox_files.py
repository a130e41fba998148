"""The demo's outbox: each mail or text the portal would have sent is one JSON file in the data directory.

A file appears whole or not at all, only its owner may read it, and names sort by time.
"""

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

FOLDER = "outbox"
FOLDER_MODE, FILE_MODE = 0o700, 0o600
SUFFIX = ".json"
KEY = re.compile(r"[0-9]{8}T[0-9]{12}Z-(?:email|sms)-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail or text of the outbox.

    Args:
        key: name of the file without its ending.
        channel: "email" or "sms".
        created_at: aware instant, in UTC.
    """

    key: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    created_at: datetime


def write_entry(*, channel: str, to: str, subject: str, text: str, html: str) -> str:
    """Put a mail or a text into the outbox and return its key."""
    now = timezone.now().astimezone(UTC)
    key = f"{now:%Y%m%dT%H%M%S%f}Z-{channel}-{secrets.token_hex(4)}"
    if not KEY.fullmatch(key):
        raise ValueError("The outbox knows the channels email and sms.")
    entry = Entry(key=key, channel=channel, to=to, subject=subject, text=text, html=html, created_at=now)
    _write(key, json.dumps(_fields(entry), ensure_ascii=False, indent=1).encode())
    return key


def read_entries(limit: int) -> list[Entry]:
    """Return the newest entries, newest first."""
    folder = _folder()
    if not folder.is_dir():
        return []
    keys = sorted((path.stem for path in folder.glob(f"*{SUFFIX}") if KEY.fullmatch(path.stem)), reverse=True)
    return [entry for key in keys[:limit] if (entry := read_entry(key)) is not None]


def read_entry(key: str) -> Entry | None:
    """Return one entry, or None where there is none of this key."""
    if not KEY.fullmatch(key):
        return None
    try:
        fields = json.loads((_folder() / f"{key}{SUFFIX}").read_bytes())
    except FileNotFoundError:
        return None
    created_at = datetime.fromisoformat(fields.pop("created_at"))
    return Entry(key=key, created_at=created_at, **fields)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def _fields(entry: Entry) -> dict[str, str]:
    fields = asdict(entry)
    del fields["key"]
    return fields | {"created_at": entry.created_at.isoformat().replace("+00:00", "Z")}


def _write(key: str, content: bytes) -> None:
    """Write under a temporary name, then rename: a reader never sees half a file."""
    folder = _folder()
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    temporary = folder / f".{key}.part"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    temporary.rename(folder / f"{key}{SUFFIX}")
