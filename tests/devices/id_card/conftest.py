"""An ID-card reader, its cable and the real driver; with the loop that attends to it where a test asks for that."""

import sys
import threading
from dataclasses import dataclass, field

import pytest

from devices.device import watch
from devices.id_card import IdCard
from devices.id_card.samv import SamvReader
from devices.id_card.samv_address import Patience, parse_samv
from devices.id_card.simulated import ModuleModel, SimulatedIdReader
from devices.id_card.simulated_cards import WrittenCard
from devices.simulated_ports import PtyPort, SensorPort, SocketPort

WIRES = ["socket"] if sys.platform == "win32" else ["pty", "socket"]
STEADY = Patience(answer=3.0, read=3.0, quiet=0.3, heartbeat=30.0, idle=0.02, poll=0.02)
HASTY = Patience(answer=0.15, read=0.15, quiet=0.1, heartbeat=30.0, idle=0.02, poll=0.02)
OUYANG = WrittenCard.of_resident("欧阳晓晴", "639900199001010020")


class HeardTap:
    """Keeps what a recorder would hear."""

    def __init__(self):
        self.sent_bytes, self.came_bytes = [], []

    def opened(self, baud):
        self.baud = baud

    def sent(self, content):
        self.sent_bytes.append(content)

    def came(self, content):
        self.came_bytes.append(content)

    def closed(self):
        self.sent_bytes.append(b"closed")


@dataclass
class Booth:
    module: SimulatedIdReader
    port: SensorPort
    reader: SamvReader
    tap: HeardTap
    cancelled: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    watcher: threading.Thread | None = None

    def read(self, seconds: float = 10.0) -> IdCard | None:
        return self.reader.read(seconds, self.cancelled)

    def attended(self) -> "Booth":
        self.watcher = threading.Thread(target=watch, args=(self.reader, self.stop), daemon=True)
        self.watcher.start()
        return self

    def leave(self) -> None:
        self.stop.set()
        if self.watcher is not None:
            self.watcher.join(5)
        self.reader.close()
        self.port.close()


@pytest.fixture
def build(tmp_path):
    """Make booths: ``build("pty" or "socket" or None, model, patience)``; all are left at the end."""
    booths = []

    def make(wire=None, model=None, patience=STEADY) -> Booth:
        module = SimulatedIdReader(model or ModuleModel())
        wire = wire or WIRES[0]
        port = PtyPort(module, tmp_path / f"reader{len(booths)}", 0.02) if wire == "pty" else SocketPort(module, 0.02)
        port.start()
        tap = HeardTap()
        booths.append(Booth(module, port, SamvReader(parse_samv(port.url), patience=patience, tap=tap), tap))
        return booths[-1]

    yield make
    for booth in booths:
        booth.stop.set()
    for booth in booths:
        booth.leave()


@pytest.fixture
def booth(build):
    return build()
