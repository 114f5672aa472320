"""Signing in on the staff face: right, wrong, locked, idle, gone."""

import pytest
from sqlalchemy import func, select

from county.models import staff_sessions
from kiosk.journal import Happening
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
EDITOR = ("editor", "bianji-shili-2026")
MINUTE = 60


def cookie(face):
    found = face.client.get_cookie("staff", domain="127.0.0.1")
    return found.value if found else ""


def test_the_face_asks_who_is_there(staff):
    assert staff.path == "/sign-in"
    staff.sees("登录工作台", "账号", "密码")


def test_the_right_password_leads_to_the_first_duty(staff):
    staff.sign_in(*CLERK)
    assert staff.path == "/witness/"
    staff.sees("唐窗口", "退出登录")


def test_an_editor_begins_at_the_wall(staff):
    staff.sign_in(*EDITOR)
    assert staff.path == "/display_editor/"


def test_the_cookie_is_a_new_one_so_that_nobody_can_lay_one_ready(staff):
    before = cookie(staff)
    staff.sign_in(*CLERK)
    after = cookie(staff)
    assert before != after
    staff.client.set_cookie("staff", before, domain="127.0.0.1")
    staff.visit("/witness/")
    assert staff.path == "/sign-in"


def test_a_second_sign_in_ends_the_first(staff):
    staff.sign_in(*CLERK)
    first = cookie(staff)
    staff.sign_in(*EDITOR)
    staff.client.set_cookie("staff", first, domain="127.0.0.1")
    staff.visit("/")
    assert staff.path == "/sign-in"


@pytest.mark.parametrize("account", ["clerk", "nobody", "", "x" * 64])
def test_a_wrong_password_is_told_without_telling_which_accounts_exist(staff, account):
    staff.sign_in(account, "falsch-falsch")
    assert staff.status == 403
    staff.sees("账号或密码不对", "K-601")
    assert "falsch-falsch" not in staff.page.html


def test_five_wrong_tries_lock_the_account_for_fifteen_minutes(hall, staff):
    for _ in range(5):
        staff.sign_in("clerk", "falsch-falsch")
    staff.sign_in(*CLERK)
    staff.sees("账号锁 15 分钟", "K-602")
    hall.move_clock(16 * MINUTE)
    staff.sign_in(*CLERK)
    staff.sees("唐窗口")


def test_fifteen_idle_minutes_end_the_sign_in(hall, staff):
    staff.sign_in(*CLERK)
    hall.move_clock(14 * MINUTE)
    staff.visit("/witness/")
    staff.sees("唐窗口")
    hall.move_clock(30 * MINUTE)
    staff.visit("/witness/")
    assert staff.path == "/sign-in"


def test_signing_out_ends_it_here_and_at_the_county(hall, staff):
    staff.sign_in(*EDITOR)
    old = cookie(staff)
    staff.press("退出登录")
    assert staff.path == "/sign-in"
    staff.client.set_cookie("staff", old, domain="127.0.0.1")
    staff.visit("/display_editor/")
    assert staff.path == "/sign-in"
    assert county_sessions(hall) == 0


def county_sessions(hall):
    with hall.hub.hub.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(staff_sessions))


def test_signing_out_while_cut_still_ends_it_here(hall, staff):
    staff.sign_in(*CLERK)
    hall.cut()
    staff.press("退出登录")
    assert staff.path == "/sign-in"


def test_who_came_and_went_is_in_the_journal(hall, staff):
    staff.sign_in(*CLERK)
    staff.press("退出登录")
    texts = [link.text for link in hall.machine.journal.entries()]
    assert any(Happening.STAFF_SIGNED_IN in text and "clerk" in text for text in texts)
    assert any(Happening.STAFF_SIGNED_OUT in text and "clerk" in text for text in texts)
    assert not any("chuangkou" in text for text in texts)


def test_a_form_without_its_token_signs_nobody_in(staff):
    answer = staff.client.post(
        "/sign-in", data=dict(zip(("account", "password"), CLERK, strict=True)), base_url=staff.base
    )
    assert answer.status_code == 400
    staff.visit("/witness/")
    assert staff.path == "/sign-in"


def test_the_residents_cookie_opens_nothing_on_the_staff_face(hall, screen):
    foreign = screen.client.get_cookie("resident", domain="127.0.0.1").value
    fresh = StaffScreen(hall)
    fresh.client.set_cookie("staff", foreign, domain="127.0.0.1")
    fresh.visit("/witness/")
    assert fresh.path == "/sign-in"
