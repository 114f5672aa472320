"""The hunt for frames in whatever arrives on a serial line; what a frame is, each protocol says. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

Frame = TypeVar("Frame")

SLICE = 256


class FrameHunt(Generic[Frame]):
    """Takes bytes in any portions; holds at most one frame and one slice of input.

    What cannot be a frame costs one byte, then the hunt for ``mark`` goes on in what is left: so an echo and noise are
    passed over. Since the last :meth:`reset`: ``skipped`` bytes outside good frames, ``broken_frames`` that ended so.
    """

    mark: ClassVar[bytes]
    """How every frame begins."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far."""
        self._buffer = bytearray()
        self.skipped = self.broken_frames = 0

    @property
    def held(self) -> int:
        """Bytes waiting for the rest of their frame."""
        return len(self._buffer)

    def feed(self, received: bytes) -> list[Frame]:
        """Take bytes; return the frames that became complete."""
        frames: list[Frame] = []
        for start in range(0, len(received), SLICE):
            self._buffer += received[start : start + SLICE]
            frames += self._complete()
        return frames

    def give_up(self) -> list[Frame]:
        """Nothing more comes: drop the frame that stays unfinished, and look for others in what it swallowed."""
        frames: list[Frame] = []
        while self._buffer:
            self._broken()
            frames += self._complete()
        return frames

    def _complete(self) -> Iterator[Frame]:
        """Frames from the front of the buffer as long as there are whole ones; what was read is taken out."""
        raise NotImplementedError

    def _hunt(self) -> bool:
        """Bring a mark to the front; keep what may be the beginning of one at the end."""
        found = self._buffer.find(self.mark)
        if found < 0:
            kept = next(n for n in range(len(self.mark) - 1, -1, -1) if self._buffer.endswith(self.mark[:n]))
            self._skip(len(self._buffer) - kept)
            return False
        self._skip(found)
        return True

    def _broken(self) -> None:
        self.broken_frames += 1
        self._skip(1)

    def _skip(self, count: int) -> None:
        self.skipped += count
        del self._buffer[:count]
