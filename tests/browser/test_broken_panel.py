"""The panel touches by itself, or the browser dies: a ghost does no business, and no session outlives its window."""

from __future__ import annotations

import pytest

from kiosk.states import CardLeft, OutOfService, Serving, Vacant, Visiting
from tests.browser_screen import BrowserScreen, BrowserStaff
from tests.hall import eventually

GHOST = """([x, y, seconds]) => new Promise((done) => {
  const until = performance.now() + seconds * 1000;
  let [made, pressed] = [0, 0];
  document.addEventListener("click", () => { pressed += 1; });
  const touch = () => {
    if (performance.now() > until) return done([made, pressed]);
    made += 1;
    const at = document.elementFromPoint(x, y) ?? document.body;
    const where = { bubbles: true, cancelable: true, clientX: x, clientY: y };
    at.dispatchEvent(new PointerEvent("pointerdown", where));
    at.dispatchEvent(new PointerEvent("pointerup", where));
    at.dispatchEvent(new MouseEvent("click", where));
    setTimeout(touch, 20);
  };
  touch();
})"""
SHORT = {"warn_seconds": 2.0, "end_seconds": 4.0, "form_end_seconds": 4.0}
CLERK = ("clerk", "chuangkou-shili-2026")


def ghost(screen, place, seconds):
    """50 touches a second in one place, fewer on a loaded machine: how many, and how many of them pressed something."""
    box = place.bounding_box()
    return screen.tab.evaluate(GHOST, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, seconds])


@pytest.fixture
def short_hall(open_hall):
    """A hall whose visits end after four quiet seconds."""
    return open_hall(session=SHORT)


def test_ghost_touches_in_one_place_keep_no_session_alive(short_hall, window):
    screen = BrowserScreen(short_hall, window())
    screen.insert_card("李伟")
    screen.press("参保信息查询")  # the PIN pad: a title that nothing happens on
    made, pressed = ghost(screen, screen.page.locator("h1"), 8)
    assert pressed < made / 2
    eventually(lambda: isinstance(short_hall.machine.desk.state, CardLeft), 15, "the session ended all the same")
    screen.sees("请取走您的卡")


def test_ghost_touches_in_one_place_press_a_few_times_and_confirm_nothing(hall, window):
    screen = BrowserScreen(hall, window())
    screen.insert_card("王秀英")
    before = [link.text for link in hall.machine.journal.entries()]
    made, pressed = ghost(screen, screen.pressable("养老待遇资格认证"), 3)
    assert pressed < made / 2
    assert isinstance(hall.machine.desk.state, Serving)
    journal = "".join(link.text for link in list(hall.machine.journal.entries())[len(before) :])
    assert "submitted" not in journal
    assert hall.machine.county.outbox.counts().queued == 0
    screen.tab.wait_for_timeout(1100)
    screen.visit("/")
    screen.press("找工作")  # a hand elsewhere, a moment later, is a hand
    screen.sees("个岗位")


def test_a_hand_that_presses_the_same_key_again_and_again_is_a_hand(hall, window):
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    screen.press("参保信息查询")
    for _ in range(6):
        screen.tap(screen.page.locator("[data-digit='1']"))
        screen.tab.wait_for_timeout(70)
    assert screen.page.locator("[data-dot].full").count() == 6


def test_the_browser_dies_and_comes_back_to_the_home_page_with_the_session_ended(hall, window, watch):
    watch.forgive("crash", "Failed to fetch", "ERR_")
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    token = hall.machine.desk.state.session.token
    screen.context.close()  # the tab is gone, with every line it held
    again = BrowserScreen(hall, window())  # as the shell starts it anew: with the next key
    assert not hall.machine.desk.serves(token)
    again.sees("请取走您的卡")
    again.does_not_see("李")
    hall.remove()
    again.sees("请插入社会保障卡")
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant))


def test_a_browser_started_anew_ends_a_visit_without_a_card_too(hall, window, watch):
    watch.forgive("403")  # the old window is refused from now on
    screen = BrowserScreen(hall, window())
    screen.press("找工作")
    assert isinstance(hall.machine.desk.state, Visiting)
    again = BrowserScreen(hall, window())
    again.sees("请插入社会保障卡")
    assert isinstance(hall.machine.desk.state, Vacant)


def test_a_clerk_tests_the_panel_with_five_real_taps(hall, window):
    screen, staff = BrowserScreen(hall, window()), BrowserStaff(hall, window("monitor"))
    staff.sign_in(*CLERK)
    staff.visit("/device_page/")
    staff.press("点五个点")
    for target in range(1, 6):
        screen.sees(f"请点圆点（第 {target} 个，共 5 个）", seconds=20)
        assert isinstance(hall.machine.desk.state, OutOfService)
        screen.tab.locator("[data-dot-target]").tap()
    staff.sees("触摸屏：好的", "五个都点到了", seconds=20)
    screen.sees("请插入社会保障卡", seconds=20)


def test_the_report_is_opened_and_can_be_printed(hall, window):
    staff = BrowserStaff(hall, window("monitor"))
    staff.sign_in(*CLERK)
    staff.visit("/device_page/")
    staff.press("状况报告")
    staff.sees("机器状况报告", "还不能开门办事，因为", "现在是演示，不能给群众办事", "检查人")
    assert staff.tab.evaluate("() => { window.print = () => { window.printed = true; }; return true; }")
    staff.page.locator("[data-print]").click()
    assert staff.tab.evaluate("() => window.printed")
    staff.tab.emulate_media(media="print")
    assert staff.page.locator("nav").is_hidden()
