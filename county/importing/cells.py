"""From a cell to a value, or to words that say what is wrong and where it came from (reference/domain.md §1.9)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from contract.codes import Labelled
from contract.identifiers import BadIdNumber, normalise
from county.importing.findings import BadCell


@dataclass(frozen=True)
class Formula:
    """A cell that computes; what it shows is not in the file for sure, so it is never taken."""

    words: str


Cell = str | int | float | bool | datetime | Formula | None
"""What stands in a cell. A text is never computed, whatever it begins with."""

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day without a zone
SERIALS = range(10_000, 80_000)
"""Serial numbers that are days between 1927 and 2119."""
EXACT_DIGITS = 15
NOTHING = frozenset({"0", "000000", "00000000", "190001", "19000101", "999912", "99991231"})
"""What old systems write where there is no month or day (M4)."""
FIRST_YEAR = 1900
LONGEST = 4000
CENT = Decimal("0.01")
LARGEST = Decimal("999999999999.99")
NEAR = Decimal("0.000001")
BLANKS = " \t\r\n\u3000\u00a0\ufeff"
FORMULA = "单元格里是公式：请在表格里复制整列，“选择性粘贴—数值”后再导出"
LOST = "号码在表格里存成了数字，末几位已经变成 0：请把该列设为“文本”，从业务系统重新导出"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SCIENCE = re.compile(r"[+-]?\d(\.\d+)?[eE][+]?\d+", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))", re.ASCII)
_DAY = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]0?0:00(?::00)?(?:\.0+)?)?", re.ASCII
)
_REGION = re.compile(r"\d{6}(\d{3}(\d{3})?)?", re.ASCII)
_YES = {"1": True, "是": True, "有": True, "0": False, "否": False, "无": False}


def is_empty(cell: Cell) -> bool:
    """True for a cell without anything that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANKS))


def words(cell: Cell) -> str:
    """The text of a cell, ends trimmed (full-width and hard blanks too), composed (NFC). Numbers as they were typed."""
    match cell:
        case None:
            return ""
        case Formula():
            raise BadCell(FORMULA)
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer() and abs(cell) < 10**EXACT_DIGITS:
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case _:
            text = unicodedata.normalize("NFC", str(cell)).strip(BLANKS)
    if len(text) > LONGEST:
        raise BadCell(f"超过 {LONGEST} 个字")
    if not text.isprintable() and _CONTROL.search(text):
        raise BadCell("含有看不见的控制字符")
    return text


def plain(cell: Cell) -> str:
    """A code or a number: half-width, without blanks inside."""
    text = words(cell)
    return "".join(text.split() if text.isascii() else unicodedata.normalize("NFKC", text).split())


def digits(cell: Cell) -> str:
    """A number of many digits as text; refused where the table program has rounded it."""
    text = plain(cell)
    rounded = isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**EXACT_DIGITS
    if rounded or _SCIENCE.fullmatch(text):
        raise BadCell(LOST)
    return text.lstrip("'").upper()


def short_number(cell: Cell, longest: int) -> str:
    """A number of another register, at most ``longest`` characters."""
    text = digits(cell)
    if len(text) > longest:
        raise BadCell(f"超过 {longest} 个字")
    return text


def id_number(cell: Cell, today: date) -> str:
    """18 characters, checked (GB 11643)."""
    text = digits(cell)
    try:
        return normalise(text, today)
    except BadIdNumber as error:
        raise BadCell(_ID_WORDS.get(str(error), "不是身份证号")) from None


_ID_WORDS = {
    "an identity number has 18 characters": "身份证号应为 18 位",
    "only the last character may be a letter": "身份证号前 17 位只能是数字",
    "the birth date lies in the future": "身份证号里的出生日期晚于今天",
    "the check character is wrong": "身份证号校验码不对，有一位写错了",
    "no such birth date": "身份证号里的出生日期不存在",
}


def name(cell: Cell, longest: int) -> str:
    """A name of a person or a unit, as written; the middle dot stays."""
    text = words(cell)
    if len(text) > longest:
        raise BadCell(f"超过 {longest} 个字")
    return text


def month(cell: Cell) -> str | None:
    """A month, "2026-03"; None for what old systems write where there is none."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}"
    text = plain(cell)
    if text in NOTHING:
        return None
    found = _MONTH.fullmatch(text)
    if found is None:
        raise BadCell("不是年月，应写成 202603 或 2026-03")
    year, number = int(found[1]), int(found[2] or found[3])
    if not (year > FIRST_YEAR and 1 <= number <= 12):  # noqa: PLR2004 - months of a year
        raise BadCell("没有这个年月")
    return f"{year:04}-{number:02}"


def day(cell: Cell) -> date | None:
    """A day; serial numbers of the table program are days too. None for what stands where there is none."""
    if isinstance(cell, datetime):
        return cell.date()
    text = plain(cell) if not isinstance(cell, str) else unicodedata.normalize("NFKC", words(cell))
    if text in NOTHING:
        return None
    if text.isdecimal() and int(text) in SERIALS:
        return (EXCEL_EPOCH + timedelta(days=int(text))).date()
    found = _DAY.fullmatch(text)
    if found is None:
        raise BadCell("不是日期，应写成 20260315 或 2026-03-15")
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        raise BadCell("没有这一天") from None


def amount(cell: Cell) -> Decimal:
    """An amount in yuan, not below nothing, at most two decimals. What a float adds by itself is taken off again."""
    text = plain(cell).replace(",", "").removeprefix("¥").removesuffix("元")
    try:
        found = Decimal(repr(cell) if isinstance(cell, float) else text)
    except InvalidOperation:
        raise BadCell("不是金额") from None
    if not found.is_finite() or abs(found) > LARGEST:
        raise BadCell("不是金额")
    rounded = found.quantize(CENT)
    if found != rounded and not (isinstance(cell, float) and abs(found - rounded) < NEAR):
        raise BadCell("金额最多两位小数")
    if rounded < 0:
        raise BadCell("金额不能为负")
    return abs(rounded)


def count(cell: Cell, most: int) -> int:
    """A whole number from 1."""
    text = plain(cell)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise BadCell(f"应为 1 至 {most} 的整数")
    return int(text)


def region(cell: Cell) -> str:
    """A division code of 6, 9 or 12 digits."""
    text = digits(cell)
    if not _REGION.fullmatch(text):
        raise BadCell("行政区划代码应为 6、9 或 12 位数字")
    return text


def flag(cell: Cell, more: Mapping[str, bool]) -> bool:
    """Yes or no: 是 or 1, 否 or 0, and the words of this column."""
    text = plain(cell)
    known = _YES | dict(more)
    if text not in known:
        raise BadCell("应为 " + "、".join(known))
    return known[text]


def code(cell: Cell, kind: type[Labelled], more: Mapping[str, str]) -> str:
    """A value of a code list, by its code, its words, or the other words for it; ``more`` are those of this column."""
    text = plain(cell)
    text = more.get(text, text)
    for member in kind:
        if text in (member.value, member.label):
            return member.value
    raise BadCell("代码表里没有这个值，应为 " + "、".join(f"{member.value} {member.label}" for member in kind))
