"""Invented names, the towns of 泸县, and identity numbers that no real person can have."""

from __future__ import annotations

from datetime import date
from random import Random

from contract.identifiers import check_character

UNASSIGNED_COUNTY = "510599"
"""No county has this code (reference/domain.md §1.1): no real resident or card can be hit."""

COUNTY = "510521"

TOWNS: tuple[tuple[str, str], ...] = (
    ("510521001", "玉蟾街道"),
    ("510521100", "福集镇"),
    ("510521101", "嘉明镇"),
    ("510521102", "喻寺镇"),
    ("510521103", "得胜镇"),
    ("510521105", "牛滩镇"),
    ("510521106", "兆雅镇"),
    ("510521107", "玄滩镇"),
    ("510521108", "太伏镇"),
    ("510521109", "云龙镇"),
    ("510521110", "石桥镇"),
    ("510521111", "毗卢镇"),
    ("510521112", "奇峰镇"),
    ("510521113", "潮河镇"),
    ("510521114", "云锦镇"),
    ("510521115", "立石镇"),
    ("510521116", "百和镇"),
    ("510521117", "天兴镇"),
    ("510521118", "方洞镇"),
    ("510521123", "海潮镇"),
)
"""All township-level units of the county (reference/domain.md §1.3)."""

MALE, FEMALE = "1", "2"
LAST_ORDINARY_SEQUENCE = 899
"""Sequence numbers from 900 on belong to the named residents."""

_SURNAMES: dict[str, int] = {
    "王": 72, "李": 70, "张": 65, "刘": 52, "陈": 50, "杨": 34, "黄": 30, "赵": 24, "周": 24, "吴": 22,
    "徐": 18, "孙": 16, "胡": 16, "朱": 15, "高": 14, "林": 13, "何": 18, "郭": 12, "马": 11, "罗": 16,
    "梁": 10, "宋": 9, "郑": 9, "谢": 10, "唐": 12, "冯": 9, "邓": 12, "曹": 8, "曾": 10, "彭": 9,
    "萧": 4, "蒋": 8, "程": 6, "袁": 7, "许": 7, "傅": 4, "沈": 4, "吕": 5, "苏": 5, "熊": 6,
    "欧阳": 1, "先": 3, "税": 2, "游": 4, "牟": 3, "艾": 2,
}  # fmt: skip
_GIVEN: dict[tuple[str, bool], tuple[str, ...]] = {
    (MALE, True): (
        "国华", "建国", "德明", "永福", "志强", "明贵", "光荣", "世清", "仁富", "朝银", "大全", "文才", "正发", "树林",
        "兴顺", "吉安", "天云", "忠良", "克勤", "学文", "长寿", "福生", "银山", "泽民", "怀义", "显贵", "少清", "定国",
    ),
    (FEMALE, True): (
        "秀英", "桂芳", "素珍", "淑兰", "玉莲", "凤英", "秀兰", "桂英", "玉珍", "淑华", "清秀", "光碧", "德琼", "正芬",
        "昌碧", "天秀", "世琼", "永珍", "明芳", "先碧", "大秀", "运芝", "素华", "兴碧", "朝珍", "贵群", "素清", "银秀",
    ),
    (MALE, False): (
        "伟", "强", "涛", "超", "鹏", "杰", "浩", "斌", "勇", "俊杰", "子轩", "志鹏", "海波", "小龙", "家豪", "文博",
        "宇航", "建平", "晓东", "云飞", "天宇", "泽宇", "明辉", "永刚", "世杰", "光磊", "长江", "思远", "正阳", "春林",
    ),
    (FEMALE, False): (
        "丽", "静", "敏", "艳", "娟", "霞", "燕", "玲", "雪梅", "小燕", "婷婷", "晓琴", "思雨", "佳怡", "雨桐", "春梅",
        "红梅", "利平", "莉", "梦婷", "欣怡", "诗涵", "冬梅", "晓红", "小芳", "海燕", "玉洁", "明霞", "永红", "倩",
    ),
}  # fmt: skip
_OLDER_BEFORE = 1970


def invented_name(rng: Random, sex: str, born_on: date) -> str:
    """A name as common as such names are, in the fashion of the years of birth."""
    surname = rng.choices(tuple(_SURNAMES), tuple(_SURNAMES.values()))[0]
    return surname + rng.choice(_GIVEN[sex, born_on.year < _OLDER_BEFORE])


def identity_number(born_on: date, sequence: int) -> str:
    """The 18-character number of the unassigned county; odd sequences are men's."""
    first17 = f"{UNASSIGNED_COUNTY}{born_on:%Y%m%d}{sequence:03d}"
    return first17 + check_character(first17)


def invented_number(rng: Random, sex: str, born_on: date, taken: set[str]) -> str:
    """An identity number nobody has yet; adds it to ``taken``."""
    while True:
        sequence = rng.randrange(1 if sex == MALE else 2, LAST_ORDINARY_SEQUENCE + 1, 2)
        number = identity_number(born_on, sequence)
        if number not in taken:
            taken.add(number)
            return number
