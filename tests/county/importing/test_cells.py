"""One cell: what is understood, and what is refused in words."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from contract.codes import InsuranceType, Schooling
from county.importing import cells, codes
from county.importing.cells import Formula
from county.importing.findings import BadCell, masked

TODAY = date(2026, 11, 20)
ID = "510599196203150014"


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.month, "202603", "2026-03"),
        (cells.month, 202603, "2026-03"),
        (cells.month, 202603.0, "2026-03"),
        (cells.month, "2026年3月", "2026-03"),
        (cells.month, "２０２６－０３", "2026-03"),
        (cells.month, datetime(2026, 3, 1), "2026-03"),  # noqa: DTZ001 - as the table program gives it
        (cells.month, "999912", None),
        (cells.month, 0, None),
        (cells.day, "20260315", date(2026, 3, 15)),
        (cells.day, "2026/3/5", date(2026, 3, 5)),
        (cells.day, "2026年3月15日", date(2026, 3, 15)),
        (cells.day, "2026-03-15 00:00:00", date(2026, 3, 15)),
        (cells.day, 46096, date(2026, 3, 15)),
        (cells.day, "46096.0", BadCell),
        (cells.day, 46096.0, date(2026, 3, 15)),
        (cells.day, "19000101", None),
        (cells.day, datetime(2026, 3, 15, 8, 0), date(2026, 3, 15)),  # noqa: DTZ001 - as above
        (cells.day, "2026-02-30", BadCell),
        (cells.day, "15.3.2026", BadCell),
        (cells.month, "202613", BadCell),
        (cells.month, "2026", BadCell),
        (cells.amount, "1,234.5", Decimal("1234.50")),
        (cells.amount, "￥３６０．００", Decimal("360.00")),
        (cells.amount, 360.09999999999997, Decimal("360.10")),
        (cells.amount, 360, Decimal("360.00")),
        (cells.amount, "0", Decimal("0.00")),
        (cells.amount, "360.105", BadCell),
        (cells.amount, 360.105, BadCell),
        (cells.amount, "-1", BadCell),
        (cells.amount, "Infinity", BadCell),
        (cells.amount, "1e30", BadCell),
        (cells.amount, "三百", BadCell),
        (cells.amount, Formula("=A1*2"), BadCell),
        (cells.region, 510521109, "510521109"),
        (cells.region, 510521109.0, "510521109"),
        (cells.region, "51052110", BadCell),
        (codes.ethnic_group, 1, "01"),
        (codes.ethnic_group, "土家族", "15"),
        (codes.ethnic_group, "汉", "01"),
        (codes.ethnic_group, "57", BadCell),
        (codes.ethnic_group, "", BadCell),
        (codes.credit_code, "91350100M000100Y43", "91350100M000100Y43"),
        (codes.credit_code, "91350100M000100Y44", BadCell),
        (codes.credit_code, "91350100M000100O43", BadCell),
    ],
)
def test_a_cell_is_understood_or_refused(read, cell, value):
    if value is BadCell:
        with pytest.raises(BadCell):
            read(cell)
    else:
        assert read(cell) == value


@pytest.mark.parametrize(
    "cell",
    [ID, f" {ID} ", f"'{ID}", "５１０５９９１９６２０３１５００１４", f"\u3000{ID}\u00a0", "510599196203150014"],
)
def test_a_number_is_found_under_blanks_and_full_width(cell):
    assert cells.id_number(cell, TODAY) == ID


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (5.105991962031500e17, "设为“文本”"),
        (510599196203150014, "设为“文本”"),
        ("5.10599E+17", "设为“文本”"),
        ("510599196203150015", "校验码"),
        ("51059919620230001", "18 位"),
        ("510599196202300010", "出生日期不存在"),
        ("510599303003150011", "晚于今天"),
        ("51059919620315A014", "只能是数字"),
        (Formula("=A2&B2"), "公式"),
    ],
)
def test_a_number_that_is_none_names_the_cause(cell, words):
    with pytest.raises(BadCell, match=words):
        cells.id_number(cell, TODAY)


def test_codes_are_known_by_code_by_words_and_by_other_words():
    for cell in ("110", 110, "职工养老", "企业养老"):
        assert cells.code(cell, InsuranceType, {"企业养老": "110"}) == "110"
    assert cells.code(90, Schooling, {}) == "90"
    with pytest.raises(BadCell, match="110 职工养老"):
        cells.code("390", InsuranceType, {})


def test_yes_and_no_are_not_guessed():
    assert cells.flag("已缴", {"已缴": True}) is True
    assert cells.flag(0, {}) is False
    with pytest.raises(BadCell):
        cells.flag("2", {})


def test_text_is_never_computed_and_hides_nothing():
    assert cells.name("=HYPERLINK(1)", 60) == "=HYPERLINK(1)"
    assert cells.name("示例·阿依古丽 ", 60) == "示例·阿依古丽"
    with pytest.raises(BadCell, match="控制字符"):
        cells.name("示例\x00", 60)
    with pytest.raises(BadCell, match="60"):
        cells.name("长" * 61, 60)


def test_reports_mask_numbers_wherever_they_stand():
    assert masked("social_security_no", ID) == "5105**********0014"
    assert masked("social_security_no", "5105991962") == "******1962"
    assert ID not in masked("work_place", f"找 {ID}")
    assert masked("full_name", "示例建国") == "示*"
    assert masked("contact_phone", "13900000001") == "***0001"
