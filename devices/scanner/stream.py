"""Pieces out of what a scanner sends: replies to commands, and codes that end with CR, LF or silence. Pure.

Rules of reference/serial-devices.md §4.3: nothing above 4 KB is kept. Nothing here looks into a code: it is bytes
between two ends, and a tap is given stars of the same number in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from devices.scanner import LONGEST_CODE, wipe

ENDS = b"\r\n"
STAR = b"*"
NO_TEXT = 0x7F
_SLICE = 300  # longer than any reply
_PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True)
class Reply:
    """The scanner's answer to a command, as it came; nothing of a code."""

    raw: bytes

    @property
    def for_tap(self) -> bytes:
        """What may be written down of it: all."""
        return self.raw


@dataclass(frozen=True, repr=False)
class Code:
    """What was scanned. ``end``: CR, LF, or nothing where silence ended it. ``length`` counts what was not kept too."""

    content: bytearray
    end: bytes
    length: int

    @property
    def whole(self) -> bool:
        """True unless it was too long to be kept."""
        return len(self.content) == self.length

    @property
    def printable(self) -> bool:
        """True where every byte is printable ASCII: control characters would press keys somewhere (§4.3)."""
        return all(byte in _PRINTABLE for byte in self.content)

    @property
    def for_tap(self) -> bytes:
        """What may be written down of it: its length and its end, and whether it was text at all."""
        if not self.whole:
            return STAR * self.length + self.end
        return bytes(STAR[0] if byte in _PRINTABLE else min(byte, NO_TEXT) for byte in self.content) + self.end

    def __repr__(self) -> str:
        return f"Code({self.length} bytes)"


Piece = Reply | Code

ReplySize = Callable[[bytes], int | None]
"""The size of the reply that begins a buffer; None: more must come to tell; 0: it is none."""


class ScannerStream:
    """Takes bytes in any portions. Holds at most one code of 4 KB and one slice; overwrites what it lets go."""

    def __init__(self, reply_size: ReplySize) -> None:
        self._reply_size = reply_size
        self._buffer = bytearray()
        self._dropped = 0

    @property
    def held(self) -> int:
        """Bytes of the piece that is not complete, kept or not."""
        return len(self._buffer) + self._dropped

    def feed(self, received: bytes) -> list[Piece]:
        """The pieces that became complete."""
        pieces: list[Piece] = []
        for start in range(0, len(received), _SLICE):
            self._buffer += received[start : start + _SLICE]
            pieces += self._complete()
        return pieces

    def end(self) -> list[Piece]:
        """Silence: what is held is a code without an end."""
        return [self._code(len(self._buffer), b"")] if self.held else []

    def reset(self) -> None:
        """Forget what is held."""
        wipe(self._buffer)
        self._dropped = 0

    def _complete(self) -> Iterator[Piece]:
        while self._buffer:
            size = 0 if self._dropped else self._reply_size(bytes(self._buffer[:_SLICE]))
            if size is None:
                return
            if size:
                raw = bytes(self._buffer[:size])
                del self._buffer[:size]
                yield Reply(raw)
                continue
            place = next((at for at, byte in enumerate(self._buffer) if byte in ENDS), -1)
            if place < 0:
                self._bound()
                return
            yield self._code(place, bytes(self._buffer[place : place + 1]))

    def _code(self, size: int, end: bytes) -> Code:
        """The first ``size`` bytes as a code; of one that was too long nothing is kept."""
        kept = bytearray() if self._dropped or size > LONGEST_CODE else self._buffer[:size]
        code = Code(kept, end, size + self._dropped)
        taken = size + len(end)
        self._buffer[:taken] = bytes(taken)
        del self._buffer[:taken]
        self._dropped = 0
        return code

    def _bound(self) -> None:
        if self._dropped or len(self._buffer) > LONGEST_CODE:
            self._dropped += len(self._buffer)
            wipe(self._buffer)
