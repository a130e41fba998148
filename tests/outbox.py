"""What left the portal: the queue is worked off and the newest mails and texts are read."""

import re

from core.jobs import run_due_jobs
from core.outbox_files import Entry, read_entries

CODE = re.compile(r"\b\d{6}\b")


def delivered(channel: str) -> list[Entry]:
    """Deliver what waits and return the mails or texts, newest first."""
    while run_due_jobs():
        pass
    return [entry for entry in read_entries(1_000) if entry.channel == channel]


def newest_code(to: str) -> str:
    """Deliver what waits and return the code of the newest text to a number."""
    text = next(entry for entry in delivered("sms") if entry.to == to)
    found = CODE.search(text.text)
    assert found, "the newest text carries no code"
    return found.group()
