"""Every fault of a sensor that hands out features (中正 frames; the other dialects share reader and simulator)."""

import pytest

from devices.fingerprint.features.simulated import FeatureFault
from tests.faults.cases import FEATURE, MATCHED
from tests.faults.scenes import READY_SECONDS, FeatureHall


@pytest.fixture(scope="module")
def shared_scene(open_scene):
    return open_scene(FeatureHall, finger_seconds=2.0)


@pytest.fixture
def scene(shared_scene):
    yield shared_scene
    shared_scene.machine.devices.simulators.fingerprint.sensor.mend()
    shared_scene.leave()


@pytest.mark.parametrize("case", FEATURE, ids=[case.fault.value for case in FEATURE])
def test_a_fault_is_told_and_the_sensor_is_ready_once_it_is_mended(scene, case, record_property):
    board, began = scene.machine.devices.fingerprint.board, scene.machine.clock.now()
    scene.asks_for_a_finger()
    scene.presses(case.fault)
    scene.screen.sees(case.resident)
    assert case.clerk in scene.page_of_devices()
    if case.code:
        scene.screen.sees(f"不怪您，也不算次数（{case.code}）", "请工作人员办")
        assert board.record.last_fault.since >= began
    seconds = scene.seconds_until_a_finger_can_be_taken()
    record_property("ready_seconds", round(seconds, 2))
    assert seconds < READY_SECONDS
    if case.fault is FeatureFault.BAD_CHECK:
        scene.tries_again(MATCHED)
