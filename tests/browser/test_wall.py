"""The wall in Chromium: what kiosk/wall.py counts is what the screen draws, and the wall follows by itself."""

import datetime as dt
import time

import pytest
from sqlalchemy import insert

from contract.feed import DisplayItem, Hours
from kiosk.models import feed_item
from kiosk.settings import WallSection
from kiosk.staff.hiding import hide, items_here
from kiosk.wall import legible_px
from tests.browser_screen import BrowserStaff, BrowserWall

EDITOR = ("editor", "bianji-shili-2026")
APPROVER = ("approver", "shenhe-shili-2026")

WALLS = {
    "landscape": {"width_px": 1920, "height_px": 1080, "width_mm": 1210.0, "distance_m": 4.0},
    "landscape, far": {"width_px": 1920, "height_px": 1080, "width_mm": 1210.0, "distance_m": 6.0},
    "upright": {"width_px": 1080, "height_px": 1920, "width_mm": 680.0, "distance_m": 4.0},
    "square": {"width_px": 1280, "height_px": 1024, "width_mm": 376.0, "distance_m": 1.5},
}
SENTENCE = "请带身份证和社会保障卡，到3号窗口办理ABC卡；"
BODIES = [
    "",
    "请下午再来。",
    SENTENCE * 3,
    SENTENCE * 6,
    SENTENCE * 8,
    SENTENCE * 20,
    "字" * 400,
    "一\n二\n三\n四\n五\n六\n七\n八",
]

CUT_OFF = """() => [...document.querySelectorAll('.notice, .panel, .wall-main, main, .display, .wall-foot b, td.num')]
  .filter(one => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2)
  .map(one => `${one.className}: ${one.scrollHeight}>${one.clientHeight}, ${one.scrollWidth}>${one.clientWidth}`)"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('#page *')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .map(one => parseFloat(getComputedStyle(one).fontSize)))"""


def clear_notices(hall):
    for here in items_here(hall.machine):
        hide(hall.machine, here.item.item_no, "test")


def hang(hall, number, title, body):
    today = hall.machine.clock.local().date()
    hours = Hours(first_day=today, last_day=today + dt.timedelta(days=3))
    item = DisplayItem(
        item_no=f"B{number}", title=title, body=body, hours=hours, seconds=5, issuer="县人力资源和社会保障局"
    )
    row = {"kind": "display_item", "key": item.item_no, "revision": 1, "lease_hours": 72}
    with hall.machine.store.begin() as connection:
        connection.execute(insert(feed_item).values(row | {"body": item.model_dump_json()}))
    return item.item_no


@pytest.mark.parametrize("shape", WALLS)
def test_nothing_is_cut_off_and_nothing_is_too_small_from_where_people_stand(open_hall, window, watch, shape):
    watch.forgive("503")  # a window that is reloaded again and again leaves parked requests behind for a while
    section = WallSection(**WALLS[shape])
    hall = open_hall(wall=WALLS[shape])
    clear_notices(hall)
    wall = BrowserWall(hall, window("wall"))
    wall.tab.set_viewport_size({"width": section.width_px, "height": section.height_px})
    for number, body in enumerate(BODIES):
        item_no = hang(hall, number, "城乡居民养老保险缴费提醒", body)
        for jump in range(0, 60, 20):
            hall.move_clock(jump)
            wall.visit("/")
            assert wall.tab.evaluate(CUT_OFF) == [], (shape, body)
            assert wall.tab.evaluate(SMALLEST) >= legible_px(section) - 0.6, (shape, body)
        hide(hall.machine, item_no, "test")


def test_the_wall_changes_by_itself_within_two_seconds_of_an_approval(hall, wall, window):
    clear_notices(hall)
    editor, approver = (BrowserStaff(hall, window("monitor")) for _ in range(2))
    editor.sign_in(*EDITOR)
    editor.press("写通知")
    editor.press("存好送审", title="明天上午停电", body="请下午再来。", order="1")
    editor.sees("待审核")
    approver.sign_in(*APPROVER)
    approver.visit(editor.path)
    wall.does_not_see("明天上午停电")
    began = time.monotonic()
    approver.press("审核发布")
    wall.sees("明天上午停电", seconds=2)
    assert time.monotonic() - began < 2
    editor.visit(editor.path)
    editor.press("撤下")
    wall.tab.wait_for_function("() => !document.body.innerText.includes('明天上午停电')", timeout=2000)


def test_the_preview_is_the_wall_made_smaller(hall, window):
    clear_notices(hall)
    editor = BrowserStaff(hall, window("monitor"))
    editor.sign_in(*EDITOR)
    editor.press("写通知")
    editor.press("存草稿", title="养老金资格认证在这里办", body=SENTENCE * 4)
    drawn = editor.tab.evaluate(
        """() => { const box = document.querySelector('.wall-preview'), text = box.querySelector('.notice p');
        return [box.clientWidth / box.clientHeight, parseFloat(getComputedStyle(text).fontSize) / box.clientHeight,
                text.getBoundingClientRect().height / box.clientHeight] }"""
    )
    hang(hall, "like", "养老金资格认证在这里办", (SENTENCE * 4).strip())
    wall = BrowserWall(hall, window("wall"))
    hung = wall.tab.evaluate(
        """() => { const text = document.querySelector('.notice p');
        return [innerWidth / innerHeight, parseFloat(getComputedStyle(text).fontSize) / innerHeight,
                text.getBoundingClientRect().height / innerHeight] }"""
    )
    assert drawn == pytest.approx(hung, rel=0.02)
    assert editor.tab.evaluate(CUT_OFF) == []
