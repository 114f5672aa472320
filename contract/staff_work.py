"""What kiosks and residents leave for staff: cases that wait for a person, and the figures of each day."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field

from contract.codes import CaseState
from contract.message import Instant, Message, Region

LONGEST_SPAN = timedelta(days=400)
MOST_COUNTS = 500


class StaffCase(Message):
    """A case as a clerk of its area sees it. ``last_four``: of the resident's ID number.

    ``purpose`` and ``wanted`` are the words of the request; ``remark`` is the last clerk's.
    """

    case_no: str
    state: CaseState
    purpose: str
    wanted: str
    resident_name: str
    last_four: str
    site: Region
    opened_at: Instant
    changed_at: Instant | None = None
    changed_by: str = ""
    remark: str = ""


class StaffCases(Message):
    """The cases of the asking clerk's areas, newest first; ``more`` True where there are older ones not told.

    ``cursor`` asks for those; "" where there are none, or where the county tells its newest only.
    """

    cases: tuple[StaffCase, ...]
    more: bool = False
    cursor: str = Field(default="", max_length=19, pattern=r"^[0-9]*$")


class CaseChange(Message):
    """A new state for a case, on top of the state that was seen: another one by now is refused."""

    seen: CaseState
    state: CaseState
    remark: str = Field(default="", max_length=200)


class Count(Message):
    """How often something happened in a service; ``service`` "" for what belongs to none."""

    service: str = Field(default="", max_length=40, pattern=r"^[a-z0-9_]*$")
    what: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")
    number: int = Field(ge=0, le=1_000_000)


class DayFigures(Message):
    """What happened at a kiosk on one day of the county: all of it, in place of what was told of that day before."""

    day: date
    site: Region
    counts: tuple[Count, ...] = Field(max_length=MOST_COUNTS)


class SiteFigures(Message):
    """The figures of one site and day, all its kiosks together."""

    day: date
    site: Region
    kiosks: int
    counts: tuple[Count, ...]


class StaffFigures(Message):
    """Figures of the asking member's areas, by day and site."""

    figures: tuple[SiteFigures, ...]
