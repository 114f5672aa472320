"""``/v1/staff/display-items``: write, hand in, approve, withdraw."""

from __future__ import annotations

from flask import Blueprint, Response

from contract.codes import StaffRole
from contract.problems import ProblemType
from contract.staff import Approval, ItemDraft, WallItems
from county import wall
from county.asking import answer, read, staff_asking
from county.hub import hub
from county.media import is_kept
from county.refusals import Refused

routes = Blueprint("display_items", __name__, url_prefix="/v1/staff/display-items")

READERS = (StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ADMINISTRATOR)
WITHDRAWERS = (StaffRole.EDITOR, StaffRole.APPROVER)


def _draft() -> ItemDraft:
    draft = read(ItemDraft)
    wall.check_draft(draft)
    if draft.picture is not None and not is_kept(draft.picture, hub().media):
        raise Refused(ProblemType.PICTURE_REFUSED, "no such picture here")
    return draft


@routes.get("")
def show_all() -> Response:
    """Every item of the asker's areas."""
    member = staff_asking(*READERS)
    with hub().store.reading() as connection:
        return answer(WallItems(items=wall.items_within(connection, member.areas)))


@routes.post("")
def write_new() -> Response:
    """A new draft."""
    editor, draft = staff_asking(StaffRole.EDITOR), _draft()
    with hub().store.writing() as connection:
        return answer(wall.write_new(connection, draft, editor, hub().clock.now()), 201)


@routes.put("/<item_no>")
def write_again(item_no: str) -> Response:
    """The next version, on top of the one that was read."""
    editor, draft = staff_asking(StaffRole.EDITOR), _draft()
    with hub().store.writing() as connection:
        return answer(wall.write_again(connection, item_no, draft, editor, hub().clock.now()))


@routes.post("/<item_no>/submission")
def hand_in(item_no: str) -> Response:
    """A draft goes to whoever approves."""
    editor = staff_asking(StaffRole.EDITOR)
    with hub().store.writing() as connection:
        return answer(wall.hand_in(connection, item_no, editor, hub().clock.now()))


@routes.post("/<item_no>/approval")
def approve(item_no: str) -> Response:
    """A second person publishes exactly what they saw."""
    approver, approval = staff_asking(StaffRole.APPROVER), read(Approval)
    now, issuer, leases = hub().clock.now(), hub().settings.issuer, hub().leases
    with hub().store.writing() as connection:
        return answer(
            wall.approve(connection, item_no, approval.content_hash, approver, now, issuer=issuer, leases=leases)
        )


@routes.post("/<item_no>/withdrawal")
def take_down(item_no: str) -> Response:
    """Off every wall."""
    member = staff_asking(*WITHDRAWERS)
    with hub().store.writing() as connection:
        return answer(wall.take_down(connection, item_no, member, hub().clock.now()))
