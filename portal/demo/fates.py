"""What becomes of the demo's messages and envelopes."""

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of one message."""

    IGNORED = "handed over, never opened"
    READ = "opened"
    ANSWERED = "opened and answered; the answer was read"
    UNREAD = "opened and answered; the answer waits"
    USED_UP = "opened as often as allowed"
    DELETED = "deleted by the sender"
    REFUSED = "refused by the mail server"
    WAITING = "not taken by the mail server so far"
    FRESH = "sent just now, its mail on the way"


IN_THE_YEAR = {Fate.READ: 50, Fate.ANSWERED: 22, Fate.IGNORED: 10, Fate.USED_UP: 9, Fate.DELETED: 5, Fate.REFUSED: 4}
# What the newest messages of the year become, so that every list and filter has something to show.
LATELY = (Fate.IGNORED, Fate.READ, Fate.ANSWERED, Fate.UNREAD, Fate.USED_UP, Fate.DELETED, Fate.REFUSED)
# Of these a second and a third one is seen only while it is young, or whenever it was sent.
LIVING = (Fate.IGNORED, Fate.READ, Fate.UNREAD, Fate.USED_UP)
LASTING = (Fate.DELETED, Fate.REFUSED)
OPENED = frozenset({Fate.READ, Fate.ANSWERED, Fate.UNREAD, Fate.USED_UP})
UNDERWAY = frozenset({Fate.WAITING, Fate.FRESH})
REPLIED = frozenset({Fate.ANSWERED, Fate.UNREAD})


class EnvelopeFate(StrEnum):
    """What becomes of one envelope."""

    IGNORED = "handed over, never opened"
    LOOKED_INTO = "opened, nothing handed over so far"
    UNREAD = "filled; the delivery waits"
    FILLED = "filled; the delivery was read"
    OVER = "never opened, and its time is over"
    DELETED = "deleted by its owner"
    REFUSED = "refused by the mail server"
    WAITING = "not taken by the mail server so far"


YOUNG_ENVELOPES = (EnvelopeFate.IGNORED, EnvelopeFate.LOOKED_INTO, EnvelopeFate.UNREAD)
OLD_ENVELOPES = (EnvelopeFate.FILLED, EnvelopeFate.OVER, EnvelopeFate.DELETED, EnvelopeFate.REFUSED)
MAILED_ENVELOPES = frozenset({EnvelopeFate.REFUSED, EnvelopeFate.WAITING})
OPENED_ENVELOPES = frozenset({EnvelopeFate.LOOKED_INTO, EnvelopeFate.UNREAD, EnvelopeFate.FILLED})
