"""Identity numbers and the masks under which they are shown (reference/domain.md §1.1, §7.5; GB 11643)."""

from __future__ import annotations

import unicodedata
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
OLD_LENGTH, LENGTH = 15, 18
SHORT_NAME = 2
LONG_HAN_NAME = 4


class BadIdNumber(ValueError):
    """Not an identity number; the message says which rule it breaks."""


def check_character(first17: str) -> str:
    """The 18th character of the number whose first 17 digits are given (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def normalise(number: str, today: date) -> str:
    """The 18-character form: trimmed, half-width, upper-case, 15 digits lengthened.

    Raises BadIdNumber for a wrong length, a letter inside, a birth date that does not exist or lies after
    ``today``, or a wrong check character. The region is not looked up: counties are abolished, numbers stay.
    """
    text = unicodedata.normalize("NFKC", number).strip().upper()
    if len(text) == OLD_LENGTH and text.isdecimal():
        first17 = text[:6] + "19" + text[6:]
        text = first17 + check_character(first17)
    if len(text) != LENGTH:
        raise BadIdNumber("an identity number has 18 characters")
    if not (text.isascii() and text[:17].isdecimal()):
        raise BadIdNumber("only the last character may be a letter")
    if birth_date(text) > today:
        raise BadIdNumber("the birth date lies in the future")
    if check_character(text[:17]) != text[17]:
        raise BadIdNumber("the check character is wrong")
    return text


def birth_date(number: str) -> date:
    """The birth date inside an 18-character number; raises BadIdNumber where no such day exists."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise BadIdNumber("no such birth date") from error


def is_male(number: str) -> bool:
    """True where the sequence number is odd."""
    return int(number[16]) % 2 == 1


def mask_name(name: str) -> str:
    """The strict mask for a hall screen: the first character and one star, whatever the name's length."""
    return f"{name[:1]}*" if name else "*"


def mask_id_number(number: str) -> str:
    """The strict mask for a hall screen: the first four and the last four characters."""
    if len(number) < LENGTH:
        return "*" * len(number)
    return f"{number[:4]}**********{number[-4:]}"


def mask_card_number(number: str) -> str:
    """The last three characters only."""
    return "*" * max(len(number) - 3, 0) + number[-3:]


def mask_phone(phone: str) -> str:
    """The last four digits only."""
    return f"***{phone[-4:]}"
