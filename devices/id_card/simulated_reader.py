"""The real driver in front of the simulated module: what a device line ``simulated:`` opens."""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import Clock, utc_now
from devices.id_card.samv import PATIENCE, SamvReader
from devices.id_card.samv_address import Patience, parse_samv
from devices.id_card.simulated import ModuleModel, SimulatedIdReader
from devices.simulated_ports import SocketPort
from devices.tap import NO_TAP, Tap


@dataclass(frozen=True)
class SimulatedIdCard:
    """``reader`` for the kiosk, ``module`` for the dock (lay and lift cards, faults), ``port`` between them."""

    reader: SamvReader
    module: SimulatedIdReader
    port: SocketPort

    def close(self) -> None:
        """Close the reader, then the module's port."""
        self.reader.close()
        self.port.close()


def open_simulated(
    clock: Clock = utc_now,
    name: str = "id_card",
    model: ModuleModel | None = None,
    patience: Patience = PATIENCE,
    tap: Tap = NO_TAP,
) -> SimulatedIdCard:
    """A module on a free loopback port, already answering, and a reader for it that nobody attends to yet."""
    module = SimulatedIdReader(model)
    port = SocketPort(module)
    port.start()
    return SimulatedIdCard(SamvReader(parse_samv(port.url), name, clock, patience, tap), module, port)
