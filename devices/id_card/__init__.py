"""Readers of resident ID cards (SAM_V modules): one card on the glass, its text, nothing else of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from devices.device import DeviceError, DeviceFault, HealthBoard
from devices.sex import Sex

SHOWN_OF_NUMBER = 4


class IdCardGone(DeviceError):
    """The ID card was taken off the reader while it was being read."""


class IdCardForeign(DeviceError):
    """What lies on the reader is no resident ID card, or the security module does not take it for one."""


class IdCardUnreadable(DeviceError):
    """The ID card does not say what the standard asks. ``field`` names where."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


class IdCardStays(DeviceError):
    """The ID card that was read before still lies on the reader: it must be lifted first."""


class SecurityModuleBroken(DeviceFault):
    """The reader answers and its security module (SAM_V) fails its own test or is not authorised."""


class IdCardKind(StrEnum):
    """The cards that a SAM_V module reads; each has a text layout of its own."""

    CITIZEN = "citizen"
    FOREIGNER = "foreigner"
    FOREIGNER_2023 = "foreigner_2023"
    HONG_KONG_MACAO_TAIWAN = "hong_kong_macao_taiwan"


@dataclass(frozen=True, repr=False)
class IdCard:
    """What the text of an ID card says, decoded and checked (reference/card.md §4); no photo, no fingerprint.

    ``number`` has 18 characters, 15 on a foreigner's card of the old layout. ``valid_until`` None: 长期.
    ``ethnic_group``: two digits of GB/T 3304, "" on cards that carry none; ``nationality``: three letters where the
    card tells them; ``permit_number``: 通行证号码 of residents from Hong Kong, Macao and Taiwan.
    """

    kind: IdCardKind
    name: str
    number: str
    sex: Sex
    born_on: date
    valid_from: date | None
    valid_until: date | None
    address: str = ""
    authority: str = ""
    ethnic_group: str = ""
    english_name: str = ""
    nationality: str = ""
    permit_number: str = ""

    def expired(self, today: date) -> bool:
        """True where the last day of validity is past."""
        return self.valid_until is not None and self.valid_until < today

    @property
    def masked_name(self) -> str:
        """The first character and one star: all that a screen in the hall may show."""
        return f"{self.name[:1]}*"

    @property
    def masked_number(self) -> str:
        """Stars and the last four characters."""
        return "*" * (len(self.number) - SHOWN_OF_NUMBER) + self.number[-SHOWN_OF_NUMBER:]

    def __repr__(self) -> str:
        return f"IdCard({self.kind}, {self.masked_name}, {self.masked_number})"


class IdCardReader(Protocol):
    """A reader that residents lay their ID card on.

    ``read`` waits up to ``seconds`` for a card and gives its text; None when none came or ``cancelled`` was set
    (which ends it within 0.3 s, while the module itself reads within its time). A card is read once for each time it
    is laid down. Raises DeviceError: IdCardGone, IdCardForeign, IdCardUnreadable, IdCardStays say what is wrong with
    the card and leave the reader READY. Nothing of the card is kept.

    ``lies`` says at once whether the card that was read last still lies there, as of the last look (twice a second
    while nobody reads); None where this module cannot know, because it finds a card once only.
    """

    name: str
    board: HealthBoard

    def attend(self, stop: threading.Event) -> None: ...

    def read(self, seconds: float, cancelled: threading.Event) -> IdCard | None: ...

    def lies(self) -> bool | None: ...

    def close(self) -> None: ...
