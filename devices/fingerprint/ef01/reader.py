"""Sensors of the EF01 family (ZFM-20, R30x, AS608, FPM10A, R503) on any pyserial URL; reference/serial-devices.md §1.

The 1:1 flow of §1.8: live finger into buffer 1, the county's template into buffer 2 (read back and compared), Match on
the sensor, then both buffers are overwritten with a neutral pattern. What cannot be overwritten is the last picture of
the finger: it stays in the sensor's RAM until the next capture or power-off; only ``preview`` reads one, to measure it.
Where buffers could not be overwritten (line cut, try cancelled), the watch thread does so when the sensor answers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from devices.device import Clock, DeviceError, DeviceFault, HealthBoard, utc_now
from devices.fingerprint import (
    FingerTemplate,
    Hint,
    LightState,
    MatchResult,
    MatchVerdict,
    NoUsableFinger,
    Quality,
    TemplateRefused,
)
from devices.fingerprint.ef01.address import Ef01Address, Patience
from devices.fingerprint.ef01.codes import MERGE_FAILED, Command
from devices.fingerprint.ef01.frames import refusal
from devices.fingerprint.ef01.press import Press
from devices.fingerprint.ef01.sensor import ENROLLED, LIVE, Ef01Sensor
from devices.fingerprint.trial import alone
from devices.tap import NO_TAP, Tap
from devices.turns import Turns

log = logging.getLogger(__name__)

T = TypeVar("T")

FORMAT = "ef01"
PATIENCE = Patience()
MERGED, PROVED = 2, 3


class Ef01Reader:
    """A :class:`devices.fingerprint.FingerprintReader`; one lock is held for each conversation with the sensor."""

    format = FORMAT

    def __init__(
        self, address: Ef01Address, name: str = "ef01", clock: Clock = utc_now, patience: Patience = PATIENCE,
        tap: Tap = NO_TAP,
    ) -> None:  # fmt: skip
        self.name = name
        self.board = HealthBoard(name, clock)
        self._patience = patience
        self._sensor = Ef01Sensor(address, patience, self.board, tap)
        self._turns = Turns()

    def attend(self, stop: threading.Event) -> None:
        """Open and greet the sensor, later give it a sign of life now and then; never while a match is running."""
        self._turns.attend(self._look_after, stop, self._patience.idle)

    def match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult:
        """One try, see :class:`devices.fingerprint.FingerprintReader`.

        A press that gives no usable print ends the try as POOR, with the hint that says why.
        """
        press = self._press(seconds, hinted, cancelled)
        try:
            return alone(self._turns, self.board, cancelled, lambda: self._match(template, press))
        except NoUsableFinger as none:
            return MatchResult(none.verdict, hint=none.hint)

    def enrol(
        self, captures: int, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> FingerTemplate:
        """Two presses are merged on the sensor; a third, where asked for, must match what came of them.

        Every model has two buffers, only some have more (§1.5): so a third press proves the template, on all of them.
        """
        if captures not in (MERGED, PROVED):
            raise ValueError(f"{captures} captures: two or three")
        press = self._press(seconds, hinted, cancelled)
        return alone(self._turns, self.board, cancelled, lambda: self._enrol(captures, press))

    def preview(self, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event) -> Quality:
        """One picture, measured and dropped; at 57600 baud its upload takes seven seconds (§1.7)."""
        press = self._press(seconds, hinted, cancelled)
        return alone(self._turns, self.board, cancelled, lambda: self._preview(press))

    def light(self, state: LightState) -> None:
        """Note what the lamp should say."""
        self._sensor.want_light(state)

    def close(self) -> None:
        """Give the port back for good; a match under way ends with DeviceMissing."""
        self._sensor.close()

    def _press(self, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event) -> Press:
        return Press(self._sensor, seconds, hinted, cancelled, self._patience.poll)

    def _look_after(self, stop: threading.Event) -> None:
        self._sensor.listen()
        self._sensor.settle(stop)
        self._sensor.give_sign_of_life(stop, overdue=not self.board.health.ready)
        self.board.ready()

    def _match(self, template: FingerTemplate, press: Press) -> MatchResult:
        if template.format != FORMAT:
            raise TemplateRefused(f"template of format {template.format!r}")
        deadline = time.monotonic() + press.seconds
        self._sensor.settle(press.cancelled)
        self._sensor.accept(template.content)
        press.await_finger(deadline)
        with self._cleaned(press.cancelled):
            press.extract(LIVE)
            comparison = self._sensor.compare(template.content, press.cancelled)
        verdict = MatchVerdict.MATCHED if comparison.same else MatchVerdict.DIFFERENT
        return MatchResult(verdict, comparison.score, Hint.CAPTURED)

    def _enrol(self, captures: int, press: Press) -> FingerTemplate:
        self._sensor.settle(press.cancelled)
        with self._cleaned(press.cancelled):
            press.into(LIVE)
            press.await_lift()
            press.into(ENROLLED)
            answer = self._sensor.merge(press.cancelled)
            if answer.code == MERGE_FAILED:
                raise NoUsableFinger(MatchVerdict.DIFFERENT, Hint.UNCLEAR)
            if not answer.done:
                raise DeviceFault(refusal(Command.MERGE, answer))
            content = self._sensor.template(press.cancelled)
            if captures == PROVED:
                press.await_lift()
                press.into(LIVE)
                if not self._sensor.match(press.cancelled).same:
                    raise NoUsableFinger(MatchVerdict.DIFFERENT, Hint.UNCLEAR)
        return FingerTemplate(FORMAT, content)

    def _preview(self, press: Press) -> Quality:
        deadline = time.monotonic() + press.seconds
        self._sensor.settle(press.cancelled)
        press.await_finger(deadline)
        press.hinted(Hint.CAPTURED)
        return self._sensor.measure(press.cancelled)

    @contextmanager
    def _cleaned(self, abort: threading.Event) -> Iterator[None]:
        """Overwrite the buffers after a try that ended by itself; after a broken one the watch thread will."""
        self._sensor.soiled = True
        try:
            yield
        except NoUsableFinger:
            self._clean(abort)
            raise
        self._clean(abort)

    def _clean(self, abort: threading.Event) -> None:
        try:
            self._sensor.wipe(abort)
        except DeviceError as error:  # the verdict stands; the watch thread wipes when the sensor answers again
            log.warning("%s: buffers not overwritten yet (%s)", self.name, error)
            self.board.failed(error)
