"""Sensors that hand out the feature of a live finger and compare nothing themselves; reference/serial-devices.md §2.1.

What all their dialects have in common stands here: supervision, one capture a try, the comparison by the vendor's
library on this machine. A feature lives in memory for one comparison only, is never written and never sent.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar, assert_never

from devices.device import (
    Clock,
    DeviceFault,
    DeviceGarbled,
    DeviceMissing,
    DeviceSilent,
    HealthBoard,
    utc_now,
)
from devices.fingerprint import (
    FingerTemplate,
    Hint,
    LightState,
    MatchResult,
    MatchVerdict,
    NotOffered,
    NoUsableFinger,
    Quality,
    TemplateRefused,
)
from devices.fingerprint.features.address import FeaturePatience
from devices.fingerprint.features.dialect import Captured, Dialect, Feature, NobodyPressed, Occupied, Unusable
from devices.fingerprint.features.vendor_match import FeatureMatcher
from devices.fingerprint.trial import alone
from devices.turns import AbandonedError, Turns

log = logging.getLogger(__name__)

T = TypeVar("T")


class FeatureReader:
    """A :class:`devices.fingerprint.FingerprintReader`; one lock is held for each conversation with the sensor."""

    def __init__(
        self, dialect: Dialect, matcher: FeatureMatcher | None, name: str, patience: FeaturePatience,
        clock: Clock = utc_now,
    ) -> None:  # fmt: skip
        self.name = name
        self.board = HealthBoard(name, clock)
        self._dialect, self._matcher, self._patience = dialect, matcher, patience
        self._turns = Turns()
        self._closed = self._greeted = False
        self._spoke = 0.0

    @property
    def format(self) -> str:
        """The county's word for the templates of this vendor."""
        return self._dialect.format

    def attend(self, stop: threading.Event) -> None:
        """Open and greet the sensor, later give it a sign of life now and then; never while a finger is awaited."""
        self._turns.attend(self._look_after, stop, self._patience.idle)

    def match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult:
        """One try, see :class:`devices.fingerprint.FingerprintReader`; the vendor's library compares, not the sensor.

        NotOffered where the hall has none: no command of these sensors compares.
        """
        try:
            return alone(self._turns, self.board, cancelled, lambda: self._match(template, seconds, hinted, cancelled))
        except NoUsableFinger as missed:
            return MatchResult(missed.verdict, hint=missed.hint)

    def enrol(
        self, captures: int, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> FingerTemplate:
        """One template. The sensor counts the presses and guides the finger itself: always three, with its own lamp."""
        return alone(self._turns, self.board, cancelled, lambda: self._enrol(captures * seconds, hinted, cancelled))

    def preview(self, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event) -> Quality:
        """Not offered: no source says how a pixel is written, and at 9600 baud a picture takes over half a minute."""
        del seconds, hinted, cancelled
        raise NotOffered(f"{self.name}: a picture of the finger")

    def light(self, state: LightState) -> None:
        """No lamp that the host could set."""
        del state

    def close(self) -> None:
        """Give the port back for good; a try under way ends with DeviceMissing."""
        self._closed = True
        self._dialect.line.close()

    def _look_after(self, stop: threading.Event) -> None:
        if self._dialect.line.is_open:
            self._dialect.line.drain()  # notices a vanished port within one idle round
        self._settle(stop)
        if not self.board.health.ready or time.monotonic() - self._spoke >= self._patience.heartbeat:
            self._dialect.probe(stop)
            self._spoke = time.monotonic()
        self.board.ready()

    def _settle(self, abort: threading.Event) -> None:
        """Bring the line into a state where the next answer belongs to the next command."""
        line = self._dialect.line
        if self._closed:
            raise DeviceMissing(f"{line.port.url}: closed")
        if not line.is_open:
            self._greeted = False
            line.open()
        if not self._greeted:
            line.hush(1.0, abort)
            self._greet(abort)
        elif line.stale:
            self._dialect.resync(abort)

    def _greet(self, abort: threading.Event) -> None:
        self.board.learned(**self._dialect.greet(abort))
        if self._matcher is not None:
            self._matcher.load()
        self._greeted = True
        self._spoke = time.monotonic()

    def _match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult:
        deadline = time.monotonic() + seconds
        if self._matcher is None:
            raise NotOffered(f"{self.name}: no command compares on the sensor, and the line names no ?library=")
        if template.format != self._dialect.format:
            raise TemplateRefused(f"template of format {template.format!r}, this sensor has {self._dialect.format!r}")
        enrolled = self._dialect.unfold(template.content)
        self._settle(cancelled)
        live = self._take(self._dialect.capture, deadline, hinted, cancelled)
        hinted(Hint.CAPTURED)
        verdict = MatchVerdict.MATCHED if self._matcher.same(enrolled, live) else MatchVerdict.DIFFERENT
        self.board.counted("fingers compared")
        return MatchResult(verdict, hint=Hint.CAPTURED)

    def _enrol(self, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event) -> FingerTemplate:
        deadline = time.monotonic() + seconds
        self._settle(cancelled)
        content = self._take(self._dialect.enrol, deadline, hinted, cancelled)
        hinted(Hint.CAPTURED)
        self.board.counted("fingers enrolled")
        return FingerTemplate(self._dialect.format, content)

    def _take(
        self, ask: Callable[[float, threading.Event], Captured], deadline: float, hinted: Callable[[Hint], None],
        cancelled: threading.Event,
    ) -> bytes:  # fmt: skip
        """Ask until a finger is taken; NoUsableFinger at the deadline."""
        told = Hint.PLACE
        hinted(told)
        came: Captured = NobodyPressed()
        while (left := deadline - time.monotonic()) > 0:
            came = self._ask_twice(ask, left, cancelled)
            match came:
                case Feature(content):
                    return content
                case Unusable(hint):
                    told = hint
                    hinted(hint)
                case NobodyPressed() | Occupied():
                    pass
                case _:
                    assert_never(came)
            if cancelled.wait(self._patience.poll):
                raise AbandonedError
        if isinstance(came, Occupied):
            raise DeviceFault(f"{self.name}: busy to the end")
        raise NoUsableFinger(MatchVerdict.NO_FINGER if told is Hint.PLACE else MatchVerdict.POOR, told)

    def _ask_twice(
        self, ask: Callable[[float, threading.Event], Captured], seconds: float, cancelled: threading.Event
    ) -> Captured:
        """A broken answer costs one more press; silence of a sensor that answers a probe means: nobody pressed."""
        try:
            return ask(seconds, cancelled)
        except DeviceSilent:
            if not self._dialect.line.is_open:
                raise
            self._dialect.resync(cancelled)
            return NobodyPressed()
        except DeviceGarbled as error:
            if not self._dialect.line.is_open:
                raise
            log.info("%s: asked once more (%s)", self.name, error)
            self._dialect.resync(cancelled)
            return ask(seconds, cancelled)
