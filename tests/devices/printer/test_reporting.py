"""A printer that reports by itself, cuts as its line says, says who it is, and never opens a drawer."""

from __future__ import annotations

import os
import socket
import threading
import time
import tty

import pytest
from PIL import Image

from devices.device import DeviceFault, DeviceMissing, DeviceSilent, watch
from devices.printer import Outlet, OutOfPaper, PrinterJam, Receipt, Text
from devices.printer.commands import CUTS, job_of
from devices.printer.emulator import PrinterFault
from devices.printer.emulator_commands import command_length
from devices.printer.escpos import EscposPrinter
from devices.printer.raster import draw
from devices.printer.simulated import PrinterEmulator, SimulatedPrinter
from tests.hall import eventually

SLIP = Receipt("slip", (Text("好"),))
DRAWER = {b"\x1b\x70", b"\x10\x14"}
MAY_BE_SENT = {
    b"\x1b\x40",
    b"\x1d\x61",
    b"\x1d\x76",
    b"\x1d\x56",
    b"\x1b\x4a",
    b"\x1d\x72",
    b"\x1d\x49",
    b"\x10\x04",
    b"\x10\x05",
}


class Listener:
    """A tap that writes down what it hears."""

    def __init__(self):
        self.heard = []

    def opened(self, baud):
        self.heard.append(("opened", baud))

    def sent(self, content):
        self.heard.append(("sent", content))

    def came(self, content):
        self.heard.append(("came", content))

    def closed(self):
        self.heard.append(("closed",))


def driver_at(emulator, options="", **more):
    return EscposPrinter(emulator.url + ("&" if "?" in emulator.url else "?") + options, **more)


@pytest.fixture
def watched(emulator):
    """A printer in its loop, whose own questions come only once an hour: what is known, it reported."""
    stop = threading.Event()
    printer = driver_at(emulator, "status=asb", heartbeat=3600)
    thread = threading.Thread(target=watch, args=(printer, stop))
    thread.start()
    eventually(lambda: printer.board.health.ready, 10)
    yield printer
    stop.set()
    thread.join(10)
    printer.close()


def test_a_cover_opened_while_idle_is_known_by_itself_and_its_closing_too(watched, emulator):
    emulator.suffer(PrinterFault.COVER_OPEN)
    eventually(lambda: watched.board.health.reason == "CoverOpen", 20)
    emulator.recover()
    eventually(lambda: watched.board.health.ready, 20)


def test_a_roll_that_runs_low_while_idle_is_known(watched, emulator):
    emulator.suffer(PrinterFault.PAPER_LOW)
    eventually(lambda: watched.board.health.reason == "paper low", 20)


def test_after_a_job_which_resets_the_printer_it_still_reports(watched, emulator):
    watched.print(SLIP)
    assert watched.board.health.ready
    emulator.suffer(PrinterFault.OUT_OF_PAPER)
    eventually(lambda: watched.board.health.reason == "OutOfPaper", 20)


def test_a_printer_told_to_be_polled_is_never_asked_to_report(emulator):
    printer = driver_at(emulator, "status=poll")
    printer.print(SLIP)
    assert emulator.heard[b"\x1d\x61"] == 0
    assert emulator.heard[b"\x10\x04"] >= 4
    printer.close()


def test_a_line_full_of_flow_control_still_prints(printer, emulator):
    emulator.suffer(PrinterFault.NOISE)
    printer.print(SLIP)
    assert len(emulator.sheets) == 1


@pytest.mark.parametrize(("fault", "error"), [(PrinterFault.BROKEN, PrinterJam), (PrinterFault.OFFLINE, DeviceFault)])
def test_a_printer_that_is_broken_or_off_line_is_refused_by_name(printer, emulator, fault, error):
    emulator.suffer(fault)
    with pytest.raises(error):
        printer.print(SLIP)
    emulator.recover()
    printer.print(SLIP)
    assert len(emulator.sheets) == 1


def test_model_and_firmware_are_learned_once_and_jobs_are_counted(printer, emulator):
    for _ in range(3):
        printer.print(SLIP)
    emulator.suffer(PrinterFault.COVER_OPEN)
    with pytest.raises(Exception, match="cover"):
        printer.print(SLIP)
    record = printer.board.record
    assert record.facts == {"model": "EMU-80", "firmware": "1.08"}
    assert record.counters == {"jobs printed": 3, "jobs failed": 1}
    assert emulator.heard[b"\x1d\x49"] == 2


@pytest.mark.parametrize(("way", "feed"), [("partial", 0x60), ("full", 0x60)])
def test_the_knife_does_what_the_line_says(emulator, way, feed):
    printer = driver_at(emulator, f"cut={way}")
    printer.print(SLIP)
    assert emulator.sheets[-1].image.height == draw(SLIP).height + feed
    printer.close()


def test_without_a_knife_the_slip_is_fed_past_the_tear_bar(emulator):
    printer = driver_at(emulator, "cut=none")
    printer.print(SLIP)
    assert not emulator.sheets
    assert emulator.tear_off().image.height == draw(SLIP).height + 0xA0
    printer.close()


def commands_in(line):
    while line:
        length = command_length(line)
        assert 0 < length <= len(line)
        yield line[:length]
        line = line[length:]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("report", [True, False])
def test_a_job_holds_no_command_but_those_it_needs(cut, report):
    page = Image.effect_noise((576, 200), 90).convert("1")  # every byte comes up in it, those of a drawer pulse too
    heads = {command[:2] for command in commands_in(b"".join(job_of(page, cut, report=report)))}
    assert heads <= MAY_BE_SENT
    assert not heads & DRAWER


def test_fault_22_what_does_not_answer_like_a_printer_hears_one_question_and_nothing_else():
    ours, far = os.openpty()
    tty.setraw(far)
    printer = EscposPrinter(f"serial:{os.ttyname(far)}?baud=115200&ticket=eot20")
    with pytest.raises(DeviceSilent):
        printer.print(SLIP)
    printer.close()
    assert os.read(ours, 4096) == b"\x10\x04\x01"
    os.close(ours)
    os.close(far)


def test_the_emulator_would_notice_a_drawer():
    emulator = PrinterEmulator()
    for pulse in (b"\x1b\x70\x00\x19\xfa", b"\x10\x14\x01\x00\x01"):
        before = emulator.drawer_kicks
        host, port = emulator.url.removeprefix("tcp:").rsplit(":", 1)
        with socket.create_connection((host, int(port))) as line:
            line.sendall(pulse)
            eventually(lambda was=before: emulator.drawer_kicks == was + 1, 10)
    emulator.close()


def test_the_tap_hears_every_exchange_one_command_of_a_job_at_a_time(emulator):
    tap = Listener()
    printer = driver_at(emulator, tap=tap)
    printer.print(SLIP)
    printer.close()
    assert tap.heard[0] == ("opened", 0)
    assert tap.heard[-1] == ("closed",)
    sent = [content for kind, *rest in tap.heard if kind == "sent" for content in rest]
    assert b"\x10\x04\x01" in sent
    assert [part for part in sent if part.startswith(b"\x1d\x76\x30")] == [
        part for part in job_of(draw(SLIP), report=True) if part.startswith(b"\x1d\x76\x30")
    ]
    assert any(b"\x12" in content for kind, *rest in tap.heard if kind == "came" for content in rest)


def test_a_tap_on_a_serial_line_hears_its_speed():
    emulator, tap = PrinterEmulator(pty=True), Listener()
    printer = driver_at(emulator, tap=tap)
    printer.print(SLIP)
    printer.close()
    emulator.close()
    assert tap.heard[0] == ("opened", 115200)


def test_a_serial_printer_by_its_usb_numbers_that_is_not_plugged_in_is_missing():
    with pytest.raises(DeviceMissing):
        EscposPrinter("serial:usb:fffe:fffe?baud=115200").print(SLIP)


def test_a_serial_printer_by_a_path_that_stays_the_same_when_its_number_changes(tmp_path):
    emulator = PrinterEmulator(pty=True)
    path = emulator.url.removeprefix("serial:").partition("?")[0]
    by_id = tmp_path / "usb-1a86_USB_Serial-if00-port0"
    by_id.symlink_to(path)
    printer = EscposPrinter(f"serial:{by_id}?baud=115200")
    printer.print(SLIP)
    assert len(emulator.sheets) == 1
    printer.close()
    emulator.close()


def test_a_printer_without_a_ticket_sensor_never_says_that_a_slip_was_taken(printer, emulator):
    printer.print(SLIP)
    assert printer.outlet() is Outlet.UNKNOWN
    assert emulator.heard[b"\x10\x04"] >= 4


def test_the_ticket_sensor_sees_a_slip_hang_and_go():
    simulated = SimulatedPrinter(sensor=True)
    assert simulated.printer.outlet() is Outlet.EMPTY
    simulated.printer.print(SLIP)
    assert simulated.printer.outlet() is Outlet.HOLDING
    simulated.emulator.take_slip()
    assert simulated.printer.outlet() is Outlet.EMPTY
    simulated.emulator.suffer(PrinterFault.SILENT)
    assert simulated.printer.outlet() is Outlet.UNKNOWN
    simulated.close()


@pytest.mark.parametrize("fault", [PrinterFault.OUT_OF_PAPER, PrinterFault.OFF])
def test_a_job_refused_before_its_first_byte_never_began(printer, emulator, fault):
    begun = []
    emulator.suffer(fault)
    with pytest.raises((OutOfPaper, DeviceMissing)):
        printer.print(SLIP, lambda: begun.append(1))
    assert begun == []


def test_a_job_that_breaks_off_had_begun(printer, emulator, receipt):
    begun = []
    emulator.load_paper(100)
    with pytest.raises(OutOfPaper):
        printer.print(receipt, lambda: begun.append(1))
    assert begun == [1]


def test_a_heartbeat_does_not_wait_for_a_long_job(printer, emulator):
    emulator.suffer(PrinterFault.SLOW)
    job = threading.Thread(target=printer.print, args=(Receipt("long", (Text("好\n" * 60),)),))
    job.start()
    eventually(lambda: emulator.heard[b"\x1d\x76"] > 0, 10)
    began = time.monotonic()
    printer.attend(threading.Event())
    assert time.monotonic() - began < 15
    assert job.is_alive()
    emulator.recover()
    job.join(20)
