"""设备: what works on this machine, since when, and what is on its way to the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.codes import StaffRole
from contract.feed import CountyPulse
from contract.problems import ProblemType
from contract.submissions import SubmissionKind
from devices.device import DeviceError, DeviceHealth
from kiosk import VERSION
from kiosk.device_errors import trouble_of
from kiosk.errors import CountyRefused, CountyUnavailable, KioskError
from kiosk.machine import machine
from kiosk.staff_duty import StaffDuty
from kiosk.uplink.county_time import CLOCK_TOLERANCE
from kiosk.uplink.outbox import OutboxState, Troubled

TITLES = {"card": "读卡器", "fingerprint": "指纹机", "printer": "打印机"}
REASONS = {"": "正常", "starting": "正在启动", "paper low": "快没纸了", "paper unknown": "不知道还有没有纸"}
KINDS = {SubmissionKind.ELIGIBILITY_VERIFICATION: "资格认证", SubmissionKind.APPOINTMENT: "预约"}
PROBLEMS = {
    ProblemType.UNKNOWN_KEY: "县里换过密钥，打不开",
    ProblemType.NOT_FOUND: "县里没有这个地址",
    ProblemType.NOT_THIS_RESIDENT: "和县里的办理记录对不上",
    ProblemType.UNKNOWN_RESIDENT: "县里查不到这个人",
    ProblemType.MALFORMED: "县里看不懂内容",
}
ROUND_LATE = timedelta(minutes=15)

duty = StaffDuty("health", title="设备", roles=tuple(StaffRole))


@dataclass(frozen=True)
class DeviceRow:
    """One device as a clerk reads it: good, wait or stop; ``code`` is what a resident may have been told."""

    title: str
    kind: str
    words: str
    code: str = ""
    hint: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class SubmissionRow:
    """A submission that staff should know of, as a clerk reads it; ``number`` stands on the resident's slip."""

    number: str
    kind: str
    made_at: datetime
    refused: bool
    reason: str


@duty.get("/")
def show() -> str:
    """The present state of everything."""
    return page(chain="")


@duty.get("/checked")
def check() -> str:
    """The same with the journal's chain gone through from its first entry."""
    broken = machine().journal.first_break()
    return page(chain="whole" if broken is None else str(broken))


def page(chain: str) -> str:
    """The page; ``chain``: "" not looked at, "whole", or the number of the first broken entry."""
    here = machine()
    return duty.page(
        "state",
        devices=[row_of(kind, health) for kind, health in here.devices.health().items()],
        reachable=here.county.client.reachable,
        as_of=local(here.county.feed.as_of),
        last_round=local(here.county.last_round),
        round_late=is_late(here.county.last_round, here.clock.now(), here.settings.county.poll_seconds),
        counts=here.county.outbox.counts(),
        troubled=[submission_row(row) for row in here.county.outbox.troubled()],
        unproven_pin=here.locality.assurance.unproven_pin,
        clock=clock_words(here.clock.now(), county_time(), here.county.feed.see_time()),
        store=here.store.check(),
        version=VERSION,
        entries=here.journal.length(),
        chain=chain,
        mode=here.settings.kiosk.mode,
        name=here.settings.kiosk.name,
    )


def submission_row(row: Troubled) -> SubmissionRow:
    """A refused or stuck submission in words."""
    refused = row.state is OutboxState.REFUSED
    unnamed = "县里没有受理" if refused else "一直没有送到"
    reason = PROBLEMS.get(ProblemType(row.problem), unnamed) if row.problem else unnamed
    return SubmissionRow(row.number, KINDS[row.kind], machine().clock.to_local(row.made_at), refused, reason)


def is_late(last_round: datetime | None, now: datetime, poll_seconds: float) -> bool:
    """True where the uplink ended no round for much longer than it pauses: then it hangs."""
    return last_round is not None and now - last_round > ROUND_LATE + timedelta(seconds=poll_seconds)


def local(instant: datetime | None) -> datetime | None:
    """An instant in the hall's time."""
    return machine().clock.to_local(instant) if instant else None


def row_of(kind: str, health: DeviceHealth | None) -> DeviceRow:
    """A device in words."""
    title = TITLES[kind]
    if health is None:
        return DeviceRow(title, "wait", "本厅没有装")
    since = local(health.since)
    if health.ready:
        return DeviceRow(
            title, "wait" if health.reason else "good", REASONS.get(health.reason, health.reason), since=since
        )
    trouble = named(health.reason, kind)
    if trouble is None:
        return DeviceRow(title, "wait", REASONS.get(health.reason, health.reason), since=since)
    return DeviceRow(title, "stop", trouble.words, trouble.code, trouble.hint, since)


def named(reason: str, kind: str) -> type[KioskError] | None:
    """What a device's error, known by its name, means; None for a reason that is no error."""
    return next((trouble_of(error, kind) for error in family(DeviceError) if error.__name__ == reason), None)


def family(error: type[DeviceError]) -> list[type[DeviceError]]:
    """An error and all its kinds."""
    return [error, *(one for kind in error.__subclasses__() for one in family(kind))]


def county_time() -> datetime | None:
    """What time it is at the county; None while it is cut off."""
    try:
        pulse = machine().county.client.get("/health", CountyPulse).message
    except (CountyUnavailable, CountyRefused):
        return None
    return pulse.now if pulse else None


def clock_words(now: datetime, at_county: datetime | None, highest: datetime) -> tuple[str, str]:
    """Whether this machine's clock can be trusted, as good, wait or stop, and in words.

    ``highest``: the highest time ever seen, the only measure left while the county is cut off.
    """
    if at_county is not None and abs(now - at_county) > CLOCK_TOLERANCE:
        return "stop", f"和县里差 {minutes(abs(now - at_county))} 分钟，请校时"
    if highest - now > CLOCK_TOLERANCE:
        return "stop", f"比见过的时间慢 {minutes(highest - now)} 分钟，请校时"
    return ("good", "和县里一致") if at_county else ("wait", "县里暂时连不上，没法对时")


def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return int(span.total_seconds() // 60)
