"""Somebody asks what they are insured for."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from contract.codes import Availability, InsuranceType, InsuredStatus
from contract.residents import ContributionMonth, InsuranceBranch, MonthSpan, Participation
from devices.printer.emulator import PrinterFault
from kiosk.services.insurance.contribution_year import Paid, branch_of, latest, months_words, span_words, year_of
from tests.screen import PATIENCE, Screen

QUERY = "/services/insurance_query/"
PENSION = InsuranceType.EMPLOYEE_PENSION


def asks_with_pin(screen, special):
    holder = screen.insert_card(special)
    screen.press("参保信息查询")
    screen.sees("请输入社保卡密码")
    screen.enter_pin(holder.card.pin)
    return holder


def receipts(screen):
    return screen.hall.machine.devices.simulators.printer.receipts


def test_without_a_card_the_screen_asks_for_one(screen):
    screen.press("参保信息查询")
    screen.sees("请先插入社会保障卡", "叫工作人员", "返回")


def test_a_card_holder_with_the_pin_sees_every_insurance_type(screen):
    asks_with_pin(screen, "李伟")
    screen.sees("参保信息查询", "李*", "数据截至", "职工养老", "正常缴费", "个月")
    screen.does_not_see("李伟")


def test_no_record_is_another_thing_than_not_offered_here(screen):
    asks_with_pin(screen, "刚到本县")
    screen.sees("无记录", "本县不提供", "县里没有您的参保记录")
    injury = re.search(r"工伤\s*(\S+)", screen.page.text).group(1)
    assert injury.startswith("本县不提供")


def test_one_type_shows_unit_months_gaps_base_and_shares(screen):
    asks_with_pin(screen, "李伟")
    screen.press("职工养老")
    screen.sees("类别", "起止", "累计", "断缴", "缴费基数", "个人每月缴", "单位每月缴", "个人账户余额", "示例值")
    assert re.search(r"断缴20\d\d年\d+月到", screen.page.text)


def test_amounts_are_covered_on_the_screen(screen):
    asks_with_pin(screen, "李伟")
    screen.press("职工养老")
    amounts = re.findall(r'data-amount="([\d,]+\.\d\d) 元"', screen.page.html)
    assert len(amounts) >= 4
    assert not any(amount in screen.page.text for amount in amounts)


def test_arrears_are_told(screen):
    asks_with_pin(screen, "单位欠缴三个月")
    screen.press("职工养老")
    screen.sees("3 个月")
    screen.press("看各年缴费")
    assert "欠缴" in screen.page.text


def test_a_year_is_both_a_chart_and_a_table_and_names_the_gap(screen):
    asks_with_pin(screen, "李伟")
    screen.press("职工养老")
    screen.press("看各年缴费")
    while "没有缴" not in screen.page.text:
        before = screen.path
        screen.press(f"{int(screen.path.rpartition('/')[2]) - 1}年")
        assert screen.path != before
    assert 'class="bars"' in screen.page.html
    assert screen.page.html.count("<tr>") == 13
    screen.sees("个月没有缴：", "数据截至", "示例值")


@pytest.mark.parametrize("path", ["type/110/1066", "type/110/99999", "type/999", "type/410", "type/%27", "type/110/x"])
def test_an_address_without_a_record_is_said_and_leads_on(screen, path):
    asks_with_pin(screen, "李伟")
    screen.visit(QUERY + path)
    assert screen.status == 404
    screen.sees("没有这一页", "K-505", "结束取卡", "返回")


def test_the_slip_says_months_and_no_amounts(screen):
    holder = asks_with_pin(screen, "李伟")
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees_soon("凭条打好了")
    text = receipts(screen)[-1].text
    assert "仅供查询，不作证明" in text
    assert "共" in text
    assert "元" not in text
    assert holder.number[-4:] in text
    assert holder.number not in text
    assert holder.name not in text


def test_amounts_go_on_paper_only_after_a_second_question(screen):
    asks_with_pin(screen, "李伟")
    screen.press("打印凭条")
    screen.press("也印金额")
    screen.sees("真的把金额印在纸上？")
    assert not receipts(screen)
    screen.press("印，我会收好")
    screen.sees_soon("凭条打好了")
    assert re.search(r"个人账户 +[\d,]+\.\d\d 元", receipts(screen)[-1].text)
    assert "示例值" in receipts(screen)[-1].text


def test_nothing_is_printed_where_another_card_answers_by_now(screen):
    """The reader noticed nothing; the chip is another."""
    asks_with_pin(screen, "李伟")
    card = screen.hall.reader.card
    card.description = replace(screen.hall.person("王秀英").card, atr=card.atr)
    screen.send(f"{QUERY}slip")
    screen.sees("K-109")
    assert screen.hall.machine.printing.wait_idle(5)
    assert receipts(screen) == ()


def test_a_broken_printer_does_not_hide_the_statement(screen):
    printer = screen.hall.machine.devices.simulators.printer
    printer.emulator.suffer(PrinterFault.COVER_OPEN)
    asks_with_pin(screen, "李伟")
    screen.press("打印凭条")
    screen.press("不印金额")
    screen.sees_soon("凭条没有打出来", "K-302", "职工养老", seconds=2 * PATIENCE)
    printer.emulator.recover()
    screen.press("再打一次")
    screen.sees_soon("凭条打好了", seconds=2 * PATIENCE)


def test_while_the_county_is_cut_the_answer_is_refused_with_words_before_any_pin(open_hall):
    screen = Screen(open_hall(county=False))
    screen.insert_card("李伟")
    screen.visit(QUERY)
    assert screen.status == 503
    screen.sees("和县里的网络断了", "K-401", "叫工作人员", "结束取卡")


def test_the_county_cut_after_the_pin_refuses_with_words(screen):
    asks_with_pin(screen, "李伟")
    screen.hall.cut()
    screen.press("职工养老")
    screen.sees("和县里的网络断了", "K-401", "返回")
    screen.hall.mend()
    screen.visit(QUERY)
    screen.sees("职工养老")


def test_the_next_person_does_not_see_the_page_of_the_last(screen):
    asks_with_pin(screen, "李伟")
    screen.press("职工养老")
    left_open = screen.path
    screen.remove_card()
    screen.visit(left_open)
    assert "个人账户余额" not in screen.page.text
    screen.visit("/")
    screen.insert_card("胡小燕")
    screen.visit(left_open)
    screen.sees("请输入社保卡密码")


def test_every_question_is_noted_without_a_name(screen):
    holder = asks_with_pin(screen, "李伟")
    lines = "".join(link.text for link in screen.hall.machine.journal.entries())
    assert "asked_county" in lines
    assert holder.name not in lines
    assert holder.number not in lines


def contribution(month, *, paid=True, kind=PENSION):
    return ContributionMonth(
        month=month, insurance_type=kind, unit="厂", base=Decimal(5000), personal_share=Decimal(400),
        unit_share=Decimal(800), paid=paid,
    )  # fmt: skip


def held(first="2020-01", last="2024-12", gaps=()):
    return Participation(
        scheme="企业职工",
        unit="厂",
        status=InsuredStatus.PAYING,
        first_month=first,
        last_month=last,
        months=30,
        gaps=gaps,
    )


def branch_with(*participations):
    return InsuranceBranch(insurance_type=PENSION, availability=Availability.RECORDED, participations=participations)


def test_a_year_tells_paid_owed_missing_and_not_due_apart():
    gap = (MonthSpan(first="2023-11", last="2024-02"),)
    rows = [contribution("2024-03"), contribution("2024-04", paid=False), contribution("2024-05", kind="210")]
    months = year_of(rows, branch_with(held(gaps=gap)), 2024)
    assert [month.paid for month in months[:5]] == [Paid.GAP, Paid.GAP, Paid.YES, Paid.OWED, Paid.NOT_DUE]
    assert [month.gap for month in months[:5]] == [True, True, False, True, False]
    assert [month.amount for month in months[2:4]] == [Decimal(1200), Decimal(0)]


def test_two_units_in_one_month_are_added():
    months = year_of([contribution("2024-03"), contribution("2024-03")], branch_with(held()), 2024)
    assert months[2].amount == Decimal(2400)
    assert months[2].base == Decimal(5000)


def test_spans_and_months_are_told_as_people_say_them():
    assert span_words(MonthSpan(first="2024-03", last="2024-03")) == "2024年3月"
    assert span_words(MonthSpan(first="2024-03", last="2024-05")) == "2024年3月到5月"
    assert span_words(MonthSpan(first="2023-11", last="2024-02")) == "2023年11月到2024年2月"
    assert [months_words(n) for n in (7, 24, 31)] == ["7 个月", "24 个月（2 年）", "31 个月（2 年 7 个月）"]


def test_the_latest_unit_stands_for_the_branch():
    old, new = held(last="2022-01"), held(first="2022-02", last="2024-12")
    assert latest(branch_with(new, old)) == new
    assert branch_of([branch_with(old)], "110") == branch_with(old)
    assert branch_of([branch_with(old)], "170") is None
