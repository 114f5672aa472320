"""PINs, old and new, typed on a pad that faces the resident: one entry at a time, told to the visit that asked for it.

The digits never come here. A pad cannot be stopped from outside: whoever turns away from it is not waited for, but
until it gives up by itself nothing else is done with the card.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from devices.card import PinOutcome
from kiosk.card_errors import PadOpen
from kiosk.desk import Desk
from kiosk.errors import KioskError
from kiosk.events import SceneChanged
from kiosk.pin import PinAnswer, PinRoom
from kiosk.states import ResidentSession, Serving
from kiosk.workers import Worker


class PadTask(StrEnum):
    """What is typed: the PIN, or the old one and twice a new one."""

    PIN = "pin"
    NEW_PIN = "new pin"


class PadState(StrEnum):
    """Life of one entry."""

    IDLE = "idle"
    WAITING = "waiting"
    OVER = "over"


@dataclass(frozen=True)
class PadView:
    """What a page shows of the present entry: the card's answer, or why there is none."""

    state: PadState = PadState.IDLE
    task: PadTask = PadTask.PIN
    answer: PinAnswer | None = None
    problem: KioskError | None = None


@dataclass
class PadMemory:
    """The entry of one visit; replaced whole, read by pages."""

    view: PadView = field(default_factory=PadView)


@dataclass(frozen=True)
class PadWork:
    """What is done with an entry: ``ask`` the very card of a session; its answer, or its failure, for the page."""

    ask: Callable[[ResidentSession], PinOutcome]
    answer: Callable[[ResidentSession, PinOutcome, bool], PinAnswer]
    failed: Callable[[ResidentSession, KioskError], None]


@dataclass
class _Entry:
    """What the pad is waiting for. ``wanted``: the resident has not turned away from it."""

    token: str
    task: PadTask
    wanted: bool = True


class PadRoom:
    """Asks for PINs on the reader's own keys; ``works``: what is done with each kind of entry."""

    def __init__(self, desk: Desk, pins: PinRoom, works: Mapping[PadTask, PadWork]) -> None:
        self._desk = desk
        self._pins = pins
        self._works = works
        self._worker = Worker("pin-pad")
        self._lock = threading.Lock()
        self._entry: _Entry | None = None

    def begin(self, session: ResidentSession, task: PadTask = PadTask.PIN) -> None:
        """Light up the pad; returns at once. One that still waits for this resident goes on waiting.

        Raises PinUnproven or TooManyPins, and PadOpen where it waits for something else of theirs; asks nothing then.
        """
        with self._lock:
            again = self._entry is not None and self._entry.token == session.token
            if self._entry is not None and again:
                self._refuse_other(task)
                self._entry.wanted = True
            else:
                self._pins.admit(session)
                self._entry = entry = _Entry(session.token, task)
        self._show(session.token, PadView(PadState.WAITING, task))
        if not again:
            self._worker.do(partial(self._ask, session, entry), partial(self._over, entry, None))

    def _ask(self, session: ResidentSession, entry: _Entry) -> None:
        work = self._works[entry.task]
        try:
            answer = work.answer(session, work.ask(session), entry.wanted)
        except KioskError as problem:
            work.failed(session, problem)
            self._over(entry, None, problem)
        else:
            self._over(entry, answer)

    def _over(self, entry: _Entry, answer: PinAnswer | None, problem: KioskError | None = None) -> None:
        with self._lock:
            if self._entry is entry:
                self._entry = None
        if entry.wanted:
            self._show(entry.token, PadView(PadState.OVER, entry.task, answer, problem))

    def view(self, token: str, task: PadTask) -> PadView:
        """What the session's present entry of this kind looks like; idle where it is of another kind."""
        serving = self._serving(token)
        view = serving.visit.recall(PadMemory).view if serving else PadView()
        return view if view.task is task else PadView(task=task)

    def forget(self, token: str) -> None:
        """Turn away from the entry, or from what came of it: an answer that still comes raises nobody's assurance."""
        with self._lock:
            if self._entry is not None and self._entry.token == token:
                self._entry.wanted = False
        serving = self._serving(token)
        if serving is not None:
            serving.visit.recall(PadMemory).view = PadView()

    def _refuse_other(self, task: PadTask) -> None:
        if self._entry is not None and self._entry.task is not task:
            raise PadOpen("the pad waits for something else")

    def refuse_while_open(self) -> None:
        """PadOpen while the pad waits for keys: the card is not free for anything else."""
        if self._entry is not None:
            raise PadOpen("the pad waits for keys")

    def _show(self, token: str, view: PadView) -> None:
        serving = self._serving(token)
        if serving is not None:
            serving.visit.recall(PadMemory).view = view
            self._desk.handle(SceneChanged(serving.visit.number))

    def _serving(self, token: str) -> Serving | None:
        state = self._desk.state
        return state if isinstance(state, Serving) and state.session.token == token else None

    def close(self) -> None:
        """Wait for nobody."""
        self._worker.close(wait=False, drop=True)
