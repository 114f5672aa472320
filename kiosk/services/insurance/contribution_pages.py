"""参保缴费明细 on A4: every month of one insurance type, newest first, and the units it was paid through. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from contract.codes import WordsOf, own_words
from contract.residents import ContributionMonth, ContributionStatement, InsuranceBranch, InsuranceStatement
from kiosk.identity import Resident
from kiosk.pages import Column, Statement
from kiosk.receipts import Stamp, day_in_words, holder, month_in_words, yuan_in_words
from kiosk.services.insurance.contribution_year import latest, months_words, total_months

COLUMNS = (
    Column("月份", 15), Column("单位", 32), Column("缴没缴", 11), Column("缴费基数", 16, figures=True),
    Column("个人缴", 15, figures=True), Column("单位缴", 15, figures=True),
)  # fmt: skip
YearAsked = Callable[[int], ContributionStatement]


def number_of(stamp: Stamp) -> str:
    """The number of a statement, made where it is asked for."""
    return f"MX{stamp.at:%Y%m%d%H%M%S}"


def contribution_pages(
    told: InsuranceStatement,
    branch: InsuranceBranch,
    ask: YearAsked,
    resident: Resident,
    number: str,
    *,
    sample: str,
    words: WordsOf = own_words,
) -> Statement:
    """The whole statement. ``ask`` gives a year; ``sample``: the word for sample amounts, empty where they are real."""
    rows = [row for year in told.years for row in _own(ask(year).rows, branch)]
    notes = ("仅供查询，不作证明。上面有金额，请收好。", *((f"金额为{sample}，不是真实数额。",) if sample else ()))
    return Statement(
        number, f"{words(branch.insurance_type)}缴费明细", tuple(_facts(told.as_of, branch, resident, words)),
        COLUMNS, tuple(_cells(row) for row in rows), notes,
    )  # fmt: skip


def _own(rows: tuple[ContributionMonth, ...], branch: InsuranceBranch) -> list[ContributionMonth]:
    """The branch's own months, newest first."""
    own = [row for row in rows if row.insurance_type is branch.insurance_type]
    return sorted(own, key=lambda row: row.month, reverse=True)


def _facts(as_of: date, branch: InsuranceBranch, resident: Resident, words: WordsOf) -> Iterator[tuple[str, str]]:
    for pair in holder(resident):
        yield pair.label, pair.value
    yield "数据截至", day_in_words(as_of)
    yield "状态", words(latest(branch).status)
    yield "累计", months_words(total_months(branch))
    for held in branch.participations:
        span = f"{month_in_words(held.first_month)}到{month_in_words(held.last_month)}"
        yield "单位", f"{held.unit}（{held.scheme}，{span}，{held.months} 个月）"
        if held.arrears_months:
            amount = f"，{yuan_in_words(held.arrears_amount)}" if held.arrears_amount is not None else ""
            yield "欠缴", f"{held.arrears_months} 个月{amount}"
        if held.account_balance is not None:
            yield "个人账户余额", yuan_in_words(held.account_balance)


def _cells(row: ContributionMonth) -> tuple[str, ...]:
    return (
        month_in_words(row.month), row.unit, "已缴" if row.paid else "欠缴", f"{row.base:,.2f}",
        f"{row.personal_share:,.2f}", f"{row.unit_share:,.2f}",
    )  # fmt: skip
