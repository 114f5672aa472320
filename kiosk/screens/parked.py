"""The parked request: the window says what it shows; the answer is 204 while that is true, else where to go."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, make_response, request, session

from kiosk.machine import machine
from kiosk.pairing import Traffic, claim
from kiosk.parking import ParkingLot
from kiosk.screens.counter import may_serve
from kiosk.screens.places import place_of
from kiosk.session_clock import longest_left, seconds_left, warning_length
from kiosk.states import Serving, State, Visiting
from kiosk.watched import word_now

screen = Blueprint("parked", __name__)

SHORTEST_WAIT = 0.5
PAGE_NAME = 40


@screen.get("/desk")
def park() -> Response:
    """Wait until the window is wrong, time runs out, or 20 s passed. Of two pages the newer one counts."""
    lot: ParkingLot = current_app.extensions["parking_lot"]
    machine().panel.seen()
    if lot.covered(request.args.get("page", "")[:PAGE_NAME]):
        return jsonify({"go": None, "warn_seconds": None, "covered": True})
    with lot.place() as number:
        machine().desk.wake()  # the older request of this window leaves
        showing, warned = request.args.get("showing", ""), "warned" in request.args
        return Parked(showing, lambda: lot.overtaken(number), warned=warned, seconds=lot.seconds).answer()


class Parked:
    """One parked request of the paired window."""

    def __init__(self, showing: str, overtaken: Callable[[], bool], *, warned: bool, seconds: float) -> None:
        self._showing = showing
        self._overtaken = overtaken
        self._warned = warned
        self._until = time.monotonic() + seconds

    def answer(self) -> Response:
        """Wait for a difference."""
        desk = machine().desk
        while not self._pointless():
            state = desk.state
            if self._is_wrong(state):
                return self._go(state)
            left = self._warning(state)
            if (left is not None) is not self._warned:
                return jsonify({"go": None, "warn_seconds": left} | self._warned_how(state))
            if time.monotonic() >= self._until:
                return make_response("", 204)
            desk.wait_until(self._differs, self._patience(state))
        return make_response("", 204)

    def _differs(self, state: State) -> bool:
        return self._is_wrong(state) or self._pointless()

    def _is_wrong(self, state: State) -> bool:
        return word_now(state.showing, self._showing) != self._showing

    def _pointless(self) -> bool:
        return machine().stopping.is_set() or self._overtaken()

    def _patience(self, state: State) -> float:
        wait = self._until - time.monotonic()
        if isinstance(state, Visiting | Serving):
            desk = machine().desk
            to_warning = seconds_left(state, desk.monotonic(), desk.rules) - warning_length(state, desk.rules)
            wait = min(wait, to_warning + 0.05 if to_warning > 0 else SHORTEST_WAIT)
        return wait

    def _warning(self, state: State) -> float | None:
        if not isinstance(state, Visiting | Serving):
            return None
        desk = machine().desk
        left = seconds_left(state, desk.monotonic(), desk.rules)
        return round(left, 1) if left <= warning_length(state, desk.rules) else None

    @staticmethod
    def _warned_how(state: State) -> dict[str, object]:
        """``of``: how long the warning stands in all; ``last``: no touch makes the session longer."""
        if not isinstance(state, Visiting | Serving):
            return {}
        desk = machine().desk
        whole = warning_length(state, desk.rules)
        return {"of": whole, "last": longest_left(state, desk.monotonic(), desk.rules) <= whole}

    def _go(self, state: State) -> Response:
        over = self._is_over(state)
        if not over and not self._showing.startswith("reading"):
            self._let_the_window_finish()
        state = machine().desk.state
        if not self._is_wrong(state) or self._pointless():
            return make_response("", 204)
        if isinstance(state, Serving) and session.get("token") != state.session.token and may_serve():
            claim()
        return jsonify({"go": place_of(state), "warn_seconds": None, "over": over})

    def _is_over(self, state: State) -> bool:
        """True where the window shows a session that ended: nothing of it may stay, whatever it still asks for."""
        word = self._showing.partition(".")[0]
        return word.startswith(f"{Serving.name}-") and word != state.showing.partition(".")[0]

    def _let_the_window_finish(self) -> None:
        for _ in range(40):
            if traffic().quiet():
                return
            time.sleep(0.05)


def traffic() -> Traffic:
    """The traffic of this face's window."""
    found = current_app.extensions["traffic"]
    if not isinstance(found, Traffic):
        raise TypeError("this app has no window")
    return found
