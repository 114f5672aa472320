"""设备: what works on this machine, since when, and what is on its way to the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template

from contract.codes import StaffRole
from contract.feed import CountyPulse
from contract.problems import ProblemType
from contract.submissions import ClockConfidence
from kiosk import VERSION
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.machine import Machine, machine
from kiosk.staff.device_rows import rows, sheets
from kiosk.staff.language_rows import language_rows, languages_mood, unsaid_here
from kiosk.staff.readiness import readiness_of, settings_summary, surroundings_of, versions
from kiosk.staff.submission_words import KINDS, reason_of
from kiosk.staff_duty import StaffDuty
from kiosk.uplink.county_time import CLOCK_TOLERANCE
from kiosk.uplink.line import expires_soon
from kiosk.uplink.outbox.rows import OutboxState, Waiting
from kiosk.when_cut import WhenCut

ROUND_LATE = timedelta(minutes=15)

CONFIDENCE = {
    ClockConfidence.SURE: "时间可信",
    ClockConfidence.DRIFTING: "时间和县里对不上",
    ClockConfidence.UNKNOWN: "时间待核，开机以后还没有和县里对过",
}

duty = StaffDuty("health", title="设备", roles=tuple(StaffRole), when_cut=WhenCut.HERE)


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


@duty.get("/report")
def report() -> str:
    """The printable report: ready, or why not."""
    here = machine()
    clock = clock_words(here.clock.now(), county_time(), here.county.feed.see_time())
    found, around = sheets(here), surroundings_of(here, clock[0])
    return render_template(
        "staff/health_report.html", readiness=readiness_of(found, around), sheets=found, around=around, clock=clock,
        free_gigabytes=f"{around.free_bytes / 1e9:.1f}", versions=versions(), settings=settings_summary(here.settings),
        as_of=local(here.county.feed.as_of), counts=here.county.outbox.counts(), entries=here.journal.length(),
        standing=standing_words(here),
    )  # fmt: skip


@duty.get("/languages")
def languages() -> str:
    """What the packs of languages and of the place do not say."""
    here = machine()
    return duty.page("languages", rows=language_rows(here), unsaid=unsaid_here(here))


def page(chain: str) -> str:
    """The page; ``chain``: "" not looked at, "whole", or the number of the first broken entry."""
    here = machine()
    spoken, unsaid = language_rows(here), unsaid_here(here)
    return duty.page(
        "state",
        spoken=spoken,
        spoken_mood=languages_mood(spoken, unsaid),
        unsaid=unsaid,
        devices=rows(here),
        reachable=here.county.client.reachable,
        distrusted=here.county.client.distrusted,
        certificate_ends=soon_over(here),
        as_of=local(here.county.feed.as_of),
        last_round=local(here.county.rounds.last_round),
        round_late=is_late(here.county.rounds.last_round, here.clock.now(), here.settings.county.poll_seconds),
        counts=here.county.outbox.counts(),
        troubled=[submission_row(row) for row in here.county.outbox.clerks.troubled()],
        unproven_pin=here.locality.assurance.unproven_pin,
        standing=standing_words(here),
        clock=clock_words(here.clock.now(), county_time(), here.county.feed.see_time()),
        store=here.store.check(),
        version=VERSION,
        entries=here.journal.length(),
        chain=chain,
        county_mark=here.county.feed.keys.mark,
        forged=bool(here.county.feed.keys.refused),
        place=here.place,
        lists=here.county.code_words.versions(),
        contradicted=here.county.heads.contradicted,
        confidence=CONFIDENCE[here.county.feed.county_time.confidence],
        mode=here.settings.kiosk.mode,
        name=here.settings.kiosk.name,
        recording=bool(here.settings.devices.trace),
        voice=voice_words(here.voice.health(), silent_languages(here)),
    )


def voice_words(told: dict[str, Any], silent: list[str]) -> tuple[str, str]:
    """Whether the machine can speak, as good, wait or stop, and in words; ``silent``: languages it has no voice for."""
    broken = sum(len(keys) for keys in told["broken"].values())
    if told["engine"] == "none":
        return "wait", "没有装语音库，没有录的话不出声"
    if told["engine"] != "ready":
        return "stop", "语音库坏了，没有录的话不出声"
    if broken or told["refused"]:
        return "stop", f"有 {broken} 段录音、{len(told['refused'])} 个声音用不了，见录提示音"
    return ("wait", f"会说话，但没有这些语言的声音：{'、'.join(silent)}") if silent else ("good", "会说话，不用网络")


def silent_languages(here: Machine) -> list[str]:
    """Languages of the screen that this machine has neither a voice nor clips for."""
    voice = here.voice
    return [
        one.name
        for one in here.languages.offered
        if not voice.engine.speaks(one.tag.partition("-")[0]) and not any(p.clips() for p in voice.packs_for(one.tag))
    ]


def soon_over(here: Machine) -> datetime | None:
    """When the county's certificate ends, where that is so soon that somebody has to renew it."""
    ends = here.county.client.certificate_ends
    return local(ends) if expires_soon(ends, here.clock.now()) else None


def submission_row(row: Waiting) -> SubmissionRow:
    """A refused or stuck submission in words."""
    refused = row.state is OutboxState.REFUSED
    reason = reason_of(ProblemType(row.problem) if row.problem else None, refused=refused)
    return SubmissionRow(row.number, KINDS[row.kind], machine().clock.to_local(row.made_at), refused, reason)


def standing_words(here: Machine) -> str:
    """Whether the county knows this machine, and the fingerprint an officer compares before approving it."""
    return f"{here.county.standing_words}，核对码 {here.county.key_mark}"


def is_late(last_round: datetime | None, now: datetime, poll_seconds: float) -> bool:
    """True where the uplink ended no round for much longer than it pauses: then it hangs."""
    return last_round is not None and now - last_round > ROUND_LATE + timedelta(seconds=poll_seconds)


def local(instant: datetime | None) -> datetime | None:
    """An instant in the hall's time."""
    return machine().clock.to_local(instant) if instant else None


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
