"""The desk as a resident sees it: slot, card, reading, modes, idle time, and what is left behind."""

from __future__ import annotations

import re
import socket
import threading
import time

from playwright.sync_api import Route

from devices.card.virtual.card import VirtualCard
from devices.card.virtual.described import CardFault
from kiosk.states import CardLeft, Serving, Vacant, Visiting
from tests.browser_screen import UNHURRIED, BrowserScreen
from tests.hall import eventually

QUICK = {"warn_seconds": 1.0, "end_seconds": 5.0, "form_end_seconds": 5.0}
PERSONAL = ("李*", "李伟", "135790")


def test_home_asks_what_to_do_and_shows_the_slot(screen):
    screen.sees("请插入社会保障卡", "您想办什么事？")
    assert screen.tab.title() == "您想办什么事"


def test_a_card_put_in_is_greeted_and_forgotten_when_pulled_without_anybody_touching_the_screen(screen):
    screen.insert_card("李伟")
    screen.sees("李*", "结束取卡")
    screen.does_not_see("李伟")
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.does_not_see(*PERSONAL)


def slow_card(hall, name, seen, pull_at=None):
    """Its first answer comes when the screen was seen."""
    holder = hall.person(name)
    return VirtualCard(holder.card, frozenset({CardFault.SLOW}), pull_at=pull_at, pause=lambda _: seen.wait(30))


def test_while_the_card_is_read_the_screen_says_so(hall, screen):
    seen = threading.Event()
    hall.reader.insert(slow_card(hall, "李伟", seen))
    screen.sees("正在读卡，请不要拔卡")
    seen.set()
    screen.follow()
    screen.sees("李*")


def test_a_card_pulled_while_it_is_read_leaves_an_empty_desk(hall, screen):
    seen = threading.Event()
    hall.reader.insert(slow_card(hall, "李伟", seen, pull_at=6))
    screen.sees("正在读卡，请不要拔卡")
    seen.set()
    screen.sees("请插入社会保障卡")
    screen.does_not_see(*PERSONAL)
    assert isinstance(hall.machine.desk.state, Vacant)


def test_a_question_stays_parked_and_asks_no_more_often_than_it_must(screen):
    asked: list[str] = []
    screen.tab.on("request", lambda request: asked.append(request.url))
    screen.tab.wait_for_timeout(1500)
    assert [url for url in asked if "/desk" in url] == []


def test_the_card_left_in_the_slot_is_asked_for_until_it_is_taken(hall, screen):
    screen.insert_card("李伟")
    screen.press("结束取卡")
    screen.sees("请取走您的卡")
    screen.does_not_see(*PERSONAL)
    assert isinstance(hall.machine.desk.state, CardLeft)
    screen.remove_card()
    screen.sees("请插入社会保障卡")


def test_somebody_without_a_card_says_they_are_done(hall, screen):
    screen.press("大字")
    assert isinstance(hall.machine.desk.state, Visiting)
    screen.press("完成")
    screen.sees("办完了，请慢走")
    screen.press("回到首页")
    assert isinstance(hall.machine.desk.state, Vacant)
    screen.sees("请插入社会保障卡")


def test_a_card_that_cannot_be_served_says_why_and_names_a_person(screen):
    screen.insert_card("孙丽")
    screen.sees("有效期", "编号 K-", "叫工作人员")
    screen.press("叫工作人员")
    screen.sees("请找大厅工作人员")


def test_large_text_and_high_contrast_last_for_the_visit_and_end_with_it(screen):
    screen.press("大字")
    eventually(lambda: screen.page.get_attribute("data-text") == "large")
    screen.press("高对比")
    eventually(lambda: screen.page.get_attribute("data-contrast") == "high")
    screen.insert_card("李伟")
    assert (screen.page.get_attribute("data-text"), screen.page.get_attribute("data-contrast")) == ("large", "high")
    screen.remove_card()
    assert screen.page.get_attribute("data-text") == "normal"


def test_the_warning_comes_before_the_end_and_any_touch_takes_it_away(open_hall, window):
    hall = open_hall(session=QUICK)
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    screen.sees("您还在吗？", "秒后自动结束", seconds=4)
    screen.tap(screen.page.locator("#still-there button"))
    eventually(lambda: screen.page.locator("#still-there").is_hidden())
    assert isinstance(hall.machine.desk.state, Serving)


def test_nobody_touches_the_screen_and_the_session_ends_with_the_card_still_in(open_hall, window):
    hall = open_hall(session=QUICK | {"end_seconds": 2.0})
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    screen.sees("请取走您的卡", seconds=6)
    screen.does_not_see(*PERSONAL)
    assert isinstance(hall.machine.desk.state, CardLeft)


def test_after_the_card_left_neither_back_nor_reload_nor_a_kept_page_shows_anything(screen):
    screen.insert_card("李伟")
    screen.visit("/help")
    screen.visit("/")
    screen.sees("李*")
    screen.remove_card()
    for step in (screen.tab.go_back, screen.tab.go_forward, screen.tab.reload):
        step()
        screen.settle()
        screen.follow()
        screen.does_not_see(*PERSONAL)


def fall_silent(hall):
    """The county takes every question and answers none; the socket to close at the end."""
    hall.cut()
    line = socket.create_server(("127.0.0.1", int(hall.hub.settings.listen.rpartition(":")[2])))
    line.listen(16)
    return line


def test_a_card_pulled_while_the_county_thinks_leaves_nothing_on_the_screen_for_half_a_second(open_hall, window):
    hall = open_hall(county={"timeout_seconds": 8.0})
    screen = BrowserScreen(hall, window())
    holder = screen.insert_card("李伟")
    screen.visit("/pin?next=/")
    screen.enter_pin(holder.card.pin)
    screen.sees("李*")
    with fall_silent(hall):
        screen.tap(screen.pressable("参保信息查询"))
        screen.tab.wait_for_timeout(400)
        assert "李*" in screen.text, "the answer is still awaited"
        hall.reader.remove()
        pulled = time.monotonic()
        screen.tab.wait_for_function("() => !document.body.innerText.includes('李')", polling=10)
        assert time.monotonic() - pulled < 0.5
        screen.does_not_see(*PERSONAL)
        screen.sees("请插入社会保障卡", seconds=2)
        assert screen.tab.locator("#cover").is_hidden()
        assert screen.path == "/"


def test_a_second_page_of_the_same_window_covers_the_first_which_comes_back_at_a_touch(hall, window):
    context = window()
    screen = BrowserScreen(hall, context)
    screen.insert_card("李伟")
    screen.sees("李*")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url) if "/desk?" in request.url else None)
    other = BrowserScreen(hall, context, key=False)
    other.visit("/")
    other.sees("李*")
    screen.sees("这个窗口已在别处打开")
    screen.does_not_see(*PERSONAL)
    screen.tab.wait_for_timeout(1500)
    assert len(asked) <= 4, "the two do not send each other away for ever"
    screen.tap(screen.tab.locator("#cover"))
    screen.sees("李*")
    other.sees("这个窗口已在别处打开")
    other.does_not_see(*PERSONAL)


def test_another_browser_on_the_same_machine_is_not_this_screen(hall, screen, window, watch):
    watch.forgive("status of 403")
    screen.insert_card("李伟")
    stranger = BrowserScreen(hall, window(), key=False)
    answer = stranger.tab.goto(stranger.base + "/")
    assert answer is not None
    assert answer.status == 403
    stranger.does_not_see(*PERSONAL)
    screen.press("叫工作人员")
    screen.sees("请找大厅工作人员")


def test_a_second_tap_in_the_same_moment_sends_nothing_more(screen):
    posted: list[str] = []
    screen.tab.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    screen.insert_card("李伟")
    button = screen.pressable("结束取卡")
    screen.waits_for(lambda: button.evaluate(UNHURRIED))  # home came by itself: a tap at once is not meant for it
    leave = button.bounding_box()
    assert leave is not None
    place = (leave["x"] + leave["width"] / 2, leave["y"] + leave["height"] / 2)
    screen.tab.touchscreen.tap(*place)
    screen.tab.touchscreen.tap(*place)
    screen.sees("请取走您的卡")
    assert len([url for url in posted if url.endswith("/leave")]) == 1


def test_a_tap_is_never_lost_to_a_page_the_server_wants_shown(hall, screen):
    held: list[Route] = []
    screen.sees("请插入社会保障卡")
    screen.tab.route(screen.base + "/", lambda route: held.append(route))  # noqa: PLW0108  playwright marks it
    hall.reader.disappear()
    screen.waits_for(lambda: held)
    screen.press("找工作")
    assert screen.path == "/services/job_board/"
    held[0].abort()


def test_the_pin_is_nowhere_in_the_page_nor_in_any_address(screen):
    addresses: list[str] = []
    screen.tab.on("request", lambda request: addresses.append(request.url))
    screen.insert_card("李伟")
    screen.visit("/pin?next=/")
    for digit in "135790":
        screen.tap(screen.page.locator(f"[data-digit='{digit}']"))
    assert screen.page.locator("[data-dot].full").count() == 6
    assert "135790" not in screen.tab.content()
    values = screen.tab.evaluate("() => [...document.querySelectorAll('input')].map((field) => field.value)")
    assert "135790" not in "".join(values)
    screen.tap(screen.page.locator("[data-send]"))
    screen.settle()
    assert not any(re.search("135790", url) for url in addresses)


def test_a_wrong_pin_shows_the_cards_own_counter_and_the_right_one_leads_on(hall, screen):
    screen.insert_card("李伟")
    screen.visit("/pin?next=/")
    screen.enter_pin("000000")
    screen.sees("密码不对", "还可以试 2 次")
    screen.enter_pin("135790")
    screen.sees("李*", "您想办什么事？")
    state = hall.machine.desk.state
    assert isinstance(state, Serving)
    assert state.session.assurance.name == "PIN"


def test_the_last_try_is_never_taken_without_a_warning(screen):
    screen.insert_card("李伟")
    screen.visit("/pin?next=/")
    screen.enter_pin("000000")
    screen.sees("还可以试 2 次")
    screen.enter_pin("000000")
    screen.sees("只剩 1 次，还要试吗", "请找工作人员")
    assert screen.page.locator("[data-pad]").count() == 0
    screen.press("再试一次")
    screen.sees("请输入社保卡密码", "只剩 1 次")
    screen.enter_pin("135790")
    screen.sees("李*，您想办什么事")


def test_a_digit_too_many_is_not_taken_and_one_can_be_taken_back(screen):
    screen.insert_card("李伟")
    screen.visit("/pin?next=/")
    send = screen.page.locator("[data-send]")
    for digit in "12345":
        screen.tap(screen.page.locator(f"[data-digit='{digit}']"))
    assert send.is_disabled()
    screen.tap(screen.page.locator("[data-digit='6']"))
    screen.tap(screen.page.locator("[data-digit='7']"))
    assert send.is_enabled()
    screen.tap(screen.page.locator("[data-erase]"))
    assert screen.page.locator("[data-dot].full").count() == 5
    assert send.is_disabled()


def test_the_clock_shows_the_halls_time(hall, screen):
    shown = screen.page.locator("[data-time]").inner_text()
    now = hall.machine.clock.local()
    assert shown in {f"{now.hour:02d}:{now.minute:02d}", f"{now.hour:02d}:{(now.minute - 1) % 60:02d}"}


def test_a_reader_that_is_unplugged_is_said_and_taken_back_without_anybody_touching_the_screen(hall, screen):
    screen.visit("/")
    screen.sees("请插入社会保障卡")
    hall.reader.disappear()
    screen.sees("读卡器坏了，请到窗口办", "K-110")
    hall.reader.reappear()
    screen.sees("请插入社会保障卡")
