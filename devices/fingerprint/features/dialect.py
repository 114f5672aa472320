"""What a family of frames of feature sensors must do, and how a capture can end; see feature_reader.py."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from devices.conversation import Conversation
from devices.fingerprint import Hint


@dataclass(frozen=True)
class Feature:
    """The sensor took a finger."""

    content: bytes

    def __repr__(self) -> str:
        return f"Feature({len(self.content)} bytes)"


@dataclass(frozen=True)
class Unusable:
    """The sensor saw a finger it could not use."""

    hint: Hint


@dataclass(frozen=True)
class NobodyPressed:
    """The sensor's own patience is over, or it failed without saying why."""


@dataclass(frozen=True)
class Occupied:
    """The sensor says that it is busy."""


Captured = Feature | Unusable | NobodyPressed | Occupied


class Dialect(Protocol):
    """One family of frames. Every method but ``greet`` is called for a sensor that has been greeted.

    All raise DeviceError, and AbandonedError when ``abort`` is set.
    """

    format: str
    line: Conversation[Any]

    def greet(self, abort: threading.Event) -> Mapping[str, str]:
        """Ask what tells this sensor from any other device, and nothing else; what it said of itself."""

    def probe(self, abort: threading.Event) -> None:
        """A sign of life that costs the sensor nothing."""

    def resync(self, abort: threading.Event) -> None:
        """End what the sensor may still be doing, pass over late answers, be sure that the next one is ours."""

    def capture(self, seconds: float, abort: threading.Event) -> Captured:
        """Ask for one feature."""

    def enrol(self, seconds: float, abort: threading.Event) -> Captured:
        """Ask for one template; NotOffered."""

    def unfold(self, enrolled: bytes) -> bytes:
        """The county's template as the vendor's library takes it; TemplateRefused."""
