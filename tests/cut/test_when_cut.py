"""The county is cut off for real: what the parts of the machine do that no other test cuts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from contract.codes import KioskState
from contract.submissions import ClockConfidence
from county.kiosks import settle
from county.models import figures
from devices.printer import Pair
from kiosk.identity import Assurance
from kiosk.staff.day_slip import day_of, day_receipt, stamp_of
from tests.hall import eventually
from tests.outbox_line import Counter
from tests.screen import Screen, StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
ADMINISTRATOR = ("administrator", "guanli-shili-2026")


def test_devices_are_shown_and_tested_as_ever(hall):
    eventually(lambda: all(one.ready for one in hall.machine.devices.health().values() if one), 20)
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    hall.cut()
    face.visit("/device_page/")
    face.sees("读卡器", "打印机")
    face.press("打一张纸")
    eventually(lambda: not hall.machine.device_tests.view.running, 30)
    assert any('"device_tested"' in entry.text for entry in hall.machine.journal.entries())


def test_what_waits_is_listed_and_kept(hall):
    counter = Counter(hall)
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    hall.cut()
    counter.submit()
    face.visit("/submissions/")
    face.sees("县里暂时连不上", "还有 1 件没有办完", "机器自己送")


def test_the_day_is_told_and_printed(hall):
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    hall.cut()
    eventually(lambda: hall.machine.devices.health()["printer"].ready, 20)
    face.visit("/day_slip/")
    face.press("打印日结")
    assert hall.machine.printing.wait_idle(20)
    assert any('"receipt_printed"' in entry.text for entry in hall.machine.journal.entries())


def test_no_kiosk_is_let_in(hall):
    opened = StaffScreen(hall)
    opened.sign_in(*ADMINISTRATOR)
    opened.visit("/kiosks/")
    assert opened.status == 200
    hall.cut()
    opened.visit("/kiosks/")
    opened.sees("K-401")


def test_a_card_that_needs_the_countys_keys_goes_to_the_counter(open_hall):
    hall = open_hall(hub={"key_store": "test"})
    screen = Screen(hall)
    hall.cut()
    screen.insert_card("三代卡")
    screen.sees("窗口")
    assert hall.machine.desk.state.showing != "serving"
    screen.remove_card()
    screen.insert_card("李伟")
    assert not hall.machine.desk.state.session.resident.card_proven


def test_the_card_itself_checks_a_pin(hall, screen):
    hall.cut()
    holder = screen.insert_card("李伟")
    screen.visit("/pin?next=/services/pension_verification/")
    screen.enter_pin("000000")
    screen.sees("密码")
    assert hall.machine.desk.state.session.assurance < Assurance.PIN
    screen.visit("/pin?next=/services/pension_verification/")
    screen.enter_pin(holder.card.pin)
    assert hall.machine.desk.state.session.assurance >= Assurance.PIN


def test_a_machine_nobody_approved_waits_and_asks_again_by_itself(open_hall):
    hall = open_hall(hub={"approved": ()}, county={"poll_seconds": 1.0})
    mark = hall.machine.county.key_mark
    assert not hall.machine.county.approved
    hall.cut()
    assert not hall.machine.county.approved
    hall.mend()
    with hall.hub.hub.store.writing() as connection:
        settle(connection, mark, KioskState.APPROVED, "officer", hall.hub.hub.clock.now())
    eventually(lambda: hall.machine.county.approved, 30)


def test_the_countys_time_goes_on_and_is_unknown_after_a_restart(hall):
    hall.machine.county.feed.pull()
    assert hall.machine.county.feed.county_time.confidence is ClockConfidence.SURE
    hall.cut()
    assert hall.machine.county.feed.county_time.confidence is ClockConfidence.SURE
    hall.restart()
    assert hall.machine.county.feed.county_time.confidence is ClockConfidence.UNKNOWN
    assert day_of(hall.machine, hall.machine.clock.local().date()).clock is ClockConfidence.UNKNOWN
    told = day_of(hall.machine, hall.machine.clock.local().date())
    assert Pair("", "时间待核") in day_receipt(told, stamp_of(hall.machine)).lines
    hall.mend()
    eventually(lambda: hall.machine.county.feed.county_time.confidence is ClockConfidence.SURE, 30)
    assert Pair("", "时间待核") not in day_receipt(told, stamp_of(hall.machine)).lines


def test_the_days_of_a_cut_are_told_when_the_line_is_back(hall):
    eventually(lambda: hall.machine.store.recall("figures.told"), 20)
    first = hall.machine.clock.local().date()
    hall.cut()
    hall.machine.clock.move(timedelta(days=1))
    hall.machine.notes.do(lambda: None)
    hall.mend()
    hall.move_clock(86400)
    hall.machine.county.figures.tell()
    with hall.hub.hub.store.reading() as connection:
        days = set(connection.scalars(select(figures.c.day)))
    assert first in days
    assert hall.machine.store.recall("figures.told") == (first + timedelta(days=1)).isoformat()
