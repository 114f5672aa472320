"""What goes wrong with feature sensors and their cables: a clear error, never a wrong verdict, and back by itself.

The numbers in brackets are the faults of reference/reliability-ux.md §3.6.
"""

import contextlib

import pytest

from devices.device import DeviceFault, DeviceGarbled, DeviceMissing, DeviceSilent, HealthState
from devices.fingerprint import MatchVerdict
from devices.fingerprint.features.faults import FeatureFault
from tests.devices.fingerprint.feature_booth import DIALECTS, HASTY, Booth, until

ANY = pytest.mark.parametrize("dialect", DIALECTS)
GARBLED = (DeviceGarbled,)
SILENT = (DeviceSilent, DeviceGarbled)  # half of a late answer may be heard as the wait ends
ENDS_IN = {
    FeatureFault.BAD_CHECK: GARBLED,  # (17)
    FeatureFault.SHORT_FRAME: GARBLED,  # (16)
    FeatureFault.LYING_LENGTH: GARBLED,  # (17)
    FeatureFault.SILENT: (DeviceSilent,),  # (19)
    FeatureFault.LATE_ANSWER: SILENT,  # (19)
    FeatureFault.BUSY: (DeviceFault,),
    FeatureFault.STRANGE_STATUS: (DeviceFault,),
    FeatureFault.SHORT_FEATURE: GARBLED,
    FeatureFault.WRONG_DEVICE: SILENT,  # (22)
    FeatureFault.UNPLUGGED_MID_FRAME: (DeviceMissing,),  # (6, 16)
    FeatureFault.UNPLUGGED: (DeviceMissing,),  # (15)
}
BORNE = {FeatureFault.NOISE_BEFORE_FRAME, FeatureFault.ECHO}
OF_THE_FINGER = {FeatureFault.LIFTED_EARLY, FeatureFault.FAILING}  # (20); test_feature_sensors.py


def test_every_fault_has_its_expected_end():
    assert set(ENDS_IN) | BORNE | OF_THE_FINGER == set(FeatureFault)


@ANY
@pytest.mark.parametrize("fault", ENDS_IN)
def test_a_fault_is_told_and_the_sensor_comes_back_when_mended(dialect, fault):
    with Booth(dialect, patience=HASTY).attended() as booth:
        booth.sensor.place_finger("zhang")
        booth.sensor.fail(fault)
        with pytest.raises(ENDS_IN[fault]):
            booth.match("zhang", seconds=0.2)
        booth.sensor.mend()
        until(lambda: booth.reader.board.health.ready)
        assert booth.in_the_end("zhang") is MatchVerdict.MATCHED
        booth.sensor.place_finger("li")
        assert booth.in_the_end("zhang") is MatchVerdict.DIFFERENT


@ANY
@pytest.mark.parametrize("fault", sorted(BORNE))
def test_a_half_duplex_adapter_and_noise_do_not_disturb(dialect, fault):
    with Booth(dialect).attended() as booth:
        booth.sensor.fail(fault)
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED
        booth.sensor.place_finger("li")
        assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


@ANY
@pytest.mark.parametrize("fault", [FeatureFault.BAD_CHECK, FeatureFault.SHORT_FRAME])
def test_one_lost_answer_costs_one_more_press_and_no_false_verdict(dialect, fault):
    with Booth(dialect).attended() as booth:
        booth.sensor.place_finger("li")
        booth.sensor.fail(fault, answers=1)
        assert booth.match("zhang", seconds=15).verdict is MatchVerdict.DIFFERENT
        assert booth.match("li", seconds=15).verdict is MatchVerdict.MATCHED


@ANY
def test_a_late_finger_is_never_the_next_persons_finger(dialect):
    with Booth(dialect, patience=HASTY).attended() as booth:
        booth.sensor.place_finger("zhang")
        booth.sensor.fail(FeatureFault.LATE_ANSWER, answers=1)
        with contextlib.suppress(DeviceSilent, DeviceGarbled):
            assert booth.match("li", seconds=0.2).verdict is not MatchVerdict.MATCHED
        booth.sensor.lift_finger()
        for _ in range(2):
            with contextlib.suppress(DeviceSilent, DeviceGarbled):
                assert booth.match("zhang", seconds=0.3).verdict is MatchVerdict.NO_FINGER
        booth.sensor.place_finger("li")
        assert booth.in_the_end("zhang") is MatchVerdict.DIFFERENT


@pytest.mark.parametrize(("dialect", "wire"), [("split-nibble", "pty"), ("7e42", "pty"), ("7e42", "socket")])
def test_a_sensor_unplugged_while_idle_is_missed_and_found_again(dialect, wire):
    with Booth(dialect, wire).attended() as booth:
        booth.sensor.fail(FeatureFault.UNPLUGGED)
        until(lambda: booth.reader.board.health.state is HealthState.MISSING)
        booth.sensor.mend()
        until(lambda: booth.reader.board.health.ready)
        assert booth.reader.board.record.last_fault.reason == "DeviceMissing"


def test_bytes_that_come_one_by_one_are_one_answer():
    with Booth("7e42", written_at_once=1).attended() as booth:
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED
