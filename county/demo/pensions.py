"""Invented pensioners: dates that put each of them into a wanted state of the yearly verification."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from contract.codes import EligibilityState, Finger, InsuranceType, InsuredStatus, VerificationMethod
from county.demo.histories import MONTHS_A_YEAR, Stretch, insured_with, resident_payer
from county.demo.town import DemoFinger, DemoParticipation, DemoPension

RESIDENT_BENEFIT, EMPLOYEE_BENEFIT = "城乡居民养老金", "企业职工养老金"
WARNED_DAYS = 60
SCHEME_BEGAN = 2011
DRAW_AGE = 60
LEAP_DAY = (2, 29)
PENSIONER_STATES: tuple[EligibilityState, ...] = tuple(
    state for state in EligibilityState if state is not EligibilityState.NOT_A_PENSIONER
)


def year_before(day: date) -> date:
    """The success whose next due date is ``day`` (29 February: the 28th of the year before)."""
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def _days_left(today: date) -> int:
    return monthrange(today.year, today.month)[1] - today.day


def _due_on(rng: Random, state: EligibilityState, today: date) -> date:
    """A due date that makes ``state`` (reference/domain.md §2.4): at 60 days soon, in its own month due."""
    left = _days_left(today)
    spans = {
        EligibilityState.NOT_DUE: (WARNED_DAYS + 5, 350),
        EligibilityState.MATCHED: (WARNED_DAYS + 5, 350),
        EligibilityState.DUE_SOON: (left + 1, WARNED_DAYS),
        EligibilityState.DUE: (0, left),
        EligibilityState.OVERDUE: (-28, -1),
        EligibilityState.SUSPENDED: (-240, -62),
        EligibilityState.AT_COUNTER: (-20, WARNED_DAYS),
    }
    return today + timedelta(days=rng.randint(*spans[state]))


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def pension_in(rng: Random, state: EligibilityState, today: date, benefit: str) -> DemoPension:
    """A pension whose verification stands in ``state`` on ``today``.

    No cycle ends on a leap day; who is to be due then has never been verified.
    """
    due = _due_on(rng, state, today)
    if state is EligibilityState.DUE and (due.month, due.day) == LEAP_DAY:
        return DemoPension(benefit, None, None, None, None, death_hint=False)
    last = year_before(due)
    matched = last if state is EligibilityState.MATCHED else None
    seen = year_before(last) if matched else last
    method = rng.choice((VerificationMethod.KIOSK_FINGERPRINT, VerificationMethod.STAFF_WITNESS))
    if rng.random() < 0.1:  # noqa: PLR2004 - one pensioner in ten is visited at home
        method = VerificationMethod.HOME_VISIT
    suspended = _month_after(due) if state is EligibilityState.SUSPENDED else None
    return DemoPension(benefit, seen, method, matched, suspended, state is EligibilityState.AT_COUNTER)


def drawn(benefit: str, born_on: date) -> tuple[str, Decimal]:
    """Since the month after sixty (reference/domain.md §2.1 P13), or the scheme's first; a sample amount."""
    since = max((born_on.year + DRAW_AGE) * MONTHS_A_YEAR + born_on.month, SCHEME_BEGAN * MONTHS_A_YEAR)
    least = Decimal(1800) if benefit == EMPLOYEE_BENEFIT else Decimal(163)
    return f"{since // MONTHS_A_YEAR}-{since % MONTHS_A_YEAR + 1:02}", least + born_on.day * Decimal("2.35")


def paid_before_pension(
    rng: Random, born_on: date, state: EligibilityState, benefit: str, unit: str
) -> tuple[DemoParticipation, ...]:
    """What a pensioner paid until sixty, in the state that the verification leaves the benefit in.

    Nothing for residents who were sixty when the scheme began: they draw without having paid (§2.1 P8).
    """
    suspended = state is EligibilityState.SUSPENDED
    status = InsuredStatus.DRAWING_PAUSED if suspended else InsuredStatus.DRAWING
    last = (born_on.year + DRAW_AGE) * MONTHS_A_YEAR + born_on.month - 1
    if benefit == EMPLOYEE_BENEFIT:
        stretch = Stretch(unit, last - rng.randrange(60, 140), last)
        return insured_with(InsuranceType.EMPLOYEE_PENSION, [stretch], rng.randrange(1600, 3200, 10), status)
    years = range(max(SCHEME_BEGAN, born_on.year + 45), last // MONTHS_A_YEAR + 1)
    if len(years) == 0:
        return ()
    return resident_payer(rng, years, last, status)


def enrolled(card_number: str, count: int) -> tuple[DemoFinger, ...]:
    """The first ``count`` fingers in the order in which the kiosk asks."""
    return tuple(DemoFinger(finger, f"{card_number}|{finger.value}") for finger in tuple(Finger)[:count])


def pensioner_birthday(rng: Random, today: date) -> date:
    """Between 61 and 92 years ago, the younger the more often."""
    days = min(rng.randint(61 * 366, 92 * 365) for _ in range(3))
    return today.replace(day=1) - timedelta(days=days)
