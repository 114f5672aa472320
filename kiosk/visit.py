"""One person's visit at the screen: what services remember until it ends; and how a person has the screen shown."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar, runtime_checkable

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


class Reach(StrEnum):
    """低位: all controls in the lower half, for whoever sits or is small."""

    NORMAL = "normal"
    LOW = "low"


class Sound(StrEnum):
    """Whether pages are read aloud."""

    ON = "on"
    OFF = "off"


class Speed(StrEnum):
    """How fast they are read."""

    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


class Keys(StrEnum):
    """Whether the four keys are in use, so that every page is told to the ear."""

    ON = "on"
    OFF = "off"


class Curtain(StrEnum):
    """Whether the screen is dark, for somebody who does not look at it."""

    ON = "on"
    OFF = "off"


VOLUMES = range(1, 6)
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")


@dataclass(frozen=True)
class Modes:
    """How the screen is shown to this person, and read to them. Ends with the visit.

    ``language``: a tag as in BCP 47 ("zh-CN"); ``volume`` from 1 to 5. Raises ValueError for what is neither.
    """

    text: TextSize = TextSize.NORMAL
    contrast: Contrast = Contrast.NORMAL
    reach: Reach = Reach.NORMAL
    language: str = "zh-CN"
    sound: Sound = Sound.OFF
    volume: int = 3
    speed: Speed = Speed.NORMAL
    keys: Keys = Keys.OFF
    curtain: Curtain = Curtain.OFF

    def __post_init__(self) -> None:
        if self.volume not in VOLUMES or not LANGUAGE_TAG.fullmatch(self.language):
            raise ValueError("no such mode")

    def changed(self, form: Mapping[str, str]) -> Modes:
        """With what a form names, as text; raises ValueError for a value that is no mode."""
        return Modes(
            TextSize(form.get("text", self.text)),
            Contrast(form.get("contrast", self.contrast)),
            Reach(form.get("reach", self.reach)),
            form.get("language", self.language),
            Sound(form.get("sound", self.sound)),
            int(form.get("volume", self.volume)),
            Speed(form.get("speed", self.speed)),
            Keys(form.get("keys", self.keys)),
            Curtain(form.get("curtain", self.curtain)),
        )

    def looks_as(self, other: Modes) -> bool:
        """Whether a page is drawn the same: keys and curtain are the window's own matter."""
        return replace(self, keys=other.keys, curtain=other.curtain) == other


@runtime_checkable
class Wiping(Protocol):
    """Something remembered of which a part must stay until the visit ends."""

    def wipe(self) -> None:
        """Forget everything else."""
        ...


@runtime_checkable
class Digits(Protocol):
    """Something remembered that must not only be dropped but overwritten, at once and without waiting for anybody."""

    def zero(self) -> None:
        """Overwrite what was typed."""
        ...


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

    def remembered(self) -> tuple[object, ...]:
        """Everything that is remembered now."""
        with self._lock:
            return tuple(self._memory.values())

    def wipe(self) -> None:
        """Forget on request: what knows how to (``Wiping``) keeps only what stops an act from happening twice."""
        self._zero()
        with self._lock:
            self._memory = {kind: held for kind, held in self._memory.items() if isinstance(held, Wiping)}
        for held in self.remembered():
            if isinstance(held, Wiping):
                held.wipe()

    def forget(self) -> None:
        """Drop everything."""
        self._zero()
        with self._lock:
            self._memory.clear()

    def _zero(self) -> None:
        for held in self.remembered():
            if isinstance(held, Digits):
                held.zero()
