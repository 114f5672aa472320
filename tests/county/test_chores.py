"""What no request waits for: rows past their time go, by whichever hub comes first, and never by two."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from contract.feed import Course, DisplayItem, FeedKind, Hours
from county import models
from county.chores import FIRST_PAUSE, LONGEST_PAUSE, Chores, all_chores, next_pause
from county.chores.sweeps import PORTION, SWEEPS, Sweep, sweep
from county.clock import HubClock
from county.office import ACTS
from county.publishing import publish
from county.store import open_store
from tests.hall import eventually

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
CARD = {"kiosk": "k", "card": "c"}
PAST = {
    "nonces": lambda when: {"key_id": "k", "nonce": f"{when.timestamp()}", "until": when},
    "answered cards": lambda when: CARD | {"insertion": f"{when.timestamp()}", "at": when},
    "wrong tries": lambda when: {"account": "a", "tried_at": when},
    "forgotten kiosks": lambda when: {
        "key_id": f"{when.timestamp()}", "fingerprint": "f", "name": "k", "site": "510521", "signing_key": "",
        "receiving_key": "", "version": "", "state": "pending", "enrolled_at": when,
    },
}  # fmt: skip


def count(store, table):
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def put(store, table, *rows):
    with store.writing() as connection:
        connection.execute(insert(table), list(rows))


def done(office):
    return dict(all_chores(office.hub.store, office.hub.clock))


@pytest.mark.parametrize("name", PAST)
def test_rows_past_their_time_go_and_others_stay(empty_office, name):
    table = next(one.table for one in SWEEPS if one.name == name)
    before = count(empty_office.hub.store, table)
    now = empty_office.hub.clock.now()
    put(empty_office.hub.store, table, PAST[name](now - timedelta(days=40)), PAST[name](now + timedelta(minutes=1)))
    assert done(empty_office)[name] == 1
    assert count(empty_office.hub.store, table) == before + 1
    assert done(empty_office)[name] == 0


def test_a_sitting_and_a_staff_session_end_by_themselves_and_go_later(office):
    office.sitting_of("王秀英")
    office.employ("chen", "clerk")
    assert done(office)["sittings"] == done(office)["staff sessions"] == 0
    office.later(minutes=20)
    assert done(office)["staff sessions"] == 1
    assert done(office)["sittings"] == 0, "a late submission still names its sitting"
    office.later(days=8)
    assert done(office)["sittings"] == 1


def test_what_ran_out_leaves_the_feed_overnight_with_nobody_asking(empty_office):
    today = empty_office.hub.clock.today()
    hours = Hours(first_day=date(2026, 1, 1), last_day=today)
    with empty_office.hub.store.writing() as connection:
        notice = DisplayItem(item_no="N1", title="通知", hours=hours, issuer="县人社局")
        publish(connection, FeedKind.DISPLAY_ITEM, "N1", notice)
        course = Course(course_no="C1", title="c", school="s", region="510521", starts_on=today, days=1, seats=1)
        publish(connection, FeedKind.COURSE, "C1", course)
    assert done(empty_office)["calendar"] == 0
    empty_office.later(days=1)
    assert done(empty_office)["calendar"] == 1
    with empty_office.hub.store.reading() as connection:
        removed = connection.execute(select(models.feed.c.key).where(models.feed.c.removed)).scalars().all()
    assert removed == ["N1"]


def test_a_running_hub_does_them_by_itself_and_stops_when_told(empty_office):
    store = empty_office.hub.store
    put(store, models.nonces, PAST["nonces"](LONG_AGO))
    chores = Chores(store, empty_office.hub.clock, first_pause=0.01)
    chores.start()
    eventually(lambda: count(store, models.nonces) == 0, 20)
    chores.stop()
    put(store, models.nonces, PAST["nonces"](LONG_AGO))
    assert count(store, models.nonces) == 1


def test_pauses_grow_while_there_is_nothing_to_do():
    assert next_pause(FIRST_PAUSE, 0) == 2 * FIRST_PAUSE
    assert next_pause(LONGEST_PAUSE, 0) == LONGEST_PAUSE
    assert next_pause(LONGEST_PAUSE, 3) == FIRST_PAUSE


def many(store, number):
    put(store, models.nonces, *({"key_id": "k", "nonce": f"{n:08}", "until": LONG_AGO} for n in range(number)))


def test_a_crash_in_mid_chore_leaves_the_rest_for_the_next(empty_office):
    """The first portion is done, the transaction of the second breaks."""
    store, portions = empty_office.hub.store, []
    many(store, 2 * PORTION + 7)

    def due(now):
        portions.append(now)
        if len(portions) == 2:
            raise RuntimeError("the power goes")
        return models.nonces.c.until < now

    with pytest.raises(RuntimeError):
        sweep(store, Sweep("nonces", models.nonces, due), empty_office.hub.clock.now())
    assert count(store, models.nonces) == PORTION + 7
    assert done(empty_office)["nonces"] == PORTION + 7


@pytest.mark.postgresql
def test_rows_in_anothers_hand_are_left_to_it(postgres):
    store = open_store(postgres.url(postgres.database()))
    many(store, 3)
    with store.writing() as another:
        taken = select(models.nonces).where(models.nonces.c.nonce == "00000001").with_for_update()
        assert another.execute(taken).one()
        assert dict(all_chores(store, HubClock()))["nonces"] == 2
    assert dict(all_chores(store, HubClock()))["nonces"] == 1
    store.close()


PROGRAM = (
    "import sys; from county.chores import all_chores; from county.clock import HubClock\n"
    "from county.store import open_store\n"
    "store = open_store(sys.argv[1]); print('ready', flush=True); sys.stdin.readline()\n"
    "print(dict(all_chores(store, HubClock()))['nonces'])\n"
)


@pytest.mark.postgresql
def test_two_hubs_never_take_the_same_row(postgres):
    """Two processes begin at the same moment; between them they report each row once."""
    url = postgres.url(postgres.database())
    store = open_store(url)
    many(store, 40 * PORTION)
    hubs = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [hub.stdout.readline() for hub in hubs] == ["ready\n"] * 2
    for hub in hubs:
        hub.stdin.write("\n")
        hub.stdin.flush()
    taken = [int(hub.communicate(timeout=60)[0]) for hub in hubs]
    taken.append(dict(all_chores(store, HubClock()))["nonces"])  # what one skipped because the other died is left
    assert sum(taken) == 40 * PORTION
    assert count(store, models.nonces) == 0
    store.close()


def test_an_officer_does_them_once(empty_office, tmp_path):
    put(empty_office.hub.store, models.nonces, PAST["nonces"](LONG_AGO))
    assert "nonces: 1" in ACTS["chores"](empty_office.hub.settings, [])
    assert count(empty_office.hub.store, models.nonces) == 0
