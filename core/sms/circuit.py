"""A circuit breaker: stop asking a provider that keeps failing, and try it again after a while."""

import time
from collections.abc import Callable
from threading import Lock

from core.sms.limits import CIRCUIT_OPENS_AFTER_FAILURES, CIRCUIT_PAUSE_SECONDS


class Circuit:
    """The health of one provider as this process has seen it.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._closed_until = 0.0

    def lets_through(self) -> bool:
        """Tell whether the provider may be asked; after a pause one caller may, and the others wait for its result."""
        with self._lock:
            if self._failures < CIRCUIT_OPENS_AFTER_FAILURES:
                return True
            if self._clock() < self._closed_until:
                return False
            self._closed_until = self._clock() + CIRCUIT_PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        """Note an answer."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Note that no useful answer came."""
        with self._lock:
            self._failures += 1
            self._closed_until = self._clock() + CIRCUIT_PAUSE_SECONDS
