"""Figures of kiosks by day: told by the kiosk, replaced when it tells a day again, added up for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from contract.problems import ProblemType
from contract.staff_work import LONGEST_SPAN, Count, DayFigures, SiteFigures
from county.databases import hold
from county.models import figures
from county.refusals import Refused

OLDEST = timedelta(days=60)
"""A kiosk that was cut off for so long tells no older day: that is a mistake of its clock."""


def keep_figures(connection: Connection, kiosk: str, told: DayFigures, today: date) -> None:
    """Put the day's counts in place of what this kiosk told of it before; MALFORMED for a day that cannot be."""
    if not today - OLDEST <= told.day <= today + timedelta(days=1):
        raise Refused(ProblemType.MALFORMED, "day lies too far from the county's")
    if len({(count.service, count.what) for count in told.counts}) != len(told.counts):
        raise Refused(ProblemType.MALFORMED, "counts: the same twice")
    hold(connection, f"figures:{kiosk}")
    connection.execute(delete(figures).where(figures.c.kiosk == kiosk, figures.c.day == told.day))
    rows = [{"kiosk": kiosk, "day": told.day, "site": told.site} | count.model_dump() for count in told.counts]
    if rows:
        connection.execute(insert(figures), rows)


def figures_within(
    connection: Connection, areas: Sequence[str], first_day: date, last_day: date
) -> tuple[SiteFigures, ...]:
    """By day and site, newest day first; MALFORMED for a span that is too long or ends before it begins."""
    if not timedelta() <= last_day - first_day <= LONGEST_SPAN:
        raise Refused(ProblemType.MALFORMED, f"first_day and last_day: at most {LONGEST_SPAN.days} days apart", 400)
    span = figures.c.day.between(first_day, last_day)
    summed = select(figures.c.day, figures.c.site, figures.c.service, figures.c.what, func.sum(figures.c.number))
    found: defaultdict[tuple[date, str], list[Count]] = defaultdict(list)
    grouped = summed.where(span).group_by(figures.c.day, figures.c.site, figures.c.service, figures.c.what)
    for day, site, service, what, number in connection.execute(grouped.order_by(figures.c.service, figures.c.what)):
        if site.startswith(tuple(areas)):
            found[day, site].append(Count(service=service, what=what, number=int(number)))
    many = select(figures.c.day, figures.c.site, func.count(figures.c.kiosk.distinct())).where(span)
    kiosks = {(day, site): n for day, site, n in connection.execute(many.group_by(figures.c.day, figures.c.site))}
    told = sorted(found, key=lambda at: (-at[0].toordinal(), at[1]))
    return tuple(
        SiteFigures(day=day, site=site, kiosks=kiosks[day, site], counts=tuple(found[day, site])) for day, site in told
    )
