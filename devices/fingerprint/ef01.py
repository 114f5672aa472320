"""Sensors of the EF01 family (ZFM-20, R30x, AS608, FPM10A, R503) on any pyserial URL; reference/serial-devices.md §1.

The 1:1 flow of §1.8: live finger into buffer 1, the county's template into buffer 2 (read back and compared), Match on
the sensor, then both buffers are overwritten with a neutral pattern. What cannot be overwritten is the last picture of
the finger: it stays in the sensor's RAM until the next capture or power-off, and no command here ever reads it. Where
buffers could not be overwritten (line cut, try cancelled), the watch thread does so as soon as the sensor answers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from devices.device import Clock, DeviceError, DeviceFault, DeviceGarbled, DeviceMissing, HealthBoard, utc_now
from devices.fingerprint import FingerTemplate, Hint, MatchResult, MatchVerdict, TemplateRefused
from devices.fingerprint import ef01_frames as frames
from devices.fingerprint.ef01_address import Ef01Address, Patience
from devices.fingerprint.ef01_codes import CAPTURE_HINTS, NO_FINGER, RECEIVE_ERROR, VERIFY_FIRST, Command
from devices.fingerprint.ef01_frames import Acknowledgement, SensorParameters
from devices.fingerprint.ef01_line import AbandonedError, Ef01Line, refuse

log = logging.getLogger(__name__)

FORMAT = "ef01"
USUAL_TEMPLATE_SIZE = 512
LIVE, ENROLLED = 1, 2
PATIENCE = Patience()


class Ef01Reader:
    """A :class:`devices.fingerprint.FingerprintReader`; one lock is held for each conversation with the sensor."""

    def __init__(
        self, address: Ef01Address, name: str = "ef01", clock: Clock = utc_now, patience: Patience = PATIENCE
    ) -> None:
        self.name = name
        self.board = HealthBoard(name, clock)
        self._address = address
        self._patience = patience
        self._line = Ef01Line(address.url, address.baud, address.address, patience)
        self._lock = threading.Lock()
        self._closed = False
        self._greeted = self._soiled = False
        self._parameters: SensorParameters | None = None
        self._template_size = USUAL_TEMPLATE_SIZE
        self._spoke = 0.0

    def attend(self, stop: threading.Event) -> None:
        """Open and greet the sensor, later give it a sign of life now and then; never while a match is running."""
        if self._lock.acquire(blocking=False):
            try:
                self._look_after(stop)
            except AbandonedError:
                return
            finally:
                self._lock.release()
        stop.wait(self._patience.idle)

    def match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult:
        """One try, see :class:`devices.fingerprint.FingerprintReader`.

        A press that gives no usable print ends the try as POOR, with the hint that says why.
        """
        while not self._lock.acquire(timeout=0.05):
            if cancelled.is_set():
                return MatchResult(MatchVerdict.CANCELLED)
        try:
            return self._match(template, seconds, hinted, cancelled)
        except AbandonedError:
            return MatchResult(MatchVerdict.CANCELLED)
        except TemplateRefused:
            raise
        except DeviceError as error:
            self.board.failed(error)
            raise
        finally:
            self._lock.release()

    def close(self) -> None:
        """Give the port back for good; a match under way ends with DeviceMissing."""
        self._closed = True
        self._line.close()

    def _look_after(self, stop: threading.Event) -> None:
        if self._line.is_open:
            self._line.drain()  # notices a vanished port and a restarted sensor within one idle round
        self._settle(stop)
        if not self.board.health.ready or time.monotonic() - self._spoke >= self._patience.heartbeat:
            self._heartbeat(stop)
        self.board.ready()

    def _heartbeat(self, stop: threading.Event) -> None:
        if self._parameters is frames.FALLBACK_PARAMETERS:
            self._verify_password(stop)
        else:
            self._insist(Command.READ_PARAMETERS, stop, self._patience.probe)
        self._spoke = time.monotonic()

    def _settle(self, abort: threading.Event) -> None:
        """Bring the line into a state where the next answer belongs to the next command, and the buffers are clean."""
        if self._closed:
            raise DeviceMissing(f"{self._address.url}: closed")
        if not self._line.is_open:
            self._greeted = False
            self._line.open()
        if self._line.stale:
            self._line.resync(abort)
        if not self._greeted or self._line.restarted:
            self._greet(abort)
        if self._soiled:
            self._wipe(abort)

    def _greet(self, abort: threading.Event) -> None:
        """Password, parameters, template size: what a sensor forgets when its power fails."""
        self._greeted = False
        self._verify_password(abort)
        self._line.restarted = False
        answer = self._line.twice(
            lambda: self._line.ask(Command.READ_PARAMETERS, b"", abort, self._patience.probe), abort
        )
        if answer.done:
            self._parameters = frames.read_parameters(answer)
        elif answer.code == RECEIVE_ERROR:
            self._parameters = frames.FALLBACK_PARAMETERS  # an R308 does not know the command
        else:
            raise DeviceFault(refuse(Command.READ_PARAMETERS, answer))
        self._template_size = self._address.template_size or self._learn_template_size(abort)
        self._greeted = True
        self._spoke = time.monotonic()

    def _verify_password(self, abort: threading.Event) -> None:
        password = self._address.password.to_bytes(4, "big")
        ask = self._line.ask
        answer = self._line.twice(lambda: ask(Command.VERIFY_PASSWORD, password, abort, self._patience.probe), abort)
        if not answer.done:
            raise DeviceFault(refuse(Command.VERIFY_PASSWORD, answer))

    def _learn_template_size(self, abort: threading.Event) -> int:
        """The length of what buffer 2 holds after power-on; 512 where the sensor will not upload an empty buffer.

        Asked twice: a packet lost in noise would make it shorter.
        """
        once, again = (self._line.twice(lambda: self._upload(ENROLLED, None, abort), abort) for _ in range(2))
        if len(once or b"") != len(again or b""):
            raise DeviceGarbled(f"template size {len(once or b'')} and then {len(again or b'')}")
        return len(once) if once else USUAL_TEMPLATE_SIZE

    def _match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult:
        deadline = time.monotonic() + seconds
        if template.format != FORMAT:
            raise TemplateRefused(f"template of format {template.format!r}")
        self._settle(cancelled)
        if len(template.content) != self._template_size:
            raise TemplateRefused(f"template of {len(template.content)} bytes, sensor takes {self._template_size}")
        missed = self._await_finger(deadline, hinted, cancelled)
        if missed is not None:
            return missed
        self._soiled = True
        result = self._extract(hinted, cancelled) or self._compare(template, cancelled)
        try:
            self._wipe(cancelled)
        except DeviceError as error:  # the verdict stands; the watch thread wipes when the sensor answers again
            log.warning("%s: buffers not overwritten yet (%s)", self.name, error)
            self.board.failed(error)
        return result

    def _await_finger(
        self, deadline: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult | None:
        """Poll for an image; None when the sensor holds one."""
        told = Hint.PLACE
        hinted(told)
        while time.monotonic() < deadline:
            answer = self._insist(Command.GET_IMAGE, cancelled)
            if answer.done:
                return None
            hint = CAPTURE_HINTS.get(answer.code)
            if hint is None and answer.code != NO_FINGER:
                raise DeviceFault(refuse(Command.GET_IMAGE, answer))
            if hint is not None and hint is not told:
                told = hint
                hinted(hint)
            if cancelled.wait(self._patience.poll):
                raise AbandonedError
        verdict = MatchVerdict.NO_FINGER if told is Hint.PLACE else MatchVerdict.POOR
        return MatchResult(verdict, hint=told)

    def _extract(self, hinted: Callable[[Hint], None], cancelled: threading.Event) -> MatchResult | None:
        """Turn the image into a feature in buffer 1; None when that went well."""
        answer = self._line.twice(lambda: self._ask(Command.EXTRACT, bytes([LIVE]), cancelled), cancelled)
        hint = Hint.CAPTURED if answer.done else CAPTURE_HINTS.get(answer.code)
        if hint is None:
            raise DeviceFault(refuse(Command.EXTRACT, answer))
        hinted(hint)
        return None if answer.done else MatchResult(MatchVerdict.POOR, hint=hint)

    def _compare(self, template: FingerTemplate, cancelled: threading.Event) -> MatchResult:
        """Load, read back, Match: once. Any code that is no verdict is a fault, never "different"."""
        self._line.twice(lambda: self._load_and_check(template.content, cancelled), cancelled)
        answer = self._ask(Command.MATCH, b"", cancelled)
        comparison = frames.read_comparison(answer)
        if comparison is None:
            raise DeviceFault(refuse(Command.MATCH, answer))
        verdict = MatchVerdict.MATCHED if comparison.same else MatchVerdict.DIFFERENT
        return MatchResult(verdict, comparison.score, Hint.CAPTURED)

    def _load_and_check(self, content: bytes, cancelled: threading.Event) -> None:
        self._load(ENROLLED, content, cancelled)
        if self._address.verify and self._upload(ENROLLED, len(content), cancelled) != content:
            raise DeviceGarbled("the template read back from the sensor is not the one sent")

    def _load(self, buffer: int, content: bytes, abort: threading.Event) -> None:
        answer = self._ask(Command.DOWNLOAD, bytes([buffer]), abort)
        if not answer.done:
            raise DeviceFault(refuse(Command.DOWNLOAD, answer))
        packet_size = (self._parameters or frames.FALLBACK_PARAMETERS).packet_size
        self._line.send_content(content, packet_size, abort)

    def _upload(self, buffer: int, expected: int | None, abort: threading.Event) -> bytes | None:
        """What a buffer holds; None when the sensor refuses to tell."""
        answer = self._ask(Command.UPLOAD, bytes([buffer]), abort)
        return self._line.receive_content(expected, abort) if answer.done else None

    def _wipe(self, abort: threading.Event) -> None:
        """Overwrite both buffers; until that went well they count as soiled and every settled round tries again."""
        neutral = b"\x03\x01" + bytes(37 * i & 0xFF for i in range(self._template_size - 2))
        for buffer in (LIVE, ENROLLED):
            self._load(buffer, neutral, abort)
        self._soiled = False
        self._spoke = time.monotonic()

    def _insist(self, command: Command, abort: threading.Event, seconds: float = 0.0) -> Acknowledgement:
        """Ask a command that changes nothing; once more when the answer was lost or the command came in broken."""
        answer = self._line.twice(lambda: self._ask(command, b"", abort, seconds), abort)
        return self._ask(command, b"", abort, seconds) if answer.code == RECEIVE_ERROR else answer

    def _ask(self, command: Command, arguments: bytes, abort: threading.Event, seconds: float = 0.0) -> Acknowledgement:
        """One command to a sensor that must not have restarted or forgotten us meanwhile."""
        answer = self._line.ask(command, arguments, abort, seconds)
        if self._line.restarted or answer.code == VERIFY_FIRST:
            self._greeted = False
            raise DeviceFault(f"the sensor restarted: {refuse(command, answer)}")
        return answer
