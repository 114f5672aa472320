"""What an IPP printer says of itself and of a job, in our words (RFC 8011 §5.3.7, §5.4.11, §5.4.12). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from devices.device import DeviceBusy, DeviceError, DeviceFault, DeviceMissing
from devices.printer import CoverOpen, OutOfInk, OutOfPaper, PrinterJam

STOPPED = 5
HARMLESS = ("-report", "-warning")
PDF = "application/pdf"

TROUBLES: tuple[tuple[frozenset[str], type[DeviceError]], ...] = (
    (frozenset({"cover-open", "door-open", "interlock-open", "input-tray-missing"}), CoverOpen),
    (frozenset({"media-empty", "media-needed"}), OutOfPaper),
    (frozenset({"marker-supply-empty", "toner-empty", "marker-supply-missing"}), OutOfInk),
    (frozenset({"media-jam", "fuser-over-temp", "fuser-under-temp", "output-area-full", "output-tray-missing",
                "spool-area-full", "marker-waste-full", "developer-empty", "opc-life-over"}), PrinterJam),
    (frozenset({"offline", "connecting-to-device", "timed-out", "shutdown"}), DeviceMissing),
    (frozenset({"paused", "stopped-partly", "hold-new-jobs", "deactivated"}), DeviceFault),
)  # fmt: skip
"""By the keyword without its ending, the one to mend first on top."""

SEEN_BY_CUPS = "offline"
"""CUPS writes ``offline-report`` for a printer that does not answer it, and keeps the job for later: never for us."""

LOW = ("media-empty", "media-low", "toner-empty", "toner-low", "marker-supply-low", "developer-low")


class JobState(IntEnum):
    """The states of an IPP job."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


@dataclass(frozen=True)
class PageStatus:
    """What a printer says of itself. ``reasons``: its keywords; ``low``: a supply or the tray runs low."""

    stopped: bool
    accepting: bool
    reasons: tuple[str, ...]
    takes_pdf: bool = True
    model: str = ""
    firmware: str = ""

    @property
    def low(self) -> str:
        """The first supply that runs low, as its keyword; empty where none does."""
        return next((low for low in LOW for reason in self.reasons if reason.startswith(low)), "")

    @property
    def trouble(self) -> DeviceError | None:
        """Why nothing can be printed now; None when all is well."""
        known = named(reason for reason in self.reasons if self.stopped or stops(reason))
        if known is not None:
            return known
        if not self.takes_pdf:
            return DeviceFault("the printer takes no PDF")
        if self.stopped:
            return DeviceFault("stopped and gives no cause")
        return None if self.accepting else DeviceBusy("accepts no jobs now")

    @property
    def likely_cause(self) -> DeviceError | None:
        """What explains a job that does not come out, reasons that need not stop it (one of two trays) among them."""
        return named(self.reasons)


def named(reasons: Iterable[str]) -> DeviceError | None:
    """The error to mend first among these reasons; None where none of them keeps pages in."""
    given = {bare(reason) for reason in reasons}
    return next((error(", ".join(sorted(words & given))) for words, error in TROUBLES if words & given), None)


def bare(reason: str) -> str:
    """A keyword without -error, -warning, -report."""
    for ending in ("-error", *HARMLESS):
        reason = reason.removesuffix(ending)
    return reason


def stops(reason: str) -> bool:
    """True for a reason that keeps pages from coming out: no ending means an error too (RFC 8011 §5.4.12)."""
    return not reason.endswith(HARMLESS) or bare(reason) == SEEN_BY_CUPS


def status_of(attributes: dict[str, Any]) -> PageStatus:
    """The status in a printer's attributes; what is missing counts as well."""
    formats = _words(attributes.get("document-format-supported", PDF))
    return PageStatus(
        stopped=attributes.get("printer-state") == STOPPED,
        accepting=bool(attributes.get("printer-is-accepting-jobs", True)),
        reasons=tuple(reason for reason in _words(attributes.get("printer-state-reasons", ())) if reason != "none"),
        takes_pdf=PDF in formats,
        model=str(attributes.get("printer-make-and-model", "")),
        firmware=" ".join(_words(attributes.get("printer-firmware-string-version", ()))),
    )


def job_state_of(attributes: dict[str, Any]) -> JobState | None:
    """How far a job is; None where the printer says something that is no state of a job."""
    try:
        return JobState(int(attributes.get("job-state", 0)))
    except (TypeError, ValueError):
        return None


def jobs_named(answer: Iterable[object], name: str) -> tuple[int, ...]:
    """The numbers of the jobs with this name among those a printer lists."""
    jobs = [job for job in answer if isinstance(job, dict) and job.get("job-name") == name]
    return tuple(job["job-id"] for job in jobs if isinstance(job.get("job-id"), int))


def _words(value: object) -> tuple[str, ...]:
    """One keyword or several, as the library gives them."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(one) for one in value) if isinstance(value, Iterable) else ()
