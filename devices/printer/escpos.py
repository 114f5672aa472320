"""Thermal printers that speak ESC/POS: the receipt goes out as dots, the printer's state comes back in bytes.

Chinese text is never sent as text; why: reference/serial-devices.md §3.3.
"""

from __future__ import annotations

import logging
import threading
import time

from PIL import Image

from devices.device import Clock, DeviceError, DeviceMissing, DeviceSilent, HealthBoard, utc_now
from devices.printer import Begun, Outlet, Paper, Receipt, nobody
from devices.printer.address import PrinterAddress, parse_address
from devices.printer.commands import BAND, job_of
from devices.printer.escpos_line import EscposLine
from devices.printer.raster import draw
from devices.printer.status import PrinterStatus
from devices.printer.typeface import Typeface, open_typeface
from devices.tap import NO_TAP, Tap

log = logging.getLogger(__name__)

HEARTBEAT = 5.0
RETRY = 1.0
GLANCE = 0.25
EAR = 0.3
ROWS_A_SECOND = 400  # 50 mm/s, the slowest paper transport sold
END_LIMIT = 30.0


class EscposPrinter:
    """A ReceiptPrinter at an ``escpos:`` address (see devices.printer.address; ValueError when it cannot be read).

    One lock a transaction, a limit on every wait, and no job is ever sent twice: after an error in mid-job its fate is
    unknown. A fault of the printer stands on the board until a heartbeat, or the printer itself, says it is mended.
    """

    def __init__(
        self,
        address: str,
        *,
        clock: Clock = utc_now,
        name: str = "printer",
        heartbeat: float = HEARTBEAT,
        tap: Tap = NO_TAP,
    ) -> None:
        self.name = name
        self.board = HealthBoard(name, clock)
        self._address: PrinterAddress = parse_address(address)
        self._line = EscposLine(self._address, tap)
        self._heartbeat = heartbeat
        self._lock = threading.Lock()
        self._typeface: Typeface | None = None
        self._asked_names = False

    @property
    def confirms(self) -> bool:
        """False for a printer that says nothing: what it was given is handed over, and no more is known."""
        return self._address.answers

    def attend(self, stop: threading.Event) -> None:
        """One heartbeat, then a rest of ``heartbeat`` seconds; after a failure one of a second.

        Failures go to the board here, not to the caller: a printer switched on again is found within a second, however
        long it was off. What the printer reports by itself meanwhile is on the board after a tenth of a second.
        """
        if not self._lock.acquire(timeout=RETRY):
            return  # a job prints: who prints it sees every trouble
        try:
            self._beat()
        except DeviceError as error:
            self.board.failed(error)
        finally:
            self._lock.release()
        ready = self.board.health.ready
        until = time.monotonic() + (self._heartbeat if ready else RETRY)
        while self.board.health.ready is ready and (left := until - time.monotonic()) > 0:
            if stop.wait(min(EAR if self._line.reports else GLANCE, left)):
                return
            self._listen()

    def paper(self) -> Paper:
        """The roll as the printer reports it now; as last heard while a job prints; UNKNOWN when it does not say."""
        if not self._lock.acquire(timeout=RETRY):
            return self._line.paper
        try:
            self._beat()
        except DeviceError as error:
            self.board.failed(error)
        finally:
            self._lock.release()
        return self._line.paper

    def outlet(self) -> Outlet:
        """Whether a slip hangs out; UNKNOWN while a job prints, and for printers that cannot tell."""
        if not self._lock.acquire(blocking=False):
            return Outlet.UNKNOWN
        try:
            return self._line.outlet()
        except DeviceError as error:
            self.board.failed(error)
            return Outlet.UNKNOWN
        finally:
            self._lock.release()

    def print(self, receipt: Receipt, begun: Begun = nobody) -> None:
        """Print and cut one receipt; returns when it is on paper, as far as the printer tells.

        One that tells nothing is given the time that the slowest paper transport takes for so long a slip.

        ReceiptTooWide (a ValueError: the receipt's maker erred) comes before the printer is touched.
        """
        with self._lock:
            image = draw(receipt, self._address.width, self._face())
            try:
                self._beat()
                self._send(image, begun)
            except DeviceError as error:
                log.warning("receipt %s: %s", receipt.number, type(error).__name__)
                self.board.failed(error)
                self.board.counted("jobs failed")
                raise
        self.board.counted("jobs printed")
        log.info("receipt %s %s", receipt.number, "printed" if self.confirms else "handed over, not confirmed")

    def close(self) -> None:
        """Let go of the port for good; waits for nobody: a job under way ends with DeviceMissing."""
        self._line.close()

    def _face(self) -> Typeface:
        if self._typeface is None:
            self._typeface = open_typeface()
        return self._typeface

    def _beat(self) -> None:
        """See that the printer is well, connecting where needed; raise its trouble otherwise.

        A connection that died unnoticed (the printer was switched off and on) is opened once more.
        """
        used = self._line.is_open
        try:
            status = self._line.status()
        except (DeviceMissing, DeviceSilent):
            if not used:
                raise
            status = self._line.status()
        if status.trouble is not None:
            raise status.trouble
        if not self._asked_names:
            self._asked_names = True  # once: a printer that does not answer this would cost every beat its wait
            self.board.learned(**self._line.names())
        self._well(status)

    def _well(self, status: PrinterStatus) -> None:
        self.board.ready("" if status.paper is Paper.PLENTY else f"paper {status.paper}")

    def _listen(self) -> None:
        """Put on the board what the printer reported by itself, or that it is gone; nothing while a job prints."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            status = self._line.listen()
            if status is not None and status.trouble is not None:
                self.board.failed(status.trouble)
            elif status is not None:
                self._well(status)
        except DeviceError as error:
            self.board.failed(error)
        finally:
            self._lock.release()

    def _send(self, image: Image.Image, begun: Begun) -> None:
        """Send the job and wait until it is on paper."""
        with self._line.job(torn=BAND * image.width // 8):
            begun()
            for part in job_of(image, self._address.cut, report=self._line.reports):
                self._line.send(part)
            if self._address.answers:
                self._await_end(image.height)
            else:
                self._line.rest(1 + image.height / ROWS_A_SECOND)

    def _await_end(self, rows: int) -> None:
        """Wait for the answer behind the job, looking for trouble meanwhile (status answers overtake the job)."""
        until = time.monotonic() + (END_LIMIT if self._line.tells_end else 1 + rows / ROWS_A_SECOND)
        ended = self._line.hears_end(GLANCE)
        while True:
            trouble = self._line.status().trouble
            if trouble is not None:
                raise trouble
            if ended:
                return
            if time.monotonic() > until:
                break
            ended = self._line.waits_end(GLANCE)
        if self._line.tells_end:
            raise DeviceSilent("the job did not come to its end")
