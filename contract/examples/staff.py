"""Staff: signing in, items of the information screen, cases, figures."""

from __future__ import annotations

from datetime import time

from contract.codes import CaseState, ItemState, StaffRole
from contract.examples.invented import LATER, NAME, NOW, NUMBER, PICTURE, TOWN, YESTERDAY
from contract.feed import Hours
from contract.message import Message
from contract.staff import Approval, ItemDraft, NewPassword, SignIn, StaffSession, StoredPicture, WallItem, WallItems
from contract.staff_work import CaseChange, Count, SiteFigures, StaffCase, StaffCases, StaffFigures

HOURS = Hours(first_day=YESTERDAY, last_day=LATER, opens=time(8, 30), closes=time(18, 0))

DRAFT = ItemDraft(title="社保卡换发通知", body="三代卡从本月起在窗口换发。", hours=HOURS, area=TOWN)

WALL_ITEM = WallItem(
    item_no="I-0007",
    version=1,
    state=ItemState.SUBMITTED,
    draft=DRAFT,
    author="editor",
    content_hash="9f86d081" * 8,
    changed_at=NOW,
)

STAFF_CASE = StaffCase(
    case_no="2026112000000042", state=CaseState.RECEIVED, purpose="养老待遇资格认证", wanted="请上门办",
    resident_name=NAME, last_four=NUMBER[-4:], site=TOWN, opened_at=NOW,
)  # fmt: skip

EXAMPLES: tuple[Message, ...] = (
    SignIn(account="editor", password="correct horse battery"),  # noqa: S106 - an example
    StaffSession(
        session="t-0c11",
        account="editor",
        name="李编辑",
        roles=(StaffRole.EDITOR,),
        areas=(TOWN,),
        ends_at=NOW.replace(minute=45),
    ),
    NewPassword(account="clerk", password="another long password"),  # noqa: S106 - an example
    DRAFT,
    WALL_ITEM,
    WallItems(items=(WALL_ITEM,)),
    Approval(content_hash=WALL_ITEM.content_hash),
    STAFF_CASE,
    StaffCases(cases=(STAFF_CASE,), more=True, cursor="1041"),
    CaseChange(seen=CaseState.RECEIVED, state=CaseState.IN_PROGRESS, remark="已电话联系，周五上门"),
    StaffFigures(
        figures=(
            SiteFigures(
                day=YESTERDAY,
                site=TOWN,
                kiosks=1,
                counts=(Count(service="insurance_query", what="service_opened", number=17),),
            ),
        )
    ),
    StoredPicture(sha256=PICTURE, width=1920, height=1080),
)
