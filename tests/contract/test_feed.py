"""What the feed carries arrives as it was sent, and is shown only when it may be."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import ValidationError

from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import (
    BODY_OF_KIND,
    CodeList,
    CodeWord,
    Course,
    DisplayItem,
    Employer,
    FeedItem,
    FeedKind,
    FeedPage,
    Hours,
    JobPosting,
    LocalityPack,
    Policy,
    Wage,
)
from contract.message import Message

DAY = date(2026, 3, 18)
MOMENT = datetime(2026, 3, 18, 1, 30, tzinfo=UTC)
HOURS = Hours(first_day=DAY, last_day=date(2026, 3, 20))

POSTING = JobPosting(
    posting_no="ZP1",
    title="缝纫工",
    trade=Trade.FACTORY,
    employer=Employer(name="云龙禾穗制衣厂", checked_on=DAY),
    headcount=3,
    wage=Wage(period=WagePeriod.PIECE, minimum=Decimal("0.60"), maximum=Decimal("1.20")),
    schooling=Schooling.ANY,
    region="510521109",
    work_place="云龙镇",
    contact_name="王经理",
    contact_phone="0830-0000001",
    origin="乡镇收集",
    verified_on=DAY,
    published_at=MOMENT,
    expires_on=DAY,
)
COURSE = Course(course_no="PX1", title="焊工", school="示例学校", region="510521", starts_on=DAY, days=20, seats=30)
POLICY = Policy(
    policy_no="ZC1", title="怎么参保", issuer="县社保局", issued_on=DAY, summary="可以参保。", body="示例。"
)
NOTICE = DisplayItem(item_no="TZ1", title="办事时间", hours=HOURS, issuer="县人社局")
WORDS = CodeList(name="trade", version="2026-03", local=True, codes=(CodeWord(code="factory", words="工厂普工"),))
PACK = LocalityPack(area="510521", version="3", values={"hall": {"phone": "0830-0000002"}})
BODIES = {
    FeedKind.POSTING: POSTING,
    FeedKind.COURSE: COURSE,
    FeedKind.POLICY: POLICY,
    FeedKind.DISPLAY_ITEM: NOTICE,
    FeedKind.CODE_LIST: WORDS,
    FeedKind.LOCALITY_PACK: PACK,
}

HALL = timezone(timedelta(hours=8))


def at(day, *clock):
    return datetime(2026, 3, day, *clock, tzinfo=HALL)


def feed_item(kind, body):
    return FeedItem(kind=kind, key="1", revision=1, body=body)


@pytest.mark.parametrize("kind", list(FeedKind))
def test_every_kind_of_content_crosses_the_feed_unchanged(kind):
    item = feed_item(kind, BODIES[kind].model_dump(mode="json"))
    page = FeedPage(cursor="c1", more=False, as_of=MOMENT, items=(item,))
    received = FeedPage.model_validate_json(page.model_dump_json())
    assert received == page
    assert received.items[0].content() == BODIES[kind]


def test_every_kind_has_its_own_message():
    assert set(BODY_OF_KIND) == set(FeedKind)
    assert len(set(BODY_OF_KIND.values())) == len(FeedKind)
    assert all(issubclass(body, Message) for body in BODY_OF_KIND.values())


@pytest.mark.parametrize("body", [None, {}, {"title": "焊工"}])
def test_a_body_that_is_not_of_its_kind_is_refused(body):
    with pytest.raises(ValidationError):
        feed_item(FeedKind.COURSE, body).content()


def test_a_removal_carries_no_body_and_a_lease_is_72_hours_unless_said():
    removal = FeedItem(kind=FeedKind.POSTING, key="ZP1", revision=2, removed=True)
    assert removal.body is None
    assert removal.lease_hours == 72


def test_a_posting_without_expiry_is_no_posting():
    body = POSTING.model_dump(mode="json")
    del body["expires_on"]
    with pytest.raises(ValidationError):
        JobPosting.model_validate(body)


@pytest.mark.parametrize("headcount", [0, -1])
def test_a_posting_for_nobody_is_refused(headcount):
    with pytest.raises(ValidationError):
        JobPosting.model_validate(POSTING.model_dump() | {"headcount": headcount})


@pytest.mark.parametrize("seconds", [4, 121])
def test_an_item_is_shown_for_5_to_120_seconds(seconds):
    with pytest.raises(ValidationError):
        DisplayItem.model_validate(NOTICE.model_dump() | {"seconds": seconds})


@pytest.mark.parametrize(
    ("minimum", "maximum", "wanted", "reached"),
    [
        ("3000", "4500", "4500", True),
        ("3000", "4500", "4500.01", False),
        ("3000", None, "3000", True),
        ("3000", None, "3001", False),
        (None, "4500", "4000", True),
        (None, None, "0", False),
    ],
)
def test_a_wage_reaches_what_can_be_earned(minimum, maximum, wanted, reached):
    wage = Wage(period=WagePeriod.MONTH, minimum=minimum, maximum=maximum)
    assert wage.reaches(Decimal(wanted)) is reached


def test_a_negotiable_wage_reaches_nothing():
    assert not Wage(period=WagePeriod.NEGOTIABLE).reaches(Decimal(0))


@pytest.mark.parametrize(
    ("local", "seen"),
    [
        (at(17, 12), False),
        (at(18, 8, 29, 59), False),
        (at(18, 8, 30), True),
        (at(18, 12, 0), True),
        (at(18, 12, 0, 1), False),
        (at(19, 9), False),
        (at(20, 9), True),
        (at(25, 9), False),
    ],
)
def test_an_item_is_seen_on_its_days_and_hours_only(local, seen):
    hours = Hours(first_day=DAY, last_day=date(2026, 3, 20), weekdays=(3, 5), opens=time(8, 30), closes=time(12, 0))
    assert hours.include(local) is seen


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_hours_that_say_nothing_mean_the_whole_day(hour):
    assert HOURS.include(at(19, hour, 59, 59))
