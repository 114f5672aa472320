"""日结: the day's counts with the head of the journal, on the screen and on paper."""

import re
from datetime import timedelta

import pytest

from contract.chain import head_from
from kiosk.journal_file import verify
from tests.hall import eventually
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")


@pytest.fixture
def face(hall):
    opened = StaffScreen(hall)
    opened.sign_in(*CLERK)
    return opened


def test_the_day_is_told_with_what_happened_and_only_that(hall, screen, face):
    screen.insert_card("李伟")
    screen.visit("/services/job_board/")
    screen.remove_card()
    eventually(lambda: count_of(hall, "service_opened"))
    face.visit("/day_slip/")
    face.sees("日结", "插卡办事1", "打开事项1", "工作人员登录1", f"站点 {hall.settings.kiosk.site}")
    face.does_not_see("卡没有被接受", "李伟")


def count_of(hall, what):
    return sum(f'"what": "{what}"' in entry.text for entry in hall.machine.journal.entries())


def test_the_same_service_counts_once_a_visit(hall, screen, face):
    for _ in range(2):
        screen.visit("/services/job_board/")
        screen.visit("/services/job_board/")
        screen.send("/leave")
        screen.visit("/")
    eventually(lambda: count_of(hall, "service_opened") == 2)
    face.visit("/day_slip/")
    face.sees("打开事项2")


def test_the_head_on_the_page_verifies_the_journal(hall, face):
    face.visit("/day_slip/")
    written = re.search(r"\d+:[0-9a-f]{4}(-[0-9a-f]{4}){3}", face.page.text)[0]
    lines, whole = verify(hall.machine.store.file, [written])
    assert whole
    assert f"The head {written} is in it." in lines
    assert head_from(written).number <= hall.machine.journal.length()


def test_a_slip_is_printed_and_the_journal_says_so(hall, face):
    eventually(lambda: hall.machine.devices.health()["printer"].ready, 15)
    face.visit("/day_slip/")
    face.press("打印日结")
    face.sees("已经交给打印机")
    assert hall.machine.printing.wait_idle(20)
    number = f"RJ{hall.machine.clock.local():%Y%m%d}"
    assert count_of(hall, "receipt_printed") == 1
    assert any(number in entry.text for entry in hall.machine.journal.entries())


def test_yesterday_is_told_apart_and_days_long_gone_are_not(hall, face):
    today = hall.machine.clock.local().date()
    face.visit("/day_slip/")
    face.press("前一天")
    face.sees("这一天没有记录", f"{(today - timedelta(days=1)).day}日")
    for day in ((today - timedelta(days=32)).isoformat(), (today + timedelta(days=1)).isoformat(), "2026-02-30", "x"):
        face.visit(f"/day_slip/?day={day}")
        face.sees("K-506")


def test_a_hall_without_a_printer_offers_none(open_hall):
    hall = open_hall(devices={"printer": ""})
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/day_slip/")
    face.sees("日志封签")
    assert not any("打印日结" in words for words in face.buttons())
