"""A sensor, its cable, the real driver and the loop that attends to it."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

import pytest

from devices.device import DeviceError
from devices.fingerprint import FingerTemplate, Hint, MatchResult
from devices.fingerprint.ef01.address import Patience, parse_ef01
from devices.fingerprint.ef01.reader import Ef01Reader
from devices.fingerprint.simulated.pace import PacedPort
from devices.fingerprint.simulated.sensor import SensorModel, SimulatedSensor, template_of
from devices.simulated_ports import PtyPort, SensorPort, SocketPort
from devices.tap import NO_TAP
from tests.devices.booth import AttendedBooth, all_left

WIRES = ["socket"] if sys.platform == "win32" else ["pty", "socket"]
POLL = 0.02
QUICK = Patience(
    answer=0.15,
    probe=0.12,
    shake=0.12,
    packet=0.15,
    boot=0.15,
    quiet=0.02,
    hush=0.3,
    receipt=0.015,
    idle=0.02,
    poll=0.02,
)
CALM = replace(QUICK, answer=5.0, probe=5.0, shake=5.0, packet=5.0)
"""For tests that count: nothing is asked twice because the machine is busy."""


def until(true: Callable[[], bool], seconds: float = 10.0) -> float:
    """Wait for something to become true; the seconds it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - start


def port_for(wire, sensor, link, poll) -> SensorPort:
    """``tuned``: a pseudo-terminal whose baud rate counts."""
    if wire == "socket":
        return SocketPort(sensor, poll)
    return (PacedPort if wire == "tuned" else PtyPort)(sensor, link, poll)


@dataclass
class Booth(AttendedBooth):
    sensor: SimulatedSensor
    port: SensorPort
    reader: Ef01Reader
    told: list[Hint] = field(default_factory=list)

    @property
    def driver(self) -> Ef01Reader:
        return self.reader

    def match(self, seed: str = "zhang", seconds: float = 1.0, size: int = 512) -> MatchResult:
        template = FingerTemplate("ef01", template_of(seed, size))
        return self.reader.match(template, seconds, self.told.append, self.cancelled)

    def once(self) -> "Booth":
        """One round of the watch, in this thread."""
        self.reader.attend(self.stop)
        return self

    def attends(self) -> bool:
        """One round of the watch; whether it went well."""
        try:
            self.once()
        except DeviceError as error:
            self.reader.board.failed(error)
        return self.reader.board.health.ready

    @property
    def facts(self):
        return self.reader.board.record.facts

    @property
    def counters(self):
        return self.reader.board.record.counters

    def attended(self) -> Self:
        super().attended()
        until(lambda: self.reader.board.health.ready)
        return self


@pytest.fixture
def build(tmp_path):
    """Make booths: ``build("pty" or "socket" or None, model, query)``; all are left at the end."""
    with all_left() as booths:

        def make(wire=None, model=None, query="", *, patience=QUICK, tap=NO_TAP, poll=POLL) -> Booth:
            sensor = SimulatedSensor(model or SensorModel())
            port = port_for(wire or WIRES[0], sensor, tmp_path / f"sensor{len(booths)}", poll)
            port.start()
            booths.append(Booth(sensor, port, Ef01Reader(parse_ef01(port.url + query), patience=patience, tap=tap)))
            return booths[-1]

        yield make


@pytest.fixture(params=WIRES)
def booth(build, request):
    return build(request.param)
