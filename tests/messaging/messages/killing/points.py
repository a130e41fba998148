"""The points of a sending at which a process is killed, and how it is told."""

from dataclasses import dataclass

# In the data directory: the point that is wished for, and once it was met where it lay.
WISH, MET = "kill-at", "killed-at"
INSIDE, OUTSIDE = "inside a transaction", "outside any transaction"
VIEW, SENDING = "messaging.messages.views.composing", "messaging.messages.services.sending"
DELIVERING, SEALING, JOBS = "messaging.items.services.delivering", "messaging.items.events.sealing", "core.jobs"


@dataclass(frozen=True, slots=True)
class Point:
    """Just before or just after a function is called where a module knows it.

    Args:
        place: whether it lies inside a transaction.
        done: how many messages are sent by then, or how often the killed worker's mail is written again.
    """

    module: str
    function: str
    is_after: bool
    place: str
    done: int

    @property
    def name(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.module}.{self.function}"


OF_THE_WEB_SERVER = (
    Point(VIEW, "send_message", is_after=False, place=OUTSIDE, done=0),
    Point(SENDING, "take_message", is_after=True, place=INSIDE, done=0),
    Point(SENDING, "create_item", is_after=True, place=INSIDE, done=0),
    # The first of two.
    Point(SENDING, "write_link_mail", is_after=True, place=INSIDE, done=0),
    Point(SENDING, "require_room", is_after=True, place=INSIDE, done=0),
    Point(VIEW, "send_message", is_after=True, place=OUTSIDE, done=1),
)
OF_THE_WORKER = (
    Point(DELIVERING, "deliver_mail", is_after=False, place=OUTSIDE, done=0),
    Point(DELIVERING, "deliver_mail", is_after=True, place=OUTSIDE, done=1),
    Point(JOBS, "_finish", is_after=False, place=OUTSIDE, done=1),
    Point(SEALING, "count_events", is_after=True, place=INSIDE, done=0),
)
