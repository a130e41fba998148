"""What left the portal: the queue is worked off and the newest mails and texts are read."""

import re

from core import jobs
from core.limits import JOB_BATCH
from core.outbox_files import Entry, read_entries

CODE = re.compile(r"\b\d{6}\b")


def run_due_jobs(*, batch: int = JOB_BATCH) -> int:
    """Do the jobs that are due, as a round of the worker does, and return how many were taken on."""
    leased = jobs.lease_due_jobs(batch=batch)
    for job in leased:
        jobs.run(job)
    return len(leased)


def delivered(channel: str) -> list[Entry]:
    """Deliver what waits and return the mails or texts, newest first."""
    while run_due_jobs():
        pass
    return [entry for entry in read_entries(1_000) if entry.channel == channel]


def newest_code(to: str) -> str:
    """Deliver what waits and return the code of the newest text to a number, or of the newest mail to an address."""
    channel = "email" if "@" in to else "sms"
    newest = next(entry for entry in delivered(channel) if entry.to == to)
    found = CODE.search(newest.text)
    assert found, "the newest one carries no code"
    return found.group()
