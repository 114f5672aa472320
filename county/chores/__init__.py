"""What nobody waits for: rows past their time go, the calendar is followed. Any number of hubs may do it at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from county.chores.sweeps import SWEEPS, Sweep, sweep
from county.clock import HubClock
from county.feeding.code_lists import publish_missing
from county.publishing import follow_calendar, needs_calendar
from county.store import Store

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 20.0, 600.0
"""Seconds. A round that found nothing doubles the pause, one that found something begins with the first again."""


def all_chores(store: Store, clock: HubClock, sweeps: tuple[Sweep, ...] = SWEEPS) -> Iterator[tuple[str, int]]:
    """Do everything that is due now; each chore's name with how many rows it did.

    Portions, each a transaction of its own: a hub that dies in the middle has done whole portions, the rest is done
    by whoever comes next. Rows that another hub has in hand are left to it.
    """
    for chore in sweeps:
        yield chore.name, sweep(store, chore, clock.now())
    yield "calendar", _calendar(store, clock)
    yield "code lists", publish_missing(store)


def _calendar(store: Store, clock: HubClock) -> int:
    """Off the feed with what ran out yesterday. The feed has one writer at a time, whoever it is."""
    with store.reading() as connection:
        due = needs_calendar(connection, clock.today())
    if not due:
        return 0
    with store.writing("feed") as connection:
        return follow_calendar(connection, clock.today())


class Chores:
    """The chores of one hub process, in one thread of its own."""

    def __init__(self, store: Store, clock: HubClock, first_pause: float = FIRST_PAUSE) -> None:
        self._store = store
        self._clock = clock
        self._first_pause = first_pause
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="chores", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """End after the portion in hand; a database that does not answer is not waited for longer than ``seconds``."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _work(self) -> None:
        pause = self._first_pause
        while not self._ended.wait(pause):
            pause = next_pause(pause, self._round())

    def _round(self) -> int:
        try:
            return sum(self._told(name, done) for name, done in all_chores(self._store, self._clock))
        except SQLAlchemyError as error:
            log.warning("the chores wait for the database: %s", type(error).__name__)
            return 0

    def _told(self, name: str, done: int) -> int:
        if done:
            log.info("chore %s: %d rows", name, done)
        return done


def next_pause(pause: float, done: int) -> float:
    """How long to wait after a round that waited ``pause`` before it and did ``done`` rows."""
    return FIRST_PAUSE if done else min(2 * pause, LONGEST_PAUSE)
