"""A clerk tests the devices: the machine is borrowed meanwhile, says what it found, and comes back by itself."""

import pytest

from devices.card.virtual.described import CardFault
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.fingers import FingerQuality
from devices.printer.emulator import PrinterFault
from kiosk.device_words import CURES
from kiosk.states import OutOfService, Serving, Vacant, Visiting
from tests.hall import eventually
from tests.screen import StaffScreen
from tests.staff.device_clerk import desk, journalled, put_in


@pytest.fixture
def hall(testing_hall):
    return testing_hall


@pytest.fixture
def screen(testing_screen):
    return testing_screen


@pytest.fixture
def clerk(testing_clerk):
    return testing_clerk


def test_every_device_stands_on_the_page_with_its_button_and_what_is_known_of_it(clerk, hall, screen):
    hall.machine.devices.card.board.learned(model="桌面读卡器", firmware="1.7")
    hall.machine.devices.card.board.counted("cards read")
    clerk.visit("/device_page/")
    clerk.sees("读卡器 好的", "指纹机", "打印机 好的", "触摸屏 留意", "型号桌面读卡器", "固件1.7", "读卡 1 次")
    clerk.sees("上次检测程序启动以来没有检测过", "上次故障程序启动以来没有")
    clerk.sees("试一张卡", "试一个手指", "打一张纸", "点五个点")


def test_a_card_is_read_masked_and_no_session_comes_of_it(clerk, hall, screen):
    clerk.begin("card")
    clerk.sees_soon("请在 30 秒内插一张社会保障卡")
    assert isinstance(desk(hall), OutOfService)
    screen.follow()
    screen.sees("工作人员正在检查设备", "会自动恢复")
    put_in(hall)
    clerk.sees_soon("读到了", "请把卡取出来")
    hall.reader.remove()
    clerk.sees_soon("读卡器：好的", "姓名 李*", "卡版本 2.00")
    clerk.does_not_see("李伟", hall.person("李伟").number, hall.person("李伟").card.card_number)
    assert isinstance(desk(hall), Vacant)
    screen.follow()
    screen.sees("请插入社会保障卡")
    clerk.visit("/device_page/")
    clerk.sees("，好的")
    journal = "".join(link.text for link in hall.machine.journal.entries())
    assert "session_began" not in journal
    assert "number_unmasked" not in journal
    assert '"device": "card"' in journalled(hall)[-1]
    assert '"clerk": "clerk"' in journalled(hall)[-1]
    screen.insert_card("李伟")
    assert isinstance(desk(hall), Serving)


@pytest.mark.parametrize(
    ("fault", "code"), [(CardFault.SILENT, "K-102"), (CardFault.FOREIGN, "K-103"), (CardFault.SHORT_RECORD, "K-104")]
)
def test_what_is_wrong_with_a_card_is_said_with_its_code_and_cure(clerk, hall, fault, code):
    clerk.begin("card")
    clerk.sees_soon("请在 30 秒内")
    put_in(hall, faults=[fault])
    clerk.sees_soon("请把卡取出来")
    hall.reader.remove()
    clerk.sees_soon("没有通过", code, CURES[code])
    assert hall.machine.devices.card.board.record.last_test.code == code
    assert isinstance(desk(hall), Vacant)


def test_a_missing_reader_is_said_at_once(clerk, hall):
    hall.reader.disappear()
    eventually(lambda: not hall.machine.devices.card.board.health.ready)
    clerk.begin("card")
    clerk.sees_soon("没有通过", "K-110", "换个 USB 口")


def test_a_test_begins_only_while_nobody_is_here_and_no_other_runs(clerk, hall, screen):
    screen.insert_card("李伟")
    clerk.begin("printer")
    clerk.sees("机器上有人", "K-608")
    screen.remove_card()
    screen.press("找工作")
    assert isinstance(desk(hall), Visiting)
    clerk.begin("printer")
    clerk.sees("K-608")
    screen.press("完成")
    clerk.begin("card")
    clerk.begin("printer")
    clerk.sees("正在检测另一件设备", "K-609")
    assert 'href="/device_page/test">看检测' in clerk.page.html
    assert 'href="/device_page/"' in clerk.page.html.partition("K-609")[2], "back to the duty"
    board = hall.machine.devices.card.board
    before = board.record.last_test
    clerk.visit("/device_page/test")
    clerk.press("不试了")
    clerk.sees_soon("没有等到卡，没有检测成")
    assert board.record.last_test is before
    assert isinstance(desk(hall), Vacant)


def test_a_card_put_in_while_the_printer_is_tried_is_served_after_it(clerk, hall):
    hall.machine.devices.simulators.printer.emulator.suffer(PrinterFault.SLOW)
    clerk.begin("printer")
    put_in(hall)
    hall.machine.devices.simulators.printer.emulator.recover()
    clerk.sees_soon("打印机：好的", seconds=30)
    eventually(lambda: isinstance(desk(hall), Serving), 10, "the card is read after the test")


def test_a_slip_is_printed_with_ruler_date_and_a_rare_character(clerk, hall):
    clerk.begin("printer")
    clerk.sees_soon("打印机：好的", "请看纸", seconds=30)
    slip = hall.machine.devices.simulators.printer.receipts[-1]
    assert slip.complete
    for words in (
        "打印机检测",
        "一二三四五六七八九十" * 2,
        "张𬱖",
        f"{hall.machine.clock.local():%Y-%m-%d}",
        "kiosk-01",
    ):
        assert words in slip.text


def test_a_printer_without_paper_says_so(clerk, hall):
    hall.machine.devices.simulators.printer.emulator.suffer(PrinterFault.OUT_OF_PAPER)
    clerk.begin("printer")
    clerk.sees_soon("打印机：没有通过", "K-301", "换一卷纸", "这件设备还没有好", seconds=30)
    clerk.does_not_see("可以接着用")
    hall.machine.devices.simulators.printer.emulator.recover()


def test_a_finger_is_tried_and_nothing_of_it_is_kept(clerk, hall, testing_sensor):
    testing_sensor.place_finger("anybody", FingerQuality.GOOD)
    before = len(testing_sensor.commands)
    clerk.begin("fingerprint")
    clerk.sees_soon("指纹机：", "没有", seconds=30)
    assert 0x08 not in testing_sensor.commands[before:], "no template is fetched from the sensor"
    assert isinstance(desk(hall), Vacant)


def test_an_unplugged_sensor_is_said_with_its_cure(clerk, hall, testing_sensor):
    testing_sensor.fail(SensorFault.UNPLUGGED)
    eventually(lambda: not hall.machine.devices.fingerprint.board.health.ready, 15)
    clerk.begin("fingerprint")
    clerk.sees_soon("没有通过", "K-201", "换个 USB 口")
    clerk.visit("/device_page/")
    clerk.sees("指纹机 故障", "怎么办：查指纹机的线", "没有通过（K-201）")


def test_the_parked_request_of_the_test_page_follows_it(clerk, hall):
    clerk.begin("card")
    clerk.sees_soon("请在 30 秒内")
    assert clerk.page.attributes["data-parked"] == "/device_page/parked"
    showing = clerk.page.attributes["data-showing"]
    put_in(hall)
    answer = clerk.client.get("/device_page/parked", query_string={"showing": showing}, base_url=clerk.base)
    assert answer.json == {"go": "/device_page/test/now"}
    hall.reader.remove()
    clerk.sees_soon("读卡器：好的")
    assert "data-parked" not in clerk.page.attributes
    clerk.client.post("/sign-out", base_url=clerk.base)


def test_nobody_tests_without_signing_in(hall):
    face = StaffScreen(hall)
    face.visit("/device_page/")
    assert face.path == "/sign-in"
    face.send("/device_page/card/test")
    assert isinstance(desk(hall), Vacant)
    answer = face.client.get("/device_page/parked", base_url=face.base)
    assert answer.json == {"go": "/sign-in"}


def test_a_device_that_this_hall_has_not_cannot_be_tested(clerk, hall):
    clerk.begin("toaster")
    clerk.sees("K-506")
    assert isinstance(desk(hall), Vacant)
