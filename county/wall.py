"""Items for the information screen: written by one person, approved by another, published as exactly what was seen."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from contract.codes import ItemState
from contract.feed import DisplayItem, FeedKind
from contract.problems import ProblemType
from contract.staff import ItemDraft, WallItem
from county.databases import hold
from county.models import wall_items
from county.publishing import Leases, publish, withdraw
from county.refusals import Refused
from county.staff_sessions import SignedIn

WEEKDAYS = range(1, 8)


def content_hash(item_no: str, draft: ItemDraft) -> str:
    """The name of exactly this content (64 hex digits): everything an editor wrote."""
    content = draft.model_dump(mode="json", exclude={"version"})
    canonical = json.dumps([item_no, content], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def check_draft(draft: ItemDraft) -> None:
    """Refuse hours in which the item could never be seen."""
    hours = draft.hours
    if hours.last_day < hours.first_day or hours.closes <= hours.opens:
        raise Refused(ProblemType.MALFORMED, "hours: the end lies before the beginning")
    if not hours.weekdays or not set(hours.weekdays) <= set(WEEKDAYS):
        raise Refused(ProblemType.MALFORMED, "hours.weekdays: 1 Monday to 7 Sunday, at least one")


def items_within(connection: Connection, areas: Iterable[str]) -> tuple[WallItem, ...]:
    """Every item whose area lies in one of ``areas``, by its order on the wall, then its number."""
    covered = tuple(areas)
    rows = connection.execute(select(wall_items).order_by(wall_items.c.item_no)).all()
    items = [_as_item(row) for row in rows if row.area.startswith(covered)]
    return tuple(sorted(items, key=lambda item: (item.draft.order, item.item_no)))


def write_new(connection: Connection, draft: ItemDraft, editor: SignedIn, now: datetime) -> WallItem:
    """A new item, as a draft of version 1."""
    editor.must_cover(draft.area)
    item_no = f"W-{now:%Y%m%d}-{secrets.token_hex(4)}"
    row = _columns(draft, editor, (editor.account,), now) | {"item_no": item_no, "version": 1}
    connection.execute(insert(wall_items).values(row))
    return _as_item(_row(connection, item_no))


def write_again(connection: Connection, item_no: str, draft: ItemDraft, editor: SignedIn, now: datetime) -> WallItem:
    """The next version; EDIT_CONFLICT where somebody else was faster. What hangs on the wall stays there."""
    row = _held(connection, item_no)
    editor.must_cover(row.area, draft.area)
    if draft.version != row.version:
        raise Refused(ProblemType.EDIT_CONFLICT, f"the item is at version {row.version}")
    settled = row.version == row.published_version
    editors = () if settled else tuple(account for account in row.editors if account != editor.account)
    columns = _columns(draft, editor, (*editors, editor.account), now)
    _change(connection, item_no, columns | {"version": row.version + 1, "approver": None})
    return _as_item(_row(connection, item_no))


def hand_in(connection: Connection, item_no: str, editor: SignedIn, now: datetime) -> WallItem:
    """A draft goes to whoever approves."""
    row = _held(connection, item_no)
    editor.must_cover(row.area)
    if row.state != ItemState.DRAFT:
        raise Refused(ProblemType.EDIT_CONFLICT, f"the item is {row.state}")
    _change(connection, item_no, {"state": ItemState.SUBMITTED.value, "changed_at": now})
    return _as_item(_row(connection, item_no))


def approve(
    connection: Connection,
    item_no: str,
    seen: str,
    approver: SignedIn,
    now: datetime,
    *,
    issuer: str,
    leases: Leases,
) -> WallItem:
    """Publish what was ``seen``: never to who wrote on this version, never content that has changed since."""
    row = _held(connection, item_no)
    approver.must_cover(row.area)
    if approver.account in row.editors:
        raise Refused(ProblemType.OWN_WORK)
    item = _as_item(row)
    if seen != item.content_hash:
        raise Refused(ProblemType.CONTENT_CHANGED)
    if item.state is not ItemState.SUBMITTED:
        raise Refused(ProblemType.EDIT_CONFLICT, f"the item is {row.state}")
    shown = on_wall(item_no, item.draft, issuer)
    publish(connection, FeedKind.DISPLAY_ITEM, item_no, shown, item.draft.area, leases=leases)
    approved = {"state": ItemState.PUBLISHED.value, "approver": approver.account, "published_version": row.version}
    _change(connection, item_no, approved | {"changed_at": now})
    return _as_item(_row(connection, item_no))


def take_down(connection: Connection, item_no: str, member: SignedIn, now: datetime) -> WallItem:
    """Off the wall at once, whatever its state."""
    row = _held(connection, item_no)
    member.must_cover(row.area)
    withdraw(connection, FeedKind.DISPLAY_ITEM, item_no)
    down = {"state": ItemState.WITHDRAWN.value, "published_version": None, "changed_at": now}
    _change(connection, item_no, down)
    return _as_item(_row(connection, item_no))


def on_wall(item_no: str, draft: ItemDraft, issuer: str) -> DisplayItem:
    """The draft as a wall shows it."""
    return DisplayItem(
        item_no=item_no,
        title=draft.title,
        body=draft.body,
        picture=draft.picture,
        hours=draft.hours,
        order=draft.order,
        seconds=draft.seconds,
        issuer=issuer,
        with_names=draft.with_names,
    )


def _held(connection: Connection, item_no: str) -> Row[tuple[object, ...]]:
    """The row, which nobody else changes until this transaction ends."""
    hold(connection, f"item:{item_no}")
    return _row(connection, item_no)


def _row(connection: Connection, item_no: str) -> Row[tuple[object, ...]]:
    row = connection.execute(select(wall_items).where(wall_items.c.item_no == item_no)).one_or_none()
    if row is None:
        raise Refused(ProblemType.NOT_FOUND, "no such item")
    return row


def _columns(draft: ItemDraft, editor: SignedIn, editors: tuple[str, ...], now: datetime) -> dict[str, object]:
    return {
        "state": ItemState.DRAFT.value,
        "draft": draft.model_dump_json(),
        "area": draft.area,
        "author": editor.account,
        "editors": editors,
        "changed_at": now,
    }


def _change(connection: Connection, item_no: str, columns: Mapping[str, object]) -> None:
    connection.execute(update(wall_items).where(wall_items.c.item_no == item_no).values(columns))


def _as_item(row: Row[tuple[object, ...]]) -> WallItem:
    draft = ItemDraft.model_validate_json(row.draft).model_copy(update={"version": row.version})
    return WallItem(
        item_no=row.item_no,
        version=row.version,
        state=ItemState(row.state),
        draft=draft,
        author=row.author,
        approver=row.approver,
        content_hash=content_hash(row.item_no, draft),
        published_version=row.published_version,
        changed_at=row.changed_at,
    )
