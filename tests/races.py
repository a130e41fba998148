"""Run one function in many threads at once, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")
# A PostgreSQL server takes 100 connections by default, and other tests may be using some of them.
POSTGRESQL_CONNECTIONS = 40
THREADS_WAIT_SECONDS = 60
# Threads of one process take turns at one interpreter: on a busy machine the last of twenty waits longer than a request
# of people may.
PATIENCE = f"SET lock_timeout = '{THREADS_WAIT_SECONDS}s'"


def on_threads(count: int, function: Callable[[int], T]) -> list[T]:
    """Call a function in `count` threads that begin together, and return what each returned, in order.

    An exception of one thread is raised here once all have ended. Use it in transactional tests only: a connection of
    its own sees nothing of a test's open transaction.

    Args:
        function: takes the number of its thread, from 0.
    """
    start = Barrier(count)
    places = BoundedSemaphore(POSTGRESQL_CONNECTIONS if connection.vendor == "postgresql" else count)

    def one(number: int) -> T:
        start.wait(THREADS_WAIT_SECONDS)
        with places:
            try:
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute(PATIENCE)
                return function(number)
            finally:
                connections.close_all()

    with ThreadPoolExecutor(max_workers=count) as pool:
        return [thread.result() for thread in [pool.submit(one, number) for number in range(count)]]
