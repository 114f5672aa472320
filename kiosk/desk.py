"""The desk: who is being served. Pure rules (``next_state``) and one lock (``Desk``); no I/O, no clock.

``now`` is in monotonic seconds everywhere here: idle times must not follow a moved wall clock.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from devices.card import Insertion
from kiosk.card_errors import CardNotAnswering
from kiosk.errors import KioskError, NotThisScreen, SessionEnded
from kiosk.identity import Assurance
from kiosk.states import (
    Borrowed,
    CardIn,
    CardLeft,
    CardOut,
    CardRead,
    CardRefused,
    Claimed,
    Closed,
    Event,
    Finished,
    ModesChosen,
    Opened,
    OutOfService,
    Proven,
    ReadingCard,
    ResidentSession,
    SceneChanged,
    Serving,
    State,
    Tick,
    Touched,
    Vacant,
    Visiting,
)
from kiosk.visit import Modes, Visit


@dataclass(frozen=True)
class IdleRules:
    """Seconds of quiet until the warning and until the end; longer inside a form; the longest session and reading."""

    warn: float = 60.0
    end: float = 120.0
    form_end: float = 180.0
    longest: float = 600.0
    reading: float = 60.0


def next_state(state: State, event: Event, now: float, rules: IdleRules) -> State:  # noqa: C901, PLR0911, PLR0912  one row an event: splitting the law would hide it
    """The whole law of the desk."""
    match event:
        case CardIn(insertion):
            return _card_in(state, insertion, now)
        case CardOut():
            return state if isinstance(state, Vacant | Visiting | OutOfService) else Vacant()
        case CardRead(insertion, session):
            return _card_read(state, insertion, session, now)
        case CardRefused(problem, insertion):
            return _card_refused(state, problem, insertion)
        case Touched(page, in_form):
            return _touched(state, page, now, in_form=in_form)
        case Proven(token, assurance):
            return _proven(state, token, assurance)
        case SceneChanged(number):
            return _scene_changed(state, number)
        case ModesChosen(modes):
            return _modes_chosen(state, modes, now)
        case Claimed(window):
            return replace(state, window=window) if isinstance(state, Serving) and not state.window else state
        case Finished(problem):
            return _finished(state, problem)
        case Tick():
            return _tick(state, now, rules)
        case Closed(reason):
            return OutOfService(reason)
        case Borrowed(closed):
            return _borrowed(state, closed)
        case Opened(reason):
            mine = isinstance(state, OutOfService) and reason in ("", state.reason)
            return Vacant() if mine else state
        case _:
            assert_never(event)


def _card_in(state: State, insertion: Insertion, now: float) -> State:
    match state:
        case OutOfService():
            return state
        case Visiting(visit=visit, modes=modes, page=page):
            return ReadingCard(insertion, visit, page, now, modes=modes)
        case Vacant() | ReadingCard() | Serving() | CardLeft():
            return ReadingCard(insertion, Visit(), began=now)
        case _:
            assert_never(state)


def _card_read(state: State, insertion: Insertion, session: ResidentSession, now: float) -> State:
    if isinstance(state, ReadingCard) and state.insertion == insertion:
        return Serving(session, state.visit, now, state.page, modes=state.modes)
    return state


def _card_refused(state: State, problem: KioskError | None, insertion: Insertion | None) -> State:
    if isinstance(state, OutOfService):
        return state
    if insertion is not None and not (isinstance(state, ReadingCard) and state.insertion == insertion):
        return state
    return CardLeft(problem)


def _touched(state: State, page: str | None, now: float, *, in_form: bool) -> State:
    match state:
        case Vacant():
            return state if page is None else Visiting(Visit(), now, page, in_form=in_form)
        case Visiting() | Serving():
            if page is None:
                return replace(state, touched=now)
            return replace(state, touched=now, page=page, in_form=in_form)
        case ReadingCard() | CardLeft() | OutOfService():
            return state
        case _:
            assert_never(state)


def _proven(state: State, token: str, assurance: Assurance) -> State:
    if not isinstance(state, Serving) or state.session.token != token:
        return state
    raised = max(state.session.assurance, assurance)
    return replace(state, session=replace(state.session, assurance=raised))


def _scene_changed(state: State, number: int) -> State:
    if isinstance(state, Visiting | Serving) and state.visit.number == number:
        return replace(state, scene=state.scene + 1)
    return state


def _modes_chosen(state: State, modes: Modes, now: float) -> State:
    match state:
        case Vacant():
            return Visiting(Visit(), now, modes=modes)
        case Visiting() | Serving():
            return replace(state, modes=modes, touched=now, scene=state.scene + 1)
        case ReadingCard() | CardLeft():
            return replace(state, modes=modes)
        case OutOfService():
            return state
        case _:
            assert_never(state)


def _finished(state: State, problem: KioskError | None) -> State:
    match state:
        case Serving() | ReadingCard():
            return CardLeft(problem, state.modes)
        case Visiting():
            return Vacant()
        case Vacant() | CardLeft() | OutOfService():
            return state
        case _:
            assert_never(state)


def _borrowed(state: State, closed: OutOfService) -> State:
    if isinstance(state, OutOfService):
        return closed if state.reason == closed.reason else state
    return closed if isinstance(state, Vacant) else state


def _tick(state: State, now: float, rules: IdleRules) -> State:
    match state:
        case Visiting() | Serving():
            return _finished(state, None) if seconds_left(state, now, rules) <= 0 else state
        case ReadingCard(began=began):
            slow = now - began >= rules.reading
            return CardLeft(CardNotAnswering("not read in time"), state.modes) if slow else state
        case Vacant() | CardLeft() | OutOfService():
            return state
        case _:
            assert_never(state)


def seconds_left(state: Visiting | Serving, now: float, rules: IdleRules) -> float:
    """Seconds until this visit ends by itself if nobody touches the screen."""
    quiet = rules.form_end if state.in_form else rules.end
    left = state.touched + quiet - now
    if isinstance(state, Serving):
        left = min(left, state.session.began + rules.longest - now)
    return left


Listener = Callable[[State, State], None]


class Desk:
    """The present state behind one lock. Listeners run after the lock is released and do no I/O."""

    def __init__(self, rules: IdleRules, monotonic: Callable[[], float]) -> None:
        self.rules = rules
        self.monotonic = monotonic
        self._state: State = Vacant()
        self._changed = threading.Condition()
        self._listeners: list[Listener] = []

    @property
    def state(self) -> State:
        """The present state."""
        return self._state

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` (before, after) at every change from now on."""
        self._listeners.append(listener)

    def handle(self, event: Event) -> State:
        """Apply an event; the state after it."""
        with self._changed:
            before = self._state
            after = next_state(before, event, self.monotonic(), self.rules)
            self._state = after
            if after is not before:
                self._changed.notify_all()
        if after is not before:
            for listener in self._listeners:
                listener(before, after)
        return after

    def wake(self) -> None:
        """Let every waiting window look again (the machine stops)."""
        with self._changed:
            self._changed.notify_all()

    def wait_until(self, done: Callable[[State], bool], seconds: float) -> State:
        """Wait until ``done`` holds for the state, or ``seconds`` passed; the state then."""
        with self._changed:
            self._changed.wait_for(lambda: done(self._state), timeout=max(seconds, 0))
            return self._state

    def claim(self, window: str) -> str:
        """The session's token for the paired ``window``; raises NotThisScreen for any other window."""
        state = self.handle(Claimed(window))
        if not isinstance(state, Serving):
            raise SessionEnded("nobody is being served")
        if state.window != window:
            raise NotThisScreen("the session belongs to another window")
        return state.session.token

    def serves(self, token: str) -> bool:
        """True while the session of ``token`` is the one being served."""
        state = self._state
        return isinstance(state, Serving) and bool(token) and secrets.compare_digest(state.session.token, token)

    def session(self, token: str) -> ResidentSession:
        """The session of ``token``; raises SessionEnded when it is over."""
        state = self._state
        if isinstance(state, Serving) and state.session.token == token:
            return state.session
        raise SessionEnded("the session is over")
