"""The dock: a newcomer plays resident and breaks devices in a second window."""

from datetime import timedelta
from io import BytesIO

from PIL import Image

from devices.card.virtual.described import CardFault
from devices.device import HealthState
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.fingers import FingerQuality
from devices.printer import Receipt, Text
from devices.printer.emulator import PrinterFault
from kiosk.screens.dock_words import CARD_WORDS, PRINTER_WORDS, SENSOR_WORDS
from kiosk.states import CardLeft, Serving, Vacant
from tests.dock import sent_by
from tests.hall import eventually

# --- people and cards ---


def test_a_newcomer_sees_special_people_first_with_pin_and_card_version(dock, hall):
    dock.sees("插谁的卡", "李伟", "在职职工，换过单位，中间断缴", "135790", "Vacant", "卡槽空着")
    listed = [holder.special for holder in hall.people if holder.number in sent_by(dock, "insert", "number")]
    assert all(listed[: sum(1 for holder in hall.people if holder.special)])


def test_people_are_found_by_name_number_and_what_is_special(dock, hall):
    someone = hall.people[-1]
    for asked in (someone.name, someone.number, someone.card.card_number):
        dock.visit("/dock/")
        dock.press("找", q=asked)
        assert someone.number in sent_by(dock, "insert", "number")
    dock.visit("/dock/?q=生僻字")
    assert sent_by(dock, "insert", "number") == {hall.person("生僻字").number}
    dock.visit("/dock/?q=%3Cnobody%3E")
    dock.sees("没有找到这样的人")


def test_a_card_put_in_at_the_dock_is_read_at_the_desk_and_pulled_again(dock, desk, hall):
    holder = hall.person("李伟")
    dock.send("/dock/insert", number=holder.number)
    eventually(lambda: isinstance(desk.state, Serving), what="the desk serves")
    dock.visit("/dock/")
    dock.sees("Serving", "卡槽里：李伟", "135790", "还可试 3 次")
    dock.press("拔卡")
    dock.sees("已拔卡")
    eventually(lambda: isinstance(desk.state, Vacant), what="the desk is vacant")


def test_a_card_keeps_its_wrong_tries_until_a_fresh_one_is_asked_for(dock, hall):
    number = hall.person("李伟").number
    dock.send("/dock/insert", number=number)
    eventually(lambda: isinstance(hall.machine.desk.state, Serving))
    hall.machine.reception.pins.verify(hall.machine.desk.state.session.token, bytearray(b"000000"))
    dock.send("/dock/remove")
    dock.send("/dock/insert", number=number)
    dock.sees("还可试 2 次")
    dock.send("/dock/insert", number=number, fresh="1")
    dock.sees("还可试 3 次")


def test_a_card_can_be_told_to_leave_at_a_command(dock, desk, hall):
    dock.send("/dock/insert", number=hall.person("李伟").number, pull_at="3")
    eventually(lambda: hall.reader.card is None, what="the card is out")
    eventually(lambda: isinstance(desk.state, Vacant), what="the desk is vacant")


def test_every_card_fault_can_be_chosen_and_is_on_the_card(dock, hall):
    for fault in CardFault:
        assert f'name="fault" value="{fault}"' in dock.page.html
        dock.send("/dock/insert", number=hall.person("李伟").number, fault=fault)
        assert dock.status == 200
        assert hall.reader.card.faults == {fault}
        dock.sees(f"毛病：{CARD_WORDS[fault]}")


def test_a_faulty_card_is_named_and_refused_by_the_desk(dock, desk, hall):
    dock.send("/dock/insert", number=hall.person("李伟").number, fault="foreign")
    dock.sees("毛病：别的卡")
    eventually(lambda: isinstance(desk.state, CardLeft), what="the desk refuses the card")
    dock.visit("/dock/")
    dock.sees("CardLeft", "K-103")


def test_the_reader_is_unplugged_and_plugged_in_again(dock, hall):
    dock.press("拔掉读卡器")
    dock.sees("读卡器没插")
    board = hall.machine.devices.card.board
    eventually(lambda: board.health.state is HealthState.MISSING, what="the reader is missed")
    dock.press("插回读卡器")
    eventually(lambda: board.health.state is HealthState.READY, what="the reader is back")


NONSENSE = [
    ("insert", {"number": "nobody"}, "没有这个人"),
    ("insert", {"fault": "melted"}, "没有这个选项"),
    ("insert", {"pull_at": "0"}, "从 1 数起"),
    ("insert", {"pull_at": "soon"}, "要填整数"),
    ("reader", {"plugged": "perhaps"}, "要填 1 或 0"),
    ("finger", {"finger": "right_index"}, "先插这个人的卡"),
    ("finger", {"finger": "stranger", "quality": "golden"}, "没有这个选项"),
    ("sensor", {"fault": "bored"}, "没有这个选项"),
    ("printer", {"fault": "bored"}, "没有这个选项"),
    ("county", {"cut": ""}, "要填 1 或 0"),
    ("clock", {"offset_seconds": ""}, "要填整数"),
    ("clock", {"offset_seconds": "99999999999"}, "最多拨 20 年"),
    ("clock", {"step": "yesterday"}, "没有这个选项"),
]


def test_what_no_button_sends_is_refused_in_words_and_changes_nothing(dock, hall):
    for action, fields, words in NONSENSE:
        dock.visit("/dock/")
        dock.send(f"/dock/{action}", **fields)
        assert dock.status == 400
        dock.sees(words, "回到台面")
    assert hall.reader.card is None
    assert dock.on_glass is None
    assert hall.machine.clock.offset == timedelta()
    assert not hall.machine.county.client.cut


# --- fingers ---


def test_the_fingers_of_the_person_whose_card_is_in_can_be_placed(dock, hall):
    dock.sees("插入录过指纹的人的卡", "别人的手指")
    holder = hall.person("王秀英")
    dock.send("/dock/insert", number=holder.number)
    dock.sees("右手食指", "右手拇指", "左手食指")
    dock.press("按好")
    assert dock.on_glass == (hall.fingers(holder)["right_index"], FingerQuality.GOOD)
    dock.sees("玻璃上：右手食指（按好）")
    dock.press("拿开手指")
    dock.sees("玻璃上没有手指")
    assert dock.on_glass is None


def test_every_way_a_finger_can_lie_has_a_button(dock):
    assert sent_by(dock, "finger", "quality") == set(FingerQuality)
    for quality in FingerQuality:
        dock.send("/dock/finger", finger="stranger", quality=quality)
        assert dock.on_glass[1] is quality


def test_a_stranger_has_no_finger_of_anybody_in_town(dock, hall):
    dock.send("/dock/finger", finger="stranger")
    assert dock.on_glass[0] not in {seed for holder in hall.people for _, seed in holder.fingers}


def test_a_finger_that_was_never_enrolled_cannot_be_placed(dock, hall):
    dock.send("/dock/finger", finger="right_index", number=hall.person("没有录过指纹").number)
    assert dock.status == 400
    dock.sees("没有录过这个手指")


def test_every_sensor_fault_has_a_button_that_begins_it_and_one_that_ends_it(dock):
    sensor = dock.machine.devices.simulators.fingerprint.sensor
    assert sent_by(dock, "sensor", "fault") == set(SensorFault)
    for fault in SensorFault:
        dock.send("/dock/sensor", fault=fault)
        if fault is not SensorFault.UNPLUGGED_MID_FRAME:  # becomes UNPLUGGED as soon as the sensor is asked something
            dock.sees(f"故障：{SENSOR_WORDS[fault]}")
        assert sensor.fault in (fault, SensorFault.UNPLUGGED)
        dock.press("修好")
        assert sensor.fault is None


def test_an_unplugged_sensor_is_seen_by_the_machine(dock, hall):
    board = hall.machine.devices.fingerprint.board
    eventually(lambda: board.health.state is HealthState.READY, what="the sensor is ready")
    dock.press("拔掉指纹机")
    dock.sees("故障：拔掉指纹机")
    eventually(lambda: board.health.state is not HealthState.READY, seconds=15, what="the sensor is missed")


# --- paper ---


def test_every_printer_fault_has_a_button_that_begins_and_ends_it(dock):
    emulator = dock.machine.devices.simulators.printer.emulator
    assert sent_by(dock, "printer", "fault") == {*PrinterFault, ""}
    for fault in PrinterFault:
        dock.press(PRINTER_WORDS[fault])
        assert emulator.faults == {fault}
        dock.send("/dock/printer", fault=fault, on="0")
        assert emulator.faults == frozenset()


def test_all_printer_faults_are_mended_at_once(dock):
    dock.press("盖子开着")
    dock.press("没纸了")
    dock.press("全部修好")
    assert dock.machine.devices.simulators.printer.emulator.faults == frozenset()


def test_a_printed_receipt_is_shown_as_text_and_as_a_picture(dock, hall):
    dock.sees("还没有打印过")
    printer = hall.machine.devices.printer
    eventually(lambda: printer.board.health.state is HealthState.READY, what="the printer is ready")
    printer.print(Receipt("slip-1", (Text("岗位凭条"),)))
    dock.visit("/dock/")
    dock.sees("第 1 张凭条 slip-1", "岗位凭条")
    answer = dock.client.get("/dock/receipt/1.png", base_url=dock.base)
    picture = Image.open(BytesIO(answer.data))
    assert picture.format == "PNG"
    assert picture.convert("L").getextrema() == (0, 255)
    assert dock.visit("/dock/receipt/2.png")
    assert dock.status == 404
    dock.visit("/dock/receipt/0.png")
    assert dock.status == 404
