"""Acts with the very card of a session, in the card's worker. Who waits for one is told so much later, never stuck."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from typing import TypeVar

from devices.card import CardReader, Chip
from devices.device import DeviceError
from kiosk.card_errors import CardNotAnswering, CardSwapped
from kiosk.desk import Desk
from kiosk.device_errors import error_of
from kiosk.errors import ProgramDefect
from kiosk.events import Finished
from kiosk.states import ResidentSession
from kiosk.workers import Worker

T = TypeVar("T")

CARD_SECONDS = 20.0


GRACE = 1.0
"""Seconds after which an act that nobody waits for any more counts as hanging."""


class SessionCard:
    """The card of whoever is served. ``seconds``: how long an act is waited for, where it has no limit of its own."""

    def __init__(self, desk: Desk, reader: CardReader | None, worker: Worker, seconds: float = CARD_SECONDS) -> None:
        self._desk = desk
        self._reader = reader
        self._worker = worker
        self._seconds = seconds

    def ask(self, session: ResidentSession, act: Callable[[Chip], T], seconds: float | None = None) -> T:
        """Do ``act`` with this card; raises CardSwapped, ending the session, when another one answers.

        CardNotAnswering when it took too long: an act that has not begun by then never begins. One that has goes on in
        the worker, and what it finds out has to be noted by itself. DeviceErrors come as KioskErrors.
        """
        limit = self._seconds if seconds is None else seconds
        given_up = threading.Event()
        task = self._worker.ask(lambda: self._act(session, act, given_up), limit + GRACE)
        if task is None:
            raise CardNotAnswering("the machine stops")
        try:
            return task.result(timeout=limit)
        except TooLate as late:
            task.cancel()
            raise CardNotAnswering("the card took too long") from late
        except DeviceError as error:
            raise error_of(error, "card") from error
        finally:
            given_up.set()

    def _act(self, session: ResidentSession, act: Callable[[Chip], T], given_up: threading.Event) -> T:
        if self._reader is None:
            raise ProgramDefect("a session without a reader")
        with self._reader.connect(session.insertion) as chip:
            if chip.identification() != session.identification:
                self._desk.handle(Finished(CardSwapped("another card answers")))
                raise CardSwapped("another card answers")
            if given_up.is_set():
                raise CardNotAnswering("nobody waits for this any more")
            return act(chip)
