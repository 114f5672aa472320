"""Staff accounts and the making of the information screen."""

from __future__ import annotations

from pydantic import Field

from contract.codes import ItemState, StaffRole
from contract.feed import Hours
from contract.message import Instant, Message, Region


class SignIn(Message):
    """Name and password of a member of staff."""

    account: str
    password: str


class StaffSession(Message):
    """A signed-in member of staff. ``areas`` are prefixes of division codes."""

    session: str
    account: str
    name: str
    roles: tuple[StaffRole, ...]
    areas: tuple[Region, ...]
    ends_at: Instant


class ItemDraft(Message):
    """What an editor writes. ``version`` is the one being changed, 0 for a new item."""

    version: int = 0
    title: str = Field(min_length=1, max_length=40)
    body: str = Field(default="", max_length=2000)
    picture: str | None = None
    hours: Hours
    order: int = 100
    seconds: int = Field(default=12, ge=5, le=120)
    area: Region
    with_names: bool = False


class WallItem(Message):
    """An item in the making, as the staff face lists it. ``content_hash`` names exactly what was seen.

    ``published_version`` hangs on the wall now, also while a later version is a draft again.
    """

    item_no: str
    version: int
    state: ItemState
    draft: ItemDraft
    author: str
    approver: str | None = None
    content_hash: str
    published_version: int | None = None
    changed_at: Instant


class WallItems(Message):
    """All items of the areas of the asking member of staff."""

    items: tuple[WallItem, ...]


class Approval(Message):
    """Publishes exactly what was seen; another hash is refused."""

    content_hash: str


class StoredPicture(Message):
    """A picture as the hub re-encoded it."""

    sha256: str
    width: int
    height: int


class NewPassword(Message):
    """Set by an administrator for somebody else."""

    account: str
    password: str = Field(min_length=10)
