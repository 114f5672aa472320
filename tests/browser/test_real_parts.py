"""The whole hall with real parts: a card through pcscd, a sensor on a pseudo-terminal, a printer on a socket."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from devices.card.virtual.card import VirtualCard
from devices.card.virtual.vpcd import VirtualSlot
from devices.fingerprint.simulated.sensor import SensorFault, SimulatedSensor
from devices.printer.emulator import PrinterFault
from devices.printer.simulated import PrinterEmulator
from devices.simulated_ports import PtyPort
from kiosk.events import Finished
from kiosk.states import Vacant
from tests.browser_screen import BrowserScreen, LiveHall
from tests.hall import eventually
from tests.pcscd import PcscDaemon, missing
from tests.services.pension_steps import begins

pytestmark = [pytest.mark.pcsc, pytest.mark.skipif(bool(missing()), reason=missing() or "nothing")]
PATIENT = 25.0


class RealHall(LiveHall):
    """A hall whose slot, glass and paper are behind real drivers."""

    def __init__(self, folder, seeds, daemon: PcscDaemon) -> None:
        self.daemon = daemon
        self.slot = VirtualSlot(daemon.port)
        self.sensor = SimulatedSensor()
        self.cable = PtyPort(self.sensor, folder / "ttySENSOR")
        self.cable.start()
        self.paper = PrinterEmulator(folder / "paper")
        lines = {
            "card": "pcsc:", "fingerprint": f"ef01:{self.cable.url}?baud=57600", "printer": f"escpos:{self.paper.url}",
        }  # fmt: skip
        super().__init__(folder, seeds, devices=lines)
        self.ready("card", "fingerprint", "printer")

    def ready(self, *kinds: str) -> None:
        for kind in kinds:
            eventually(lambda kind=kind: self.state_of(kind) == "ready", 15, f"{kind} is ready")

    def state_of(self, kind: str) -> str:
        health = self.machine.devices.health()[kind]
        return str(health.state.value).lower() if health else "none"

    def insert(self, holder) -> VirtualCard:
        card = VirtualCard(holder.card)
        before = self.machine.desk.state
        self.slot.insert(card)
        eventually(lambda: self.machine.desk.state is not before, 10, "the desk hears of the card")
        return card

    def remove(self) -> None:
        before = self.machine.desk.state
        self.slot.remove()
        eventually(lambda: self.machine.desk.state is not before, 10, "the desk hears of the removal")

    def set_right(self) -> None:
        self.slot.remove()
        self.sensor.lift_finger()
        self.sensor.mend()
        self.paper.recover()
        self.machine.desk.handle(Finished())
        self.ready("card", "fingerprint", "printer")
        eventually(lambda: isinstance(self.machine.desk.state, Vacant), 10, "the desk is empty again")

    def close(self) -> None:
        self.slot.remove()
        super().close()
        self.cable.close()
        self.paper.close()


@pytest.fixture(scope="module")
def real_hall(tmp_path_factory, seeds) -> Iterator[RealHall]:
    with PcscDaemon() as daemon:
        opened = RealHall(tmp_path_factory.mktemp("real"), seeds, daemon)
        yield opened
        opened.close()


@pytest.fixture
def hall(real_hall) -> Iterator[RealHall]:
    yield real_hall
    real_hall.set_right()


def new_paper(hall, before: int) -> None:
    eventually(lambda: len(hall.paper.sheets) > before, 15, "paper comes out")
    assert hall.paper.sheets[-1].path.stat().st_size > 1000


def open_pension(screen, name):
    holder = begins(screen, name)
    screen.press("同意，按指纹")
    screen.sees("平放在亮灯的地方")
    return holder


def test_all_three_services_from_start_to_receipt_on_the_portrait_screen(hall, screen):
    screen.press("找工作")
    screen.press("找", q="服务员")
    screen.open_first()
    screen.press("看联系电话")
    before = len(hall.paper.sheets)
    screen.press("打印凭条")
    screen.sees("凭条打好了，请拿走", seconds=PATIENT)
    new_paper(hall, before)
    screen.press("完成")
    screen.press("回到首页")

    holder = screen.insert_card("王秀英")
    screen.sees("王*")
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    screen.sees("数据截至")
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees("凭条打好了，请拿走", seconds=PATIENT)
    new_paper(hall, before + 1)
    screen.press("返回")

    screen.press("养老待遇资格认证")
    screen.press("开始认证")
    screen.press("同意，按指纹")
    screen.sees("平放在亮灯的地方")
    hall.sensor.place_finger(hall.fingers(holder)["right_index"])
    screen.sees("手指对上了", seconds=PATIENT)
    hall.sensor.lift_finger()
    screen.press("提交认证")
    screen.sees("认证已通过", "编号")
    screen.press("打印凭条")
    screen.sees("凭条打好了，请拿走", seconds=PATIENT)
    new_paper(hall, before + 2)
    screen.press("结束取卡")
    screen.sees("请取走您的卡")
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.does_not_see("王*", holder.number)


def test_the_insurance_query_on_the_landscape_screen(hall, window):
    screen = BrowserScreen(hall, window("landscape"))
    holder = screen.insert_card("李伟")
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    screen.press("职工养老")
    screen.press("看各年缴费")
    screen.open_first(".pager a")
    screen.sees("没有缴：")
    before = len(hall.paper.sheets)
    screen.press("返回")
    screen.press("返回")
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees("凭条打好了，请拿走", seconds=PATIENT)
    new_paper(hall, before)
    screen.remove_card()
    screen.sees("请插入社会保障卡")


def test_a_resident_changes_the_pin_of_a_card_and_signs_in_with_the_new_one(hall, screen):
    holder = hall.person("李伟")
    card = hall.insert(holder)
    screen.sees("李*")
    screen.press("修改社保卡密码")
    for words, asked in ((holder.card.pin, "请输入现在的密码"), ("246802", "请输入新密码"), ("246802", "请再输一次")):
        screen.sees(asked)
        screen.enter_pin(words)
    screen.sees("密码改好了")
    hall.remove()
    screen.sees("请插入社会保障卡")
    hall.slot.insert(card)
    screen.sees("李*", seconds=PATIENT)
    screen.press("参保信息查询")
    screen.enter_pin(holder.card.pin)
    screen.sees("还可以试 2 次")
    screen.enter_pin("246802")
    screen.sees("数据截至")


def test_a_card_pulled_while_it_is_read_leaves_an_empty_desk(hall, screen):
    holder = hall.person("李伟")
    hall.slot.insert(VirtualCard(holder.card, pull_at=12))
    screen.tab.wait_for_timeout(1500)
    hall.slot.remove()
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant), 10)
    screen.sees("请插入社会保障卡")
    screen.does_not_see("李*")
    screen.insert_card("李伟")
    screen.sees("李*")


def test_the_card_service_restarts_while_somebody_is_served_and_nothing_stays_on_the_screen(hall, screen):
    screen.insert_card("李伟")
    screen.sees("李*")
    session = hall.machine.desk.state.session
    hall.daemon.restart()
    eventually(lambda: getattr(hall.machine.desk.state, "session", None) is not session, 15, "the old session ended")
    hall.slot.remove()
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant), 15)
    screen.sees("请插入社会保障卡")
    screen.does_not_see("李*")
    hall.ready("card")
    screen.insert_card("林凤英")
    screen.sees("林*")


def test_the_card_service_restarts_while_nobody_is_there_and_the_next_card_is_read(hall, screen):
    hall.daemon.restart()
    hall.ready("card")
    time.sleep(0.5)
    screen.sees("请插入社会保障卡")
    screen.insert_card("李伟")
    screen.sees("李*")


def test_no_paper_is_said_and_the_slip_comes_once_there_is_some(hall, screen):
    hall.paper.suffer(PrinterFault.OUT_OF_PAPER)
    screen.press("找工作")
    screen.open_first()
    screen.press("看联系电话")
    before = len(hall.paper.sheets)
    screen.press("打印凭条")
    screen.sees("凭条没有打出来", "纸", seconds=PATIENT)
    assert len(hall.paper.sheets) == before
    hall.paper.recover()
    hall.ready("printer")
    screen.press("再打一次")
    screen.sees("凭条打好了，请拿走", seconds=PATIENT)
    new_paper(hall, before)


def test_the_sensor_unplugged_in_the_middle_leads_to_a_person_never_to_a_dead_end(hall, screen):
    open_pension(screen, "刘桂芳")
    hall.sensor.fail(SensorFault.UNPLUGGED)
    screen.sees("不怪您，也不算次数", seconds=PATIENT)
    screen.press("请工作人员办")
    screen.sees("工作人员")
