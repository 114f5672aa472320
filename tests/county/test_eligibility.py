"""The yearly check, vector by vector (reference/domain.md §2.4)."""

from datetime import date
from decimal import Decimal

import pytest

from contract.codes import EligibilityState, VerificationMethod
from county.eligibility import PensionRecord, back_pay, due_after, state_of, warning_days


def verified(day, **other):
    return PensionRecord("城乡居民养老", day, VerificationMethod.KIOSK_FINGERPRINT, **other)


def test_qv1_on_the_last_day_it_is_still_valid_and_due():
    assert state_of(verified(date(2025, 3, 10)), date(2026, 3, 10)) is EligibilityState.DUE


def test_qv2_a_day_later_it_is_overdue():
    assert state_of(verified(date(2025, 3, 10)), date(2026, 3, 11)) is EligibilityState.OVERDUE


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 8, 31), date(2026, 8, 31)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_qv3_due_twelve_months_later_clamped_to_the_month(last, due):
    assert due_after(last) == due
    assert verified(last).next_due == due


def test_qv4_warnings_sixty_thirty_and_seven_days_before():
    assert warning_days(due_after(date(2025, 8, 31))) == (date(2026, 7, 2), date(2026, 8, 1), date(2026, 8, 24))


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 7, 1), EligibilityState.NOT_DUE),
        (date(2026, 7, 2), EligibilityState.DUE_SOON),
        (date(2026, 7, 31), EligibilityState.DUE_SOON),
        (date(2026, 8, 1), EligibilityState.DUE),
        (date(2026, 8, 31), EligibilityState.DUE),
        (date(2026, 9, 1), EligibilityState.OVERDUE),
    ],
)
def test_qv4_the_states_of_a_cycle_follow_each_other(today, state):
    assert state_of(verified(date(2025, 8, 31)), today) is state


def test_qv5_suspension_is_made_good_with_back_pay():
    assert back_pay(date(2026, 4, 1), date(2026, 6, 20), Decimal("223.43")) == Decimal("670.29")
    assert back_pay(date(2026, 4, 1), date(2026, 3, 31), Decimal("223.43")) == 0
    waiting = verified(date(2025, 3, 10), suspended_since=date(2026, 4, 1))
    assert state_of(waiting, date(2026, 6, 20)) is EligibilityState.SUSPENDED


def test_qv5_a_success_after_the_suspension_ends_it():
    since = date(2026, 4, 1)
    matched = verified(date(2025, 3, 10), matched_on=date(2026, 5, 2), suspended_since=since)
    assert state_of(matched, date(2026, 6, 20)) is EligibilityState.MATCHED
    never = PensionRecord("城乡居民养老", suspended_since=since)
    assert state_of(never, date(2026, 6, 20)) is EligibilityState.SUSPENDED


def test_qv6_a_data_match_renews_by_itself():
    matched = verified(date(2025, 1, 20), matched_on=date(2026, 1, 5))
    assert matched.next_due == date(2027, 1, 5)
    assert matched.last_success_method is VerificationMethod.DATA_MATCH
    assert state_of(matched, date(2026, 3, 1)) is EligibilityState.MATCHED


def test_qv6_a_later_visit_wins_over_an_older_match():
    visited = verified(date(2026, 2, 1), matched_on=date(2025, 6, 5))
    assert visited.next_due == date(2027, 2, 1)
    assert visited.last_success_method is VerificationMethod.KIOSK_FINGERPRINT
    assert state_of(visited, date(2026, 3, 1)) is EligibilityState.NOT_DUE


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 10), date(2028, 1, 1)])
def test_qv7_a_death_hint_leads_to_the_counter_in_every_state(today):
    hinted = verified(date(2025, 3, 10), suspended_since=date(2026, 4, 1), death_hint=True)
    assert state_of(hinted, today) is EligibilityState.AT_COUNTER


def test_qv8_nobody_becomes_suspended_by_waiting():
    late = verified(date(2020, 3, 10))
    assert state_of(late, date(2026, 3, 10)) is EligibilityState.OVERDUE


def test_somebody_never_verified_is_due_and_somebody_without_pension_is_not_asked():
    assert state_of(PensionRecord("城乡居民养老"), date(2026, 3, 10)) is EligibilityState.DUE
    assert state_of(None, date(2026, 3, 10)) is EligibilityState.NOT_A_PENSIONER
