"""An app that ends the process, and all of its group, at the point that a file in the data directory names."""

import os
import signal
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connection

from tests.messaging.messages.killing.points import INSIDE, MET, OF_THE_WEB_SERVER, OF_THE_WORKER, OUTSIDE, WISH, Point


class KillingConfig(AppConfig):
    """Puts itself around each function at which a sending may be killed."""

    name = "tests.messaging.messages.killing"

    def ready(self) -> None:
        for point in (*OF_THE_WEB_SERVER, *OF_THE_WORKER):
            module = import_module(point.module)
            setattr(module, point.function, _ending(getattr(module, point.function), point))


def _ending(function: Callable[..., Any], point: Point) -> Callable[..., Any]:
    @wraps(function)
    def ending(*arguments: Any, **named: Any) -> Any:
        if not point.is_after:
            _end_if_wished(point)
        answer = function(*arguments, **named)
        if point.is_after:
            _end_if_wished(point)
        return answer

    return ending


def _end_if_wished(point: Point) -> None:
    """End as a machine does that loses its power; the wish is met once."""
    wish = settings.DATA_DIR / WISH
    if not wish.exists() or wish.read_text() != point.name:
        return
    (settings.DATA_DIR / MET).write_text(INSIDE if connection.in_atomic_block else OUTSIDE)
    wish.unlink()
    os.killpg(os.getpgrp(), signal.SIGKILL)
