"""Real drivers in front of simulated feature sensors: device lines ``simulated:split-nibble``, ``simulated:7e42``.

An invented vendor's algorithm compares; the driver, the line and the frames are those of a real sensor.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import Clock, utc_now
from devices.fingerprint.feature_address import parse_7e42, parse_split_nibble
from devices.fingerprint.feature_reader import FeatureReader
from devices.fingerprint.feature_simulated import LikenessMatcher, SimulatedFeatureSensor
from devices.fingerprint.frame7e42 import open_7e42
from devices.fingerprint.frame7e42_simulated import SimulatedFrame7E42
from devices.fingerprint.simulated_ports import SocketPort
from devices.fingerprint.split_nibble import open_split_nibble
from devices.fingerprint.split_nibble_simulated import SimulatedSplitNibble
from devices.tap import NO_TAP, Tap

DIALECTS = ("split-nibble", "7e42")


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
    if dialect not in DIALECTS:
        raise ValueError(f"{dialect!r} is none of {', '.join(DIALECTS)}")
    sensor = SimulatedSplitNibble() if dialect == "split-nibble" else SimulatedFrame7E42()
    port = SocketPort(sensor)
    port.start()
    matcher = LikenessMatcher()
    if dialect == "split-nibble":
        reader = open_split_nibble(parse_split_nibble(port.url), name, clock, tap=tap, matcher=matcher)
    else:
        reader = open_7e42(parse_7e42(port.url), name, clock, tap=tap, matcher=matcher)
    return SimulatedFeatures(reader, sensor, port)
