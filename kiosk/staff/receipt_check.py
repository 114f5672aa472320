"""验凭条: whether a kiosk of this county issued a receipt and nobody changed it; by the keys held here, cut or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g, request

from contract.codes import StaffRole
from contract.identifiers import BadIdNumber, normalise
from contract.receipt_token import NoToken, Verdict, verify
from contract.submissions import ClockConfidence
from devices.device import DeviceError
from devices.scanner import wipe
from kiosk.device_errors import error_of
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.staff_duty import StaffDuty
from kiosk.when_cut import WhenCut

duty = StaffDuty("receipt_check", title="验凭条", roles=tuple(StaffRole), when_cut=WhenCut.HERE)

SCAN_SECONDS = 8.0
LONGEST = 400


@dataclass(frozen=True)
class Checked:
    """What was found, as the page says it: good, wait or stop; ``token`` None where it was no receipt at all."""

    mood: str
    title: str
    step: str
    verdict: Verdict | None = None


NO_RECEIPT = Checked("stop", "这不是办事凭条上的码", "请把码扫全；岗位信息上的码不在这里验")


@duty.get("/")
def show() -> str:
    """The form."""
    return page()


@duty.post("/")
def check() -> str:
    """Check what was typed, pasted or scanned by a scanner that types; the number is looked at and forgotten."""
    text, number = request.form.get("token", "")[:LONGEST], request.form.get("number", "")[:LONGEST].strip()
    found = checked(text)
    return page(found, text, whose=whose(found, number) if number else ("", ""))


@duty.post("/scan")
def scan() -> str:
    """Let the scanner of this machine look for a few seconds."""
    here = machine()
    if here.devices.scanner is None:
        return page(Checked("wait", "这台机器没有扫码器", "请把码里的文字贴在下面"))
    try:
        with here.lent_scanner():
            code = here.devices.scanner.scan(SCAN_SECONDS, here.stopping)
    except DeviceError as error:
        problem = error_of(error, "scanner")
        return page(Checked("stop", problem.words, problem.clerks_step))
    if code is None:
        return page(Checked("wait", "没有扫到码", "把凭条对着扫码口，再点一次"))
    content = code.take()
    text = content.decode("ascii", "replace")
    wipe(content)
    found = checked(text)
    return page(found, text if found.verdict else "")


def checked(text: str) -> Checked:
    """What the code is worth; written down with the clerk who asked."""
    try:
        verdict = verify(text, machine().county.feed.keys.kiosks())
    except NoToken:
        note("", "no receipt")
        return NO_RECEIPT
    found = told_of(verdict)
    note(verdict.token.number, found.title)
    return found


def told_of(verdict: Verdict) -> Checked:
    """A verdict in words."""
    if verdict.kiosk is None:
        return Checked("stop", "不能确认是真的", "不是这里认得的机器开的，或者被改过。请报告县里", verdict)
    if not verdict.in_time:
        return Checked("stop", "不能算数", "开的时候，那台机器的密钥已经停用", verdict)
    return Checked("good", "是真的，没有改过", "纸上写的应当和下面一样，不一样就是纸被改过", verdict)


def whose(found: Checked, number: str) -> tuple[str, str]:
    """Whether the receipt is of the holder of ``number``: mood and words; empty where nothing can be said."""
    if found.verdict is None or not found.verdict.genuine:
        return ("", "")
    try:
        wanted = normalise(number, machine().clock.local().date())
    except BadIdNumber:
        return ("wait", "证件号不对，请对着证件再填一次")
    if found.verdict.token.about(wanted):
        return ("good", "和这个证件号对得上，再对一对姓名和后四位")
    return ("stop", "不是这个证件号的凭条")


def note(number: str, found: str) -> None:
    """Who checked which receipt, and what was found."""
    machine().journal.write(Happening.RECEIPT_CHECKED, clerk=g.clerk.account, receipt=number, found=found)


def page(found: Checked | None = None, text: str = "", whose: tuple[str, str] = ("", "")) -> str:
    """The form with what was found."""
    here, keys = machine(), machine().county.feed.keys.held()
    as_of = here.clock.to_local(keys.issued_at) if keys and keys.issued_at else None
    return duty.page(
        "form", found=found, text=text, whose=whose, rows=rows(found.verdict) if found and found.verdict else [],
        as_of=as_of, count=len(keys.kiosks) if keys else 0, scanner=here.devices.scanner is not None,
    )  # fmt: skip


def rows(verdict: Verdict) -> list[tuple[str, str]]:
    """What the token says, as labels and values."""
    token = verdict.token
    sure = "" if token.sure is ClockConfidence.SURE else "（机器的钟不准，时间待核）"
    kiosk = verdict.kiosk.name if verdict.kiosk else "不认得"
    return [
        ("办什么", token.kind.label), ("结果", token.result.label), ("编号", token.number),
        ("时间", f"{local_words(token.at)}{sure}"), ("机器", f"{kiosk}（{token.site}）"),
    ]  # fmt: skip


def local_words(at: datetime) -> str:
    """A moment in the hall's time."""
    return f"{machine().clock.to_local(at):%Y-%m-%d %H:%M}"
