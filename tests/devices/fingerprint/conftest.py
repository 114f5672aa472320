"""A sensor, its cable, the real driver and the loop that attends to it."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from devices.device import watch
from devices.fingerprint import FingerTemplate, Hint, MatchResult
from devices.fingerprint.ef01 import Ef01Reader
from devices.fingerprint.ef01_address import Patience, parse_ef01
from devices.fingerprint.simulated import SensorModel, SimulatedSensor, template_of
from devices.fingerprint.simulated_ports import PtyPort, SensorPort, SocketPort

WIRES = ["socket"] if sys.platform == "win32" else ["pty", "socket"]
POLL = 0.02
QUICK = Patience(answer=0.25, probe=0.2, packet=0.3, quiet=0.03, receipt=0.015, idle=0.05, poll=0.02)


def until(true: Callable[[], bool], seconds: float = 2.0) -> float:
    """Wait for something to become true; the seconds it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - start


@dataclass
class Booth:
    sensor: SimulatedSensor
    port: SensorPort
    reader: Ef01Reader
    told: list[Hint] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    watcher: threading.Thread | None = None

    def match(self, seed: str = "zhang", seconds: float = 1.0, size: int = 512) -> MatchResult:
        template = FingerTemplate("ef01", template_of(seed, size))
        return self.reader.match(template, seconds, self.told.append, self.cancelled)

    def attended(self) -> "Booth":
        self.watcher = threading.Thread(target=watch, args=(self.reader, self.stop), daemon=True)
        self.watcher.start()
        until(lambda: self.reader.board.health.ready)
        return self

    def leave(self) -> None:
        self.stop.set()
        if self.watcher is not None:
            self.watcher.join(3)
        self.reader.close()
        self.port.close()


@pytest.fixture
def build(tmp_path):
    """Make booths: ``build("pty" or "socket" or None, model, query)``; all are left at the end."""
    booths = []

    def make(wire=None, model=None, query="", patience=QUICK) -> Booth:
        sensor = SimulatedSensor(model or SensorModel())
        wire = wire or WIRES[0]
        port = PtyPort(sensor, tmp_path / f"sensor{len(booths)}", POLL) if wire == "pty" else SocketPort(sensor, POLL)
        port.start()
        booths.append(Booth(sensor, port, Ef01Reader(parse_ef01(port.url + query), patience=patience)))
        return booths[-1]

    yield make
    for booth in booths:
        booth.stop.set()
    for booth in booths:
        booth.leave()


@pytest.fixture(params=WIRES)
def booth(build, request):
    return build(request.param)
