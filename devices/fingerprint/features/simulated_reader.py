"""Real drivers in front of simulated feature sensors: lines ``simulated:split-nibble``, ``:7e42``, ``:wel-abc``.

An invented vendor's algorithm compares; the driver, the line and the frames are those of a real sensor.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import Clock, utc_now
from devices.fingerprint.features.address import parse_7e42, parse_split_nibble, parse_wel_abc
from devices.fingerprint.features.frame7e42 import open_7e42
from devices.fingerprint.features.frame7e42_simulated import SimulatedFrame7E42
from devices.fingerprint.features.reader import FeatureReader
from devices.fingerprint.features.simulated import LikenessMatcher, SimulatedFeatureSensor
from devices.fingerprint.features.split_nibble import open_split_nibble
from devices.fingerprint.features.split_nibble_simulated import SimulatedSplitNibble
from devices.fingerprint.features.wel_abc import open_wel_abc
from devices.fingerprint.features.wel_abc_simulated import SimulatedWelAbc
from devices.simulated_ports import SocketPort
from devices.tap import NO_TAP, Tap


@dataclass(frozen=True)
class SimulatedFeatures:
    """``reader`` for the kiosk, ``sensor`` for the dock (place and lift fingers, faults), ``port`` between them."""

    reader: FeatureReader
    sensor: SimulatedFeatureSensor
    port: SocketPort

    def close(self) -> None:
        """Close the reader, then the sensor's port."""
        self.reader.close()
        self.port.close()


def open_simulated_features(
    dialect: str, clock: Clock = utc_now, name: str = "fingerprint", tap: Tap = NO_TAP
) -> SimulatedFeatures:
    """A sensor on a free loopback port, already answering, and a reader for it that nobody attends to yet.

    ValueError: no such dialect.
    """
    simulators: dict[str, type[SimulatedFeatureSensor]] = {
        "split-nibble": SimulatedSplitNibble, "7e42": SimulatedFrame7E42, "wel-abc": SimulatedWelAbc,
    }  # fmt: skip
    if dialect not in simulators:
        raise ValueError(f"{dialect!r} is none of {', '.join(simulators)}")
    sensor = simulators[dialect]()
    port = SocketPort(sensor)
    port.start()
    parse, opened = {
        "split-nibble": (parse_split_nibble, open_split_nibble),
        "7e42": (parse_7e42, open_7e42),
        "wel-abc": (parse_wel_abc, open_wel_abc),
    }[dialect]
    return SimulatedFeatures(opened(parse(port.url), name, clock, tap=tap, matcher=LikenessMatcher()), sensor, port)
