"""An ID-card reader, its cable and the real driver; with the loop that attends to it where a test asks for that."""

import sys
from dataclasses import dataclass

import pytest

from devices.id_card import IdCard
from devices.id_card.samv import SamvReader
from devices.id_card.samv_address import Patience, parse_samv
from devices.id_card.simulated import ModuleModel, SimulatedIdReader
from devices.id_card.simulated_cards import WrittenCard
from devices.simulated_ports import PtyPort, SensorPort, SocketPort
from tests.devices.booth import AttendedBooth, Listener, all_left

WIRES = ["socket"] if sys.platform == "win32" else ["pty", "socket"]
STEADY = Patience(answer=3.0, read=3.0, quiet=0.3, heartbeat=30.0, idle=0.02, poll=0.02)
HASTY = Patience(answer=0.15, read=0.15, quiet=0.1, heartbeat=30.0, idle=0.02, poll=0.02)
OUYANG = WrittenCard.of_resident("欧阳晓晴", "639900199001010020")


@dataclass
class Booth(AttendedBooth):
    module: SimulatedIdReader
    port: SensorPort
    reader: SamvReader
    tap: Listener

    @property
    def driver(self) -> SamvReader:
        return self.reader

    def read(self, seconds: float = 10.0) -> IdCard | None:
        return self.reader.read(seconds, self.cancelled)


@pytest.fixture
def build(tmp_path):
    """Make booths: ``build("pty" or "socket" or None, model, patience)``; all are left at the end."""
    with all_left() as booths:

        def make(wire=None, model=None, patience=STEADY) -> Booth:
            module = SimulatedIdReader(model or ModuleModel())
            on_pty = (wire or WIRES[0]) == "pty"
            place = tmp_path / f"reader{len(booths)}"
            port = PtyPort(module, place, 0.02) if on_pty else SocketPort(module, 0.02)
            port.start()
            tap = Listener()
            booths.append(Booth(module, port, SamvReader(parse_samv(port.url), patience=patience, tap=tap), tap))
            return booths[-1]

        yield make


@pytest.fixture
def booth(build):
    return build()
