"""The lines of card readers: what they say, and that a slip of the pen is refused by name."""

from __future__ import annotations

import pytest

from devices import DeviceLines
from devices.card.card_address import PcscAddress, VendorAddress, parse_pcsc, parse_vendor
from devices.device import utc_now
from devices.opening import open_devices


@pytest.mark.parametrize(
    ("rest", "address"),
    [
        ("", PcscAddress()),
        ("ACR39U", PcscAddress("ACR39U")),
        ("ACR39U ICC Reader 00 00", PcscAddress("ACR39U ICC Reader 00 00")),
        ("?pad=yes", PcscAddress(None, pad=True)),
        ("ACR83U?pad=yes", PcscAddress("ACR83U", pad=True)),
        ("ACR83U?pad=no", PcscAddress("ACR83U")),
    ],
)
def test_a_pcsc_line(rest, address):
    assert parse_pcsc(rest) == address


@pytest.mark.parametrize(
    ("rest", "address"),
    [
        ("/opt/lib.so", VendorAddress("/opt/lib.so")),
        ("/opt/lib.so?type=1&pad=no&seconds=12", VendorAddress("/opt/lib.so", 1, pad=False, seconds=12.0)),
        ("C:\\SSCardDriver.dll?type=4", VendorAddress("C:\\SSCardDriver.dll", 4)),
    ],
)
def test_a_vendor_line(rest, address):
    assert parse_vendor(rest) == address


@pytest.mark.parametrize(
    "line",
    [
        "pcsc:?pad=maybe", "pcsc:?pin=yes", "pcsc:?pad", "vendor:", "vendor:?type=1", "vendor:/l.so?type=5",
        "vendor:/l.so?seconds=0", "vendor:/l.so?seconds=60", "vendor:/l.so?typ=1", "simulated:?pad=2", "usb:",
    ],
)  # fmt: skip
def test_a_line_that_means_nothing_is_refused_before_anything_is_opened(line, tmp_path):
    with pytest.raises(ValueError, match=r"devices\.card"):
        open_devices(DeviceLines(card=line), utc_now, tmp_path)


def test_a_vendor_line_opens_no_library_before_its_thread_attends(tmp_path):
    devices = open_devices(DeviceLines(card=f"vendor:{tmp_path / 'none.so'}"), utc_now, tmp_path)
    assert devices.card is not None
    assert devices.card.name == f"vendor:{tmp_path / 'none.so'}"
    devices.close()
