"""Numbers as they are said in Chinese. Pure: values in, the characters that a voice reads out.

Two is 两 before 千, 万, 亿, a measure word, 元, 角 and 分, and 二 elsewhere; years and long numbers go digit by digit;
一 in a telephone or card number is 幺, as one dictates it. Sums up to 9,999 亿.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零一二三四五六七八九"
DICTATED = "零幺二三四五六七八九"
PLACES = ("", "十", "百", "千")
GROUPS = ("", "万", "亿")
TEN_THOUSAND = 10_000
LARGEST = TEN_THOUSAND**3 - 1
CENT = Decimal("0.01")
TWO, TEN, THOUSAND = 2, 10, 1000


def cardinal(number: int) -> str:
    """A whole number: 12345 is 一万两千三百四十五. Raises ValueError beyond 9,999 亿."""
    if abs(number) > LARGEST:
        raise ValueError("too large to be said")
    if number < 0:
        return "负" + cardinal(-number)
    if number == 0:
        return "零"
    groups = [number // TEN_THOUSAND**at % TEN_THOUSAND for at in range(len(GROUPS))]
    said = ""
    for at in reversed(range(len(GROUPS))):
        if groups[at] == 0:
            continue
        gap = said and (groups[at] < THOUSAND or (at + 1 < len(GROUPS) and groups[at + 1] == 0))
        said += ("零" if gap else "") + _group(groups[at], before=GROUPS[at]) + GROUPS[at]
    return said.removeprefix("一") if said.startswith("一十") else said


def _group(value: int, before: str) -> str:
    """One to four places; ``before``: 万 or 亿 that follows."""
    if value == TWO and before:
        return "两"
    said, gap = "", False
    for place in reversed(range(len(PLACES))):
        digit = value // TEN**place % TEN
        if digit == 0:
            gap = gap or bool(said)
            continue
        two = digit == TWO and PLACES[place] == "千"
        said += ("零" if gap else "") + ("两" if two else DIGITS[digit]) + PLACES[place]
        gap = False
    return said


def counted(number: int, unit: str) -> str:
    """So many of something: 两个, 十二步."""
    return ("两" if number == TWO else cardinal(number)) + unit


def fraction(text: str) -> str:
    """A number with a point, as it is written ("12.50"): 十二点五零."""
    whole, _, parts = text.partition(".")
    said = cardinal(int(whole or "0"))
    said = said if int(whole or "0") or not whole.startswith("-") else "负零"
    return said + ("点" + in_digits(parts) if parts else "")


def in_digits(text: str) -> str:
    """Digit by digit, as years are read: 2026 is 二零二六."""
    return "".join(DIGITS[int(one)] for one in text)


def dictated(text: str) -> str:
    """Digit by digit, as telephone and card numbers are dictated; X at the end of an ID number is 叉."""
    return "".join(DICTATED[int(one)] if one.isdigit() else "叉" for one in text if one.isdigit() or one in "Xx")


def amount(yuan: Decimal) -> str:
    """Money: 2345.60 is 两千三百四十五元六角. Rounded to 分."""
    cents = int((abs(yuan) / CENT).quantize(Decimal(1), ROUND_HALF_UP))
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    said = counted(whole, "元") if whole or not cents else ""
    if jiao:
        said += counted(jiao, "角")
    if fen:
        said += ("零" if whole and not jiao else "") + counted(fen, "分")
    return ("负" if yuan < 0 and cents else "") + said


def date_words(year: int, month: int, day: int | None = None) -> str:
    """2026-11-22 is 二零二六年十一月二十二日."""
    return f"{in_digits(str(year))}年{cardinal(month)}月" + (f"{cardinal(day)}日" if day is not None else "")


def time_words(hour: int, minute: int) -> str:
    """14:05 is 十四点零五分, 14:00 十四点整; the hour two is 两点."""
    said = counted(hour, "点")
    if minute == 0:
        return said + "整"
    return said + ("零" if minute < TEN else "") + cardinal(minute) + "分"
