"""The invented town is as promised, whatever the seed and the day."""

import re
import time as clock
from collections import Counter
from datetime import timedelta

import pytest

from contract.codes import (
    EligibilityState,
    Finger,
    InsuranceType,
    InsuredStatus,
)
from contract.identifiers import birth_date, is_male, normalise
from county.demo import CardStatus, invent
from county.demo.names import TOWNS
from tests.county.invented import TODAY, each_town, gaps, state, town_of

sample = each_town()


@pytest.fixture(scope="module")
def town():
    return town_of(1, TODAY)


def named(town):
    return [resident for resident in town.residents if resident.special]


def who(town, name):
    return next(resident for resident in town.residents if resident.name == name)


# the town as a whole


def test_the_same_seed_and_day_give_the_same_town():
    assert invent(5, TODAY) == invent(5, TODAY)


def test_another_seed_gives_other_people_but_the_same_named_ones():
    one, other = invent(5, TODAY), invent(6, TODAY)
    assert one.residents != other.residents
    remembered = [(r.number, r.name, r.card, r.special, r.fingers) for r in named(one)]
    assert remembered == [(r.number, r.name, r.card, r.special, r.fingers) for r in named(other)]


def test_the_town_is_invented_in_a_moment():
    invent(1, TODAY)
    began = clock.process_time()
    invent(2, TODAY)
    assert clock.process_time() - began < 1.5


# residents and their numbers


def test_more_than_three_hundred_residents_each_with_an_own_number(sample):
    town, _ = sample
    numbers = [resident.number for resident in town.residents]
    assert len(numbers) >= 300
    assert len(set(numbers)) == len(numbers)


def test_every_number_is_well_formed_and_of_the_unassigned_county(sample):
    town, today = sample
    for resident in town.residents:
        assert normalise(resident.number, today) == resident.number
        assert resident.number.startswith("510599")
        assert birth_date(resident.number) == resident.born_on
        assert is_male(resident.number) == (resident.sex == "1")


def test_people_live_in_all_twenty_towns(sample):
    town, _ = sample
    assert len(TOWNS) == len(dict(TOWNS)) == 20
    assert {resident.region for resident in town.residents} == set(dict(TOWNS))
    assert dict(TOWNS)["510521109"] == "云龙镇"


def test_common_surnames_are_common(town):
    surnames = Counter(resident.name[0] for resident in town.residents)
    assert sum(surnames[surname] for surname in "王李张刘陈") > len(town.residents) / 5
    assert len(surnames) > 25


def test_the_names_that_programs_stumble_over_are_there(town):
    names = [resident.name for resident in named(town)]
    assert any(len(name) == 4 and name.startswith("欧阳") for name in names)
    assert any("𬱖" in name for name in names)
    assert sum("·" in name for name in names) >= 2
    assert any(len(name) >= 15 for name in names)


def test_the_longest_name_fits_both_name_fields_of_a_card(sample):
    town, _ = sample
    assert max(len(resident.name.encode("gb18030")) for resident in town.residents) <= 50


def test_ethnic_groups_and_sexes_are_codes_of_the_lists(sample):
    town, _ = sample
    assert {resident.sex for resident in town.residents} == {"1", "2"}
    assert all(re.fullmatch(r"0[1-9]|[1-4]\d|5[0-6]", resident.ethnic_group) for resident in town.residents)
    assert len({resident.ethnic_group for resident in town.residents}) >= 4


# the residents to remember


def test_the_named_residents_stand_first_and_the_ordinary_have_no_remark(sample):
    town, _ = sample
    remarks = [bool(resident.special) for resident in town.residents]
    assert remarks == sorted(remarks, reverse=True)
    assert 20 <= sum(remarks) <= 40
    assert all(len(resident.special) <= 20 for resident in town.residents)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王秀英", EligibilityState.DUE),
        ("张国华", EligibilityState.MATCHED),
        ("刘桂芳", EligibilityState.OVERDUE),
        ("陈德明", EligibilityState.SUSPENDED),
        ("杨素珍", EligibilityState.AT_COUNTER),
        ("黄永福", EligibilityState.DUE),
        ("周淑兰", EligibilityState.DUE_SOON),
        ("吴志强", EligibilityState.NOT_DUE),
    ],
)
def test_each_journey_of_the_verification_has_its_resident(sample, name, expected):
    town, today = sample
    assert state(who(town, name).pension, today) is expected


def test_wang_xiuying_has_three_fingers_and_her_pin(sample):
    town, _ = sample
    wang = who(town, "王秀英")
    assert wang.card.pin == "246810"
    assert [enrolled.finger for enrolled in wang.fingers] == list(Finger)


def test_huang_yongfu_has_no_finger_enrolled(town):
    assert who(town, "黄永福").fingers == ()


def test_li_wei_worked_at_two_units_and_has_a_gap(sample):
    town, today = sample
    pension = [p for p in who(town, "李伟").participations if p.insurance_type is InsuranceType.EMPLOYEE_PENSION]
    assert [p.status for p in pension] == [InsuredStatus.ENDED, InsuredStatus.PAYING]
    assert len({p.unit for p in pension}) == 2
    assert gaps(pension[1]) == 5
    assert pension[1].months[-1].month == f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    assert {p.insurance_type for p in who(town, "李伟").participations} == set(InsuranceType) - {
        InsuranceType.RESIDENT_PENSION
    }


def test_lin_fengyings_unit_owes_three_months(town):
    pension = who(town, "林凤英").participations[0]
    assert [month.paid for month in pension.months[-4:]] == [True, False, False, False]


def test_the_newcomer_has_an_empty_history(town):
    assert who(town, "胡小燕").participations == ()


@pytest.mark.parametrize(("name", "version"), [("赵雪梅", "3.00"), ("徐建国", "1.00"), ("李伟", "2.00")])
def test_a_resident_for_each_kind_of_card(sample, name, version):
    town, _ = sample
    assert who(town, name).card.version == version


def test_an_expired_a_lost_a_cancelled_card_and_an_initial_pin(sample):
    town, today = sample
    assert who(town, "孙丽").card.valid_until < today <= who(town, "李伟").card.valid_until
    assert who(town, "马超").card.status is CardStatus.LOST
    assert who(town, "朱琳").card.status is CardStatus.CANCELLED
    assert who(town, "何静").card.pin == "123456"


# cards


def test_every_card_has_own_numbers_of_the_right_form(sample):
    town, _ = sample
    cards = [resident.card for resident in town.residents]
    assert all(re.fullmatch(r"[A-Z]\d{8}", card.number) for card in cards)
    assert all(re.fullmatch(r"510599D156000005[0-9A-F]{16}", card.identification) for card in cards)
    assert all(re.fullmatch(r"\d{6}", card.pin) for card in cards)
    assert len({card.number for card in cards}) == len({card.identification for card in cards}) == len(cards)


def test_most_cards_are_2_00_some_of_the_others(sample):
    town, _ = sample
    versions = Counter(resident.card.version for resident in town.residents)
    assert set(versions) == {"1.00", "2.00", "3.00"}
    assert versions["2.00"] > len(town.residents) / 2
    assert min(versions.values()) >= 20


def test_some_cards_have_expired_one_is_lost_one_cancelled(sample):
    town, today = sample
    cards = [resident.card for resident in town.residents]
    assert 5 <= sum(card.valid_until < today for card in cards) <= 60
    assert all(card.issued_on < today for card in cards)
    statuses = Counter(card.status for card in cards)
    assert (statuses[CardStatus.LOST], statuses[CardStatus.CANCELLED]) == (1, 1)


def test_some_pins_are_still_the_initial_one(sample):
    town, _ = sample
    initial = sum(resident.card.pin == "123456" for resident in town.residents)
    assert 10 <= initial <= len(town.residents) / 5
