"""A pseudo-terminal with a speed: ten bits a byte at the sensor's baud rate, and nothing but rubbish at another."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from devices.fingerprint.simulated.sensor import SimulatedSensor
from devices.simulated_ports import POLL_SECONDS, Answer, PtyPort, PtyWire, Wire

BITS = 10
PIECE = 16


class Pace:
    """Keeps to a schedule of its own, so that a sleep that was too long is not paid for twice.

    ``host_waits``: the host's own end takes the time of what it sends, as a serial port that is flushed does and a
    pseudo-terminal does not.
    """

    def __init__(self, baud: int, *, host_waits: bool = False) -> None:
        self._byte = BITS / baud
        self._host_waits = host_waits
        self._heard = self._said = 0.0

    def hear(self, count: int) -> None:
        """Wait until so many bytes, read from the host just now, would have crossed the line."""
        crossing = 0.0 if self._host_waits else count * self._byte
        self._heard = max(self._heard, time.monotonic()) + crossing
        _sleep_until(self._heard)

    def work(self, seconds: float) -> None:
        """Let the sensor work, from the moment it had heard everything."""
        self._said = max(self._said, self._heard) + seconds
        _sleep_until(self._said)

    def say(self, wire: bytes, write: Callable[[bytes], None]) -> None:
        """Write each piece at the moment its last byte would have crossed."""
        self._said = max(self._said, self._heard)
        for start in range(0, len(wire), PIECE):
            piece = wire[start : start + PIECE]
            self._said += len(piece) * self._byte
            _sleep_until(self._said)
            write(piece)


def _sleep_until(moment: float) -> None:
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)


class PacedPort(PtyPort):
    """The sensor behind a pseudo-terminal whose speed counts; with a ``pace``, bytes and work take their time, too."""

    def __init__(
        self, sensor: SimulatedSensor, link: Path, poll: float = POLL_SECONDS, *, pace: Pace | None = None
    ) -> None:
        super().__init__(sensor, link, poll)
        self._baud, self._pace = sensor.model.baud, pace

    def _take(self, wire: Wire) -> bytes | None:
        came = super()._take(wire)
        if came and isinstance(wire, PtyWire) and not wire.heard_at(self._baud):
            came = bytes(byte ^ 0x5A for byte in came)  # bits sampled at another speed are other bits
        if came and self._pace is not None:
            self._pace.hear(len(came))
        return came

    def _send(self, wire: Wire, answer: Answer) -> None:
        if self._pace is None:
            super()._send(wire, answer)
            return
        self._pace.work(answer.delay)
        self._pace.say(answer.wire, wire.write)
