"""Chinese texts that know how they were put together, so that another language puts them together its own way. Pure.

A Phrase is the Chinese text itself wherever text is wanted: on paper, on the staff face, in a test. ``_()`` of the
templates (kiosk/languages.py) takes its pattern, and fills in that of the language on the screen. Dates and amounts are
patterns like any other: the pack of a language says them in the order it likes.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Self


class Phrase(str):
    """A text made from ``pattern`` (the msgid of the packs) and ``values``, which may be phrases themselves."""

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, values: dict[str, object]) -> Self:
        """The Chinese text; without values a per cent sign is itself."""
        made = super().__new__(cls, pattern % values if values else pattern)
        made.pattern, made.values = pattern, values
        return made


def phrase(pattern: str, **values: object) -> Phrase:
    """``phrase("每月 %(yuan)s 元以上", yuan=3000)``. The pattern is a literal: tests collect it for the packs."""
    return Phrase(pattern, values)


MONTHS = (
    phrase("1月"), phrase("2月"), phrase("3月"), phrase("4月"), phrase("5月"), phrase("6月"),
    phrase("7月"), phrase("8月"), phrase("9月"), phrase("10月"), phrase("11月"), phrase("12月"),
)  # fmt: skip
WEEKDAYS = (
    phrase("周一"), phrase("周二"), phrase("周三"), phrase("周四"), phrase("周五"), phrase("周六"), phrase("周日"),
)  # fmt: skip


def day_phrase(day: date) -> Phrase:
    """2026-03-08 as 2026年3月8日."""
    return phrase("%(year)s年%(month)s%(day)s日", year=day.year, month=MONTHS[day.month - 1], day=day.day)


def weekday_phrase(day: date) -> Phrase:
    """2026-11-23 as 11月23日 周一."""
    month, weekday = MONTHS[day.month - 1], WEEKDAYS[day.weekday()]
    return phrase("%(month)s%(day)s日 %(weekday)s", month=month, day=day.day, weekday=weekday)


def minute_phrase(at: datetime) -> Phrase:
    """11月23日 14:05, of a time that is local already."""
    month = MONTHS[at.month - 1]
    return phrase("%(month)s%(day)s日 %(time)s", month=month, day=at.day, time=f"{at:%H:%M}")


def month_phrase(month: str) -> Phrase:
    """The contract's "2026-03" as 2026年3月."""
    return phrase("%(year)s年%(month)s", year=int(month[:4]), month=MONTHS[int(month[5:]) - 1])


def yuan_phrase(amount: Decimal) -> Phrase:
    """1234.50 as 1,234.50 元."""
    return phrase("%(amount)s 元", amount=f"{amount:,.2f}")
