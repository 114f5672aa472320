from __future__ import annotations

import os
import socket
import threading
import time

import pytest
from PIL import Image

from devices.device import DeviceBusy, DeviceGarbled, DeviceMissing, DeviceSilent, HealthState, watch
from devices.printer import CoverOpen, OutOfPaper, Paper, PrinterJam, Receipt, Text
from devices.printer.address import (
    CutWay,
    FilePlace,
    PrinterAddress,
    SerialPlace,
    StatusWay,
    TcpPlace,
    UsbPlace,
    parse_address,
)
from devices.printer.commands import job_of
from devices.printer.emulator import PaperMachine, PrinterFault
from devices.printer.escpos import EscposPrinter
from devices.printer.raster import draw
from devices.printer.simulated import PrinterEmulator, SimulatedPrinter

SLIP = Receipt("slip", (Text("好"),))


def within(seconds, true):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


def listens(emulator):
    """Whether the port in the emulator's address takes callers now."""
    host, port = emulator.url.split(":")[1:]
    try:
        socket.create_connection((host, int(port)), 5).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("file:/dev/usb/lp0", PrinterAddress(FilePlace("/dev/usb/lp0"), 576, StatusWay.NO)),
        (
            "file:C:\\out.bin?cut=none&ticket=eot20",
            PrinterAddress(FilePlace("C:\\out.bin"), 576, StatusWay.NO, CutWay.NONE),
        ),
        ("serial:/dev/ttyS1?baud=115200&paper=58", PrinterAddress(SerialPlace("/dev/ttyS1", 115200), 384)),
        ("serial:COM3", PrinterAddress(SerialPlace("COM3", 9600))),
        ("serial:usb:1a86:7523?baud=115200", PrinterAddress(SerialPlace("usb:1a86:7523", 115200))),
        ("serial:usb:1a86:7523:A1?cut=full", PrinterAddress(SerialPlace("usb:1a86:7523:A1", 9600), cut=CutWay.FULL)),
        (
            "serial:/dev/serial/by-id/usb-1a86-port0",
            PrinterAddress(SerialPlace("/dev/serial/by-id/usb-1a86-port0", 9600)),
        ),
        ("tcp:10.0.0.7:9100?status=poll", PrinterAddress(TcpPlace("10.0.0.7", 9100), status=StatusWay.POLL)),
        ("tcp:[::1]:9100?status=no&ticket=eot20", PrinterAddress(TcpPlace("::1", 9100), status=StatusWay.NO)),
        ("tcp:h:1?ticket=eot20", PrinterAddress(TcpPlace("h", 1), ticket=True)),
        ("usb:04b8:0202", PrinterAddress(UsbPlace(0x04B8, 0x0202))),
    ],
)
def test_an_address_is_read(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "file:", "lpt:1", "tcp:host", "tcp:host:x", "tcp:h:0", "usb:04b8", "usb:04b8:zz", "serial:/dev/x?baud=-1",
     "serial:/dev/x?speed=9600", "tcp:h:1?paper=57", "tcp:h:1?status=maybe", "tcp:h:1?cut=half", "tcp:h:1?ticket=yes",
     "serial:usb:1a86", "serial:usb:1a86:zz", "tcp:h:1?baud=9600"],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_refused_with_words(text):
    with pytest.raises(ValueError, match="printer"):
        EscposPrinter(text)


def test_what_comes_out_is_the_drawing_dot_for_dot(printer, emulator, receipt):
    printer.print(receipt)
    image = draw(receipt)
    paper = emulator.sheets[-1].image
    assert paper.crop((0, 0, 576, image.height)).tobytes() == image.tobytes()
    assert paper.size == (576, image.height + 0x60)
    assert paper.crop((0, image.height, *paper.size)).convert("L").getextrema() == (255, 255)


def test_the_job_begins_with_a_reset_and_ends_with_one_cut():
    parts = list(job_of(Image.new("1", (16, 70), 0)))
    assert parts[0] == b"\x1b\x40"
    assert parts[1] == bytes.fromhex("1d76300002004000") + b"\xff" * 128
    assert parts[2] == bytes.fromhex("1d76300002000600") + b"\xff" * 12
    assert parts[3:] == [bytes.fromhex("1d564260")]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (PrinterFault.OUT_OF_PAPER, OutOfPaper),
        (PrinterFault.COVER_OPEN, CoverOpen),
        (PrinterFault.CUTTER_ERROR, PrinterJam),
        (PrinterFault.HEAD_HOT, PrinterJam),
        (PrinterFault.OFF, DeviceMissing),
        (PrinterFault.SILENT, DeviceSilent),
        (PrinterFault.GARBAGE_STATUS, DeviceGarbled),
    ],
)
def test_a_printer_that_is_not_well_is_refused_before_anything_is_sent(printer, emulator, fault, error):
    emulator.suffer(fault)
    with pytest.raises(error):
        printer.print(SLIP)
    assert printer.board.health.reason == error.__name__
    emulator.recover()
    print_once_it_is_back(printer)
    assert len(emulator.sheets) == 1
    assert printer.board.health.ready


def print_once_it_is_back(printer):
    """A printer that was off listens again a moment after it was switched on."""
    until = time.monotonic() + 20
    while True:
        try:
            return printer.print(SLIP)
        except DeviceMissing:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_fault_known_by_its_error_only_never_says_plenty(printer, emulator):
    assert printer.paper() is Paper.PLENTY
    emulator.suffer(PrinterFault.PAPER_LOW)
    assert printer.paper() is Paper.LOW
    assert printer.board.health.reason == "paper low"
    emulator.suffer(PrinterFault.OUT_OF_PAPER)
    assert printer.paper() is Paper.OUT
    emulator.recover()
    emulator.suffer(PrinterFault.SILENT)
    assert printer.paper() is Paper.UNKNOWN
    emulator.suffer(PrinterFault.OFF)
    assert printer.paper() is Paper.UNKNOWN
    assert printer.board.health.state is HealthState.MISSING


def test_a_low_roll_still_prints(printer, emulator):
    emulator.suffer(PrinterFault.PAPER_LOW)
    printer.print(SLIP)
    assert len(emulator.sheets) == 1


def test_paper_ends_in_mid_job_and_the_rest_never_reaches_the_next_resident(printer, emulator, receipt):
    emulator.load_paper(100)
    with pytest.raises(OutOfPaper):
        printer.print(receipt)
    assert emulator.tear_off().image.height == 100
    emulator.load_paper()
    printer.print(SLIP)
    image = draw(SLIP)
    assert emulator.sheets[-1].image.crop((0, 0, 576, image.height)).tobytes() == image.tobytes()
    assert len(emulator.sheets) == 2


def test_a_printer_that_dies_in_mid_job_gets_the_job_once(printer, emulator, receipt):
    emulator.suffer(PrinterFault.DIES_MID_JOB)
    with pytest.raises((DeviceMissing, DeviceSilent)):
        printer.print(receipt)
    assert 0 < emulator.tear_off().image.height < draw(receipt).height
    emulator.recover()
    assert within(10, lambda: printer.paper() is Paper.PLENTY)
    assert len(emulator.sheets) == 1


def test_a_slow_printer_is_waited_for(printer, emulator):
    emulator.suffer(PrinterFault.SLOW)
    begun = time.monotonic()
    printer.print(SLIP)
    assert time.monotonic() - begun > 0.5
    assert len(emulator.sheets) == 1


def test_while_a_long_job_prints_the_paper_is_as_last_heard(printer, emulator):
    assert printer.paper() is Paper.PLENTY
    emulator.suffer(PrinterFault.SLOW)
    job = threading.Thread(target=printer.print, args=(Receipt("long", (Text("好\n" * 40),)),))
    job.start()
    time.sleep(0.3)
    begun = time.monotonic()
    assert printer.paper() is Paper.PLENTY
    assert time.monotonic() - begun < 8
    assert job.is_alive()
    emulator.recover()
    job.join(timeout=30)
    assert len(emulator.sheets) == 1


def test_a_printer_switched_off_and_on_between_jobs_prints_the_next_one(printer, emulator):
    printer.print(SLIP)
    emulator.suffer(PrinterFault.OFF)
    assert within(20, lambda: not listens(emulator))
    emulator.recover()
    assert within(20, lambda: listens(emulator))
    printer.print(SLIP)
    assert len(emulator.sheets) == 2


def test_watched_a_printer_goes_and_comes_back(printer, emulator):
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(printer, stop))
    thread.start()
    try:
        assert within(10, lambda: printer.board.health.ready)
        emulator.suffer(PrinterFault.OFF)
        assert within(10, lambda: printer.board.health.state is HealthState.MISSING)
        time.sleep(1.5)
        emulator.recover()
        assert within(10, lambda: printer.board.health.ready)
        emulator.suffer(PrinterFault.COVER_OPEN)
        assert within(10, lambda: printer.board.health.reason == "CoverOpen")
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_heartbeat_ends_at_once_when_the_kiosk_stops(emulator):
    printer = EscposPrinter(emulator.url)
    stop = threading.Event()
    thread = threading.Thread(target=printer.attend, args=(stop,))
    thread.start()
    assert within(10, lambda: printer.board.health.ready)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    printer.close()


def test_two_residents_never_share_one_piece_of_paper(printer, emulator, receipt):
    threads = [threading.Thread(target=printer.print, args=(job,)) for job in (receipt, SLIP, receipt)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    heights = sorted(sheet.image.height - 0x60 for sheet in emulator.sheets)
    assert heights == sorted(draw(job).height for job in (receipt, SLIP, receipt))


def test_a_serial_printer_prints_and_reports(receipt):
    emulator = PrinterEmulator(pty=True)
    printer = EscposPrinter(emulator.url)
    try:
        printer.print(receipt)
        image = draw(receipt)
        assert emulator.sheets[-1].image.crop((0, 0, 576, image.height)).tobytes() == image.tobytes()
        emulator.suffer(PrinterFault.COVER_OPEN)
        with pytest.raises(CoverOpen):
            printer.print(SLIP)
        with pytest.raises(DeviceBusy):
            EscposPrinter(emulator.url).print(SLIP)
        emulator.suffer(PrinterFault.OFF)
        with pytest.raises(DeviceSilent):
            printer.print(SLIP)
    finally:
        printer.close()
        emulator.close()


def test_a_serial_printer_pulled_out_is_missing():
    emulator = PrinterEmulator(pty=True)
    printer = EscposPrinter(emulator.url)
    assert printer.paper() is Paper.PLENTY
    emulator.close()
    with pytest.raises(DeviceMissing):
        printer.print(SLIP)
    printer.close()


def test_a_file_takes_the_job_and_says_nothing_of_paper(tmp_path):
    path = tmp_path / "out.bin"
    printer = EscposPrinter(f"file:{path}?paper=58")
    for _ in range(2):
        printer.print(SLIP)
    assert printer.paper() is Paper.UNKNOWN
    assert printer.board.health.ready
    printer.close()
    assert path.read_bytes() == b"".join(job_of(draw(SLIP, 384))) * 2


def test_a_device_file_that_is_not_there_or_vanished_is_missing(tmp_path):
    with pytest.raises(DeviceMissing):
        EscposPrinter(f"file:{tmp_path}/no/lp0").print(SLIP)
    path = tmp_path / "lp0"
    printer = EscposPrinter(f"file:{path}")
    printer.print(SLIP)
    path.unlink()
    printer.print(SLIP)
    assert path.exists()


def test_a_device_file_that_takes_nothing_is_silent_after_a_while(tmp_path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    printer = EscposPrinter(f"file:{path}")
    begun = time.monotonic()
    with pytest.raises(DeviceSilent):
        printer.print(Receipt("long", (Text("好" * 500),)))
    assert time.monotonic() - begun < 25
    printer.close()
    os.close(reader)


def test_a_port_where_nobody_listens_and_a_wrong_name_are_missing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for address in (f"tcp:127.0.0.1:{port}", "serial:/dev/no-such-port", "usb:ffff:fffe"):
        with pytest.raises(DeviceMissing):
            EscposPrinter(address).print(SLIP)


def test_a_printer_known_to_give_no_status_prints_all_the_same(emulator):
    emulator.suffer(PrinterFault.SILENT)
    printer = EscposPrinter(emulator.url + "?status=no")
    printer.print(SLIP)
    assert within(10, lambda: len(emulator.sheets) == 1)
    assert printer.paper() is Paper.UNKNOWN
    printer.close()


def serve_and_break_off(server, machine, after):
    """A network printer whose line breaks ``after`` so many bytes, and that remembers half a picture over it."""
    for limit in (after, None):
        line, _ = server.accept()
        taken = 0
        while message := line.recv(256):
            line.sendall(machine.take(message))
            while machine.waiting:
                line.sendall(machine.advance())
            taken += len(message)
            if limit and taken > limit:
                break
        line.close()


def test_a_job_broken_off_inside_a_picture_does_not_swallow_the_next_one(receipt):
    machine = PaperMachine()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve_and_break_off, args=(server, machine, 7000))
        thread.start()
        printer = EscposPrinter(f"tcp:127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(DeviceMissing):
            printer.print(receipt)
        printer.print(SLIP)
        printer.close()
        thread.join(timeout=5)
    image = draw(SLIP)
    rows = image.height + 0x60
    paper = machine.cut_off[-1]
    assert len(machine.cut_off) == 1
    assert paper.crop((0, paper.height - rows, 576, paper.height - 0x60)).tobytes() == image.tobytes()


def test_the_simulated_printer_keeps_every_receipt_as_text_and_picture(tmp_path, receipt):
    simulated = SimulatedPrinter(tmp_path / "receipts")
    try:
        simulated.printer.print(receipt)
        simulated.printer.print(SLIP)
        first, second = simulated.receipts
        assert (first.number, first.complete) == ("K1-20260301-0007", True)
        assert "阿卜杜热合曼·买买提" in first.sheet.path.with_suffix(".txt").read_text(encoding="utf-8")
        assert Image.open(first.sheet.path).height == draw(receipt).height + 0x60
        assert second.text == "好\n"
        simulated.emulator.load_paper(100)
        with pytest.raises(OutOfPaper):
            simulated.printer.print(receipt)
        assert (simulated.receipts[-1].complete, simulated.receipts[-1].sheet.image.height) == (False, 100)
        simulated.emulator.suffer(PrinterFault.OFF)
        with pytest.raises(DeviceMissing):
            simulated.printer.print(SLIP)
        assert simulated.receipts[-1].sheet is None
    finally:
        simulated.close()


def test_the_simulated_printer_keeps_receipts_in_memory_without_a_folder():
    simulated = SimulatedPrinter()
    try:
        simulated.printer.print(SLIP)
        assert simulated.receipts[0].sheet.path is None
        assert simulated.receipts[0].sheet.image.height > 40
    finally:
        simulated.close()
