"""The acts of a social-security card through any transmit (reference/card.md §1, §2, §8).

Pure: no I/O of its own, no clock, no reader. Every step names its fall-back; every record is checked for tag and
length. Nothing is read that the hall does not need (no issuer's number, no place of birth).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from devices.card import CardIdentity, CardLocked, PinOutcome, PinPadMissing, Transmit, nothing, records
from devices.card.authentication import Authentication
from devices.card.files import BY_NUMBER, BY_TAG, EF05, EF06, Field, Files, exactly
from devices.card.key_service import KeyService
from devices.card.pins import change_pin, verify_pin

log = logging.getLogger(__name__)

KNOWN_VERSIONS = ("1", "2", "3")

IDENTIFICATION = Field("identification", 0x01, 1, exactly(16))
VERSION = Field("version", 0x03, 3, exactly(4))
ISSUED_ON = Field("issued_on", 0x05, 5, exactly(4))
VALID_UNTIL = Field("valid_until", 0x06, 6, exactly(4))
CARD_NUMBER = Field("card_number", 0x07, 7, range(9, 33))
NUMBER = Field("social_security_no", 0x08, 1, exactly(18))
NAME = Field("name", 0x09, 2, exactly(30))
NAME_EXTENSION = Field("name", 0x4E, 3, exactly(20))
SEX = Field("sex", 0x0A, 4, exactly(1))
ETHNIC_GROUP = Field("ethnic_group", 0x0B, 5, exactly(1))
BORN_ON = Field("born_on", 0x0D, 7, exactly(4))


class PinPad(Protocol):
    """The keys of a reader, on which the resident types; the reader sends the command to the card itself."""

    def verify(self) -> PinOutcome:
        """Ask for the PIN and send VERIFY once."""
        ...

    def change(self) -> PinOutcome:
        """Ask for the old PIN and twice for the new one, and send CHANGE PIN once."""
        ...


class ApduChip:
    """A Chip through any transmit. ``atr``: its answer to reset. ``block_wise``: True when it is talked to over T=1.

    ``pad``: the reader's own keys, None where it has none.
    """

    def __init__(self, transmit: Transmit, atr: bytes, pad: PinPad | None = None, *, block_wise: bool = False) -> None:
        self._transmit = transmit
        self._atr = atr
        self._pad = pad
        self._block_wise = block_wise

    @property
    def has_pin_pad(self) -> bool:
        """True when the reader has a pad."""
        return self._pad is not None

    def identification(self) -> str:
        """卡识别码, in three commands."""
        return _identification(self._files())

    def identity(self, keys: KeyService | None = None, unharmed: Callable[[], None] = nothing) -> CardIdentity:
        """See Chip. Without ``keys`` a card of version 2 is read in fourteen commands."""
        files = self._files()
        head = _Head(
            _identification(files), records.version("version", files.read(VERSION)), records.history(self._atr)
        )
        talk = Authentication(files, head.identification, head.history, keys) if keys else None
        if head.version[:1] not in KNOWN_VERSIONS:
            log.info("a card says it is of version %r: read freely, with keys where it asks for them", head.version)
        unaided = _unaided(files, head, talk)
        if unaided is not None:
            return unaided
        if talk is None:
            raise CardLocked("version 3 needs the key service")
        proven = talk.unlock(unharmed)
        files.open(EF05, BY_NUMBER)
        return replace(_contents(files, head), proven=proven)

    def verify_pin(self, pin: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
        """See Chip."""
        return verify_pin(self._transmit, pin, before_sending)

    def change_pin(self, old: bytearray, new: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
        """See Chip."""
        return change_pin(self._transmit, old, new, before_sending)

    def verify_pin_on_pad(self) -> PinOutcome:
        """See Chip."""
        return self._ready_pad().verify()

    def change_pin_on_pad(self) -> PinOutcome:
        """See Chip."""
        return self._ready_pad().change()

    def _ready_pad(self) -> PinPad:
        if self._pad is None:
            raise PinPadMissing("this reader has no pad")
        self._files().enter()
        return self._pad

    def _files(self) -> Files:
        return Files(self._transmit, asks_length=self._block_wise)


@dataclass(frozen=True)
class _Head:
    """What every card shows to everybody."""

    identification: str
    version: str
    history: str


def _identification(files: Files) -> str:
    files.enter()
    files.open(EF05, BY_NUMBER)
    return records.identification("identification", files.read(IDENTIFICATION))


def _unaided(files: Files, head: _Head, talk: Authentication | None) -> CardIdentity | None:
    """What a card gives without a key, proven where it can be; None where it gives nothing (version 3, or 6982)."""
    if head.version.startswith("3"):
        return None
    try:
        identity = _contents(files, head)
    except CardLocked:
        if talk is None:
            raise
        return None
    return replace(identity, proven=talk.offer()) if talk else identity


def _contents(files: Files, head: _Head) -> CardIdentity:
    """The rest of EF05, which is open, and EF06; number, day of birth and sex checked against each other."""
    version = head.version
    issued_on = records.day("issued_on", files.read(ISSUED_ON))
    valid_until = records.day("valid_until", files.read(VALID_UNTIL))
    card_number = records.card_number("card_number", files.read(CARD_NUMBER))
    files.open(EF06, BY_TAG)
    number = records.social_security_no("social_security_no", files.read(NUMBER))
    name = _name(files, version)
    sex = records.sex("sex", files.read(_shifted(SEX, version)))
    ethnic_group = records.digits("ethnic_group", files.read(_shifted(ETHNIC_GROUP, version)))
    born_on = records.day("born_on", files.read(_shifted(BORN_ON, version)))
    records.agree(number, born_on, sex)
    return CardIdentity(
        region=head.identification[:6], social_security_no=number, card_number=card_number,
        identification=head.identification, name=name, atr_history=head.history, version=version,
        issued_on=issued_on, valid_until=valid_until, sex=sex, ethnic_group=ethnic_group, born_on=born_on,
    )  # fmt: skip


def _shifted(field: Field, version: str) -> Field:
    """The same record on a card of version 1, where the name has no extension and later records stand one earlier."""
    if not version.startswith("1") or field.number <= NAME_EXTENSION.number:
        return field
    return Field(field.name, field.tag, field.number - 1, field.lengths)


def _name(files: Files, version: str) -> str:
    first = files.read(NAME)
    extension = b"" if version.startswith("1") else files.read_if_there(NAME_EXTENSION, SEX.tag)
    return records.name("name", first, extension)
