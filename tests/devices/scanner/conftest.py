"""A scanner, its cable, the real driver; with the loop that attends to it where a test asks for that."""

import sys
import threading
from dataclasses import dataclass, field, replace

import pytest

from devices.device import watch
from devices.scanner import ScannedCode
from devices.scanner.address import Patience, parse_scanner
from devices.scanner.dialects import Gm65
from devices.scanner.serial_scanner import SerialScanner
from devices.scanner.simulated import ScannerModel, SimulatedCodeScanner
from devices.simulated_ports import PtyPort, SensorPort, SocketPort

WIRES = ["socket"] if sys.platform == "win32" else ["pty", "socket"]
FAMILIES = ["gm65", "newland"]
QUICK = Patience(silence=0.1, debounce=30.0, again=0.4, heartbeat=30.0, idle=0.02)


class HeardTap:
    """Keeps what a recorder would hear."""

    def __init__(self):
        self.sent_bytes, self.came_bytes = b"", b""

    def opened(self, baud):
        self.baud = baud

    def sent(self, content):
        self.sent_bytes += content

    def came(self, content):
        self.came_bytes += content

    def closed(self):
        self.baud = 0


@dataclass
class Booth:
    window: SimulatedCodeScanner
    port: SensorPort
    scanner: SerialScanner
    tap: HeardTap
    cancelled: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    watcher: threading.Thread | None = None

    def scan(self, seconds: float = 10.0) -> ScannedCode | None:
        return self.scanner.scan(seconds, self.cancelled)

    def attended(self) -> "Booth":
        self.watcher = threading.Thread(target=watch, args=(self.scanner, self.stop), daemon=True)
        self.watcher.start()
        return self

    def leave(self) -> None:
        self.stop.set()
        if self.watcher is not None:
            self.watcher.join(5)
        self.scanner.close()
        self.port.close()


@pytest.fixture
def build(tmp_path):
    """Make booths: ``build("pty" or "socket" or None, model, query, patience, answer)``; all are left at the end.

    ``answer``: how many seconds a GM65 may take for a reply, where the usual one is too long for a test.
    """
    booths = []

    def make(wire=None, model=None, query="", patience=QUICK, answer=0.0) -> Booth:
        window = SimulatedCodeScanner(model or ScannerModel())
        wire = wire or WIRES[0]
        place = tmp_path / f"scanner{len(booths)}"
        port = PtyPort(window, place, 0.02) if wire == "pty" else SocketPort(window, 0.02)
        port.start()
        tap = HeardTap()
        address = parse_scanner(f"{window.model.family}:{port.url}{query}")
        if answer:
            address = replace(address, dialect=Gm65(answer_seconds=answer))
        booths.append(Booth(window, port, SerialScanner(address, patience=patience, tap=tap), tap))
        return booths[-1]

    yield make
    for booth in booths:
        booth.stop.set()
    for booth in booths:
        booth.leave()


@pytest.fixture(params=FAMILIES)
def booth(build, request):
    return build(model=ScannerModel(request.param))
