"""Social-security card readers: one protocol, several ways to reach a chip (reference: LD/T 32, PC/SC)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from devices.card.key_service import KeyService
from devices.device import DeviceError, HealthBoard
from devices.sex import Sex

Transmit = Callable[[bytes], bytes]
"""Sends one command APDU, returns the raw answer: data followed by SW1 SW2. Raises DeviceError."""


def nothing() -> None:
    """Where nobody wants to be told."""


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


class CardForged(DeviceError):
    """The card's own cryptogram is not what the key service computed: no genuine card, or the wrong key service."""


class KeyAnswerForeign(DeviceError):
    """The key service answered another question than this card asked. Nothing of it was sent to the card."""


class KeyCounterBurnt(DeviceError):
    """The card refused the key service's cryptogram, and one of the few tries of its **key** is gone for ever.

    ``tries_left`` by arithmetic (63Cx: x), 0 when the key is locked, None where the card does not say. Never try again.
    """

    def __init__(self, tries_left: int | None) -> None:
        super().__init__(f"external authentication refused, tries of the card's key left: {tries_left}")
        self.tries_left = tries_left


class ReaderVirtual(DeviceError):
    """The only reader is a program that pretends to be one; cards in it are made of software. Not for residents."""


class PinPadMissing(DeviceError):
    """A PIN was to be typed on a pad that faces the resident, and this reader has none."""


class PinPadCancelled(DeviceError):
    """The resident pressed cancel on the pad. The card was not asked. Ordinary life."""


class PinPadTimeout(DeviceError):
    """Nobody typed a PIN on the pad in time. The card was not asked."""


class PinPadLength(DeviceError):
    """Too few or too many digits were typed on the pad. The card was not asked."""


class PinPadMismatch(DeviceError):
    """The new PIN was typed twice on the pad, and not alike. The card was not asked."""


class PinPadFault(DeviceError):
    """The reader offers a pad and then does not take what it was handed. The card was not asked."""


class PinIsInitial(DeviceError):
    """The PIN is the one the card came with, and the reader's own library takes it neither for an act nor as new."""


@dataclass(frozen=True)
class Insertion:
    """One card in one slot. ``counter`` is the reader's event counter: another value means another insertion."""

    reader: str
    atr: bytes
    counter: int


@dataclass(frozen=True)
class CardInserted:
    """A card went in and the reader powered it. Reported within one poll of the reader.

    ``found``: it was in already at the first look into this slot, when the reader was opened (anew). Not compared: it
    says more of the same event.
    """

    insertion: Insertion
    found: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class CardRemoved:
    """The card came out, or the reader vanished with it: then ``lost``, and the card may be in it still."""

    reader: str
    lost: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class CardMute:
    """Something is in the slot that gives no answer to reset."""

    reader: str


CardEvent = CardInserted | CardRemoved | CardMute


@dataclass(frozen=True)
class CardIdentity:
    """What EF05 and EF06 of a card say, decoded and checked record by record (reference/card.md §1.5, §1.6).

    ``identification`` is 卡识别码 as 32 hex digits, ``region`` its first six; ``atr_history`` none to 30 hex digits
    (26 on most cards).
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


class Chip(Protocol):
    """The card of one insertion, open for one act.

    Every method raises CardGone when the card is pulled, and CardSilent, CardForeign or CardUnreadable(field) as it
    finds the card.
    """

    @property
    def has_pin_pad(self) -> bool:
        """True when this reader has a pad on which the resident types the PIN, out of everybody's sight."""
        ...

    def identification(self) -> str:
        """卡识别码, 32 hex digits: the proof before every act that it is still the same card."""
        ...

    def identity(self, keys: KeyService | None = None, unharmed: Callable[[], None] = nothing) -> CardIdentity:
        """Everything the hall needs of the card, cross-checked.

        ``unharmed`` is called each time that the card took the service's outer answer, or had lost its challenge: no
        try of its key was used up. Where it is not, after an outer answer was given, one may have been.
        CardLocked: version 3 and no key service (or one without an answer). CardForged, KeyAnswerForeign,
        KeyCounterBurnt: what came of asking it. What ``keys`` itself raises is passed on.
        """
        ...

    def verify_pin(self, pin: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
        """Ask the card whether this is its PIN: sent exactly once. ``pin`` stays the caller's to zero.

        ``before_sending`` is called immediately before: what it raises is passed on, and nothing was sent.
        ValueError: no such PIN can exist (nothing was sent).
        """
        ...

    def change_pin(self, old: bytearray, new: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
        """Give the card another PIN: sent exactly once, a wrong ``old`` costs a try. Both stay the caller's to zero.

        ``before_sending`` as for :meth:`verify_pin`. ValueError: no such PIN can exist (nothing was sent). Whether
        ``new`` may be chosen is asked before (:func:`devices.card.new_pin.objection_to`).
        """
        ...

    def verify_pin_on_pad(self) -> PinOutcome:
        """Let the resident type the PIN on the reader's own pad: it never enters this process. Asked exactly once.

        PinPadMissing where there is none. PinPadCancelled, PinPadTimeout, PinPadLength: the card was not asked.
        PinIsInitial where the reader's library knows that much.
        """
        ...

    def change_pin_on_pad(self) -> PinOutcome:
        """Let the resident type the old PIN and twice the new one; as before, and PinPadMismatch."""
        ...


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

    def connect(self, insertion: Insertion) -> AbstractContextManager[Chip]: ...

    def close(self) -> None: ...
