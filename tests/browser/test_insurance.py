"""What am I insured for: card, PIN, statement, a year, the amounts under their shade, the slip."""

from __future__ import annotations

from PIL import Image


def open_statement(screen, name="李伟", pin="135790"):
    screen.insert_card(name)
    screen.press("参保信息查询")
    screen.sees("请输入社保卡密码")
    screen.enter_pin(pin)
    screen.sees("数据截至")


def test_from_the_card_to_the_year_with_its_gap_in_words(screen):
    open_statement(screen)
    screen.sees("职工养老", "正常缴费", "个月", "无记录", "本县不提供")
    screen.press("职工养老")
    screen.sees("玄滩竹影制衣厂", "断缴", "金额为示例值")
    screen.press("看各年缴费")
    screen.open_first(".pager a")
    screen.sees("没有缴：")
    assert screen.page.locator(".bars .bar").count() + screen.page.locator(".bars .gap").count() == 12


def test_an_amount_is_seen_only_while_a_finger_rests_on_it(screen):
    open_statement(screen)
    screen.press("职工养老")
    shade = screen.page.locator("[data-amount]").first
    amount = shade.get_attribute("data-amount")
    assert amount not in screen.text
    shade.dispatch_event("pointerdown")
    assert amount in screen.text
    shade.dispatch_event("pointerup")
    assert amount not in screen.text


def test_an_amount_is_covered_again_when_the_window_loses_its_focus(screen):
    open_statement(screen)
    screen.press("职工养老")
    shade = screen.page.locator("[data-amount]").first
    shade.dispatch_event("pointerdown")
    screen.tab.evaluate("() => dispatchEvent(new Event('blur'))")
    assert shade.get_attribute("data-amount") not in screen.text


def test_the_slip_comes_out_as_paper_and_says_what_it_is_not(hall, screen):
    open_statement(screen)
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees("凭条打好了，请拿走")
    kept = hall.machine.devices.simulators.printer.receipts[-1]
    assert "不作" in kept.text
    assert "李伟" not in kept.text
    with Image.open(kept.sheet.path) as paper:
        assert paper.width == 576
        assert paper.height > 400


def test_money_on_paper_is_asked_for_twice(hall, screen):
    printed = len(hall.machine.devices.simulators.printer.receipts)
    open_statement(screen)
    screen.press("打印凭条")
    screen.press("也印金额")
    screen.sees("真的把金额印在纸上？")
    assert len(hall.machine.devices.simulators.printer.receipts) == printed
    screen.press("印，我会收好")
    screen.sees("凭条打好了，请拿走")
    assert "示例值" in hall.machine.devices.simulators.printer.receipts[-1].text


def test_the_card_pulled_on_the_statement_leaves_nothing_on_the_screen_nor_behind_it(screen):
    open_statement(screen)
    screen.press("职工养老")
    personal = ("玄滩竹影制衣厂", "data-amount", "李*")
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.does_not_see(*personal)
    screen.tab.reload()
    screen.does_not_see(*personal)
    kept = screen.tab.evaluate("async () => [localStorage.length, sessionStorage.length, history.length]")
    assert kept == [0, 0, 2]  # one page of ours behind the empty one the window was born with: nothing to go back to
    screen.tab.go_back()
    assert not any(word in screen.tab.content() for word in personal)


def test_the_next_card_holder_sees_only_their_own(screen):
    open_statement(screen)
    screen.press("职工养老")
    screen.sees("玄滩竹影制衣厂")
    screen.remove_card()
    open_statement(screen, "林凤英", "574456")
    screen.does_not_see("玄滩竹影制衣厂", "李*")


def test_while_the_county_is_cut_the_query_says_so_before_it_asks_for_a_pin(hall, screen, watch):
    watch.forgive("status of 503")
    hall.cut()
    screen.insert_card("李伟")
    screen.sees("县里暂时连不上")
    screen.press("参保信息查询")
    screen.sees("编号 K-", "叫工作人员")
    screen.does_not_see("请输入社保卡密码")
    screen.press("返回")
    screen.sees("您想办什么事？")


def test_nobody_without_a_card_comes_as_far_as_the_pin(screen):
    screen.press("参保信息查询")
    screen.sees("请先插入社会保障卡", "没带卡也能办")
    screen.insert_card("李伟")
    screen.sees("请输入社保卡密码")
