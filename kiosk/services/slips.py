"""Slips on paper for every service: one job a slip, its state kept for the visit; again by hand, and marked as such."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import g, request

from contract.submissions import ClockConfidence
from devices.printer import Receipt
from kiosk.desk import Desk
from kiosk.device_errors import NoInk, NoPaper, PrinterAway, PrinterHangs, PrinterOpen, PrinterStuck
from kiosk.errors import KioskError
from kiosk.events import SceneChanged
from kiosk.machine import Machine, machine
from kiosk.print_jobs import Failed, PrintJob, Queued
from kiosk.printing import RECEIPTS, Draft, Paper
from kiosk.receipts import Stamp, again
from kiosk.states import ReadingCard, ResidentSession, Serving, Visiting
from kiosk.visit import Visit
from kiosk.watched import watch

PRINTER_TROUBLES = (NoPaper, PrinterOpen, PrinterStuck, PrinterAway, NoInk, PrinterHangs)
REPRINTS = 2
"""More copies than that of one slip are a matter for a clerk."""
ASKED_AGAIN = "again"


@dataclass
class Slip:
    """One slip of a visit: what was printed, how far it came, how many of it may be on paper."""

    receipt: Paper
    job: PrintJob
    copies: int = 0

    @property
    def blank(self) -> bool:
        """True where its content was wiped and only its number is left."""
        return isinstance(self.receipt, Receipt) and not self.receipt.lines

    @property
    def spent(self) -> bool:
        """True where no more copies are printed here."""
        return self.copies > REPRINTS


@dataclass
class SlipMemory:
    """The slips of one visit, by what they are a slip of; in memory only, gone with the visit."""

    slips: dict[str, Slip] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def queue(self, name: str, paper: Paper, *, wanted: bool) -> Slip | None:
        """Note a job that may begin; None where one is under way, none is wanted, or there were enough.

        A slip that failed may be tried again by any press. One that came out is printed again only where that very
        thing was asked for (``wanted``): two quick presses make one slip. Its content stays what it was.
        """
        with self.lock:
            slip = self.slips.get(name)
            if slip is None:
                slip = self.slips[name] = Slip(paper, PrintJob(paper.number))
                return slip
            tried_again = wanted or isinstance(slip.job.state, Failed)
            if slip.spent or not slip.job.over or not tried_again:
                return None
            if not wanted and not slip.copies:
                slip.receipt = paper  # nothing of the first is on paper, and something else was chosen since
            slip.job = PrintJob(slip.receipt.number, Queued(), reprint=slip.copies)
            return slip

    def wipe(self) -> None:
        """Keep no content; what is on paper is not printed once more as if it were the first."""
        with self.lock:
            self.slips = {name: slip for name, slip in self.slips.items() if slip.copies or not slip.job.over}
            for slip in self.slips.values():
                slip.receipt, slip.copies = Receipt(slip.receipt.number, ()), REPRINTS + 1

    def told(self, name: str, job: PrintJob) -> None:
        """Note how far a job came."""
        with self.lock:
            slip = self.slips.get(name)
            if slip is None:
                return  # wiped meanwhile
            if job.on_paper and not slip.job.on_paper:
                slip.copies += 1
            slip.job = job


def print_slip(name: str, receipt: Receipt) -> None:
    """Print ``receipt`` as the visit's slip ``name``; returns at once, the page is shown anew as the job goes on.

    Asked for again (the form says ``again``, or the first one failed) the same receipt comes once more: same number,
    and 重打 with the count on it wherever something of an earlier one may be on paper. Raises SessionEnded where the
    resident has left by now: no paper of theirs comes out beside the next one.
    """
    _print(name, receipt)


def asked_again() -> bool:
    """True where the form asks for one more of a slip that is there already."""
    return request.form.get(ASKED_AGAIN) == "yes"


def print_again(name: str) -> bool:
    """Print the slip ``name`` once more as it was; False where this visit has none. The county is not asked for it."""
    held = slip_of(name)
    if held is not None:
        _print(name, held.receipt)
    return held is not None


def print_pages(name: str, number: str, make: Callable[[int], bytes]) -> None:
    """The same for A4 pages, whose PDF is made when their turn comes, for the count of reprints."""
    _print(name, Draft(number, make))


def _print(name: str, paper: Paper) -> None:
    here: Machine = machine()
    visit: Visit = g.visit
    present: ResidentSession | None = g.session
    memory = visit.recall(SlipMemory)
    slip = memory.queue(name, paper, wanted=asked_again())
    if slip is None:
        return

    def told(job: PrintJob) -> None:
        memory.told(name, job)
        here.desk.handle(SceneChanged(visit.number))

    resident = present.resident.reference if present else ""
    count = slip.job.reprint
    sheet = marked(slip.receipt, count, here.clock.local()) if count else slip.receipt
    here.printing.print(sheet, told, lambda: still_here(here.desk, visit, present), resident, count)


def marked(paper: Paper, count: int, at: datetime) -> Paper:
    """The same paper as a reprint."""
    return again(paper, count, at) if isinstance(paper, Receipt) else replace(paper, reprint=count)


def still_here(desk: Desk, visit: Visit, session: ResidentSession | None) -> bool:
    """True while the desk serves the visit, and the session where there is one."""
    if session is not None:
        return desk.serves(session.token)
    state = desk.state
    return isinstance(state, Visiting | ReadingCard | Serving) and state.visit is visit


def slip_of(name: str) -> Slip | None:
    """The visit's slip ``name`` and how far it came; None where none was asked for."""
    memory: SlipMemory = g.visit.recall(SlipMemory)
    return memory.slips.get(name)


def can_print() -> bool:
    """True where this hall has a printer at all."""
    return machine().printing.printer is not None


def can_print_pages() -> bool:
    """True where this hall has an A4 printer and it is well: nobody is offered pages that will not come."""
    printer = machine().printing.page_printer
    return printer is not None and printer.board.health.ready


def no_paper() -> type[KioskError] | None:
    """Why no slip could be printed now, to be said before a service starts; None where one could."""
    return watch(RECEIPTS)


def mended(slip: Slip | None) -> bool:
    """True where a slip failed for a trouble of the printer that is over: then it is not told as if it still were."""
    problem = slip.job.problem if slip else None
    return problem is not None and isinstance(problem, PRINTER_TROUBLES) and watch(RECEIPTS) is None


def stamp() -> Stamp:
    """This hall, this machine, now."""
    here = machine()
    hall, unsure = here.locality.hall, here.county.feed.county_time.confidence is ClockConfidence.UNKNOWN
    return Stamp(hall.name, hall.phone, here.settings.kiosk.name, here.clock.local(), unsure=unsure)
