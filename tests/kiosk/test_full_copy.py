"""A county that begins anew while residents look: nothing goes dark before the new copy is whole."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contract.feed import DisplayItem, FeedItem, FeedKind, FeedPage, Hours
from kiosk.clock import Clock
from kiosk.county_errors import CountyUnavailable
from kiosk.store import Store
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex
from tests.odd_county import Said
from tests.signed_county import said_keys, said_page


def notice(number):
    hours = Hours(first_day=date(2020, 1, 1), last_day=date(2099, 1, 1))
    item = DisplayItem(item_no=f"W-{number}", title=f"通知{number}", hours=hours, issuer="县局")
    return FeedItem(kind=FeedKind.DISPLAY_ITEM, key=item.item_no, revision=number, body=item.model_dump(mode="json"))


class Kiosk:
    """A copy of the feed on disk before a county that says what the test wants."""

    def __init__(self, folder, county):
        self.county, self.folder, self.clock = county, folder, Clock("Asia/Shanghai")
        self.open()

    def open(self):
        self.store = Store(self.folder / "kiosk.sqlite")
        self.client = CountyClient(self.county.url, 5.0)
        self.feed = Feed(self.store, self.client, self.clock, "510521109", JobIndex(self.store, 20))

    def restart(self):
        self.close()
        self.open()

    def close(self):
        self.client.close()
        self.store.close()

    def pull(self, *pages):
        """One pull in which the county answers these pages, and then nothing usable."""
        left = list(pages)

        def answered():
            asked = self.county.asked[-1][1].partition("cursor=")[2].partition("&")[0]
            return said_page(left.pop(0), asked) if left else Said(500)

        self.county.say("/v1/keys", said_keys())
        self.county.say("/v1/feed", answered)
        self.feed.pull()

    def shown(self):
        return [item.title for item in self.feed.wall().items]


@pytest.fixture
def kiosk(tmp_path, odd_county):
    made = Kiosk(tmp_path, odd_county)
    yield made
    made.close()


def page(cursor, *items, more=False, restart=False):
    return FeedPage(cursor=cursor, more=more, as_of=datetime.now(UTC), items=items, restart=restart)


def test_the_wall_keeps_what_it_holds_until_the_new_copy_is_whole(kiosk):
    kiosk.pull(page("a", notice(1), notice(2), restart=True))
    assert kiosk.shown() == ["通知1", "通知2"]
    with pytest.raises(CountyUnavailable):
        kiosk.pull(page("b1", notice(3), more=True, restart=True))  # the line is cut after the first page
    assert kiosk.shown() == ["通知1", "通知2", "通知3"]
    kiosk.pull(page("b2", notice(2)))
    assert kiosk.shown() == ["通知2", "通知3"]


def test_a_copy_interrupted_by_a_restart_of_the_machine_goes_on_where_it_was(kiosk):
    kiosk.pull(page("a", notice(1), restart=True))
    with pytest.raises(CountyUnavailable):
        kiosk.pull(page("b1", notice(2), more=True, restart=True))
    kiosk.restart()
    assert kiosk.shown() == ["通知1", "通知2"]
    kiosk.pull(page("b2", notice(3)))
    assert kiosk.shown() == ["通知2", "通知3"]


def test_a_county_that_begins_anew_twice_leaves_nothing_of_the_copy_between(kiosk):
    kiosk.pull(page("a", notice(1), restart=True))
    with pytest.raises(CountyUnavailable):
        kiosk.pull(page("b1", notice(2), more=True, restart=True))
    kiosk.pull(page("c1", notice(3), more=True, restart=True), page("c2", notice(1)))
    assert kiosk.shown() == ["通知1", "通知3"]


def test_an_unfinished_copy_renews_no_lease(kiosk):
    kiosk.pull(page("a", notice(1), restart=True))
    kiosk.clock.move(timedelta(hours=71))
    with pytest.raises(CountyUnavailable):
        kiosk.pull(page("b1", notice(2), more=True, restart=True))
    assert kiosk.shown() == ["通知1", "通知2"]
    kiosk.clock.move(timedelta(hours=73))
    assert kiosk.shown() == []


def test_small_changes_after_a_copy_leave_the_rest_alone(kiosk):
    kiosk.pull(page("a", notice(1), notice(2), restart=True))
    kiosk.pull(page("b", notice(3), FeedItem(kind=FeedKind.DISPLAY_ITEM, key="W-1", revision=9, removed=True)))
    assert kiosk.shown() == ["通知2", "通知3"]
    kiosk.restart()
    assert kiosk.shown() == ["通知2", "通知3"]
