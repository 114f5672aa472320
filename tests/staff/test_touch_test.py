"""The touchscreen is tested with five targets; ghosts are noticed, a closed screen is missed."""

from dataclasses import replace

import pytest

from kiosk.clock import Clock
from kiosk.device_test_touch import place_of, told_of
from kiosk.device_tests import Patience
from kiosk.panel import Panel, Touch, TouchFindings
from kiosk.staff.device_rows import panel_row, words_of_fault
from kiosk.states import Vacant
from tests.hall import eventually
from tests.staff.device_clerk import CLERK, DeviceClerk, desk, room_of

TARGET = {"x": "30", "y": "20", "off": "3", "hit": "1"}


@pytest.fixture
def hall(testing_hall):
    return testing_hall


@pytest.fixture
def screen(testing_screen):
    return testing_screen


@pytest.fixture
def clerk(testing_clerk):
    return testing_clerk


def tap(screen, **fields):
    screen.visit("/touch-test")
    return screen.send("/touch-test", **(TARGET | {"target": screen.page.html.split('data-target="')[1][0]} | fields))


def shown(hall, target):
    eventually(lambda: desk(hall).showing.endswith(f".{target}"), what=f"target {target} is shown")


def test_five_targets_are_touched_one_after_another(clerk, hall, screen):
    screen.follow()
    hall.machine.panel.seen()
    clerk.begin("panel")
    for target in range(1, 6):
        shown(hall, target)
        screen.follow()
        screen.sees(f"请点圆点（第 {target} 个，共 5 个）")
        tap(screen)
    clerk.sees_soon("触摸屏：好的", "五个都点到了", "第 5 个点：偏 1 毫米")
    assert isinstance(desk(hall), Vacant)
    assert hall.machine.panel.board.record.last_test.passed


def test_ghost_touches_are_noticed_while_the_targets_are_touched(clerk, hall, screen):
    hall.machine.panel.seen()
    clerk.begin("panel")
    shown(hall, 1)
    for _ in range(9):
        tap(screen, hit="0", x="900", y="950", off="1900")
    tap(screen, hit="0", off="30")
    for target in range(1, 6):
        shown(hall, target)
        tap(screen)
    clerk.sees_soon("没有通过", "没有圆点的地方有 9 下：下右", "点偏 1 下，最多偏 9 毫米")


def test_a_closed_screen_cannot_be_tried(open_hall):
    clerk = DeviceClerk(open_hall())
    clerk.sign_in(*CLERK)
    clerk.begin("panel")
    clerk.sees_soon("没有通过", "自助机的屏幕没有开着")


def test_targets_not_touched_in_time_end_the_test(hall, screen):
    hall.machine.panel.seen()
    room = room_of(hall, Patience(tap=0.3))
    room.begin("panel", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.words[0] == "没有人点屏幕，没有检测成"
    screen.visit("/touch-test")
    assert screen.path == "/"


@pytest.mark.parametrize("field", [{"x": "-1"}, {"y": "1001"}, {"off": "far"}, {"target": "9"}])
def test_a_touch_that_no_window_tells_is_refused(clerk, hall, screen, field):
    hall.machine.panel.seen()
    clerk.begin("panel")
    shown(hall, 1)
    tap(screen, **field)
    assert screen.status == 400
    assert hall.machine.panel.findings == TouchFindings()
    clerk.visit("/device_page/test")
    clerk.press("不试了")


def test_touches_count_only_while_a_test_runs_and_each_target_once(hall):
    panel, hit = hall.machine.panel, Touch(1, 1, hit=True, off_mm=1.0)
    panel.touched(hit, 1)
    assert panel.findings == TouchFindings()
    panel.begin()
    for target in (1, 1, 3, 2):
        panel.touched(hit, target)
    assert len(panel.end().hits) == 2
    panel.touched(hit, 3)
    assert len(panel.findings.hits) == 2


def test_findings_are_told_in_words():
    hit = Touch(500, 500, hit=True, off_mm=2.0)
    assert told_of(TouchFindings((hit,) * 3)).words[0] == "只点到 3 个，共 5 个"
    ghost = replace(hit, hit=False, off_mm=90.0)
    assert told_of(TouchFindings((hit,) * 5, (), (ghost,) * 2)).passed is False
    once = told_of(TouchFindings((hit,) * 5, (), (ghost,)))
    assert once.passed is None, "one may be a sleeve"
    assert "可能是碰到，再试一次" in once.words[-1]
    assert [place_of(0, 0), place_of(500, 500), place_of(1000, 400)] == ["上左", "正中", "中右"]


class SteppingClock(Clock):
    """Monotonic seconds by hand."""

    seconds = 100.0

    def monotonic(self):
        return self.seconds


def test_a_window_that_falls_quiet_is_missed(hall):
    clock = SteppingClock("Asia/Shanghai")
    panel = Panel(clock)
    here = replace(hall.machine, panel=panel)
    assert panel_row(here).words == "程序启动以来，屏幕还没有打开过"
    panel.seen()
    clock.seconds += 44
    assert panel_row(here).words == "屏幕开着"
    clock.seconds += 2
    missed = panel_row(here)
    assert (missed.mood, missed.words, missed.cure) == ("stop", "屏幕没有动静了", "打开或重启屏幕上的浏览器")
    panel.seen()
    assert panel_row(here).mood == "good"
    assert words_of_fault("panel", panel.board.record.last_fault, clock).endswith("屏幕没有动静")
