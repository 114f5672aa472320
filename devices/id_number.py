"""The number of a resident, wherever a device reads it: its check digit, and whether it fits what stands beside it.

Pure. GB 11643-1999; reference/card.md §6, V10.
"""

from __future__ import annotations

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
LENGTH = 18
BEFORE_CHECK_DIGIT = 17


def check_digit(first17: str) -> str:
    """The last character of an ID number, from its 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return CHECK_DIGITS[total % 11]


def contradiction(number: str, born_on: date | None, *, male: bool | None) -> str:
    """What in a number contradicts itself, the day of birth or the sex; "" when all agree.

    ``male`` None: the sex is not stated. Numbers with letters elsewhere than in the last place (foreigners, 2011
    rule) carry none of the three. The answer quotes nothing of the number.
    """
    first17 = number[:BEFORE_CHECK_DIGIT]
    if not (first17.isascii() and first17.isdecimal()):
        return ""
    if len(number) != LENGTH:
        return "not 18 characters"
    if check_digit(first17) != number[BEFORE_CHECK_DIGIT:]:
        return "check digit of the number does not fit"
    if born_on is None or f"{born_on:%Y%m%d}" != number[6:14]:
        return "day of birth and number differ"
    if male is not None and male is not (int(number[16]) % 2 == 1):
        return "sex and number differ"
    return ""
