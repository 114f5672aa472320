"""Every fault of a scanner: what it ends as, and that the next code is taken once it is mended."""

import pytest

from devices.device import DeviceBusy, DeviceError, DeviceFault, DeviceGarbled, DeviceMissing, DeviceSilent
from devices.scanner import CodeUnusable
from devices.scanner.address import Patience, ScannerAddress, parse_scanner
from devices.scanner.dialects import Gm65
from devices.scanner.serial_scanner import SerialScanner
from devices.scanner.simulated import ScannerModel
from devices.scanner.simulated_faults import ScannerFault
from tests.devices.scanner.conftest import QUICK
from tests.hall import eventually

SECRET = b"E5C1A0FFEE00112233445566778899AA"
AT_ONCE = {
    ScannerFault.SILENT: DeviceSilent,
    ScannerFault.UNPLUGGED: DeviceMissing,
    ScannerFault.GARBAGE: DeviceGarbled,
    ScannerFault.BAD_REPLY: DeviceGarbled,
    ScannerFault.REFUSES: DeviceFault,
}
"""From its first word."""
WITH_THE_CODE = {
    ScannerFault.UNPLUGGED_MID_CODE: (DeviceMissing,),
    ScannerFault.TOO_LONG: (CodeUnusable,),
    ScannerFault.CONTROL_CHARACTERS: (CodeUnusable,),
}
NO_HINDRANCE = (ScannerFault.NO_SUFFIX, ScannerFault.TWICE)


def test_every_fault_has_its_place_here():
    assert {*AT_ONCE, *WITH_THE_CODE, *NO_HINDRANCE, ScannerFault.NOTHING_READ} == set(ScannerFault)


def scans_again(booth, content=SECRET[::-1]):
    booth.window.show(content)
    try:
        code = booth.scan(2)
    except DeviceError:
        return False
    return code is not None and code.take() == content


@pytest.mark.parametrize("fault", AT_ONCE)
def test_a_scanner_that_is_no_good_is_a_fault_and_serves_again_when_mended(build, fault):
    booth = build(answer=0.2)
    booth.window.show(SECRET)
    booth.window.fail(fault)
    with pytest.raises(AT_ONCE[fault]):
        booth.scan()
    assert not booth.scanner.board.health.ready
    booth.window.mend()
    eventually(lambda: scans_again(booth), 20, "the next code is read")


@pytest.mark.parametrize("fault", WITH_THE_CODE)
def test_a_code_that_is_no_good_ends_as_named(booth, fault):
    booth.window.show(SECRET)
    booth.window.fail(fault)
    with pytest.raises(WITH_THE_CODE[fault]) as caught:
        booth.scan()
    assert SECRET.decode()[:8] not in str(caught.value)
    unusable = CodeUnusable in WITH_THE_CODE[fault]
    assert (booth.scanner.board.record.last_fault is None) is unusable
    assert booth.scanner.board.record.counters == ({"codes refused": 1} if unusable else {})
    booth.window.mend()
    eventually(lambda: scans_again(booth), 20, "the next code is read")


@pytest.mark.parametrize("fault", NO_HINDRANCE)
def test_a_missing_suffix_and_a_double_delivery_do_not_hinder(booth, fault):
    booth.window.show(SECRET)
    booth.window.fail(fault)
    assert booth.scan().take() == SECRET
    assert booth.scan(0.3) is None


def test_one_that_says_that_it_read_nothing_is_told_to_look_again(booth):
    booth.window.fail(ScannerFault.NOTHING_READ)
    booth.window.show(SECRET)
    if booth.window.model.family == "newland":
        with pytest.raises(CodeUnusable):
            booth.scan(1)
    else:
        assert booth.scan(1) is None
    booth.window.mend()
    assert scans_again(booth)


def test_a_scanner_that_says_nonsense_later_is_a_fault_too(booth):
    booth.window.show(SECRET)
    assert booth.scan().take() == SECRET
    booth.window.show(SECRET[::-1])
    booth.window.fail(ScannerFault.GARBAGE)
    with pytest.raises(DeviceGarbled):
        booth.scan()


def test_a_port_that_another_program_holds_is_busy(build):
    booth = build("pty")
    booth.window.show(SECRET)
    booth.scan()
    other = SerialScanner(parse_scanner(f"gm65:{booth.port.url}"), patience=Patience())
    with pytest.raises(DeviceBusy):
        other.scan(0.1, booth.cancelled)
    other.close()


def test_a_scanner_of_the_other_family_is_not_taken(build):
    booth = build(model=ScannerModel("newland"))
    wrong = SerialScanner(ScannerAddress(booth.port.url, Gm65(answer_seconds=0.2)), patience=QUICK)
    with pytest.raises((DeviceSilent, DeviceGarbled, DeviceFault)):
        wrong.scan(5, booth.cancelled)
    wrong.close()
