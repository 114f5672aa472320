"""The driver in front of simulated scanners, over a pseudo-terminal and a socket."""

import logging
import threading
import time

import pytest

from devices.device import DeviceMissing, HealthState
from devices.scanner import CodeScanner
from devices.scanner.address import Patience, ScannerAddress, parse_scanner
from devices.scanner.dialects import Gm65, Mode, Newland
from devices.scanner.simulated import ScannerModel
from devices.scanner.simulated_faults import ScannerFault
from devices.scanner.simulated_scanner import open_simulated
from tests.devices.scanner.conftest import FAMILIES, WIRES
from tests.hall import eventually

SECRET = b"E5C1A0FFEE00112233445566778899AA"
STARS = b"*" * 32
LEAVES_WITH_A_CODE = [
    ScannerFault.NO_SUFFIX, ScannerFault.TWICE, ScannerFault.CONTROL_CHARACTERS, ScannerFault.UNPLUGGED_MID_CODE,
    ScannerFault.BAD_REPLY,
]  # fmt: skip


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_code_that_is_shown_comes_out_once(build, wire, family):
    booth = build(wire, ScannerModel(family))
    booth.window.show(SECRET)
    code = booth.scan()
    assert (code.length, code.take()) == (len(SECRET), SECRET)
    assert booth.scan(0.2) is None
    assert booth.scanner.board.record.counters == {"codes read": 1}


def test_a_code_that_comes_while_it_is_waited_for(booth):
    threading.Timer(0.3, booth.window.show, [SECRET]).start()
    assert booth.scan().take() == SECRET


def test_a_scanner_that_stopped_looking_is_told_again(build):
    booth = build(model=ScannerModel(window=0.1), answer=0.4)
    threading.Timer(0.6, booth.window.show, [SECRET]).start()
    assert booth.scan(20).take() == SECRET


def test_byte_by_byte(build):
    booth = build(model=ScannerModel(written_at_once=1), patience=Patience(silence=2.0))
    booth.window.show(SECRET)
    assert booth.scan().take() == SECRET


@pytest.mark.parametrize("family", FAMILIES)
def test_one_that_looks_always_is_heard_only_when_asked(build, family):
    booth = build(model=ScannerModel(family), query="?mode=continuous").attended()
    eventually(lambda: booth.scanner.board.health.ready, 15)
    assert booth.window.continuous
    booth.window.show(SECRET)
    eventually(lambda: STARS in booth.tap.came_bytes, 10, "what nobody asked for is thrown away")
    assert booth.scan(0.3) is None
    booth.window.show(SECRET[::-1])
    assert booth.scan().take() == SECRET[::-1]


def test_what_was_shown_after_nobody_waited_any_more_reaches_nobody(build):
    booth = build(model=ScannerModel("gm65", window=30)).attended()
    assert booth.scan(0.1) is None
    booth.window.show(SECRET)
    eventually(lambda: STARS in booth.tap.came_bytes, 10, "the scanner, which still looked, is heard and forgotten")
    assert booth.scan(0.3) is None


def test_a_newland_is_told_when_nobody_waits_any_more(build):
    booth = build(model=ScannerModel("newland"))
    assert booth.scan(0.1) is None
    eventually(lambda: booth.window.commands[-1] == Newland().cease, 10)
    booth.window.show(SECRET)
    assert booth.scan().take() == SECRET


def test_a_wait_that_is_called_off_ends_at_once(booth):
    threading.Timer(0.2, booth.cancelled.set).start()
    began = time.monotonic()
    assert booth.scan(60) is None
    assert time.monotonic() - began < 10


def test_the_same_code_counts_once_within_two_seconds(booth):
    booth.window.show(SECRET)
    assert booth.scan().take() == SECRET
    booth.window.show(SECRET)
    assert booth.scan(0.5) is None
    booth.window.show(SECRET[::-1])
    assert booth.scan().take() == SECRET[::-1]


def test_a_code_that_stays_before_the_scanner_is_taken_again_when_its_time_is_over(build):
    booth = build(patience=Patience(debounce=0.5, idle=0.02))
    booth.window.show(SECRET)
    assert booth.scan().take() == SECRET
    held = threading.Event()
    threading.Thread(target=hold_before, args=(booth.window, held), daemon=True).start()
    code = booth.scan(20)
    held.set()
    assert code.take() == SECRET


def hold_before(window, until):
    while not until.wait(0.05):
        if not window.shows:
            window.show(SECRET)


def test_it_is_greeted_told_its_mode_and_forbidden_to_obey_printed_codes(build):
    for family, model in (("gm65", "GM65"), ("newland", "Newland")):
        booth = build(model=ScannerModel(family)).attended()
        eventually(lambda board=booth.scanner.board: board.health.ready, 15)
        assert booth.scanner.board.record.facts == {"model": model, "baud": "9600"}
        assert not booth.window.continuous
        assert booth.window.obeys_setting_codes is (family == "newland")


def test_unplugged_it_is_missing_and_plugged_in_again_it_scans(build):
    booth = build("pty").attended()
    eventually(lambda: booth.scanner.board.health.ready, 15)
    booth.window.fail(ScannerFault.UNPLUGGED)
    eventually(lambda: booth.scanner.board.health.state is HealthState.MISSING, 10, "the scanner is missed")
    booth.window.mend()
    eventually(lambda: booth.scanner.board.health.ready, 15, "the scanner is back")
    assert not booth.window.obeys_setting_codes, "its settings were lost with its power and are told anew"
    booth.window.show(SECRET)
    assert booth.scan().take() == SECRET


def test_neither_tap_nor_log_nor_error_ever_holds_the_code(build, caplog):
    caplog.set_level(logging.DEBUG)
    said = ""
    for fault in (None, *LEAVES_WITH_A_CODE):
        booth = build(model=ScannerModel(window=0.3), answer=0.3)
        booth.window.show(SECRET)
        if fault is not None:
            booth.window.fail(fault)
        try:
            said += repr(booth.scan(0.5))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not tell
            said += repr(error)
        booth.leave()
        for secret in (SECRET, SECRET[:8], SECRET[-8:]):
            assert secret not in bytes(booth.tap.came_bytes) + b"".join(booth.tap.sent_frames)
            assert secret.decode() not in said + caplog.text
    assert "ScannedCode(32 characters)" in said


def test_the_tap_hears_commands_replies_and_stars(build):
    booth = build()
    booth.window.show(SECRET)
    booth.scan()
    assert b"\x7e\x00\x08\x01\x00\x02\x01\x02\xda" in b"".join(booth.tap.sent_frames)
    assert bytes.fromhex("02000001003331") + b"*" * len(SECRET) + b"\r" in booth.tap.came_bytes


def test_a_closed_scanner_stays_closed(booth):
    booth.scanner.close()
    with pytest.raises(DeviceMissing):
        booth.scan(0.1)


def test_the_town_has_a_scanner_behind_the_real_driver():
    simulated = open_simulated()
    assert simulated.window.show() == 64
    scanner: CodeScanner = simulated.scanner
    assert scanner.scan(10, threading.Event()).length == 64
    simulated.close()


def test_lines():
    assert parse_scanner("gm65:/dev/ttyACM0") == ScannerAddress("/dev/ttyACM0", Gm65(), 9600)
    assert parse_scanner("newland:COM3?baud=115200") == ScannerAddress("COM3", Newland(), 115200)
    assert parse_scanner("gm65:usb:1A86:7523?mode=continuous") == ScannerAddress("usb:1A86:7523", Gm65(Mode.CONTINUOUS))
    assert parse_scanner("gm65:socket://h:1?logging=debug") == ScannerAddress("socket://h:1?logging=debug", Gm65())


@pytest.mark.parametrize(
    "line",
    ["gm65:", "newland:?baud=9600", "gm65:/dev/x?baud=1", "gm65:/dev/x?mode=wedge", "gm65:/dev/x?s=1", "x:y", "z"],
)  # fmt: skip
def test_lines_that_mean_nothing(line):
    with pytest.raises(ValueError, match=r"gm65|newland|scanner"):
        parse_scanner(line)
