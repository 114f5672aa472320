"""A slip on its way to paper as the resident sees it: told beforehand, failed by name, once more and marked, taken."""

from __future__ import annotations

import json

import pytest

from devices.printer.emulator import PrinterFault
from tests.hall import Hall, eventually
from tests.screen import PATIENCE, Screen

QUERY = "/services/insurance_query/"
PENSION = "/services/pension_verification/"
LONG = 3 * PATIENCE


@pytest.fixture(scope="module")
def shared_screen(tmp_path_factory, seeds):
    """One hall, and its one window, for all these people; each finds it as the first one did."""
    hall = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield Screen(hall)
    hall.close()


@pytest.fixture
def screen(shared_screen):
    screen, hall = shared_screen, shared_screen.hall
    screen.visit("/")
    screen.papers_before = len(printer_of(screen).receipts)
    screen.entries_before = hall.machine.journal.length()
    yield screen
    printer_of(screen).emulator.recover()
    hall.mend()
    if hall.reader.card is not None:
        screen.remove_card()
    eventually(lambda: hall.machine.devices.printer.board.health.ready, 20)


def printer_of(screen):
    return screen.hall.machine.devices.simulators.printer


def on_paper(screen):
    return [receipt.text for receipt in kept(screen) if receipt.sheet is not None]


def kept(screen):
    return list(printer_of(screen).receipts)[getattr(screen, "papers_before", 0) :]


def number_on(text):
    return next(line.split()[-1] for line in text.splitlines() if line.strip().startswith("编号"))


def written(screen, *happenings):
    entries = [json.loads(entry.text) for entry in list(screen.hall.machine.journal.entries())[screen.entries_before :]]
    return [entry for entry in entries if entry["what"] in happenings]


def breaks(screen, fault, reason):
    printer_of(screen).emulator.suffer(fault)
    board = screen.hall.machine.devices.printer.board
    eventually(lambda: board.health.reason == reason, 20)


def asks_for_a_slip(screen, special="李伟"):
    holder = screen.insert_card(special)
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    screen.press("打印凭条")
    screen.press("不印金额")
    return holder


@pytest.mark.parametrize(
    ("fault", "reason", "code"),
    [
        (PrinterFault.OUT_OF_PAPER, "OutOfPaper", "K-301"),
        (PrinterFault.COVER_OPEN, "CoverOpen", "K-302"),
        (PrinterFault.OFFLINE, "DeviceFault", "K-303"),
        (PrinterFault.OFF, "DeviceMissing", "K-304"),
    ],
)
def test_fault_23_who_begins_a_verification_is_told_that_no_slip_can_be_printed_and_may_go_on(
    screen, fault, reason, code
):
    breaks(screen, fault, reason)
    screen.insert_card("王秀英")
    screen.press("养老待遇资格认证")
    screen.sees("现在打不出凭条", "可以接着办，结果一样有效", code)
    screen.press("开始认证")
    screen.sees("请输入社保卡密码")
    printer_of(screen).emulator.recover()
    eventually(lambda: screen.hall.machine.devices.printer.board.health.ready, 20)
    screen.visit(PENSION)
    screen.does_not_see("现在打不出凭条")


def test_fault_23_the_statement_says_so_too_and_the_slip_comes_later(screen):
    breaks(screen, PrinterFault.OUT_OF_PAPER, "OutOfPaper")
    holder = screen.insert_card("李伟")
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    screen.sees("现在打不出凭条", "K-301", "职工养老")
    screen.press("打印凭条")
    screen.sees("凭条上印什么？", "现在打不出凭条", "K-301")
    screen.press("也印金额")
    screen.sees("现在打不出凭条")
    screen.press("不印金额")
    screen.sees_soon("凭条没有打出来", "K-301", seconds=LONG)
    printer_of(screen).emulator.recover()
    screen.sees_soon("凭条刚才没有打出来，现在可以再打一次", seconds=LONG)
    screen.does_not_see("K-301")
    screen.press("再打一次")
    screen.sees_soon("凭条打好了", seconds=LONG)
    assert "重打" not in on_paper(screen)[-1], "nothing of the first one was on paper"


def test_fault_24_a_printer_that_dies_in_mid_job_leaves_one_slip_and_the_next_is_marked(screen):
    printer_of(screen).emulator.suffer(PrinterFault.DIES_MID_JOB)
    asks_for_a_slip(screen)
    screen.sees_soon("凭条没有打出来", "K-304", seconds=LONG)
    torn = on_paper(screen)
    assert [receipt.complete for receipt in kept(screen)] == [False]
    printer_of(screen).emulator.recover()
    screen.press("再打一次")
    screen.sees_soon("凭条打好了", "重打第 1 次", seconds=LONG)
    again = on_paper(screen)[-1]
    assert "重打 第 1 次" in again
    assert "重打时间" in again
    assert number_on(again) == number_on(torn[0])
    failed, printed = written(screen, "receipt_failed", "receipt_printed")
    assert (failed["code"], failed["reprint"], printed["reprint"]) == ("K-304", 0, 1)
    assert failed["receipt"] == printed["receipt"] == number_on(again)
    assert printer_of(screen).emulator.drawer_kicks == 0


def test_who_did_not_get_the_slip_prints_it_again_marked_and_twice_at_most(screen):
    asks_for_a_slip(screen)
    screen.sees_soon("凭条打好了", seconds=LONG)
    for count in (1, 2):
        screen.press("再打一次")
        screen.sees_soon(f"重打第 {count} 次", seconds=LONG)
    screen.sees("已经打了 3 张，还要请找工作人员")
    assert not any("打" in words and words != "打印明细" for words in screen.buttons())
    screen.send(f"{QUERY}slip", again="yes")
    assert screen.hall.machine.printing.wait_idle(10)
    papers = on_paper(screen)
    assert [("重打 第 1 次" in text, "重打 第 2 次" in text) for text in papers] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    assert len({number_on(text) for text in papers}) == 1
    assert [entry["reprint"] for entry in written(screen, "receipt_printed")] == [0, 1, 2]


def test_a_reprint_needs_no_county(screen):
    asks_for_a_slip(screen)
    screen.sees_soon("凭条打好了", seconds=LONG)
    screen.hall.cut()
    screen.send(f"{QUERY}slip", again="yes")
    eventually(lambda: len(on_paper(screen)) == 2, 20)
    assert "重打 第 1 次" in on_paper(screen)[-1]


def test_two_quick_presses_make_one_slip_and_no_reprint(screen):
    asks_for_a_slip(screen)
    screen.send(f"{QUERY}slip", amounts="no")
    screen.send(f"{QUERY}slip", amounts="no")
    screen.sees_soon("凭条打好了", seconds=LONG)
    screen.send(f"{QUERY}slip", amounts="no")
    assert screen.hall.machine.printing.wait_idle(10)
    assert len(on_paper(screen)) == 1


def test_the_next_person_cannot_have_the_last_ones_slip_again(screen):
    asks_for_a_slip(screen)
    screen.sees_soon("凭条打好了", seconds=LONG)
    screen.remove_card()
    holder = screen.insert_card("王秀英")
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    assert "再打一次" not in screen.buttons()
    screen.send(f"{QUERY}slip", again="yes")
    eventually(lambda: len(on_paper(screen)) == 2, 20)
    second = on_paper(screen)[-1]
    assert "重打" not in second
    assert holder.number[-4:] in second
    assert "李" not in second


def test_a_slip_that_the_printer_saw_go_was_taken(open_hall):
    screen = Screen(open_hall(devices={"printer": "simulated:ticket"}))
    asks_for_a_slip(screen)
    screen.sees_soon("凭条打好了，请拿走", seconds=LONG)
    assert printer_of(screen).emulator.slip_hangs
    screen.does_not_see("凭条拿好了")
    printer_of(screen).emulator.take_slip()
    screen.sees_soon("凭条拿好了", seconds=LONG)


def test_a_printer_that_cannot_tell_never_says_taken(screen):
    asks_for_a_slip(screen)
    screen.sees_soon("凭条打好了，请拿走", seconds=LONG)
    printer_of(screen).emulator.take_slip()
    screen.visit(QUERY)
    screen.sees("凭条打好了，请拿走")
    screen.does_not_see("凭条拿好了")


def test_a_slip_given_to_a_printer_that_says_nothing_is_never_called_printed(open_hall, tmp_path):
    screen = Screen(open_hall(devices={"printer": f"escpos:file:{tmp_path}/lp0"}))
    asks_for_a_slip(screen)
    screen.sees_soon("凭条已送到打印机，请看出纸口", seconds=LONG)
    screen.does_not_see("打好了")
