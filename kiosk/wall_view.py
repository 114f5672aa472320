"""What stands on this machine's wall now: composed from the store and the clock alone, for the wall and its preview."""

from __future__ import annotations

import hashlib
import io
import logging
import math
import re
import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from contract.codes import WagePeriod
from contract.feed import DisplayItem, JobPosting, Wage
from contract.job_query import JobQuery
from kiosk.machine import Machine
from kiosk.uplink.job_index import counted_words
from kiosk.wall import Page, Shape, Slot, pages_of, seconds_of, shape_of, slot_at

log = logging.getLogger(__name__)

LEGAL_FORM = re.compile(r"(股份|责任)?(有限)?(责任)?公司$")
"""Left out on the wall, where a line is short; the machine shows the full name."""

MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True)
class JobRow:
    """One line of the job table."""

    title: str
    headcount: int
    public_welfare: bool
    where: str
    pay: str


@dataclass(frozen=True)
class WallView:
    """Everything that stands there but the clock. ``seconds``: until it is the next item's turn."""

    rows: tuple[JobRow, ...]
    total: int
    slot: Slot | None
    picture: str
    as_of: str
    today: date
    seconds: float = field(default=math.inf, repr=False, compare=False)
    head: str = field(default="", repr=False, compare=False)
    """The journal's head as it was when this was drawn; it grows on without drawing the wall anew."""

    @property
    def posts(self) -> str:
        """How many posts there are, as it is shown."""
        return counted_words(self.total)

    @property
    def showing(self) -> str:
        """A word for exactly this content."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


class Pictures:
    """The wall's pictures out of the store. A broken one is left out, and said once."""

    def __init__(self, machine: Machine) -> None:
        self._feed = machine.county.feed
        self._lock = threading.Lock()
        self._sound: set[str] = set()
        self._broken: set[str] = set()

    def content(self, sha256: str) -> tuple[bytes, str] | None:
        """Bytes and content type of a whole PNG or JPEG that bears its own hash; None otherwise."""
        found = self._feed.picture(sha256)
        reason = "it is not in the store" if found is None else self._flaw(sha256, *found)
        if reason:
            self._say_once(sha256, reason)
            return None
        return found

    def sound(self, sha256: str | None) -> bool:
        """True where the picture can be shown. A sound one is not read again: its name is its content."""
        return sha256 is not None and (sha256 in self._sound or self.content(sha256) is not None)

    def _flaw(self, sha256: str, content: bytes, content_type: str) -> str:
        if sha256 in self._sound:
            return ""
        flaw = flaw_of(sha256, content, content_type)
        if not flaw:
            self._sound.add(sha256)
        return flaw

    def _say_once(self, sha256: str, reason: str) -> None:
        with self._lock:
            new = sha256 not in self._broken
            self._broken.add(sha256)
        if new:
            log.warning("picture %s of the wall is left out: %s", sha256[:12], reason)


def flaw_of(sha256: str, content: bytes, content_type: str) -> str:
    """Why a picture cannot be shown; "" for a sound one."""
    if hashlib.sha256(content).hexdigest() != sha256:
        return "its content is not what its name says"
    if not content.startswith(MAGIC.get(content_type, b"\0none")):
        return f"it is not {content_type}"
    from PIL import Image  # noqa: PLC0415  a wall of text never needs it

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return f"it cannot be decoded ({type(error).__name__})"
    return ""


def view_now(machine: Machine, pictures: Pictures) -> WallView:
    """What the wall shows at this moment."""
    shape, local = shape_of(machine.settings.wall), machine.clock.local()
    content = machine.county.feed.wall()
    rows, total = job_rows(machine, shape, alone=not content.items)
    slots = [slot for item in content.items for slot in slots_of(item, shape, pictures, alone=not rows)]
    slot, seconds = slot_at(slots, machine.clock.now())
    picture = slot.item.picture if slot and pictures.sound(slot.item.picture) else None
    as_of = moment(machine.clock.to_local(content.as_of)) if content.as_of else ""
    head = machine.journal.head()
    return WallView(rows, total, slot, picture or "", as_of, local.date(), seconds, head.written if head else "")


def slots_of(item: DisplayItem, shape: Shape, pictures: Pictures, *, alone: bool) -> list[Slot]:
    """The turns of one item: a page each."""
    pictured = pictures.sound(item.picture)
    pages = pages_of(item, shape, alone=alone, pictured=pictured)
    return [Slot(item, page, seconds_of(item, page)) for page in pages]


def job_rows(machine: Machine, shape: Shape, *, alone: bool) -> tuple[tuple[JobRow, ...], int]:
    """The newest posts that are not expired, as many as can be read, and how many there are; none without a lease."""
    feed = machine.county.feed
    if not feed.postings_lit():
        return (), 0
    found = feed.jobs.find(JobQuery(), 1, machine.clock.local().date())
    wanted = shape.board_rows(machine.locality.display.jobs_per_page, alone=alone)
    return tuple(row_of(job, machine.locality.town_name(job.region)) for job in found.postings[:wanted]), found.total


def row_of(job: JobPosting, town: str) -> JobRow:
    """One post as a line of the table."""
    where = f"{town} · {LEGAL_FORM.sub('', job.employer.name)}"
    return JobRow(job.title, job.headcount, job.public_welfare, where, pay_of(job.wage))


def pay_of(wage: Wage) -> str:
    """Pay in yuan a month; other periods say what they are, so that nobody compares them."""
    amounts = [plain(amount) for amount in (wage.minimum, wage.maximum) if amount is not None]
    if wage.period is WagePeriod.NEGOTIABLE or not amounts:
        return "面议"
    words = "–".join(dict.fromkeys(amounts))
    return words if wage.period is WagePeriod.MONTH else words + wage.period.label.removeprefix("元")


def plain(amount: Decimal) -> str:
    """An amount without needless noughts."""
    return f"{amount.normalize():f}"


def moment(local: datetime) -> str:
    """A moment as the wall says it."""
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def preview_of(machine: Machine, item: DisplayItem, pages: tuple[Page, ...]) -> tuple[WallView, ...]:
    """The present wall with ``item`` in its turn, page by page; the picture is named without proof."""
    rows, total = job_rows(machine, shape_of(machine.settings.wall), alone=False)
    today, as_of = machine.clock.local().date(), machine.county.feed.as_of
    as_of_words = moment(machine.clock.to_local(as_of)) if as_of else ""
    slots = [Slot(item, page, seconds_of(item, page)) for page in pages]
    return tuple(WallView(rows, total, slot, item.picture or "", as_of_words, today) for slot in slots)
