"""An administrator gives somebody else a new password."""

import pytest

from kiosk.journal import Happening
from tests.screen import StaffScreen

ADMINISTRATOR = ("administrator", "guanli-shili-2026")
CLERK = ("clerk", "chuangkou-shili-2026")
NEW = "xin-de-mi-ma-2026"


@pytest.fixture
def administrator(hall):
    face = StaffScreen(hall)
    face.sign_in(*ADMINISTRATOR)
    face.visit("/accounts/")
    return face


def reset(face, account="clerk", password=NEW, again=None):
    face.press("重设密码", account=account, password=password, again=password if again is None else again)


def test_the_new_password_opens_and_the_old_one_does_not(hall, administrator, staff):
    staff.sign_in(*CLERK)
    reset(administrator)
    administrator.sees("clerk 的密码已重设")
    staff.press("退出登录")
    staff.sign_in(*CLERK)
    staff.sees("账号或密码不对")
    staff.sign_in("clerk", NEW)
    staff.sees("唐窗口")
    texts = [link.text for link in hall.machine.journal.entries() if Happening.PASSWORD_RESET in link.text]
    assert len(texts) == 1
    assert NEW not in texts[0]


def test_the_old_password_opens_nothing_while_cut_either(hall, administrator, staff):
    staff.sign_in(*CLERK)
    staff.press("退出登录")
    reset(administrator)
    hall.cut()
    staff.sign_in(*CLERK)
    staff.sees("和县里的网络断了")


def test_a_reset_lifts_the_lock(administrator, staff):
    for _ in range(5):
        staff.sign_in("clerk", "falsch-falsch")
    reset(administrator)
    staff.sign_in("clerk", NEW)
    staff.sees("唐窗口")


@pytest.mark.parametrize(
    ("account", "password", "again", "words"),
    [
        ("administrator", NEW, NEW, "不能重设自己的密码"),
        ("nobody", NEW, NEW, "县里没有这个账号"),
        ("", NEW, NEW, "请填账号"),
        ("clerk", "kurz", "kurz", "密码至少 10 位"),
        ("clerk", NEW, NEW + "x", "两次输入的密码不一样"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(administrator, staff, account, password, again, words):  # noqa: PLR0917  a form has that many fields
    reset(administrator, account, password, again)
    assert administrator.status == 400
    administrator.sees(words)
    assert NEW not in administrator.page.html
    staff.sign_in(*CLERK)
    staff.sees("唐窗口")


def test_while_cut_nothing_is_reset(hall, administrator):
    hall.cut()
    reset(administrator)
    assert administrator.status == 503
    administrator.sees("和县里的网络断了")
