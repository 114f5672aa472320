"""Numbers, dates and amounts as they are said: reference readings, and a reader of its own that reads them back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.voice import numbers
from kiosk.voice.readings import spoken

CARDINALS = {
    0: "零",
    1: "一",
    2: "二",
    10: "十",
    11: "十一",
    12: "十二",
    20: "二十",
    22: "二十二",
    100: "一百",
    101: "一百零一",
    110: "一百一十",
    112: "一百一十二",
    200: "二百",
    202: "二百零二",
    1000: "一千",
    1001: "一千零一",
    1010: "一千零一十",
    2000: "两千",
    2022: "两千零二十二",
    2200: "两千二百",
    10000: "一万",
    10001: "一万零一",
    12000: "一万两千",
    20000: "两万",
    20002: "两万零二",
    22222: "两万两千二百二十二",
    100000: "十万",
    100010: "十万零一十",
    120000: "十二万",
    1000000: "一百万",
    10000000: "一千万",
    100000000: "一亿",
    200000000: "两亿",
    100000001: "一亿零一",
    100010000: "一亿零一万",
    1000000000: "十亿",
    -5: "负五",
}
AMOUNTS = {
    "2345.60": "两千三百四十五元六角",
    "0": "零元",
    "0.05": "五分",
    "0.50": "五角",
    "0.22": "两角两分",
    "2": "两元",
    "3.05": "三元零五分",
    "12": "十二元",
    "1000.00": "一千元",
    "86000.00": "八万六千元",
    "-2.20": "负两元两角",
    "200.02": "二百元零两分",
    "9999.99": "九千九百九十九元九角九分",
    "1234567.89": "一百二十三万四千五百六十七元八角九分",
    "-0.001": "零元",
}
SENTENCES = {
    "余额 2,345.60 元": "余额两千三百四十五元六角",
    "2026年11月22日": "二零二六年十一月二十二日",
    "2026-11-02": "二零二六年十一月二日",
    "截至 2026 年 11 月": "截至二零二六年十一月",
    "2026年缴费": "二零二六年缴费",
    "11月2日": "十一月二日",
    "现在 14:05": "现在十四点零五分",
    "09:00 开门": "九点整开门",
    "电话 0830-8171234": "电话零八三零八幺七幺二三四",
    "请拨 12333": "请拨幺二三三三",
    "手机 13800138000": "手机幺三八零零幺三八零零零",
    "510521196305021234": "五幺零五二幺幺九六三零五零二幺二三四",
    "51052119630502123X": "五幺零五二幺幺九六三零五零二幺二三叉",
    "510521********1234": "五幺零五二幺，幺二三四",
    "王＊，您好": "王某，您好",
    "王*": "王某",
    "工资 3000-4,500 元/月": "工资三千到四千五百元每月",
    "还有 2 次": "还有两次",
    "第 2 步，共 4 步": "第二步，共四步",
    "2 个月没有缴": "两个月没有缴",
    "2 月没有缴": "二月没有缴",
    "满 15 年": "满十五年",
    "比例 12.5%": "比例百分之十二点五",
    "编号 K-402": "编号 K 四零二",
    "尾号 1234": "尾号幺二三四",
    "20 秒后自动结束": "二十秒后自动结束",
    "¥1,000.00": "一千元",
    "按 Z11 键": "按 Z11 键",
    "请插入社会保障卡": "请插入社会保障卡",
    "0.5 公里": "零点五公里",
    "-3.5 元": "负三元五角",
    "110 元": "一百一十元",
    "12345 元": "一万两千三百四十五元",
}


@pytest.mark.parametrize(("number", "said"), CARDINALS.items())
def test_a_number_is_said_as_people_say_it(number, said):
    assert numbers.cardinal(number) == said


@pytest.mark.parametrize(("yuan", "said"), AMOUNTS.items())
def test_an_amount_is_said_in_yuan_jiao_and_fen(yuan, said):
    assert numbers.amount(Decimal(yuan)) == said


@pytest.mark.parametrize(("written", "said"), SENTENCES.items())
def test_what_is_written_is_read_as_a_person_reads_it(written, said):
    assert spoken(written) == said


def test_what_is_beyond_all_sums_is_refused():
    with pytest.raises(ValueError, match="too large"):
        numbers.cardinal(10**12)


def read_back(said: str) -> int:
    """A reader that shares nothing with the speaker: units multiply what stands before them."""
    if said.startswith("负"):
        return -read_back(said[1:])
    total, section, digit = 0, 0, 0
    values = {**{one: at for at, one in enumerate("零一二三四五六七八九")}, "两": 2}
    for one in said:
        if one in values:
            digit = values[one]
        elif one in "十百千":
            section += (digit or (1 if one == "十" else 0)) * {"十": 10, "百": 100, "千": 1000}[one]
            digit = 0
        else:
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[one]
            section, digit = 0, 0
    return total + section + digit


@given(st.integers(-(10**12) + 1, 10**12 - 1))
def test_every_number_can_be_read_back(number):
    assert read_back(numbers.cardinal(number)) == number


@given(st.integers(-(10**12), 10**12))
def test_every_amount_can_be_read_back(cents):
    said = numbers.amount(Decimal(cents) / 100)
    whole, _, rest = said.removeprefix("负").partition("元") if "元" in said else ("零", "", said.removeprefix("负"))
    jiao, _, fen = rest.partition("角") if "角" in rest else ("零", "", rest)
    fen = fen.removesuffix("分").removeprefix("零") or "零"
    assert (read_back(whole) * 100 + read_back(jiao) * 10 + read_back(fen)) == abs(cents)
    assert said.startswith("负") == (cents < 0)


@given(st.dates())
def test_every_date_can_be_read_back(day):
    year, _, rest = spoken(f"{day.year:04}年{day.month}月{day.day}日").partition("年")
    month, _, rest = rest.partition("月")
    assert ["零一二三四五六七八九".index(one) for one in year] == [int(one) for one in str(day.year)]
    assert (read_back(month), read_back(rest.removesuffix("日"))) == (day.month, day.day)


@given(st.text(alphabet="0123456789Xx", min_size=1, max_size=20))
def test_every_dictated_number_has_a_word_for_each_of_its_signs(digits):
    said = numbers.dictated(digits)
    assert "".join("零幺二三四五六七八九叉".index(one).__str__().replace("10", "X") for one in said) == digits.upper()


@given(st.text(max_size=60))
def test_nothing_anybody_writes_cannot_be_read(text):
    assert isinstance(spoken(text), str)
