"""信息屏: write a notice, have a second person publish it, take it down; hide one at once on this wall."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue

from contract.codes import ItemState, StaffRole
from contract.staff import Approval, ItemDraft, StoredPicture, WallItem, WallItems
from kiosk.county_errors import CountyUnavailable
from kiosk.errors import EditConflict, KioskError, NoSuchPage, PictureRefused, StaffSessionEnded
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.staff.hiding import hide, issuer_here, items_here, show_again
from kiosk.staff.notice_form import NoticeForm, NoticeRefused, Wrong, as_shown, check_legible, draft_of, form_of, typed
from kiosk.staff.staff_county import ask, pull_now, send_bytes, tell
from kiosk.staff_duty import StaffDuty
from kiosk.wall import legible_px, pages_of, shape_of
from kiosk.wall_view import MAGIC, WallView, preview_of
from kiosk.when_cut import WhenCut

CLERK, EDITOR, APPROVER, ADMINISTRATOR = StaffRole
WRITERS = (EDITOR,)
APPROVERS = (APPROVER,)
WITHDRAWERS = (EDITOR, APPROVER)
READERS = (EDITOR, APPROVER, ADMINISTRATOR)
ITEMS = "/v1/staff/display-items"
PICTURE_BYTES = 5_000_000
SHOWN_DAYS = 30
COUNTY_DIGITS = 6

SAID = {
    "written": "草稿存好了",
    "handed-in": "已送审，请另一位同事审核",
    "approved": "已发布，本厅大屏马上换",
    "withdrawn": "已撤下",
    "hidden": "这块大屏上已经看不到它",
    "back": "它又回到这块大屏",
}

duty = StaffDuty("display_editor", title="信息屏", roles=(CLERK, *READERS), when_cut=WhenCut.DATED_COPY)


@duty.get("/")
def show() -> str:
    """What hangs on this wall (also while cut), and all notices of the clerk's areas."""
    return duty.page("items", here=items_here(machine()), listed=listed(), messages=said(), may_write=has(WRITERS))


def said() -> list[str]:
    """What the act before this page did."""
    words = SAID.get(request.args.get("said", ""))
    return [words] if words else []


def has(roles: tuple[StaffRole, ...]) -> bool:
    """True where the signed-in person has one of ``roles``."""
    return bool(set(roles).intersection(g.clerk.roles))


def listed() -> tuple[WallItem, ...] | KioskError | None:
    """All notices; None for somebody who only hides, the trouble itself where the county gives none."""
    if not has(READERS):
        return None
    try:
        return ask(ITEMS, WallItems).items
    except (CountyUnavailable, StaffSessionEnded) as trouble:
        return trouble


def one(item_no: str) -> WallItem:
    """One notice; raises NoSuchPage."""
    for item in ask(ITEMS, WallItems).items:
        if item.item_no == item_no:
            return item
    raise NoSuchPage("no such item")


@duty.get("/new", roles=WRITERS)
def write_new() -> str:
    """An empty form: from today, a month, the whole day."""
    today = machine().clock.local().date()
    empty = NoticeForm(
        first_day=today.isoformat(), last_day=(today + timedelta(days=SHOWN_DAYS)).isoformat(),
        seconds=str(machine().locality.display.page_seconds), area=machine().settings.kiosk.site,
    )  # fmt: skip
    return form_page("", empty)


@duty.get("/items/<item_no>", roles=READERS)
def show_item(item_no: str) -> str:
    """One notice as the wall shows it, and what can be done with it."""
    item = one(item_no)
    acts = {
        "edit": has(WRITERS),
        "hand_in": has(WRITERS) and item.state is ItemState.DRAFT,
        "approve": has(APPROVERS) and item.state is ItemState.SUBMITTED and item.author != g.clerk.account,
        "own": has(APPROVERS) and item.state is ItemState.SUBMITTED and item.author == g.clerk.account,
        "withdraw": has(WITHDRAWERS) and item.state is not ItemState.WITHDRAWN,
    }
    return duty.page("item", item=item, preview=preview(item.item_no, item.draft), acts=acts, messages=said())


@duty.get("/items/<item_no>/edit", roles=WRITERS)
def edit(item_no: str) -> str:
    """The form with what is there."""
    return form_page(item_no, form_of(one(item_no).draft))


@duty.post("/write", roles=WRITERS)
def write() -> ResponseReturnValue:
    """Keep a draft, new or the next version. Whatever is wrong, the form comes back with all that was typed."""
    item_no, form = request.form.get("item_no", ""), typed(request.form)
    try:
        form = with_picture(form)
        draft = draft_of(form, tuple(code for code, _ in areas()))
        check_legible(draft, shape_of(machine().settings.wall), machine().settings.wall.distance_m, agreed())
        kept = keep(item_no, draft)
    except NoticeRefused as refused:
        return make_response(form_page(item_no, form, wrongs=refused.wrongs), 400)
    except EditConflict as conflict:
        newer = one(item_no)
        again = replace(form, version=str(newer.version))
        return make_response(form_page(item_no, again, newer=newer, trouble=conflict), conflict.status)
    except (PictureRefused, CountyUnavailable, StaffSessionEnded) as trouble:
        return make_response(form_page(item_no, form, trouble=trouble), trouble.status)
    if "hand_in" in request.form:
        return act(kept.item_no, "submission", None, "handed-in")
    return duty.to("show_item", item_no=kept.item_no, said="written")


def agreed() -> int:
    """How many pages the editor agreed to."""
    pages = request.form.get("pages", "")
    return int(pages) if pages.isascii() and pages.isdigit() else 1


def with_picture(form: NoticeForm) -> NoticeForm:
    """The form with the uploaded picture's name, or without a picture; raises PictureRefused."""
    if "no_picture" in request.form:
        form = replace(form, picture="")
    upload = request.files.get("upload")
    content = upload.read() if upload else b""
    if not content:
        return form
    if len(content) > PICTURE_BYTES:
        raise PictureRefused("more than 5 MB")
    return replace(form, picture=send_bytes("/v1/staff/pictures", content, StoredPicture).sha256)


def keep(item_no: str, draft: ItemDraft) -> WallItem:
    """The notice as the county kept it; raises EditConflict where somebody was faster."""
    kept = tell("PUT", f"{ITEMS}/{item_no}", draft, WallItem) if item_no else tell("POST", ITEMS, draft, WallItem)
    if kept is None:
        raise CountyUnavailable("an empty answer to a draft")
    note(kept.item_no, "written", kept.version)
    return kept


@duty.post("/items/<item_no>/hand-in", roles=WRITERS)
def hand_in(item_no: str) -> Response:
    """To whoever approves."""
    return act(item_no, "submission", None, "handed-in")


@duty.post("/items/<item_no>/approve", roles=APPROVERS)
def approve(item_no: str) -> Response:
    """Publish exactly what was seen; raises OwnWork, or EditConflict where it changed since."""
    return act(item_no, "approval", Approval(content_hash=request.form.get("content_hash", "")), "approved")


@duty.post("/items/<item_no>/withdraw", roles=WITHDRAWERS)
def withdraw(item_no: str) -> Response:
    """Off every wall."""
    return act(item_no, "withdrawal", None, "withdrawn")


def act(item_no: str, step: str, body: Approval | None, done: str) -> Response:
    """Take a notice one step on, and let this machine's wall follow at once."""
    item = tell("POST", f"{ITEMS}/{item_no}/{step}", body, WallItem)
    note(item_no, done, item.version if item else 0)
    pull_now()
    return duty.to("show_item", item_no=item_no, said=done)


def note(item_no: str, done: str, version: int) -> None:
    """Journal an act."""
    machine().journal.write(Happening.ITEM_CHANGED, item=item_no, done=done, version=version, clerk=g.clerk.account)


@duty.post("/hide/<item_no>")
def hide_here(item_no: str) -> Response:
    """Off this wall now, also while the county is cut."""
    hide(machine(), item_no, g.clerk.account)
    return duty.to("show", said="hidden")


@duty.post("/show-again/<item_no>")
def show_here_again(item_no: str) -> Response:
    """Back on this wall."""
    show_again(machine(), item_no, g.clerk.account)
    return duty.to("show", said="back")


@duty.get("/picture/<sha256>", roles=READERS)
def picture(sha256: str) -> Response:
    """A picture for the preview: this machine's, else the county's; raises NoSuchPage."""
    found = machine().county.feed.picture(sha256) or machine().county.client.download(f"/v1/media/{sha256}")
    content, content_type = found
    if hashlib.sha256(content).hexdigest() != sha256 or content_type not in MAGIC:
        raise NoSuchPage("no such picture")
    return Response(content, mimetype=content_type)


@duty.get("/wall.css")
def wall_css() -> Response:
    """Proportions and least size of this wall, for the preview."""
    wall = machine().settings.wall
    least = 100 * legible_px(wall) / min(wall.width_px, wall.height_px)
    sizes = f"--legible: {least:.3f}cqmin; --wall-shape: {wall.width_px} / {wall.height_px};"
    return Response(f":root {{ {sizes} }}\n", mimetype="text/css")


def preview(item_no: str, draft: ItemDraft) -> tuple[WallView, ...]:
    """The wall with this notice, page by page."""
    shape = shape_of(machine().settings.wall)
    item = as_shown(item_no, draft, issuer_here(machine()))
    pages = pages_of(item, shape, alone=False, pictured=draft.picture is not None)
    return preview_of(machine(), item, pages)


def areas() -> tuple[tuple[str, str], ...]:
    """The areas the clerk may write for, with their names: the county, its towns."""
    towns = [(town.code, town.name) for town in machine().locality.towns]
    county = [(machine().settings.kiosk.site[:COUNTY_DIGITS], f"{machine().locality.hall.county}全县")]
    return tuple((code, name) for code, name in county + towns if code.startswith(g.clerk.areas))


def form_page(
    item_no: str, form: NoticeForm, *, wrongs: tuple[Wrong, ...] = (), newer: WallItem | None = None,
    trouble: KioskError | None = None,
) -> str:  # fmt: skip
    """The form with what was typed, what is wrong, and the newer version where somebody was faster."""
    return duty.page(
        "form", item_no=item_no, form=form, wrongs={wrong.field: wrong.words for wrong in wrongs}, newer=newer,
        trouble=trouble, areas=areas(),
    )  # fmt: skip
