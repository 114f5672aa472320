"""A conversation in frames over one serial line: say, hear, pass over what is late; reference/serial-devices.md §5.3.

For protocols of question and answer. What a frame is stands in a pure :class:`Parser`; which answer belongs to which
question is the driver's to say. Not safe for two threads at once, except :meth:`Conversation.close`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Generic, NoReturn, Protocol, TypeVar

from devices.device import DeviceGarbled, DeviceSilent
from devices.port import SerialPort
from devices.turns import AbandonedError

log = logging.getLogger(__name__)

FAILURES_UNTIL_LOST = 3
LONGEST_DRAIN = 8192

Frame_co = TypeVar("Frame_co", covariant=True)
Frame = TypeVar("Frame")


class Parser(Protocol[Frame_co]):
    """Finds frames in whatever arrives and holds a bounded number of bytes.

    Since the last ``reset``: ``skipped`` bytes outside good frames, ``broken_frames`` that ended badly.
    """

    skipped: int
    broken_frames: int

    @property
    def held(self) -> int:
        """Bytes waiting for the rest of their frame."""

    def feed(self, received: bytes) -> Sequence[Frame_co]:
        """Take bytes in any portions; return the frames that became complete."""

    def give_up(self) -> Sequence[Frame_co]:
        """Nothing more comes: drop the unfinished frame, return those that it had swallowed."""

    def reset(self) -> None:
        """Forget everything heard so far."""


class Conversation(Generic[Frame]):
    """One question at a time.

    Every failure leaves ``stale`` set: an answer may still be under way, so the driver brings the line to quiet
    (:meth:`hush`) and asks a probe before it believes anything again; then it says so by setting it to False.
    ``quiet``: seconds without a byte after which nothing more belongs to a frame.
    """

    def __init__(self, port: SerialPort, parser: Parser[Frame], quiet: float = 0.1) -> None:
        self.port = port
        self._parser = parser
        self._quiet = quiet
        self._frames: deque[Frame] = deque()
        self._failures = 0
        self._question = self._held = b""
        self.stale = False

    @property
    def is_open(self) -> bool:
        """True until the port is closed or lost."""
        return self.port.is_open

    def open(self) -> None:
        """Take the port for this program alone; DeviceMissing, DeviceBusy."""
        self.port.open()
        self._failures = 0
        self.stale = False
        self._forget(b"")

    def close(self) -> None:
        """Give the port back; a read under way in another thread ends with DeviceMissing."""
        self.port.close()

    def say(self, question: bytes) -> None:
        """Put a question on the line, after throwing away what came unasked."""
        self.drain()
        self.stale = True
        self._question = question
        self.port.write(question)

    def hear(self, latest: float, abort: threading.Event | None = None) -> Frame:
        """The next frame before ``latest`` (monotonic). DeviceSilent; DeviceGarbled when only nonsense came.

        AbandonedError when ``abort`` is set. A frame that stops in its middle is given up after ``quiet`` seconds.
        """
        heard = time.monotonic()
        while not self._frames:
            if abort is not None and abort.is_set():
                raise AbandonedError
            came = self.port.read()
            now = time.monotonic()
            heard = now if came else heard
            self._frames.extend(self._parser.feed(self._without_echo(came)))
            if not self._frames and self._is_over(now - heard, now >= latest):
                self._fail()
        self._failures = 0
        return self._frames.popleft()

    def drain(self) -> None:
        """Throw away what came unasked."""
        idle = self.port.drain(LONGEST_DRAIN)
        self._forget(idle)
        if len(idle) > LONGEST_DRAIN:
            self.close()
            raise DeviceGarbled(f"{self.port.url}: the line never falls silent")

    def hush(self, longest: float, abort: threading.Event | None = None) -> None:
        """Drain until nothing came for ``quiet`` seconds, at most ``longest``."""
        silent_since = time.monotonic()
        latest = silent_since + longest
        idle = b""
        while time.monotonic() < min(latest, silent_since + self._quiet) and not (abort and abort.is_set()):
            came = self.port.read()
            idle = (idle + came)[:LONGEST_DRAIN]
            silent_since = time.monotonic() if came else silent_since
        self._forget(idle)

    def _without_echo(self, came: bytes) -> bytes:
        """A half-duplex adapter gives our own question back before the answer (§1.10): drop it, exactly it, once."""
        self._held += came
        size = min(len(self._held), len(self._question))
        if self._held[:size] == self._question[:size] and size < len(self._question):
            return b""
        rest = self._held[size:] if self._held[:size] == self._question[:size] else self._held
        self._question = self._held = b""
        return rest

    def _is_over(self, silence: float, late: bool) -> bool:  # noqa: FBT001 - of the loop above alone
        """True when waiting any longer brings nothing."""
        if silence >= self._quiet and self._parser.held:
            self._frames.extend(self._parser.give_up())
        nonsense = silence >= self._quiet and self._parser.broken_frames > 0
        return not self._frames and (late or nonsense)

    def _forget(self, idle: bytes) -> None:
        if idle:
            log.info("%s: %d bytes came unasked", self.port.url, len(idle))
        self._parser.reset()
        self._frames.clear()
        self._question = self._held = b""

    def _fail(self) -> NoReturn:
        self._failures += 1
        strays, broken = self._parser.skipped + self._parser.held, self._parser.broken_frames
        if self._failures >= FAILURES_UNTIL_LOST:
            self.close()
        error = DeviceGarbled if strays else DeviceSilent
        raise error(f"{self.port.url}: no answer ({strays} stray bytes, {broken} broken frames)")
