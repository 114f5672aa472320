"""The feed: everything public, by cursor, in full once and then only what changed."""

from datetime import date, datetime, timedelta

import pytest

from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import (
    Course,
    DisplayItem,
    Employer,
    FeedKind,
    FeedPage,
    Hours,
    JobPosting,
    Wage,
)
from contract.key_list import KeyList
from county.publishing import Position, publish, withdraw

TODAY = date(2026, 3, 10)


def posting(number, *, office, days=30, title="包装工"):
    return JobPosting(
        posting_no=number,
        title=title,
        trade=Trade.FACTORY,
        employer=Employer(name="示例包装厂", checked_on=TODAY),
        headcount=5,
        wage=Wage(period=WagePeriod.MONTH, minimum="3800.00", maximum="5200.00"),
        schooling=Schooling.ANY,
        region="510521109",
        work_place="云龙镇",
        contact_name="王示例",
        contact_phone="08300000000",
        origin="县就业局",
        verified_on=TODAY,
        published_at=office.hub.clock.now(),
        expires_on=office.hub.clock.today() + timedelta(days=days),
    )


def notice(number, last_day):
    return DisplayItem(item_no=number, title="通知", hours=Hours(first_day=TODAY, last_day=last_day), issuer="县人社局")


@pytest.fixture
def post(empty_office):
    def posted(number, **other):
        with empty_office.hub.store.writing() as connection:
            content = posting(number, office=empty_office, **other)
            publish(connection, FeedKind.POSTING, number, content)

    return posted


def page_of(office, cursor="", **query):
    reply = office.client.get("/v1/feed", query_string={"cursor": cursor} | query)
    assert reply.status_code == 200, reply.text
    return FeedPage.model_validate_json(reply.data)


def keys(page):
    return [item.key for item in page.items]


def test_an_empty_county_has_an_empty_feed(empty_office):
    page = page_of(empty_office)
    assert page.items == ()
    assert not page.more


def test_pages_join_without_hole_or_double(empty_office, post):
    for number in range(7):
        post(f"P{number}")
    pages = [page_of(empty_office, limit=3)]
    while pages[-1].more:
        pages.append(page_of(empty_office, pages[-1].cursor, limit=3))
    assert [len(page.items) for page in pages] == [3, 3, 1]
    assert [key for page in pages for key in keys(page)] == [f"P{number}" for number in range(7)]
    assert pages[0].items[0].content().title == "包装工"
    assert [page.restart for page in pages] == [True, False, False]


def test_exactly_a_full_page_is_the_last_one(empty_office, post):
    for number in range(3):
        post(f"P{number}")
    assert not page_of(empty_office, limit=3).more


def test_afterwards_only_changes_come_under_rising_revisions(empty_office, post):
    post("P1")
    post("P2")
    first = page_of(empty_office)
    post("P1", title="质检员")
    second = page_of(empty_office, first.cursor)
    assert keys(second) == ["P1"]
    assert second.items[0].content().title == "质检员"
    assert second.items[0].revision > max(item.revision for item in first.items)
    assert page_of(empty_office, second.cursor).items == ()
    assert keys(page_of(empty_office)) == ["P2", "P1"]


def test_an_item_that_changes_between_two_pages_is_not_lost(empty_office, post):
    for number in range(4):
        post(f"P{number}")
    first = page_of(empty_office, limit=2)
    post("P0", title="质检员")
    rest = page_of(empty_office, first.cursor, limit=10)
    assert keys(rest) == ["P2", "P3", "P0"]


def test_a_withdrawn_item_comes_as_its_removal_without_body(empty_office, post):
    post("P1")
    cursor = page_of(empty_office).cursor
    with empty_office.hub.store.writing() as connection:
        withdraw(connection, FeedKind.POSTING, "P1")
        withdraw(connection, FeedKind.POSTING, "never-was")
    (removal,) = page_of(empty_office, cursor).items
    assert (removal.key, removal.removed, removal.body) == ("P1", True, None)


def test_while_another_writes_for_long_the_feed_is_told_as_it_stands_and_follows_the_calendar_later(empty_office, post):
    post("ZP1", days=1)
    empty_office.later(days=2)
    with empty_office.hub.store.writing("feed"):  # an import, say
        assert [item.key for item in page_of(empty_office).items if not item.removed] == ["ZP1"]
        assert empty_office.client.get("/v1/postings").status_code == 200
    assert [item.key for item in page_of(empty_office).items if not item.removed] == []
    assert empty_office.client.get("/v1/postings").json["items"] == []


def test_an_expired_posting_is_removed_and_the_last_day_still_counts(empty_office, post):
    post("P1", days=2)
    cursor = page_of(empty_office).cursor
    empty_office.later(days=2)
    assert page_of(empty_office, cursor).items == ()
    empty_office.later(days=3)
    gone = page_of(empty_office, cursor)
    assert [(item.key, item.removed) for item in gone.items] == [("P1", True)]
    empty_office.later(days=0)
    back = page_of(empty_office, gone.cursor)
    assert [(item.key, item.removed) for item in back.items] == [("P1", False)]


def test_a_withdrawn_item_stays_away_when_the_clock_is_moved_back(empty_office, post):
    post("P1", days=2)
    with empty_office.hub.store.writing() as connection:
        withdraw(connection, FeedKind.POSTING, "P1")
    empty_office.later(days=-1)
    assert page_of(empty_office).items[0].removed


def test_what_has_no_last_day_stays(empty_office):
    course = Course(
        course_no="C1", title="焊工", school="示例学校", region="510521", starts_on=TODAY, days=10, seats=30
    )
    with empty_office.hub.store.writing() as connection:
        publish(connection, FeedKind.COURSE, "C1", course)
    empty_office.later(days=4000)
    assert keys(page_of(empty_office)) == ["C1"]


def test_unchanged_is_answered_304_with_the_time_it_is_true_for(empty_office, post):
    post("P1")
    first = empty_office.client.get("/v1/feed")
    cursor = first.json["cursor"]
    quiet = empty_office.client.get("/v1/feed", query_string={"cursor": cursor})
    before = empty_office.hub.clock.now().replace(microsecond=0)  # told to the second: one signature serves many
    same = empty_office.client.get(
        "/v1/feed", query_string={"cursor": cursor}, headers={"If-None-Match": quiet.headers["ETag"]}
    )
    assert same.status_code == 304
    assert same.data == b""
    assert before <= datetime.fromisoformat(same.headers["As-Of"]) <= empty_office.hub.clock.now()
    post("P2")
    changed = empty_office.client.get(
        "/v1/feed", query_string={"cursor": cursor}, headers={"If-None-Match": quiet.headers["ETag"]}
    )
    assert changed.status_code == 200
    assert [item["key"] for item in changed.json["items"]] == ["P2"]


def test_a_wall_gets_the_items_of_its_area_and_of_those_around_it(empty_office, post):
    post("P1")
    last_day = empty_office.hub.clock.today()
    areas = {"county": "510521", "town": "510521109", "village": "510521109001", "next": "510521110"}
    with empty_office.hub.store.writing() as connection:
        for key, area in areas.items():
            publish(connection, FeedKind.DISPLAY_ITEM, key, notice(key, last_day), area)
    assert keys(page_of(empty_office, area="510521109")) == ["P1", "county", "town"]
    assert keys(page_of(empty_office, area="510521109001")) == ["P1", "county", "town", "village"]
    assert keys(page_of(empty_office, area="510521")) == ["P1", "county"]
    assert keys(page_of(empty_office, area="510522")) == ["P1"]
    assert len(page_of(empty_office).items) == 5


def test_a_change_for_another_area_moves_the_cursor_but_brings_nothing(empty_office, post):
    post("P1")
    here = page_of(empty_office, area="510521109")
    with empty_office.hub.store.writing() as connection:
        publish(connection, FeedKind.DISPLAY_ITEM, "n", notice("n", empty_office.hub.clock.today()), "510521110")
    later = page_of(empty_office, here.cursor, area="510521109")
    assert later.items == ()
    assert not later.restart
    assert later.cursor != here.cursor


def test_a_kiosk_that_moved_to_another_area_starts_over(empty_office, post):
    post("P1")
    moved = page_of(empty_office, page_of(empty_office, area="510521109").cursor, area="510521110")
    assert moved.restart
    assert keys(moved) == ["P1"]


def test_a_cursor_of_another_database_starts_over(empty_office, office, post):
    post("P1")
    page = page_of(empty_office, page_of(office).cursor)
    assert page.restart
    assert keys(page) == ["P1"]


def test_a_kiosk_that_has_seen_more_than_a_restored_database_starts_over(empty_office, post):
    post("P1")
    ahead = Position(500, "", empty_office.hub.epoch).cursor()
    page = page_of(empty_office, ahead)
    assert page.restart
    assert keys(page) == ["P1"]
    beyond_all_numbers = Position(10**40, "", empty_office.hub.epoch).cursor()
    assert page_of(empty_office, beyond_all_numbers).restart


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "%%%"},
        {"cursor": "bm90IG91cnM"},
        {"cursor": "12"},
        {"area": "51"},
        {"area": "51052110x"},
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": "9" * 5000},
        {"limit": "³"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_400(empty_office, query):
    reply = empty_office.client.get("/v1/feed", query_string=query)
    assert reply.status_code == 400
    assert reply.json["type"] == "malformed"


def test_the_whole_invented_town_comes_through_as_messages(office):
    pages = [page_of(office, area="510521109", limit=200)]
    while pages[-1].more:
        pages.append(page_of(office, pages[-1].cursor, area="510521109", limit=200))
    contents = [item.content() for page in pages for item in page.items]
    kinds = [type(content).__name__ for content in contents]
    assert kinds.count("JobPosting") >= 500
    assert kinds.count("Course") >= 30
    assert kinds.count("Policy") >= 40
    assert 1 <= kinds.count("DisplayItem") <= 12


def test_the_keys_say_to_which_key_content_is_sealed(empty_office):
    told = KeyList.model_validate_json(empty_office.client.get("/v1/keys").data)
    assert told.sealing == empty_office.hub.key.published()


@pytest.mark.parametrize(("with_names", "hours"), [(False, 48), (True, 6)])
def test_a_lease_is_the_hubs_setting_and_shorter_for_names(open_office, with_names, hours):
    office = open_office(lease_hours=48, names_lease_hours=6)
    today = office.hub.clock.today()
    item = DisplayItem(
        item_no="1", title="公示", hours=Hours(first_day=today, last_day=today), issuer="县", with_names=with_names
    )
    with office.hub.store.writing() as connection:
        publish(connection, FeedKind.DISPLAY_ITEM, "1", item, leases=office.hub.leases)
    (told,) = office.client.get("/v1/feed").json["items"]
    assert told["lease_hours"] == hours
    office.later(days=1)
    assert office.client.get("/v1/feed").json["items"][0]["lease_hours"] == hours, "its removal says the same"
