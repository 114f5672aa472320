"""A pensioner shows that they are alive: by finger, by a clerk's eyes, by appointment; with the county and without."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from county.models import cases
from devices.fingerprint.simulated.sensor import FingerQuality, SensorFault
from devices.printer.emulator import PrinterFault
from tests.hall import LOCALITY, eventually
from tests.screen import PATIENCE, Screen
from tests.services.pension_steps import (
    CLERK,
    ROOT,
    TITLE,
    agrees,
    asks_witness,
    begins,
    clerk_says,
    journal,
    passes_by_finger,
    received,
    sensor,
    statement_of,
)


@pytest.fixture
def quick_hall(open_hall, tmp_path):
    """A hall whose locality waits seconds, not minutes."""
    pack = tmp_path / "pack"
    shutil.copytree(LOCALITY, pack)
    file = pack / "locality.toml"
    text = file.read_text(encoding="utf-8").replace("finger_seconds = 20.0", "finger_seconds = 0.6")
    file.write_text(text.replace("witness_minutes = 3.0", "witness_minutes = 0.01"), encoding="utf-8")
    return open_hall(kiosk={"locality": str(pack)})


def test_without_a_card_the_screen_asks_for_one(screen):
    screen.press(TITLE)
    screen.sees("请先插入社会保障卡")


def test_from_the_card_to_the_receipt_with_a_finger(screen):
    holder = passes_by_finger(screen)
    screen.press("提交认证")
    screen.sees("认证已通过", "下次请在这一天以前认证", "编号")
    (row,) = received(screen.hall)
    evidence, answer = statement_of(row), json.loads(row.answer)
    assert answer["status"] == "accepted"
    assert '"what": "number_unmasked", "why": "eligibility_verification"' not in journal(screen)
    assert holder.number not in row.content
    screen.sees(answer["result_number"])
    assert evidence["method"] == "kiosk_fingerprint"
    assert evidence["consent"] == {"text_version": "2026-01", "given": True}
    assert evidence["attempts"] == 1
    assert evidence["score_band"] == "high"
    assert "score" not in evidence
    assert evidence["nonce"]
    assert evidence["offline"] is False
    screen.press("打印凭条")
    screen.sees_soon("凭条打好了", "认证已通过")
    text = screen.hall.machine.devices.simulators.printer.receipts[-1].text
    assert answer["result_number"] in text
    assert "已通过" in text
    assert holder.name not in text
    assert holder.number not in text
    screen.visit(ROOT)
    screen.sees("认证已通过")


def test_after_it_passed_the_next_visit_says_that_nothing_is_to_do(screen):
    passes_by_finger(screen)
    screen.press("提交认证")
    screen.remove_card()
    screen.insert_card("王秀英")
    screen.press(TITLE)
    screen.sees("还不用办")


@pytest.mark.parametrize("special", ["数据比对已自动认证", "还没到认证时间"])
def test_nothing_to_do_is_said_with_the_day(screen, special):
    screen.insert_card(special)
    screen.press(TITLE)
    screen.sees("还不用办", "这一天以前不用再来")
    assert re.search(r"20\d\d年\d+月\d+日", screen.page.text)
    assert "开始认证" not in screen.buttons()


def test_somebody_who_draws_no_pension_is_told_so(screen):
    screen.insert_card("李伟")
    screen.press(TITLE)
    screen.sees("您不用做这个认证", "叫工作人员")


def test_a_doubt_at_the_county_leads_to_the_counter_and_gives_no_reason(screen):
    holder = screen.insert_card("杨素珍")
    screen.press(TITLE)
    screen.sees("这件事请到窗口办", "叫工作人员", "返回", "结束取卡")
    screen.does_not_see("死", "去世", "疑", "暂停", "认证", "指纹", "停发")
    for path in ("consent", "witness"):
        screen.visit(ROOT + path)
        if "/pin" in screen.path:
            screen.enter_pin(holder.card.pin)
        screen.sees("这件事请到窗口办")


@pytest.mark.parametrize("special", ["快到认证时间", "认证已过期", "没有按时认证，待遇已暂停"])
def test_whoever_is_due_may_begin_and_is_never_called_suspended(screen, special):
    screen.insert_card(special)
    screen.press(TITLE)
    screen.sees("开始认证", "叫工作人员", "预约")
    screen.does_not_see("暂停", "停发")


def test_no_template_leaves_the_county_before_the_consent(screen):
    begins(screen)
    screen.sees("可以按指纹吗？", "指纹只在机器里比对一次，不保存图像。", "两种办法一样办")
    assert "fingerprint-template" not in journal(screen)
    eventually(lambda: screen.hall.machine.captures.ready)
    screen.press("同意，按指纹")
    assert "fingerprint-template" in journal(screen)


def test_no_template_leaves_the_county_where_another_card_answers_by_now(screen):
    begins(screen)
    eventually(lambda: screen.hall.machine.captures.ready, what="the sensor is ready")
    screen.visit(f"{ROOT}consent")
    card = screen.hall.reader.card
    card.description = replace(screen.hall.person("李伟").card, atr=card.atr)
    screen.press("同意，按指纹")
    screen.sees("K-109")
    assert "template" not in journal(screen)


def test_both_ways_stand_on_the_consent_page_with_the_same_weight(screen):
    begins(screen)
    kinds = re.findall(r'<button class="button (\w+)" type="submit">(?:(?!</button>).)*?(不按|同意)', screen.page.html)
    assert [kind for kind, _ in kinds] == ["plain", "plain"]


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        (FingerQuality.DRY, "手指有点干"), (FingerQuality.WET, "手指有点湿"), (FingerQuality.SMALL, "按得太偏了"),
        (FingerQuality.SMUDGED, "没看清"),
    ],
)  # fmt: skip
def test_the_screen_says_what_was_wrong_with_the_finger(screen, quality, words):
    holder = agrees(screen)
    sensor(screen).place_finger(screen.hall.fingers(holder)["right_index"], quality)
    screen.sees_soon("没有看清", words, "还可以试 2 次")
    screen.place_finger(holder)
    screen.press("再按一次")
    screen.sees_soon("还差最后一步")


def test_another_finger_is_tried_and_then_fits(screen):
    holder = agrees(screen)
    screen.sees("请把右手食指平放在亮灯的地方")
    screen.press("换一个手指")
    screen.sees("请把右手拇指平放在亮灯的地方")
    screen.place_finger(holder, "right_thumb")
    screen.sees_soon("手指对上了")


def test_nine_tries_and_then_a_person(screen):
    agrees(screen)
    sensor(screen).place_finger("somebody else")
    for tries in range(1, 9):
        screen.sees_soon("没有对上", f"还可以试 {3 - tries % 3} 次")
        screen.press("再按一次")
    screen.sees_soon("请工作人员看您一眼", "几个手指都没有对上，不要紧", "预约")
    assert not received(screen.hall)


def test_no_finger_at_all_is_no_try(quick_hall):
    screen = Screen(quick_hall)
    agrees(screen)
    screen.sees_soon("没有等到您的手指", "不算次数")
    screen.press("再按一次")
    screen.sees_soon("没有等到您的手指")
    assert not received(quick_hall)


def test_a_sensor_fault_counts_no_try_and_offers_a_person(screen):
    begins(screen)
    eventually(lambda: screen.hall.machine.captures.ready)
    sensor(screen).fail(SensorFault.STRANGE_CODE)
    screen.press("同意，按指纹")
    screen.sees_soon("K-20", "不算次数", "请工作人员办", seconds=2 * PATIENCE)
    asks_witness(screen)


def test_nobody_enrolled_a_finger_then_a_clerk_looks(screen):
    begins(screen, "没有录过指纹")
    screen.sees("请工作人员看您一眼")
    asks_witness(screen)


def test_without_a_sensor_a_clerk_looks(open_hall):
    screen = Screen(open_hall(devices={"fingerprint": ""}))
    begins(screen)
    screen.sees("请工作人员看您一眼", "指纹机现在不能用")


def test_from_the_card_to_the_receipt_with_a_witness(screen):
    begins(screen)
    screen.press("不按，请工作人员")
    screen.sees("已经叫了工作人员")
    assert "witness_asked" in journal(screen)
    clerk_says(screen.hall, "确认是本人")
    screen.sees_soon("还差最后一步", "工作人员确认是您本人")
    screen.press("提交认证")
    screen.sees("认证已通过")
    (row,) = received(screen.hall)
    evidence = statement_of(row)
    assert (evidence["method"], evidence["witness"]) == ("staff_witness", "clerk")
    assert evidence["consent"] is None
    assert "fingerprint-template" not in journal(screen)


def test_a_witness_who_refuses_leads_to_an_appointment(screen):
    begins(screen)
    screen.press("不按，请工作人员")
    clerk_says(screen.hall, "不是本人")
    screen.sees_soon("这次没有办成", "叫工作人员")
    assert "再请一次" not in screen.buttons()
    screen.press("预约")
    screen.press("请上门办")
    screen.sees("约好了", "编号")
    with screen.hall.hub.hub.store.reading() as connection:
        (case,) = connection.execute(select(cases)).all()
    assert (case.purpose, case.wanted) == (TITLE, "请上门办")


def test_a_witness_who_does_not_come_is_asked_again_or_an_appointment_made(quick_hall):
    screen = Screen(quick_hall)
    begins(screen)
    screen.press("不按，请工作人员")

    def late():
        screen.visit(f"{ROOT}witness")
        return "工作人员没来得及" in screen.page.text

    eventually(late)
    screen.press("再请一次")
    screen.sees("已经叫了工作人员")


def test_an_appointment_needs_no_pin_and_is_made_once(screen):
    screen.insert_card("王秀英")
    screen.press(TITLE)
    screen.press("预约")
    screen.send(f"{ROOT}appointment", wanted="home")
    screen.sees("约好了")
    number = screen.page.text
    screen.send(f"{ROOT}appointment", wanted="counter")
    assert screen.page.text == number
    assert len(received(screen.hall)) == 1


def test_an_appointment_of_no_known_kind_is_refused(screen):
    screen.insert_card("王秀英")
    screen.press(TITLE)
    screen.send(f"{ROOT}appointment", wanted="'; DROP TABLE cases")
    assert screen.status == 400
    screen.sees("K-506")
    assert not received(screen.hall)


def test_nothing_is_submitted_without_finger_or_witness(screen):
    begins(screen)
    screen.send(f"{ROOT}submit")
    assert screen.status == 403
    screen.sees("K-509", "叫工作人员")
    screen.visit(f"{ROOT}confirm")
    assert screen.status == 403
    assert not received(screen.hall)


def test_nothing_is_submitted_for_somebody_who_is_not_due(screen):
    screen.insert_card("还没到认证时间")
    screen.press(TITLE)
    session = screen.hall.machine.desk.state.session
    witness = screen.hall.machine.reception.witness
    asked = witness.ask(session, TITLE, 60)
    witness.answer(asked.request_id, "clerk", confirmed=True)
    screen.send(f"{ROOT}submit")
    screen.sees("还不用办")
    assert not received(screen.hall)


def test_two_taps_send_one_piece_of_evidence(screen):
    passes_by_finger(screen)
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    cookie = screen.client.get_cookie("resident", domain="127.0.0.1")

    def tap(_number):
        client = screen.hall.resident_app.test_client()
        client.set_cookie("resident", cookie.value, domain="127.0.0.1")
        return client.post(f"{ROOT}submit", data={"csrf_token": token}, base_url=screen.base).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(tap, range(2))) == [303, 303]
    screen.visit(f"{ROOT}result")
    screen.sees("认证已通过")
    assert len(received(screen.hall)) == 1


def test_a_card_pulled_before_the_submission_sends_nothing(screen):
    passes_by_finger(screen)
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    screen.hall.remove()
    answer = screen.client.post(f"{ROOT}submit", data={"csrf_token": token}, base_url=screen.base)
    assert answer.status_code == 409
    assert not received(screen.hall)
    assert screen.hall.machine.county.outbox.counts().queued == 0


def test_a_broken_printer_does_not_hide_the_result(screen):
    printer = screen.hall.machine.devices.simulators.printer
    passes_by_finger(screen)
    screen.press("提交认证")
    printer.emulator.suffer(PrinterFault.OUT_OF_PAPER)
    screen.press("打印凭条")
    screen.sees_soon("凭条没有打出来", "K-301", "认证已通过", "编号", seconds=2 * PATIENCE)
    printer.emulator.recover()
    screen.press("再打一次")
    screen.sees_soon("凭条打好了", seconds=2 * PATIENCE)


def test_the_next_person_finds_nothing_of_the_last(screen):
    passes_by_finger(screen)
    screen.press("提交认证")
    screen.remove_card()
    screen.insert_card("刘桂芳")
    screen.visit(f"{ROOT}result")
    screen.does_not_see("认证已通过")
    screen.visit(f"{ROOT}finger")
    screen.sees("请输入社保卡密码")


def test_no_name_and_no_number_rests_in_the_kiosks_files(screen):
    holder = passes_by_finger(screen)
    screen.press("提交认证")
    screen.sees("认证已通过")
    written = b"".join(path.read_bytes() for path in Path(screen.hall.folder).rglob("*") if path.is_file())
    assert holder.name.encode() not in written
    assert holder.number.encode() not in written
    assert holder.card.card_number.encode() not in written


def test_at_the_counter_the_clerk_is_the_witness(open_hall):
    hall = open_hall(kiosk={"mode": "counter"})
    screen = Screen(hall)
    screen.press("登录", account=CLERK[0], password=CLERK[1])
    screen.insert_card("王秀英")
    screen.press(TITLE)
    screen.press("开始认证")
    screen.sees("请确认是本人在办")
    screen.press("确认本人")
    screen.sees("还差最后一步")
    screen.press("提交认证")
    screen.sees("认证已通过")
    (row,) = received(hall)
    evidence = statement_of(row)
    assert (evidence["method"], evidence["witness"]) == ("staff_witness", "clerk")


def test_somebody_not_due_reaches_no_later_page_by_its_address(screen):
    holder = screen.insert_card("还没到认证时间")
    screen.press(TITLE)
    screen.visit(f"{ROOT}consent")
    screen.enter_pin(holder.card.pin)
    for act in ("consent", "witness", "slip"):
        screen.send(ROOT + act)
        screen.sees("还不用办")
    assert "fingerprint-template" not in journal(screen)
    assert "witness_asked" not in journal(screen)


def test_a_sensor_unplugged_between_two_tries_leads_to_a_person(screen):
    agrees(screen)
    sensor(screen).place_finger("somebody else")
    screen.sees_soon("没有对上")
    sensor(screen).fail(SensorFault.UNPLUGGED)
    eventually(lambda: not screen.hall.machine.captures.ready, seconds=15, what="the sensor is noticed to be gone")
    screen.press("再按一次")
    screen.sees_soon("请工作人员看您一眼", "指纹机现在不能用")
