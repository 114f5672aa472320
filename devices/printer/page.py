"""A4 printers that speak IPP: queues of CUPS and driverless ("IPP Everywhere") printers alike (RFC 8011).

Messages are packed and unpacked by pyipp. Each call runs its own short event loop in the caller's thread; every wait in
it has a limit. No page is ever kept on disk here, and the tap never hears a document.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from devices.device import (
    Clock,
    DeviceBusy,
    DeviceError,
    DeviceFault,
    DeviceGarbled,
    DeviceMissing,
    DeviceSilent,
    HealthBoard,
    utc_now,
)
from devices.printer import Begun, Pages, nobody
from devices.printer.page_line import ANSWER_LIMIT, asked_state, asked_status, called_back, created, filled, sent
from devices.printer.page_state import JobState, PageStatus
from devices.tap import NO_TAP, Tap

if TYPE_CHECKING:
    import pyipp

log = logging.getLogger(__name__)

T = TypeVar("T")

JOB_LIMIT = 120.0
"""From the first byte to "completed": a slow printer warms up for half a minute."""
UPLOAD_LIMIT = 60.0
"""What a printer may need to take a document and say so: some answer when the last sheet is drawn."""
LATE_FOR_A_CAUSE = 40.0
"""A job that is not out by then is given up where the printer names a cause, for example that one tray is empty."""
LOOK_EVERY = 0.5
HEARTBEAT = 5.0
RETRY = 1.0
BUSY_CODES = frozenset({0x0506, 0x0507})
GONE_CODES = frozenset({0x0406, 0x0407, 404})


class IppPrinter:
    """A PagePrinter at an ``ipp://host:port/path`` or ``ipps://`` address; ValueError when it cannot be read.

    ``ipps`` hides what is said; it does not prove the printer, whose certificate is its own. No password is sent.

    A job that fails or is late is called back (Cancel-Job), so that nothing of it comes out beside the next resident.
    """

    def __init__(
        self,
        address: str,
        *,
        clock: Clock = utc_now,
        name: str = "page_printer",
        heartbeat: float = HEARTBEAT,
        job_limit: float = JOB_LIMIT,
        answer_limit: float = ANSWER_LIMIT,
        upload_limit: float = UPLOAD_LIMIT,
        tap: Tap = NO_TAP,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"ipp", "ipps"} or not parts.hostname or not parts.path.strip("/"):
            raise ValueError(
                f"page printer {address!r}: write ipp://host:port/path, for example ipp://10.0.0.9/ipp/print"
            )
        self.name = name
        self.board = HealthBoard(name, clock)
        self._address = address
        self._heartbeat, self._job_limit, self._answer_limit = heartbeat, job_limit, answer_limit
        self._upload_limit = max(upload_limit, answer_limit)
        self._tap = tap

    def attend(self, stop: threading.Event) -> None:
        """Ask once how the printer is, then rest; failures go to the board: it is found soon after it is back."""
        try:
            self._look()
        except DeviceError as error:
            self.board.failed(error)
        stop.wait(self._heartbeat if self.board.health.ready else RETRY)

    def print(self, pages: Pages, begun: Begun = nobody) -> None:
        """Print one document on A4; returns when the printer says it is complete."""
        try:
            _run(self._print(pages, begun))
        except DeviceError as error:
            log.warning("pages %s: %s", pages.number, type(error).__name__)
            self.board.failed(error)
            self.board.counted("jobs failed")
            raise
        self.board.counted("jobs printed")
        log.info("pages %s printed", pages.number)

    def close(self) -> None:
        """Nothing is held between calls."""

    def _look(self) -> None:
        status = _run(self._status())
        self.board.learned(
            **{name: fact for name, fact in (("model", status.model), ("firmware", status.firmware)) if fact}
        )
        if status.trouble is not None:
            raise status.trouble
        self.board.ready(status.low)

    async def _status(self) -> PageStatus:
        async with self._line() as line:
            return await self._asked(asked_status(line))

    async def _print(self, pages: Pages, begun: Begun) -> None:
        async with self._line(pages.pdf) as line:
            status = await self._asked(asked_status(line))
            if status.trouble is not None:
                raise status.trouble
            begun()
            began, job = time.monotonic(), None
            try:
                job = await self._asked(created(line, pages))
                if job is None:
                    job = await sent(line, pages)
                else:
                    await filled(line, job, pages)
                await self._completed(line, job, began)
            except Exception:
                await called_back(line, pages.number, job)
                raise

    async def _asked(self, act: Awaitable[T]) -> T:
        """What is short takes no longer than an answer may."""
        async with asyncio.timeout(self._answer_limit):
            return await act

    async def _completed(self, line: pyipp.IPP, job: int, began: float) -> None:
        """Look at job and printer until the pages are out; raise what keeps them in."""
        while (state := await self._asked(asked_state(line, job))) is not JobState.COMPLETED:
            status = await self._asked(asked_status(line))
            trouble = self._gave_up(state, status, time.monotonic() - began)
            if trouble is not None:
                raise trouble
            await asyncio.sleep(LOOK_EVERY)

    def _gave_up(self, state: JobState | None, status: PageStatus, seconds: float) -> DeviceError | None:
        """Why there is nothing more to wait for; None while there is. A printer is busy with this very job."""
        cause = status.likely_cause
        if state in (JobState.CANCELED, JobState.ABORTED):
            return cause or DeviceFault("the printer gave the job up")
        if status.trouble is not None and not isinstance(status.trouble, DeviceBusy):
            return status.trouble
        limit = min(LATE_FOR_A_CAUSE, self._job_limit) if cause else self._job_limit
        if state is JobState.STOPPED or seconds > limit:
            return cause or DeviceSilent(f"the job is not complete after {seconds:.0f} s")
        return None

    @asynccontextmanager
    async def _line(self, document: bytes = b"") -> AsyncIterator[pyipp.IPP]:
        """A connection for one act, heard by the tap without the document."""
        import aiohttp  # noqa: PLC0415 - loaded by halls that have an A4 printer
        import pyipp  # noqa: PLC0415 - see above

        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(self._hear(sent=True, without=document))
        trace.on_response_chunk_received.append(self._hear(sent=False, without=b""))
        self._tap.opened(0)
        try:
            limits = aiohttp.ClientTimeout(total=self._upload_limit, sock_connect=self._answer_limit)
            async with aiohttp.ClientSession(trace_configs=[trace], timeout=limits) as session:
                yield pyipp.IPP(self._address, session=session, request_timeout=ceil(self._upload_limit))
        finally:
            self._tap.closed()

    def _hear(self, *, sent: bool, without: bytes) -> Any:
        async def heard(_session: object, _context: object, passed: Any) -> None:
            chunk: bytes = passed.chunk
            words = chunk.removesuffix(without)
            if words:
                (self._tap.sent if sent else self._tap.came)(words)

        return heard


def _run(act: Coroutine[Any, Any, T]) -> T:
    """Run one act to its end; whatever goes wrong in it leaves as a DeviceError."""
    try:
        return asyncio.run(act)
    except DeviceError:
        raise
    except Exception as error:
        raise meaning_of(error) from error


def meaning_of(error: BaseException) -> DeviceError:
    """What an error of the libraries means for a clerk; a defect of ours is a DeviceFault that names itself."""
    from pyipp import exceptions  # noqa: PLC0415 - see IppPrinter._line

    chain = _causes(error)
    if any(isinstance(one, TimeoutError) for one in chain):
        return DeviceSilent("no answer in time")
    if isinstance(error, exceptions.IPPParseError):
        return DeviceGarbled("an answer that is not IPP")
    code = _code_of(error)
    if code in BUSY_CODES:
        return DeviceBusy("accepts no jobs now")
    if code in GONE_CODES or any(isinstance(one, OSError) for one in chain):
        return DeviceMissing(f"{type(error).__name__}: no such printer there")
    if isinstance(error, exceptions.IPPConnectionError):
        return DeviceMissing("the printer broke the connection off")
    return DeviceFault(f"refused: {type(error).__name__} {code:#06x}" if code else f"{type(error).__name__}: {error}")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    present: BaseException | None = error
    while present is not None and present not in found:
        found.append(present)
        present = present.__cause__ or present.__context__
    return found


def _code_of(error: BaseException) -> int:
    """The status code of IPP, or of HTTP, that an error of the library carries; 0 where none."""
    said = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code = said.get("status-code", 0)
    return int(code) if isinstance(code, int) else 0
