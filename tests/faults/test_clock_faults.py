"""Faults 41 and 42: a clock that jumps. Sessions go by time that never jumps; wall time is taken with care."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from contract.identifiers import birth_date
from county.clock import local_day
from county.eligibility import due_after
from county.models import submissions
from kiosk.clock import Clock
from kiosk.events import Tick
from kiosk.states import Serving, Vacant
from kiosk.tries import Tries
from kiosk.uplink import Acknowledged
from tests.hall import eventually
from tests.odd_county import Said
from tests.outbox_line import ACCEPTED, Counter, Line
from tests.screen import Screen

DECADE, YEAR, HOUR = timedelta(days=3653), timedelta(days=365), timedelta(hours=1)
JUMPS = (DECADE, -YEAR, -HOUR)


@pytest.fixture
def line(tmp_path, odd_county):
    made = Line(tmp_path, odd_county)
    yield made
    made.close()


@pytest.mark.parametrize("jump", JUMPS, ids=["ten years on", "a year back", "an hour back"])
def test_fault_42_a_jump_of_the_clock_ends_no_session_and_keeps_none_alive(hall, jump):
    screen = Screen(hall)
    screen.insert_card("李伟")
    token = hall.machine.desk.state.session.token
    hall.machine.clock.move(jump)
    hall.machine.desk.handle(Tick())
    assert isinstance(hall.machine.desk.state, Serving)
    assert hall.machine.desk.state.session.token == token
    screen.visit("/services/insurance_query/")
    assert screen.status == 200
    hall.remove()
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant))


@pytest.mark.parametrize("jump", JUMPS, ids=["ten years on", "a year back", "an hour back"])
def test_fault_41_what_waits_goes_out_wherever_the_clock_jumped_meanwhile(line, odd_county, hall, jump):
    session = Counter(hall).session
    odd_county.say("/v1/submissions", Said(500))
    line.clock.move(jump)
    assert line.submit(session).state is Acknowledged.QUEUED
    line.clock.move(timedelta())
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    line.clock.move(timedelta(minutes=1))
    line.county.outbox.drain()
    assert line.row().state == "answered"


def test_fault_41_a_clock_set_back_does_not_let_what_waits_wait_for_years(line, odd_county, hall):
    session = Counter(hall).session
    odd_county.say("/v1/submissions", Said(500))
    line.clock.move(DECADE)
    line.submit(session)
    line.clock.move(timedelta())
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    line.county.outbox.drain()
    assert line.row().state == "answered"


def test_fault_41_a_clock_set_back_locks_nobody_out():
    clock = Clock("Asia/Shanghai")
    tries = Tries(clock, at_most=2, window=timedelta(minutes=15))
    assert tries.enter("clerk")
    assert tries.enter("clerk")
    assert not tries.enter("clerk")
    clock.move(-YEAR)
    assert tries.enter("clerk")


def test_fault_41_a_rollback_brings_nothing_dark_back_to_the_wall(hall):
    feed = hall.machine.county.feed
    assert feed.wall().items
    hall.cut()
    hall.machine.clock.move(timedelta(hours=80))
    assert not feed.wall().items
    hall.machine.clock.move(-YEAR)
    assert not feed.wall().items


def test_fault_41_a_jump_ahead_is_healed_by_the_countys_next_word(hall):
    feed = hall.machine.county.feed
    hall.machine.clock.move(DECADE)
    assert not feed.wall().items
    hall.machine.clock.move(timedelta())
    feed.pull()
    assert feed.wall().items


@pytest.mark.parametrize("jump", JUMPS, ids=["ten years on", "a year back", "an hour back"])
def test_fault_41_a_wrong_clock_at_the_kiosk_changes_no_day_at_the_county(hall, jump):
    """Whatever the kiosk believes, its signatures are put right, and the county notes its own time."""
    counter = Counter(hall)
    hall.machine.clock.move(jump)
    assert counter.submit().state is Acknowledged.ACCEPTED
    with hall.hub.hub.store.reading() as connection:
        received = connection.scalar(select(submissions.c.received_at))
    assert abs(received - datetime.now(UTC)) < timedelta(minutes=10)


def test_fault_41_leap_days_and_the_year_2038():
    assert birth_date("110101200002291234") == date(2000, 2, 29)
    assert due_after(date(2024, 2, 29)) in {date(2025, 2, 28), date(2025, 3, 1)}
    beyond = datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)
    assert local_day(beyond) == date(2038, 1, 19)
    assert beyond.timestamp() > 2**31 - 1
