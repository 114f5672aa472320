"""The feed as a table: one row an item, its newest change under an ever rising revision."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.elements import ColumnElement

from contract.feed import (
    CodeList,
    Course,
    DisplayItem,
    FeedBody,
    FeedItem,
    FeedKind,
    FeedPage,
    JobPosting,
    LocalityPack,
    Policy,
)
from contract.problems import ProblemType
from county.databases import hold
from county.models import feed
from county.refusals import Refused
from county.search import board
from county.store import Store

PREFIXES = (6, 9, 12)
REVISION_DIGITS = 18
TURN_SECONDS = 1.0
"""So long whoever asks for the feed waits until it can follow the calendar."""
STANDING = (
    "SELECT (SELECT max(revision) FROM feed), EXISTS (SELECT 1 FROM feed WHERE removed = false AND last_day < ?),"
    " EXISTS (SELECT 1 FROM feed WHERE removed = true AND last_day >= ?)"
)


@dataclass(frozen=True)
class Leases:
    """How many hours a kiosk may show what it holds without hearing from the county; shorter for what names people."""

    hours: int = 72
    names_hours: int = 24

    def of(self, content: FeedBody) -> int:
        """The lease of one item."""
        named = isinstance(content, DisplayItem) and content.with_names
        return min(self.names_hours, self.hours) if named else self.hours


USUAL_LEASES = Leases()


@dataclass(frozen=True)
class Position:
    """Where a kiosk stands: the last revision it holds, for which area, of which database."""

    revision: int
    area: str
    epoch: str

    def cursor(self) -> str:
        """As it travels: opaque to the kiosk."""
        return base64.urlsafe_b64encode(f"{self.epoch}.{self.revision}.{self.area}".encode()).decode().rstrip("=")


def position_of(cursor: str, area: str, epoch: str, newest: int) -> Position:
    """Where ``cursor`` stands; the beginning for none, for one of another area or database, or of a lost future.

    A future is lost where the database was brought back from a backup: it is behind what the kiosk has seen.
    """
    if not cursor:
        return Position(0, area, epoch)
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        its_epoch, revision, its_area = base64.b64decode(padded, b"-_", validate=True).decode().split(".")
        found = Position(int(revision[:REVISION_DIGITS]), its_area, its_epoch)
    except (binascii.Error, ValueError):
        raise Refused(ProblemType.MALFORMED, "cursor is none of this hub's", 400) from None
    known = (its_epoch, its_area) == (epoch, area) and found.revision <= newest
    return found if known else Position(0, area, epoch)


def publish(
    connection: Connection, kind: FeedKind, key: str, content: FeedBody, area: str | None = None, *,
    leases: Leases = USUAL_LEASES,
) -> None:  # fmt: skip
    """Put ``content`` into the feed under a new revision, in place of what stood there."""
    body, last_day = content.model_dump_json(), last_day_of(content)
    _put(connection, _Change(kind.value, key, area, leases.of(content), last_day, body, removed=False))


def withdraw(connection: Connection, kind: FeedKind, key: str) -> None:
    """Tell every kiosk that holds the item to drop it; nothing where it was never in the feed."""
    row = connection.execute(select(feed).where(feed.c.kind == kind.value, feed.c.key == key)).one_or_none()
    if row is not None:
        _put(connection, _Change(row.kind, row.key, row.area, row.lease_hours, None, None, removed=True))


def last_day_of(content: FeedBody) -> date | None:
    """The last day on which it may be shown; None where it has none."""
    match content:
        case JobPosting():
            return content.expires_on
        case DisplayItem():
            return content.hours.last_day
        case Course() | Policy() | CodeList() | LocalityPack():
            return None


def follow_calendar(connection: Connection, today: date) -> int:
    """Remove what ran out before ``today`` (and bring it back where the clock was moved back); how many changed.

    An expired row keeps its body, a withdrawn one does not.
    """
    changed = 0
    for removed, due in ((True, feed.c.last_day < today), (False, feed.c.last_day >= today)):
        rows = connection.execute(select(feed).where(feed.c.removed.is_(not removed), due)).all()
        for row in rows:
            change = _Change(row.kind, row.key, row.area, row.lease_hours, row.last_day, row.body, removed=removed)
            _put(connection, change)
        changed += len(rows)
    return changed


def needs_calendar(connection: Connection, today: date) -> bool:
    """True where ``follow_calendar`` would change anything."""
    expired = select(feed.c.revision).where(feed.c.removed.is_(False), feed.c.last_day < today).limit(1)
    revived = select(feed.c.revision).where(feed.c.removed.is_(True), feed.c.last_day >= today).limit(1)
    return any(connection.scalar(found) is not None for found in (expired, revived))


@dataclass(frozen=True)
class Standing:
    """How the feed stands: its newest revision (0: empty), and whether the calendar has something to do."""

    newest: int
    due: bool


def standing(store: Store, today: date) -> Standing:
    """At a glance: this is what nearly every poll of a kiosk needs, and all it needs."""
    newest, expired, revived = store.glances.row(STANDING, (today.isoformat(), today.isoformat()))
    return Standing(newest or 0, bool(expired or revived))


def keep_current(store: Store, today: date) -> int:
    """See to it that the feed follows the calendar; its newest revision.

    Where somebody else writes for long (an import), the feed is told as it stands: whoever asks next tries again, and
    so does the hub by itself (county/chores). A kiosk drops by itself what ran out.
    """
    found = standing(store, today)
    if not found.due:
        return found.newest
    try:
        with store.writing_soon(TURN_SECONDS, "feed") as connection:
            follow_calendar(connection, today)
            return head(connection)
    except OperationalError:
        return found.newest


def head(connection: Connection) -> int:
    """The newest revision; 0 for an empty feed."""
    return connection.scalar(select(func.max(feed.c.revision))) or 0


def page(connection: Connection, start: Position, limit: int, now: datetime) -> FeedPage:
    """Up to ``limit`` changes after ``start``; the last page's cursor stands at the head of the whole feed."""
    newest = head(connection)
    wanted = select(feed).where(feed.c.revision > start.revision, _concerns(start.area))
    rows = connection.execute(wanted.order_by(feed.c.revision).limit(limit + 1)).all()
    shown, more = rows[:limit], len(rows) > limit
    reached = shown[-1].revision if more else max(newest, start.revision)
    items = tuple(
        FeedItem(
            kind=FeedKind(row.kind),
            key=row.key,
            revision=row.revision,
            removed=row.removed,
            lease_hours=row.lease_hours,
            body=None if row.removed else json.loads(row.body),
        )
        for row in shown
    )
    cursor = Position(reached, start.area, start.epoch).cursor()
    return FeedPage(cursor=cursor, more=more, as_of=now, items=items, restart=start.revision == 0)


def _concerns(area: str) -> ColumnElement[bool]:
    """Items of the whole county, and those whose area is ``area`` or lies around it; all of them for no area."""
    if not area:
        return feed.c.revision.is_not(None)
    return feed.c.area.is_(None) | feed.c.area.in_([area[:length] for length in PREFIXES if length <= len(area)])


@dataclass(frozen=True)
class _Change:
    """One row of the feed but for its revision."""

    kind: str
    key: str
    area: str | None
    lease_hours: int
    last_day: date | None
    body: str | None
    removed: bool


def _put(connection: Connection, change: _Change) -> None:
    hold(connection, "feed")  # revisions become visible in their order: nobody's cursor passes one that comes later
    connection.execute(delete(feed).where(feed.c.kind == change.kind, feed.c.key == change.key))
    connection.execute(insert(feed).values(asdict(change)))
    if change.kind == FeedKind.POSTING.value:
        _put_to_search(connection, change)


def _put_to_search(connection: Connection, change: _Change) -> None:
    if change.removed or change.body is None:
        board.drop(connection, change.key)
    else:
        board.keep(connection, change.key, JobPosting.model_validate_json(change.body))
