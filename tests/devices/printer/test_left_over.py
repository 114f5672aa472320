"""What a job that failed, or hangs, leaves in the printer; and a printer that tells nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from devices.device import DeviceMissing, DeviceSilent
from devices.printer import CoverOpen, Receipt, Text
from devices.printer.commands import job_of
from devices.printer.emulator import PaperMachine, PrinterFault
from devices.printer.escpos import ROWS_A_SECOND, EscposPrinter
from devices.printer.raster import draw

SLIP = Receipt("slip", (Text("好"),))


def test_a_job_that_failed_by_silence_never_comes_out_beside_the_next_resident(printer, emulator, receipt):
    with pytest.raises(DeviceSilent):
        printer.print(receipt, lambda: emulator.suffer(PrinterFault.SILENT, PrinterFault.COVER_OPEN))
    emulator.recover()
    printer.print(SLIP)
    image = draw(SLIP)
    assert [sheet.image.height for sheet in emulator.sheets] == [image.height + 0x60]
    assert emulator.sheets[0].image.crop((0, 0, 576, image.height)).tobytes() == image.tobytes()


def serve_a_printer_that_keeps_a_job(server, machine):
    """The cover opens with the job, the line breaks after most of it; on the next line the cover is closed again."""
    for limit in (7000, None):
        line, _ = server.accept()
        machine.forget(steps=False)
        taken = 0
        while message := line.recv(4096):
            taken += len(message)
            if limit and taken > 500:
                machine.faults = {PrinterFault.COVER_OPEN}
            line.sendall(machine.take(message))
            if limit and taken > limit:
                break
            machine.faults = machine.faults if limit else set()
            while machine.waiting:
                line.sendall(machine.advance())
        line.close()


def test_what_a_broken_line_left_in_the_printer_is_dropped_first_on_the_next_one(receipt):
    machine = PaperMachine()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve_a_printer_that_keeps_a_job, args=(server, machine))
        thread.start()
        printer = EscposPrinter(f"tcp:127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(DeviceMissing):
            printer.print(receipt)
        with contextlib.suppress(CoverOpen):
            printer.print(SLIP)
        if not machine.cut_off:
            printer.print(SLIP)
        printer.close()
        thread.join(timeout=20)
    assert [paper.height for paper in machine.cut_off] == [draw(SLIP).height + 0x60]


def test_a_program_that_starts_has_the_printer_drop_what_an_earlier_one_left_in_it(emulator, receipt):
    first = EscposPrinter(emulator.url)
    first.paper()
    emulator.suffer(PrinterFault.COVER_OPEN)
    with socket.create_connection(("127.0.0.1", int(emulator.url.split(":")[-1])), 5) as waiting:
        first.close()
        for part in job_of(draw(receipt)):
            waiting.sendall(part)
        waiting.sendall(b"\x10\x04\x01")
        assert waiting.recv(1)
    second = EscposPrinter(emulator.url)
    with pytest.raises(CoverOpen):
        second.print(SLIP)
    emulator.recover()
    second.print(SLIP)
    second.close()
    assert [sheet.image.height for sheet in emulator.sheets] == [draw(SLIP).height + 0x60]


def test_a_job_that_hangs_is_cut_off_by_the_close_and_prints_nothing_when_it_wakes(printer, emulator):
    inside, go_on, failed = threading.Event(), threading.Event(), []

    def hang():
        inside.set()
        go_on.wait(60)

    def job():
        try:
            printer.print(SLIP, hang)
        except DeviceMissing as error:
            failed.append(error)

    printing, closing = threading.Thread(target=job), threading.Thread(target=printer.close)
    printing.start()
    assert inside.wait(20)
    closing.start()
    closing.join(20)
    assert not closing.is_alive(), "nobody waits for a job that hangs"
    go_on.set()
    printing.join(20)
    assert failed
    heir = EscposPrinter(emulator.url)
    heir.print(Receipt("next", (Text("好\n好"),)))
    heir.close()
    assert [sheet.image.height for sheet in emulator.sheets] == [draw(Receipt("", (Text("好\n好"),))).height + 0x60]


@pytest.mark.parametrize("place", ["file", "tcp"])
def test_a_printer_that_says_nothing_is_given_the_time_its_slip_needs(tmp_path, emulator, place):
    printer = EscposPrinter(f"file:{tmp_path}/lp0" if place == "file" else emulator.url + "?status=no")
    begun = time.monotonic()
    printer.print(SLIP)
    assert time.monotonic() - begun >= 1 + draw(SLIP).height / ROWS_A_SECOND
    assert not printer.confirms
    printer.close()
    assert EscposPrinter(emulator.url).confirms
