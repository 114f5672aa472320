"""Signing in while the county is cut: by what this machine remembers, as clerk only, and locked after five tries."""

from contract.codes import StaffRole
from county.accounts import add_account
from kiosk.assembly import wrong_passwords
from kiosk.clock import Clock

CLERK = ("clerk", "chuangkou-shili-2026")
MINUTE = 60


def test_while_cut_somebody_known_signs_in_as_clerk_only(hall, staff):
    both = ("both", "liang-ge-jue-se-2026")
    add_account(hall.hub.hub.store, "both", "两样", [StaffRole.CLERK, StaffRole.EDITOR], ["510521"], both[1])
    staff.sign_in(*both)
    staff.sees("写通知") if staff.path == "/display_editor/" else staff.visit("/display_editor/")
    staff.sees("写通知")
    staff.press("退出登录")
    hall.cut()
    staff.sign_in(*both)
    staff.visit("/display_editor/")
    staff.sees("两样", "这块大屏上的")
    staff.does_not_see("写通知")


def test_while_cut_a_stranger_is_told_that_the_line_is_cut(hall, staff):
    hall.cut()
    staff.sign_in(*CLERK)
    assert staff.status == 503
    staff.sees("和县里的网络断了")


def test_while_cut_five_wrong_tries_lock_too(hall, staff):
    staff.sign_in(*CLERK)
    staff.press("退出登录")
    hall.cut()
    for _ in range(5):
        staff.sign_in("clerk", "falsch-falsch")
        staff.sees("账号或密码不对")
    staff.sign_in(*CLERK)
    staff.sees("账号锁 15 分钟")
    hall.move_clock(16 * MINUTE)
    staff.sign_in(*CLERK)
    staff.sees("唐窗口")


def test_what_this_machine_remembers_runs_out_after_three_days(hall, staff):
    staff.sign_in(*CLERK)
    staff.press("退出登录")
    hall.cut()
    hall.move_clock(73 * 3600)
    staff.sign_in(*CLERK)
    staff.sees("和县里的网络断了")


def test_the_right_password_forgets_wrong_tries_and_accounts_are_counted_apart():
    tries = wrong_passwords(Clock("Asia/Shanghai"))
    assert all(tries.enter("a") for _ in range(4))
    tries.forget("a")
    assert all(tries.enter("a") for _ in range(5))
    assert not tries.enter("a")
    assert tries.enter("b")
