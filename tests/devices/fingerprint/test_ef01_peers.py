"""Other people's drivers, unchanged, against our sensor over a pseudo-terminal: they never saw our code."""

import contextlib

import pytest

pyfingerprint = pytest.importorskip("pyfingerprint.pyfingerprint")
adafruit = pytest.importorskip("adafruit_fingerprint")

import serial  # noqa: E402  after the peers, which this file is about

from devices.fingerprint.simulated.fingers import FingerQuality, likeness  # noqa: E402  see above
from devices.fingerprint.simulated.model import AS608, R503, ZFM20  # noqa: E402  see above
from devices.fingerprint.simulated.picture import picture_of  # noqa: E402  see above
from devices.fingerprint.simulated.sensor import SensorModel, SimulatedSensor, template_of  # noqa: E402  see above
from devices.simulated_ports import PtyPort  # noqa: E402  see above
from tests.devices.fingerprint.conftest import WIRES  # noqa: E402  see above

pytestmark = pytest.mark.skipif("pty" not in WIRES, reason="pseudo-terminals are a POSIX thing")

WHOLE_PICTURE = 36864


@pytest.fixture
def plug_in(tmp_path):
    with contextlib.ExitStack() as stack:

        def make(model=ZFM20):
            sensor = SimulatedSensor(model)
            port = PtyPort(sensor, tmp_path / "sensor")
            port.start()
            stack.callback(port.close)
            return sensor, port.url

        yield make


@pytest.fixture
def pyfinger(plug_in):
    return lambda model=ZFM20: _pyfinger(*plug_in(model))


def _pyfinger(sensor, url):
    return sensor, pyfingerprint.PyFingerprint(url, 57600, 0xFFFFFFFF, 0)


@pytest.fixture
def ada(plug_in):
    with contextlib.ExitStack() as stack:

        def make(model=ZFM20):
            sensor, url = plug_in(model)
            line = stack.enter_context(serial.Serial(url, 57600, timeout=5))
            return sensor, adafruit.Adafruit_Fingerprint(line)

        yield make


def test_pyfingerprint_verifies_the_password_and_reads_the_parameters(pyfinger):
    _, peer = pyfinger(SensorModel(system_id=9, capacity=300, stored=5))
    assert peer.verifyPassword()
    assert peer.getSystemParameters() == (0, 9, 300, 3, 0xFFFFFFFF, 2, 6)
    assert (peer.getStorageCapacity(), peer.getSecurityLevel(), peer.getMaxPacketSize()) == (300, 3, 128)
    assert peer.getBaudRate() == 57600
    assert peer.getTemplateCount() == 5
    assert [at for at, used in enumerate(peer.getTemplateIndex(0)) if used] == [0, 1, 2, 3, 4]


def test_pyfingerprint_knows_a_wrong_password(plug_in):
    _, peer = _pyfinger(*plug_in(SensorModel(password=7)))
    assert not peer.verifyPassword()


def test_pyfingerprint_captures_enrols_and_moves_templates_both_ways(pyfinger):
    sensor, peer = pyfinger()
    assert not peer.readImage()
    for buffer in (1, 2):
        sensor.place_finger("zhang")
        assert peer.readImage()
        assert peer.convertImage(buffer)
    assert peer.createTemplate()
    model = peer.downloadCharacteristics(2)
    assert likeness(bytes(model), template_of("zhang")) > 280
    assert peer.uploadCharacteristics(2, list(template_of("li")))
    assert bytes(peer.downloadCharacteristics(2)) == template_of("li")
    assert peer.compareCharacteristics() == 0
    assert peer.uploadCharacteristics(2, model)
    assert peer.compareCharacteristics() > 270


def test_pyfingerprint_does_not_merge_two_fingers(pyfinger):
    sensor, peer = pyfinger()
    for buffer, finger in enumerate(("zhang", "li"), 1):
        sensor.place_finger(finger)
        assert peer.readImage()
        assert peer.convertImage(buffer)
    assert not peer.createTemplate()


def test_pyfingerprint_downloads_the_picture(pyfinger, tmp_path):
    image = pytest.importorskip("PIL.Image")
    sensor, peer = pyfinger()
    sensor.place_finger("zhang")
    assert peer.readImage()
    peer.downloadImage(str(tmp_path / "finger.bmp"))
    with image.open(tmp_path / "finger.bmp") as picture:
        assert picture.size == (256, 288)
        shades = picture.convert("L").tobytes()
    packed = picture_of("zhang", FingerQuality.GOOD, WHOLE_PICTURE)
    assert shades == bytes(17 * shade for byte in packed for shade in (byte >> 4, byte & 15))


@pytest.mark.parametrize(
    ("quality", "said"),
    [(FingerQuality.SMUDGED, "too messy"), (FingerQuality.SMALL, "few feature points")],
)
def test_pyfingerprint_understands_poor_presses(pyfinger, quality, said):
    sensor, peer = pyfinger()
    sensor.place_finger("zhang", quality)
    assert peer.readImage()
    with pytest.raises(Exception, match=said):
        peer.convertImage(1)


@pytest.mark.parametrize("model", [ZFM20, AS608])
def test_adafruit_finds_the_sensor_and_reads_it(ada, model):
    _, peer = ada(model)
    assert (peer.library_size, peer.security_level, peer.data_packet_size, peer.baudrate) == (model.capacity, 3, 2, 6)
    assert peer.system_id == model.system_id
    assert peer.count_templates() == adafruit.OK
    assert peer.template_count == 0


def test_adafruit_captures_enrols_and_moves_templates_both_ways(ada):
    sensor, peer = ada()
    assert peer.get_image() == adafruit.NOFINGER
    for slot in (1, 2):
        sensor.place_finger("zhang")
        assert peer.get_image() == adafruit.OK
        assert peer.image_2_tz(slot) == adafruit.OK
    assert peer.create_model() == adafruit.OK
    model = peer.get_fpdata("char", 2)
    assert likeness(bytes(model), template_of("zhang")) > 280
    assert peer.send_fpdata(list(template_of("li")), "char", 2)
    assert bytes(peer.get_fpdata("char", 2)) == template_of("li")
    assert peer.compare_templates() == adafruit.NOMATCH
    assert peer.send_fpdata(model, "char", 2)
    assert peer.compare_templates() == adafruit.OK
    assert peer.confidence[0] > 270


def test_adafruit_downloads_the_picture(ada):
    sensor, peer = ada()
    sensor.place_finger("zhang")
    assert peer.get_image() == adafruit.OK
    assert bytes(peer.get_fpdata("image")) == picture_of("zhang", FingerQuality.GOOD, WHOLE_PICTURE)


def test_adafruit_hears_the_echo_of_an_as608_and_lights_the_ring_of_an_r503(ada, plug_in):
    _, echoing = ada(AS608)
    assert echoing.check_module()
    sensor, url = plug_in(R503)
    with serial.Serial(url, 57600, timeout=5) as line:
        ring = adafruit.Adafruit_Fingerprint(line)
        assert ring.set_led(color=2, mode=3) == adafruit.OK
    assert sensor.own.lamp == bytes([3, 0x80, 2, 0])
