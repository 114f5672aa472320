"""The same with the county cut: before the card, after the template, while sending."""

import json
from datetime import timedelta

from sqlalchemy import update

from county.models import sittings
from kiosk.uplink.outbox.rows import OutboxState
from tests.hall import eventually
from tests.services.pension_steps import (
    ROOT,
    TITLE,
    agrees,
    asks_witness,
    begins,
    clerk_known_here,
    clerk_says,
    outbox_rows,
    passes_by_finger,
    received,
    statement_of,
)


def test_a_card_read_while_cut_goes_by_witness_and_waits_for_the_county(screen):
    hall = screen.hall
    clerk_known_here(hall)
    hall.cut()
    begins(screen, "王秀英")
    screen.sees("请工作人员看您一眼", "县里连不上，取不到登记的指纹")
    asks_witness(screen)
    clerk_says(hall, "确认是本人")
    screen.sees_soon("还差最后一步", "等县里确认")
    screen.press("提交认证")
    screen.sees("已记下，等县里确认", "编号")
    screen.does_not_see("已通过", "下次")
    screen.press("打印凭条")
    screen.sees_soon("凭条打好了")
    text = hall.machine.devices.simulators.printer.receipts[-1].text
    assert "还没有最后通过" in text
    assert "已通过" not in text.replace("最后通过", "")
    hall.mend()
    hall.machine.county.outbox.hurry()
    hall.machine.county.outbox.drain()
    (row,) = received(hall)
    evidence = statement_of(row)
    assert (evidence["offline"], evidence["nonce"], evidence["benefit"]) == (True, "", "")
    assert json.loads(row.answer)["status"] == "accepted"


def test_while_cut_nobody_says_whether_a_check_is_due(screen):
    screen.hall.cut()
    for special in ("王秀英", "还没到认证时间", "杨素珍"):
        screen.insert_card(special)
        screen.press(TITLE)
        screen.sees("县里现在连不上", "可以先认证，结果等县里确认", "开始认证")
        screen.does_not_see("还不用办", "到期", "以前认证就行", "该做养老认证")
        screen.remove_card()


def test_cut_after_the_templates_came_the_finger_goes_on_and_is_queued(screen):
    holder = agrees(screen)
    screen.hall.cut()
    screen.place_finger(holder)
    screen.sees_soon("还差最后一步")
    screen.press("提交认证")
    screen.sees("已记下，等县里确认")
    outbox = screen.hall.machine.county.outbox
    assert outbox.counts().queued == 1
    screen.hall.mend()
    outbox.hurry()
    outbox.drain()
    (row,) = received(screen.hall)
    assert json.loads(row.answer)["status"] == "accepted"
    assert outbox.counts().answered == 1


def test_cut_after_the_consent_was_asked_leads_to_the_witness(screen):
    begins(screen)
    screen.sees("可以按指纹吗？")
    screen.hall.cut()
    eventually(lambda: screen.hall.machine.captures.ready)
    screen.press("同意，按指纹")
    screen.sees("请工作人员看您一眼", "县里连不上")


def test_a_line_that_breaks_while_sending_loses_nothing(screen):
    """The county was there until the last moment: the evidence keeps its sitting and nonce, and is taken later."""
    passes_by_finger(screen)
    assert screen.hall.machine.county.client.reachable
    screen.hall.cut()
    screen.press("提交认证")
    screen.sees("已记下，等县里确认")
    screen.hall.mend()
    screen.hall.machine.county.outbox.hurry()
    screen.hall.machine.county.outbox.drain()
    (row,) = received(screen.hall)
    assert statement_of(row)["offline"] is False
    assert json.loads(row.answer)["status"] == "accepted"
    assert screen.hall.machine.county.outbox.counts().refused == 0


def test_the_countys_doubt_after_the_finger_is_told_as_the_counter(screen):
    """Offline evidence of somebody with a doubt on record: the county answers, and no reason is shown anywhere."""
    hall = screen.hall
    clerk_known_here(hall)
    hall.cut()
    begins(screen, "杨素珍")
    asks_witness(screen)
    clerk_says(hall, "确认是本人")
    screen.sees_soon("还差最后一步")
    hall.mend()
    hall.machine.county.feed.pull()
    screen.press("提交认证")
    screen.sees("请到窗口，接着办", "叫工作人员")
    screen.does_not_see("死", "疑", "暂停")
    assert OutboxState.ANSWERED in {row.state for row in outbox_rows(hall)}


def test_a_submission_the_county_refuses_leads_to_the_counter_without_a_reason(screen):
    """The county's sitting ended long ago: what the kiosk sends was not made in it."""
    passes_by_finger(screen)
    with screen.hall.hub.hub.store.writing() as connection:
        connection.execute(update(sittings).values(ends_at=sittings.c.opened_at))
    screen.hall.machine.clock.move(timedelta(minutes=8))
    screen.press("提交认证")
    screen.sees("请到窗口，接着办", "叫工作人员")
    screen.does_not_see("已通过", "编号", "打印凭条")
    screen.send(f"{ROOT}slip")
    screen.sees("请到窗口，接着办")
    assert not received(screen.hall)
    assert screen.hall.machine.county.outbox.counts().refused == 1


def test_a_clock_that_runs_a_day_ahead_hinders_nobody(screen):
    passes_by_finger(screen)
    screen.hall.machine.clock.move(timedelta(days=1))
    screen.press("提交认证")
    screen.sees("认证已通过")
    assert screen.hall.machine.county.outbox.counts().refused == 0
