"""How far the machine's clock is believed: sure, drifting or unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from contract.submissions import ClockConfidence
from kiosk.clock import Clock
from kiosk.uplink.county_time import Compared, CountyTime, Present, confidence_in, county_now

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HEARD = Compared(NOON, boot=1000.0)
HOUR, DAY = 3600.0, 86400.0


def after(seconds, wall_off=0.0):
    """The machine's readings ``seconds`` after it heard the county; its clock is ``wall_off`` seconds fast."""
    return Present(NOON + timedelta(seconds=seconds + wall_off), 1000.0 + seconds)


@pytest.mark.parametrize(
    ("now", "confidence"),
    [
        (after(0), "sure"),
        (after(0, 120), "sure"),
        (after(0, -120), "sure"),
        (after(0, 121), "drifting"),
        (after(0, -DAY), "drifting"),
        (after(DAY), "sure"),
        (after(HOUR, 119.5), "sure"),
        (after(DAY, 115), "drifting"),
        (after(13 * DAY), "sure"),
        (after(14 * DAY), "drifting"),
    ],
)
def test_a_clock_is_believed_as_far_as_it_agrees_with_the_county_and_may_have_drifted(now, confidence):
    assert confidence_in(HEARD, now) == confidence


@pytest.mark.parametrize("now", [after(0), after(DAY), Present(datetime(1970, 1, 1, tzinfo=UTC), 3.0)])
def test_after_a_reboot_without_network_nothing_is_known(now):
    assert confidence_in(None, now) == ClockConfidence.UNKNOWN
    assert county_now(None, now) == now.wall


@pytest.mark.parametrize("hours", [-30, -1, 1, 500])
def test_a_clock_that_is_set_back_or_forward_is_drifting_and_the_countys_time_goes_on(hours):
    now = after(60, hours * HOUR)
    assert confidence_in(HEARD, now) == ClockConfidence.DRIFTING
    assert county_now(HEARD, now) == NOON + timedelta(seconds=60)


def test_a_clock_that_was_wrong_and_is_set_right_is_sure():
    assert confidence_in(HEARD, after(0, HOUR)) == ClockConfidence.DRIFTING
    assert confidence_in(HEARD, after(60, 0)) == ClockConfidence.SURE


class SetClock(Clock):
    """A clock that somebody sets by hand: the time since the machine was switched on does not move with it."""

    by_hand = timedelta()

    def now(self):
        return super().now() + self.by_hand


def test_the_machine_goes_by_the_countys_time_whatever_its_own_is_set_to():
    clock = SetClock("Asia/Shanghai")
    county = CountyTime(clock)
    assert county.confidence == ClockConfidence.UNKNOWN
    county.heard(clock.now())
    assert county.confidence == ClockConfidence.SURE
    clock.by_hand = timedelta(days=-3)
    assert county.confidence == ClockConfidence.DRIFTING
    assert abs(county.now() - datetime.now(UTC)) < timedelta(minutes=1)
    county.heard(datetime.now(UTC))
    assert county.confidence == ClockConfidence.DRIFTING


def test_the_dock_moves_the_time_since_the_start_too():
    clock = Clock("Asia/Shanghai")
    county, before = CountyTime(clock), clock.since_boot()
    county.heard(clock.now())
    clock.move(timedelta(days=2))
    assert clock.since_boot() - before >= 2 * DAY
    assert county.confidence == ClockConfidence.SURE
