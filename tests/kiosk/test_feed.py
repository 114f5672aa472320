"""The copy of what is public: taken page by page, kept through every cut, dark when its lease is over."""

import hashlib
import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from contract.feed import DisplayItem, FeedItem, FeedKind, FeedPage, Hours, Policy
from contract.job_query import JobQuery
from kiosk.clock import Clock
from kiosk.county_errors import CountyUnavailable
from kiosk.journal import Journal
from kiosk.store import Store
from kiosk.uplink import County
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex
from tests.hall import eventually
from tests.odd_county import Said
from tests.postings import a_posting
from tests.signed_county import said_keys, said_page, said_unchanged

NOW = datetime.now(UTC)


def notice(number, **other):
    day = NOW.date()
    hours = Hours(first_day=day - timedelta(days=9), last_day=day + timedelta(days=9))
    body = DisplayItem(**{"item_no": number, "title": f"通知{number}", "hours": hours, "issuer": "县"} | other)
    return FeedItem(kind=FeedKind.DISPLAY_ITEM, key=number, revision=1, body=body.model_dump(mode="json"))


def posting(number, **other):
    body = a_posting(number, **other).model_dump(mode="json")
    return FeedItem(kind=FeedKind.POSTING, key=number, revision=1, body=body)


class Town:
    """A kiosk's copy and a county that serves it pages by cursor."""

    def __init__(self, folder, county):
        self.county, self.folder = county, folder
        self.pages = {}
        self.county.say("/v1/keys", said_keys())
        self.county.say("/v1/feed", self.answer)
        self.open()

    def open(self):
        self.store = Store(self.folder / "kiosk.sqlite")
        self.clock = Clock("Asia/Shanghai")
        self.client = CountyClient(self.county.url, 5.0)
        self.feed = Feed(self.store, self.client, self.clock, "510521109", JobIndex(self.store, 20))

    def close(self):
        self.client.close()
        self.store.close()

    def restart(self):
        offset = self.clock.offset
        self.close()
        self.open()
        self.clock.move(offset)

    def answer(self):
        asked = self.county.asked[-1][1]
        cursor = asked.partition("cursor=")[2].partition("&")[0]
        said = self.pages[cursor]
        return said if isinstance(said, Said) else said_page(said, cursor)

    def page(self, at, items, cursor, *, more=False, **other):
        self.pages[at] = FeedPage(cursor=cursor, more=more, as_of=NOW, items=tuple(items), **other)

    def shown(self):
        return [item.item_no for item in self.feed.wall().items]

    def found(self):
        page = self.feed.jobs.find(JobQuery(), 1, self.clock.local().date())
        return sorted(job.posting_no for job in page.postings)


@pytest.fixture
def town(tmp_path, odd_county):
    made = Town(tmp_path, odd_county)
    yield made
    made.close()


def test_pages_are_taken_until_there_is_no_more_and_only_then_is_the_copy_complete(town):
    town.page("", [notice("1"), posting("p1")], "a", more=True)
    town.page("a", [notice("2"), posting("p2")], "b")
    assert town.feed.as_of is None
    town.feed.pull()
    assert town.shown() == ["1", "2"]
    assert town.found() == ["p1", "p2"]
    assert town.feed.as_of == NOW
    assert town.feed.count(FeedKind.DISPLAY_ITEM) == 2


BAD = {
    "cut": Said(500),
    "no json": Said(200, b"<html>"),
    "a redirect": Said(302, b"", {"Location": "/v1/feed"}),
    "unchanged without a date": Said(304),
    "unchanged since nonsense": said_unchanged("yesterday", ""),
    "unchanged since a time without zone": said_unchanged("2026-01-01T00:00:00", ""),
    "refused": Said(410, b'{"type": "not-found", "title": "x", "status": 410}'),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_was_taken_before_a_bad_page_is_kept_and_the_pull_goes_on_from_there(town, bad):
    town.page("", [notice("1"), posting("p1")], "a", more=True)
    town.pages["a"] = BAD[bad]
    with pytest.raises(CountyUnavailable):
        town.feed.pull()
    assert town.found() == ["p1"]
    assert town.feed.as_of is None
    town.page("a", [posting("p2")], "b")
    town.feed.pull()
    assert town.found() == ["p1", "p2"]


def test_a_cursor_that_does_not_move_is_no_endless_loop(town):
    town.page("", [notice("1")], "", more=True)
    with pytest.raises(CountyUnavailable, match="does not move"):
        town.feed.pull()


def test_an_item_that_lies_about_its_kind_is_refused_with_its_page_and_nothing_else(town):
    town.page("", [posting("p1")], "a", more=True)
    policy = Policy(policy_no="x", title="t", issuer="i", issued_on=NOW.date(), summary="s", body="b")
    liar = FeedItem(kind=FeedKind.POSTING, key="p9", revision=1, body=policy.model_dump(mode="json"))
    town.page("a", [posting("p2"), liar], "b")
    with pytest.raises(CountyUnavailable, match="p9 is not what it says"):
        town.feed.pull()
    assert town.found() == ["p1"]
    assert town.store.recall("feed.cursor") == "a"


def test_an_item_that_is_removed_disappears_from_wall_and_search(town):
    town.page("", [notice("1"), notice("2"), posting("p1"), posting("p2")], "a")
    town.feed.pull()
    gone = [FeedItem(kind=FeedKind.DISPLAY_ITEM, key="1", revision=2, removed=True),
            FeedItem(kind=FeedKind.POSTING, key="p1", revision=2, removed=True)]  # fmt: skip
    town.page("a", gone, "b")
    town.feed.pull()
    assert town.shown() == ["2"]
    assert town.found() == ["p2"]
    assert town.feed.jobs.one("p1", NOW.date()) is None


def test_a_county_that_begins_anew_leaves_nothing_of_before(town):
    town.page("", [notice("1"), posting("p1")], "a")
    town.feed.pull()
    town.page("a", [notice("7"), posting("p7")], "z", restart=True)
    town.feed.pull()
    assert town.shown() == ["7"]
    assert town.found() == ["p7"]


def test_an_unchanged_feed_renews_the_leases(town):
    town.page("", [notice("1")], "a")
    town.feed.pull()
    later = NOW + timedelta(hours=71)
    town.clock.move(timedelta(hours=71))
    town.pages["a"] = said_unchanged(later.isoformat())
    town.feed.pull()
    town.clock.move(timedelta(hours=140))
    assert town.shown() == ["1"]


def test_content_goes_dark_when_its_lease_is_over_and_a_clock_set_back_brings_nothing_back(town):
    town.page("", [notice("1")], "a")
    town.feed.pull()
    town.clock.move(timedelta(hours=70))
    assert town.shown() == ["1"]
    town.clock.move(timedelta(hours=74))
    assert town.shown() == []
    town.clock.move(timedelta(hours=-5))
    assert town.shown() == []
    assert not town.feed.lit(72)


def test_a_restart_while_cut_shows_what_was_lit_and_keeps_dark_what_was_dark(town):
    town.page("", [notice("1"), posting("p1")], "a")
    town.feed.pull()
    town.county.say("/v1/feed", Said(500))
    town.restart()
    assert town.shown() == ["1"]
    assert town.found() == ["p1"]
    assert town.feed.as_of == NOW
    town.clock.move(timedelta(hours=73))
    assert town.shown() == []
    town.restart()
    town.clock.move(timedelta())
    assert town.shown() == []


def test_nothing_is_lit_before_the_first_pull(town):
    assert not town.feed.lit(72)
    assert town.shown() == []


def test_only_what_may_be_seen_at_this_hour_stands_on_the_wall_in_its_order(town):
    day = town.clock.local().date()
    closed = Hours(first_day=day - timedelta(days=9), last_day=day - timedelta(days=1))
    never = Hours(first_day=day, last_day=day, opens=time(0, 0), closes=time(0, 0))
    items = [notice("a", order=3), notice("b", order=1), notice("c", hours=closed), notice("d", hours=never)]
    town.page("", items, "x")
    town.feed.pull()
    assert town.shown() == ["b", "a"]


PICTURE = b"\x89PNG a picture"
NAME = hashlib.sha256(PICTURE).hexdigest()


def test_a_picture_comes_with_its_item_and_is_asked_for_once(town):
    town.county.say("/v1/media", Said(200, PICTURE, {"Content-Type": "image/png"}))
    town.page("", [notice("1", picture=NAME), notice("2", picture=NAME)], "a")
    town.feed.pull()
    assert town.feed.picture(NAME) == (PICTURE, "image/png")
    assert len([path for _, path, _, _ in town.county.asked if "media" in path]) == 1


@pytest.mark.parametrize(
    "said",
    [
        Said(200, b"<script>another</script>", {"Content-Type": "text/html"}),
        Said(404, b'{"type": "not-found", "title": "x", "status": 404}'),
    ],
)
def test_a_picture_that_is_missing_or_another_holds_nothing_up_and_is_never_shown(town, said):
    town.county.say("/v1/media", said)
    town.page("", [notice("1", picture=NAME), posting("p1")], "a")
    town.feed.pull()
    assert town.feed.picture(NAME) is None
    assert town.found() == ["p1"]


def test_whoever_waits_hears_of_a_change(town):
    heard = []
    waiter = threading.Thread(target=lambda: heard.append(town.feed.wait_beyond(0, 20)))
    waiter.start()
    town.page("", [notice("1")], "a")
    town.feed.pull()
    waiter.join(5)
    assert heard == [1]
    assert town.feed.wait_beyond(1, 0.01) == 1


def test_the_uplink_outlives_a_bad_county_and_pulls_again_when_it_is_mended(town):
    town.page("", [notice("1")], "a")
    town.county.say("/v1/feed", Said(304, b"", {"As-Of": "nonsense"}))
    journal = Journal(town.store, town.clock, b"k" * 32)
    county, stop = County(town.store, town.client, journal, town.clock, town.feed), threading.Event()
    thread = threading.Thread(target=county.rounds.keep_up, args=(stop, 0.05))
    thread.start()
    eventually(lambda: len(town.county.asked) > 3)
    town.county.say("/v1/feed", town.answer)
    town.pages["a"] = said_unchanged(NOW.isoformat())
    eventually(lambda: town.shown() == ["1"])
    assert thread.is_alive()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_postings_go_dark_after_the_shortest_lease_they_came_with(town):
    town.page("", [posting("p1"), posting("p2").model_copy(update={"lease_hours": 5})], "a")
    town.feed.pull()
    town.clock.move(timedelta(hours=4))
    assert town.feed.postings_lit()
    town.clock.move(timedelta(hours=6))
    assert not town.feed.postings_lit()
    town.clock.move(timedelta())
    town.page("a", [posting("p1")], "b", restart=True)
    town.feed.pull()
    town.store.remember("time.highest", "")
    town.restart()
    town.clock.move(timedelta(hours=6))
    assert town.feed.postings_lit()


def test_a_picture_goes_with_the_last_item_that_named_it(town):
    town.county.say("/v1/media", Said(200, PICTURE, {"Content-Type": "image/png"}))
    town.page("", [notice("1", picture=NAME), notice("2", picture=NAME)], "a")
    town.page("a", [FeedItem(kind=FeedKind.DISPLAY_ITEM, key="1", revision=2, removed=True)], "b")
    town.page("b", [FeedItem(kind=FeedKind.DISPLAY_ITEM, key="2", revision=3, removed=True)], "c")
    town.feed.pull()
    town.feed.pull()
    assert town.feed.picture(NAME) == (PICTURE, "image/png")
    town.feed.pull()
    assert town.feed.picture(NAME) is None


def test_a_county_that_says_an_impossible_year_is_not_believed(town):
    town.pages[""] = FeedPage(cursor="a", more=False, as_of=NOW.replace(year=9999), items=())
    with pytest.raises(CountyUnavailable, match="the year 9999"):
        town.feed.pull()
    assert town.feed.as_of is None
