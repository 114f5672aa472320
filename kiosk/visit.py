"""One person's visit at the screen: what services remember until it ends; and how a person has the screen shown."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")

_numbers = itertools.count(1)


class TextSize(StrEnum):
    """大字 or not."""

    NORMAL = "normal"
    LARGE = "large"


class Contrast(StrEnum):
    """高对比 or not."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True)
class Modes:
    """How the screen is shown to this person. Ends with the visit."""

    text: TextSize = TextSize.NORMAL
    contrast: Contrast = Contrast.NORMAL


class Visit:
    """What is remembered while one person stands here; in memory only, dropped with the state that holds it."""

    def __init__(self) -> None:
        self.number = next(_numbers)
        self._lock = threading.Lock()
        self._memory: dict[type[Any], Any] = {}

    def recall(self, kind: type[T]) -> T:
        """This visit's one object of ``kind``, made on first asking."""
        with self._lock:
            return self._memory.setdefault(kind, kind())  # type: ignore[no-any-return]  # keyed by its own type

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._memory.clear()
