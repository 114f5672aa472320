"""Hands that shake, press twice, with the whole palm, or too late: nothing happens twice, nothing gets lost."""

from __future__ import annotations

import json
import time

import pytest

from kiosk.states import CardLeft, Serving, Vacant, Visiting
from tests.browser.test_pension import asked_finger
from tests.browser_screen import PORTRAIT, BrowserScreen
from tests.hall import eventually

WIDTH, HEIGHT = PORTRAIT
SCALE = "() => [visualViewport.scale, visualViewport.pageTop, visualViewport.pageLeft, scrollX, scrollY]"
STILL = [1, 0, 0, 0, 0]
TWICE = 60
"""Milliseconds between the two taps of a shaking finger."""


class Hands:
    """Real touches of several fingers, by the browser's own input."""

    def __init__(self, screen: BrowserScreen) -> None:
        self._screen = screen
        self._line = screen.context.new_cdp_session(screen.tab)
        self._line.send("Page.resetNavigationHistory")  # the shell's window begins here too: no page before

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """``touchStart``, ``touchMove`` or ``touchEnd`` of all these fingers."""
        fingers = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    def press(self, *points: tuple[float, float], milliseconds: int = 40) -> None:
        """Put fingers down and lift them."""
        self.touch("touchStart", *points)
        self._screen.tab.wait_for_timeout(milliseconds)
        self.touch("touchEnd")

    def drag(self, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Draw each finger from one point to another."""
        self.touch("touchStart", *(begin for begin, _ in ways))
        for step in range(1, 11):
            self.touch("touchMove", *((a + (c - a) * step / 10, b + (d - b) * step / 10) for (a, b), (c, d) in ways))
        self.touch("touchEnd")


@pytest.fixture
def hands(screen) -> Hands:
    return Hands(screen)


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class TwiceScreen(BrowserScreen):
    """A resident whose finger always taps twice."""

    def tap(self, target):
        """Two taps in one place, as fast as a shaking finger."""
        self.tab.wait_for_function("(el) => hall.unhurried(el)", arg=target.element_handle())
        x, y = middle(target)
        self.tab.touchscreen.tap(x, y)
        self.tab.wait_for_timeout(TWICE)
        self.tab.touchscreen.tap(x, y)
        self.settle()

    def enter_pin(self, pin):
        """Digit by digit, once each; 确定 twice."""
        for digit in pin:
            BrowserScreen.tap(self, self.page.locator(f"[data-digit='{digit}']"))
        self.tap(self.page.locator("[data-send]"))


def journal(hall, word):
    """How many entries of the journal tell of ``word``."""
    return sum(word in link.text for link in hall.machine.journal.entries())


def test_ten_fingers_at_once_press_nothing_and_the_eleventh_is_a_hand(hall, screen, hands):
    hands.press(*((100 + 90 * at, 700 + 60 * (at % 4)) for at in range(10)))
    screen.settle()
    assert screen.path == "/"
    assert screen.tab.evaluate(SCALE) == STILL
    screen.press("找工作")
    screen.sees("个岗位")


def test_a_palm_on_the_pin_pad_types_nothing(screen, hands):
    screen.insert_card("李伟")
    screen.press("参保信息查询")
    keys = [middle(screen.page.locator(f"[data-digit='{digit}']")) for digit in "12456"]
    hands.press(*keys)
    screen.tab.wait_for_timeout(300)
    assert screen.page.locator("[data-dot].full").count() <= 1
    screen.sees("请输入社保卡密码")


def test_a_long_press_opens_no_menu_and_selects_nothing(screen, hands):
    for place in (screen.page.locator("h1"), screen.page.locator(".tile").first):
        hands.press(middle(place), milliseconds=1200)
        screen.settle()
        assert screen.tab.evaluate("() => String(getSelection())") == ""
    assert len(screen.context.pages) == 1
    screen.visit("/")
    screen.press("找工作")
    screen.sees("个岗位")


def test_two_fingers_do_not_stretch_the_page(screen, hands):
    for begin, end in ((100, 450), (450, 100)):
        hands.drag(((540 - begin, 960), (540 - end, 960)), ((540 + begin, 960), (540 + end, 960)))
        assert screen.tab.evaluate(SCALE) == STILL
    assert screen.path == "/"


EDGES = {
    "left": ((1, 960), (700, 960)), "right": ((WIDTH - 1, 960), (380, 960)), "top": ((540, 1), (540, 1200)),
    "bottom": ((540, HEIGHT - 1), (540, 700)), "corner": ((1, 1), (800, 1400)),
}  # fmt: skip


@pytest.mark.parametrize("edge", EDGES)
def test_a_swipe_from_an_edge_leads_nowhere(screen, hands, edge):
    screen.press("找工作")
    screen.open_first()
    path = screen.path
    for _ in range(3):
        hands.drag(EDGES[edge])
    screen.tab.wait_for_timeout(300)
    assert screen.path == path
    assert screen.tab.evaluate(SCALE) == STILL
    screen.sees("返回列表")


def test_every_button_pressed_twice_finds_one_job_and_prints_one_slip(hall, window):
    screen = TwiceScreen(hall, window())
    printed = len(hall.machine.devices.simulators.printer.receipts)
    screen.press("找工作")
    screen.sees("个岗位")
    screen.press("改条件")
    screen.sees("想找什么样的？")
    screen.press("个岗位")
    screen.sees("改条件")
    screen.open_first()
    screen.sees("看联系电话")
    screen.press("看联系电话")
    screen.sees("打印凭条")
    screen.tab.wait_for_timeout(500)
    assert len(hall.machine.devices.simulators.printer.receipts) == printed
    screen.press("打印凭条")
    screen.sees("凭条打好了")
    assert len(hall.machine.devices.simulators.printer.receipts) == printed + 1
    screen.press("完成")
    screen.sees("办完了，请慢走")
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant))


def test_pressed_twice_a_wrong_pin_costs_one_try_and_one_answer_is_given(hall, window):
    screen = TwiceScreen(hall, window())
    screen.insert_card("李伟")
    screen.press("参保信息查询")
    screen.sees("请输入社保卡密码")
    screen.enter_pin("000000")
    screen.sees("还可以试 2 次")
    screen.enter_pin("135790")
    screen.sees("点一个险种")
    screen.press("结束取卡")
    screen.sees("请取走您的卡")
    assert isinstance(hall.machine.desk.state, CardLeft)


def test_pressed_twice_a_verification_is_submitted_once(hall, window):
    screen = TwiceScreen(hall, window())
    holder = screen.insert_card("刘桂芳")
    screen.press("养老待遇资格认证")
    screen.press("开始认证")
    screen.enter_pin(holder.card.pin)
    screen.sees("可以按指纹吗？")
    screen.press("同意，按指纹")
    screen.sees("平放在亮灯的地方")
    screen.place_finger(holder, asked_finger(screen))
    screen.sees("手指对上了", seconds=25)
    screen.lift_finger()
    before = journal(hall, "submitted")
    printed = len(hall.machine.devices.simulators.printer.receipts)
    screen.press("提交认证")
    screen.sees("认证已通过")
    screen.tab.wait_for_timeout(500)
    assert journal(hall, "submitted") == before + 1
    assert len(hall.machine.devices.simulators.printer.receipts) == printed


def test_pressed_twice_an_appointment_is_made_once(hall, window):
    screen = TwiceScreen(hall, window())
    screen.insert_card("陈德明")
    screen.press("养老待遇资格认证")
    screen.press("不会弄，预约")
    before = journal(hall, "submitted")
    screen.press("到窗口办")
    screen.sees("约好了，等人联系您")
    screen.tab.wait_for_timeout(300)
    assert journal(hall, "submitted") == before + 1


def test_a_second_tap_a_moment_later_is_a_tap(screen):
    screen.press("找工作")
    screen.open_first()
    place = middle(screen.pressable("返回列表"))
    screen.tab.wait_for_timeout(600)
    screen.tab.touchscreen.tap(*place)
    screen.sees("改条件")
    screen.tab.wait_for_timeout(600)
    screen.tab.touchscreen.tap(*place)
    screen.sees("您想办什么事？")


@pytest.mark.parametrize("late", [0.1, -0.05])
def test_a_tap_in_the_last_moment_is_either_heard_or_the_visit_is_over_with_words(open_hall, window, late):
    hall = open_hall(session={"warn_seconds": 2.0, "end_seconds": 6.0, "form_end_seconds": 6.0})
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    screen.sees("您还在吗？")
    place = middle(screen.page.locator("#still-there"))
    desk = hall.machine.desk
    touched = desk.state.touched
    while isinstance(desk.state, Serving) and touched + 6.0 - desk.monotonic() > late:
        time.sleep(0.005)
    screen.tab.touchscreen.tap(*place)
    eventually(lambda: not isinstance(desk.state, Serving) or desk.state.touched > touched)
    if isinstance(desk.state, Serving):  # heard in time: the whole time again
        assert desk.state.touched <= touched + 6.0
        screen.waits_for(lambda: screen.page.locator("#still-there").is_hidden())
    else:  # over: what the finger met is a page of the end, or the way to a person that stands there
        screen.waits_for(lambda: "请取走您的卡" in screen.text or "请找大厅工作人员" in screen.text)
        screen.does_not_see("李*")
    screen.hall.reader.remove()
    screen.sees("请插入社会保障卡")


def test_a_tap_on_a_page_that_came_by_itself_this_moment_is_not_meant_for_it(hall, screen):
    screen.insert_card("李伟")
    place = middle(screen.page.locator("footer [href='/help']"))
    screen.tab.evaluate(
        """([x, y]) => document.addEventListener('htmx:after:swap', () => {
      const at = document.elementFromPoint(x, y);
      const where = { bubbles: true, cancelable: true, clientX: x, clientY: y, detail: 1 };
      at.dispatchEvent(new PointerEvent('pointerdown', where));
      at.dispatchEvent(new MouseEvent('click', where));
    }, { once: true })""",
        list(place),
    )
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.tab.wait_for_timeout(300)
    assert screen.path == "/"
    screen.press("叫工作人员")
    screen.sees("请找大厅工作人员")


def test_a_form_that_is_too_old_is_refused_with_words_and_nothing_is_done(hall, screen, watch):
    watch.forgive("400")
    screen.insert_card("陈德明")
    screen.press("养老待遇资格认证")
    screen.press("不会弄，预约")
    before = journal(hall, "submitted")
    screen.tab.evaluate(
        """() => document.querySelectorAll('[name=csrf_token]').forEach((one) => { one.value = 'old'; })"""
    )
    screen.press("到窗口办")
    screen.sees("编号 K-")
    assert journal(hall, "submitted") == before
    assert isinstance(hall.machine.desk.state, Serving)
    screen.press("返回")
    screen.settle()
    screen.does_not_see("编号 K-")


STRANGE = {
    "long": "缝" * 10_000, "emoji": "👵🏽🧵👨‍👩‍👧‍👦" * 20, "unpaired": "缝\ud800纫\udfff",
    "rtl": "\u202eئەركىن\u202c خالىد", "nul": "缝\u0000纫", "markup": "<img src=x onerror=alert(1)>{{7*7}}",
    "quotes": "' OR 1=1 --",
}  # fmt: skip
PASTE = """([name, text]) => {
  const field = document.querySelector(`#page [name=${name}]`);
  field.focus();
  document.execCommand('insertText', false, text);
  return field.value.length;
}"""


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_pasted_into_the_search_is_looked_for_or_refused_with_words(screen, watch, kind):
    watch.forgive("414", "400")
    screen.press("找工作")
    text = json.dumps(STRANGE[kind])
    many = screen.tab.evaluate(f"() => ({PASTE})(['q', {text}])")
    assert many <= 60
    screen.tab.evaluate("() => document.querySelector('#page form.search').requestSubmit()")
    screen.settle()
    screen.waits_for(lambda: any(word in screen.text for word in ("没有找到合适的岗位", "个岗位", "编号 K-")))
    assert screen.page.locator("h1").count() == 1
    assert "49" not in screen.page.locator("h1").inner_text()


@pytest.mark.parametrize("kind", ["long", "unpaired", "rtl"])
def test_what_no_field_would_take_is_refused_with_words(hall, screen, watch, kind):
    """The page was tampered with: a field without a limit, a PIN that is none."""
    watch.forgive("414", "400", "413", "431")
    screen.press("找工作")
    text = json.dumps(STRANGE[kind])
    screen.tab.evaluate(f"""() => {{
      const field = document.querySelector('#page [name=q]');
      field.removeAttribute('maxlength');
      field.value = {text};
      field.form.requestSubmit();
    }}""")
    screen.settle()
    screen.waits_for(lambda: any(word in screen.text for word in ("没有找到", "个岗位", "编号 K-")))
    assert isinstance(hall.machine.desk.state, Visiting)
    screen.visit("/")
    screen.sees("您想办什么事？")


def test_a_name_written_from_right_to_left_stays_in_its_place(hall, screen):
    holder = hall.person("李伟")
    screen.insert_card(holder)
    screen.tab.evaluate("() => { document.querySelector('#page h1').firstChild.data = '\u202eئە*，您想办什么事？'; }")
    box = screen.page.locator("h1").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= WIDTH
    assert screen.tab.evaluate("() => document.documentElement.scrollWidth") <= WIDTH
