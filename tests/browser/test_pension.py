"""Proving for the pension that one is alive: finger, witness, appointment; nobody is left without a way."""

from __future__ import annotations

import pytest

from devices.fingerprint.simulated.sensor import FingerQuality

ROOT = "/services/pension_verification/"


def to_consent(screen, name):
    holder = screen.insert_card(name)
    screen.press("养老待遇资格认证")
    screen.sees("该做养老认证了")
    screen.press("开始认证")
    screen.sees("请输入社保卡密码")
    screen.enter_pin(holder.card.pin)
    return holder


def to_finger(screen, name):
    holder = to_consent(screen, name)
    screen.sees("可以按指纹吗？", "不按指纹也可以")
    screen.press("同意，按指纹")
    screen.sees("平放在亮灯的地方")
    return holder


def last_slip(hall):
    return hall.machine.devices.simulators.printer.receipts[-1]


def asked_finger(screen):
    words = screen.page.locator("h1").inner_text()
    names = {"右手食指": "right_index", "左手食指": "left_index", "右手拇指": "right_thumb", "左手拇指": "left_thumb"}
    return next((code for name, code in names.items() if name in words), "right_index")


def test_card_pin_consent_finger_result_and_slip(hall, screen):
    holder = to_finger(screen, "王秀英")
    screen.place_finger(holder, asked_finger(screen))
    screen.sees("认出来了，还差最后一步", "手指对上了")
    screen.lift_finger()
    screen.press("提交认证")
    screen.sees("认证已通过", "编号")
    number = screen.page.locator("main p b").last.inner_text()
    screen.press("打印凭条")
    screen.sees("凭条打好了，请拿走")
    assert number in last_slip(hall).text
    assert "王秀英" not in last_slip(hall).text
    screen.remove_card()
    screen.does_not_see(number, "王*")
    screen.insert_card("王秀英")
    screen.press("养老待遇资格认证")
    screen.sees("还不用办")


def test_a_dry_finger_is_told_what_to_do_and_a_wrong_one_costs_a_try_only(hall, screen):
    holder = to_finger(screen, "刘桂芳")
    sensor = hall.machine.devices.simulators.fingerprint.sensor
    finger = asked_finger(screen)
    sensor.place_finger(hall.fingers(holder)[finger], FingerQuality.DRY)
    screen.sees("没有看清，再试一次", "干", seconds=25)
    sensor.lift_finger()
    screen.press("再按一次")
    screen.sees("平放在亮灯的地方")
    sensor.place_finger("somebody else's finger")
    screen.sees("没有对上，再试一次", "还可以试 1 次", seconds=25)
    sensor.lift_finger()
    screen.press("再按一次")
    screen.sees("平放在亮灯的地方")
    screen.place_finger(holder, asked_finger(screen))
    screen.sees("手指对上了", seconds=25)


def test_a_clerk_is_the_witness_where_no_finger_was_ever_enrolled(screen, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    staff.sees("现在没有人等见证")
    to_consent(screen, "黄永福")
    screen.sees("请工作人员看您一眼")
    screen.press("请工作人员")
    screen.sees("已经叫了工作人员", "请站在这里等")
    staff.sees("黄*", "养老待遇资格认证", "确认是本人")
    staff.does_not_see("黄永福")
    staff.press("确认是本人")
    staff.sees("已确认")
    screen.sees("工作人员确认是您本人")
    screen.press("提交认证")
    screen.sees("认证已通过")


def test_a_witness_who_refuses_leads_to_an_appointment(screen, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    to_consent(screen, "高玉莲")
    screen.sees("可以按指纹吗？")
    screen.press("不按，请工作人员")
    screen.sees("已经叫了工作人员")
    staff.sees("高*")
    staff.press("不是本人")
    screen.sees("这次没有办成", "预约")
    screen.press("预约")
    screen.sees("想在哪里办？")
    screen.press("到窗口办")
    screen.sees("约好了，等人联系您", "编号")


def test_an_appointment_needs_no_pin(screen):
    screen.insert_card("陈德明")
    screen.press("养老待遇资格认证")
    screen.sees("已经过了日子")
    screen.does_not_see("暂停", "suspended")
    screen.press("不会弄，预约")
    screen.press("请上门办")
    screen.sees("约好了，等人联系您", "编号")


@pytest.mark.parametrize(
    ("name", "words"),
    [("张国华", "还不用办"), ("吴志强", "还不用办"), ("李伟", "您不用做这个认证"), ("杨素珍", "这件事请到窗口办")],
)
def test_nobody_is_asked_for_what_they_need_not_do_and_no_reason_is_shown(screen, name, words):
    screen.insert_card(name)
    screen.press("养老待遇资格认证")
    screen.sees(words)
    screen.does_not_see("开始认证", "疑点", "死亡")


def test_the_card_pulled_while_the_finger_is_waited_for_ends_everything(screen):
    to_finger(screen, "郭仁富")
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.does_not_see("郭*", "平放在亮灯的地方")


def test_while_the_county_is_cut_pin_and_witness_are_enough_and_the_evidence_waits(hall, screen, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    hall.cut()
    holder = screen.insert_card("周淑兰")
    screen.press("养老待遇资格认证")
    screen.sees("县里现在连不上", "结果等县里确认")
    screen.press("开始认证")
    screen.enter_pin(holder.card.pin)
    screen.sees("请工作人员看您一眼")
    screen.press("请工作人员")
    staff.sees("周*")
    staff.press("确认是本人")
    screen.sees("还差最后一步", "先记下")
    screen.press("提交认证")
    screen.sees("已记下，等县里确认", "编号")
    screen.press("打印凭条")
    screen.sees("凭条打好了")
    assert "还没有最后通过，要等县里确认" in last_slip(hall).text
