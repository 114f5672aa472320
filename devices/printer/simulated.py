"""A printer on a loopback socket or a pseudo-terminal, and the real driver in front of it."""

from __future__ import annotations

import select
import socket
import threading
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from devices.device import Clock, DeviceError, utc_now
from devices.printer import Begun, Receipt, nobody
from devices.printer.emulator import ROLL_ROWS, PaperMachine, PrinterFault
from devices.printer.escpos import EscposPrinter
from devices.printer.plugs import PtyPlug, TcpPlug
from devices.printer.raster import as_text
from devices.tap import NO_TAP, Tap

KEPT = 200
SLOW_PAUSE = 0.01  # a row: a third of the slowest real printer's speed
STEPS_AT_ONCE = 400


@dataclass(frozen=True)
class Sheet:
    """A piece of paper that came out: its picture, and the PNG file where papers are kept."""

    image: Image.Image
    path: Path | None


class PrinterEmulator:
    """A printer for any ESC/POS driver; ``url`` is what follows ``escpos:``. Runs from the constructor to ``close()``.

    ``pty=True`` puts it on a pseudo-terminal (not on Windows). A pty stays when the printer is OFF, as a cable does.
    ``sensor=True``: it knows whether a slip hangs in its slot, and says so (DLE EOT 20) until ``take_slip()``.
    """

    def __init__(self, keep_in: Path | None = None, *, pty: bool = False, sensor: bool = False) -> None:
        self.sheets: deque[Sheet] = deque(maxlen=KEPT)
        self._keep_in = keep_in
        self.sensor = sensor
        self._machine = PaperMachine(sensor=sensor)
        self._lock = threading.Lock()
        self._closing = False
        self._wake, self._woken = socket.socketpair()
        self._plug: TcpPlug | PtyPlug = PtyPlug() if pty else TcpPlug()
        self.url = self._plug.url
        self._thread = threading.Thread(target=self._run, name="printer-emulator", daemon=True)
        self._thread.start()

    @property
    def faults(self) -> frozenset[PrinterFault]:
        """What is wrong with it now."""
        return frozenset(self._machine.faults)

    @property
    def heard(self) -> Counter[bytes]:
        """How often each command came, by its first two bytes."""
        with self._lock:
            return Counter(self._machine.heard)

    @property
    def drawer_kicks(self) -> int:
        """How often the cash drawer was told to open. There is none at a kiosk: other things hang on that pin."""
        return self._machine.drawer_kicks

    @property
    def slip_hangs(self) -> bool:
        """True while its ticket sensor sees a slip."""
        return self._machine.hanging

    def take_slip(self) -> None:
        """Pull the slip out of the slot, as a resident does."""
        with self._lock:
            self._machine.hanging = False

    def suffer(self, *faults: PrinterFault) -> None:
        """Let these faults begin."""
        with self._lock:
            self._machine.faults = self._machine.faults | set(faults)
            if PrinterFault.OFF in faults:
                self._machine.forget()
        self._wake.send(b"!")

    def recover(self, *faults: PrinterFault) -> None:
        """Mend these faults, all when none is named, and go on with what waits."""
        with self._lock:
            self._machine.faults = self._machine.faults - set(faults or PrinterFault)
            if self._machine.paper_left == 0 or not faults or PrinterFault.OUT_OF_PAPER in faults:
                self._machine.paper_left = ROLL_ROWS
        self._wake.send(b"!")

    def load_paper(self, rows: int = ROLL_ROWS) -> None:
        """Put in a roll of so many rows of dots (8 a millimetre)."""
        with self._lock:
            self._machine.paper_left = rows
            self._machine.faults = self._machine.faults - {PrinterFault.OUT_OF_PAPER}
        self._wake.send(b"!")

    def tear_off(self) -> Sheet | None:
        """Take what hangs out uncut; None when nothing does."""
        with self._lock:
            if not self._machine.rows:
                return None
            self._machine.cut()
            self._collect()
            return self.sheets[-1]

    def close(self) -> None:
        """Switch off for good; returns when the thread has ended."""
        self._closing = True
        self._wake.send(b"!")
        self._thread.join(timeout=5)
        self._plug.pull()
        self._wake.close()
        self._woken.close()

    def _run(self) -> None:
        while not self._closing:
            with self._lock:
                slow = PrinterFault.SLOW in self._machine.faults
                self._plug.powered(on=PrinterFault.OFF not in self._machine.faults)
                pause = (SLOW_PAUSE if slow else 0.0) if self._machine.waiting else None
            ready = select.select([self._woken, *self._plug.listens()], [], [], pause)[0]
            if self._woken in ready:
                self._woken.recv(64)
            with self._lock:
                self._turn(slow=slow, heard=any(source is not self._woken for source in ready))

    def _turn(self, *, slow: bool, heard: bool) -> None:
        """Hear the line, answer, and print a little."""
        if heard:
            message = self._plug.hear()
            if message is None:
                self._machine.forget(steps=False)
            elif PrinterFault.OFF not in self._machine.faults:
                self._plug.say(self._machine.take(message))
        for _ in range(1 if slow else STEPS_AT_ONCE):
            if not self._machine.waiting:
                break
            answer = self._machine.advance()
            self._collect()
            self._plug.say(answer + self._machine.report())
        self._plug.say(self._machine.report())

    def _collect(self) -> None:
        for image in self._machine.cut_off:
            self.sheets.append(Sheet(image, _keep(self._keep_in, image)))
        self._machine.cut_off.clear()


def _keep(folder: Path | None, image: Image.Image) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"paper-{1 + len(list(folder.glob('paper-*.png'))):04d}.png"
    image.save(path)
    return path


@dataclass(frozen=True)
class KeptReceipt:
    """One receipt of the simulated printer; ``sheet`` is None when nothing came out, and may be torn after an error."""

    number: str
    text: str
    sheet: Sheet | None
    complete: bool


class _KeepingPrinter(EscposPrinter):
    """The real driver; what it was given and what came out are laid side by side."""

    def __init__(self, emulator: PrinterEmulator, kept: deque[KeptReceipt], clock: Clock, tap: Tap) -> None:
        super().__init__(emulator.url + ("?ticket=eot20" if emulator.sensor else ""), clock=clock, tap=tap)
        self._emulator = emulator
        self._kept = kept

    def print(self, receipt: Receipt, begun: Begun = nobody) -> None:
        self._emulator.sheets.clear()
        try:
            super().print(receipt, begun)
        except DeviceError:
            torn = self._emulator.tear_off() or next(iter(self._emulator.sheets), None)
            self._keep(receipt, torn, complete=False)
            raise
        self._keep(receipt, self._emulator.sheets[-1], complete=True)

    def _keep(self, receipt: Receipt, sheet: Sheet | None, *, complete: bool) -> None:
        text = as_text(receipt)
        if sheet is not None and sheet.path is not None:
            sheet.path.with_suffix(".txt").write_text(text, encoding="utf-8")
        self._kept.append(KeptReceipt(receipt.number, text, sheet, complete))


class SimulatedPrinter:
    """Emulator and real driver together. With ``keep_in`` every receipt lies there as paper-NNNN.png and .txt.

    ``sensor``: the emulator has a ticket sensor, and the driver asks it.
    """

    def __init__(
        self, keep_in: Path | None = None, *, clock: Clock = utc_now, sensor: bool = False, tap: Tap = NO_TAP
    ) -> None:
        self._kept: deque[KeptReceipt] = deque(maxlen=KEPT)
        self.emulator = PrinterEmulator(keep_in, sensor=sensor)
        self.printer: EscposPrinter = _KeepingPrinter(self.emulator, self._kept, clock, tap)

    @property
    def receipts(self) -> tuple[KeptReceipt, ...]:
        """The last receipts, oldest first."""
        return tuple(self._kept)

    def close(self) -> None:
        """End driver and emulator."""
        self.printer.close()
        self.emulator.close()
