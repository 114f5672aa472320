"""Invented contribution histories. Every rate and amount here is a sample value (示例值), none is a county's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from contract.codes import InsuranceType, InsuredStatus
from county.demo.town import DemoMonth, DemoParticipation

CENT = Decimal("0.01")
SAMPLE_RATES: dict[InsuranceType, tuple[str, Decimal, Decimal]] = {
    InsuranceType.EMPLOYEE_PENSION: ("企业职工基本养老保险", Decimal("0.08"), Decimal("0.16")),
    InsuranceType.UNEMPLOYMENT: ("失业保险", Decimal("0.004"), Decimal("0.006")),
    InsuranceType.MEDICAL: ("职工基本医疗保险", Decimal("0.02"), Decimal("0.065")),
    InsuranceType.INJURY: ("工伤保险", Decimal(0), Decimal("0.005")),
    InsuranceType.MATERNITY: ("生育保险", Decimal(0), Decimal("0.007")),
}
"""Scheme, personal share and unit's share of the base: sample values."""
SAMPLE_TIERS: tuple[tuple[int, int], ...] = ((300, 36), (600, 60), (900, 72), (1200, 84), (3000, 156))
"""Yearly tier and yearly subsidy of the residents' pension: sample values, each a whole amount a month."""
SAMPLE_FLEXIBLE_RATE = Decimal("0.20")
FLEXIBLE = "灵活就业人员（个人缴费）"
RESIDENT_SCHEME = "城乡居民基本养老保险"
MONTHS_A_YEAR = 12
TYPES_WITH_ACCOUNT = (InsuranceType.EMPLOYEE_PENSION, InsuranceType.MEDICAL)


@dataclass(frozen=True)
class Stretch:
    """Work at one unit from month ``first`` to ``last`` (months counted from year 0), and what went wrong in it."""

    unit: str
    first: int
    last: int
    missing: frozenset[int] = frozenset()
    unpaid: frozenset[int] = frozenset()


def month_index(day: date) -> int:
    """The month of ``day`` as a count of months from year 0."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def month_label(index: int) -> str:
    """The calendar month of an index, like "2026-03"."""
    return f"{index // MONTHS_A_YEAR:04d}-{index % MONTHS_A_YEAR + 1:02d}"


def _base_in(year: int, first_year: int, start: int) -> Decimal:
    """The base grows by 4 % a year and stays a multiple of ten."""
    return Decimal(int(start * Decimal("1.04") ** (year - first_year)) // 10 * 10)


def _rows(stretch: Stretch, start: int, first_year: int, shares: tuple[Decimal, Decimal]) -> tuple[DemoMonth, ...]:
    """The months of a stretch under one insurance type."""
    amounts: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for year in range(stretch.first // MONTHS_A_YEAR, stretch.last // MONTHS_A_YEAR + 1):
        base = _base_in(year, first_year, start)
        amounts[year] = (base.quantize(CENT), (base * shares[0]).quantize(CENT), (base * shares[1]).quantize(CENT))
    return tuple(
        DemoMonth(month_label(index), *amounts[index // MONTHS_A_YEAR], index not in stretch.unpaid)
        for index in range(stretch.first, stretch.last + 1)
        if index not in stretch.missing
    )


def _balance(rows: Sequence[tuple[DemoMonth, ...]], growth: Decimal) -> Decimal:
    """What the person paid in, with invented interest."""
    paid = sum((month.personal_share for part in rows for month in part if month.paid), Decimal(0))
    return (paid * growth).quantize(CENT)


def insured_with(
    kind: InsuranceType, stretches: Sequence[Stretch], start: int, latest: InsuredStatus
) -> tuple[DemoParticipation, ...]:
    """One insurance type over all stretches; ``latest`` is the state of the last one, the others have ended."""
    scheme, personal, unit_rate = SAMPLE_RATES[kind]
    flexible = stretches[-1].unit == FLEXIBLE
    shares = (SAMPLE_FLEXIBLE_RATE, Decimal(0)) if flexible else (personal, unit_rate)
    first_year = stretches[0].first // MONTHS_A_YEAR
    rows = [_rows(stretch, start, first_year, shares) for stretch in stretches]
    balance = _balance(rows, Decimal("1.06")) if kind in TYPES_WITH_ACCOUNT else None
    final = len(stretches) - 1
    return tuple(
        DemoParticipation(
            kind,
            scheme,
            stretch.unit,
            latest if place == final else InsuredStatus.ENDED,
            balance if place == final else None,
            rows[place],
        )
        for place, stretch in enumerate(stretches)
    )


def employee(
    stretches: Sequence[Stretch], start: int, latest: InsuredStatus = InsuredStatus.PAYING
) -> tuple[DemoParticipation, ...]:
    """All five branches of a worker."""
    return tuple(part for kind in SAMPLE_RATES for part in insured_with(kind, stretches, start, latest))


def flexible_worker(rng: Random, today: date) -> tuple[DemoParticipation, ...]:
    """Pays the employees' pension alone, without a unit."""
    last = month_index(today) - 1
    stretch = Stretch(FLEXIBLE, last - rng.randrange(10, 90), last)
    start = rng.randrange(3600, 4400, 10)
    return insured_with(InsuranceType.EMPLOYEE_PENSION, [stretch], start, InsuredStatus.PAYING)


def resident_payer(
    rng: Random, years: range, last: int, status: InsuredStatus, skipped: frozenset[int] = frozenset()
) -> tuple[DemoParticipation, ...]:
    """Residents' pension over ``years`` up to month ``last``, without the years ``skipped``; tiers may rise."""
    place = rng.randrange(3)
    months: list[DemoMonth] = []
    for year in years:
        place = min(place + (rng.random() < 0.1), len(SAMPLE_TIERS) - 1)  # noqa: PLR2004 - one year in ten
        tier, subsidy = (Decimal(amount).quantize(CENT) for amount in SAMPLE_TIERS[place])
        share, part = tier / MONTHS_A_YEAR, subsidy / MONTHS_A_YEAR
        indices = range(year * MONTHS_A_YEAR, min((year + 1) * MONTHS_A_YEAR, last + 1))
        if year not in skipped:
            months += [DemoMonth(month_label(index), tier, share, part, paid=True) for index in indices]
    own = sum((month.personal_share + month.unit_share for month in months), Decimal(0))
    balance = (own * Decimal("1.05")).quantize(CENT)
    kind = InsuranceType.RESIDENT_PENSION
    return (DemoParticipation(kind, RESIDENT_SCHEME, "个人缴费", status, balance, tuple(months)),)


def plain_stretch(rng: Random, today: date, unit: str) -> Stretch:
    """One to ten years at one unit, without a break, up to last month."""
    last = month_index(today) - 1
    return Stretch(unit, last - rng.randrange(12, 100), last)


def several_units(rng: Random, today: date, units: Sequence[str]) -> list[Stretch]:
    """A stretch at each unit, some months without work between them, and a hole inside the last one."""
    last = month_index(today) - 1
    stretches: list[Stretch] = []
    for unit in reversed(units):
        first = last - rng.randrange(14, 36)
        hole = frozenset(range(first + 5, first + 5 + rng.randrange(1, 5))) if not stretches else frozenset()
        stretches.append(Stretch(unit, first, last, missing=hole))
        last = first - rng.randrange(2, 8)
    return stretches[::-1]


def in_arrears(rng: Random, today: date, unit: str) -> Stretch:
    """The unit has not paid the last months."""
    last = month_index(today) - 1
    owed = rng.randrange(1, 7)
    return Stretch(unit, last - rng.randrange(12, 60), last, unpaid=frozenset(range(last - owed + 1, last + 1)))
