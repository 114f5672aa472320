"""How written Chinese is read aloud: dates, times, amounts, counts and numbers turned into the words one says. Pure.

What is not recognised stays as it is. Masks (＊) are read as what they hide: 王＊ is 王某, stars in a number a pause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from kiosk.voice import numbers

MEASURES = "个月|个|次|位|步|天|条|件|张|页|分钟|小时|秒|岁|人|项|年|家|笔|种|格|门|名|周|场|份|公里|里|米"
INVISIBLE = re.compile("[\u2066-\u2069\u200b-\u200f\ufeff\u00ad]")
NUMBER = r"\d{1,3}(?:,\d{3})+|\d+"
MONEY = rf"(?:{NUMBER})(?:\.\d{{1,2}})?"
FIRST_YEAR, LAST_YEAR = 1900, 2100
PLAIN_AT_MOST = 8
"""More digits than these are dictated one by one."""

Reading = Callable[[re.Match[str]], str]


def spoken(text: str) -> str:
    """``text`` as it is read aloud."""
    text = INVISIBLE.sub("", text)
    for pattern, reading in READINGS.items():
        text = pattern.sub(reading, text)
    return text


def _money(text: str) -> str:
    return numbers.amount(Decimal(text.replace(",", "").replace("−", "-")))


def _date(found: re.Match[str]) -> str:
    year, month, day = (int(part) for part in found.group(1, 2, 3))
    return numbers.date_words(year, month, day)


def _month(found: re.Match[str]) -> str:
    return numbers.date_words(int(found[1]), int(found[2]))


def _year(found: re.Match[str]) -> str:
    known = FIRST_YEAR <= int(found[1]) <= LAST_YEAR
    return numbers.in_digits(found[1]) + "年" if known else numbers.counted(int(found[1]), "年")


def _day(found: re.Match[str]) -> str:
    return f"{numbers.cardinal(int(found[1]))}月{numbers.cardinal(int(found[2]))}{found[3]}"


def _time(found: re.Match[str]) -> str:
    return numbers.time_words(int(found[1]), int(found[2]))


def _dictated(found: re.Match[str]) -> str:
    return numbers.dictated(found[0])


def _masked(found: re.Match[str]) -> str:
    head, tail = (numbers.dictated(part) for part in found.group(1, 2))
    return "，".join(part for part in (head, tail) if part)


def _range(found: re.Match[str]) -> str:
    low, high = (_money(part).removesuffix("元") for part in found.group(1, 2))
    return f"{low}到{high}元"


def _percent(found: re.Match[str]) -> str:
    return "百分之" + numbers.fraction(found[1])


def _code(found: re.Match[str]) -> str:
    return f"{found[1]} {numbers.dictated(found[2])}"


def _counted(found: re.Match[str]) -> str:
    return numbers.counted(int(found[1].replace(",", "")), found[2])


def _plain(found: re.Match[str]) -> str:
    text = found[0].replace(",", "")
    whole = text.partition(".")[0]
    return numbers.dictated(text) if len(whole) > PLAIN_AT_MOST else numbers.fraction(text)


READINGS: Mapping[re.Pattern[str], Reading] = {
    re.compile(r"(?<=[\u4e00-\u9fff])[＊*]+(?![\d＊*])"): lambda _found: "某",
    re.compile(r"(\d*)[＊*•]{2,}(\d*[Xx]?)"): _masked,
    re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]"): _date,
    re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)"): _date,
    re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月"): _month,
    re.compile(r"(?<!\d)(\d{4})\s*年"): _year,
    re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*([日号])"): _day,
    re.compile(r"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d)(?::[0-5]\d)?(?![\d:])"): _time,
    re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"): _dictated,
    re.compile(r"(?<!\d)(?:1[3-9]\d{9}|12333|12345)(?![\d.,]|\s*元)"): _dictated,
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"): _dictated,
    re.compile(rf"(?<![\d.])({MONEY})\s*[-–—~～至到]\s*({MONEY})\s*元"): _range,
    re.compile(rf"(?<![\d.])[¥￥]?([-−]?(?:{MONEY}))\s*元"): lambda found: _money(found[1]),
    re.compile(rf"[¥￥]\s*([-−]?(?:{MONEY}))"): lambda found: _money(found[1]),
    re.compile(r"元\s*/\s*月"): lambda _found: "元每月",
    re.compile(r"元\s*/\s*天"): lambda _found: "元每天",
    re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*[%％]"): _percent,
    re.compile(r"(?<![A-Za-z])([A-Z])-(\d{3,5})(?!\d)"): _code,
    re.compile(r"(?:(?<=尾号)|(?<=后四位)|(?<=编号)|(?<=尾号 )|(?<=后四位 )|(?<=编号 ))\d{3,}"): _dictated,
    re.compile(r"第\s*(\d{1,8})(?!\d)"): lambda found: "第" + numbers.cardinal(int(found[1])),
    re.compile(rf"(?<![\d.,])({NUMBER})\s*({MEASURES})(?![日号])"): _counted,
    re.compile(rf"(?<![\d.,A-Za-z])(?:{NUMBER})(?:\.\d+)?(?![A-Za-z])"): _plain,
    re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])"): lambda _found: "",
}  # fmt: skip
"""In this order: what is more particular comes first."""
