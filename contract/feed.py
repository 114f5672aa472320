"""The feed: everything public that a kiosk shows, by cursor, so that it can go on showing it when cut off."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from contract.codes import Schooling, Trade, WagePeriod
from contract.message import Instant, Message, Region, WallTime, Yuan


class Employer(Message):
    """招聘单位."""

    name: str
    unified_social_credit_code: str | None = None
    checked_on: date


class Wage(Message):
    """Pay of a posting. NEGOTIABLE has no amounts; amounts of different periods are not comparable."""

    period: WagePeriod
    minimum: Yuan | None = None
    maximum: Yuan | None = None
    note: str = ""

    def reaches(self, amount: Decimal) -> bool:
        """True where at least ``amount`` can be earned; a negotiable wage reaches nothing."""
        best = self.maximum if self.maximum is not None else self.minimum
        return best is not None and best >= amount


class JobPosting(Message):
    """岗位信息 (reference/domain.md §6.1). No expiry, no posting: ``expires_on`` is the last day it is shown."""

    posting_no: str
    title: str
    trade: Trade
    employer: Employer
    headcount: int = Field(ge=1)
    wage: Wage
    schooling: Schooling
    region: Region
    work_place: str
    description: str = ""
    benefits: tuple[str, ...] = ()
    public_welfare: bool = False
    contact_name: str
    contact_phone: str
    origin: str
    verified_on: date
    published_at: Instant
    expires_on: date


class Course(Message):
    """A training course that can be joined."""

    course_no: str
    title: str
    school: str
    region: Region
    starts_on: date
    days: int
    seats: int
    subsidy: str = ""


class Policy(Message):
    """A policy in plain words with its source."""

    policy_no: str
    title: str
    issuer: str
    document_number: str = ""
    issued_on: date
    summary: str
    body: str


class Hours(Message):
    """When an item may be seen: from ``first_day`` to ``last_day``, on ``weekdays`` (1 Monday … 7), between hours."""

    first_day: date
    last_day: date
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    opens: WallTime = time(0, 0)
    closes: WallTime = time(23, 59, 59)

    def include(self, local: datetime) -> bool:
        """True where ``local`` (the hall's wall time) falls inside."""
        return (
            self.first_day <= local.date() <= self.last_day
            and local.isoweekday() in self.weekdays
            and self.opens <= local.time() <= self.closes
        )


class DisplayItem(Message):
    """One notice on the information screen: text, or a picture by the sha256 of its file.

    ``with_names``: it names people who are not in office (a public notice of a subsidy); its lease is shorter.
    """

    item_no: str
    title: str
    body: str = ""
    picture: str | None = None
    hours: Hours
    order: int = 100
    seconds: int = Field(default=12, ge=5, le=120)
    issuer: str
    with_names: bool = False


class CodeWord(Message):
    """A code and the words a resident reads for it."""

    code: str = Field(min_length=1, max_length=40)
    words: str = Field(min_length=1, max_length=40)


class CodeList(Message):
    """One of the code lists (contract/codes) in the county's words. ``local``: the county changed it.

    Only words change: a code that a kiosk's program does not know stays unknown to it.
    """

    name: str = Field(pattern=r"^[a-z_]{1,40}$")
    version: str = Field(min_length=1, max_length=40)
    local: bool = False
    codes: tuple[CodeWord, ...] = Field(max_length=500)


class LocalityPack(Message):
    """Names, texts, telephone numbers and rules of a place, laid over what its machines came with.

    ``values`` has the sections of ``locality.toml``; what is not named stays. A machine that finds a mistake in it
    takes none of it, says why, and keeps the last good one. It has no lease: a machine that is cut off keeps it.
    """

    area: Region
    version: str = Field(min_length=1, max_length=40)
    values: dict[str, object]


class FeedKind(StrEnum):
    """What kinds of content the feed carries."""

    POSTING = "posting"
    COURSE = "course"
    POLICY = "policy"
    DISPLAY_ITEM = "display_item"
    CODE_LIST = "code_list"
    LOCALITY_PACK = "locality_pack"


FeedBody = JobPosting | Course | Policy | DisplayItem | CodeList | LocalityPack

BODY_OF_KIND: dict[FeedKind, type[FeedBody]] = {
    FeedKind.POSTING: JobPosting,
    FeedKind.COURSE: Course,
    FeedKind.POLICY: Policy,
    FeedKind.DISPLAY_ITEM: DisplayItem,
    FeedKind.CODE_LIST: CodeList,
    FeedKind.LOCALITY_PACK: LocalityPack,
}


class FeedItem(Message):
    """One change: the new body, or its removal. ``lease_hours``: how long it may be shown without a new poll.

    A kiosk passes over items of a kind that it does not know: a newer county may have more kinds.
    """

    kind: FeedKind | Annotated[str, StringConstraints(max_length=20)] = Field(union_mode="left_to_right")
    key: str
    revision: int
    removed: bool = False
    lease_hours: int = 72
    body: dict[str, object] | None = None

    def content(self) -> FeedBody:
        """The body as its message; pydantic.ValidationError where it is not one, ValueError for an unknown kind."""
        return BODY_OF_KIND[FeedKind(self.kind)].model_validate(self.body)

    @property
    def known(self) -> bool:
        """True where this side knows the kind."""
        return isinstance(self.kind, FeedKind)


class FeedPage(Message):
    """A page of changes after a cursor. ``more`` False means: you now hold everything as of ``as_of``.

    ``restart`` True: a full copy begins here, what was held before belongs to another area or another database.
    """

    cursor: str
    more: bool
    as_of: Instant
    items: tuple[FeedItem, ...]
    restart: bool = False


class PostingPage(Message):
    """Answer of ``GET /v1/postings``: open posts, newest first. ``cursor`` names the next page; empty on the last."""

    items: tuple[JobPosting, ...]
    cursor: str = ""
    more: bool = False
    as_of: Instant


class CountyPulse(Message):
    """Answer of ``GET /health`` of a hub."""

    version: str
    contract_version: str
    now: Instant
    sample_rates: bool
