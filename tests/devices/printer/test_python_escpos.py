"""python-escpos, a driver that is not ours, prints to the emulator over a pseudo-terminal and asks it how it is.

What came out was looked at (``GOLDEN=write pytest`` writes the picture anew, for looking again).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from devices.printer.emulator import PrinterFault
from devices.printer.simulated import PrinterEmulator
from tests.hall import eventually

PAPER = Path(__file__).with_name("python-escpos.png")


@pytest.fixture
def peer():
    from escpos.printer import Serial  # noqa: PLC0415 - it reads a large table, and only one worker needs it

    emulator = PrinterEmulator(pty=True)
    path, _, speed = emulator.url.removeprefix("serial:").partition("?baud=")
    printer = Serial(devfile=path, baudrate=int(speed), timeout=0.6, dsrdtr=False)
    printer.open()
    yield printer, emulator
    printer.device.close()
    emulator.close()


def test_text_a_code_and_a_cut_of_another_driver_come_out(peer):
    printer, emulator = peer
    printer._raw(b"\x1b@")
    printer.set(align="center", bold=True)
    printer.text("Town hall 123\n")
    printer.set(align="left", bold=False)
    printer.text("云锦镇便民服务中心，认证结果已通过\n")
    printer.qr("HALL1 RZ 2026031000000017", size=6)
    printer.ln(2)
    printer.cut(mode="FULL")
    eventually(lambda: emulator.sheets, 20)
    paper = emulator.sheets[-1].image
    if os.environ.get("GOLDEN") == "write":
        paper.save(PAPER)
    golden = Image.open(PAPER).convert("1")
    assert paper.size == golden.size
    differing = ImageChops.logical_xor(paper, golden).histogram()[-1]
    assert differing <= 0.005 * paper.width * paper.height
    assert emulator.drawer_kicks == 0


def test_the_emulator_notices_the_drawer_that_this_driver_can_open(peer):
    printer, emulator = peer
    printer.cashdraw(2)
    eventually(lambda: emulator.drawer_kicks == 1, 10)
    assert emulator.heard[b"\x1b\x70"] == 1


@pytest.mark.parametrize(
    ("fault", "online", "paper"),
    [
        (None, True, 2),
        (PrinterFault.PAPER_LOW, True, 1),
        (PrinterFault.OUT_OF_PAPER, False, 0),
        (PrinterFault.COVER_OPEN, False, 2),
    ],
)
def test_another_driver_reads_the_same_state_out_of_the_emulator(peer, fault, online, paper):
    printer, emulator = peer
    if fault is not None:
        emulator.suffer(fault)
    assert printer.is_online() is online
    assert printer.paper_status() == paper
