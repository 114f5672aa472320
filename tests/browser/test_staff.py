"""The wall made by two people, and the health page; the wall follows within two seconds."""

from __future__ import annotations

import time

import pytest

from kiosk.staff.hiding import hide, items_here
from tests.browser_screen import BrowserStaff

EDITOR = ("editor", "bianji-shili-2026")
APPROVER = ("approver", "shenhe-shili-2026")
NOTICE = {"title": "明天上午停电", "body": "明天上午停电检修，请下午再来。", "order": "1", "seconds": "120"}


@pytest.fixture
def somebody(hall, window):
    """A colleague's own browser, signed in."""

    def signed_in(account, password):
        face = BrowserStaff(hall, window("monitor"))
        face.sign_in(account, password)
        return face

    return signed_in


def test_one_writes_another_approves_and_the_wall_shows_it_within_two_seconds(hall, somebody, wall):
    for here in items_here(hall.machine):
        hide(hall.machine, here.item.item_no, "test")
    editor, approver = somebody(*EDITOR), somebody(*APPROVER)
    editor.visit("/display_editor/new")
    editor.press("存好送审", **NOTICE)
    editor.sees("待审核", "已送审")
    editor.does_not_see("审核发布")
    approver.visit(editor.path)
    approver.sees("明天上午停电检修")
    wall.does_not_see("明天上午停电")
    began = time.monotonic()
    approver.press("审核发布")
    wall.sees("明天上午停电检修", seconds=5)
    assert time.monotonic() - began < 2
    approver.sees("已发布")


def test_the_wall_has_a_clock_a_name_and_how_old_it_is(hall, wall):
    wall.sees(hall.machine.locality.hall.name)
    assert wall.page.locator("[data-time]").inner_text().count(":") == 1


def test_the_health_page_names_every_device(somebody):
    clerk = somebody("clerk", "chuangkou-shili-2026")
    clerk.press("设备")
    clerk.sees("读卡器", "指纹", "打印机")


def test_a_wrong_password_is_refused_in_words(hall, window, watch):
    watch.forgive("status of 40")
    face = BrowserStaff(hall, window("monitor"))
    face.sign_in("editor", "wrong")
    face.sees("登录")
    assert "工作台" in face.text
    face.does_not_see("退出登录")
