"""A4 pages: as many as needed, letters inside, the head of the table on each; looked at as pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from contract.codes import Availability, InsuranceType, InsuredStatus
from contract.residents import (
    ContributionMonth,
    ContributionStatement,
    InsuranceBranch,
    InsuranceStatement,
    Participation,
)
from devices.printer.typeface import SUBSET, VENDORED_FONT, FontFile, FontPlace
from kiosk.identity import CardNumber, IdNumber, PersonName, Resident
from kiosk.pages import Column, Statement, pdf_of
from kiosk.receipts import Stamp
from kiosk.services.insurance.contribution_pages import contribution_pages, number_of

STAMP = Stamp("云龙镇便民服务大厅", "12333", "kiosk-01", datetime(2026, 3, 10, 9, 41, tzinfo=UTC))
NUMBER = "510599194001010014"
PENSION, INJURY = InsuranceType.EMPLOYEE_PENSION, InsuranceType.INJURY
RARE = "𬱖㼆䶮"


def resident(name="王示例"):
    return Resident(
        IdNumber(NUMBER), PersonName(name), CardNumber("A51059901"), "2.00", card_proven=False, born_on=None
    )


def contribution(year, month, kind=PENSION):
    return ContributionMonth(
        month=f"{year}-{month:02d}", insurance_type=kind, unit=f"甲公司（{RARE}）", base=Decimal("5200.00"),
        personal_share=Decimal("416.00"), unit_share=Decimal("832.00"), paid=month != 5,
    )  # fmt: skip


def year_told(year):
    rows = tuple(contribution(year, month, kind) for month in range(1, 13) for kind in (PENSION, INJURY))
    return ContributionStatement(as_of=date(2026, 3, 9), sample_rates=True, year=year, rows=rows)


def statement(years=(2026, 2025), sample="示例值"):
    held = Participation(
        scheme="企业职工", unit="甲公司", status=InsuredStatus.PAYING, first_month="2020-01", last_month="2026-02",
        months=74, arrears_months=2, arrears_amount=Decimal("2496.00"), account_balance=Decimal("38421.50"),
    )  # fmt: skip
    branch = InsuranceBranch(insurance_type=PENSION, availability=Availability.RECORDED, participations=(held,))
    told = InsuranceStatement(as_of=date(2026, 3, 9), sample_rates=bool(sample), branches=(branch,), years=years)
    return contribution_pages(told, branch, year_told, resident(), number_of(STAMP), sample=sample)


def pages_in(pdf):
    return int(re.search(rb"/Count (\d+)", pdf).group(1))


def text_of(pdf):
    found = shutil.which("pdftotext")
    if found is None:
        pytest.skip("pdftotext (Debian: poppler-utils) is not installed")
    return subprocess.run([found, "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()  # noqa: S603 - fixed words


def test_a_statement_holds_the_months_of_its_own_type_newest_first_and_no_whole_name_or_number():
    made = statement()
    assert made.number == "MX20260310094100"
    assert [row[0] for row in made.rows] == [
        f"{year}年{month}月" for year in (2026, 2025) for month in range(12, 0, -1)
    ]
    assert made.rows[7][1:] == (f"甲公司（{RARE}）", "欠缴", "5,200.00", "416.00", "832.00")
    facts = dict(made.facts)
    assert (facts["姓名"], facts["证件号后四位"], facts["累计"]) == ("王*", "0014", "74 个月（6 年 2 个月）")
    assert (facts["欠缴"], facts["个人账户余额"]) == ("2 个月，2,496.00 元", "38,421.50 元")
    said = repr(made)
    assert "王示例" not in said
    assert NUMBER[:14] not in said
    assert "示例值" in made.notes[1]
    assert len(statement(sample="").notes) == 1


LONG = tuple(range(2026, 2019, -1))


def test_pages_grow_with_the_months_and_carry_their_letters():
    short, long = pdf_of(statement((2026,)), STAMP), pdf_of(statement(LONG), STAMP)
    assert pages_in(short) == 1
    assert pages_in(long) >= 3
    for pdf in (short, long):
        assert pdf.startswith(b"%PDF-")
        assert b"/MediaBox [0 0 595.28 841.89]" in pdf
        assert b"/FontFile" in pdf
        assert len(pdf) < 300_000


@pytest.mark.parametrize("reprint", [0, 2])
def test_every_page_has_hall_title_head_number_its_place_and_the_count_of_a_reprint(reprint):
    pages = text_of(pdf_of(statement(LONG), STAMP, reprint)).split("\f")[:-1]
    for place, page in enumerate(pages, 1):
        for words in ("云龙镇便民服务大厅", "职工养老缴费明细", "MX20260310094100", "2026-03-10 09:41"):
            assert words in page
        assert "月份" in page
        assert "单位缴" in page
        assert f"第 {place} 页，共 {len(pages)} 页" in page
        assert ("重打 第 2 次" in page) is bool(reprint)
    assert len(pages) >= 3
    assert RARE in pages[0]
    assert "仅供查询，不作证明" in pages[0]


def test_the_vendored_letters_serve_where_the_system_has_none():
    plain = Statement(
        "N1", "标题", (("姓名", "王*"),), (Column("月份", 1), Column("个人缴", 1, figures=True)), (("1月", "1"),)
    )
    absent = FontPlace(FontFile(SUBSET.with_name("not-there.ttc")))
    assert pages_in(pdf_of(plain, STAMP, places=(absent, VENDORED_FONT))) == 1
    with pytest.raises(FileNotFoundError, match="not-there"):
        pdf_of(plain, STAMP, places=(absent,))


def test_no_letter_of_a_name_is_logged_while_pages_are_made(caplog):
    caplog.set_level("DEBUG")
    pdf_of(statement((2026,)), STAMP)
    assert "王" not in caplog.text
    assert "uni" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("fontTools")]
