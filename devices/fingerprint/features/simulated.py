"""Sensors that are not there and hand out features: what the simulated ones of both dialects have in common.

Fingers, faults and the wait for a finger stand here; frames stand with each dialect. Nothing of the drivers is used.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from devices.fingerprint.features.faults import FeatureFault
from devices.fingerprint.simulated.faults import LATE_SECONDS
from devices.fingerprint.simulated.fingers import FingerQuality, capture_of, likeness, template_of
from devices.simulated_ports import Answer

NOISE = b"\x00\xff\x02\x30\x7e\x41"
SAME_FROM = 200  # of 300
STRANGE = 0x77


@dataclass(frozen=True)
class FeatureModel:
    """What kind of sensor it is. ``waits``: seconds for a finger; ``gives_up_silently``: says nothing after them."""

    size: int = 256
    waits: float = 5.0
    gives_up_silently: bool = False
    strange: int = STRANGE
    late_seconds: float = LATE_SECONDS
    written_at_once: int = 0
    words: str = "SIMULATED FINGER V1"


@dataclass(frozen=True)
class Asked:
    """One request as the sensor understood it."""

    command: int
    parameters: bytes
    wire: bytes


class LikenessMatcher:
    """The invented vendor's algorithm: the share of equal bytes. For simulated sensors only."""

    def load(self) -> None:
        """Nothing to load."""

    def same(self, enrolled: bytes, live: bytes) -> bool:
        """True for the template and a capture of one invented finger."""
        return likeness(enrolled, live) >= SAME_FROM


class SimulatedFeatureSensor:
    """One glass, one finger. Safe from any thread: the dock places fingers, the port asks."""

    statuses: Mapping[str, int]
    """``failed``, ``busy``, ``pressed_badly``, ``lift``, ``nobody`` (no finger in time) as this dialect says them."""
    template_command: int | None = None
    identity_commands: frozenset[int]
    capture_commands: Mapping[int, int | None]
    """Commands that wait for a finger, and the size of what they give (None: as the model says)."""

    def __init__(self, model: FeatureModel | None = None) -> None:
        self.model = model or FeatureModel()
        self._lock = threading.Lock()
        self._finger: tuple[bytes | str, FingerQuality] | None = None
        self._fault: FeatureFault | None = None
        self._fault_answers = 0
        self._presses = 0
        self.commands: list[int] = []
        self._inbox = b""
        self._awaiting: tuple[Asked, float] | None = None

    @property
    def greeting(self) -> bytes:
        """Says nothing when power comes."""
        return b""

    @property
    def written_at_once(self) -> int:
        """Bytes a piece; 0: all."""
        return self.model.written_at_once

    @property
    def unplugged(self) -> bool:
        """True while the cable is out."""
        return self._fault is FeatureFault.UNPLUGGED

    @property
    def finger(self) -> tuple[bytes | str, FingerQuality] | None:
        """What lies on the glass: seed and how."""
        return self._finger

    @property
    def fault(self) -> FeatureFault | None:
        """What is wrong with it now."""
        return self._fault

    def power_on(self) -> None:
        """Forget what was being done."""
        with self._lock:
            self._inbox, self._awaiting = b"", None

    def place_finger(self, seed: bytes | str, quality: FingerQuality = FingerQuality.GOOD) -> None:
        """Put a finger on the glass; it stays until lifted."""
        with self._lock:
            self._finger = (seed, quality)

    def lift_finger(self) -> None:
        """Take the finger off the glass."""
        with self._lock:
            self._finger = None

    def fail(self, fault: FeatureFault, answers: int = 0) -> None:
        """Have a fault for so many answers (0: until mended)."""
        with self._lock:
            self._fault, self._fault_answers = fault, answers

    def mend(self) -> None:
        """End the fault."""
        with self._lock:
            self._fault = None

    def receive(self, wire: bytes) -> list[Answer]:
        """Take bytes from the host, maybe none; what the sensor sends back, in order."""
        with self._lock:
            if self._fault is FeatureFault.WRONG_DEVICE and wire:
                self.commands += [asked.command for asked in self._asked(wire)]
                return [Answer(b"ERROR 02\r\n")]
            answers: list[Answer] = []
            for asked in self._asked(wire):
                self.commands.append(asked.command)
                if self._fault is FeatureFault.ECHO:
                    answers.append(Answer(asked.wire))
                answers += self._spoil(self._serve(asked))
            return answers + self._spoil(self._finger_awaited())

    def _asked(self, wire: bytes) -> Iterator[Asked]:
        """The whole requests in what has come so far."""
        raise NotImplementedError

    def _frame(self, command: int, status: int, content: bytes = b"") -> bytes:
        """An answer on the wire."""
        raise NotImplementedError

    def _obey(self, asked: Asked) -> list[bytes]:
        """Answer what is neither a capture nor the question who it is."""
        raise NotImplementedError

    def _record(self, feature: bytes) -> bytes:
        """A feature as this dialect packs it."""
        return feature

    def _serve(self, asked: Asked) -> list[bytes]:
        if self._awaiting is not None and asked.command not in self._ends_capture:
            return [self._frame(asked.command, self.statuses["busy"])]
        if asked.command in self.identity_commands:
            return [self._frame(asked.command, 0, self.model.words.encode())]
        if asked.command not in self.capture_commands:
            return self._obey(asked)
        refused = {
            FeatureFault.BUSY: self.statuses["busy"],
            FeatureFault.FAILING: self.statuses["failed"],
            FeatureFault.STRANGE_STATUS: self.model.strange,
            FeatureFault.LIFTED_EARLY: self.statuses["pressed_badly"],
        }.get(self._fault) if self._fault else None  # fmt: skip
        if refused is not None:
            return [self._frame(asked.command, refused)]
        self._awaiting = (asked, time.monotonic())
        return []

    _ends_capture: frozenset[int] = frozenset()

    def _finger_awaited(self) -> list[bytes]:
        """The answer to a capture: when a finger lies there, or when the sensor will not wait any longer."""
        if self._awaiting is None:
            return []
        asked, since = self._awaiting
        if self._finger is not None:
            self._awaiting = None
            return [self._pressed(asked, *self._finger)]
        if time.monotonic() - since < self.model.waits:
            return []
        self._awaiting = None
        return [] if self.model.gives_up_silently else [self._frame(asked.command, self.statuses["nobody"])]

    def _pressed(self, asked: Asked, seed: bytes | str, quality: FingerQuality) -> bytes:
        if quality is not FingerQuality.GOOD:
            status = "lift" if quality is FingerQuality.LEFTOVER else "pressed_badly"
            return self._frame(asked.command, self.statuses[status])
        size = self.capture_commands[asked.command] or self.model.size
        self._presses += 1
        enrolling = asked.command == self.template_command
        feature = template_of(seed, size) if enrolling else capture_of(seed, self._presses, size)
        record = self._record(feature)
        return self._frame(asked.command, 0, record[:-9] if self._fault is FeatureFault.SHORT_FEATURE else record)

    def _spoil(self, frames: list[bytes]) -> list[Answer]:
        if self._fault is None or not frames:
            return [Answer(frame) for frame in frames]
        spoil = self._spoiled.get(self._fault, bytes)
        pulled = self._fault is FeatureFault.UNPLUGGED_MID_FRAME
        delay = self.model.late_seconds if self._fault is FeatureFault.LATE_ANSWER else 0.0
        answers = [Answer(spoil(frame), delay, hang_up=pulled) for frame in frames]
        if pulled:
            self._fault, self._fault_answers = FeatureFault.UNPLUGGED, 0
        elif self._fault_answers:
            self._fault_answers -= 1
            self._fault = self._fault if self._fault_answers else None
        return answers

    @property
    def _spoiled(self) -> Mapping[FeatureFault, Callable[[bytes], bytes]]:
        return {
            FeatureFault.NOISE_BEFORE_FRAME: lambda frame: NOISE + frame,
            FeatureFault.SHORT_FRAME: lambda frame: frame[:-3],
            FeatureFault.SILENT: lambda _frame: b"",
            FeatureFault.UNPLUGGED: lambda _frame: b"",
            FeatureFault.UNPLUGGED_MID_FRAME: lambda frame: frame[: len(frame) // 2],
            FeatureFault.BAD_CHECK: self._with_bad_check,
            FeatureFault.LYING_LENGTH: self._with_lying_length,
        }

    def _with_bad_check(self, frame: bytes) -> bytes:
        raise NotImplementedError

    def _with_lying_length(self, frame: bytes) -> bytes:
        raise NotImplementedError
