"""Printing: one job at a time, with its own states; a job never succeeds silently and is never sent twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum

from devices.device import DeviceError
from devices.printer import Receipt, ReceiptPrinter
from kiosk.errors import KioskError, PrinterAway, error_of
from kiosk.journal import Happening, Journal


class PrintState(StrEnum):
    """Life of a job."""

    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True)
class PrintJob:
    """One receipt on its way to paper. ``problem`` says why it failed."""

    number: str
    state: PrintState = PrintState.QUEUED
    problem: KioskError | None = None

    @property
    def over(self) -> bool:
        """True when nothing more happens to it."""
        return self.state in (PrintState.PRINTED, PrintState.FAILED)


class PrintRoom:
    """Owns the printer's worker. ``told`` hears of every change of a job, in the worker's thread."""

    def __init__(self, printer: ReceiptPrinter | None, journal: Journal) -> None:
        self.printer = printer
        self._journal = journal
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._changed = threading.Condition()
        self._open_jobs = 0

    def print(self, receipt: Receipt, told: Callable[[PrintJob], None]) -> PrintJob:
        """Queue a receipt; returns at once."""
        job = PrintJob(receipt.number)
        with self._changed:
            self._open_jobs += 1
        self._worker.submit(self._run, job, receipt, told)
        return job

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no job is queued or printing: the next person is served only then."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open_jobs == 0, seconds)

    def _run(self, job: PrintJob, receipt: Receipt, told: Callable[[PrintJob], None]) -> None:
        try:
            told(replace(job, state=PrintState.PRINTING))
            ended = self._ended(job, receipt)
            self._note(ended)
            told(ended)
        finally:
            with self._changed:
                self._open_jobs -= 1
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
        self._journal.write(happening, receipt=job.number, code=job.problem.code if job.problem else "")

    def close(self) -> None:
        """Finish the running job, start no more."""
        self._worker.shutdown(wait=True, cancel_futures=True)
