"""Long names, names written from right to left, nothing owed, money paid back, three hundred months: all holds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from contract.codes import Availability, InsuranceType, InsuredStatus, VerificationMethod
from contract.identifiers import mask_name
from contract.residents import (
    ContributionMonth,
    ContributionStatement,
    InsuranceBranch,
    InsuranceStatement,
    Participation,
)
from county.models import contribution_months, participations, residents
from devices.printer.raster import DOTS_58_MM, DOTS_80_MM, as_text, draw
from kiosk.identity import CardNumber, IdNumber, PersonName, Resident
from kiosk.pages import pdf_of
from kiosk.receipts import Stamp, Verified, again, insurance_slip, verification_slip
from kiosk.services.insurance.contribution_pages import contribution_pages, number_of
from kiosk.services.insurance.contribution_year import year_of

LONGEST = "阿卜杜热合曼·买买提吐尔逊·阿布都克里木·依不拉音江·玉素甫艾力·热西提麦麦提江"
FROM_RIGHT = "عبدالرحمن"
DONE = Verified("2026031000000017", "已通过", VerificationMethod.STAFF_WITNESS, passed=True, next_due=date(2027, 3, 10))
STAMP = Stamp("云龙镇便民服务大厅", "12333", "kiosk-01", datetime(2026, 11, 22, 14, 8, tzinfo=UTC))


def somebody(name):
    return Resident(IdNumber("510599196503070021"), PersonName(name), CardNumber("A12345678"), "3.00", False, None)  # noqa: FBT003  not proven


def branch(**amounts):
    held = Participation(
        scheme="城镇职工基本养老保险", unit="泸县名字很长的农业科技发展有限责任公司分公司",
        status=InsuredStatus.PAYING,
        first_month="2001-01", last_month="2025-12", months=300, **amounts,
    )  # fmt: skip
    return InsuranceBranch(
        insurance_type=InsuranceType.EMPLOYEE_PENSION, availability=Availability.RECORDED, participations=(held,)
    )


def statement(**amounts):
    years = tuple(range(2025, 2000, -1))
    return InsuranceStatement(as_of=date(2026, 11, 1), sample_rates=False, branches=(branch(**amounts),), years=years)


def a_year(year, personal="-12.30", unit="0.00"):
    rows = tuple(
        ContributionMonth(
            month=f"{year}-{month:02d}", insurance_type=InsuranceType.EMPLOYEE_PENSION, unit="一家单位",
            base=Decimal("0.00"), personal_share=Decimal(personal), unit_share=Decimal(unit), paid=True,
        )
        for month in range(1, 13)
    )  # fmt: skip
    return ContributionStatement(as_of=date(2026, 11, 1), sample_rates=False, year=year, rows=rows)


def test_forty_characters_are_forty():
    assert len(LONGEST) == 40


@pytest.mark.parametrize(("name", "shown"), [(LONGEST, "阿*"), (FROM_RIGHT, "ع*"), ("𠮷田", "𠮷*"), ("", "*")])
def test_a_name_of_any_length_and_direction_becomes_one_character_and_a_star(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize("name", [LONGEST, FROM_RIGHT])
def test_no_slip_carries_more_of_a_long_name_and_every_line_fits(name):
    told = statement(
        base=Decimal("0.00"), personal_share=Decimal("-486.40"), unit_share=Decimal(0),
        account_balance=Decimal("-1.00"), arrears_months=2, arrears_amount=Decimal("123456789012.34"),
    )  # fmt: skip
    text = as_text(insurance_slip(told, somebody(name), STAMP, "code", amounts=True, sample_label="示例值"))
    assert name not in text
    assert mask_name(name) in text
    assert "-486.40 元" in text
    assert "123,456,789,012.34 元" in text
    assert "0.00 元" in text


SLIPS = {
    "insurance": lambda who, told: insurance_slip(told, who, STAMP, "code", amounts=True, sample_label="示例值"),
    "verification": lambda who, _told: verification_slip(DONE, who, STAMP, "code"),
    "reprint": lambda who, _told: again(verification_slip(DONE, who, STAMP, "code"), 2, STAMP.at),
}


@pytest.mark.parametrize("width", [DOTS_80_MM, DOTS_58_MM])
@pytest.mark.parametrize("slip", SLIPS)
def test_on_every_slip_the_longest_of_everything_stays_off_the_edges_of_the_paper(slip, width):
    """What is wider than the roll would be cut off by the printer: dots at the very edge tell."""
    told = statement(personal_share=Decimal("-123456789012.34"), arrears_months=300, arrears_amount=Decimal(0))
    drawn = draw(SLIPS[slip](somebody(LONGEST), told), width)
    assert drawn.width == width
    for edge in (0, width - 1):
        column = drawn.crop((edge, 0, edge + 1, drawn.height))
        assert column.getextrema() == (255, 255), f"dots at column {edge}"
    assert LONGEST[:2] not in as_text(SLIPS[slip](somebody(LONGEST), told))


def test_three_hundred_months_stand_on_paper_each_on_its_line():
    told = statement()
    made = contribution_pages(told, told.branches[0], a_year, somebody(LONGEST), number_of(STAMP), sample="")
    assert len(made.rows) == 300
    assert {cells[4] for cells in made.rows} == {"-12.30"}
    pdf = pdf_of(made, STAMP)
    assert pdf.count(b"/Type /Page\n") > 5
    assert LONGEST.encode("utf-16-be") not in pdf


def test_money_paid_back_is_no_bar_and_no_gap():
    months = year_of(a_year(2025).rows, branch(), 2025)
    assert {month.amount for month in months} == {Decimal("-12.30")}


def odd_county(hall, holder):
    """At the county: a year of money paid back, a year of zeros, and three hundred months in all."""
    with hall.hub.hub.store.writing() as connection:
        own = select(participations.c.id).join(residents, participations.c.resident == residents.c.id)
        ours = own.where(residents.c.number == holder.number, participations.c.insurance_type == "110")
        (found, *_) = connection.scalars(ours).all()
        there = set(
            connection.scalars(select(contribution_months.c.month).where(contribution_months.c.participation == found))
        )
        rows = [f"{year}-{month:02d}" for year in range(2001, 2026) for month in range(1, 13)]
        zero = Decimal(0)
        connection.execute(
            insert(contribution_months),
            [
                {
                    "participation": found,
                    "month": month,
                    "base": zero,
                    "personal_share": zero,
                    "unit_share": zero,
                    "paid": True,
                }
                for month in rows
                if month not in there
            ],
        )
        mine = contribution_months.c.participation == found
        back = {"personal_share": Decimal("-88.80"), "unit_share": Decimal("-177.60")}
        connection.execute(
            update(contribution_months).where(mine, contribution_months.c.month.like("2025-%")).values(**back)
        )


def test_a_long_name_nothing_and_less_than_nothing_stand_on_the_screen(hall, screen):
    holder = hall.person("李伟")
    odd_county(hall, holder)
    screen.insert_card(replace(holder, card=replace(holder.card, name=LONGEST)))
    screen.sees("阿*，您想办什么事？")
    screen.does_not_see("阿卜")
    screen.visit("/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.sees("阿*")
    screen.press("职工养老")
    screen.press("看各年缴费")
    seen = []
    for year in range(2026, 2000, -1):
        screen.visit(f"/services/insurance_query/type/110/{year}")
        if screen.status == 200:
            seen.append(year)
            assert 'height="-' not in screen.page.html
    assert len(seen) >= 25
    screen.visit("/services/insurance_query/type/110/2025")
    assert 'data-amount="-88.80 元"' in screen.page.html
    screen.does_not_see("88.80")
    screen.visit("/services/insurance_query/type/110/2001")
    assert 'data-amount="0.00 元"' in screen.page.html
    screen.sees("没有漏缴的月份")
