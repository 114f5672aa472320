"""Fingerprint sensors: one live finger against one template, on the sensor; never 1:n, never an image kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from devices.device import DeviceError, HealthBoard


class TemplateRefused(DeviceError):
    """The sensor cannot take the county's template (other size or format)."""


class Hint(StrEnum):
    """What to tell the resident while a finger is awaited."""

    PLACE = "place"
    LIFTED_EARLY = "lifted_early"
    TOO_DRY = "too_dry"
    TOO_WET = "too_wet"
    UNCLEAR = "unclear"
    TOO_SMALL = "too_small"
    LEFTOVER = "leftover"
    CAPTURED = "captured"


class MatchVerdict(StrEnum):
    """How one try ended."""

    MATCHED = "matched"
    DIFFERENT = "different"
    POOR = "poor"
    NO_FINGER = "no_finger"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class MatchResult:
    """One try: verdict, the sensor's own score where it gave one, and the last quality hint."""

    verdict: MatchVerdict
    score: int | None = None
    hint: Hint = Hint.PLACE


@dataclass(frozen=True)
class FingerTemplate:
    """An enrolled finger as the county gave it: ``format`` names the vendor family (EF01 sensors: "ef01")."""

    format: str
    content: bytes

    def __repr__(self) -> str:
        return f"FingerTemplate({self.format}, {len(self.content)} bytes)"


class FingerprintReader(Protocol):
    """A sensor that compares on the device.

    ``match`` runs one try: waits up to ``seconds`` for a finger, captures into buffer 1, loads ``template`` into
    buffer 2, compares on the sensor, then overwrites the buffers. ``hinted`` is told what to say meanwhile;
    ``cancelled`` ends the try within 0.3 s. Raises DeviceError; never retries a comparison by itself.
    """

    name: str
    board: HealthBoard

    def attend(self, stop: threading.Event) -> None: ...

    def match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult: ...

    def close(self) -> None: ...
