"""Scanners of the GM65 and Newland families in serial mode, on any pyserial URL; reference/serial-devices.md §4.

A code passes through this driver once: it is neither logged nor stored, its bytes are overwritten where Python allows
it, and whoever taps the line hears stars in its place. To know a code that is delivered twice, a keyed digest of the
last one is kept for two seconds; the key is made anew for each driver.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from devices.device import (
    Clock,
    DeviceFault,
    DeviceGarbled,
    DeviceMissing,
    DeviceSilent,
    HealthBoard,
    utc_now,
)
from devices.scanner import CodeUnusable, ScannedCode, ScannerTypes, wipe
from devices.scanner.address import Patience, ScannerAddress
from devices.scanner.dialects import Verdict
from devices.scanner.line import ScannerLine
from devices.scanner.stream import Code, Reply
from devices.scanner.wedge import SYSTEM, types
from devices.tap import NO_TAP, Tap
from devices.turns import AbandonedError, Turns

log = logging.getLogger(__name__)

PATIENCE = Patience()
FAILURES_UNTIL_LOST = 3
LONGEST_QUIET = 1.0


class SerialScanner:
    """A :class:`devices.scanner.CodeScanner`; one lock is held for each conversation with the scanner.

    ``system``: where the kernel lists input devices (devices/scanner/wedge.py).
    """

    def __init__(
        self,
        address: ScannerAddress,
        name: str = "scanner",
        clock: Clock = utc_now,
        patience: Patience = PATIENCE,
        tap: Tap = NO_TAP,
        *,
        system: Path = SYSTEM,
    ) -> None:
        self.name = name
        self.board = HealthBoard(name, clock)
        self._address, self._patience, self._system = address, patience, system
        self._dialect = address.dialect
        self._line = ScannerLine(address, patience.silence, tap)
        self._turns = Turns()
        self._key = os.urandom(16)
        self._last: tuple[bytes, float] | None = None
        self._closed = self._greeted = False
        self._failures = 0
        self._spoke = 0.0

    def attend(self, stop: threading.Event) -> None:
        """Open and greet the scanner, later give it a sign of life now and then; never while a code is awaited."""
        self._turns.attend(self._look_after, stop, self._patience.idle)

    def scan(self, seconds: float, cancelled: threading.Event) -> ScannedCode | None:
        """One code, see :class:`devices.scanner.CodeScanner`."""
        return self._turns.one_look(
            self._scan, seconds, cancelled, board=self.board, harmless=(CodeUnusable,), counted="codes refused"
        )

    def close(self) -> None:
        """Give the port back for good; a scan under way ends with DeviceMissing."""
        self._closed = True
        self._line.close()

    def _look_after(self, stop: threading.Event) -> None:
        if self._last is not None and time.monotonic() > self._last[1]:
            self._last = None
        if self._line.is_open:
            self._line.throw_away()  # notices a vanished port within one idle round
        self._settle(stop)
        if not self.board.health.ready or time.monotonic() - self._spoke >= self._patience.heartbeat:
            self._tell(self._dialect.probe, stop)
        self.board.ready()

    def _settle(self, abort: threading.Event) -> None:
        if self._closed:
            raise DeviceMissing(f"{self._address.url}: closed")
        if not self._line.is_open:
            self._greeted = False
            self._open()
        if not self._greeted:
            for command in self._dialect.greeting:
                self._tell(command, abort)
            self.board.learned(model=self._dialect.family, baud=str(self._address.baud))
            self._greeted = True

    def _open(self) -> None:
        try:
            self._line.open()
        except DeviceMissing as error:
            if types(self._address.url, self._system):
                raise ScannerTypes(f"{self._address.url}: it presents itself as a keyboard") from error
            raise
        self._failures = 0

    def _tell(self, command: bytes, abort: threading.Event) -> None:
        """A command until it is answered; once more where the answer was lost or broken."""
        try:
            self._ask(command, abort)
        except (DeviceSilent, DeviceGarbled) as error:
            if not self._line.is_open:
                raise
            log.info("%s: asked again (%s)", self.name, error)
            self._line.fall_silent(LONGEST_QUIET)
            self._ask(command, abort)

    def _ask(self, command: bytes, abort: threading.Event) -> None:
        strays = 0
        self._line.say(command)
        for piece in self._pieces(time.monotonic() + self._dialect.answer_seconds, abort):
            if isinstance(piece, Reply):
                self._judge(piece)
                return
            strays += piece.length
            wipe(piece.content)
        self._fail(strays)

    def _judge(self, reply: Reply) -> None:
        match self._dialect.verdict(reply.raw):
            case Verdict.DONE:
                self._failures = 0
                self._spoke = time.monotonic()
            case Verdict.REFUSED:
                self._greeted = False
                raise DeviceFault(f"{self._dialect.family} refused a command: {reply.raw.hex(' ')}")
            case Verdict.BROKEN:
                raise DeviceGarbled(f"a broken reply of {len(reply.raw)} bytes")

    def _fail(self, strays: int) -> None:
        self._failures += 1
        if self._failures >= FAILURES_UNTIL_LOST:
            self._line.close()
        error = DeviceGarbled if strays else DeviceSilent
        raise error(f"{self._address.url}: no reply ({strays} stray bytes)")

    def _scan(self, deadline: float, cancelled: threading.Event) -> ScannedCode | None:
        """Let it look, again and again, until it saw a code that is not the last one once more."""
        self._settle(cancelled)
        self._line.throw_away()
        while (left := deadline - time.monotonic()) > 0:
            code = self._look(min(left, max(self._patience.again, self._dialect.answer_seconds)), cancelled)
            if code is None:
                continue
            if not self._is_nothing(code) and not self._is_again(code):
                try:
                    return self._usable(code)
                finally:
                    self._cease()
            cancelled.wait(self._patience.silence)
        self._cease()
        return None

    def _look(self, seconds: float, cancelled: threading.Event) -> Code | None:
        """One look; in command mode the scanner's reply comes before the code, or with it."""
        unanswered = self._dialect.begins
        if unanswered:
            self._line.say(self._dialect.begin)
        asked = time.monotonic()
        for piece in self._pieces(asked + seconds, cancelled):
            if isinstance(piece, Reply):
                self._judge(piece)
                unanswered = False
            elif piece.length:
                return self._believed(piece, unanswered=unanswered)
        if unanswered and time.monotonic() - asked >= self._dialect.answer_seconds:
            self._fail(strays=0)
        return None

    def _believed(self, code: Code, *, unanswered: bool) -> Code:
        """Noise where the reply was due is no code: a wrong speed, or another device."""
        if unanswered and code.whole and not code.printable:
            wipe(code.content)
            raise DeviceGarbled(f"{self._address.url}: {code.length} bytes of noise in place of a reply")
        return code

    def _pieces(self, latest: float, abort: threading.Event) -> Iterator[Reply | Code]:
        """What comes until ``latest`` (monotonic); AbandonedError when called off. What is left over is overwritten."""
        while time.monotonic() < latest:
            if abort.is_set():
                self._cease()
                raise AbandonedError
            heard = self._line.hear()
            try:
                while heard:
                    yield heard.pop(0)
            finally:
                for piece in heard:
                    if isinstance(piece, Code):
                        wipe(piece.content)

    def _cease(self) -> None:
        """No more looking; what still comes is thrown away."""
        if self._dialect.begins and self._dialect.cease:
            self._line.say(self._dialect.cease)
        self._line.fall_silent(LONGEST_QUIET)

    def _is_nothing(self, code: Code) -> bool:
        return code.whole and code.content in (b"", self._dialect.nothing_read)

    def _is_again(self, code: Code) -> bool:
        """True for the code of less than two seconds ago."""
        if not code.whole:
            return False
        digest = hashlib.blake2b(code.content, key=self._key, digest_size=16).digest()
        now = time.monotonic()
        if self._last is not None and self._last[0] == digest and now < self._last[1]:
            wipe(code.content)
            return True
        self._last = (digest, now + self._patience.debounce)
        return False

    def _usable(self, code: Code) -> ScannedCode:
        if not code.whole:
            raise CodeUnusable(f"a code of {code.length} characters")
        if not code.printable:
            wipe(code.content)
            raise CodeUnusable(f"a code of {code.length} bytes that are not all printable")
        self.board.counted("codes read")
        return ScannedCode.of(code.content)
