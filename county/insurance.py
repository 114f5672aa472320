"""Insurance and contribution statements, computed from the months that were due (reference/domain.md §4.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from contract.codes import Availability, InsuranceType, InsuredStatus
from contract.residents import InsuranceBranch, MonthSpan, Participation


@dataclass(frozen=True)
class DueMonth:
    """One month that was due, "2026-03"; paid or in arrears."""

    month: str
    base: Decimal
    personal_share: Decimal
    unit_share: Decimal
    paid: bool


@dataclass(frozen=True)
class Membership:
    """One insurance type with one unit, as stored, with its months in rising order (never empty)."""

    insurance_type: InsuranceType
    scheme: str
    unit: str
    status: InsuredStatus
    account_balance: Decimal | None
    months: tuple[DueMonth, ...]


def participation(membership: Membership) -> Participation:
    """The resident's statement of one membership.

    First and last month are of those paid (of all, where none is); a month nobody owed is a gap, a month owed
    and not paid is arrears; base and shares are the latest month's.
    """
    paid = [due.month for due in membership.months if due.paid]
    owed = [due for due in membership.months if not due.paid]
    known = paid or [due.month for due in membership.months]
    latest = membership.months[-1]
    return Participation(
        scheme=membership.scheme,
        unit=membership.unit,
        status=membership.status,
        first_month=known[0],
        last_month=known[-1],
        months=len(paid),
        gaps=gaps([due.month for due in membership.months]),
        arrears_months=len(owed),
        arrears_amount=sum((due.personal_share + due.unit_share for due in owed), Decimal(0)) if owed else None,
        base=latest.base,
        personal_share=latest.personal_share,
        unit_share=latest.unit_share,
        account_balance=membership.account_balance,
    )


def gaps(months: Sequence[str]) -> tuple[MonthSpan, ...]:
    """The spans missing between the first and the last of ``months`` (rising)."""
    numbers = [month_number(month) for month in months]
    return tuple(
        MonthSpan(first=month_name(before + 1), last=month_name(after - 1))
        for before, after in pairwise(numbers)
        if after - before > 1
    )


def branches(memberships: Iterable[Membership], not_offered: Collection[InsuranceType]) -> tuple[InsuranceBranch, ...]:
    """Every insurance type in the order of the code list: not offered, without record, or with its statements."""
    by_type: Mapping[InsuranceType, list[Participation]] = {kind: [] for kind in InsuranceType}
    for membership in memberships:
        by_type[membership.insurance_type].append(participation(membership))
    return tuple(_branch(kind, tuple(found), kind not in not_offered) for kind, found in by_type.items())


def _branch(kind: InsuranceType, found: tuple[Participation, ...], offered: bool) -> InsuranceBranch:  # noqa: FBT001 - called once, above
    if not offered:
        return InsuranceBranch(insurance_type=kind, availability=Availability.NOT_OFFERED)
    availability = Availability.RECORDED if found else Availability.NO_RECORD
    return InsuranceBranch(insurance_type=kind, availability=availability, participations=found)


def month_number(month: str) -> int:
    """Months since year 0: "2026-03" → 24314."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_name(number: int) -> str:
    """The other way round."""
    return f"{number // 12:04}-{number % 12 + 1:02}"
