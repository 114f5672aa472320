"""Somebody comes with a resident ID card, or with the code of an electronic card: what opens, ends, and is refused."""

from __future__ import annotations

import itertools
import json

import pytest
from sqlalchemy import select

from contract.credentials import Worth
from contract.development import town_code
from devices.id_card.simulated import ModuleModel
from devices.id_card.simulated_cards import SAMPLES, SampleCard, WrittenCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.scanner.simulated_faults import ScannerFault
from kiosk.events import Finished
from kiosk.identity import Assurance, Credential
from kiosk.models import journal
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant, Visiting
from tests.hall import Hall, eventually
from tests.localities import pack_granting
from tests.screen import Screen

DEVICES = {"id_card": "simulated:", "scanner": "simulated:"}
GRANTED = {
    "electronic_codes": "town", "worth_of_codes": Worth.CARD, "worth_of_id_cards": Worth.CARD,
}  # fmt: skip
turns = itertools.count(1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, seeds):
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds, devices=DEVICES, hub=GRANTED)
    yield opened
    opened.close()


@pytest.fixture
def hall(shared):
    """The same hall for all, left as it was found."""
    yield shared
    shared.id_reader.mend()
    shared.scanner.mend()
    shared.id_reader.lift()
    shared.scanner.hide()
    shared.reader.remove()
    shared.mend()
    shared.id_reader.model = ModuleModel()
    shared.machine.desk.handle(Finished())
    eventually(lambda: isinstance(shared.machine.desk.handle(Finished()), Vacant), what="the desk is vacant again")


@pytest.fixture(scope="module")
def window(shared):
    """The one window that is paired."""
    return Screen(shared)


@pytest.fixture
def screen(hall, window):
    window.visit("/")
    return window


def served(hall):
    state = hall.machine.desk.state
    assert isinstance(state, Serving), state
    return state


def entries(hall, what):
    with hall.machine.store.read() as connection:
        rows = [json.loads(text) for text in connection.scalars(select(journal.c.text).order_by(journal.c.number))]
    return [row for row in rows if row["what"] == what]


def test_home_says_what_can_be_shown_where_the_device_is_well(hall, screen):
    screen.sees_soon("请插入社会保障卡", "也可以放身份证，或扫电子社保卡")
    hall.id_reader.fail(IdReaderFault.UNPLUGGED)
    screen.sees_soon("没带卡，也可以扫电子社保卡")
    hall.id_reader.mend()
    screen.sees_soon("也可以放身份证，或扫电子社保卡")


def test_an_id_card_opens_what_a_card_without_its_pin_opens(hall, screen):
    screen.lay_id_card("王秀英")
    screen.sees("王*，您想办什么事？", "结束")
    screen.does_not_see("结束取卡", "前一位")
    session = served(hall).session
    assert (session.assurance, session.shown.credential, session.sitting is not None) == (
        Assurance.CARD, Credential.ID_CARD, True,
    )  # fmt: skip
    screen.press("养老待遇资格认证")
    screen.sees("王*，该做养老认证了", "不会弄，预约")


def test_a_service_that_needs_more_says_so_and_the_same_persons_card_goes_on_with_it(hall, screen):
    holder = screen.lay_id_card("李伟")
    screen.press("参保信息查询")
    screen.sees("这一项请插社会保障卡", "只用身份证办不了", "叫工作人员", "返回")
    screen.insert_card(holder)
    screen.sees("请输入社保卡密码")
    screen.enter_pin(holder.card.pin)
    screen.sees("参保")
    assert served(hall).session.shown.credential is Credential.CARD


def test_no_pin_is_taken_where_no_card_is_in(hall, screen):
    screen.lay_id_card("李伟")
    for address in ("/pin?next=/", "/pin/pad/?next=/"):
        screen.visit(address)
        assert screen.status == 404
    screen.visit("/")
    screen.send("/pin", pin="135790")
    assert screen.status == 404
    assert served(hall).session.assurance is Assurance.CARD


def test_another_persons_card_ends_the_session_of_the_id_card_in_words(hall, screen):
    screen.lay_id_card("李伟")
    screen.press("养老待遇资格认证")
    first = served(hall).session
    screen.insert_card("王秀英")
    screen.sees("王*，您想办什么事？", "前一位的办理已经结束，信息已清掉")
    assert not hall.machine.desk.serves(first.token)
    screen.does_not_see("李*")
    eventually(lambda: entries(hall, "session_ended")[-1]["why"] == "another_came")


def test_a_card_in_the_slot_is_not_disturbed_by_what_is_laid_beside_it(hall, screen):
    screen.insert_card("李伟")
    first = served(hall).session.token
    hall.id_reader.lay(WrittenCard.of_resident("王秀英", hall.person("王秀英").number))
    hall.scanner.show(town_code(hall.person("王秀英").card.identification, next(turns)).encode())
    eventually(lambda: not hall.machine.reception.credentials.looks(Credential.ID_CARD))
    screen.visit("/")
    assert served(hall).session.token == first
    screen.remove_card()
    screen.sees_soon("身份证还在阅读器上", "请拿开，再放一次")
    screen.press("知道了")
    screen.sees("请插入社会保障卡")


def test_an_id_card_that_is_seen_to_leave_ends_its_session(hall, screen):
    hall.id_reader.model = ModuleModel(finds_again=True)
    screen.lay_id_card("王秀英")
    assert served(hall).session.shown.stays
    screen.lift_id_card()
    screen.sees_soon("请插入社会保障卡", "请慢走")
    screen.does_not_see("王*")
    eventually(lambda: entries(hall, "session_ended")[-1]["why"] == "card_out")


def test_done_with_an_id_card_that_still_lies_there_asks_for_it(hall, screen):
    hall.id_reader.model = ModuleModel(finds_again=True)
    screen.lay_id_card("王秀英")
    screen.press("结束")
    screen.sees("请拿好您的身份证", "拿开身份证，下一位才能用")
    assert isinstance(hall.machine.desk.state, CardLeft)
    screen.lift_id_card()
    screen.sees_soon("请插入社会保障卡")


def test_an_id_card_whose_reader_goes_away_ends_its_session(hall, screen):
    hall.id_reader.model = ModuleModel(finds_again=True)
    screen.lay_id_card("王秀英")
    hall.id_reader.fail(IdReaderFault.UNPLUGGED)
    screen.sees_soon("请插入社会保障卡")


def test_done_without_anything_left_behind_is_home_at_once(hall, screen):
    screen.lay_id_card("王秀英")
    assert not served(hall).session.shown.stays
    screen.press("结束")
    screen.sees("请插入社会保障卡", "请慢走")


def test_the_next_persons_id_card_ends_the_session_of_the_one_before(hall, screen):
    screen.lay_id_card("王秀英")
    first = served(hall)
    screen.lift_id_card()
    screen.lay_id_card("李伟")
    screen.sees("李*，您想办什么事？", "前一位的办理已经结束")
    assert not hall.machine.desk.serves(first.session.token)
    assert served(hall).visit is not first.visit


def test_the_same_id_card_laid_down_again_is_a_touch(hall, screen):
    holder = screen.lay_id_card("王秀英")
    before = served(hall)
    screen.lift_id_card()
    hall.looked_at(Credential.ID_CARD)
    hall.id_reader.lay(WrittenCard.of_resident(holder.name, holder.number))
    eventually(lambda: served(hall).touched > before.touched)
    assert served(hall).session.token == before.session.token


def test_a_code_opens_a_session_and_the_number_comes_from_the_county(hall, screen):
    holder = screen.show_code("王秀英", next(turns))
    screen.sees("王*，您想办什么事？")
    session = served(hall).session
    assert (session.shown.credential, session.assurance, session.resident.number.plain()) == (
        Credential.CODE, Assurance.CARD, holder.number,
    )  # fmt: skip
    eventually(lambda: entries(hall, "session_began")[-1]["credential"] == "code")
    assert entries(hall, "session_began")[-1]["assurance"] == "card"


def test_a_code_shown_twice_is_refused_in_words_that_go_by_a_touch(hall, screen):
    turn = next(turns)
    screen.show_code("王秀英", turn)
    screen.press("结束")
    hall.scanner.hide()
    screen.show_code("李伟", next(turns))
    screen.press("结束")
    screen.show_code("王秀英", turn)
    screen.sees("这个码过期了，或者用过了", "请刷新电子社保卡", "K-148")
    screen.press("知道了")
    screen.sees("请插入社会保障卡")
    eventually(lambda: entries(hall, "card_refused")[-1]["code"] == "K-148")


def test_the_code_is_in_no_entry_no_log_and_not_in_the_session(hall, screen, caplog):
    turn = next(turns)
    code = town_code(hall.person("李伟").card.identification, turn)
    screen.show_code("李伟", turn)
    eventually(lambda: entries(hall, "session_began")[-1]["credential"] == "code")
    with hall.machine.store.read() as connection:
        assert not [text for text in connection.scalars(select(journal.c.text)) if code in text]
    assert code not in caplog.text
    assert code not in repr(vars(served(hall).session))


def test_an_id_card_of_nobody_in_the_county_is_refused_in_words(hall, screen):
    hall.looked_at(Credential.ID_CARD)
    hall.id_reader.lay(SAMPLES[SampleCard.FOR_EVER])
    screen.sees_soon("本县没有查到您的登记", "K-108")
    screen.press("知道了")
    assert isinstance(hall.machine.desk.state, Vacant | Visiting)


@pytest.mark.parametrize(("fault", "words"), [
    (IdReaderFault.EXPIRED, "这张身份证已经过了有效期"), (IdReaderFault.GARBLED_TEXT, "身份证里的信息读不全"),
    (IdReaderFault.FOREIGN_CARD, "这不是身份证"),
])  # fmt: skip
def test_what_is_wrong_with_the_id_card_is_said_and_nobody_is_served(hall, screen, fault, words):
    hall.looked_at(Credential.ID_CARD)
    hall.id_reader.fail(fault)
    hall.id_reader.lay(WrittenCard.of_resident("李伟", hall.person("李伟").number))
    screen.sees_soon(words)
    assert isinstance(hall.machine.desk.state, CardLeft)


def test_a_code_that_no_hall_carries_is_said(hall, screen):
    hall.scanner.fail(ScannerFault.TOO_LONG)
    hall.show_code("1")
    screen.sees_soon("这个码在这里用不了", "K-142")


def test_while_the_county_is_cut_an_id_card_says_who_and_proves_nothing(hall, screen):
    hall.cut()
    screen.lay_id_card("王秀英")
    screen.sees("王*，您想办什么事？", "县里暂时连不上")
    session = served(hall).session
    assert (session.assurance, session.sitting) == (Assurance.OPEN, None)
    assert session.resident.reference.startswith("local-")
    screen.press("养老待遇资格认证")
    screen.sees("这一项请插社会保障卡")
    screen.visit("/services/job_board/")
    screen.sees("找工作")


def test_while_the_county_is_cut_a_code_is_refused_in_words(hall, screen):
    hall.cut()
    screen.show_code("王秀英", next(turns))
    screen.sees("网络断了，电子社保卡现在用不了", "请插社会保障卡，或到窗口", "K-145")


def test_an_id_card_that_leaves_while_it_is_being_read_leaves_nobody_served(hall, screen):
    hall.id_reader.model = ModuleModel(finds_again=True)
    desk, seen = hall.machine.desk, []

    def lift_at_once(_before, after):
        seen.append(type(after).__name__)
        if isinstance(after, ReadingCard):
            hall.id_reader.lift()

    desk.listen(lift_at_once)
    hall.looked_at(Credential.ID_CARD)
    hall.id_reader.lay(WrittenCard.of_resident("王秀英", hall.person("王秀英").number))
    eventually(lambda: "ReadingCard" in seen)
    eventually(lambda: isinstance(desk.state, Vacant), what="nobody is served")
    desk._listeners.remove(lift_at_once)


def test_insert_card_names_what_is_enough_for_the_service_only(hall, screen):
    screen.press("养老待遇资格认证")
    screen.sees("请先插入社会保障卡", "也可以放身份证，或扫电子社保卡")
    screen.visit("/services/insurance_query/")
    screen.sees("请先插入社会保障卡")
    screen.does_not_see("也可以")


def test_a_clerk_may_have_the_scanner_meanwhile(hall, screen):
    room = hall.machine.reception.credentials
    hall.looked_at(Credential.CODE)
    with room.lent(Credential.CODE):
        eventually(lambda: not room.looks(Credential.CODE))
        hall.scanner.show(b"SLIP-1")
        code = hall.machine.devices.scanner.scan(15, hall.machine.stopping)
        assert bytes(code.take()) == b"SLIP-1"
    assert isinstance(hall.machine.desk.state, Vacant)


def test_an_id_card_that_lay_there_when_the_machine_began_is_nobodys(open_hall):
    hall = open_hall(devices=DEVICES, hub=GRANTED)
    hall.id_reader.model = ModuleModel(finds_again=True)
    hall.looked_at(Credential.ID_CARD)
    with hall.machine.reception.credentials.lent(Credential.ID_CARD):
        eventually(lambda: not hall.machine.reception.credentials.looks(Credential.ID_CARD))
        hall.id_reader.lay(WrittenCard.of_resident("李伟", hall.person("李伟").number))
    screen = Screen(hall)
    screen.sees_soon("身份证还在阅读器上", "K-136")
    screen.does_not_see("李*")
    screen.lift_id_card()
    screen.sees_soon("请插入社会保障卡")


def test_where_the_locality_grants_nothing_nothing_is_looked_for(open_hall, tmp_path):
    pack = pack_granting(tmp_path / "510521", id_card="none", electronic_code="none")
    hall = open_hall(devices=DEVICES, hub=GRANTED, kiosk={"locality": pack})
    screen = Screen(hall)
    eventually(lambda: all(hall.machine.devices.health()[kind].ready for kind in DEVICES), 30)
    screen.visit("/")
    screen.sees("请插入社会保障卡")
    screen.does_not_see("也可以")
    hall.id_reader.lay(WrittenCard.of_resident("李伟", hall.person("李伟").number))
    assert not hall.machine.reception.credentials.looks(Credential.ID_CARD)
    screen.insert_card("王秀英")
    screen.sees("王*")


@pytest.mark.parametrize(("granted", "told", "assurance"), [
    ("open", "card", Assurance.OPEN), ("card", "open", Assurance.OPEN), ("pin", "card", Assurance.CARD),
    ("pin", "pin", Assurance.PIN),
])  # fmt: skip
def test_the_lesser_of_what_county_and_locality_grant_holds(open_hall, tmp_path, granted, told, assurance):
    pack = pack_granting(tmp_path / "510521", electronic_code=granted)
    hall = open_hall(devices=DEVICES, hub=GRANTED | {"worth_of_codes": Worth(told)}, kiosk={"locality": pack})
    Screen(hall).show_code("李伟")
    assert served(hall).session.assurance is assurance


def test_a_county_that_takes_none_says_so_and_cards_go_on(open_hall):
    hall = open_hall(devices=DEVICES)
    screen = Screen(hall)
    screen.lay_id_card("李伟")
    screen.sees("县里还不收这种证件", "请插社会保障卡，或到窗口", "K-146")
    screen.insert_card("李伟")
    screen.sees("李*，您想办什么事？")


def test_at_the_counter_a_clerk_who_looks_at_the_person_makes_more_of_an_id_card(open_hall):
    hall = open_hall(devices=DEVICES, hub=GRANTED | {"worth_of_id_cards": Worth.OPEN}, kiosk={"mode": "counter"})
    screen = Screen(hall)
    screen.press("登录", account="clerk", password="chuangkou-shili-2026")
    screen.lay_id_card("李伟")
    assert served(hall).session.assurance is Assurance.OPEN
    screen.press("参保信息查询")
    assert screen.path.startswith("/counter/witness")
    screen.send(screen.path)
    assert served(hall).session.assurance is Assurance.WITNESSED
    screen.sees("参保")


def test_this_machine_stops_one_kind_after_too_many_in_an_hour_and_no_other(open_hall, tmp_path):
    pack = pack_granting(tmp_path / "510521")
    file = tmp_path / "510521" / "locality.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("unproven_sessions_per_hour = 120", "unproven_sessions_per_hour = 1"), encoding="utf-8"
    )
    hall = open_hall(devices=DEVICES, hub=GRANTED, kiosk={"locality": pack})
    screen = Screen(hall)
    screen.lay_id_card("李伟")
    screen.press("结束")
    screen.lift_id_card()
    screen.lay_id_card("王秀英")
    screen.sees("这台机器刚才读的卡太多了", "K-112")
    screen.press("知道了")
    screen.show_code("王秀英", next(turns))
    screen.sees("王*，您想办什么事？")
