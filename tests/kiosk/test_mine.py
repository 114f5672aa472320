"""What this machine knows of me: listed from the holders themselves; wiped where it can be, told why where not."""

import ast
import gc
import threading
from pathlib import Path

import pytest
from sqlalchemy import event

from devices.fingerprint import FingerTemplate
from devices.printer import Receipt, Text
from kiosk.privacy import Notice, PrivacyNotices, Purpose
from kiosk.screens.holdings import TELLERS, Until, holdings
from kiosk.services.pension.verification_memory import VerificationMemory
from kiosk.services.slips import REPRINTS, SlipMemory
from tests.card_in import happened
from tests.hall import eventually
from tests.services.pension_steps import agrees

KIOSK = Path(__file__).parents[2] / "kiosk"


def names(hall, until=None):
    return {str(one.name) for one in holdings(hall.machine, hall.machine.desk.state) if until in (None, one.until)}


def to_the_finger(screen):
    holder = agrees(screen, "郭仁富")
    screen.sees("平放在亮灯的地方")
    return holder


def test_every_thing_a_visit_remembers_has_somebody_who_tells_what_it_is():
    """Collected from the source: a new class handed to recall() must be told of on the page."""
    asked = set()
    for file in KIOSK.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "recall"
            if is_call and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id[0].isupper():
                asked.add(node.args[0].id)
    asked -= {"NOTE", "CURSOR"}
    asked = {name for name in asked if not name.isupper()}
    assert asked == {kind.__name__ for kind in TELLERS}


def test_an_empty_machine_knows_nothing(screen):
    screen.visit("/mine")
    screen.sees("机器里没有您的东西")


def test_somebody_served_sees_themselves_masked_and_what_stays_with_its_reason(hall, screen):
    holder = to_the_finger(screen)
    screen.visit("/mine")
    masked = f"{holder.number[:4]}**********{holder.number[-4:]}"
    screen.sees("郭*", masked, "县里登记的指纹", "办事记录", "国家规定要留")
    screen.does_not_see(holder.name, holder.number)
    assert {"点开过的事项", "县里登记的指纹", "县里说的认证情况"} <= names(hall, Until.NOW)
    assert {"姓名", "社会保障号码", "卡号", "密码"} <= names(hall, Until.LEAVING)
    assert names(hall, Until.STAYS) == {"办事记录"}


def test_the_journal_is_read_once_for_the_page(hall, screen):
    screen.insert_card("郭仁富")
    read = []

    def heard(_connection, _cursor, statement, *_rest):
        read.append(statement)

    event.listen(hall.machine.store.engine, "before_cursor_execute", heard)
    try:
        assert names(hall, Until.STAYS) == {"办事记录"}
    finally:
        event.remove(hall.machine.store.engine, "before_cursor_execute", heard)
    assert len([statement for statement in read if "FROM journal" in statement and "LIKE" in statement]) == 1


def test_after_the_wipe_the_holders_are_empty_and_the_page_says_what_is_left(hall, screen):
    to_the_finger(screen)
    memory = hall.machine.desk.state.visit.recall(VerificationMemory)
    assert memory.templates
    screen.visit("/mine")
    screen.press("现在清掉")
    screen.sees("能清的都清掉了", "姓名", "办事记录")
    assert names(hall, Until.NOW) == set()
    assert (memory.templates, memory.status, memory.matched, memory.consented) == ({}, None, None, False)
    token = hall.machine.desk.state.session.token
    assert hall.machine.reception.witness.of(token) is None
    eventually(lambda: not templates_alive(), what="no template is left in memory, once the sensor's thread let go")
    assert len(happened(hall, "visit_wiped")) == 1


def templates_alive():
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, FingerTemplate)]


def test_a_wipe_gives_no_new_tries_and_no_second_submission(hall, screen):
    to_the_finger(screen)
    memory = hall.machine.desk.state.visit.recall(VerificationMemory)
    hall.machine.devices.simulators.fingerprint.sensor.place_finger("somebody else's finger")
    screen.sees_soon("没有对上")
    tried = memory.ladder.attempts
    assert tried == 1
    screen.visit("/mine")
    screen.press("现在清掉")
    screen.sees("试过几次手指")
    screen.lift_finger()
    screen.visit("/services/pension_verification/consent")
    screen.press("同意，按指纹")
    assert memory.templates
    assert memory.ladder.attempts == tried


def test_what_was_told_to_the_county_is_named_by_its_number_and_why_it_stays(hall, screen):
    screen.insert_card("郭仁富")
    hall.cut()
    screen.visit("/services/pension_verification/appointment")
    screen.press("到窗口办")
    number = hall.machine.desk.state.visit.recall(VerificationMemory).appointment.number
    screen.visit("/mine")
    screen.sees("报给县里的事", f"{number}，等着送", "封好了，只有县里打得开")
    screen.press("现在清掉") if "现在清掉" in screen.buttons() else None
    screen.visit("/mine")
    screen.sees(number, "免得同一件事报两次")
    screen.visit("/services/pension_verification/appointment")
    screen.sees(number)


def test_papers_that_wait_are_taken_back_and_the_one_at_the_printer_comes_to_its_end(hall, screen):
    begun, go_on, told = threading.Event(), threading.Event(), []
    screen.insert_card("李伟")
    reference = hall.machine.desk.state.session.resident.reference

    def first(job):
        begun.set()
        go_on.wait(20)
        told.append(("first", job.showing))

    hall.machine.printing.print(Receipt("1", (Text("一"),)), first, lambda: True, reference)
    hall.machine.printing.print(
        Receipt("2", (Text("二"),)), lambda job: told.append(("second", job.showing)), lambda: True, reference
    )
    assert begun.wait(20)
    screen.visit("/mine")
    screen.sees("正在打、等着打的凭条", "2 张")
    screen.press("现在清掉")
    go_on.set()
    assert hall.machine.printing.wait_idle(30)
    assert [one for one in told if one[0] == "second"] == [("second", "failed")]
    assert ("first", "printed") in told or ("first", "hangs") in told
    numbers = [receipt.number for receipt in hall.machine.devices.simulators.printer.receipts]
    assert numbers == ["1"]
    assert hall.machine.printing.waiting(reference) == 0


def test_a_printed_slip_is_not_printed_once_more_as_if_it_were_the_first(hall, screen):
    holder = screen.insert_card("李伟")
    screen.visit("/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees_soon("凭条打好了")
    memory = hall.machine.desk.state.visit.recall(SlipMemory)
    screen.visit("/mine")
    screen.sees("凭条的内容")
    screen.press("现在清掉")
    (slip,) = memory.slips.values()
    assert slip.blank
    assert slip.copies > REPRINTS
    printed = len(hall.machine.devices.simulators.printer.receipts)
    screen.visit("/services/insurance_query/slip")
    screen.send("/services/insurance_query/slip", amounts="no", again="yes")
    assert hall.machine.printing.wait_idle(20)
    assert len(hall.machine.devices.simulators.printer.receipts) == printed


def test_the_page_of_one_is_not_the_page_of_the_next(hall, screen):
    screen.insert_card("李伟")
    screen.visit("/mine")
    screen.remove_card()
    screen.visit("/mine")
    screen.sees("机器里没有您的东西")
    screen.does_not_see("李*")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_says_why_what_how_long_whom_and_whom_to_ask(screen, purpose):
    screen.visit(f"/privacy/{purpose}")
    told = PrivacyNotices().of(purpose)
    screen.sees(told.title, told.why, told.what, told.how_long, told.goes_to, told.ask, told.version)


def test_an_unknown_purpose_is_no_page(screen):
    screen.visit("/privacy/nonsense")
    screen.sees("K-")
    assert screen.status == 404


def test_a_place_says_its_own_words():
    told = PrivacyNotices(pin=PrivacyNotices().pin.model_copy(update={"version": "泸县-1"}))
    assert told.of(Purpose.PIN).version == "泸县-1"
    assert told.of(Purpose.FINGER) == PrivacyNotices().finger
    with pytest.raises(ValueError, match="why"):
        Notice(title="题", why="", what="甲", how_long="乙", goes_to="丙")


def test_the_notice_stands_where_something_is_asked_for_and_its_version_is_written_down_once_a_visit(hall, screen):
    holder = screen.insert_card("郭仁富")
    screen.press("养老待遇资格认证")
    screen.press("开始认证")
    screen.press("为什么要？留不留？")
    screen.sees("为什么要密码", "谁也不给")
    screen.press("返回")
    screen.sees("请输入社保卡密码")
    screen.enter_pin(holder.card.pin)
    screen.press("为什么要？留不留？")
    screen.sees("为什么要指纹", "请工作人员见证")
    screen.press("返回")
    screen.press("同意，按指纹")
    screen.visit("/services/pension_verification/appointment")
    screen.press("为什么要？留不留？")
    screen.sees("预约要用您的什么")
    eventually(lambda: len(happened(hall, "notice_given")) == 3)
    assert {fact["purpose"] for fact in happened(hall, "notice_given")} == {"pin", "finger", "appointment"}
    assert {fact["version"] for fact in happened(hall, "notice_given")} == {PrivacyNotices().pin.version}
    (consent,) = happened(hall, "consent_given")
    assert consent["purpose"] == "finger"
    assert consent["version"] == hall.machine.locality.verification.consent_version
    assert consent["resident"] == hall.machine.desk.state.session.resident.reference
