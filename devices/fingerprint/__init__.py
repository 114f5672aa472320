"""Fingerprint sensors: one live finger against one template, on the sensor; never 1:n, never an image kept.

For sensors that only hand out features their vendor's library compares, on this machine (feature_reader.py). Above all
dialects stands one protocol, :class:`FingerprintReader`. What a dialect or a model cannot do is refused with
:class:`NotOffered`, never faked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from devices.device import DeviceError, HealthBoard


class TemplateRefused(DeviceError):
    """The sensor cannot take the county's template (other size or format)."""


class NotOffered(DeviceError):
    """This sensor or its dialect cannot do what was asked, and never will; the message names what."""


class Hint(StrEnum):
    """What to tell the resident while a finger is awaited."""

    PLACE = "place"
    LIFTED_EARLY = "lifted_early"
    TOO_DRY = "too_dry"
    TOO_WET = "too_wet"
    UNCLEAR = "unclear"
    TOO_SMALL = "too_small"
    LEFTOVER = "leftover"
    LIFT = "lift"
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


class NoUsableFinger(DeviceError):
    """No finger came, none that could be used, or nobody waits any longer; the sensor itself is well.

    ``verdict`` says which: NO_FINGER, POOR, DIFFERENT (an enrolment of two fingers) or CANCELLED; ``hint`` why.
    """

    def __init__(self, verdict: MatchVerdict, hint: Hint = Hint.PLACE) -> None:
        super().__init__(f"no usable finger: {verdict}, {hint}")
        self.verdict, self.hint = verdict, hint


@dataclass(frozen=True)
class Quality:
    """What a picture of a finger was worth; the picture itself is gone.

    ``coverage``: the share of the glass that shows ridges, 0..1. ``contrast``: between ridge and valley there, 0..1.
    """

    coverage: float
    contrast: float


class LightState(StrEnum):
    """What the ring or lamp of a sensor tells the resident."""

    OFF = "off"
    INVITING = "inviting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class FingerprintReader(Protocol):
    """A sensor that compares on the device, or whose vendor's library does beside it.

    ``match`` runs one try: waits up to ``seconds`` for a finger, captures into buffer 1, loads ``template`` into
    buffer 2, compares on the sensor, then overwrites the buffers (or what stands for them elsewhere). ``hinted`` is
    told what to say meanwhile, in the caller's thread; ``cancelled`` ends the try within 0.3 s. Raises DeviceError; a
    finger is captured once a try.

    ``enrol`` takes one finger ``captures`` times (two or three), waiting up to ``seconds`` for each press and telling
    LIFT between them, and returns what the county is to keep; the buffers are overwritten then. ``preview`` takes one
    picture to measure it; pixels are held for that time only, are never written, and a tap hears their number alone.
    Both raise NoUsableFinger where no finger came of it, and NotOffered where the sensor cannot do it.

    ``light`` only notes what the lamp should say: shown with the next exchange, quietly ignored by a sensor without
    one; it never waits and never raises.
    """

    name: str
    board: HealthBoard

    @property
    def format(self) -> str:
        """The family of templates it compares, as :class:`FingerTemplate` names it."""

    def attend(self, stop: threading.Event) -> None: ...

    def match(
        self, template: FingerTemplate, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> MatchResult: ...

    def enrol(
        self, captures: int, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event
    ) -> FingerTemplate: ...

    def preview(self, seconds: float, hinted: Callable[[Hint], None], cancelled: threading.Event) -> Quality: ...

    def light(self, state: LightState) -> None: ...

    def close(self) -> None: ...
