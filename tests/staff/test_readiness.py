"""The readiness report: ready, or not because; printable, and without a secret."""

from dataclasses import replace

import pytest

from devices.fingerprint.simulated.faults import SensorFault
from kiosk.settings import Settings
from kiosk.staff.device_rows import DeviceRow, DeviceSheet
from kiosk.staff.readiness import Surroundings, readiness_of, settings_summary, without_secrets
from tests.hall import eventually
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
GIGABYTE = 10**9
FINE = Surroundings(
    clock="good",
    store="ok",
    county_copy=True,
    county_reachable=True,
    approved=True,
    free_bytes=9 * GIGABYTE,
    production=True,
)
CARD = DeviceSheet(DeviceRow("card", "读卡器", "good", "正常"), testable=True, last_test="11月22日 14:00，好的")
PRINTER = DeviceSheet(DeviceRow("printer", "打印机", "good", "正常"), testable=True, last_test="11月22日 14:00，好的")
NONE = DeviceSheet(DeviceRow("printer", "打印机", "none", "本厅没有装"))


def test_a_machine_on_which_all_is_well_is_ready():
    readiness = readiness_of([CARD, PRINTER], FINE)
    assert readiness.ready
    assert readiness.remarks == ()
    assert readiness_of([CARD, NONE], FINE).ready


@pytest.mark.parametrize(
    ("sheets", "around", "reason"),
    [
        ([NONE], FINE, ()),
        (
            [replace(CARD, row=replace(CARD.row, mood="stop", words="读卡器没有连上。"))],
            FINE,
            "读卡器：读卡器没有连上。",
        ),
        ([replace(CARD, last_test="11月22日 14:00，没有通过（K-102）")], FINE, "读卡器：上次检测没有通过"),
        ([DeviceSheet(DeviceRow("card", "读卡器", "none", "本厅没有装"))], FINE, "读卡器：没有装"),
        ([CARD], replace(FINE, clock="stop"), "时钟不对，请校时"),
        ([CARD], replace(FINE, store="broken page 3"), "存储有问题：broken page 3"),
        ([CARD], replace(FINE, free_bytes=GIGABYTE // 10), "硬盘快满了"),
        ([CARD], replace(FINE, county_copy=False), "还没有从县里取到过数据"),
        ([CARD], replace(FINE, approved=False), "县里还没有批准（或已停用）这台机器"),
        (
            [replace(CARD, row=replace(CARD.row, mood="stop", words="没有连上"), last_test="没有通过（K-110）")],
            FINE,
            "读卡器：没有连上",
        ),
        ([CARD], replace(FINE, production=False), "现在是演示，不能给群众办事"),
    ],
)
def test_a_machine_is_not_ready_because(sheets, around, reason):
    readiness = readiness_of(sheets, around)
    assert readiness.reasons == ((reason,) if reason else ())
    assert readiness.ready is not bool(reason)


def test_what_stops_nobody_is_remarked():
    untested = replace(CARD, last_test="程序启动以来没有检测过")
    low = replace(PRINTER, row=replace(PRINTER.row, mood="wait", words="快没纸了"))
    around = replace(FINE, county_reachable=False, approved=None, free_bytes=GIGABYTE // 2)
    readiness = readiness_of([untested, low], around)
    assert readiness.ready
    assert readiness.remarks == (
        "打印机：快没纸了",
        "读卡器：还没有检测过",
        "县里暂时连不上",
        "还没有问到县里批准没有",
        "硬盘空间不多了",
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "ef01:/dev/ttyUSB0?baud=57600&password=1234ABCD&verify=no",
            "ef01:/dev/ttyUSB0?baud=57600&password=…&verify=no",
        ),
        ("https://kiosk:secret@county.example/api", "https://…@county.example/api"),
        ("escpos:tcp:10.0.0.9:9100", "escpos:tcp:10.0.0.9:9100"),
    ],
)
def test_no_secret_of_a_line_is_printed(line, shown):
    assert without_secrets(line) == shown


def test_the_summary_names_every_device_line_and_no_file_of_secrets():
    text = str(settings_summary(Settings()))
    for words in ("读卡器", "指纹机", "打印机", "A4 打印机", "身份证阅读器", "扫码器", "pcsc:", "510521109", "正式"):
        assert words in text
    assert "secrets" not in text


def test_the_report_says_what_is_the_matter_with_this_machine(hall):
    eventually(lambda: hall.machine.captures.ready, 15)
    hall.machine.devices.simulators.fingerprint.sensor.fail(SensorFault.UNPLUGGED)
    eventually(lambda: not hall.machine.captures.ready, 15)
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/health/report")
    face.sees(
        "机器状况报告",
        "还不能开门办事，因为",
        "指纹机：指纹机没有连上。",
        "现在是演示，不能给群众办事",
        "检查人",
        "日期",
    )
    face.sees("和县里一致", "完好，硬盘还空", "kiosk-01", "程序启动以来没有检测过", "Python")
    assert '<link rel="stylesheet" href="/static/report.css">' in face.page.html
    css = hall.staff_app.test_client().get("/static/report.css", base_url=face.base).text
    assert "@media print" in css
    assert "size: A4" in css


def test_the_report_is_for_those_who_are_signed_in(hall):
    face = StaffScreen(hall)
    face.visit("/health/report")
    assert face.path == "/sign-in"
