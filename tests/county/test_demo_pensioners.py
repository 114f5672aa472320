"""The invented pensioners and contribution histories are as promised, whatever the seed and the day."""

from collections import Counter
from decimal import Decimal

from pydantic import TypeAdapter

from contract.codes import (
    EligibilityState,
    InsuranceType,
    InsuredStatus,
    VerificationMethod,
)
from contract.message import Month, Yuan
from tests.county.invented import each_town, gaps, state

sample = each_town()


# pensioners


def test_forty_pensioners_in_every_state_of_the_verification(sample):
    town, today = sample
    states = Counter(state(resident.pension, today) for resident in town.residents if resident.pension)
    assert set(states) == set(EligibilityState) - {EligibilityState.NOT_A_PENSIONER}
    assert min(states.values()) >= 40


def test_pensioners_are_sixty_and_nobody_else_draws(sample):
    town, today = sample
    for resident in town.residents:
        drawing = {p.status for p in resident.participations} & {InsuredStatus.DRAWING, InsuredStatus.DRAWING_PAUSED}
        age = today.year - resident.born_on.year
        assert (age >= 60) if resident.pension else not drawing


def test_only_the_suspended_have_their_benefit_paused(sample):
    town, today = sample
    for resident in town.residents:
        if resident.pension and resident.participations:
            suspended = state(resident.pension, today) is EligibilityState.SUSPENDED
            expected = InsuredStatus.DRAWING_PAUSED if suspended else InsuredStatus.DRAWING
            assert resident.participations[-1].status is expected
            assert suspended == (resident.pension.suspended_since is not None)


def test_verifications_lie_in_the_past_and_by_a_person(sample):
    town, today = sample
    for pension in (resident.pension for resident in town.residents if resident.pension):
        assert all(day is None or day <= today for day in (pension.last_verified_on, pension.matched_on))
        assert (pension.last_verified_on is None) == (pension.last_method is None)
        assert pension.last_method is not VerificationMethod.DATA_MATCH
        assert pension.benefit in ("城乡居民养老金", "企业职工养老金")


def test_most_pensioners_have_three_fingers_some_none(sample):
    town, _ = sample
    counts = Counter(len(resident.fingers) for resident in town.residents if resident.pension)
    assert counts[3] > sum(counts.values()) / 2
    assert counts[0] >= 6
    assert all(resident.pension or not resident.fingers for resident in town.residents)


def test_no_two_fingers_are_alike(sample):
    town, _ = sample
    seeds = [enrolled.seed for resident in town.residents for enrolled in resident.fingers]
    assert len(set(seeds)) == len(seeds)


# contribution histories


def test_months_rise_and_amounts_have_cents(sample):
    town, today = sample
    yuan, month_form = TypeAdapter(Yuan), TypeAdapter(Month)
    for participation in (p for resident in town.residents for p in resident.participations):
        months = [month.month for month in participation.months]
        assert months
        assert months == sorted(set(months))
        assert months[-1] < f"{today:%Y-%m}"
        month_form.validate_python(months[0])
        for month in participation.months[::12]:
            assert all(yuan.validate_python(a) >= 0 for a in (month.base, month.personal_share, month.unit_share))


def test_histories_come_in_all_shapes(sample):
    town, _ = sample
    workers = [resident for resident in town.residents if not resident.pension]
    with_gap = sum(any(gaps(p) for p in resident.participations) for resident in workers)
    owing = sum(any(not m.paid for p in resident.participations for m in p.months) for resident in workers)
    several = sum(len({p.unit for p in resident.participations}) > 1 for resident in workers)
    empty = sum(not resident.participations for resident in workers)
    assert min(with_gap, owing, several) >= 25
    assert empty >= 20


def test_every_insurance_type_is_found_many_times(sample):
    town, _ = sample
    types = Counter(kind for resident in town.residents for kind in {p.insurance_type for p in resident.participations})
    assert set(types) == set(InsuranceType)
    assert min(types.values()) >= 60


def test_the_residents_pension_is_a_yearly_tier_in_twelve_months(sample):
    town, today = sample
    for participation in (p for resident in town.residents for p in resident.participations):
        if (
            participation.insurance_type is InsuranceType.RESIDENT_PENSION
            and participation.status is InsuredStatus.PAYING
        ):
            full = [m for m in participation.months if m.month.startswith(str(today.year - 1))]
            assert not full or sum(m.personal_share for m in full) == full[0].base


def test_balances_reach_from_hundreds_to_tens_of_thousands(sample):
    town, _ = sample
    balances = [p.account_balance for r in town.residents for p in r.participations if p.account_balance is not None]
    assert min(balances) < Decimal(2000)
    assert max(balances) > Decimal(50000)
    assert all(balance == balance.quantize(Decimal("0.01")) for balance in balances)
