"""What a clerk reads of the machine."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update

from devices.device import DeviceError
from devices.fingerprint.simulated.faults import SensorFault
from kiosk.device_words import family, named
from kiosk.models import journal, outbox
from kiosk.staff.health import clock_words, is_late
from tests.hall import eventually
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")


def look(hall):
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/health/")
    return face


def test_all_is_well(hall):
    eventually(lambda: all(one.ready for one in hall.machine.devices.health().values() if one))
    face = look(hall)
    face.sees("读卡器好的", "指纹机好的", "打印机好的", "连得上", "和县里一致", "完好", "请关掉这一项", "核对码")


def test_the_plain_health_of_the_face_is_still_there(hall):
    face = look(hall)
    assert set(face.client.get("/health", base_url=face.base).json) >= {
        "version",
        "mode",
        "devices",
        "county",
        "outbox",
    }


def test_a_device_in_trouble_is_told_with_its_code_and_what_to_do(hall):
    health = hall.machine.devices.health
    eventually(lambda: health()["fingerprint"].ready)
    hall.machine.devices.simulators.fingerprint.sensor.fail(SensorFault.UNPLUGGED)
    eventually(lambda: health()["fingerprint"].reason not in ("", "starting"), seconds=15)
    face = look(hall)
    face.sees("指纹机故障", "K-201")


def test_a_hall_without_a_printer_is_not_in_trouble(open_hall):
    look(open_hall(devices={"printer": ""})).sees("打印机没有装")


def test_a_cut_line_is_told_with_the_date_of_the_copy(hall):
    face = look(hall)
    hall.cut()
    face.visit("/health/")
    face.visit("/health/")
    year = hall.machine.clock.local().year
    face.sees("县里暂时连不上", "没法对时", f"数据截至{year}年")


def test_a_clock_that_runs_apart_from_the_county_is_told(hall):
    face = look(hall)
    hall.machine.clock.move(timedelta(minutes=9, seconds=5))
    face.visit("/health/")
    face.sees("和县里差 9 分钟，请校时")


def test_the_journal_is_checked_on_demand_and_a_changed_entry_is_found(hall):
    face = look(hall)
    face.sees("还没有核对")
    face.press("核对日志")
    face.sees("一条不差")
    with hall.machine.store.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_is_never_changed"))
        connection.execute(update(journal).where(journal.c.number == 2).values(text="{}"))
    face.press("核对日志")
    face.sees("第 2 条对不上")


def test_what_the_county_refused_is_told(hall):
    put(hall, "refused", "malformed", "2026-11-21T17:00:00+00:00")
    face = look(hall)
    face.sees("县里没有受理1 件", "请联系办事人到窗口")
    face.sees("20261122-S1", "预约", "2026年11月22日 01:00", "县里看不懂内容")


@pytest.mark.parametrize(
    ("problem", "words"), [("unknown-key", "县里换过密钥，打不开"), ("", "一直没有送到"), ("too-large", "一直没有送到")]
)
def test_what_is_stuck_is_told_with_its_number_and_why(hall, problem, words):
    face = look(hall)
    hall.cut()
    put(hall, "queued", problem, "2026-01-01T00:00:00+00:00")
    face.visit("/health/")
    face.sees("20260101-S1", "还在等", words)


def put(hall, state, answer, made_at):
    row = {
        "submission_id": "s1", "kind": "appointment", "made_at": made_at, "offline": False, "key_id": "k",
        "sealed": "x", "state": state, "tries": 1, "next_try": made_at, "answer": answer, "sitting": "",
    }  # fmt: skip
    with hall.machine.store.begin() as connection:
        connection.execute(insert(outbox).values(row))


def test_the_last_round_of_the_uplink_is_told_and_one_long_ago_is_trouble(hall):
    eventually(lambda: hall.machine.county.rounds.last_round)
    face = look(hall)
    face.sees("上次和县里核对")
    face.does_not_see("很久没有和县里核对")
    assert face.client.get("/health", base_url=face.base).json["county"]["last_round"]
    now = hall.machine.clock.now()
    assert not is_late(now - timedelta(minutes=15), now, 30)
    assert is_late(now - timedelta(minutes=16), now, 30)


def test_a_cut_off_machine_cannot_compare_its_clock(hall):
    now = hall.machine.clock.now()
    assert clock_words(now, None, now) == ("wait", "县里暂时连不上，没法对时")


def test_every_device_error_has_words_for_every_kind_of_device():
    for kind in ("card", "fingerprint", "printer"):
        for error in family(DeviceError):
            trouble = named(error.__name__, kind)
            assert trouble is not None
            assert trouble.code.startswith("K-")
        assert named("starting", kind) is None
