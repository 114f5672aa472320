"""The real driver in front of the simulated sensor: what a device line ``simulated:`` opens."""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import Clock, utc_now
from devices.fingerprint.ef01.address import Patience, parse_ef01
from devices.fingerprint.ef01.reader import PATIENCE, Ef01Reader
from devices.fingerprint.simulated.sensor import SensorModel, SimulatedSensor
from devices.simulated_ports import SocketPort
from devices.tap import NO_TAP, Tap


@dataclass(frozen=True)
class SimulatedFingerprint:
    """``reader`` for the kiosk, ``sensor`` for the dock (place and lift fingers, faults), ``port`` between them."""

    reader: Ef01Reader
    sensor: SimulatedSensor
    port: SocketPort

    def close(self) -> None:
        """Close the reader, then the sensor's port."""
        self.reader.close()
        self.port.close()


def open_simulated(
    clock: Clock = utc_now, name: str = "fingerprint", model: SensorModel | None = None, patience: Patience = PATIENCE,
    tap: Tap = NO_TAP,
) -> SimulatedFingerprint:  # fmt: skip
    """A sensor on a free loopback port, already answering, and a reader for it that nobody attends to yet."""
    sensor = SimulatedSensor(model)
    port = SocketPort(sensor)
    port.start()
    return SimulatedFingerprint(Ef01Reader(parse_ef01(port.url), name, clock, patience, tap), sensor, port)
