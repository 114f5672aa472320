"""The desk: who is being served. The law (``law.py``) behind one lock; no I/O, no clock.

``now`` is in monotonic seconds everywhere here: idle times must not follow a moved wall clock.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from kiosk.errors import NotThisScreen, SessionEnded
from kiosk.events import Claimed, Event
from kiosk.law import next_state
from kiosk.session_clock import IdleRules
from kiosk.states import ResidentSession, Serving, State, Vacant

Listener = Callable[[State, State], None]


class Desk:
    """The present state behind one lock. Listeners run after the lock is released and do no I/O."""

    def __init__(self, rules: IdleRules, monotonic: Callable[[], float]) -> None:
        self.rules = rules
        self.monotonic = monotonic
        self._state: State = Vacant(since=monotonic())
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
