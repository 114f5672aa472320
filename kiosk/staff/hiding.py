"""Taking a notice off this machine's wall at once, also while the county is cut, and putting it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contract.feed import DisplayItem, FeedKind
from kiosk.journal import Happening
from kiosk.machine import Machine
from kiosk.models import feed_item, hidden_item


@dataclass(frozen=True)
class ItemHere:
    """A notice of this machine's copy. ``hidden_by``: the account that hid it, "" where nobody did."""

    item: DisplayItem
    on_wall: bool
    hidden_by: str = ""
    hidden_at: datetime | None = None


def items_here(machine: Machine) -> tuple[ItemHere, ...]:
    """Every notice this machine holds, in the order of the wall."""
    shown = {item.item_no for item in machine.county.feed.wall().items}
    with machine.store.read() as connection:
        bodies = connection.scalars(select(feed_item.c.body).where(feed_item.c.kind == FeedKind.DISPLAY_ITEM)).all()
        hidden = {row.item_no: row for row in connection.execute(select(hidden_item))}
    found = []
    for item in map(DisplayItem.model_validate_json, bodies):
        row = hidden.get(item.item_no)
        hidden_at = datetime.fromisoformat(row.hidden_at) if row else None
        found.append(ItemHere(item, item.item_no in shown, row.hidden_by if row else "", hidden_at))
    return tuple(sorted(found, key=lambda here: (here.item.order, here.item.item_no)))


def issuer_here(machine: Machine) -> str:
    """The office that signs the notices of this county, as the copy knows it; the hall's name before the first."""
    return next((here.item.issuer for here in items_here(machine)), machine.locality.hall.name)


def hide(machine: Machine, item_no: str, clerk: str) -> None:
    """Off this wall now; the wall's parked request wakes. Hiding twice is hiding once."""
    with machine.store.begin() as connection:
        row = {"item_no": item_no, "hidden_by": clerk, "hidden_at": machine.clock.now().isoformat()}
        connection.execute(upsert(hidden_item).values(row).on_conflict_do_nothing())
        machine.journal.write(Happening.ITEM_HIDDEN, connection, item=item_no, clerk=clerk, hidden=True)
    machine.county.feed.touch()


def show_again(machine: Machine, item_no: str, clerk: str) -> None:
    """Back to its turn."""
    with machine.store.begin() as connection:
        connection.execute(delete(hidden_item).where(hidden_item.c.item_no == item_no))
        machine.journal.write(Happening.ITEM_HIDDEN, connection, item=item_no, clerk=clerk, hidden=False)
    machine.county.feed.touch()
