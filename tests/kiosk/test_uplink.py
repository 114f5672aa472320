"""The uplink goes on whatever happens: a lost key, a full disk, a broken feed, a wrong clock; staff see what waits."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from contract.feed import (
    FeedPage,
)
from contract.key_list import KeyList
from contract.problems import ProblemType
from contract.submissions import ClockConfidence, SubmissionKind
from kiosk.county_errors import CountyRefused
from kiosk.uplink import Acknowledged
from kiosk.uplink.outbox.rows import OutboxCounts
from tests.hall import eventually
from tests.odd_county import Said
from tests.outbox_line import ACCEPTED, Counter, Line, keys, refusal
from tests.signed_county import said_page


@pytest.fixture
def counter(hall):
    return Counter(hall)


@pytest.fixture
def session(counter):
    return counter.session


@pytest.fixture
def line(tmp_path, odd_county):
    made = Line(tmp_path, odd_county)
    yield made
    made.close()


def new_key(hall):
    """The county's key is lost; the hub starts with another."""
    hall.cut()
    hall.hub.settings.keys.unlink()


def test_a_submission_sealed_to_a_lost_key_is_held_and_the_next_one_goes_through(counter):
    new_key(counter.hall)
    assert counter.submit().state is Acknowledged.QUEUED
    counter.hall.mend()
    counter.machine.county.outbox.hurry()
    counter.machine.county.outbox.drain()
    assert counter.counts() == OutboxCounts(queued=1, answered=0, refused=0)
    (stuck,) = counter.machine.county.outbox.clerks.troubled()
    assert (stuck.state, stuck.problem) == ("queued", "unknown-key")
    assert counter.submit().state is Acknowledged.ACCEPTED
    assert counter.counts() == OutboxCounts(queued=1, answered=1, refused=0)


def test_what_is_held_goes_out_when_the_county_has_its_old_key_again(counter):
    old = counter.hall.hub.settings.keys.read_bytes()
    new_key(counter.hall)
    counter.submit()
    counter.hall.mend()
    counter.machine.county.outbox.hurry()
    counter.machine.county.outbox.drain()
    counter.hall.cut()
    counter.hall.hub.settings.keys.write_bytes(old)
    counter.hall.mend()
    counter.machine.county.outbox.hurry()
    counter.machine.county.outbox.drain()
    assert counter.counts() == OutboxCounts(queued=0, answered=1, refused=0)


def test_the_key_is_asked_for_at_every_poll_and_kept_on_disk(line, odd_county):
    odd_county.say("/v1/keys", keys("new"))
    line.county.seal.renew()
    odd_county.say("/v1/keys", Said(304))
    line.county.seal.renew()
    assert line.county.feed.keys.held().sealing.key_id == "new"


def test_an_unchanged_key_costs_no_answer(counter):
    keys, client = counter.machine.county.feed.keys, counter.machine.county.client
    keys.renew()
    assert client.get("/v1/keys", KeyList, etag=keys._etag).status == 304


def test_a_submission_is_held_where_the_county_tells_no_new_key(line, session, odd_county):
    odd_county.say("/v1/submissions", refusal(ProblemType.UNKNOWN_KEY, 422))
    odd_county.say("/v1/keys", refusal(ProblemType.NOT_FOUND, 404))
    assert line.submit(session).state is Acknowledged.QUEUED
    assert line.row().sealed


def test_an_address_the_county_does_not_know_is_no_verdict(line, session, odd_county):
    odd_county.say("/v1/submissions", refusal(ProblemType.NOT_FOUND, 404))
    assert line.submit(session).state is Acknowledged.QUEUED
    assert line.county.outbox.clerks.troubled()[0].problem == "not-found"


def test_what_was_refused_keeps_its_content_and_staff_can_find_it(line, session, odd_county):
    odd_county.say("/v1/submissions", refusal())
    with pytest.raises(CountyRefused):
        line.submit(session)
    assert line.row().sealed
    (refused,) = line.county.outbox.clerks.troubled()
    assert (refused.state, refused.problem, refused.kind) == ("refused", "consent-missing", SubmissionKind.APPOINTMENT)
    assert refused.number.endswith(line.row().submission_id[:8].upper())


def test_what_waits_for_a_day_is_stuck(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    assert line.county.outbox.clerks.troubled() == ()
    line.clock.move(timedelta(hours=25))
    (stuck,) = line.county.outbox.clerks.troubled()
    assert (stuck.state, stuck.problem) == ("queued", "")


def test_after_a_month_what_is_still_queued_or_nobody_saw_to_is_kept(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    line.submit(session)
    odd_county.say("/v1/submissions", refusal())
    with pytest.raises(CountyRefused):
        line.submit(session)
    line.clock.move(timedelta(days=29))
    line.county.outbox.prune()
    assert line.county.outbox.counts() == OutboxCounts(queued=1, answered=1, refused=1)
    line.clock.move(timedelta(days=31))
    line.county.outbox.prune()
    assert line.county.outbox.counts() == OutboxCounts(queued=1, answered=0, refused=1)
    refused = next(row for row in line.county.outbox.clerks.waiting() if row.state == "refused")
    line.county.outbox.clerks.hand_over(refused.submission_id, "clerk")
    line.county.outbox.prune()
    assert line.county.outbox.counts() == OutboxCounts(queued=1, answered=0, refused=0)


@pytest.fixture
def uplink(line):
    """The uplink's own thread, as a machine runs it."""
    stop = threading.Event()
    thread = threading.Thread(target=line.county.rounds.keep_up, args=(stop, 0.05))
    thread.start()
    yield thread
    stop.set()
    thread.join(10)


def hurried(line):
    """A try that was under way may set its own pause afterwards: hurry again."""
    line.county.outbox.hurry()
    line.county.outbox.refilled.set()
    return True


def test_a_store_that_cannot_be_written_for_a_while_ends_no_uplink(line, session, odd_county, uplink):
    odd_county.say("/v1/feed", feed_page)
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    with line.store.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk BEFORE INSERT ON note BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk_too BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    for _ in range(2):
        before = line.county.rounds.last_round
        eventually(lambda seen=before: line.county.rounds.last_round != seen)
    assert uplink.is_alive()
    with line.store.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk")
        connection.exec_driver_sql("DROP TRIGGER full_disk_too")
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    eventually(lambda: hurried(line) and line.row().state == "answered")
    eventually(lambda: hurried(line) and line.county.feed.as_of is not None)


def test_a_feed_that_is_broken_holds_up_no_submission(line, session, odd_county, uplink):
    odd_county.say("/v1/feed", Said(200, b"nonsense"))
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    eventually(lambda: hurried(line) and line.row().state == "answered")
    assert uplink.is_alive()


def feed_page():
    return said_page(FeedPage(cursor="a", more=False, as_of=datetime.now(UTC), items=()))


def test_the_kiosk_tells_the_countys_time_where_its_own_clock_is_wrong(line, session, odd_county):
    odd_county.say("/v1/feed", feed_page)
    odd_county.say("/v1/submissions", Said(500))
    line.clock.move(timedelta(days=-400))
    assert line.county.feed.county_time.confidence is ClockConfidence.UNKNOWN
    line.county.feed.pull()
    line.submit(session)
    assert abs(datetime.fromisoformat(line.row().made_at) - datetime.now(UTC)) < timedelta(minutes=1)
    assert line.county.feed.county_time.confidence is ClockConfidence.DRIFTING
