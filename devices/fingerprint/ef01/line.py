"""One half-duplex line to an EF01 sensor: open, ask, hear, resynchronise, lose; reference/serial-devices.md §5.3.

Not safe for two threads at once, except :meth:`Ef01Line.close`: the reader above holds one lock for each conversation.
Until ``known`` is set, whatever is at the other end gets handshakes and nothing else: it may be a printer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Container
from typing import TypeVar

from devices.conversation import LONGEST_DRAIN, Conversation
from devices.device import DeviceFault, DeviceGarbled, DeviceSilent
from devices.fingerprint.ef01 import frames
from devices.fingerprint.ef01.address import AUTO, USUAL_RATES, Ef01Address, Patience
from devices.fingerprint.ef01.codes import DONE, GOOD_RECEIPT, RECEIVE_ERROR, VERIFY_FIRST, Command
from devices.fingerprint.ef01.curtain import Curtain
from devices.fingerprint.ef01.frames import Acknowledgement, Frame, FrameKind, FrameParser
from devices.port import SerialPort
from devices.tap import Tap
from devices.turns import AbandonedError

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 3
LONGEST_PICTURE = 10.0


class NotReceivedError(Exception):
    """The sensor says that a command which it knows came in broken. Never leaves this folder."""


class Ef01Line(Conversation[Frame]):
    """Asks one command at a time; every failure closes or marks the line, so that no late answer is taken for another.

    ``restarted``: the sensor has sent its boot byte. ``known``: what is at the other end has answered a handshake as
    one of ours since the port was opened.
    """

    def __init__(self, address: Ef01Address, patience: Patience, tap: Tap, counted: Callable[[str], None]) -> None:
        self._curtain = Curtain(tap, address.address)
        port = SerialPort(address.url, USUAL_RATES[0] if address.baud == AUTO else address.baud, self._curtain)
        super().__init__(port, FrameParser(address.address), patience.quiet)
        self._address, self._patience = address.address, patience
        self._counted = counted
        self._gives_receipts: bool | None = None
        self.restarted = self.known = False

    def open(self) -> None:
        """Take the port for this program alone; DeviceMissing, DeviceBusy."""
        super().open()
        self._gives_receipts = None
        self.restarted = self.known = False

    def retune(self, baud: int) -> None:
        """Try another speed, as if nothing had been heard yet."""
        if baud != self.port.baud:
            self.port.retune(baud)
        self.drain()
        self._failures = 0

    def ask(
        self, command: Command, arguments: bytes = b"", abort: threading.Event | None = None, seconds: float = 0.0
    ) -> Acknowledgement:
        """One command and its answer within ``seconds`` (0: the usual patience)."""
        picture = command is Command.UPLOAD_PICTURE
        self._curtain.drawn |= picture
        self.say(frames.encode_command(command, arguments, self._address))
        latest = time.monotonic() + (seconds or self._patience.answer)
        frame = self.hear(latest, abort)
        while frame.kind is FrameKind.ACKNOWLEDGE and frame.payload[0] == GOOD_RECEIPT:
            frame = self.hear(latest, abort)  # answers no command: the late receipt of a download
        answer = frames.read_acknowledgement(command, frame)
        self.stale = False
        if picture:
            self._curtain.tell(frame)
        self._curtain.drawn = picture and answer.done
        return answer

    def send_content(self, content: bytes, packet_size: int, abort: threading.Event | None) -> None:
        """The packets of a download; takes the receipt that some firmware sends after them, misses none."""
        for packet in frames.encode_content(content, packet_size, self._address):
            if abort is not None and abort.is_set():
                self.stale = True
                raise AbandonedError
            self.port.write(packet)
        if self._gives_receipts is not False:
            self._gives_receipts = self._await_receipt(bool(self._gives_receipts))

    def _await_receipt(self, expected: bool) -> bool:  # noqa: FBT001 - what the last download taught
        """Whether the sensor says something after the end packet (§1.6): asked once, so that no pause is lost later."""
        latest = time.monotonic() + self._patience.receipt
        while not self._frames and time.monotonic() < latest:
            self._frames.extend(self._parser.feed(self.port.read()))
        came = bool(self._frames)
        self._forget(b"")
        return came or expected

    def receive_content(
        self, expected: int | None, abort: threading.Event | None, largest: int, whole: Container[int] = ()
    ) -> bytearray:
        """The packets of an upload up to the end packet or ``expected`` bytes; one broken packet spoils all.

        A sensor that falls silent without an end packet (R551, §1.6) was done where the length is one of ``whole``.
        """
        content = bytearray()
        latest = time.monotonic() + 2 + 3 * largest * 10 / self.port.baud
        self.stale = True
        while len(content) != expected:
            try:
                frame = self.hear(min(latest, time.monotonic() + self._patience.packet), abort)
            except DeviceSilent as error:
                if len(content) in whole:
                    break
                raise DeviceGarbled(f"upload stopped after {len(content)} bytes") from error
            if self._curtain.drawn:
                self._curtain.tell_length(frame)
            content += frame.payload
            foreign = frame.kind is FrameKind.ACKNOWLEDGE
            if foreign or self._parser.broken_frames or len(content) > largest:
                raise DeviceGarbled(f"upload broken after {len(content)} bytes")
            if frame.kind is FrameKind.END_OF_CONTENT:
                break
        self.stale = self._curtain.drawn = False
        return content

    def persist(self, act: Callable[[], T], abort: threading.Event | None = None) -> T:
        """Do what may be done again, at most :data:`TRIES` times, each time on a line brought back to quiet."""
        left = TRIES
        while True:
            left -= 1
            try:
                if self.stale:
                    self.resync(abort)
                return act()
            except NotReceivedError as error:
                if not left:
                    raise DeviceFault(str(error)) from error
            except (DeviceSilent, DeviceGarbled):
                if not left or not self.is_open:
                    raise
                self.stale = True

    def resync(self, abort: threading.Event | None = None) -> None:
        """After a failure: wait for quiet, then ask for what no earlier command answers, and pass over the rest.

        Something that has not answered a handshake yet is asked nothing.
        """
        self._counted("resyncs")
        self._gives_receipts = None
        self.hush(LONGEST_PICTURE if self._curtain.drawn else self._patience.hush, abort)
        if abort is not None and abort.is_set():
            raise AbandonedError
        if self.known:
            self.port.write(frames.encode_command(Command.READ_PARAMETERS, b"", self._address))
            latest = time.monotonic() + self._patience.probe
            while not self._is_probe_answer(self.hear(latest, abort)):
                log.info("%s: a late answer was passed over", self.port.url)
            self.hush(self._patience.hush, abort)
        self.stale = self._curtain.drawn = False

    @staticmethod
    def _is_probe_answer(frame: Frame) -> bool:
        if frame.kind is not FrameKind.ACKNOWLEDGE:
            return False
        code, extra = frame.payload[0], len(frame.payload) - 1
        return code in (RECEIVE_ERROR, VERIFY_FIRST) or (code == DONE and extra == 16)  # noqa: PLR2004 - §1.4

    def await_boot(self) -> None:
        """A sensor that gets its power with the port says 55 when it is ready, or is ready without a word (§1.5)."""
        latest = time.monotonic() + self._patience.boot
        heard = b""
        while time.monotonic() < latest and not frames.announces_restart(heard):
            heard = (heard + self.port.read())[-LONGEST_DRAIN:]
        self._forget(heard)

    def _forget(self, idle: bytes) -> None:
        super()._forget(idle)
        self.restarted |= frames.announces_restart(idle)

    def hear(self, latest: float, abort: threading.Event | None = None) -> Frame:
        """The next frame; one right behind a boot byte says that the sensor started anew."""
        frame = super().hear(latest, abort)
        self.restarted |= frame.after_boot
        return frame
