"""What stands in the records of a social-security card, from bytes to values (reference/card.md §1.5, §1.6, §6).

Pure: every function takes the value of one record and the record's name, and raises CardUnreadable with that name.
The messages never quote the card: they go to the log.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from devices.card import CardUnreadable
from devices.id_number import check_digit, contradiction
from devices.sex import Sex

FILL = b"\xff"
PADDING = b"\x00\x20\xff"
TAG_AND_LENGTH = 2
CARD_NUMBER_CHARACTERS = 9
NUMBER, OLD_NUMBER = 18, 15
NATIONAL_APPLICATION = "D156000005"
DES = "01"
ALGORITHM_TAG, ONE_BYTE = b"\x9f\x0c", b"\x86\x01"
UNFIT_FOR_NAMES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def value_of(field: str, record: bytes, tag: int, lengths: range) -> bytes:
    """The value inside tag, length, value. Wrong tag, wrong length, or a record never written: CardUnreadable."""
    if len(record) < TAG_AND_LENGTH or record[0] != tag:
        raise CardUnreadable(field, f"no record with tag {tag:02X}")
    value = record[2:]
    if record[1] != len(value) or len(value) not in lengths:
        raise CardUnreadable(field, f"length byte {record[1]}, value of {len(value)} bytes")
    return value


def _written(field: str, value: bytes) -> bytes:
    if not value.strip(FILL):
        raise CardUnreadable(field, "filled with FF")
    return value


def text(field: str, value: bytes) -> str:
    """ASCII letters, digits and dots, without padding; never empty."""
    raw = _written(field, value).rstrip(PADDING)
    if not raw or not raw.isascii() or not raw.replace(b".", b"").isalnum():
        raise CardUnreadable(field, "not plain letters and digits")
    return raw.decode("ascii")


def version(field: str, value: bytes) -> str:
    """规范版本, "2.00"; a blank one is "" (the readings of the field disagree about it)."""
    return text(field, value) if _written(field, value).strip(PADDING) else ""


def card_number(field: str, value: bytes) -> str:
    """卡号: only the first nine characters count; older cards have eight and a zero byte."""
    return text(field, value[:CARD_NUMBER_CHARACTERS])


def identification(field: str, value: bytes) -> str:
    """卡识别码 as 32 upper-case hex digits: six digits of region, the national application, eight unique bytes."""
    code = _written(field, value).hex().upper()
    if not code[:6].isdigit() or code[6:16] != NATIONAL_APPLICATION:
        raise CardUnreadable(field, "not of the national form")
    if code.endswith("FFFFFFFF"):
        raise CardUnreadable(field, "card not personalised")
    return code


def digits(field: str, value: bytes) -> str:
    """BCD digits; a nibble above nine is CardUnreadable."""
    shown = _written(field, value).hex()
    if not shown.isdecimal():
        raise CardUnreadable(field, "not BCD")
    return shown


def day(field: str, value: bytes) -> date | None:
    """BCD YYYYMMDD; None where the card holds only zeros."""
    shown = digits(field, value)
    if not shown.strip("0"):
        return None
    try:
        return date(int(shown[:4]), int(shown[4:6]), int(shown[6:]))
    except ValueError as error:
        raise CardUnreadable(field, "no such day") from error


def sex(field: str, value: bytes) -> Sex:
    """One ASCII digit of GB/T 2261.1."""
    try:
        return Sex(text(field, value))
    except ValueError as error:
        raise CardUnreadable(field, "not a code of GB/T 2261.1") from error


def name(field: str, first: bytes, extension: bytes) -> str:
    """姓名 and 姓名扩展 joined **before** decoding: the cut may fall inside a character of four bytes."""
    raw = _written(field, first).rstrip(PADDING) + extension.rstrip(PADDING)
    try:
        decoded = raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise CardUnreadable(field, "not GB18030") from error
    if not decoded.strip() or any(unicodedata.category(letter) in UNFIT_FOR_NAMES for letter in decoded):
        raise CardUnreadable(field, "empty or with control characters")
    return decoded


def social_security_no(field: str, value: bytes) -> str:
    """社会保障号码: 18 characters, X folded to upper case; 15 digits of an old card are completed (GB 11643-1999)."""
    raw = text(field, value).upper()
    if len(raw) == OLD_NUMBER and raw.isdecimal():
        longer = f"{raw[:6]}19{raw[6:]}"
        return longer + check_digit(longer)
    if len(raw) != NUMBER:
        raise CardUnreadable(field, f"{len(raw)} characters")
    return raw


def agree(number: str, born_on: date | None, holder_sex: Sex) -> None:
    """Cross-check number, day of birth and sex; CardUnreadable("identity") when they contradict each other."""
    male = holder_sex is Sex.MALE if holder_sex in (Sex.MALE, Sex.FEMALE) else None
    why = contradiction(number, born_on, male=male)
    if why:
        raise CardUnreadable("identity", why)


def algorithm(control: bytes) -> str:
    """The algorithm of the card's keys, "01" 3DES, "02" SSF33, "03" SM4, out of what SELECT SSSE answered.

    Tag 9F0C holds 86 01 xx (n=1), elsewhere 9F0C is followed by 86 at once (n=1): both are read. Absent: "01" (§1.2).
    """
    _, found, behind = control.partition(ALGORITHM_TAG)
    for place in (behind[1:], behind):
        if found and place[:2] == ONE_BYTE and len(place) > len(ONE_BYTE):
            return f"{place[2]:02X}"
    return DES


def history(atr: bytes) -> str:
    """The historical bytes of an answer to reset, upper-case hex (卡复位信息); ISO/IEC 7816-3 §8.2."""
    offset = 2
    if len(atr) < offset:
        raise CardUnreadable("atr", "too short")
    mask = atr[1] >> 4
    while mask:
        offset += (mask & 0b0111).bit_count()
        if not mask & 0b1000:
            break
        if offset >= len(atr):
            raise CardUnreadable("atr", "cut inside its interface bytes")
        mask = atr[offset] >> 4
        offset += 1
    count = atr[1] & 0x0F
    if len(atr) < offset + count:
        raise CardUnreadable("atr", "cut inside its historical bytes")
    return atr[offset : offset + count].hex().upper()
