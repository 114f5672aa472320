"""The yearly eligibility check as pure rules (reference/domain.md §2.4, Q1-Q8, vectors QV1-QV8)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from contract.codes import BenefitState, EligibilityState, VerificationMethod

CYCLE_MONTHS = 12
SOON = timedelta(days=60)
WARNINGS = (timedelta(days=60), timedelta(days=30), timedelta(days=7))
DONE = frozenset({EligibilityState.NOT_DUE, EligibilityState.MATCHED})


@dataclass(frozen=True)
class PensionRecord:
    """What the county holds about one pensioner: the yearly verification, and the benefit itself where it is known."""

    benefit: str
    last_verified_on: date | None = None
    last_method: VerificationMethod | None = None
    matched_on: date | None = None
    suspended_since: date | None = None
    death_hint: bool = False
    drawn_since: str | None = None
    monthly_amount: Decimal | None = None
    ended_on: date | None = None

    @property
    def last_success(self) -> date | None:
        """The later of the last verification and the last data match."""
        return max((day for day in (self.last_verified_on, self.matched_on) if day is not None), default=None)

    @property
    def matched_last(self) -> bool:
        """True where the last success was a data match: the person need not do anything."""
        return self.matched_on is not None and self.matched_on == self.last_success

    @property
    def last_success_method(self) -> VerificationMethod | None:
        """How the last success came about."""
        return VerificationMethod.DATA_MATCH if self.matched_last else self.last_method

    @property
    def next_due(self) -> date | None:
        """The last day of the present cycle; None for somebody never verified."""
        return None if self.last_success is None else due_after(self.last_success)

    @property
    def suspended(self) -> bool:
        """True where payment was suspended and no success has come since."""
        since, last = self.suspended_since, self.last_success
        return since is not None and (last is None or last < since)


def due_after(verified_on: date) -> date:
    """Twelve months later, clamped to the month's end: 2024-02-29 gives 2025-02-28."""
    months = verified_on.year * 12 + verified_on.month - 1 + CYCLE_MONTHS
    year, month = divmod(months, 12)
    return date(year, month + 1, min(verified_on.day, calendar.monthrange(year, month + 1)[1]))


def warning_days(next_due: date) -> tuple[date, ...]:
    """The days on which a pensioner is warned: 60, 30 and 7 days before."""
    return tuple(next_due - before for before in WARNINGS)


def state_of(pension: PensionRecord | None, today: date) -> EligibilityState:
    """Where somebody stands ``today``. A death hint says AT_COUNTER and nothing else."""
    if pension is None:
        return EligibilityState.NOT_A_PENSIONER
    if pension.death_hint:
        return EligibilityState.AT_COUNTER
    if pension.ended_on is not None:
        return EligibilityState.NOT_A_PENSIONER
    if pension.suspended:
        return EligibilityState.SUSPENDED
    return _state_in_cycle(pension, today)


def benefit_state(pension: PensionRecord | None) -> BenefitState:
    """How the benefit is paid. A death hint says AT_COUNTER and nothing else; a success ends a suspension (Q3)."""
    if pension is None:
        return BenefitState.NONE
    if pension.death_hint:
        return BenefitState.AT_COUNTER
    if pension.ended_on is not None:
        return BenefitState.ENDED
    return BenefitState.SUSPENDED if pension.suspended else BenefitState.DRAWING


def _state_in_cycle(pension: PensionRecord, today: date) -> EligibilityState:
    due = pension.next_due
    if due is None:
        return EligibilityState.DUE
    if today > due:
        return EligibilityState.OVERDUE
    if (today.year, today.month) == (due.year, due.month):
        return EligibilityState.DUE
    if today >= due - SOON:
        return EligibilityState.DUE_SOON
    return EligibilityState.MATCHED if pension.matched_last else EligibilityState.NOT_DUE


def learnt(held: PensionRecord | None, told: PensionRecord) -> PensionRecord:
    """What the county's system tells, but for a later verification that is ``held`` here and not known there yet."""
    if held is None or held.last_verified_on is None:
        return told
    if told.last_verified_on is not None and told.last_verified_on >= held.last_verified_on:
        return told
    return replace(told, last_verified_on=held.last_verified_on, last_method=held.last_method)


def back_pay(suspended_since: date, checked_on: date, monthly: Decimal) -> Decimal:
    """What a suspended pensioner is paid afterwards: each month from the suspension to the check's, both included."""
    months = (checked_on.year - suspended_since.year) * 12 + checked_on.month - suspended_since.month + 1
    return max(months, 0) * monthly
