"""How much a verification takes beyond what the line and the sensor need: the real driver, a sensor with a speed."""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench.figure import Figure, p50, p95
from bench.town import Town
from devices.fingerprint import FingerTemplate, MatchVerdict
from devices.fingerprint.ef01.address import parse_ef01
from devices.fingerprint.ef01.reader import Ef01Reader
from devices.fingerprint.simulated.model import MEASURED, ZFM20
from devices.fingerprint.simulated.pace import BITS, Pace, PacedPort
from devices.fingerprint.simulated.sensor import SensorModel, SimulatedSensor, template_of

TRIES = 12
RATES = (57600, 115200)
BAR = 1.1


class Line:
    """A tap that counts what crosses the line, and makes the driver wait while its own bytes do.

    A flushed serial port lets the driver go on when the last bit is out; the pseudo-terminal would at once.
    """

    def __init__(self, baud: int) -> None:
        self.bytes, self._baud = 0, baud

    def opened(self, baud: int) -> None:
        """Nothing to count."""
        del baud

    def sent(self, content: bytes) -> None:
        """Towards the sensor."""
        self.bytes += len(content)
        time.sleep(len(content) * BITS / self._baud)

    def came(self, content: bytes) -> None:
        """From the sensor."""
        self.bytes += len(content)

    def closed(self) -> None:
        """Nothing to count."""


@dataclass(frozen=True)
class Verification:
    """One try. ``line`` and ``sensor`` are what it cannot do without: seconds of the bytes, seconds of the work."""

    took: float
    line: float
    sensor: float

    @property
    def ratio(self) -> float:
        """1.0: not a moment lost."""
        return self.took / (self.line + self.sensor)


def verifications(model: SensorModel, query: str = "") -> list[Verification]:
    """The tries of one finger that lies on the glass already; the sensor was greeted before."""
    sensor = SimulatedSensor(model)
    sensor.place_finger("bench")
    line = Line(model.baud)
    with tempfile.TemporaryDirectory() as folder:
        port = PacedPort(sensor, Path(folder) / "sensor", pace=Pace(model.baud, host_waits=True))
        port.start()
        reader = Ef01Reader(parse_ef01(f"{port.url}?baud={model.baud}{query}"), tap=line)
        try:
            reader.attend(threading.Event())
            return [one(reader, sensor, line) for _ in range(TRIES)]
        finally:
            reader.close()
            port.close()


def one(reader: Ef01Reader, sensor: SimulatedSensor, line: Line) -> Verification:
    """One try, from the call to the overwritten buffers."""
    template = FingerTemplate("ef01", template_of("bench", sensor.model.template_size))
    crossed, worked, began = line.bytes, sensor.worked, time.perf_counter()
    result = reader.match(template, 10.0, lambda _hint: None, threading.Event())
    took = time.perf_counter() - began
    if result.verdict is not MatchVerdict.MATCHED:
        raise RuntimeError(f"the bench's own finger: {result.verdict}")
    return Verification(took, (line.bytes - crossed) * BITS / sensor.model.baud, sensor.worked - worked)


def figure(baud: int) -> Figure:
    """The figure at one speed; the template's way back counts as bytes on the line, for it crosses the line."""
    model = replace(ZFM20, baud=baud, working=MEASURED)
    tries, bare = verifications(model), verifications(model, "&verify=no")
    ratios = [each.ratio for each in tries]
    took, line, sensor = (p50([getattr(each, what) for each in tries]) for what in ("took", "line", "sensor"))
    without = p50([each.ratio for each in bare])
    return Figure(f"fingerprint verify at {baud} baud ÷ (line + sensor), p50 of {TRIES}", p50(ratios), "×", BAR,
                  f"p95 {p95(ratios):.3f}; {took:.2f} s = {line:.2f} line + {sensor:.2f} sensor + the rest; "
                  f"without the read-back {p50([each.took for each in bare]):.2f} s, {without:.3f}")  # fmt: skip


def figures(_town: Town) -> list[Figure]:
    """Both speeds."""
    return [figure(baud) for baud in RATES]
