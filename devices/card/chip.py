"""The files and the PIN of a social-security card, through any transmit (reference/card.md §1, §2.1, §8).

Pure: no I/O of its own, no clock, no reader. Every step names its fall-back; every record is checked for tag and
length. Nothing is read that the hall does not need (no issuer's number, no place of birth).
"""

from __future__ import annotations

from collections.abc import Callable

from devices.card import CardIdentity, CardLocked, KeyService, PinOutcome, PinPadMissing, Transmit, records
from devices.card.files import BY_NUMBER, BY_TAG, EF05, EF06, Field, Files, exactly
from devices.card.pins import change_pin, verify_pin

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


def _shifted(field: Field, version: str) -> Field:
    """The same record on a card of version 1, where the name has no extension and later records stand one earlier."""
    if not version.startswith("1") or field.number <= NAME_EXTENSION.number:
        return field
    return Field(field.name, field.tag, field.number - 1, field.lengths)


def _identification(files: Files) -> str:
    files.enter()
    files.open(EF05, BY_NUMBER)
    return records.identification("identification", files.read(IDENTIFICATION))


def read_identification(transmit: Transmit) -> str:
    """卡识别码 alone, in three commands: the proof before every act that it is still the same card."""
    return _identification(Files(transmit))


def read_card_number(transmit: Transmit) -> str:
    """卡号 alone; CardLocked on a card that shows it only to the key service."""
    files = Files(transmit)
    files.enter()
    files.open(EF05, BY_NUMBER)
    return records.card_number("card_number", files.read(CARD_NUMBER))


def read_identity(transmit: Transmit, atr: bytes, keys: KeyService | None = None) -> CardIdentity:
    """Everything the hall needs of a card of version 1 or 2, cross-checked.

    CardForeign: no social-security card. CardLocked: version 3 (or a file that asks for a key).
    CardUnreadable(field): a record is wrong, or ("identity") number, day of birth and sex contradict each other.
    """
    del keys
    files = Files(transmit)
    identification = _identification(files)
    version = records.version("version", files.read(VERSION))
    if version.startswith("3"):
        raise CardLocked("version 3 needs the key service")
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
        region=identification[:6],
        social_security_no=number,
        card_number=card_number,
        identification=identification,
        name=name,
        atr_history=records.history(atr),
        version=version,
        issued_on=issued_on,
        valid_until=valid_until,
        sex=sex,
        ethnic_group=ethnic_group,
        born_on=born_on,
    )


def _name(files: Files, version: str) -> str:
    first = files.read(NAME)
    extension = b"" if version.startswith("1") else files.read_if_there(NAME_EXTENSION, SEX.tag)
    return records.name("name", first, extension)


class ApduChip:
    """A Chip through any transmit. ``atr``: its answer to reset.

    ``pad`` lets the resident type the PIN on the reader's own keys; the reader sends VERIFY itself.
    """

    def __init__(self, transmit: Transmit, atr: bytes, pad: Callable[[], PinOutcome] | None = None) -> None:
        self._transmit = transmit
        self._atr = atr
        self._pad = pad

    @property
    def has_pin_pad(self) -> bool:
        """True when the reader has a pad."""
        return self._pad is not None

    def identification(self) -> str:
        """卡识别码, in three commands."""
        return read_identification(self._transmit)

    def identity(self, keys: KeyService | None = None) -> CardIdentity:
        """See Chip."""
        return read_identity(self._transmit, self._atr, keys)

    def verify_pin(self, pin: bytearray) -> PinOutcome:
        """See Chip."""
        return verify_pin(self._transmit, pin)

    def change_pin(self, old: bytearray, new: bytearray) -> PinOutcome:
        """See Chip."""
        return change_pin(self._transmit, old, new)

    def verify_pin_on_pad(self) -> PinOutcome:
        """See Chip."""
        if self._pad is None:
            raise PinPadMissing("this reader has no pad")
        Files(self._transmit).enter()
        return self._pad()
