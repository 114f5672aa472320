"""Social-security card readers: one protocol, several ways to reach a chip (reference: LD/T 32, PC/SC)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from devices.device import DeviceError, HealthBoard

Transmit = Callable[[bytes], bytes]
"""Sends one command APDU, returns the raw answer: data followed by SW1 SW2. Raises DeviceError."""


class CardGone(DeviceError):
    """The card was pulled while it was being talked to. Normal life: the watch thread reports the removal too."""


class CardSilent(DeviceError):
    """A card is in the slot but gives no answer (upside down, dirty, broken chip)."""


class CardForeign(DeviceError):
    """The card is of another kind: not a social-security card."""


class CardUnreadable(DeviceError):
    """A record of the card is not what the standard says. ``field`` names it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


class CardLocked(DeviceError):
    """The card gives nothing without the county's key service (version 3.0)."""


@dataclass(frozen=True)
class Insertion:
    """One card in one slot. ``counter`` is the reader's event counter: another value means another insertion."""

    reader: str
    atr: bytes
    counter: int


@dataclass(frozen=True)
class CardInserted:
    """A card went in and the reader powered it. Reported within one poll of the reader."""

    insertion: Insertion


@dataclass(frozen=True)
class CardRemoved:
    """The card came out, or the reader vanished with it."""

    reader: str


@dataclass(frozen=True)
class CardMute:
    """Something is in the slot that gives no answer to reset."""

    reader: str


CardEvent = CardInserted | CardRemoved | CardMute


class Sex(StrEnum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_STATED = "9"


@dataclass(frozen=True)
class CardIdentity:
    """What EF05 and EF06 of a card say, decoded and checked record by record (reference/card.md §1.5, §1.6).

    ``identification`` is 卡识别码 as 32 hex digits, ``region`` its first six; ``atr_history`` 26 hex digits.
    ``proven`` is True only when the chip passed internal authentication against the county's key service.
    """

    region: str
    social_security_no: str
    card_number: str
    identification: str
    name: str
    atr_history: str
    version: str
    issued_on: date | None
    valid_until: date | None
    sex: Sex
    ethnic_group: str
    born_on: date | None
    proven: bool = False


class PinResult(StrEnum):
    """What the card said to VERIFY."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class PinOutcome:
    """The card's answer and its own counter: ``tries_left`` is None where the card did not say."""

    result: PinResult
    tries_left: int | None = None


class CardReader(Protocol):
    """A slot that residents put their card into.

    ``attend`` (see :func:`devices.device.watch`) reports events to ``listener`` from the reader's own thread.
    ``connect`` opens the card of one insertion exclusively for one act and unpowers it at the end; it raises
    CardGone when that insertion is over (event counter differs), DeviceBusy when another program holds it.
    """

    name: str
    board: HealthBoard
    listener: Callable[[CardEvent], None]

    def attend(self, stop: threading.Event) -> None: ...

    def connect(self, insertion: Insertion) -> AbstractContextManager[Transmit]: ...

    def close(self) -> None: ...
