"""What is said to an IPP printer (RFC 8011 §4.2, §4.3): how are you, print, how far, call it back.

All that concerns a job is said by the same user: CUPS lets nobody else call it back.

Errors leave as pyipp and the system raise them; devices.printer.page says what they mean.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from devices.device import DeviceGarbled
from devices.printer import Pages
from devices.printer.page_state import PDF, JobState, PageStatus, job_state_of, jobs_named, status_of

if TYPE_CHECKING:
    import pyipp

log = logging.getLogger(__name__)

ANSWER_LIMIT = 5.0
ASKED = [
    "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "document-format-supported",
    "printer-make-and-model", "printer-firmware-string-version",
]  # fmt: skip
USER = "kiosk"
UNKNOWN_OPERATION = 0x0501
ON_PAPER = {"copies": 1, "media": "iso_a4_210x297mm", "sides": "one-sided"}


async def asked_status(line: pyipp.IPP) -> PageStatus:
    """Get-Printer-Attributes: how the printer is."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    answer = await line.execute(
        IppOperation.GET_PRINTER_ATTRIBUTES, {"operation-attributes-tag": {"requested-attributes": ASKED}}
    )
    return status_of(_first(answer, "printers"))


async def asked_state(line: pyipp.IPP, job: int) -> JobState | None:
    """Get-Job-Attributes: how far the job is."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    answer = await line.execute(
        IppOperation.GET_JOB_ATTRIBUTES,
        {"operation-attributes-tag": {"job-id": job, "requested-attributes": ["job-state", "job-state-reasons"]}},
    )
    return job_state_of(_first(answer, "jobs"))


async def created(line: pyipp.IPP, pages: Pages) -> int | None:
    """Create-Job; its number at the printer, None where the printer knows no such operation.

    The number of the paper is all that its name says. It is tried and not looked up: pyipp takes an answer that lists
    an operation of the maker's own (operations-supported) for garbled.
    """
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page
    from pyipp.exceptions import IPPError  # noqa: PLC0415 - see devices.printer.page

    operation = {"requesting-user-name": USER, "job-name": pages.number}
    try:
        answer = await line.execute(
            IppOperation.CREATE_JOB, {"operation-attributes-tag": operation, "job-attributes-tag": ON_PAPER}
        )
    except IPPError as error:
        if {"status-code": UNKNOWN_OPERATION} in error.args:
            return None
        raise
    return _number(answer)


async def filled(line: pyipp.IPP, job: int, pages: Pages) -> None:
    """Send-Document: the pages of a job that was created, its only ones."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    operation = {"job-id": job, "requesting-user-name": USER, "document-format": PDF, "last-document": True}
    await line.execute(IppOperation.SEND_DOCUMENT, {"operation-attributes-tag": operation, "data": pages.pdf})


async def sent(line: pyipp.IPP, pages: Pages) -> int:
    """Print-Job, for printers that take no job by steps; its number at the printer."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    operation = {"requesting-user-name": USER, "job-name": pages.number, "document-format": PDF}
    return _number(
        await line.execute(
            IppOperation.PRINT_JOB,
            {"operation-attributes-tag": operation, "job-attributes-tag": ON_PAPER, "data": pages.pdf},
        )
    )


async def called_back(line: pyipp.IPP, name: str, job: int | None) -> None:
    """Cancel-Job, as far as the printer still listens; a job without a number (None) is looked for by its name."""
    from pyipp.exceptions import IPPError  # noqa: PLC0415 - see devices.printer.page

    try:
        async with asyncio.timeout(2 * ANSWER_LIMIT):
            for number in await _numbers_of(line, name) if job is None else (job,):
                await _cancelled(line, number)
    except (IPPError, OSError, TimeoutError) as error:
        log.warning("pages %s could not be called back: %s", name, type(error).__name__)


async def _numbers_of(line: pyipp.IPP, name: str) -> tuple[int, ...]:
    """Get-Jobs: our jobs of this name that are not over."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    operation = {
        "requesting-user-name": USER, "requested-attributes": ["job-id", "job-name"], "which-jobs": "not-completed",
    }  # fmt: skip
    answer = await line.execute(IppOperation.GET_JOBS, {"operation-attributes-tag": operation})
    return jobs_named(answer.get("jobs") or [], name)


async def _cancelled(line: pyipp.IPP, job: int) -> None:
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    operation = {"job-id": job, "requesting-user-name": USER}
    await line.execute(IppOperation.CANCEL_JOB, {"operation-attributes-tag": operation})


def _number(answer: dict[str, Any]) -> int:
    job = _first(answer, "jobs").get("job-id")
    if not isinstance(job, int):
        raise DeviceGarbled("the printer took the job and gave it no number")
    return job


def _first(answer: dict[str, Any], group: str) -> dict[str, Any]:
    found = answer.get(group) or [{}]
    return found[0] if isinstance(found[0], dict) else {}
