"""Printing: one job at a time and printer, each with its own states; none succeeds silently, none is sent twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from devices.device import DeviceError, HealthBoard
from devices.printer import Outlet, PagePrinter, Pages, Receipt, ReceiptPrinter
from kiosk.device_errors import PrinterAway, error_of
from kiosk.device_words import named
from kiosk.errors import KioskError, SessionEnded, SlipWithdrawn
from kiosk.journal import Happening, Journal
from kiosk.print_jobs import Failed, JobState, Printed, Printing, PrintJob, Taken
from kiosk.workers import Hung, Worker, nobody

JOB_LIMIT = 180.0
"""A long slip at 9600 baud takes two minutes; longer, and the driver hangs."""
CLOSE_LIMIT = 60.0
"""A job that runs when the program stops has so long to come to its end."""
TAKEN_LIMIT = 90.0
TAKEN_LOOK = 0.3
RECEIPTS, PAGES = "printer", "page_printer"


@dataclass(frozen=True)
class Draft:
    """A4 pages that are made when their turn comes.

    ``make`` gives the PDF for a count of reprints, in the printer's own thread; raises KioskErrors only.
    """

    number: str
    make: Callable[[int], bytes]
    reprint: int = 0


Paper = Receipt | Draft
Told = Callable[[PrintJob], None]


class PrintRoom:
    """Owns both printers' workers. ``told`` hears of every change of a job, in a thread of the room.

    ``hung`` and ``pages_hung`` hear of a thread that is left behind in a driver.
    """

    def __init__(
        self,
        printer: ReceiptPrinter | None,
        journal: Journal,
        hung: Hung = nobody,
        page_printer: PagePrinter | None = None,
        pages_hung: Hung = nobody,
    ) -> None:
        self.printer, self.page_printer = printer, page_printer
        self._journal = journal
        self._workers = {RECEIPTS: Worker("printer", RECEIPTS, hung), PAGES: Worker("page printer", PAGES, pages_hung)}
        self._watcher = Worker("slips taken")
        self._changed = threading.Condition()
        self._open: set[PrintJob] = set()
        self._waiting: set[PrintJob] = set()
        self._closing = threading.Event()

    def trouble(self, kind: str = RECEIPTS) -> type[KioskError] | None:
        """Why nothing could be printed now, as the printer said last; None where it could, or where there is none."""
        printer = self.printer if kind == RECEIPTS else self.page_printer
        board: HealthBoard | None = printer.board if printer is not None else None
        return None if board is None or board.health.ready else named(board.health.reason, kind)

    def print(
        self, paper: Paper, told: Told, still_here: Callable[[], bool], resident: str = "", reprint: int = 0
    ) -> PrintJob:
        """Queue a receipt, or pages; returns at once. SessionEnded where ``still_here`` says that its owner has left.

        Both are decided under one lock with ``wait_idle``: either the next person waits for this paper, or it never
        comes.
        """
        job = PrintJob(paper.number, resident=resident, reprint=reprint)
        begun = threading.Event()
        run, defect = partial(self._run, job, paper, told, begun), partial(self._defect, job, told, begun)
        with self._changed:
            if not still_here():
                raise SessionEnded("the resident left before the slip was queued")
            self._open.add(job)
            self._waiting.add(job)
            if not self._workers[kind_of(paper)].do(run, defect, JOB_LIMIT):
                self._open.discard(job)
                self._waiting.discard(job)
        return job

    def waiting(self, resident: str) -> int:
        """How many papers of a resident (by reference; "" for whoever has no card) are queued or at the printer."""
        with self._changed:
            return sum(job.resident == resident for job in self._open)

    def withdraw(self, resident: str) -> int:
        """Take back what waits for its turn; how many. A paper that has begun comes to its end."""
        with self._changed:
            taken = {job for job in self._waiting if job.resident == resident}
            self._waiting -= taken
        return len(taken)

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no job is queued or printing: the next person is served only then."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def _run(self, job: PrintJob, paper: Paper, told: Told, begun: threading.Event) -> None:
        with self._changed:
            wanted = job in self._waiting
            self._waiting.discard(job)
        if not wanted:
            return self._end(job, Failed(SlipWithdrawn("taken back before its turn")), told)
        told(replace(job, state=Printing()))
        return self._end(job, self._ended(paper, begun), told)

    def _defect(self, job: PrintJob, told: Told, begun: threading.Event, problem: KioskError) -> None:
        self._end(job, Failed(problem, begun.is_set()), told)

    def _end(self, job: PrintJob, state: JobState, told: Told) -> None:
        ended = replace(job, state=state)
        with self._changed:
            if job not in self._open:  # told before; what came after was only logged
                return
        try:
            self._note(ended)
        finally:
            self._tell_the_end(job, ended, told)

    def _tell_the_end(self, job: PrintJob, ended: PrintJob, told: Told) -> None:
        try:
            told(ended)
        finally:
            with self._changed:
                self._open.discard(job)
                self._changed.notify_all()
        if isinstance(ended.state, Printed) and ended.state.hangs:
            self._watcher.do(partial(self._watch_slip, ended, told))

    def _ended(self, paper: Paper, begun: threading.Event) -> JobState:
        kind = kind_of(paper)
        if (self.printer if kind == RECEIPTS else self.page_printer) is None:
            return Failed(PrinterAway(f"no {kind}"))
        try:
            return self._put_on_paper(paper, begun)
        except DeviceError as error:
            return Failed(error_of(error, kind), begun.is_set())
        except KioskError as problem:  # the county was cut off while a draft was made
            return Failed(problem, begun.is_set())

    def _put_on_paper(self, paper: Paper, begun: threading.Event) -> Printed:
        """Print; what the printer tells of it."""
        if isinstance(paper, Draft) and self.page_printer is not None:
            self.page_printer.print(Pages(paper.number, paper.make(paper.reprint)), begun.set)
        elif isinstance(paper, Receipt) and self.printer is not None:
            self.printer.print(paper, begun.set)
            return Printed(self.printer.outlet() is Outlet.HOLDING, self.printer.confirms)
        return Printed()

    def _watch_slip(self, printed: PrintJob, told: Told) -> None:
        """Say ``taken`` once the slot is empty; nothing where that is not seen in time, or another job comes."""
        until = time.monotonic() + TAKEN_LIMIT
        while time.monotonic() < until and self.printer is not None and not self._closing.wait(TAKEN_LOOK):
            with self._changed:
                if self._open:
                    return
            if self.printer.outlet() is Outlet.EMPTY:
                told(replace(printed, state=Taken()))
                return

    def _note(self, job: PrintJob) -> None:
        happening = Happening.RECEIPT_FAILED if job.problem else Happening.RECEIPT_PRINTED
        code = job.problem.code if job.problem else ""
        unsure: dict[str, Any] = {"confirmed": False} if job.showing == "handed-over" else {}
        self._journal.write(
            happening, receipt=job.number, resident=job.resident, code=code, reprint=job.reprint, **unsure
        )

    def close(self, seconds: float = CLOSE_LIMIT) -> None:
        """Finish the running jobs, start no more; all printers together have ``seconds``."""
        self._closing.set()
        until = time.monotonic() + seconds
        workers = (*self._workers.values(), self._watcher)
        for worker in workers:
            worker.close(wait=False, drop=True)
        for worker in workers:
            worker.close(wait=True, drop=True, seconds=max(0.0, until - time.monotonic()))


def kind_of(paper: Paper) -> str:
    """Which printer it is for."""
    return RECEIPTS if isinstance(paper, Receipt) else PAGES
