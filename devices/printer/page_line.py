"""The four things said to an IPP printer (RFC 8011 §4.2, §4.3): how are you, print, how far, call it back.

Errors leave as pyipp and the system raise them; devices.printer.page says what they mean.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from devices.device import DeviceGarbled
from devices.printer import Pages
from devices.printer.page_state import PDF, JobState, PageStatus, job_state_of, status_of

if TYPE_CHECKING:
    import pyipp

log = logging.getLogger(__name__)

ANSWER_LIMIT = 5.0
ASKED = [
    "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "document-format-supported",
    "printer-make-and-model", "printer-firmware-string-version",
]  # fmt: skip


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


async def sent(line: pyipp.IPP, pages: Pages) -> int:
    """Print-Job; the job's number at the printer. The number of the paper is all that its name says."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page

    answer = await line.execute(
        IppOperation.PRINT_JOB,
        {
            "operation-attributes-tag": {
                "requesting-user-name": "kiosk", "job-name": pages.number, "document-format": PDF,
            },
            "job-attributes-tag": {"copies": 1, "media": "iso_a4_210x297mm", "sides": "one-sided"},
            "data": pages.pdf,
        },
    )  # fmt: skip
    job = _first(answer, "jobs").get("job-id")
    if not isinstance(job, int):
        raise DeviceGarbled("the printer took the job and gave it no number")
    return job


async def called_back(line: pyipp.IPP, job: int) -> None:
    """Cancel-Job, as far as the printer still listens."""
    from pyipp.enums import IppOperation  # noqa: PLC0415 - see devices.printer.page
    from pyipp.exceptions import IPPError  # noqa: PLC0415 - see devices.printer.page

    try:
        async with asyncio.timeout(ANSWER_LIMIT):
            await line.execute(IppOperation.CANCEL_JOB, {"operation-attributes-tag": {"job-id": job}})
    except (IPPError, OSError, TimeoutError) as error:
        log.info("job %d could not be called back: %s", job, type(error).__name__)


def _first(answer: dict[str, Any], group: str) -> dict[str, Any]:
    found = answer.get(group) or [{}]
    return found[0] if isinstance(found[0], dict) else {}
