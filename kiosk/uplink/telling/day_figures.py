"""What happened here on one day, counted from the journal: for the day's slip and the county. No person in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel

from contract.staff_work import MOST_COUNTS, Count, DayFigures
from kiosk.clock import Clock
from kiosk.journal import Happening, Journal
from kiosk.store import Store
from kiosk.uplink.client import CountyClient

TELL_SECONDS = 3600.0
LONGEST_AGO = timedelta(days=31)
TOLD = "figures.told"
PLAIN = re.compile(r"[a-z0-9_]{1,40}")
DETAIL = {Happening.SUBMITTED: "kind", Happening.COUNTY_ANSWERED: "state"}
"""Which fact of an entry is counted apart."""

Facts = Mapping[str, object]
Counted = Counter[tuple[str, str]]


class NoAnswer(BaseModel):
    """Figures are answered without content."""


def counted(facts: Iterable[Facts]) -> Counted:
    """How often what happened, by service ("" for none) and event; whatever else an entry says is left out."""
    return Counter(_kind_of(entry) for entry in facts)


def _kind_of(entry: Facts) -> tuple[str, str]:
    what = str(entry["what"])
    detail = str(entry.get(DETAIL.get(Happening(what), ""), ""))
    service = str(entry.get("service", ""))
    return _plain(service), f"{what}_{detail}"[:40] if _plain(detail) else what


def _plain(word: str) -> str:
    return word if PLAIN.fullmatch(word) else ""


def figures_of(counts: Counted, day: date, site: str) -> DayFigures:
    """The same as it travels, the most frequent first where there were too many kinds."""
    rows = [Count(service=service, what=what, number=number) for (service, what), number in counts.most_common()]
    return DayFigures(day=day, site=site, counts=tuple(rows[:MOST_COUNTS]))


def span_of(day: date, clock: Clock) -> tuple[datetime, datetime]:
    """When a day of the hall begins and ends."""
    zone = clock.local().tzinfo
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


class FiguresTelling:
    """Tells the county each day's figures: today's every hour, anew each time; the days of a cut when it is over."""

    def __init__(self, store: Store, client: CountyClient, journal: Journal, clock: Clock, site: str) -> None:
        self._store = store
        self._client = client
        self._journal = journal
        self._clock = clock
        self._site = site
        self._told_at = float("-inf")

    def tell_when_due(self) -> None:
        """Tell them where an hour has passed since; raises CountyUnavailable, CountyRefused."""
        if self._clock.monotonic() - self._told_at >= TELL_SECONDS:
            self._told_at = self._clock.monotonic()
            self.tell()

    def tell(self) -> None:
        """Tell every day since the one told last, that one included; raises as above, with what was told kept."""
        today = self._clock.local().date()
        told = self._store.recall(TOLD)
        day = max(date.fromisoformat(told) if told else today, today - LONGEST_AGO)
        while day <= today:
            counts = counted(self._journal.facts_between(*span_of(day, self._clock)))
            self._client.send("POST", "/v1/figures", figures_of(counts, day, self._site), NoAnswer)
            self._store.remember(TOLD, day.isoformat())
            day += timedelta(days=1)
