"""One half-duplex line to an EF01 sensor: open, ask, hear, resynchronise, lose; reference/serial-devices.md §5.3.

Not safe for two threads at once, except :meth:`Ef01Line.close`: the reader above holds one lock for each conversation.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NoReturn, TypeVar

from devices.device import DeviceGarbled, DeviceSilent
from devices.fingerprint import ef01_frames as frames
from devices.fingerprint.ef01_address import Patience
from devices.fingerprint.ef01_codes import DONE, GOOD_RECEIPT, RECEIVE_ERROR, VERIFY_FIRST, Command, meaning_of
from devices.fingerprint.ef01_frames import Acknowledgement, Frame, FrameKind, FrameParser
from devices.port import SerialPort
from devices.tap import NO_TAP, Tap

log = logging.getLogger(__name__)

T = TypeVar("T")

FAILURES_UNTIL_LOST = 3
LARGEST_CONTENT = 4096
LONGEST_DRAIN = 8192


class AbandonedError(Exception):
    """The caller no longer wants the answer. Never leaves this folder."""


class Ef01Line:
    """Asks one command at a time; every failure closes or marks the line, so that no late answer is taken for another.

    ``stale``: an answer may still be under way. ``restarted``: the sensor has sent its boot byte.
    """

    def __init__(self, url: str, baud: int, address: int, patience: Patience, tap: Tap = NO_TAP) -> None:
        self._url, self._address, self._patience = url, address, patience
        self.port = SerialPort(url, baud, tap)
        self._parser = FrameParser(address)
        self._frames: deque[Frame] = deque()
        self._failures = 0
        self.stale = self.restarted = False

    @property
    def is_open(self) -> bool:
        """True until the port is closed or lost."""
        return self.port.is_open

    def open(self) -> None:
        """Take the port for this program alone; DeviceMissing, DeviceBusy."""
        self.port.open()
        self._failures = 0
        self.stale = self.restarted = False

    def close(self) -> None:
        """Give the port back; a read under way in another thread ends with DeviceMissing."""
        self.port.close()

    def ask(
        self, command: Command, arguments: bytes = b"", abort: threading.Event | None = None, seconds: float = 0.0
    ) -> Acknowledgement:
        """One command and its answer within ``seconds`` (0: the usual patience)."""
        self.drain()
        self.port.write(frames.encode_command(command, arguments, self._address))
        self.stale = True
        latest = time.monotonic() + (seconds or self._patience.answer)
        frame = self._hear(latest, abort)
        while frame.kind is FrameKind.ACKNOWLEDGE and frame.payload[0] == GOOD_RECEIPT:
            frame = self._hear(latest, abort)  # answers no command: the late receipt of a download
        answer = frames.read_acknowledgement(command, frame)
        self.stale = False
        return answer

    def send_content(self, content: bytes, packet_size: int, abort: threading.Event | None) -> None:
        """The packets of a download; takes the receipt that some firmware sends after them, misses none."""
        for packet in frames.encode_content(content, packet_size, self._address):
            if abort is not None and abort.is_set():
                self.stale = True
                raise AbandonedError
            self.port.write(packet)
        self._hush(self._patience.receipt, self._patience.receipt)

    def receive_content(self, expected: int | None, abort: threading.Event | None) -> bytes:
        """The packets of an upload up to the end packet or ``expected`` bytes; one broken packet spoils all."""
        content = bytearray()
        latest = time.monotonic() + 2 + 3 * LARGEST_CONTENT * 10 / self.port.baud
        self.stale = True
        while len(content) != expected:
            try:
                frame = self._hear(min(latest, time.monotonic() + self._patience.packet), abort)
            except DeviceSilent as error:
                raise DeviceGarbled(f"upload stopped after {len(content)} bytes") from error
            content += frame.payload
            foreign = frame.kind is FrameKind.ACKNOWLEDGE
            if foreign or self._parser.broken_frames or len(content) > LARGEST_CONTENT:
                raise DeviceGarbled(f"upload broken after {len(content)} bytes")
            if frame.kind is FrameKind.END_OF_CONTENT:
                break
        self.stale = False
        return bytes(content)

    def twice(self, act: Callable[[], T], abort: threading.Event | None = None) -> T:
        """Do what may be done again, at most once more, on a line brought back to quiet."""
        try:
            return act()
        except (DeviceSilent, DeviceGarbled):
            if not self.is_open:
                raise
            self.resync(abort)
            return act()

    def resync(self, abort: threading.Event | None = None) -> None:
        """After a failure: wait for quiet, then ask for what no earlier command answers, and pass over the rest."""
        self._hush(self._patience.quiet, 1.0, abort)
        self.port.write(frames.encode_command(Command.READ_PARAMETERS, b"", self._address))
        latest = time.monotonic() + self._patience.probe
        while not self._is_probe_answer(self._hear(latest, abort)):
            log.info("%s: a late answer was passed over", self._url)
        self._hush(self._patience.quiet, 1.0, abort)
        self.stale = False

    @staticmethod
    def _is_probe_answer(frame: Frame) -> bool:
        if frame.kind is not FrameKind.ACKNOWLEDGE:
            return False
        code, extra = frame.payload[0], len(frame.payload) - 1
        return code in (RECEIVE_ERROR, VERIFY_FIRST) or (code == DONE and extra == 16)  # noqa: PLR2004 - §1.4

    def drain(self) -> None:
        """Throw away what came unasked; a boot byte among it is remembered."""
        idle = self.port.drain(LONGEST_DRAIN)
        self._forget(idle)
        if len(idle) > LONGEST_DRAIN:
            self.close()
            raise DeviceGarbled(f"{self._url}: the line never falls silent")

    def _forget(self, idle: bytes) -> None:
        if idle:
            log.info("%s: %d bytes came unasked", self._url, len(idle))
        self.restarted |= frames.announces_restart(idle)
        self._parser.reset()
        self._frames.clear()

    def _hush(self, quiet: float, longest: float, abort: threading.Event | None = None) -> None:
        """Drain until nothing came for ``quiet`` seconds."""
        latest = time.monotonic() + longest
        silent_since = time.monotonic()
        idle = b""
        while time.monotonic() < min(latest, silent_since + quiet) and not (abort and abort.is_set()):
            came = self.port.read()
            idle = (idle + came)[:LONGEST_DRAIN]
            silent_since = time.monotonic() if came else silent_since
        self._forget(idle)

    def _hear(self, latest: float, abort: threading.Event | None) -> Frame:
        """The next frame before ``latest`` (monotonic); after a bad checksum and quiet there is nothing to wait for."""
        quiet_at = latest
        while not self._frames:
            if abort is not None and abort.is_set():
                raise AbandonedError
            came = self.port.read()
            self._frames.extend(self._parser.feed(came))
            if came and self._parser.broken_frames:
                quiet_at = time.monotonic() + self._patience.quiet
            if not self._frames and time.monotonic() >= min(latest, quiet_at):
                self._fail("no answer")
        self._failures = 0
        frame = self._frames.popleft()
        self.restarted |= frame.after_boot
        return frame

    def _fail(self, reason: str) -> NoReturn:
        self._failures += 1
        noise = self._parser.skipped + self._parser.held
        error = DeviceGarbled if noise else DeviceSilent
        reason += f" ({noise} stray bytes, {self._parser.broken_frames} broken frames)"
        if self._failures >= FAILURES_UNTIL_LOST:
            self.close()
        raise error(f"{self._url}: {reason}")


def refuse(command: Command, answer: Acknowledgement) -> str:
    """What to log about an answer that was not expected: the command and the raw code."""
    return f"{command.name} answered {meaning_of(answer.code)}"
