"""The dock: a newcomer plays resident, fault and weather in a second window."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import httpx
import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from PIL import Image
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from contract.feed import CountyPulse
from devices.card.described import CardFault
from devices.device import HealthState
from devices.fingerprint.simulated_faults import SensorFault
from devices.fingerprint.simulated_fingers import FingerQuality
from devices.printer import Receipt, Text
from devices.printer.emulator import PrinterFault
from kiosk.face import ROOT
from kiosk.screens.dock import create_dock_app
from kiosk.screens.dock_words import CARD_WORDS, PRINTER_WORDS, SENSOR_WORDS
from kiosk.settings import SettingsError
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant
from tests.hall import Hall, eventually
from tests.screen import Face, Screen


class Dock(Face):
    """The dock's window, mounted under the resident face as the program does it."""

    def __init__(self, hall):
        self.app = create_dock_app(hall.machine)
        super().__init__(self.app, hall.settings.faces.resident)
        self.client = Client(DispatcherMiddleware(hall.resident_app, {"/dock": self.app}))
        self.machine = hall.machine
        self.visit("/dock/")

    @property
    def token(self):
        return self.page.forms[-1].fields["csrf_token"]

    @property
    def on_glass(self):
        return self.machine.devices.simulators.fingerprint.sensor.finger


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    """One hall for all tests here; ``hall`` puts right what a test did to it."""
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def hall(shared_hall):
    yield shared_hall
    simulators, client = shared_hall.machine.devices.simulators, shared_hall.machine.county.client
    shared_hall.mend()
    client.cut = False
    shared_hall.move_clock(0)
    shared_hall.reader.remove()
    shared_hall.reader.reappear()
    simulators.fingerprint.sensor.lift_finger()
    simulators.fingerprint.sensor.mend()
    simulators.printer.emulator.recover()
    eventually(lambda: isinstance(shared_hall.machine.desk.state, Vacant), what="the desk is empty again")


@pytest.fixture
def dock(hall):
    return Dock(hall)


@pytest.fixture
def desk(hall):
    return hall.machine.desk


def sent_by(dock, action, name):
    """All values that the page's forms to ``action`` can send under ``name``."""
    forms = [form for form in dock.page.forms if form.action == f"/dock/{action}"]
    return {value for form in forms for _, field, value in form.buttons if field == name}


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
    hall.machine.reception.verify_pin(hall.machine.desk.state.session.token, bytearray(b"000000"))
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


# --- county and clock ---


def test_the_line_to_the_county_is_cut_and_mended(dock, hall):
    client = hall.machine.county.client
    dock.press("断开县里")
    dock.sees("线断开了")
    assert (client.cut, client.reachable) == (True, False)
    dock.press("接通县里")
    dock.sees("县里接通了")
    assert (client.cut, client.reachable) == (False, True)


def test_a_mended_line_to_a_county_that_is_down_says_so(dock, hall):
    hall.cut()
    dock.send("/dock/county", cut="0")
    dock.sees("县里没有回答")


def hub_time(hall):
    return CountyPulse.model_validate_json(httpx.get(f"{hall.hub.url}/health").content).now


def from_now(instant):
    return instant - datetime.now(UTC)


def near(shift, expected):
    return abs(shift - expected) < timedelta(seconds=10)


def test_both_clocks_move_together_and_come_back(dock, hall):
    dock.press("加 30 天")
    dock.press("加 1 天")
    assert near(from_now(hub_time(hall)), timedelta(days=31))
    assert near(from_now(hall.machine.clock.now()), timedelta(days=31))
    dock.press("回到现在")
    assert near(from_now(hub_time(hall)), timedelta())
    assert hall.machine.clock.offset == timedelta()
    dock.send("/dock/clock", offset_seconds="-3600")
    assert near(from_now(hub_time(hall)), timedelta(hours=-1))
    assert hall.machine.clock.offset == timedelta(hours=-1)


def test_the_clock_goes_to_the_next_midnight_of_the_hall(dock, hall):
    day = hall.machine.clock.local().date()
    dock.press("零点前 10 秒")
    assert hall.machine.clock.local().strftime("%H:%M") == "23:59"
    dock.press("下一个零点")
    local = hall.machine.clock.local()
    assert (local.hour, local.minute) == (0, 0)
    assert local.date() == day + timedelta(days=1)


@pytest.mark.parametrize("how", ["cut at the dock", "hub is down"])
def test_neither_clock_moves_where_the_county_cannot_be_reached(dock, hall, how):
    if how == "hub is down":
        hall.cut()
    else:
        dock.press("断开县里")
    dock.press("加 1 天")
    assert dock.status == 503
    dock.sees("两边的钟都没有动")
    assert hall.machine.clock.offset == timedelta()
    hall.mend()
    assert near(from_now(hub_time(hall)), timedelta())


# --- what is not there ---


def test_real_devices_are_named_as_such_and_their_buttons_refuse(open_hall):
    dock = Dock(open_hall(devices={"card": "", "fingerprint": "", "printer": ""}))
    dock.sees("请用真卡", "请用真手指", "真打印机")
    for action in ("remove", "lift", "printer", "insert"):
        dock.send(f"/dock/{action}", fault="", number=dock.machine.settings.kiosk.name)
        assert dock.status == 400
    dock.visit("/dock/receipt/1.png")
    assert dock.status == 400


def test_a_missing_people_file_says_how_to_make_it_and_a_broken_one_where(open_hall, tmp_path):
    file = tmp_path / "people.jsonl"
    dock = Dock(open_hall(devices={"people": str(file)}))
    dock.sees("没有人员文件", str(file), "run.py county")
    file.write_text("{}\n", encoding="utf-8")
    dock.visit("/dock/")
    dock.sees("人员文件读不了", "people.jsonl:1")
    dock.send("/dock/insert", number="1")
    assert dock.status == 400


# --- who may use it ---


def test_the_dock_does_not_exist_in_production(hall):
    settings = hall.settings.kiosk.model_copy(update={"stage": "production"})
    production = hall.settings.model_copy(update={"kiosk": settings})
    with pytest.raises(SettingsError, match="development only"):
        create_dock_app(type(hall.machine)(**{**vars(hall.machine), "settings": production}))


FOREIGN = [
    ({"Host": "evil.example"}, 400),
    ({"Origin": "http://evil.example"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
]


def test_a_foreign_page_cannot_use_the_dock(dock):
    for headers, status in FOREIGN:
        fields = {"csrf_token": dock.token, "cut": "1"}
        answer = dock.client.post("/dock/county", data=fields, base_url=dock.base, headers=headers)
        assert answer.status_code == status
    assert not dock.machine.county.client.cut


def test_a_form_without_its_token_does_nothing(dock):
    for token in ("", "made-up"):
        answer = dock.client.post("/dock/county", data={"csrf_token": token, "cut": "1"}, base_url=dock.base)
        assert answer.status_code == 400
        assert "K-504" in answer.text
    assert not dock.machine.county.client.cut


def test_nothing_is_done_by_merely_opening_an_address(dock):
    for action in ("insert", "remove", "reader", "finger", "lift", "sensor", "printer", "county", "clock"):
        dock.visit(f"/dock/{action}?cut=1&plugged=0")
        assert dock.status == 405
    assert not dock.machine.county.client.cut


def test_the_cookies_of_dock_and_screen_are_no_good_at_the_other(dock, hall):
    screen = Screen(hall)
    domain = dock.base.removeprefix("http://").partition(":")[0]
    resident, own = screen.client.get_cookie("resident", domain), dock.client.get_cookie("dock", domain)
    other = Client(dock.app)
    other.set_cookie("dock", resident.value, domain=domain)
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    answer = other.post("/county", data={"csrf_token": token, "cut": "1"}, base_url=dock.base)
    assert answer.status_code == 400
    assert not hall.machine.county.client.cut
    intruder = hall.resident_app.test_client()
    intruder.set_cookie("resident", own.value, domain=domain)
    assert intruder.get("/", base_url=dock.base).status_code == 403


# --- the page itself ---


def test_the_live_part_is_asked_again_and_follows_the_desk(dock, desk, hall):
    assert 'hx-get="/dock/status" hx-trigger="every 2s"' in dock.page.html
    hall.insert(hall.person("李伟"))
    eventually(lambda: not isinstance(desk.state, ReadingCard | Vacant))
    answer = dock.client.get("/dock/status", base_url=dock.base)
    assert "Serving" in answer.text
    assert "<html" not in answer.text


def test_the_parts_page_shows_every_part(dock):
    dock.visit("/dock/parts")
    assert dock.status == 200
    pages = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    source = (ROOT / "templates" / "parts.html").read_text(encoding="utf-8")
    names = [macro.name for macro in pages.parse(source).find_all(nodes.Macro)]
    assert len(names) > 20
    assert [name for name in names if f'data-part="{name}"' not in dock.page.html] == []


def test_its_files_are_its_own_and_served(dock):
    for path in ("/dock/static/dock.css", "/dock/static/vendor/htmx.min.js", "/static/tokens.css"):
        assert path in dock.page.html
        assert dock.client.get(path, base_url=dock.base).status_code == 200
