"""The real driver in front of the simulated scanner: what a device line ``simulated:`` opens."""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import Clock, utc_now
from devices.scanner.address import Patience, parse_scanner
from devices.scanner.serial_scanner import PATIENCE, SerialScanner
from devices.scanner.simulated import ScannerModel, SimulatedCodeScanner
from devices.simulated_ports import SocketPort
from devices.tap import NO_TAP, Tap


@dataclass(frozen=True)
class SimulatedScanner:
    """``scanner`` for the kiosk, ``window`` for the dock (show and hide codes, faults), ``port`` between them."""

    scanner: SerialScanner
    window: SimulatedCodeScanner
    port: SocketPort

    def close(self) -> None:
        """Close the driver, then the scanner's port."""
        self.scanner.close()
        self.port.close()


def open_simulated(
    clock: Clock = utc_now,
    name: str = "scanner",
    model: ScannerModel | None = None,
    patience: Patience = PATIENCE,
    tap: Tap = NO_TAP,
) -> SimulatedScanner:
    """A scanner on a free loopback port, already answering, and a driver for it that nobody attends to yet."""
    window = SimulatedCodeScanner(model)
    port = SocketPort(window)
    port.start()
    address = parse_scanner(f"{window.model.family}:{port.url}")
    return SimulatedScanner(SerialScanner(address, name, clock, patience, tap), window, port)
