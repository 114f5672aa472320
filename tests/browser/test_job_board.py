"""Looking for a job without a card, from the home screen to the slip."""

from __future__ import annotations

import pytest


def slips(hall):
    return hall.machine.devices.simulators.printer.receipts


def test_from_the_tile_to_a_slip_without_a_card(hall, screen):
    screen.press("找工作")
    screen.sees("共 ", "个岗位", "更新到")
    screen.press("找", q="服务员")
    assert all("服务员" in words for words in screen.page.locator("a.choice").all_inner_texts())
    title = screen.page.locator("a.choice b").first.inner_text()
    screen.open_first()
    screen.sees(title, "有效到", "核对", "点下面的按钮看")
    screen.press("看联系电话")
    assert screen.page.locator("dd b").inner_text().split()[-1].replace("-", "").isdigit()
    before = len(slips(hall))
    screen.press("打印凭条")
    screen.sees("凭条打好了，请拿走")
    assert len(slips(hall)) == before + 1
    kept = slips(hall)[-1]
    assert title in kept.text
    assert kept.sheet.path.stat().st_size > 1000
    screen.press("完成")
    screen.sees("办完了，请慢走")


def test_a_filter_is_chosen_named_on_the_list_and_taken_away_again(screen):
    screen.press("找工作")
    total = screen.page.locator("p.small").inner_text()
    screen.press("改条件")
    screen.press("在哪里上班")
    screen.press("云龙镇")
    screen.open_first(".at-main a")
    screen.sees("云龙镇 ×")
    assert all("云龙镇" in words for words in screen.page.locator("a.choice span").all_inner_texts())
    screen.press("云龙镇 ×")
    assert screen.page.locator("p.small").inner_text() == total


def test_what_nobody_offers_leads_back_to_everything(screen):
    screen.press("找工作")
    screen.press("找", q="宇航员")
    screen.sees("没有找到合适的岗位")
    screen.press("去掉")
    screen.sees("个岗位", "最新的在前")


HOSTILE = ["'; DROP TABLE jobs; --", "{{ 7*7 }}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_the_search_box_are_only_words(screen, words):
    asked: list[str] = []
    screen.tab.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    screen.press("找工作")
    screen.press("找", q=words)
    assert screen.page.locator("input[name=q]").input_value() == words
    assert asked == []
    screen.visit("/services/job_board/")
    screen.sees("个岗位")


LONG = """async () => {
  const long = 'x'.repeat(1024 * 1024), answers = [];
  for (const ask of [['?q=' + long], ['', { method: 'POST', body: new URLSearchParams({ q: long }) }]]) {
    answers.push(await fetch('/services/job_board/' + ask[0], ask[1]).then((one) => one.status, () => 0));
  }
  return answers;
}"""


def test_a_search_of_a_megabyte_is_refused_and_the_screen_goes_on(screen, watch):
    watch.forgive("status of 4", "ERR_", "Failed to load resource")
    assert all(status == 0 or 400 <= status < 500 for status in screen.tab.evaluate(LONG))
    screen.press("找工作")
    screen.sees("个岗位")
    assert screen.page.locator("input[name=q]").get_attribute("maxlength") == "60"


def test_a_reload_and_a_mode_keep_the_page(screen):
    screen.press("找工作")
    screen.open_first()
    title = screen.page.locator("h1").inner_text()
    screen.tab.reload()
    screen.settle()
    assert screen.page.locator("h1").inner_text() == title
    screen.press("大字")
    screen.page.and_(screen.tab.locator("[data-text=large]")).wait_for()
    assert screen.page.locator("h1").inner_text() == title


def test_a_card_put_in_keeps_the_page_that_was_open(screen):
    screen.press("找工作")
    screen.open_first()
    title = screen.page.locator("h1").inner_text()
    screen.insert_card("李伟")
    screen.sees(title, "结束取卡")


def test_a_window_that_comes_too_late_to_the_reading_page_still_shows_the_page_that_was_open(screen):
    screen.press("找工作")
    screen.open_first()
    title = screen.page.locator("h1").inner_text()
    screen.insert_card("李伟")
    screen.visit("/reading")
    screen.sees(title, "结束取卡")


def test_the_board_goes_on_from_the_local_copy_while_the_county_is_cut(hall, screen):
    hall.cut()
    screen.press("找工作")
    screen.press("找", q="服务员")
    screen.sees("服务员", "个岗位")
    screen.open_first()
    screen.sees("有效到")
