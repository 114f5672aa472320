"""The form of a notice: what was typed, kept as typed; what is wrong with it, in words; the draft it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from contract.feed import DisplayItem, Hours
from contract.staff import ItemDraft
from kiosk.wall import Shape, pages_of, title_fits

TITLE_LENGTH, BODY_LENGTH = 40, 2000
SHORTEST, LONGEST = 5, 120
MOST_ORDER = 9999
LAST_MINUTE, END_OF_DAY = "23:59", time(23, 59, 59)
WEEKDAYS = range(1, 8)


@dataclass(frozen=True)
class Wrong:
    """Something that must be mended: the field, and the words beside it."""

    field: str
    words: str


class NoticeRefused(Exception):
    """The form means no draft; ``wrongs`` says why, field by field."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__(", ".join(wrong.field for wrong in wrongs))
        self.wrongs = wrongs


@dataclass(frozen=True)
class NoticeForm:
    """What stands in the form. ``version`` is the one that was read, "0" for a new item."""

    version: str = "0"
    title: str = ""
    body: str = ""
    picture: str = ""
    first_day: str = ""
    last_day: str = ""
    weekdays: tuple[int, ...] = tuple(WEEKDAYS)
    opens: str = "00:00"
    closes: str = LAST_MINUTE
    order: str = "100"
    seconds: str = "12"
    area: str = ""
    with_names: bool = False


def typed(fields: Mapping[str, str]) -> NoticeForm:
    """The form as it came."""
    names = ("version", "title", "picture", "first_day", "last_day", "opens", "closes", "order", "seconds", "area")
    texts = {name: fields.get(name, "").strip() for name in names}
    body = fields.get("body", "").replace("\r\n", "\n").strip()
    days = tuple(day for day in WEEKDAYS if f"weekday_{day}" in fields)
    return NoticeForm(**texts, body=body, weekdays=days, with_names="with_names" in fields)


def form_of(draft: ItemDraft) -> NoticeForm:
    """A draft as the form shows it."""
    hours = draft.hours
    return NoticeForm(
        version=str(draft.version), title=draft.title, body=draft.body, picture=draft.picture or "",
        first_day=hours.first_day.isoformat(), last_day=hours.last_day.isoformat(), weekdays=hours.weekdays,
        opens=f"{hours.opens:%H:%M}", closes=f"{hours.closes:%H:%M}", order=str(draft.order),
        seconds=str(draft.seconds), area=draft.area, with_names=draft.with_names,
    )  # fmt: skip


def draft_of(form: NoticeForm, areas: tuple[str, ...]) -> ItemDraft:
    """The draft a form means; raises NoticeRefused. ``areas``: those the editor may write for."""
    wrongs = [*_text_wrongs(form), *_number_wrongs(form)]
    if form.area not in areas:
        wrongs.append(Wrong("area", "请选一个您管的地方"))
    try:
        hours = _hours(form)
    except NoticeRefused as refused:
        raise NoticeRefused(*wrongs, *refused.wrongs) from refused
    if wrongs:
        raise NoticeRefused(*wrongs)
    return ItemDraft(
        version=int(form.version), title=form.title, body=form.body, picture=form.picture or None, hours=hours,
        order=int(form.order), seconds=int(form.seconds), area=form.area, with_names=form.with_names,
    )  # fmt: skip


def _text_wrongs(form: NoticeForm) -> list[Wrong]:
    wrongs = []
    if not 1 <= len(form.title) <= TITLE_LENGTH:
        wrongs.append(Wrong("title", f"标题要写，最多 {TITLE_LENGTH} 个字"))
    if len(form.body) > BODY_LENGTH:
        wrongs.append(Wrong("body", f"正文最多 {BODY_LENGTH} 个字，现在 {len(form.body)} 个"))
    return wrongs


def _number_wrongs(form: NoticeForm) -> list[Wrong]:
    wrongs = []
    if not _between(form.order, 0, MOST_ORDER):
        wrongs.append(Wrong("order", f"顺序是 0 到 {MOST_ORDER} 的数"))
    if not _between(form.seconds, SHORTEST, LONGEST):
        wrongs.append(Wrong("seconds", f"每次停 {SHORTEST} 到 {LONGEST} 秒"))
    if not _between(form.version, 0, 10**6):
        wrongs.append(Wrong("version", "这一页不完整，请重新打开"))
    return wrongs


def _between(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and least <= int(text) <= most


def _hours(form: NoticeForm) -> Hours:
    try:
        first_day, last_day = date.fromisoformat(form.first_day), date.fromisoformat(form.last_day)
    except ValueError as error:
        raise NoticeRefused(Wrong("last_day", "请选开始和结束的日期")) from error
    try:
        opens, closes = time.fromisoformat(form.opens), time.fromisoformat(form.closes)
    except ValueError as error:
        raise NoticeRefused(Wrong("closes", "请选开始和结束的钟点")) from error
    if closes.tzinfo or opens.tzinfo:
        raise NoticeRefused(Wrong("closes", "请选开始和结束的钟点"))
    closes = END_OF_DAY if form.closes == LAST_MINUTE else closes
    wrongs = [Wrong("last_day", "结束日期在开始之前")] if last_day < first_day else []
    wrongs += [Wrong("closes", "结束钟点在开始之前")] if closes <= opens else []
    wrongs += [] if form.weekdays else [Wrong("weekdays", "至少选一天")]
    if wrongs:
        raise NoticeRefused(*wrongs)
    return Hours(first_day=first_day, last_day=last_day, weekdays=form.weekdays, opens=opens, closes=closes)


def as_shown(item_no: str, draft: ItemDraft, issuer: str) -> DisplayItem:
    """The draft as the wall will show it."""
    return DisplayItem(
        item_no=item_no, title=draft.title, body=draft.body, picture=draft.picture, hours=draft.hours,
        order=draft.order, seconds=draft.seconds, issuer=issuer, with_names=draft.with_names,
    )  # fmt: skip


def check_legible(draft: ItemDraft, shape: Shape, metres: float, agreed_pages: int) -> int:
    """How many pages the text needs; raises NoticeRefused where it cannot be read and nobody agreed to pages."""
    far = f"{metres:g} 米外"
    if not title_fits(draft.title, shape):
        raise NoticeRefused(Wrong("title", f"标题太长，{far}看不清，请写短些"))
    needed = len(pages_of(as_shown("", draft, ""), shape, alone=False, pictured=draft.picture is not None))
    if needed > max(agreed_pages, 1):
        raise NoticeRefused(Wrong("pages", f"字太多，挤在一页，{far}看不清"), Wrong("needed", str(needed)))
    return needed
