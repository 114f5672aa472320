"""What the screen says of paper, in Chromium: told beforehand, once more, enough of it, and pages of A4."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from devices.printer.emulator import PrinterFault
from tests.browser.legibility import too_hard
from tests.browser_screen import BrowserScreen
from tests.hall import eventually, free_port
from tests.ippeveprinter import IppPrinterProgram, missing

LONG = 30.0


@pytest.fixture
def paper_hall(open_hall, tmp_path):
    """A hall with an A4 printer beside the one for slips."""
    if missing():
        pytest.skip(missing())
    program = IppPrinterProgram(tmp_path / "printer", free_port())
    hall = open_hall(devices={"page_printer": program.url})
    board = hall.machine.devices.page_printer.board
    eventually(lambda: board.health.ready, 30)
    yield hall
    program.close()


def looked_at(screen, name):
    """What is hard to use on this page; LOOK=folder keeps a picture."""
    if folder := os.environ.get("LOOK"):
        screen.tab.screenshot(path=str(Path(folder) / f"{name}.png"))
    return {name: too_hard(screen.tab)}


def no_paper(screen, hall):
    printer = hall.machine.devices.simulators.printer.emulator
    printer.suffer(PrinterFault.OUT_OF_PAPER)
    eventually(lambda: hall.machine.devices.printer.board.health.reason == "OutOfPaper", 30)
    screen.insert_card("王秀英")
    screen.press("养老待遇资格认证")
    screen.sees("现在打不出凭条", seconds=LONG)
    yield "no-paper"
    printer.recover()
    screen.no_longer_sees("现在打不出凭条")
    screen.remove_card()


def slips(screen):
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees("凭条打好了，请拿走", "再打一次", seconds=LONG)
    yield "printed"
    for count in (1, 2):
        screen.press("再打一次")
        screen.sees(f"重打第 {count} 次", seconds=LONG)
    yield "enough"


def pages(screen):
    screen.press("职工养老")
    yield "branch"
    screen.press("打印明细")
    screen.sees("上面有金额")
    yield "pages-question"
    screen.press("打印明细")
    screen.sees("明细打好了", seconds=LONG)
    yield "pages-printed"


def test_every_screen_that_speaks_of_paper_can_be_read_and_reached(paper_hall, window):
    screen = BrowserScreen(paper_hall, window())
    hard = {}
    for name in no_paper(screen, paper_hall):
        hard |= looked_at(screen, name)
    holder = screen.insert_card("李伟")
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    for walk in (slips, pages):
        for name in walk(screen):
            hard |= looked_at(screen, name)
    assert {name: found for name, found in hard.items() if found} == {}
