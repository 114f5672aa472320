"""The line to a scanner. What its tap hears: everything, but of each code only how long it was."""

from __future__ import annotations

import time

from devices.device import DeviceGarbled
from devices.port import READ_SECONDS, SerialPort
from devices.scanner import wipe
from devices.scanner.address import ScannerAddress
from devices.scanner.stream import Code, Piece, ScannerStream
from devices.tap import Tap

LONGEST_DRAIN = 16384
QUIET_SECONDS = 0.3
"""A look lasts seconds, again and again all day: a processor that is woken fifty times in each of them never rests."""


class _WithoutCodes:
    """Stands between the port and the tap: lets commands through, and what came only piece by piece."""

    def __init__(self, tap: Tap) -> None:
        self._tap = tap

    def opened(self, baud: int) -> None:
        self._tap.opened(baud)

    def sent(self, content: bytes) -> None:
        self._tap.sent(content)

    def came(self, content: bytes) -> None:
        """Not passed on: a code may be in it; nothing is, where the line vanished."""
        if not content:
            self._tap.came(content)

    def came_piece(self, piece: Piece) -> None:
        self._tap.came(piece.for_tap)

    def closed(self) -> None:
        self._tap.closed()


class ScannerLine:
    """Says commands, hears pieces. ``silence``: seconds without a byte that end a code without a suffix.

    Not safe for two threads at once, except :meth:`close`.
    """

    def __init__(self, address: ScannerAddress, silence: float, tap: Tap) -> None:
        self._tap = _WithoutCodes(tap)
        self._port = SerialPort(address.url, address.baud, self._tap)
        self._stream = ScannerStream(address.dialect.reply_size)
        self._silence = silence
        self._heard = 0.0

    @property
    def is_open(self) -> bool:
        """True until the port is closed or lost."""
        return self._port.is_open

    def open(self) -> None:
        """Take the port for this program alone; DeviceMissing, DeviceBusy."""
        self._port.open()
        self._stream.reset()

    def close(self) -> None:
        """Give the port back; a read under way in another thread ends with DeviceMissing."""
        self._port.close()

    def say(self, command: bytes) -> None:
        """Put a command on the line, after throwing away what came unasked."""
        self.throw_away()
        self._port.write(command)

    def hear(self) -> list[Piece]:
        """The pieces that became complete within one read: short within a code, longer while nobody shows one."""
        came = self._port.read(READ_SECONDS if self._stream.held else QUIET_SECONDS)
        now = time.monotonic()
        self._heard = now if came else self._heard
        pieces = self._stream.feed(came)
        if not pieces and self._stream.held and now - self._heard >= self._silence:
            pieces = self._stream.end()
        return self._told(pieces)

    def throw_away(self) -> None:
        """Forget what came unasked; notices a port that has vanished."""
        idle = self._port.drain(LONGEST_DRAIN)
        self._forget(self._stream.feed(idle) + self._stream.end())
        if len(idle) > LONGEST_DRAIN:
            self.close()
            raise DeviceGarbled(f"{self._port.url}: the line never falls silent")

    def fall_silent(self, longest: float) -> None:
        """Throw away what comes until nothing came for a moment."""
        began = silent_since = time.monotonic()
        while time.monotonic() < min(began + longest, silent_since + self._silence):
            came = self._port.read()
            silent_since = time.monotonic() if came else silent_since
            self._forget(self._stream.feed(came))
        self._forget(self._stream.end())

    def _forget(self, pieces: list[Piece]) -> None:
        for piece in self._told(pieces):
            if isinstance(piece, Code):
                wipe(piece.content)

    def _told(self, pieces: list[Piece]) -> list[Piece]:
        for piece in pieces:
            self._tap.came_piece(piece)
        return pieces
