"""A hall with a sensor of 中正, 维尔 or 天诚盛业: it takes the finger, the vendor's library compares."""

import threading
import time

import pytest

from devices.device import DeviceFault, DeviceGarbled, DeviceMissing, DeviceSilent, HealthState
from devices.fingerprint import FingerTemplate, Hint, MatchVerdict, NotOffered, NoUsableFinger, TemplateRefused
from devices.fingerprint.features.faults import FeatureFault
from devices.fingerprint.features.frame7e42_frames import Command as Frame7E42Command
from devices.fingerprint.features.split_nibble_frames import Command, split
from devices.fingerprint.simulated.fingers import FingerQuality, template_of
from devices.tap import NO_TAP
from tests.devices.fingerprint.feature_booth import DIALECTS, HASTY, QUICK, Booth, until

ANY = pytest.mark.parametrize("dialect", DIALECTS)


@ANY
@pytest.mark.parametrize("wire", ["pty", "socket"])
def test_a_finger_is_matched_and_another_is_not(dialect, wire):
    with Booth(dialect, wire).attended() as booth:
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED
        assert booth.told == [Hint.PLACE, Hint.CAPTURED]
        booth.sensor.place_finger("li")
        assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT
        assert booth.reader.board.record.counters["fingers compared"] == 2


@ANY
def test_a_finger_that_comes_later_is_waited_for(dialect):
    with Booth(dialect, waits=0.2).attended() as booth:
        threading.Timer(0.35, booth.sensor.place_finger, ("zhang",)).start()
        assert booth.match("zhang", seconds=20).verdict is MatchVerdict.MATCHED


@ANY
@pytest.mark.parametrize("silently", [False, True])
def test_nobody_presses(dialect, silently):
    with Booth(dialect, patience=HASTY if silently else QUICK, gives_up_silently=silently).attended() as booth:
        assert booth.match("zhang", seconds=0.2).verdict is MatchVerdict.NO_FINGER
        assert booth.reader.board.health.ready


@ANY
def test_a_finger_lifted_early_is_told_and_counts_as_poor(dialect):
    with Booth(dialect).attended() as booth:
        booth.sensor.place_finger("zhang")
        booth.sensor.fail(FeatureFault.LIFTED_EARLY)
        result = booth.match("zhang", seconds=0.2)
        assert (result.verdict, result.hint) == (MatchVerdict.POOR, Hint.UNCLEAR)
        booth.sensor.mend()
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_a_leftover_finger_is_asked_to_lift_where_the_module_can_tell():
    with Booth("7e42").attended() as booth:
        booth.sensor.place_finger("zhang", FingerQuality.LEFTOVER)
        assert booth.match("zhang", seconds=0.2).hint is Hint.LIFT


@ANY
def test_a_cancelled_try_ends_at_once_and_the_sensor_serves_the_next_person(dialect):
    with Booth(dialect, waits=0.5).attended() as booth:
        threading.Timer(0.15, booth.cancelled.set).start()
        began = time.monotonic()
        assert booth.match("zhang", seconds=60).verdict is MatchVerdict.CANCELLED
        assert time.monotonic() - began < 15
        booth.cancelled.clear()
        booth.sensor.place_finger("li")
        assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


def test_a_cancelled_capture_is_ended_on_a_sensor_that_can_be_reset():
    with Booth("split-nibble", waits=60.0).attended() as booth:
        booth.cancelled.set()
        assert booth.match("zhang", seconds=60).verdict is MatchVerdict.CANCELLED
        threading.Timer(0.2, booth.cancelled.set).start()
        booth.cancelled.clear()
        assert booth.match("zhang", seconds=60).verdict is MatchVerdict.CANCELLED
        until(lambda: booth.sensor.commands[-2:] == [Command.RESET, Command.DESCRIPTOR])


@ANY
def test_nothing_is_compared_where_the_line_names_no_library(dialect):
    with Booth(dialect, matcher=None).attended() as booth:
        booth.sensor.place_finger("zhang")
        with pytest.raises(NotOffered, match="library"):
            booth.match("zhang")
        assert booth.reader.board.health.ready


@ANY
def test_a_template_of_another_vendor_is_refused_before_anybody_presses(dialect):
    with Booth(dialect).attended() as booth:
        foreign = FingerTemplate("ef01", template_of("zhang"))
        with pytest.raises(TemplateRefused, match="ef01"):
            booth.reader.match(foreign, 5.0, booth.told.append, booth.cancelled)
        with pytest.raises(TemplateRefused, match="3 bytes"):
            booth.reader.match(FingerTemplate(dialect, b"abc"), 5.0, booth.told.append, booth.cancelled)
        assert booth.told == []


def test_a_template_kept_as_it_came_over_the_line_is_the_same_template():
    with Booth("split-nibble").attended() as booth:
        booth.sensor.place_finger("zhang")
        kept = FingerTemplate("split-nibble", split(template_of("zhang", 256)))
        result = booth.reader.match(kept, 5.0, booth.told.append, booth.cancelled)
        assert result.verdict is MatchVerdict.MATCHED


def test_the_short_feature_is_asked_for_where_the_line_says_so():
    with Booth("split-nibble", query="?feature=128").attended() as booth:
        booth.sensor.place_finger("zhang")
        short = FingerTemplate("split-nibble", template_of("zhang", 128))
        result = booth.reader.match(short, 5.0, booth.told.append, booth.cancelled)
        assert result.verdict is MatchVerdict.MATCHED
        assert Command.FEATURE_128 in booth.sensor.commands
        assert Command.FEATURE_256 not in booth.sensor.commands


def test_an_enrolled_finger_is_matched_afterwards():
    with Booth("split-nibble").attended() as booth:
        booth.sensor.place_finger("zhang")
        enrolled = booth.reader.enrol(3, 5.0, booth.told.append, booth.cancelled)
        assert enrolled.format == "split-nibble"
        result = booth.reader.match(enrolled, 5.0, booth.told.append, booth.cancelled)
        assert result.verdict is MatchVerdict.MATCHED


def test_an_enrolment_nobody_presses_for_gives_no_template():
    with Booth("split-nibble").attended() as booth:
        with pytest.raises(NoUsableFinger) as missed:
            booth.reader.enrol(2, 0.1, booth.told.append, booth.cancelled)
        assert missed.value.verdict is MatchVerdict.NO_FINGER


@ANY
def test_what_no_source_describes_is_refused(dialect):
    with Booth(dialect).attended() as booth:
        with pytest.raises(NotOffered, match="picture"):
            booth.reader.preview(1.0, booth.told.append, booth.cancelled)
        if dialect == "7e42":
            with pytest.raises(NotOffered, match="enrol"):
                booth.reader.enrol(3, 1.0, booth.told.append, booth.cancelled)
        assert booth.reader.board.health.ready


@ANY
def test_the_board_knows_what_the_sensor_says_of_itself(dialect):
    with Booth(dialect).attended() as booth:
        fact = {"split-nibble": "model", "7e42": "firmware"}[dialect]
        assert booth.reader.board.record.facts == {fact: "SIMULATED FINGER V1"}


class Rates:
    """Tells a module at which rate its line was opened; a tap, since that is where a rate can be heard."""

    def __init__(self, opened=()):
        self.opened_at = list(opened)
        self.module = None

    def opened(self, baud):
        self.opened_at.append(baud)
        if self.module is not None:
            self.module.line_rate = baud

    def __getattr__(self, name):
        return getattr(NO_TAP, name)


def test_a_module_that_powers_up_at_9600_is_brought_to_115200():
    rates = Rates()
    with Booth("7e42", query="?baud=115200", tap=rates) as booth:
        rates.module = booth.sensor
        booth.attended()
        assert rates.opened_at[:3] == [115200, 9600, 115200]
        assert booth.sensor.rate == 115200
        assert Frame7E42Command.SET_BAUD in booth.sensor.commands
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED


@ANY
def test_something_else_on_the_port_hears_the_first_question_and_nothing_more(dialect):
    with Booth(dialect, patience=HASTY) as booth:
        booth.sensor.fail(FeatureFault.WRONG_DEVICE)
        with pytest.raises((DeviceGarbled, DeviceSilent)):
            booth.reader.attend(booth.stop)
        with pytest.raises((DeviceGarbled, DeviceSilent)):
            booth.match("zhang")
        assert set(booth.sensor.commands) == {Command.DESCRIPTOR if dialect == "split-nibble" else 0x61}
        assert booth.reader.board.health.state is HealthState.FAULT


@ANY
def test_a_sensor_that_is_not_there_is_missing_and_found_when_it_comes(dialect):
    with Booth(dialect) as booth:
        booth.sensor.fail(FeatureFault.UNPLUGGED)
        until(lambda: booth.port._wire is None)
        with pytest.raises(DeviceMissing):
            booth.reader.attend(booth.stop)
        booth.sensor.mend()
        booth.attended()


@ANY
def test_a_closed_reader_stays_closed(dialect):
    with Booth(dialect).attended() as booth:
        booth.reader.close()
        with pytest.raises(DeviceMissing):
            booth.match("zhang")


@ANY
def test_a_sensor_that_fails_every_capture(dialect):
    with Booth(dialect).attended() as booth:
        booth.sensor.place_finger("zhang")
        booth.sensor.fail(FeatureFault.FAILING)
        if dialect == "7e42":
            with pytest.raises(DeviceFault, match="0x01 failed"):
                booth.match("zhang", seconds=0.2)
        else:  # this dialect says "failed" for a finger that never came, too
            assert booth.match("zhang", seconds=0.2).verdict is MatchVerdict.NO_FINGER


def test_a_module_without_its_optical_head_says_so():
    with Booth("7e42", strange=0x04).attended() as booth:
        booth.sensor.fail(FeatureFault.STRANGE_STATUS)
        with pytest.raises(DeviceFault, match="no optical head"):
            booth.match("zhang")
        assert booth.reader.board.health.state is HealthState.FAULT
