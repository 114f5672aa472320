"""账号: an administrator gives somebody else a new password."""

from __future__ import annotations

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue

from contract.codes import StaffRole
from contract.staff import NewPassword, StaffSession
from kiosk.county_errors import CountyRefused
from kiosk.errors import KioskError, NoSuchPage
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.sign_in import forget_remembered
from kiosk.staff.staff_county import tell
from kiosk.staff_duty import StaffDuty
from kiosk.when_cut import WhenCut

SHORTEST_PASSWORD = 10

duty = StaffDuty("accounts", title="账号", roles=(StaffRole.ADMINISTRATOR,), when_cut=WhenCut.REFUSE)


@duty.get("/")
def show() -> str:
    """The form."""
    return duty.page("form", account="", wrong="", done=request.args.get("done", ""))


@duty.post("/reset")
def reset() -> ResponseReturnValue:
    """A new password for somebody else; what this machine remembers of the old one is dropped."""
    account, password = request.form.get("account", "").strip(), request.form.get("password", "")
    wrong = wrong_with(account, password, request.form.get("again", ""))
    if wrong:
        return again(account, wrong)
    try:
        tell("POST", "/v1/staff/passwords", NewPassword(account=account, password=password), StaffSession)
    except NoSuchPage:
        return again(account, "县里没有这个账号")
    except CountyRefused as refusal:
        return again(account, f"县里没有受理（{refusal.problem}）")
    except KioskError as trouble:
        return again(account, trouble.words + trouble.next_step, trouble.status)
    forget_remembered(machine(), account)
    machine().journal.write(Happening.PASSWORD_RESET, account=account, clerk=g.clerk.account)
    return duty.to("show", done=account)


def wrong_with(account: str, password: str, repeated: str) -> str:
    """Why nothing is sent; "" where all is well."""
    if not account:
        return "请填账号"
    if account == g.clerk.account:
        return "不能重设自己的密码，请找另一位管理员"
    if len(password) < SHORTEST_PASSWORD:
        return f"密码至少 {SHORTEST_PASSWORD} 位"
    return "" if password == repeated else "两次输入的密码不一样"


def again(account: str, wrong: str, status: int = 400) -> Response:
    """The form with the account kept, and never a password."""
    return make_response(duty.page("form", account=account, wrong=wrong, done=""), status)
