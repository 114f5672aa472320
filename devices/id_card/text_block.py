"""The 256 bytes of text of an ID card, UTF-16LE in fields of fixed length, from bytes to an :class:`IdCard`.

Pure. Layouts: reference/card.md §4; the number at byte 122 and both days at 188 and 204 stand alike on all cards but
the foreigner's card of 2017. That of 2023 (type Y) follows the citizen's frame, as the rule published with it says:
Chinese name, sex, times renewed, birth, English name, 18-digit number, blank, both days; what stands behind them is not
read. Messages never quote the card: they go to the log.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from devices.id_card import IdCard, IdCardKind, IdCardUnreadable
from devices.id_number import contradiction
from devices.sex import Sex

BLANKS = " \x00"
FOR_EVER = "长期"
TYPE = slice(248, 250)
KINDS = {
    "": IdCardKind.CITIZEN,
    "I": IdCardKind.FOREIGNER,
    "J": IdCardKind.HONG_KONG_MACAO_TAIWAN,
    "Y": IdCardKind.FOREIGNER_2023,
}
UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
NUMBER, OLD_FOREIGN_NUMBER, COUNTRY = 18, 15, 3
DAY_DIGITS = 8
FIRST_LOW_SURROGATE = 0xDC00
HIGH_SURROGATES = range(0xD800, FIRST_LOW_SURROGATE)

NAME, SEX, ETHNIC_GROUP, BORN_ON = slice(0, 30), slice(30, 32), slice(32, 36), slice(36, 52)
ADDRESS, ID_NUMBER, AUTHORITY = slice(52, 122), slice(122, 158), slice(158, 188)
VALID_FROM, VALID_UNTIL = slice(188, 204), slice(204, 220)
PERMIT_NUMBER = slice(220, 238)

FOREIGN_ENGLISH_NAME, FOREIGN_SEX, FOREIGN_NUMBER = slice(0, 120), slice(120, 122), slice(122, 152)
FOREIGN_COUNTRY, FOREIGN_NAME, FOREIGN_BORN_ON = slice(152, 158), slice(158, 188), slice(220, 236)


def read_text(block: bytes) -> IdCard:
    """The card behind its text; IdCardUnreadable names the first field that cannot be right."""
    if len(block) != 256:  # noqa: PLR2004 - the size of the block itself
        raise IdCardUnreadable("text", f"{len(block)} bytes")
    kind = KINDS.get(_text("type", block[TYPE]))
    match kind:
        case IdCardKind.CITIZEN | IdCardKind.HONG_KONG_MACAO_TAIWAN:
            return _resident(block, kind)
        case IdCardKind.FOREIGNER:
            return _foreigner(block)
        case IdCardKind.FOREIGNER_2023:
            return _foreigner_2023(block)
        case None:
            raise IdCardUnreadable("type", "a card of a kind that is not known")


def _resident(block: bytes, kind: IdCardKind) -> IdCard:
    """居民身份证, and 港澳台居民居住证, which carries a permit number and no ethnic group."""
    citizen = kind is IdCardKind.CITIZEN
    sex, born_on = _sex(block[SEX]), _day("born_on", block[BORN_ON])
    return IdCard(
        kind=kind,
        name=_name("name", block[NAME]),
        number=_number(block, sex, born_on),
        sex=sex,
        born_on=born_on,
        valid_from=_day("valid_from", block[VALID_FROM]),
        valid_until=_last_day(block),
        address=_words("address", block[ADDRESS]),
        authority=_words("authority", block[AUTHORITY]),
        ethnic_group=_digits("ethnic_group", block[ETHNIC_GROUP], 2) if citizen else "",
        permit_number="" if citizen else _plain("permit_number", block[PERMIT_NUMBER]),
    )


def _foreigner(block: bytes) -> IdCard:
    """外国人永久居留身份证 of 2017: its number has three letters and twelve digits, and no check digit."""
    number = _plain("number", block[FOREIGN_NUMBER]).upper()
    if len(number) != OLD_FOREIGN_NUMBER or not number[:COUNTRY].isalpha() or not number[COUNTRY:].isdecimal():
        raise IdCardUnreadable("number", "not three letters and twelve digits")
    english = _words("english_name", block[FOREIGN_ENGLISH_NAME])
    chinese = _words("name", block[FOREIGN_NAME])
    if not english and not chinese:
        raise IdCardUnreadable("name", "empty")
    return IdCard(
        kind=IdCardKind.FOREIGNER,
        name=chinese or english,
        number=number,
        sex=_sex(block[FOREIGN_SEX]),
        born_on=_day("born_on", block[FOREIGN_BORN_ON]),
        valid_from=_day("valid_from", block[VALID_FROM]),
        valid_until=_last_day(block),
        english_name=english,
        nationality=_plain("nationality", block[FOREIGN_COUNTRY]),
    )


def _foreigner_2023(block: bytes) -> IdCard:
    """外国人永久居留身份证 of 2023: 18 digits that begin with 9 and end with a check digit."""
    sex, born_on = _sex(block[SEX]), _day("born_on", block[BORN_ON])
    number = _number(block, sex, born_on)
    if not number.startswith("9"):
        raise IdCardUnreadable("number", "not a foreigner's number")
    english = _words("english_name", block[ADDRESS])
    chinese = _words("name", block[NAME])
    if not english and not chinese:
        raise IdCardUnreadable("name", "empty")
    return IdCard(
        kind=IdCardKind.FOREIGNER_2023,
        name=chinese or english,
        number=number,
        sex=sex,
        born_on=born_on,
        valid_from=_day("valid_from", block[VALID_FROM]),
        valid_until=_last_day(block),
        english_name=english,
    )


def _text(field: str, raw: bytes) -> str:
    """A field without its filling. The last character may be half of a rare one that was cut: it is left out."""
    if int.from_bytes(raw[-2:], "little") in HIGH_SURROGATES:
        raw = raw[:-2]
    try:
        return raw.decode("utf-16-le").strip(BLANKS)
    except UnicodeDecodeError as error:
        raise IdCardUnreadable(field, "not UTF-16") from error


def _words(field: str, raw: bytes) -> str:
    """Text without control characters; may be empty."""
    shown = _text(field, raw)
    if any(unicodedata.category(letter) in UNFIT for letter in shown):
        raise IdCardUnreadable(field, "with control characters")
    return shown


def _name(field: str, raw: bytes) -> str:
    shown = _words(field, raw)
    if not shown:
        raise IdCardUnreadable(field, "empty")
    return shown


def _plain(field: str, raw: bytes) -> str:
    """ASCII letters and digits; may be empty."""
    shown = _text(field, raw)
    if shown and not (shown.isascii() and shown.isalnum()):
        raise IdCardUnreadable(field, "not plain letters and digits")
    return shown


def _digits(field: str, raw: bytes, count: int) -> str:
    shown = _plain(field, raw)
    if len(shown) != count or not shown.isdecimal():
        raise IdCardUnreadable(field, f"not {count} digits")
    return shown


def _day(field: str, raw: bytes) -> date:
    """YYYYMMDD."""
    shown = _digits(field, raw, DAY_DIGITS)
    try:
        return date(int(shown[:4]), int(shown[4:6]), int(shown[6:]))
    except ValueError as error:
        raise IdCardUnreadable(field, "no such day") from error


def _last_day(block: bytes) -> date | None:
    """None: 长期."""
    raw = block[VALID_UNTIL]
    return None if _text("valid_until", raw) == FOR_EVER else _day("valid_until", raw)


def _sex(raw: bytes) -> Sex:
    """One digit of GB/T 2261.1."""
    try:
        return Sex(_text("sex", raw))
    except ValueError as error:
        raise IdCardUnreadable("sex", "not a code of GB/T 2261.1") from error


def _number(block: bytes, sex: Sex, born_on: date) -> str:
    """公民身份号码, checked against birth and sex; its last character may be an x (reference/card.md V10)."""
    number = _plain("number", block[ID_NUMBER]).upper()
    if len(number) != NUMBER or not number[:-1].isdecimal():
        raise IdCardUnreadable("number", "not seventeen digits and a check digit")
    male = sex is Sex.MALE if sex in (Sex.MALE, Sex.FEMALE) else None
    why = contradiction(number, born_on, male=male)
    if why:
        raise IdCardUnreadable("number", why)
    return number
