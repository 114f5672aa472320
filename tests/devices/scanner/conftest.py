"""A scanner, its cable, the real driver; with the loop that attends to it where a test asks for that."""

import sys
from dataclasses import dataclass, replace

import pytest

from devices.scanner import ScannedCode
from devices.scanner.address import Patience, parse_scanner
from devices.scanner.dialects import Gm65
from devices.scanner.serial_scanner import SerialScanner
from devices.scanner.simulated import ScannerModel, SimulatedCodeScanner
from devices.simulated_ports import PtyPort, SensorPort, SocketPort
from tests.devices.booth import AttendedBooth, Listener, all_left

WIRES = ["socket"] if sys.platform == "win32" else ["pty", "socket"]
FAMILIES = ["gm65", "newland"]
QUICK = Patience(silence=0.1, debounce=30.0, again=0.4, heartbeat=30.0, idle=0.02)


@dataclass
class Booth(AttendedBooth):
    window: SimulatedCodeScanner
    port: SensorPort
    scanner: SerialScanner
    tap: Listener

    @property
    def driver(self) -> SerialScanner:
        return self.scanner

    def scan(self, seconds: float = 10.0) -> ScannedCode | None:
        return self.scanner.scan(seconds, self.cancelled)


@pytest.fixture
def build(tmp_path):
    """Make booths: ``build("pty" or "socket" or None, model, query, patience, answer)``; all are left at the end.

    ``answer``: how many seconds a GM65 may take for a reply, where the usual one is too long for a test.
    """
    with all_left() as booths:

        def make(wire=None, model=None, query="", patience=QUICK, answer=0.0) -> Booth:
            window = SimulatedCodeScanner(model or ScannerModel())
            wire = wire or WIRES[0]
            place = tmp_path / f"scanner{len(booths)}"
            port = PtyPort(window, place, 0.02) if wire == "pty" else SocketPort(window, 0.02)
            port.start()
            tap = Listener()
            address = parse_scanner(f"{window.model.family}:{port.url}{query}")
            if answer:
                address = replace(address, dialect=Gm65(answer_seconds=answer))
            booths.append(Booth(window, port, SerialScanner(address, patience=patience, tap=tap), tap))
            return booths[-1]

        yield make


@pytest.fixture(params=FAMILIES)
def booth(build, request):
    return build(model=ScannerModel(request.param))
