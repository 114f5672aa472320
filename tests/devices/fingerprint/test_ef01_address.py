"""What may stand after ``ef01:`` in a device line."""

import pytest

from devices.fingerprint.ef01.address import AUTO, Ef01Address, parse_ef01


def test_a_plain_port_has_factory_settings():
    assert parse_ef01("COM3") == Ef01Address("COM3", 57600, None, verify=True, address=0xFFFFFFFF, password=0)


def test_every_key_is_read():
    line = "/dev/ttyUSB0?baud=115200&template_size=768&verify=no&address=12345678&password=0000abcd"
    assert parse_ef01(line) == Ef01Address(
        "/dev/ttyUSB0", 115200, 768, verify=False, address=0x12345678, password=0xABCD
    )


def test_the_speed_may_be_left_to_be_found_and_the_boot_byte_waited_for():
    address = parse_ef01("usb:1A86:7523?baud=auto&boot=wait")
    assert (address.url, address.baud, address.boot) == ("usb:1A86:7523", AUTO, True)
    assert not parse_ef01("COM3?boot=no").boot


def test_keys_of_a_pyserial_address_stay_with_it():
    assert parse_ef01("socket://127.0.0.1:4001?baud=9600&logging=debug").url == "socket://127.0.0.1:4001?logging=debug"
    assert parse_ef01("socket://127.0.0.1:4001?baud=9600").url == "socket://127.0.0.1:4001"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("", "names no port"),
        ("/dev/ttyUSB0?baude=57600", "unknown key 'baude'"),
        ("/dev/ttyUSB0?baud=fast", "baud='fast'"),
        ("/dev/ttyUSB0?baud=57601", "baud='57601'"),
        ("/dev/ttyUSB0?baud=0", "baud='0'"),
        ("/dev/ttyUSB0?boot=perhaps", "boot='perhaps'"),
        ("/dev/ttyUSB0?template_size=5", "template_size='5'"),
        ("/dev/ttyUSB0?verify=maybe", "verify='maybe'"),
        ("/dev/ttyUSB0?address=1FFFFFFFF", "address='1FFFFFFFF'"),
        ("/dev/ttyUSB0?password=", "password=''"),
    ],
)
def test_a_wrong_line_is_refused_and_says_what_is_wrong(line, named):
    with pytest.raises(ValueError, match=named):
        parse_ef01(line)
