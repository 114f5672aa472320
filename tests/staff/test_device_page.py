"""A clerk tests the devices: the machine is borrowed meanwhile, says what it found, and comes back by itself."""

import threading
from dataclasses import replace

import pytest

from devices.card.described import CardFault
from devices.card.simulated import VirtualCard
from devices.device import DeviceFault
from devices.fingerprint.simulated_faults import SensorFault
from devices.fingerprint.simulated_fingers import FingerQuality
from devices.printer.emulator import PrinterFault
from kiosk.clock import Clock
from kiosk.device_test_acts import acts_of
from kiosk.device_test_touch import place_of, told_of
from kiosk.device_tests import DeviceTestRoom, Outcome, Patience
from kiosk.device_words import CURES
from kiosk.errors import MachineInUse
from kiosk.panel import Panel, Touch, TouchFindings
from kiosk.receipts import Stamp
from kiosk.staff.device_rows import panel_row, words_of_fault
from kiosk.states import CardLeft, Finished, OutOfService, Serving, Vacant, Visiting
from tests.hall import Hall, eventually
from tests.screen import Screen, StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
TARGET = {"x": "30", "y": "20", "off": "3", "hit": "1"}


class Testing(StaffScreen):
    """The clerk at the page of devices. (No test class: it has no tests.)"""

    __test__ = False

    def begin(self, kind):
        self.visit("/device_page/")
        return self.send(f"/device_page/{kind}/test")

    def sees_soon(self, *words, seconds=15.0):
        def there():
            self.visit("/device_page/test")
            return all(word in self.page.text for word in words)

        eventually(there, seconds, f"{words} on the clerk's page: {self.page.text}")


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    """One hall for all tests here; ``hall`` puts right what a test did to it."""
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def hall(shared_hall):
    machine, simulators = shared_hall.machine, shared_hall.machine.devices.simulators
    eventually(lambda: all(machine.devices.health()[kind].ready for kind in ("card", "printer")), 15)
    usual = shared_hall.reader.listener
    yield shared_hall
    machine.device_tests.call_off()
    shared_hall.reader.remove()
    shared_hall.reader.reappear()
    simulators.fingerprint.sensor.lift_finger()
    simulators.fingerprint.sensor.mend()
    simulators.printer.emulator.recover()
    eventually(lambda: not machine.device_tests.view.running, 30)
    shared_hall.reader.listener = usual
    machine.desk.handle(Finished())
    eventually(lambda: isinstance(machine.desk.state, Vacant), 15)


@pytest.fixture
def screen(hall):
    """Its touchscreen, paired anew."""
    window = Screen(hall)
    window.visit(f"/?key={(hall.settings.folder / 'secrets' / 'pairing-key').read_text()}")
    return window


@pytest.fixture
def clerk(hall):
    face = Testing(hall)
    face.sign_in(*CLERK)
    return face


@pytest.fixture(scope="module")
def sensor(shared_hall):
    """The sensor of the hall, once it is ready."""
    eventually(lambda: shared_hall.machine.captures.ready, 15)
    return shared_hall.machine.devices.simulators.fingerprint.sensor


def desk(hall):
    return hall.machine.desk.state


def put_in(hall, special="李伟", faults=()):
    hall.reader.insert(VirtualCard(hall.person(special).card, frozenset(faults)))


def journalled(hall):
    return [link.text for link in hall.machine.journal.entries() if "device_tested" in link.text]


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
    clerk.sees("K-608")
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


def test_a_card_that_was_tried_and_left_in_is_to_be_taken_out(hall):
    room = room_of(hall, Patience(put=5.0, take=0.3))
    room.begin("card", "clerk")
    put_in(hall)
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.passed
    assert desk(hall) == CardLeft(None)
    hall.reader.remove()
    eventually(lambda: isinstance(desk(hall), Vacant))


def stamp_of(hall):
    return lambda: Stamp("云龙镇便民服务大厅", "", "kiosk-01", hall.machine.clock.local())


def room_of(hall, patience, acts=None, longest=30.0):
    """A room of the tests' own in front of the machine's."""
    made = acts or acts_of(hall.machine.devices, hall.machine.panel, stamp_of(hall), patience)
    return DeviceTestRoom(
        hall.machine.desk, reader=hall.machine.devices.card, acts=made, boards={}, journal=hall.machine.journal,
        longest=longest,
    )  # fmt: skip


def test_nobody_puts_a_card_in_and_the_machine_comes_back(hall):
    room = room_of(hall, Patience(put=0.3))
    room.begin("card", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome == Outcome(passed=None, words=("没有等到卡，没有检测成",))
    assert isinstance(desk(hall), Vacant)


def test_a_device_that_hangs_costs_its_worker_and_the_test_ends_at_its_limit(hall):
    never = threading.Event()
    room = room_of(hall, Patience(), {"printer": lambda _: never.wait(60)}, longest=0.3)
    room.begin("printer", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.code == "K-304"
    assert isinstance(desk(hall), Vacant)
    room.begin("printer", "clerk")
    assert isinstance(desk(hall), OutOfService)
    never.set()


@pytest.mark.parametrize("error", [DeviceFault("broken"), ZeroDivisionError("a defect")])
def test_whatever_a_test_raises_the_machine_comes_back(hall, error):
    def act(_trial):
        raise error

    room = room_of(hall, Patience(), {"printer": act})
    room.begin("printer", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.code in ("K-303", "K-901")
    assert isinstance(desk(hall), Vacant)


def test_a_closed_machine_is_not_opened_by_a_test_that_ends(open_hall):
    hall = open_hall()
    room = room_of(hall, Patience(put=20.0))
    room.begin("card", "clerk")
    hall.machine.stop()
    assert desk(hall).reason == "stopping"
    room.call_off()
    eventually(lambda: not room.view.running, 10)
    assert desk(hall).reason == "stopping"
    with pytest.raises(MachineInUse):
        room.begin("card", "clerk")


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
    clerk.sees_soon("打印机：没有通过", "K-301", "换一卷纸", seconds=30)
    hall.machine.devices.simulators.printer.emulator.recover()


def test_a_finger_is_tried_and_nothing_of_it_is_kept(clerk, hall, sensor):
    sensor.place_finger("anybody", FingerQuality.GOOD)
    before = len(sensor.commands)
    clerk.begin("fingerprint")
    clerk.sees_soon("指纹机：", "没有", seconds=30)
    assert 0x08 not in sensor.commands[before:], "no template is fetched from the sensor"
    assert isinstance(desk(hall), Vacant)


def test_an_unplugged_sensor_is_said_with_its_cure(clerk, hall, sensor):
    sensor.fail(SensorFault.UNPLUGGED)
    eventually(lambda: not hall.machine.devices.fingerprint.board.health.ready, 15)
    clerk.begin("fingerprint")
    clerk.sees_soon("没有通过", "K-201", "换个 USB 口")
    clerk.visit("/device_page/")
    clerk.sees("指纹机 故障", "怎么办：查指纹机的线", "没有通过（K-201）")


# --- the touchscreen ---


def tap(screen, **fields):
    screen.visit("/touch-test")
    return screen.send("/touch-test", **(TARGET | {"target": screen.page.html.split('data-target="')[1][0]} | fields))


def shown(hall, target):
    eventually(lambda: desk(hall).showing.endswith(f".{target}"), what=f"target {target} is shown")


def test_five_targets_are_touched_one_after_another(clerk, hall, screen):
    screen.follow()
    hall.machine.panel.seen()
    clerk.begin("panel")
    for target in range(1, 6):
        shown(hall, target)
        screen.follow()
        screen.sees(f"请点圆点（第 {target} 个，共 5 个）")
        tap(screen)
    clerk.sees_soon("触摸屏：好的", "五个都点到了", "第 5 个点：偏 1 毫米")
    assert isinstance(desk(hall), Vacant)
    assert hall.machine.panel.board.record.last_test.passed


def test_ghost_touches_are_noticed_while_the_targets_are_touched(clerk, hall, screen):
    hall.machine.panel.seen()
    clerk.begin("panel")
    shown(hall, 1)
    for _ in range(9):
        tap(screen, hit="0", x="900", y="950", off="1900")
    tap(screen, hit="0", off="30")
    for target in range(1, 6):
        shown(hall, target)
        tap(screen)
    clerk.sees_soon("没有通过", "没有圆点的地方有 9 下：下右", "点偏 1 下，最多偏 9 毫米")


def test_a_closed_screen_cannot_be_tried(open_hall):
    clerk = Testing(open_hall())
    clerk.sign_in(*CLERK)
    clerk.begin("panel")
    clerk.sees_soon("没有通过", "自助机的屏幕没有开着")


def test_targets_not_touched_in_time_end_the_test(hall, screen):
    hall.machine.panel.seen()
    room = room_of(hall, Patience(tap=0.3))
    room.begin("panel", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.words[0] == "没有人点屏幕，没有检测成"
    screen.visit("/touch-test")
    assert screen.path == "/"


@pytest.mark.parametrize("field", [{"x": "-1"}, {"y": "1001"}, {"off": "far"}, {"target": "9"}])
def test_a_touch_that_no_window_tells_is_refused(clerk, hall, screen, field):
    hall.machine.panel.seen()
    clerk.begin("panel")
    shown(hall, 1)
    tap(screen, **field)
    assert screen.status == 400
    assert hall.machine.panel.findings == TouchFindings()
    clerk.visit("/device_page/test")
    clerk.press("不试了")


def test_touches_count_only_while_a_test_runs_and_each_target_once(hall):
    panel, hit = hall.machine.panel, Touch(1, 1, hit=True, off_mm=1.0)
    panel.touched(hit, 1)
    assert panel.findings == TouchFindings()
    panel.begin()
    for target in (1, 1, 3, 2):
        panel.touched(hit, target)
    assert len(panel.end().hits) == 2
    panel.touched(hit, 3)
    assert len(panel.findings.hits) == 2


def test_findings_are_told_in_words():
    hit = Touch(500, 500, hit=True, off_mm=2.0)
    assert told_of(TouchFindings((hit,) * 3)).words[0] == "只点到 3 个，共 5 个"
    ghost = replace(hit, hit=False, off_mm=90.0)
    assert not told_of(TouchFindings((hit,) * 5, (), (ghost,))).passed
    assert [place_of(0, 0), place_of(500, 500), place_of(1000, 400)] == ["上左", "正中", "中右"]


class SteppingClock(Clock):
    """Monotonic seconds by hand."""

    seconds = 100.0

    def monotonic(self):
        return self.seconds


def test_a_window_that_falls_quiet_is_missed(hall):
    clock = SteppingClock("Asia/Shanghai")
    panel = Panel(clock)
    here = replace(hall.machine, panel=panel)
    assert panel_row(here).words == "程序启动以来，屏幕还没有打开过"
    panel.seen()
    clock.seconds += 44
    assert panel_row(here).words == "屏幕开着"
    clock.seconds += 2
    missed = panel_row(here)
    assert (missed.mood, missed.words, missed.cure) == ("stop", "屏幕没有动静了", "打开或重启屏幕上的浏览器")
    panel.seen()
    assert panel_row(here).mood == "good"
    assert words_of_fault("panel", panel.board.record.last_fault, clock).endswith("屏幕没有动静")


# --- the page itself ---


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
