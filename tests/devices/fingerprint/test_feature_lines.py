"""Lines of feature sensors: each opens its driver, a simulated one answers, nonsense is refused by name."""

import threading

import pytest

from devices import FEATURE_DIALECTS, DeviceLines
from devices.device import DeviceMissing, utc_now
from devices.fingerprint import FingerTemplate, MatchVerdict
from devices.fingerprint.features.address import FeatureAddress, parse_7e42, parse_split_nibble
from devices.fingerprint.simulated.fingers import template_of
from devices.opening import open_devices
from tests.devices.fingerprint.feature_booth import SIZES, until


@pytest.mark.parametrize("dialect", FEATURE_DIALECTS)
def test_a_line_opens_the_driver_of_its_dialect(dialect, tmp_path):
    line = f"{dialect}:{tmp_path}/ttySENSOR?baud=115200&format=of-the-county"
    devices = open_devices(DeviceLines(fingerprint=line), utc_now, tmp_path)
    assert devices.fingerprint.format == "of-the-county"
    assert devices.simulators.fingerprint is None
    with pytest.raises(DeviceMissing, match="ttySENSOR"):
        devices.fingerprint.attend(threading.Event())
    devices.close()


@pytest.mark.parametrize("dialect", FEATURE_DIALECTS)
def test_a_simulated_line_opens_a_sensor_that_takes_fingers(dialect, tmp_path):
    devices = open_devices(DeviceLines(fingerprint=f"simulated:{dialect}"), utc_now, tmp_path)
    stop = threading.Event()
    threads = devices.start(stop)
    try:
        until(lambda: devices.fingerprint.board.health.ready)
        devices.simulators.fingerprint.sensor.place_finger("zhang")
        template = FingerTemplate(dialect, template_of("zhang", SIZES[dialect]))
        result = devices.fingerprint.match(template, 10.0, lambda _hint: None, threading.Event())
        assert result.verdict is MatchVerdict.MATCHED
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        devices.close()


@pytest.mark.parametrize(
    "line", ["8f43:/dev/ttyUSB0", "split_nibble:/dev/ttyUSB0", "7e42", "7e42:", "7e42:p?feature=256"]
)
def test_a_line_that_means_nothing_is_refused(line, tmp_path):
    with pytest.raises(ValueError, match=r"none of ef01|names no port|unknown key"):
        open_devices(DeviceLines(fingerprint=line), utc_now, tmp_path)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("/dev/ttyUSB0", FeatureAddress("/dev/ttyUSB0", "split-nibble")),
        (
            "/dev/ttyS1?baud=115200&format=wel&library=/usr/lib/libwel.so&level=4&feature=128",
            FeatureAddress("/dev/ttyS1", "wel", 115200, "/usr/lib/libwel.so", 4, 128),
        ),
        ("socket://127.0.0.1:4?logging=debug", FeatureAddress("socket://127.0.0.1:4?logging=debug", "split-nibble")),
        ("usb:1A86:7523?level=1", FeatureAddress("usb:1A86:7523", "split-nibble", level=1)),
    ],
)
def test_a_line_says_where_the_sensor_is(line, address):
    assert parse_split_nibble(line) == address


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "names no port"),
        ("/dev/ttyS1?baud=1200", "baud='1200'"),
        ("/dev/ttyS1?level=9", "level='9'"),
        ("/dev/ttyS1?feature=99", "feature='99'"),
        ("/dev/ttyS1?colour=red", "unknown key 'colour'"),
    ],
)
def test_a_line_that_names_nothing_possible_is_refused(line, words):
    with pytest.raises(ValueError, match=words):
        parse_split_nibble(line)


def test_the_module_with_one_size_of_feature_takes_no_size():
    assert parse_7e42("/dev/ttyS1?baud=115200") == FeatureAddress("/dev/ttyS1", "7e42", 115200)
    with pytest.raises(ValueError, match="unknown key 'feature'"):
        parse_7e42("/dev/ttyS1?feature=256")
