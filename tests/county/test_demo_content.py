"""The invented postings, courses, policies, notices and accounts are as promised."""

import re
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from contract.codes import (
    StaffRole,
    Trade,
    WagePeriod,
)
from contract.message import Region
from county.demo.names import TOWNS
from tests.county.invented import TODAY, each_town, town_of

FORBIDDEN_WORDS = ("男", "女", "性别", "岁", "年龄", "民族", "汉族", "户籍", "身高", "形象", "婚", "孕", "押金", "属相")
AMOUNT = re.compile(r"\d+(\.\d+)?(元|%|％)")


sample = each_town()


@pytest.fixture(scope="module")
def town():
    return town_of(1, TODAY)


# postings


def test_five_hundred_postings_of_sixty_employers_in_every_town_and_trade(sample):
    town, _ = sample
    assert len(town.postings) >= 500
    assert len({posting.posting_no for posting in town.postings}) == len(town.postings)
    assert len({posting.employer.name for posting in town.postings if not posting.public_welfare}) >= 60
    assert {posting.region for posting in town.postings} == set(dict(TOWNS))
    assert {posting.trade for posting in town.postings} == set(Trade)


def test_no_employer_offers_the_same_post_twice(sample):
    town, _ = sample
    offers = [(p.employer.name, p.title, p.region) for p in town.postings if not p.public_welfare]
    assert len(set(offers)) == len(offers)


def test_wages_of_all_periods_and_negotiable_ones_without_amounts(sample):
    town, _ = sample
    assert {posting.wage.period for posting in town.postings} == set(WagePeriod)
    for wage in (posting.wage for posting in town.postings):
        if wage.period is WagePeriod.NEGOTIABLE:
            assert wage.minimum is wage.maximum is None
        else:
            assert wage.minimum > 0
            assert wage.maximum is None or wage.maximum >= wage.minimum
    highest = {p: max(x.wage.maximum or 0 for x in town.postings if x.wage.period is p) for p in WagePeriod}
    assert highest[WagePeriod.PIECE] < 10 < highest[WagePeriod.DAY] < 1000 < highest[WagePeriod.MONTH] < 20000


def test_public_welfare_posts_say_whose_they_are(sample):
    town, _ = sample
    public = [posting for posting in town.postings if posting.public_welfare]
    assert len(public) >= 20
    assert all("公益性岗位" in posting.title and posting.wage.note == "示例值" for posting in public)


def test_published_in_the_last_thirty_days_and_expiring_in_the_next(sample):
    town, today = sample
    month = timedelta(days=30)
    for posting in town.postings:
        assert today - month <= posting.published_at.date() < today < posting.expires_on <= today + month
        assert posting.employer.checked_on <= posting.verified_on <= posting.published_at.date()
        assert posting.published_at.utcoffset() == timedelta(0)


def test_origins_are_named_and_no_phone_rings_anywhere(sample):
    town, _ = sample
    assert {posting.origin for posting in town.postings} == {"县就业局", "乡镇收集", "企业直报"}
    assert all(re.fullmatch(r"0830-000\d{4}", posting.contact_phone) for posting in town.postings)


def test_no_posting_asks_for_sex_or_age_or_uses_words_that_shut_people_out(sample):
    town, _ = sample
    for posting in town.postings:
        words = posting.title + posting.description + "".join(posting.benefits) + posting.wage.note
        assert not [word for word in FORBIDDEN_WORDS if word in words]


# courses, policies, notices, accounts


def test_thirty_courses_that_can_still_be_joined(sample):
    town, today = sample
    assert len({course.course_no for course in town.courses}) == len(town.courses) == 30
    assert all(course.starts_on > today and course.seats > 0 and course.days > 0 for course in town.courses)
    assert all(course.region in dict(TOWNS) for course in town.courses)


def test_forty_policies_in_three_to_six_sentences_marked_as_samples(sample):
    town, today = sample
    assert len({policy.policy_no for policy in town.policies}) == len({p.title for p in town.policies}) == 40
    for policy in town.policies:
        assert 3 <= policy.body.count("。") <= 6
        assert "示例" in policy.body
        assert "示例" in policy.document_number
        assert policy.issued_on < today
        assert 8 <= len(policy.summary) <= 40


def test_wherever_an_amount_is_named_it_is_called_a_sample_value(sample):
    town, _ = sample
    texts = [course.subsidy for course in town.courses]
    texts += [policy.summary + policy.body for policy in town.policies]
    texts += [item.title + item.body for item, _ in town.display_items]
    named_amounts = [text for text in texts if AMOUNT.search(text)]
    assert len(named_amounts) >= 20
    assert all("示例值" in text for text in named_amounts)


def test_twelve_notices_short_enough_for_the_wall(sample):
    town, today = sample
    items = [item for item, _ in town.display_items]
    assert len({item.item_no for item in items}) == len(items) == 12
    assert all(0 < len(item.title) <= 20 and 0 < len(item.body) <= 120 for item in items)
    assert all(item.hours.first_day <= today <= item.hours.last_day for item in items)
    assert sum(item.hours.weekdays == (1, 2, 3, 4, 5) for item in items) == 1
    assert sum(item.hours.opens.hour > 0 for item in items) == 1
    assert {area for _, area in town.display_items} == {"510521"}


def test_an_editor_an_approver_a_clerk_and_an_administrator(town):
    assert {role for account in town.accounts for role in account.roles} == set(StaffRole)
    assert [account.account for account in town.accounts] == ["editor", "approver", "clerk", "administrator"]
    assert all(len(account.roles) == 1 and len(account.password) >= 10 for account in town.accounts)
    assert len({account.password for account in town.accounts}) == 4
    region = TypeAdapter(Region)
    assert all(region.validate_python(area) for account in town.accounts for area in account.areas)
