"""The threads of one face: its pages share some, and what must be answered however busy those are has its own.

A page may hold a thread for as long as a disk, a printer or the county makes it wait. Where all are held, whoever asks
whether the program lives (systemd, the supervisor of the shell) is told so at once, and a window still hears that a
card came or went.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from waitress.task import ThreadedTaskDispatcher

HEALTH = "/health"


class Pages:
    """The threads of the pages, and since when all of them are held."""

    def __init__(self, threads: int) -> None:
        self.lane = lane(threads)
        self._free = threads
        self._since = 0.0
        self._lock = threading.Lock()

    def serve(self, task: Any) -> None:
        """Answer one request, in one of the threads."""
        with self._lock:
            self._free -= 1
            self._since = time.monotonic()
        try:
            task.service()
        finally:
            with self._lock:
                self._free += 1

    def held(self) -> float:
        """Seconds for which no thread has come free; 0 while one is."""
        with self._lock:
            return 0.0 if self._free else time.monotonic() - self._since


class Ticket:
    """A page that waits its turn, as waitress has it."""

    def __init__(self, task: Any, pages: Pages) -> None:
        self._task = task
        self._pages = pages

    def service(self) -> None:
        """Its turn has come."""
        self._pages.serve(self._task)

    def cancel(self) -> None:
        """It never comes: the server ends."""
        self._task.cancel()


class Lanes:
    """What a waitress server gives its requests to. ``pages``: threads for all that has none of its own.

    ``apart``: address → threads that answer it and nothing else; ``/health`` has one.
    """

    def __init__(self, pages: int, apart: Mapping[str, int]) -> None:
        self._pages = Pages(pages)
        self._apart = {address: lane(threads) for address, threads in {HEALTH: 1, **apart}.items()}

    def add_task(self, task: Any) -> None:
        """Give the next request of a line (waitress' HTTPChannel) to the threads of its address."""
        apart = self._apart.get(getattr(task.requests[0], "path", ""))  # what was no request has no path
        if apart is None:
            self._pages.lane.add_task(Ticket(task, self._pages))
        else:
            apart.add_task(task)

    def held(self) -> float:
        """Seconds for which every thread of the pages has been held and none has come free; 0 while one is."""
        return self._pages.held()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:  # noqa: FBT001, FBT002 - waitress'
        """End every thread that nothing holds; what is still in a queue is cancelled. True where that was asked."""
        for one in (self._pages.lane, *self._apart.values()):
            one.shutdown(cancel_pending, timeout)
        return cancel_pending


def lane(threads: int) -> ThreadedTaskDispatcher:
    """So many threads, with a queue of their own."""
    made = ThreadedTaskDispatcher()
    made.set_thread_count(threads)
    return made
