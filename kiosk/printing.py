"""Printing: one job at a time, with its own states; a job never succeeds silently and is never sent twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from devices.device import DeviceError
from devices.printer import Receipt, ReceiptPrinter
from kiosk.device_errors import PrinterAway, error_of
from kiosk.errors import KioskError, SessionEnded
from kiosk.journal import Happening, Journal
from kiosk.workers import Hung, Worker, nobody

JOB_LIMIT = 180.0
"""A long slip at 9600 baud takes two minutes; longer, and the driver hangs."""


class PrintState(StrEnum):
    """Life of a job."""

    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class PrintJob:
    """One receipt on its way to paper. ``problem`` says why it failed; ``resident``: whose it is, as a reference."""

    number: str
    state: PrintState = PrintState.QUEUED
    problem: KioskError | None = None
    resident: str = ""

    @property
    def over(self) -> bool:
        """True when nothing more happens to it."""
        return self.state in (PrintState.PRINTED, PrintState.FAILED)


Told = Callable[[PrintJob], None]


class PrintRoom:
    """Owns the printer's worker. ``told`` hears of every change of a job, in the worker's thread."""

    def __init__(self, printer: ReceiptPrinter | None, journal: Journal, hung: Hung = nobody) -> None:
        self.printer = printer
        self._journal = journal
        self._worker = Worker("printer", "printer", hung)
        self._changed = threading.Condition()
        self._open: set[PrintJob] = set()

    def print(self, receipt: Receipt, told: Told, still_here: Callable[[], bool], resident: str = "") -> PrintJob:
        """Queue a receipt; returns at once. Raises SessionEnded where ``still_here`` says that its owner has left.

        Both are decided under one lock with ``wait_idle``: either the next person waits for this paper, or it never
        comes.
        """
        job = PrintJob(receipt.number, resident=resident)
        run, defect = partial(self._run, job, receipt, told), partial(self._defect, job, told)
        with self._changed:
            if not still_here():
                raise SessionEnded("the resident left before the slip was queued")
            self._open.add(job)
            if not self._worker.do(run, defect, JOB_LIMIT):
                self._open.discard(job)
        return job

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no job is queued or printing: the next person is served only then."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def _run(self, job: PrintJob, receipt: Receipt, told: Told) -> None:
        told(replace(job, state=PrintState.PRINTING))
        self._end(job, self._ended(job, receipt), told)

    def _defect(self, job: PrintJob, told: Told, problem: KioskError) -> None:
        self._end(job, replace(job, state=PrintState.FAILED, problem=problem), told)

    def _end(self, job: PrintJob, ended: PrintJob, told: Told) -> None:
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

    def _ended(self, job: PrintJob, receipt: Receipt) -> PrintJob:
        if self.printer is None:
            return replace(job, state=PrintState.FAILED, problem=PrinterAway("no printer"))
        try:
            self.printer.print(receipt)
        except DeviceError as error:
            return replace(job, state=PrintState.FAILED, problem=error_of(error, "printer"))
        return replace(job, state=PrintState.PRINTED)

    def _note(self, job: PrintJob) -> None:
        happening = Happening.RECEIPT_FAILED if job.problem else Happening.RECEIPT_PRINTED
        code = job.problem.code if job.problem else ""
        self._journal.write(happening, receipt=job.number, resident=job.resident, code=code)

    def close(self) -> None:
        """Finish the running job, start no more."""
        self._worker.close(wait=True, drop=True)
