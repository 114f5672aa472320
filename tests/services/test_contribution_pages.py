"""A statement on A4 through the whole house: a real IPP printer program gets the PDF, the disk gets nothing."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.hall import Hall, eventually, free_port
from tests.ippeveprinter import IppPrinterProgram, missing
from tests.screen import PATIENCE, Screen, StaffScreen

QUERY = "/services/insurance_query/"
LONG = 4 * PATIENCE
TITLE = rb"/Title \(([^)]+)\)"

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "is installed")


@pytest.fixture(scope="module")
def shared(tmp_path_factory, seeds):
    """One hall and one printer program for all these people."""
    program = IppPrinterProgram(tmp_path_factory.mktemp("printer") / "own", free_port())
    hall = Hall(tmp_path_factory.mktemp("hall"), seeds, devices={"page_printer": program.url})
    yield Screen(hall), program
    hall.close()
    program.close()


@pytest.fixture
def program(shared):
    program = shared[1]
    program.well()
    for file in program.printed:
        file.unlink()
    return program


@pytest.fixture
def screen(shared, program):
    screen, hall = shared[0], shared[0].hall
    eventually(lambda: hall.machine.devices.page_printer.board.health.ready, 30)
    screen.visit("/")
    yield screen
    hall.mend()
    if hall.reader.card is not None:
        screen.remove_card()
    assert hall.machine.printing.wait_idle(60)


def opens_pension(screen, special="李伟"):
    holder = screen.insert_card(special)
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    screen.press("职工养老")
    return holder


def test_the_pages_come_out_after_a_second_question_once_more_when_asked_for_and_stay_nowhere(screen, program):
    holder = opens_pension(screen)
    screen.press("打印明细")
    screen.sees("打印明细？上面有金额", "别人捡到这几张纸", "不打印")
    assert program.printed == []
    screen.press("打印明细")
    screen.sees_soon("明细打好了", seconds=LONG)
    pdf = program.printed[0].read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert int(re.search(rb"/Count (\d+)", pdf).group(1)) >= 1
    assert b"/FontFile" in pdf
    if (reads := shutil.which("pdftotext")) is not None:
        command = [reads, "-layout", "-", "-"]
        said = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()  # noqa: S603 - fixed words
        assert "职工养老缴费明细" in said
        assert "李*" in said
        assert holder.name not in said
        assert holder.number not in said
        assert "示例值" in said
    screen.press("再打一次")
    screen.sees_soon("重打第 1 次", seconds=LONG)
    again = program.printed[1].read_bytes()
    assert re.search(TITLE, again).group(1) == re.search(TITLE, pdf).group(1)
    assert again != pdf
    left = [file for file in screen.hall.folder.rglob("*") if file.is_file() and b"%PDF" in file.read_bytes()]
    assert left == []


def test_a_printer_that_gives_up_is_said_and_the_statement_stays(screen, program):
    program.fails()
    opens_pension(screen)
    screen.press("打印明细")
    screen.press("打印明细")
    screen.sees_soon("明细没有打出来", "K-303", "再打一次", "缴费基数", seconds=LONG)


def test_the_county_cut_while_the_pages_are_made_is_said(screen):
    opens_pension(screen)
    screen.press("打印明细")
    screen.hall.cut()
    screen.press("打印明细")
    screen.sees("和县里的网络断了", "K-401")


def test_nobody_is_offered_pages_that_will_not_come(screen, program):
    program.stop()
    board = screen.hall.machine.devices.page_printer.board
    eventually(lambda: not board.health.ready, 30)
    opens_pension(screen)
    assert "打印明细" not in screen.buttons()
    screen.visit(f"{QUERY}type/110/pages")
    screen.does_not_see("打印明细")
    program.start()


def test_a_hall_without_an_a4_printer_shows_no_button(hall):
    screen = Screen(hall)
    opens_pension(screen)
    screen.sees("缴费基数")
    assert "打印明细" not in screen.buttons()


def test_the_clerk_sees_the_a4_printer_beside_the_other_devices(screen):
    staff = StaffScreen(screen.hall)
    staff.sign_in("clerk", "chuangkou-shili-2026")
    staff.visit("/health/")
    staff.sees("A4 打印机好的")


def test_the_card_that_leaves_while_pages_print_is_waited_for(screen, program):
    program.holds(8)
    opens_pension(screen)
    screen.press("打印明细")
    screen.press("打印明细")
    eventually(lambda: program.printed, 30)
    screen.remove_card()
    assert not screen.hall.machine.printing.wait_idle(0.1)
    assert screen.hall.machine.printing.wait_idle(30)
    assert len(program.printed) == 1
