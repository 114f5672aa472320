"""The dock beside a hall whose simulated sensor only hands out features: its own faults have their own buttons."""

from devices.fingerprint.features.faults import FeatureFault
from kiosk.screens.dock_words import FEATURE_WORDS
from tests.dock import Dock, sent_by
from tests.hall import eventually


def test_every_fault_of_a_feature_sensor_has_a_button_that_begins_it_and_one_that_ends_it(open_hall):
    hall = open_hall(devices={"fingerprint": "simulated:7e42"})
    eventually(lambda: hall.machine.devices.fingerprint.board.health.ready, seconds=15, what="the sensor is ready")
    dock = Dock(hall)
    sensor = hall.machine.devices.simulators.fingerprint.sensor
    assert sent_by(dock, "sensor", "fault") == set(FeatureFault)
    for fault in FeatureFault:
        dock.send("/dock/sensor", fault=fault)
        if fault is not FeatureFault.UNPLUGGED_MID_FRAME:  # becomes UNPLUGGED as soon as the sensor is asked something
            dock.sees(f"故障：{FEATURE_WORDS[fault]}")
        assert sensor.fault in (fault, FeatureFault.UNPLUGGED)
        dock.press("修好")
        assert sensor.fault is None
