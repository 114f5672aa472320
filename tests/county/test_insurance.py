"""The insurance statement: computed from the months that were due."""

from decimal import Decimal

import pytest

from contract.codes import Availability, InsuranceType, InsuredStatus
from contract.residents import MonthSpan
from county.insurance import DueMonth, Membership, branches, gaps, participation


def months(*names, unpaid=()):
    shares = (Decimal("4000.00"), Decimal("320.00"), Decimal("640.00"))
    return tuple(DueMonth(name, *shares, paid=name not in unpaid) for name in names)


def membership(*names, kind=InsuranceType.EMPLOYEE_PENSION, unpaid=()):
    due = months(*names, unpaid=unpaid)
    return Membership(kind, "企业职工基本养老保险", "示例包装厂", InsuredStatus.PAYING, Decimal("1234.50"), due)


def test_first_last_total_and_the_latest_amounts():
    told = participation(membership("2025-11", "2025-12", "2026-01"))
    assert (told.first_month, told.last_month, told.months) == ("2025-11", "2026-01", 3)
    assert (told.base, told.personal_share, told.unit_share) == (Decimal(4000), Decimal(320), Decimal(640))
    assert told.account_balance == Decimal("1234.50")
    assert (told.gaps, told.arrears_months, told.arrears_amount) == ((), 0, None)


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (["2025-11", "2026-01"], [("2025-12", "2025-12")]),
        (["2024-01", "2025-12"], [("2024-02", "2025-11")]),
        (["2024-01", "2024-03", "2024-04", "2024-07"], [("2024-02", "2024-02"), ("2024-05", "2024-06")]),
        (["2024-01"], []),
        ([], []),
    ],
)
def test_gaps_are_the_months_nobody_owed(names, missing):
    assert gaps(names) == tuple(MonthSpan(first=first, last=last) for first, last in missing)


def test_a_month_owed_and_not_paid_is_arrears_not_a_gap():
    told = participation(membership("2025-11", "2025-12", "2026-01", "2026-02", unpaid={"2025-12", "2026-02"}))
    assert told.gaps == ()
    assert (told.arrears_months, told.arrears_amount) == (2, Decimal(1920))
    assert (told.first_month, told.last_month, told.months) == ("2025-11", "2026-01", 2)


def test_somebody_who_never_paid_still_has_a_statement():
    told = participation(membership("2026-01", "2026-02", unpaid={"2026-01", "2026-02"}))
    assert (told.first_month, told.last_month, told.months) == ("2026-01", "2026-02", 0)


def test_every_type_is_answered_and_no_record_differs_from_not_offered():
    told = branches([membership("2026-01")], (InsuranceType.INJURY,))
    assert [branch.insurance_type for branch in told] == list(InsuranceType)
    by_type = {branch.insurance_type: branch for branch in told}
    assert by_type[InsuranceType.EMPLOYEE_PENSION].availability is Availability.RECORDED
    assert by_type[InsuranceType.INJURY].availability is Availability.NOT_OFFERED
    assert by_type[InsuranceType.MEDICAL].availability is Availability.NO_RECORD


def test_what_is_not_offered_is_not_told_even_where_rows_exist():
    told = branches([membership("2026-01", kind=InsuranceType.INJURY)], (InsuranceType.INJURY,))
    assert all(branch.participations == () for branch in told)
