"""One of several things to do in a row, of which none may keep the others from being done."""

import logging
from collections.abc import Callable
from typing import NamedTuple

from django.db import OperationalError

logger = logging.getLogger("portal.worker")


class Outcome(NamedTuple):
    """How a step ended, and what it answered if it ended well."""

    is_well: bool
    answer: object = None


def take_step(step: str, act: Callable[[], object]) -> Outcome:
    """Do something; a fault is written down, without its text, which may hold a value that no log may.

    Args:
        step: name under which a fault is written down.

    Raises:
        OperationalError: the database is away, which is no fault of the step.
    """
    try:
        return Outcome(True, act())
    except OperationalError:
        raise
    except Exception as fault:
        logger.error("worker.fault", extra={"step": step, "fault": type(fault).__name__})
        return Outcome(False)
