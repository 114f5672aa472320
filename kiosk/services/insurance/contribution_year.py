"""A year of contributions to one insurance type, month by month, as chart and table. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contract.codes import InsuranceType
from contract.residents import ContributionMonth, InsuranceBranch, MonthSpan, Participation
from kiosk.phrases import MONTHS as MONTH_NAMES
from kiosk.phrases import month_phrase, phrase

MONTHS = 12


class Paid(StrEnum):
    """What became of a month; the value is what the screen says."""

    YES = "已缴"
    OWED = "欠缴"
    GAP = "没有缴"
    NOT_DUE = "–"


@dataclass(frozen=True)
class YearMonth:
    """One calendar month. ``amount``: both shares together, zero where nothing was paid."""

    label: str
    paid: Paid
    base: Decimal
    personal: Decimal
    unit: Decimal

    @property
    def amount(self) -> Decimal:
        """What was paid in."""
        return self.personal + self.unit if self.paid is Paid.YES else Decimal(0)

    @property
    def told(self) -> bool:
        """True where the county has amounts for it."""
        return self.paid in (Paid.YES, Paid.OWED)

    @property
    def gap(self) -> bool:
        """True where a contribution is missing."""
        return self.paid in (Paid.OWED, Paid.GAP)


def year_of(rows: Iterable[ContributionMonth], branch: InsuranceBranch, year: int) -> tuple[YearMonth, ...]:
    """The twelve months of ``year`` for the branch's type; several units in one month are added together."""
    own = [row for row in rows if row.insurance_type is branch.insurance_type]
    spans = [span for held in branch.participations for span in held.gaps]
    return tuple(_month(own, spans, f"{year:04d}-{number:02d}") for number in range(1, MONTHS + 1))


def _month(own: list[ContributionMonth], spans: list[MonthSpan], month: str) -> YearMonth:
    rows = [row for row in own if row.month == month]
    label = MONTH_NAMES[int(month[5:]) - 1]
    if not rows:
        missing = any(span.first <= month <= span.last for span in spans)
        return YearMonth(label, Paid.GAP if missing else Paid.NOT_DUE, Decimal(0), Decimal(0), Decimal(0))
    paid = Paid.YES if all(row.paid for row in rows) else Paid.OWED
    return YearMonth(
        label, paid, max(row.base for row in rows), sum((row.personal_share for row in rows), Decimal(0)),
        sum((row.unit_share for row in rows), Decimal(0)),
    )  # fmt: skip


def span_words(span: MonthSpan) -> str:
    """2020-03 to 2020-05 as 2020年3月到5月."""
    if span.first == span.last:
        return month_phrase(span.first)
    same_year = span.first[:4] == span.last[:4]
    last = MONTH_NAMES[int(span.last[5:]) - 1] if same_year else month_phrase(span.last)
    return phrase("%(first)s到%(last)s", first=month_phrase(span.first), last=last)


def months_words(months: int) -> str:
    """31 as 31 个月（2 年 7 个月）."""
    years, rest = divmod(months, MONTHS)
    if not years:
        return phrase("%(months)s 个月", months=months)
    if not rest:
        return phrase("%(months)s 个月（%(years)s 年）", months=months, years=years)
    return phrase("%(months)s 个月（%(years)s 年 %(rest)s 个月）", months=months, years=years, rest=rest)


def total_months(branch: InsuranceBranch) -> int:
    """Months paid over all units."""
    return sum(held.months for held in branch.participations)


def latest(branch: InsuranceBranch) -> Participation:
    """The participation whose state stands for the branch: the one paid last."""
    return max(branch.participations, key=lambda held: held.last_month)


def branch_of(branches: Iterable[InsuranceBranch], code: str) -> InsuranceBranch | None:
    """The branch of an insurance type's code; None for a code that is none, or that the statement does not hold."""
    known = {kind.value for kind in InsuranceType}
    return next((branch for branch in branches if code in known and branch.insurance_type == code), None)
