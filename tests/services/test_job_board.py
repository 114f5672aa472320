"""Looking for a job without a card."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from contract.codes import Trade, WagePeriod
from contract.job_query import JobQuery, Sort
from kiosk.services.jobs.job_filters import Filter, address_of, choices_of, query_of
from tests.screen import PATIENCE

BOARD = "/services/job_board/"


def posts(screen):
    return [link for link in screen.page.links if "/post/" in link.href]


def jobs_of(hall, **narrowing):
    index = hall.machine.county.feed.jobs
    return index.find(JobQuery(**narrowing), 1, hall.machine.clock.local().date())


def everything(screen):
    return f"共 {jobs_of(screen.hall).total} 个岗位"


def open_one(screen, **narrowing):
    job = jobs_of(screen.hall, **narrowing).postings[0]
    screen.visit(f"{BOARD}post/{job.posting_no}")
    return job


def test_somebody_without_a_card_looks_for_a_job_and_takes_a_slip(screen):
    screen.press("找工作")
    screen.sees("找工作", everything(screen), "更新到")
    screen.press(posts(screen)[0].words)
    screen.sees("核对", "有效到", "编号")
    screen.press("看联系电话")
    screen.press("打印凭条")
    screen.sees_soon("凭条打好了")
    receipt = screen.hall.machine.devices.simulators.printer.receipts[-1]
    assert receipt.complete
    assert "岗位信息" in receipt.text
    assert "HALL1 JOB" in receipt.text
    assert "打印凭条" not in screen.buttons()


def test_twenty_a_page_and_no_post_stands_on_two_pages(screen):
    screen.visit(BOARD)
    seen = []
    while True:
        assert len(posts(screen)) <= 20
        seen += [link.href.partition("?")[0] for link in posts(screen)]
        if "下一页" not in screen.buttons():
            break
        screen.press("下一页")
    assert len(seen) == len(set(seen)) == jobs_of(screen.hall).total


def test_a_page_number_beyond_the_end_shows_the_last_page(screen):
    for wrong in ("9999", "99999999999999999999", "0", "-3", "x", "１２"):
        screen.visit(f"{BOARD}?page={wrong}")
        assert screen.status == 200
        screen.sees(everything(screen))
    screen.visit(f"{BOARD}?page=9999")
    last = -(-jobs_of(screen.hall).total // 20)
    screen.sees(f"第 {last} 页，共 {last} 页")


def test_searching_finds_posts_by_a_word_of_two_characters(screen):
    screen.visit(BOARD)
    word = jobs_of(screen.hall).postings[0].title[:2]
    screen.press("找", q=word)
    assert all(word in link.words for link in posts(screen)[:1])
    assert f'value="{word}"' in screen.page.html


def test_filters_keep_each_other_in_the_address(screen):
    screen.visit(f"{BOARD}?q=工&sort=pay")
    screen.press("改条件")
    screen.press("在哪里上班")
    screen.press("云龙镇")
    screen.press("您的学历")
    screen.press("初中")
    screen.sees("云龙镇", "初中能做")
    screen.press("个岗位")
    asked = parse_qs(urlsplit(screen.path).query)
    assert asked == {"q": ["工"], "town": ["510521109"], "schooling": ["71"], "sort": ["pay"]}
    assert all("云龙镇" in link.words for link in posts(screen))


def test_pressing_a_filter_that_holds_leaves_it_out(screen):
    screen.visit(f"{BOARD}?town=510521109&trade=care")
    screen.press("云龙镇 ×")
    assert parse_qs(urlsplit(screen.path).query) == {"trade": ["care"]}
    screen.does_not_see("云龙镇 ×")
    screen.sees("护理家政 ×")


def test_a_pay_filter_compares_months_with_months_only(screen):
    for step in (3000, 4000, 5000, 6000):
        for job in jobs_of(screen.hall, pay=step, pay_period=WagePeriod.MONTH).postings:
            assert job.wage.period is WagePeriod.MONTH
            assert max(filter(None, (job.wage.minimum, job.wage.maximum))) >= step


@pytest.mark.parametrize(("words", "unit"), [("按天算", "元/天"), ("按件算", "元/件"), ("面议", "面议")])
def test_day_piece_and_negotiable_posts_have_their_own_switch(screen, words, unit):
    screen.visit(BOARD)
    screen.press("改条件")
    screen.press("工资怎么算")
    screen.press(words)
    screen.press("个岗位")
    assert posts(screen)
    assert all(unit in link.words for link in posts(screen))


def test_choosing_a_monthly_amount_ends_the_switch_to_days(screen):
    screen.visit(f"{BOARD}filters/pay?period=day")
    screen.press("每月 4000 元以上")
    screen.press("个岗位")
    assert posts(screen)
    assert all("元/月" in link.words for link in posts(screen))
    screen.press("每月 4000 元以上 ×")
    assert not urlsplit(screen.path).query


def test_sorting_by_pay_puts_posts_without_a_monthly_pay_last(screen):
    screen.visit(BOARD)
    screen.press("月薪高的在前")
    assert all("元/月" in link.words for link in posts(screen))
    screen.visit(f"{BOARD}?sort=pay&page=9999")
    assert not any("元/月" in link.words for link in posts(screen))


def test_nothing_found_offers_only_what_would_give_results(screen):
    screen.visit(f"{BOARD}?q=没有这种活&town=510521109")
    screen.sees("没有找到合适的岗位", "去掉 “没有这种活”")
    screen.does_not_see("去掉 云龙镇")
    words = next(link.words for link in screen.page.links if "去掉 “" in link.words)
    promised = int(re.search(r"有 (\d+) 个", words).group(1))
    screen.press("去掉 “没有这种活”")
    screen.sees(f"共 {promised} 个岗位")


def test_nothing_helps_alone_then_all_posts_are_offered(screen):
    screen.visit(f"{BOARD}?q=没有这种活&period=piece&trade=security&welfare=1")
    screen.press("看全部岗位")
    screen.sees(everything(screen))


@pytest.mark.parametrize(
    "line",
    [
        "town=' OR 1=1 --", "trade=astronaut", "pay=3333", "pay=many", "pay=-1", "pay=" + "9" * 400, "period=century",
        "schooling=90", "sort=random()", "welfare=yes", "town=%00", "page=%F0%9F%92%A9", "unknown=1",
    ],
)  # fmt: skip
def test_a_filter_that_no_button_sets_is_left_out(screen, line):
    screen.visit(f"{BOARD}?{line}")
    assert screen.status == 200
    screen.sees(everything(screen))


@pytest.mark.parametrize(
    "words",
    ["'; DROP TABLE posting; --", '" OR "1"="1', "{{ 7*7 }}", "{% raw %}", "<script>alert(1)</script>", "zall NOT x",
     "*", "NEAR(", "\x00", "%", "🂡"],
)  # fmt: skip
def test_sql_and_template_text_in_the_box_are_only_words(screen, words):
    screen.visit(BOARD)
    screen.press("找", q=words)
    assert screen.status == 200
    assert 'value="49"' not in screen.page.html
    assert "<script>alert" not in screen.page.html
    screen.visit(BOARD)
    screen.sees(everything(screen))


def test_a_search_of_a_megabyte_gets_a_polite_page_and_a_long_one_is_cut_short(screen):
    screen.visit(f"{BOARD}?q={'工' * 350_000}")
    assert screen.status == 414
    assert len(screen.page.html) < 60_000
    screen.sees("叫工作人员")
    screen.visit(f"{BOARD}?q={'工' * 600}")
    assert screen.status == 200
    assert len(screen.page.html) < 60_000


def test_a_post_or_filter_that_does_not_exist_is_said_and_leads_on(screen):
    screen.visit(f"{BOARD}post/ZP0000000000?town=510521109")
    screen.sees("这个岗位已经撤下")
    screen.press("看别的岗位")
    screen.sees("云龙镇 ×")
    screen.visit(f"{BOARD}filters/shoe_size")
    assert screen.status == 404
    screen.sees("没有这一页", "K-505")
    screen.visit(BOARD)
    screen.send(f"{BOARD}post/ZP0000000000/contact")
    assert screen.status == 404


def test_the_telephone_is_covered_until_asked_for_and_the_asking_is_noted(screen):
    job = open_one(screen)
    assert job.contact_phone not in screen.page.html
    screen.sees(f"***{job.contact_phone[-4:]}")
    screen.press("看联系电话")
    screen.sees(job.contact_phone, job.contact_name)
    lines = [link.text for link in screen.hall.machine.journal.entries() if "contact_shown" in link.text]
    assert len(lines) == 1
    assert job.posting_no in lines[0]
    assert job.contact_phone not in lines[0]


def test_a_visit_sees_five_telephones_and_then_is_sent_to_a_person(screen):
    jobs = jobs_of(screen.hall).postings
    for job in jobs[:5]:
        screen.visit(f"{BOARD}post/{job.posting_no}")
        screen.press("看联系电话")
    screen.send(f"{BOARD}post/{jobs[0].posting_no}/contact")
    screen.sees(jobs[0].contact_phone)
    screen.visit(f"{BOARD}post/{jobs[5].posting_no}")
    screen.sees("这次已经看了 5 个电话", "打印凭条")
    assert "看联系电话" not in screen.buttons()
    screen.send(f"{BOARD}post/{jobs[5].posting_no}/contact")
    assert screen.status == 429
    screen.sees("K-508", "请到窗口找工作人员", "叫工作人员", "返回")
    assert jobs[5].contact_phone not in screen.page.html


def test_the_next_visit_begins_with_every_telephone_covered(screen):
    job = open_one(screen)
    screen.press("看联系电话")
    screen.press("完成")
    screen.visit(f"{BOARD}post/{job.posting_no}")
    assert job.contact_phone not in screen.page.html


def test_a_slip_that_failed_says_why_and_is_printed_again_by_hand(screen):
    from devices.printer.emulator import PrinterFault  # noqa: PLC0415  only this test breaks the printer

    printer = screen.hall.machine.devices.simulators.printer
    printer.emulator.suffer(PrinterFault.OUT_OF_PAPER)
    open_one(screen)
    screen.press("看联系电话")
    screen.press("打印凭条")
    screen.sees_soon("凭条没有打出来", "K-301", "再打一次", seconds=2 * PATIENCE)
    printer.emulator.recover()
    screen.press("再打一次")
    screen.sees_soon("凭条打好了", seconds=2 * PATIENCE)


def test_pressing_print_twice_prints_once(screen):
    job = open_one(screen)
    screen.press("看联系电话")
    screen.send(f"{BOARD}post/{job.posting_no}/slip")
    screen.send(f"{BOARD}post/{job.posting_no}/slip")
    screen.sees_soon("凭条打好了")
    assert len(screen.hall.machine.devices.simulators.printer.receipts) == 1


def test_while_the_county_is_cut_the_copy_is_shown_with_its_date(screen):
    screen.hall.cut()
    screen.hall.machine.county.client.cut = True
    screen.hall.move_clock(3600)
    screen.visit(BOARD)
    screen.sees("县里暂时连不上，这是", everything(screen))


def test_a_kiosk_that_never_met_the_county_says_so(open_hall):
    from tests.screen import Screen  # noqa: PLC0415  the fixture's screen belongs to another hall

    screen = Screen(open_hall(county=False))
    screen.visit(BOARD)
    screen.sees("还没有收到岗位", "没有找到合适的岗位", "叫工作人员")


def test_every_choice_of_every_filter_comes_back_as_itself(hall):
    locality = hall.machine.locality
    for one in Filter:
        for choice in choices_of(one, JobQuery(words="工", sort=Sort.MONTHLY_PAY), locality):
            asked = {name: values[0] for name, values in parse_qs(address_of(choice.query)).items()}
            assert query_of(asked, locality) == choice.query


def test_an_unfiltered_query_has_an_empty_address(hall):
    assert address_of(JobQuery()) == ""
    assert query_of({}, hall.machine.locality) == JobQuery()
    assert query_of({"trade": "care"}, hall.machine.locality).trade is Trade.CARE
