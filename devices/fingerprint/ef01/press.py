"""Waiting for a finger on an EF01 sensor: placed, usable, lifted again; reference/serial-devices.md §1.8."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from devices.device import DeviceFault
from devices.fingerprint import Hint, MatchVerdict, NoUsableFinger
from devices.fingerprint.ef01.codes import CAPTURE_HINTS, NO_FINGER, Command
from devices.fingerprint.ef01.frames import refusal
from devices.fingerprint.ef01.sensor import Ef01Sensor
from devices.turns import AbandonedError


@dataclass(frozen=True)
class Press:
    """One resident at one sensor: how long to wait for each press, whom to tell, what ends it.

    Every method raises NoUsableFinger where no finger comes of it, AbandonedError when ``cancelled`` is set.
    """

    sensor: Ef01Sensor
    seconds: float
    hinted: Callable[[Hint], None]
    cancelled: threading.Event
    poll: float

    def await_finger(self, deadline: float) -> None:
        """Poll until the sensor holds an image."""
        told = Hint.PLACE
        self.hinted(told)
        while time.monotonic() < deadline:
            answer = self.sensor.capture(self.cancelled)
            if answer.done:
                self.sensor.board.counted("captures")
                return
            hint = CAPTURE_HINTS.get(answer.code)
            if hint is None and answer.code != NO_FINGER:
                raise DeviceFault(refusal(Command.GET_IMAGE, answer))
            if hint is not None and hint is not told:
                told = hint
                self.hinted(hint)
            self._pause()
        verdict = MatchVerdict.NO_FINGER if told is Hint.PLACE else MatchVerdict.POOR
        raise NoUsableFinger(verdict, told)

    def await_lift(self) -> None:
        """Until the glass is empty; a finger that never leaves is no second press."""
        deadline = time.monotonic() + self.seconds
        self.hinted(Hint.LIFT)
        while time.monotonic() < deadline:
            if self.sensor.capture(self.cancelled).code == NO_FINGER:
                return
            self._pause()
        raise NoUsableFinger(MatchVerdict.POOR, Hint.LIFT)

    def extract(self, buffer: int) -> None:
        """Turn the image into a feature."""
        answer = self.sensor.extract(buffer, self.cancelled)
        hint = Hint.CAPTURED if answer.done else CAPTURE_HINTS.get(answer.code)
        if hint is None:
            raise DeviceFault(refusal(Command.EXTRACT, answer))
        self.hinted(hint)
        if not answer.done:
            raise NoUsableFinger(MatchVerdict.POOR, hint)

    def into(self, buffer: int) -> None:
        """A usable print into a buffer; a poor press may be mended until the time is over."""
        deadline = time.monotonic() + self.seconds
        while True:
            self.await_finger(deadline)
            try:
                self.extract(buffer)
            except NoUsableFinger:
                if time.monotonic() >= deadline:
                    raise
                self.await_lift()
            else:
                return

    def _pause(self) -> None:
        if self.cancelled.wait(self.poll):
            raise AbandonedError
