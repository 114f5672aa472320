"""What is written on an invented card, and what is wrong with it: the records of reference/card.md §1.5 and §1.6.

The writing half of the virtual card; it shares nothing with the reading half in records.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

NAME_LENGTH = 30


class CardFault(StrEnum):
    """What can be wrong with a card, or merely different from the usual one."""

    SILENT = "silent"
    """No answer to reset: upside down, dirty, broken."""
    DUMB = "dumb"
    """Answers the reset, then no command."""
    FOREIGN = "foreign"
    """A card of another kind."""
    PSAM = "psam"
    """A terminal's own security module, in a slot where it does not belong."""
    WRONG_TAG = "wrong_tag"
    SHORT_RECORD = "short_record"
    FF_FILLED = "ff_filled"
    NAME_CUT = "name_cut"
    """The name ends inside a character of GB18030, and nothing follows."""
    INCONSISTENT = "inconsistent"
    """The day of birth is not that of the number."""
    BLOCKED = "blocked"
    """The PIN was blocked before."""
    TAG_ONLY = "tag_only"
    NUMBER_ONLY = "number_only"
    NO_4E = "no_4e"
    P1_00_ONLY = "p1_00_only"
    SW61 = "sw61"
    """Answers by 61xx and 6Cxx, as T=0 would have it."""
    SSSE_MISSING = "ssse_missing"
    """The master file itself is the application: SELECT by name answers 6A82."""
    DDF1_ONLY = "ddf1_only"
    """The application is found by its file identifier alone."""
    SFI_ONLY = "sfi_only"
    """Selects no file; records are read by the file's short name."""
    SLOW = "slow"
    """Two seconds for every answer."""
    LONG_RECORD = "long_record"
    """A record has a byte more than its length says."""
    EXPIRED = "expired"
    """Its last day was in 2020."""
    NOT_YET_VALID = "not_yet_valid"
    """It was issued in a day that is still to come."""
    CONTACTLESS = "contactless"
    """Held to the antenna: a synthetic answer to reset, T=1."""
    GUARDED = "guarded"
    """Asks for the key service, whatever version it says it is."""
    NO_KEYS = "no_keys"
    """Cannot prove itself: knows no key, as many cards of version 1 and 2."""
    FORGED = "forged"
    """Carries another inner key than the county computes for it."""
    CHALLENGE_LOST = "challenge_lost"
    """Has forgotten its challenge when the key service's answer comes, once."""
    KEY_REFUSED = "key_refused"
    """Carries another outer key: refuses the county's cryptogram and counts it."""
    KEY_LOCKED = "key_locked"
    """Its outer key was locked before."""


@dataclass(frozen=True)
class CardDescription:
    """All that is written on one card; dates as YYYYMMDD. What is left empty is derived from the number."""

    name: str
    number: str
    card_number: str
    identification: str
    version: str = "2.00"
    pin: str = "123456"
    tries: int = 3
    key_tries: int = 5
    issued: str = "20190101"
    valid_until: str = "20390101"
    ethnic_group: str = "01"
    born: str = ""
    sex: str = ""
    institution: str = "510521000001000000000001"
    category: str = "3"
    algorithm: int = 1
    atr: bytes = b""


def answer_to_reset(card: CardDescription) -> bytes:
    """17 bytes of the usual form; made from the identification code where the description gives none."""
    if card.atr:
        return card.atr
    return bytes.fromhex("3B6D0000" + "00814E43238697" + card.identification[:4] + card.identification[16:24])


def contactless_reset(card: CardDescription) -> bytes:
    """The synthetic answer of a contactless reader: 3B 8n 80 01, the same historical bytes, and their check byte."""
    history = answer_to_reset(card)[4:]
    body = bytes([0x80 | len(history), 0x80, 0x01]) + history
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes([check])


Records = tuple[tuple[int, bytes], ...]


def issuer_records(card: CardDescription, faults: frozenset[CardFault] = frozenset()) -> Records:
    """EF05: number and tag coincide."""
    issued = "20990101" if CardFault.NOT_YET_VALID in faults else card.issued
    valid_until = "20200101" if CardFault.EXPIRED in faults else card.valid_until
    return (
        (0x01, bytes.fromhex(card.identification)),
        (0x02, card.category.encode()),
        (0x03, card.version.encode()),
        (0x04, bytes.fromhex(card.institution)),
        (0x05, bytes.fromhex(issued)),
        (0x06, bytes.fromhex(valid_until)),
        (0x07, card.card_number.encode().ljust(9, b"\0")),
    )


def holder_records(card: CardDescription, faults: frozenset[CardFault]) -> Records:
    """EF06 in the order of its record numbers; version 1 has no extension of the name."""
    written = card.name.encode("gb18030")
    if CardFault.NAME_CUT in faults:
        written = written[:-1] if len(written) < NAME_LENGTH else written[: NAME_LENGTH - 1]
    born = "19000101" if CardFault.INCONSISTENT in faults else card.born or card.number[6:14]
    sex = card.sex or ("1" if card.number[16] in "13579" else "2")
    extension: Records = ((0x4E, written[NAME_LENGTH:50].ljust(20, b"\0")),)
    if card.version.startswith("1") or CardFault.NO_4E in faults:
        extension = ()
    return (
        (0x08, card.number.encode()),
        (0x09, written[:NAME_LENGTH].ljust(NAME_LENGTH, b"\0")),
        *extension,
        (0x0A, sex.encode()),
        (0x0B, bytes.fromhex(card.ethnic_group)),
        (0x0C, bytes.fromhex(card.identification[:6])),
        (0x0D, bytes.fromhex(born)),
    )


def damage(tag: int, value: bytes, faults: frozenset[CardFault]) -> bytes:
    """One record as tag, length, value, with what is wrong about it."""
    if CardFault.WRONG_TAG in faults:
        return bytes([0x77, len(value)]) + value
    if CardFault.SHORT_RECORD in faults:
        return bytes([tag, len(value)]) + value[:-1]
    if CardFault.LONG_RECORD in faults:
        return bytes([tag, len(value)]) + value + b"\0"
    if CardFault.FF_FILLED in faults:
        return bytes([tag, len(value)]) + b"\xff" * len(value)
    return bytes([tag, len(value)]) + value


def derived_identification(card_number: str) -> str:
    """卡识别码 for an invented card of 泸县: the same card number always gives the same code."""
    unique = hashlib.sha256(card_number.encode()).hexdigest()[:16].upper()
    return f"510521D156000005{unique}"
