"""Code lists that only files use, and numbers with a check of their own."""

from __future__ import annotations

import re

from contract.codes import Labelled
from county.importing.cells import Cell, digits, plain
from county.importing.findings import BadCell


class Sex(Labelled):
    """GB/T 2261.1."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    NOT_STATED = "9", "未说明"


class CardVersion(Labelled):
    """规范版本 of a card."""

    FIRST = "1.00", "1.0"
    SECOND = "2.00", "2.0"
    THIRD = "3.00", "3.0"


class CardStatus(Labelled):
    """What the county knows about a card."""

    NORMAL = "normal", "正常"
    LOST = "lost", "挂失"
    CANCELLED = "cancelled", "注销"


class BenefitStatus(Labelled):
    """AAE116 待遇发放状态."""

    DRAWING = "drawing", "正常发放"
    SUSPENDED = "suspended", "暂停发放"
    ENDED = "ended", "已终止"


class EmployerStatus(Labelled):
    """Whether the employer still exists."""

    OPEN = "open", "正常"
    CLOSED = "closed", "注销"


GROUPS = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗",
    "瑶", "白", "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜",
    "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南",
    "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固",
    "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
)  # fmt: skip
"""GB/T 3304, from 01 in order (reference/domain.md §1.4)."""
OTHERS = {"97": "其他", "98": "外国血统中国籍人士"}
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_LENGTH = 18
_IDENTIFICATION = re.compile(r"[0-9A-F]{32}", re.ASCII)


def ethnic_group(cell: Cell) -> str:
    """Two digits; the name with or without 族, and a code that lost its zero, are understood."""
    text = plain(cell)
    by_name = {name: f"{number:02}" for number, name in enumerate(GROUPS, start=1)}
    by_name |= {words: code for code, words in OTHERS.items()}
    found = by_name.get(text) or by_name.get(text.removesuffix("族"))
    if found:
        return found
    if text.isascii() and text.isdecimal() and text.zfill(2) in by_name.values():
        return text.zfill(2)
    raise BadCell("不是民族代码或名称（GB/T 3304）")


def credit_code(cell: Cell) -> str:
    """18 characters with their check (GB 32100, reference/domain.md §1.2)."""
    text = digits(cell)
    if len(text) != _CREDIT_LENGTH or any(character not in _CREDIT for character in text):
        raise BadCell("统一社会信用代码应为 18 位，不含 I O S V Z")
    total = sum(_CREDIT.index(character) * weight for character, weight in zip(text, _CREDIT_WEIGHTS, strict=False))
    if _CREDIT[-total % len(_CREDIT)] != text[-1]:
        raise BadCell("统一社会信用代码校验码不对，有一位写错了")
    return text


def identification(cell: Cell) -> str:
    """32 hexadecimal digits (reference/card.md)."""
    text = digits(cell)
    if not _IDENTIFICATION.fullmatch(text):
        raise BadCell("卡识别码应为 32 位十六进制")
    return text
