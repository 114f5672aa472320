"""Thermal printers that speak ESC/POS: the receipt goes out as dots, the printer's state comes back in bytes.

Chinese text is never sent as text. Commands: reference/serial-devices.md §3.1, states: §3.2, why: §3.3.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

from PIL import Image, ImageChops

from devices.device import Clock, DeviceError, DeviceGarbled, DeviceMissing, DeviceSilent, HealthBoard, utc_now
from devices.printer import Paper, Receipt
from devices.printer.address import PrinterAddress, parse_address
from devices.printer.raster import draw
from devices.printer.status import ASK_END, QUESTIONS, PrinterStatus, ask, is_end, is_status, read_status
from devices.printer.transports import Transport, connect
from devices.printer.typeface import Typeface, open_typeface

log = logging.getLogger(__name__)

INITIALISE = b"\x1b\x40"
FEED_AND_CUT = b"\x1d\x56\x42\x60"  # 12 mm on, then a partial cut: the slip hangs until it is taken
FORGET = b"\x10\x05\x02"  # DLE ENQ 2: drop what was not printed, so that the next resident never gets it
BAND = 64

ANSWER_LIMIT = 0.3
HEARTBEAT = 5.0
RETRY = 1.0
GLANCE = 0.25
STALE_READS = 16
ROWS_A_SECOND = 400  # 50 mm/s, the slowest paper transport sold
END_LIMIT = 30.0


def job_of(image: Image.Image) -> Iterator[bytes]:
    """The commands that print a picture of mode "1" (black is 0, width a multiple of 8) and cut the paper."""
    yield INITIALISE
    across = image.width // 8
    for top in range(0, image.height, BAND):
        rows = min(BAND, image.height - top)
        band = ImageChops.invert(image.crop((0, top, image.width, top + rows)))
        yield b"\x1d\x76\x30\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + band.tobytes()
    yield FEED_AND_CUT


class EscposPrinter:
    """A ReceiptPrinter at an ``escpos:`` address (see devices.printer.address; ValueError when it cannot be read).

    One lock a transaction, a limit on every wait, and no job is ever sent twice: after an error in mid-job its fate is
    unknown. A fault of the printer stands on the board until a heartbeat finds it mended.
    """

    def __init__(
        self, address: str, *, clock: Clock = utc_now, name: str = "printer", heartbeat: float = HEARTBEAT
    ) -> None:
        self.name = name
        self.board = HealthBoard(name, clock)
        self._address: PrinterAddress = parse_address(address)
        self._heartbeat = heartbeat
        self._lock = threading.Lock()
        self._typeface: Typeface | None = None
        self._transport: Transport | None = None
        self._tells_end: bool | None = None
        self._ended = False
        self._torn = 0  # dots a broken-off band may still be waiting for; NUL is no command
        self._paper = Paper.UNKNOWN

    def attend(self, stop: threading.Event) -> None:
        """One heartbeat, then a rest of ``heartbeat`` seconds; after a failure one of a second.

        Failures go to the board here, not to the caller: a printer switched on again is found within a second, however
        long it was off.
        """
        try:
            with self._lock:
                self._beat()
        except DeviceError as error:
            self.board.failed(error)
        until = time.monotonic() + (self._heartbeat if self.board.health.ready else RETRY)
        ready = self.board.health.ready
        while self.board.health.ready is ready and (left := until - time.monotonic()) > 0:
            if stop.wait(min(GLANCE, left)):
                return

    def paper(self) -> Paper:
        """The roll as the printer reports it now; as last heard while a job prints; UNKNOWN when it does not say."""
        if not self._lock.acquire(timeout=RETRY):
            return self._paper
        try:
            self._beat()
        except DeviceError as error:
            self.board.failed(error)
        finally:
            self._lock.release()
        return self._paper

    def print(self, receipt: Receipt) -> None:
        """Print and cut one receipt; returns when it is on paper, as far as the printer tells.

        ReceiptTooWide (a ValueError: the receipt's maker erred) comes before the printer is touched.
        """
        with self._lock:
            image = draw(receipt, self._address.width, self._face())
            try:
                self._beat()
                self._send(image)
            except DeviceError as error:
                log.warning("receipt %s: %s", receipt.number, type(error).__name__)
                self.board.failed(error)
                raise
        log.info("receipt %s printed", receipt.number)

    def close(self) -> None:
        """Let go of the port; the next use opens it again."""
        with self._lock:
            self._drop()

    def _face(self) -> Typeface:
        if self._typeface is None:
            self._typeface = open_typeface()
        return self._typeface

    def _beat(self) -> None:
        """See that the printer is well, connecting where needed; raise its trouble otherwise.

        A connection that died unnoticed (the printer was switched off and on) is opened once more.
        """
        used = self._transport is not None
        try:
            status = self._status()
        except (DeviceMissing, DeviceSilent):
            if not used:
                raise
            status = self._status()
        if status.trouble is not None:
            raise status.trouble
        self.board.ready("" if status.paper is Paper.PLENTY else f"paper {status.paper}")

    def _line(self) -> Transport:
        if self._transport is None:
            self._transport, self._tells_end = connect(self._address.place), None
            self._transport.write(bytes(self._torn))
            self._torn = 0
        return self._transport

    def _drop(self) -> None:
        if self._transport is not None:
            self._transport.close()
        self._transport, self._paper = None, Paper.UNKNOWN

    def _status(self) -> PrinterStatus:
        """Ask all four questions; DeviceSilent or DeviceGarbled when the first finds no answer."""
        answers: dict[int, int] = {}
        try:
            self._line().write(b"")
            for question in QUESTIONS if self._address.answers else ():
                answer = self._answer(question)
                if answer is not None:
                    answers[question] = answer
                elif question == 1:
                    raise DeviceSilent("no answer to a status request")
        except DeviceError:
            self._drop()
            raise
        status = read_status(answers)
        self._paper = status.paper
        return status

    def _answer(self, question: int) -> int | None:
        for _ in range(STALE_READS):
            if not self._read(0.001):
                break
        self._line().write(ask(question))
        until, noise = time.monotonic() + ANSWER_LIMIT, b""
        while (left := until - time.monotonic()) > 0:
            came = self._read(left)
            answer = next((byte for byte in came if is_status(byte)), None)
            if answer is not None:
                return answer
            noise += came
        if noise and question == 1:
            raise DeviceGarbled(f"{len(noise)} bytes that are no status")
        return None

    def _read(self, limit: float) -> bytes:
        """Bytes that came; notes on the way whether the end of the job was among them."""
        came = self._line().read(limit)
        self._ended = self._ended or any(is_end(byte) for byte in came)
        return came

    def _send(self, image: Image.Image) -> None:
        """Send the job and wait until it is on paper; on failure the rest of it is dropped, here and in the printer."""
        line = self._line()
        try:
            if self._address.answers and self._tells_end is None:
                self._tells_end = self._hears_end(ANSWER_LIMIT)
            self._torn = BAND * image.width // 8
            for part in job_of(image):
                line.write(part)
            if self._address.answers:
                self._await_end(image.height)
            self._torn = 0
        except DeviceError:
            self._forget()
            raise

    def _await_end(self, rows: int) -> None:
        """Wait for the answer behind the job, looking for trouble meanwhile (status answers overtake the job)."""
        until = time.monotonic() + (END_LIMIT if self._tells_end else 1 + rows / ROWS_A_SECOND)
        ended = self._hears_end(GLANCE)
        while True:
            trouble = self._status().trouble
            if trouble is not None:
                raise trouble
            if ended:
                return
            if time.monotonic() > until:
                break
            ended = self._waits_end(GLANCE)
        if self._tells_end:
            raise DeviceSilent("the job did not come to its end")

    def _hears_end(self, limit: float) -> bool:
        """Ask for a sign when everything before this is on paper, and wait for it."""
        self._ended = False
        self._line().write(ASK_END)
        return self._waits_end(limit)

    def _waits_end(self, limit: float) -> bool:
        until = time.monotonic() + limit
        while not self._ended and (left := until - time.monotonic()) > 0:
            self._read(left)
        return self._ended

    def _forget(self) -> None:
        try:
            if self._transport is not None and self._address.answers:
                self._transport.write(FORGET)
        except DeviceError:
            log.info("the printer took no order to drop the rest of the job")
        finally:
            self._drop()
