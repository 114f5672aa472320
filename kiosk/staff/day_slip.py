"""日结: what this machine did on a day, with the head of its journal, on a slip that the hall keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, request

from contract.chain import Head
from contract.codes import StaffRole
from contract.submissions import ClockConfidence
from devices.printer import Line, Pair, Receipt, Rule, Text
from kiosk.errors import RequestRefused
from kiosk.journal import Happening
from kiosk.machine import Machine, machine
from kiosk.receipts import Stamp, day_in_words, slip
from kiosk.staff_duty import StaffDuty
from kiosk.uplink.outbox.rows import OutboxCounts
from kiosk.uplink.telling.day_figures import Counted, counted, span_of
from kiosk.when_cut import WhenCut

DAYS_BACK = 31
ROWS: tuple[tuple[str, tuple[Happening, ...]], ...] = (
    ("插卡办事", (Happening.SESSION_BEGAN,)),
    ("卡没有被接受", (Happening.CARD_REFUSED,)),
    ("打开事项", (Happening.SERVICE_OPENED,)),
    ("密码对的", (Happening.PIN_ACCEPTED,)),
    ("密码没通过", (Happening.PIN_REFUSED,)),
    ("指纹对上", (Happening.FINGER_MATCHED,)),
    ("指纹没对上", (Happening.FINGER_FAILED,)),
    ("工作人员见证", (Happening.WITNESS_CONFIRMED,)),
    ("没有见证", (Happening.WITNESS_REFUSED,)),
    ("向县里查询", (Happening.ASKED_COUNTY,)),
    ("提交县里", (Happening.SUBMITTED,)),
    ("县里答复", (Happening.COUNTY_ANSWERED,)),
    ("超过期限没送到", (Happening.SUBMISSION_OVERDUE,)),
    ("人工交办", (Happening.SUBMISSION_HANDED_OVER,)),
    ("打出凭条", (Happening.RECEIPT_PRINTED,)),
    ("凭条没打出", (Happening.RECEIPT_FAILED,)),
    ("看过招聘电话", (Happening.CONTACT_SHOWN,)),
    ("工作人员登录", (Happening.STAFF_SIGNED_IN,)),
    ("信息屏改动", (Happening.ITEM_CHANGED, Happening.ITEM_HIDDEN)),
    ("设备变化", (Happening.DEVICE_CHANGED,)),
    ("开机", (Happening.STARTED,)),
)
"""What stands on the slip, in this order; what did not happen is left out."""

duty = StaffDuty("day_slip", title="日结", roles=tuple(StaffRole), when_cut=WhenCut.HERE)


@dataclass(frozen=True)
class Day:
    """One day of this machine as the slip tells it. ``head``: of the journal when the slip is made."""

    day: date
    site: str
    rows: tuple[tuple[str, int], ...]
    waiting: OutboxCounts
    head: Head | None
    entries: int
    clock: ClockConfidence


@duty.get("/")
def show() -> str:
    """The day's counts, and the slip to print."""
    here = machine()
    today = here.clock.local().date()
    told, printer = day_of(here, asked_day(today)), here.printing.trouble()
    return duty.page(
        "day", told=told, words=day_in_words(told.day), before=told.day - timedelta(days=1), today=today,
        after=told.day + timedelta(days=1), trouble=printer, printable=here.printing.printer is not None,
        oldest=today - timedelta(days=DAYS_BACK), queued=request.args.get("queued") == "yes",
    )  # fmt: skip


@duty.post("/slip")
def print_slip() -> Response:
    """Print it; the page says that it was sent to the printer, the device page how the printer is."""
    here = machine()
    told = day_of(here, asked_day(here.clock.local().date()))
    here.printing.print(day_receipt(told, stamp_of(here)), lambda _job: None, lambda: True)
    return duty.to("show", day=told.day.isoformat(), queued="yes")


def asked_day(today: date) -> date:
    """The day of the request, today without one; raises RequestRefused for one that is not told any more."""
    text = request.values.get("day", "") or today.isoformat()
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise RequestRefused(f"{text!r} is no day") from error
    if not today - timedelta(days=DAYS_BACK) <= day <= today:
        raise RequestRefused(f"{day} is not told here")
    return day


def day_of(here: Machine, day: date) -> Day:
    """Count one day from the journal."""
    counts = counted(here.journal.facts_between(*span_of(day, here.clock)))
    return Day(
        day, here.settings.kiosk.site, rows_of(counts), here.county.outbox.counts(), here.journal.head(),
        here.journal.length(), here.county.feed.county_time.confidence,
    )  # fmt: skip


def rows_of(counts: Counted) -> tuple[tuple[str, int], ...]:
    """The rows of the slip with what happened at all."""
    found = [(words, sum(_of(happening, counts) for happening in kinds)) for words, kinds in ROWS]
    return tuple((words, number) for words, number in found if number)


def _of(happening: Happening, counts: Counted) -> int:
    """All counts of one event, whatever its service and detail."""
    same = (f"{happening}_", happening.value)
    apart = happening in (Happening.SUBMITTED, Happening.COUNTY_ANSWERED)
    return sum(
        number for (_, what), number in counts.items() if what == same[1] or (apart and what.startswith(same[0]))
    )


def stamp_of(here: Machine) -> Stamp:
    """This hall, this machine, now."""
    hall, unsure = here.locality.hall, here.county.feed.county_time.confidence is ClockConfidence.UNKNOWN
    return Stamp(hall.name, hall.phone, here.settings.kiosk.name, here.clock.local(), unsure=unsure)


def day_receipt(told: Day, stamp: Stamp) -> Receipt:
    """The slip. The journal's head on it is what a later check is given: run.py journal verify --head."""
    waiting = told.waiting
    lines: list[Line] = [
        Pair("日期", day_in_words(told.day)),
        Pair("站点", told.site),
        Rule(),
        *(Pair(words, str(number)) for words, number in told.rows),
        *(() if told.rows else (Text("这一天没有记录"),)),
        Rule(),
        Pair("等着发往县里", f"{waiting.queued} 件"),
        Pair("超过期限", f"{waiting.overdue} 件"),
        Pair("县里没有受理", f"{waiting.refused} 件"),
    ]
    if told.head is not None:
        lines += [Rule(), Pair("日志条数", str(told.entries)), Text("日志封签"), Text(told.head.written, bold=True)]
    footer = ("请保管好，查日志时要用上面的封签。", "经手人：")
    return slip(f"RJ{told.day:%Y%m%d}", "日结", tuple(lines), stamp, footer)
