"""统计: how the kiosks of the clerk's areas did in a span of days: shares with both their numbers, and each site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from flask import request

from contract.codes import StaffRole
from contract.staff_work import SiteFigures, StaffFigures
from kiosk.errors import RequestRefused
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.staff.staff_county import ask
from kiosk.staff_duty import StaffDuty
from kiosk.when_cut import WhenCut

duty = StaffDuty("figures", title="统计", roles=(StaffRole.CLERK, StaffRole.ADMINISTRATOR), when_cut=WhenCut.REFUSE)

SPANS = {7: "最近7天", 30: "最近30天", 365: "最近一年"}
Events = tuple[str, ...]


class Share(NamedTuple):
    """An indicator: of all ``of``, so many were ``done``. Events as kiosks tell them, "service/event" for one's own."""

    words: str
    how: str
    done: Events
    of: Events


SHARES: tuple[Share, ...] = (
    Share("卡被接受", "插卡成功 ÷ 插卡", (Happening.SESSION_BEGAN,), (Happening.SESSION_BEGAN, Happening.CARD_REFUSED)),
    Share("密码输对", "对的次数 ÷ 输入次数", (Happening.PIN_ACCEPTED,),
          (Happening.PIN_ACCEPTED, Happening.PIN_REFUSED)),
    Share("指纹对上", "对上次数 ÷ 按指纹次数", (Happening.FINGER_MATCHED,),
          (Happening.FINGER_MATCHED, Happening.FINGER_FAILED)),
    Share("见证通过", "确认次数 ÷ 请人见证次数", (Happening.WITNESS_CONFIRMED,),
          (Happening.WITNESS_CONFIRMED, Happening.WITNESS_REFUSED)),
    Share("资格认证办成", "交上去的认证 ÷ 打开认证的次数", (f"{Happening.SUBMITTED}_eligibility_verification",),
          (f"pension_verification/{Happening.SERVICE_OPENED}",)),
    Share("县里受理", "受理 ÷ 县里答复", (f"{Happening.COUNTY_ANSWERED}_answered",),
          (f"{Happening.COUNTY_ANSWERED}_answered", f"{Happening.COUNTY_ANSWERED}_refused")),
    Share("凭条打出", "打出 ÷ 要打的", (Happening.RECEIPT_PRINTED,),
          (Happening.RECEIPT_PRINTED, Happening.RECEIPT_FAILED)),
)  # fmt: skip
"""Those of the formulas of reference/domain.md §9.2 that what kiosks tell is enough for."""


@dataclass(frozen=True)
class Row:
    """One indicator in a span: ``done`` of ``of``."""

    words: str
    how: str
    done: int
    of: int

    @property
    def percent(self) -> str:
        """Of a hundred, with one place; a dash where nothing was counted. More done than begun is shown as it is."""
        return f"{100 * self.done / self.of:.1f}%" if self.of else "—"


@dataclass(frozen=True)
class Site:
    """What one site told: the days it told of, the most kiosks of a day, and what residents did there."""

    site: str
    days: int
    kiosks: int
    sessions: int
    opened: int
    submitted: int


@duty.get("/")
def show() -> str:
    """The figures of the last days, today included; raises RequestRefused for a span that is not offered."""
    days, here = asked_days(), machine()
    last = here.clock.local().date()
    first = last - timedelta(days=days - 1)
    told = ask("/v1/staff/figures", StaffFigures, first_day=first.isoformat(), last_day=last.isoformat()).figures
    return duty.page(
        "figures", rows=rows_of(told), sites=sites_of(told), town=here.locality.town_name, spans=SPANS, days=days,
        first=first, last=last,
    )  # fmt: skip


def asked_days() -> int:
    """How many days the clerk wants to see; 30 where none are named."""
    text = request.args.get("days", "30")
    found = next((days for days in SPANS if str(days) == text), 0)
    if not found:
        raise RequestRefused(f"{text!r} is no span of days")
    return found


def counts_of(told: Iterable[SiteFigures]) -> Counter[str]:
    """How often each event was told, over all services, and as "service/event" for each."""
    counts: Counter[str] = Counter()
    for figures in told:
        for count in figures.counts:
            counts[count.what] += count.number
            counts[f"{count.service}/{count.what}"] += count.number
    return counts


def rows_of(told: Iterable[SiteFigures]) -> tuple[Row, ...]:
    """Every indicator, with its numerator and denominator."""
    counts = counts_of(told)
    return tuple(
        Row(
            share.words, share.how, sum(counts[event] for event in share.done), sum(counts[event] for event in share.of)
        )
        for share in SHARES
    )


def sites_of(told: tuple[SiteFigures, ...]) -> tuple[Site, ...]:
    """Each site, by its code."""
    by_site = {site: [figures for figures in told if figures.site == site] for site in sorted({it.site for it in told})}
    return tuple(_site(site, figures) for site, figures in by_site.items())


def _site(site: str, told: list[SiteFigures]) -> Site:
    counts = counts_of(told)
    submitted = sum(number for event, number in counts.items() if event.startswith(Happening.SUBMITTED))
    return Site(
        site, len(told), max(figures.kiosks for figures in told), counts[Happening.SESSION_BEGAN],
        counts[Happening.SERVICE_OPENED], submitted,
    )  # fmt: skip
