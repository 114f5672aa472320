"""The conversation with one ESC/POS printer: connect when needed, ask, listen, hand over; every wait has a limit.

Commands: reference/serial-devices.md §3.1, states: §3.2. Not for two threads at once, but for ``close``. DeviceErrors
only; any of them drops the connection, and the next use opens it again. What a job that failed left in the printer is
dropped (DLE ENQ 2) on the connection it failed on, and first of all on every later one until the printer answers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from devices.device import DeviceError, DeviceGarbled, DeviceMissing, DeviceSilent
from devices.printer import Outlet, Paper
from devices.printer.address import PrinterAddress, StatusWay
from devices.printer.answers import Answer, Answers, AutoStatus, EndByte, FullStatus, StatusByte, read_name
from devices.printer.commands import (
    ASK_END,
    ASK_FULL_STATUS,
    FORGET,
    NAMES,
    QUESTIONS,
    REPORT,
    REPORT_NOTHING,
    ask,
    ask_name,
)
from devices.printer.connection import connect
from devices.printer.status import PrinterStatus, read_auto, read_outlet, read_status
from devices.printer.transports import Transport
from devices.tap import NO_TAP, Tap

log = logging.getLogger(__name__)

ANSWER_LIMIT = 0.3
JOB_ANSWER_LIMIT = 1.0  # a slow answer in mid-job must not cost a slip that is coming out
AT_ONCE = 0.001
STALE_READS = 16
SILENCE = 0.05  # after so long a quiet line, the rest of a packet is not coming any more
NAME_READS = 32


class EscposLine:
    """One printer's line. ``paper`` as last heard; ``reported``: what it told unasked last, None while it never did."""

    def __init__(self, address: PrinterAddress, tap: Tap = NO_TAP) -> None:
        self._address = address
        self._tap = tap
        self._transport: Transport | None = None
        self._answers = Answers()
        self._heard: list[Answer] = []
        self._told_to_report = False
        self._closed = threading.Event()
        self._in_job = False
        self._owes_forget = False  # a job failed, and the printer has not answered since it was told to drop the rest
        self._met = not address.answers  # a printer not heard before may hold what an earlier program left in it
        self._torn = 0  # dots a broken-off band may still be waiting for; NUL is no command
        self.tells_end: bool | None = None
        self.reported: PrinterStatus | None = None
        self.paper = Paper.UNKNOWN

    @property
    def reports(self) -> bool:
        """True where the printer is to report by itself."""
        return self._address.status is StatusWay.ASB

    @property
    def is_open(self) -> bool:
        """True while there is a connection."""
        return self._transport is not None

    def close(self) -> None:
        """Cut the line for good, from any thread: a job under way ends with DeviceMissing and sends no more."""
        self._closed.set()
        transport = self._transport
        if transport is not None:
            transport.close()

    def rest(self, seconds: float) -> None:
        """Wait; DeviceMissing when the line is cut meanwhile."""
        if self._closed.wait(seconds):
            raise DeviceMissing("closed")

    def drop(self) -> None:
        """Let go of the port."""
        if self._transport is not None:
            self._transport.close()
        self._transport, self.paper, self.reported = None, Paper.UNKNOWN, None
        self._answers = Answers()

    def status(self) -> PrinterStatus:
        """Ask all four questions; DeviceSilent or DeviceGarbled when the first finds no answer."""
        answers: dict[int, int] = {}
        with self._dropped_on_error():
            self._line().write(b"")
            for question in QUESTIONS if self._address.answers else ():
                answer = self._ask(question)
                if answer is not None:
                    answers[question] = answer
                    self._has_answered()
                elif question == 1:
                    raise DeviceSilent("no answer to a status request")
            if self.reports and not self._told_to_report:
                self._line().write(REPORT)  # not before the answers showed that this is a printer
                self._told_to_report = True
        status = read_status(answers)
        self.paper = status.paper
        return status

    def listen(self) -> PrinterStatus | None:
        """What the printer told by itself since the last look; None when nothing. Does not wait."""
        if self._transport is None:
            return None
        before = self.reported
        with self._dropped_on_error():
            self._read(AT_ONCE)
        if self.reported is None or self.reported is before:
            return None
        self.paper = self.reported.paper
        return self.reported

    def outlet(self) -> Outlet:
        """Whether a slip hangs out; UNKNOWN where the printer has no ticket sensor or does not answer now."""
        if not self._address.ticket:
            return Outlet.UNKNOWN
        with self._dropped_on_error():
            self._drain()
            self._line().write(ASK_FULL_STATUS)
            answer = self._await(FullStatus, ANSWER_LIMIT)
        return read_outlet(answer.packet) if isinstance(answer, FullStatus) else Outlet.UNKNOWN

    def names(self) -> dict[str, str]:
        """Model and firmware as the printer says them (GS I), as far as it answers; asked while it reports nothing."""
        if not self._address.answers:
            return {}
        with self._dropped_on_error():
            self._line().write(REPORT_NOTHING if self.reports else b"")
            said = {name: self._ask_name(number) for name, number in NAMES.items()}
            self._line().write(REPORT if self.reports else b"")
        return {name: text for name, text in said.items() if text}

    def send(self, part: bytes) -> None:
        """Hand over a piece of a job."""
        self._line().write(part)

    @contextmanager
    def job(self, torn: int) -> Iterator[None]:
        """Around a job: when it fails, the rest of it is dropped, here and in the printer. ``torn``: dots of a band."""
        self._in_job = True
        try:
            if self._address.answers and self.tells_end is None:
                self.tells_end = self.hears_end(ANSWER_LIMIT)
            self._torn = torn
            yield
            self._torn = 0
        except Exception:
            self._forget_job()
            raise
        finally:
            self._in_job = False

    def hears_end(self, limit: float) -> bool:
        """Ask for a sign when everything before this is on paper, and wait for it."""
        self._heard = [answer for answer in self._heard if not isinstance(answer, EndByte)]
        self._line().write(ASK_END)
        return self.waits_end(limit)

    def waits_end(self, limit: float) -> bool:
        """Wait for that sign."""
        return self._await(EndByte, limit) is not None

    def _line(self) -> Transport:
        if self._closed.is_set():
            raise DeviceMissing("closed")
        if self._transport is None:
            self._transport, self.tells_end = connect(self._address.place, self._tap), None
            if self._closed.is_set():  # while it was opened
                self.drop()
                raise DeviceMissing("closed")
            self._heard.clear()
            self._begin(self._transport)
            self._told_to_report = False
        return self._transport

    def _begin(self, transport: Transport) -> None:
        """Drop what a failed job left: behind half a picture too, which would take the order for dots."""
        owed = FORGET if self._owes_forget else b""
        transport.write(owed)
        transport.write(bytes(self._torn))
        transport.write(owed if self._torn else b"")
        self._torn = 0
        self._owes_forget = self._owes_forget and self._address.answers

    def _has_answered(self) -> None:
        self._owes_forget = False
        if not self._met:
            self._line().write(FORGET)
            self._met = True

    @contextmanager
    def _dropped_on_error(self) -> Iterator[None]:
        try:
            yield
        except DeviceError:
            if not self._in_job:  # the end of the job drops it, after the order to forget
                self.drop()
            raise

    def _ask(self, question: int) -> int | None:
        self._drain()
        noise = self._answers.noise
        self._line().write(ask(question))
        answer = self._await(StatusByte, JOB_ANSWER_LIMIT if self._in_job else ANSWER_LIMIT)
        if isinstance(answer, StatusByte):
            return answer.value
        if question == 1 and self._answers.noise > noise:
            raise DeviceGarbled(f"{self._answers.noise - noise} bytes that are no status")
        return None

    def _drain(self) -> None:
        """Hear what came late; answers to earlier questions are dropped, signs and reports are kept."""
        for _ in range(STALE_READS):
            if not self._read(AT_ONCE):
                break
        self._heard = [answer for answer in self._heard if isinstance(answer, EndByte)]

    def _await(self, kind: type[Answer], limit: float) -> Answer | None:
        """The first answer of a kind, taken out of what was heard; None when none came in time."""
        until = time.monotonic() + limit
        while True:
            for answer in self._heard:
                if isinstance(answer, kind):
                    self._heard.remove(answer)
                    return answer
            if (left := until - time.monotonic()) <= 0:
                return None
            self._read(left)

    def _read(self, limit: float) -> bytes:
        """Bytes that came, heard; a report among them becomes ``reported``."""
        came = self._line().read(limit)
        if not came and limit >= SILENCE:
            self._answers.forget()
        for answer in self._answers.hear(came):
            if isinstance(answer, AutoStatus):
                self.reported = read_auto(answer.packet)
            else:
                self._heard.append(answer)
        del self._heard[:-STALE_READS]
        return came

    def _ask_name(self, number: int) -> str:
        self._drain()
        self._line().write(ask_name(number))
        came, until = b"", time.monotonic() + ANSWER_LIMIT
        for _ in range(NAME_READS):
            left = until - time.monotonic()
            if left <= 0 or (came and came.endswith(b"\0")):
                break
            came += self._line().read(left)
        return read_name(came)

    def _forget_job(self) -> None:
        self._owes_forget = True
        try:
            if self._transport is not None:
                self._transport.write(FORGET)
        except DeviceError:
            log.info("the printer took no order to drop the rest of the job")
        finally:
            self.drop()
