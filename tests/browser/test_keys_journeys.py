"""What residents come for, done by four keys and heard: up to the slip, where it is refused, and to a person."""

from __future__ import annotations

import re

import pytest

from kiosk.states import CardLeft, Serving, Vacant
from tests.browser.keys_walk import CHOOSE, HELP, KeyScreen
from tests.browser.test_pension import asked_finger
from tests.hall import eventually


@pytest.fixture
def keys(hall, window, watch) -> KeyScreen:
    watch.forgive(r"400 \(BAD REQUEST\).*/voice/say")  # nothing more is said of a page whose visit is over
    return KeyScreen(hall, window())


def test_finding_a_job_up_to_the_slip_in_the_hand(hall, keys):
    keys.press("找工作")
    keys.hears("找工作", "本页共")
    keys.open_first()
    keys.hears("要先交钱、押证件的都不合法")
    keys.press("看联系电话")
    keys.hears("电话，")
    keys.press("打印凭条")
    keys.hears("凭条打好了，请拿走")
    assert hall.machine.devices.simulators.printer.receipts
    keys.press("完成")
    keys.hears("办完了，请慢走")
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant))


def test_what_is_insured_up_to_the_slip_and_the_card_in_the_hand(hall, keys):
    keys.press("参保信息查询")
    keys.hears("请先插入社会保障卡")
    holder = keys.insert_card("李伟")
    keys.hears("请输入社保卡密码", "密码数字只在耳机里读")
    keys.enter_pin(holder.card.pin)
    keys.hears("参保信息查询", "本页共")
    keys.press("打印凭条")
    keys.hears("凭条上印什么？")
    keys.press("不印金额")
    keys.hears("凭条打好了，请拿走")
    keys.press("结束取卡")
    keys.hears("请取走您的卡")
    assert isinstance(hall.machine.desk.state, CardLeft)
    hall.remove()
    keys.sees("请插入社会保障卡")
    keys.hears("已经结束，您的信息清掉了")


def test_the_yearly_check_with_a_finger_up_to_the_slip(hall, keys):
    keys.begin()
    holder = keys.insert_card("刘桂芳")
    keys.press("养老待遇资格认证")
    keys.press("开始认证")
    keys.enter_pin(holder.card.pin)
    keys.hears("可以按指纹吗？", "两种办法一样办")
    keys.press("同意，按指纹")
    keys.hears("平放在亮灯的地方")
    keys.place_finger(holder, asked_finger(keys))
    keys.hears("认出来了，还差最后一步", "手指对上了")
    keys.lift_finger()
    keys.press("提交认证")
    keys.hears("认证已通过", "编号")
    keys.press("打印凭条")
    keys.hears("凭条打好了，请拿走")
    assert "认证" in hall.machine.devices.simulators.printer.receipts[-1].text


def test_an_appointment_instead_of_the_finger(keys):
    keys.begin()
    keys.insert_card("陈德明")
    keys.press("养老待遇资格认证")
    keys.press("不会弄，预约")
    keys.hears("想在哪里办？")
    keys.press("请上门办")
    keys.hears("约好了，等人联系您", "编号")


def test_digits_are_for_the_ear_alone_and_each_is_counted(hall, keys):
    keys.begin()
    keys.insert_card("李伟")
    keys.press("参保信息查询")
    keys.hears("请输入社保卡密码")
    for digit in "97":
        keys.tap(keys.page.locator(f"[data-digit='{digit}']"))
    keys.hears("已输入 2 位，共 6 位")
    keys.walk_to(keys.page.locator("[data-send]"))
    assert "现在还不能按" in keys.key(CHOOSE)
    aloud = "".join(part["text"] for one in keys.log for part in one["parts"] if not part["personal"])
    assert not re.search(r"数字 ?\d", aloud)
    assert "数字 9" in "".join(part["text"] for one in keys.log for part in one["parts"] if part["personal"])


def test_an_amount_is_for_the_ear_alone_and_is_seen_only_while_the_key_rests(keys):
    keys.begin()
    holder = keys.insert_card("李伟")
    keys.press("参保信息查询")
    keys.enter_pin(holder.card.pin)
    keys.open_first()
    shade = keys.page.locator("[data-amount]").first
    said = keys.walk_to(shade)
    amount = shade.get_attribute("data-amount")
    assert "金额遮住了" in said
    assert amount not in said
    seen = keys.log[-1]["at"]
    keys.tab.keyboard.down(CHOOSE)
    keys.waits_for(lambda: keys.log[-1]["at"] > seen)
    assert shade.locator("[data-veil]").inner_text() == amount
    keys.tab.keyboard.up(CHOOSE)
    assert amount not in shade.inner_text()
    parts = keys.log[-1]["parts"]
    assert [part["personal"] for part in parts if amount in part["text"]] == [True]


def test_a_refused_card_a_wrong_pin_and_a_cut_county_are_heard(hall, keys, watch):
    watch.forgive("503")
    keys.begin()
    hall.insert(hall.person("孙丽"))
    keys.hears("编号 K-")
    hall.remove()
    keys.sees("请插入社会保障卡")
    keys.begin()
    keys.insert_card("李伟")
    keys.press("参保信息查询")
    keys.enter_pin("000000")
    keys.hears("密码不对，还可以试 2 次")
    hall.cut()
    keys.enter_pin("135790")
    keys.hears("编号 K-")


def test_a_served_resident_is_served_on(hall, keys):
    """Keys begun in the middle of a visit change nothing of it."""
    keys.insert_card("李伟")
    token = hall.machine.desk.state.session.token
    keys.begin()
    keys.hears("李某")
    assert isinstance(hall.machine.desk.state, Serving)
    assert hall.machine.desk.serves(token)


def test_the_keyboard_on_the_screen_is_reached_and_tells_what_may_be_meant(keys):
    keys.press("找工作")
    keys.walk_to(keys.page.locator("[name=q]"))
    assert "这一页有变化" in keys.key(CHOOSE)
    keys.tap(keys.page.locator("[data-kb-letter=d]"))
    keys.hears("d，可以选：")
    first = keys.page.locator("[data-kb-choose]").first
    word = first.inner_text()
    keys.hears(f"可以选：{word}")
    keys.tap(first)
    keys.hears(f"现在是：{word}")
    keys.tap(keys.page.locator("[data-kb-send]"))
    keys.hears("找工作", "本页共")
    assert keys.path == "/services/job_board/"


def test_help_tells_where_one_is_and_twice_calls_a_person(keys):
    keys.begin()
    keys.press("找工作")
    said = keys.key(HELP)
    assert "您在：找工作" in said
    assert "连按两次帮助键" in said
    keys.tab.wait_for_timeout(1600)  # two single presses are not one double one
    keys.key(HELP)
    keys.key(HELP)
    keys.sees("请找大厅工作人员")
    keys.hears("请找大厅工作人员", "可以直接喊一声")
