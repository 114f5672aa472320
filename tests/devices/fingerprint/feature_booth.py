"""A sensor that hands out features, its cable, the real driver, and the loop that attends to it."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.device import DeviceError, watch
from devices.fingerprint import FingerTemplate, Hint, MatchResult, MatchVerdict
from devices.fingerprint.features.address import FeaturePatience, parse_7e42, parse_split_nibble, parse_wel_abc
from devices.fingerprint.features.frame7e42 import open_7e42
from devices.fingerprint.features.frame7e42_simulated import FEATURE_SIZE, SimulatedFrame7E42
from devices.fingerprint.features.simulated import FeatureModel, LikenessMatcher, SimulatedFeatureSensor
from devices.fingerprint.features.split_nibble import open_split_nibble
from devices.fingerprint.features.split_nibble_simulated import SimulatedSplitNibble
from devices.fingerprint.features.wel_abc import open_wel_abc
from devices.fingerprint.features.wel_abc_simulated import ABC_WORDS, SimulatedWelAbc
from devices.fingerprint.simulated.fingers import template_of
from devices.simulated_ports import PtyPort, SensorPort, SocketPort
from devices.tap import NO_TAP

POLL = 0.02
QUICK = FeaturePatience(
    probe=0.6, capture=1.0, enrol=1.5, transfer=0.3, quiet=0.06, heartbeat=5.0, idle=0.05, poll=0.03
)
HASTY = replace(QUICK, probe=0.2, capture=0.25, enrol=0.25, transfer=0.1)
"""For what never answers in time. A sound sensor may miss it on a loaded machine: see ``Booth.in_the_end``."""
PARTS = {
    "split-nibble": (SimulatedSplitNibble, parse_split_nibble, open_split_nibble),
    "7e42": (SimulatedFrame7E42, parse_7e42, open_7e42),
    "wel-abc": (SimulatedWelAbc, parse_wel_abc, open_wel_abc),
}
SIZES = {"split-nibble": 256, "7e42": FEATURE_SIZE, "wel-abc": 256}
DIALECTS = ("split-nibble", "7e42")
"""Those that say why they refuse; the third is tried in test_wel_abc.py."""


def until(true: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait for something to become true; the limit is generous, machines are loaded."""
    latest = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < latest, "did not happen in time"
        time.sleep(0.01)


def model_of(dialect: str, **what: object) -> FeatureModel:
    words = {"words": ABC_WORDS} if dialect == "wel-abc" else {}
    return FeatureModel(**({"size": SIZES[dialect], "waits": 0.15, "late_seconds": 0.5} | words | what))


class Booth:
    """On a pseudo-terminal; ``wire="socket"`` for a line over TCP."""

    def __init__(
        self, dialect: str, wire: str = "pty", *, query: str = "", matcher: object = "likeness",
        tap=NO_TAP, patience: FeaturePatience = QUICK, **model: object,
    ) -> None:  # fmt: skip
        simulated, parse, opened = PARTS[dialect]
        self.dialect = dialect
        self.sensor: SimulatedFeatureSensor = simulated(model_of(dialect, **model))
        self.folder = tempfile.TemporaryDirectory(prefix="sensor-")
        on_pty = wire == "pty" and sys.platform != "win32"
        link = Path(self.folder.name) / "port"
        self.port: SensorPort = PtyPort(self.sensor, link, POLL) if on_pty else SocketPort(self.sensor, POLL)
        self.port.start()
        chosen = LikenessMatcher() if matcher == "likeness" else matcher
        self.reader = opened(parse(self.port.url + query), patience=patience, tap=tap, matcher=chosen)
        self.told: list[Hint] = []
        self.cancelled, self.stop = threading.Event(), threading.Event()
        self.watcher: threading.Thread | None = None

    def template(self, seed: str) -> FingerTemplate:
        return FingerTemplate(self.dialect, template_of(seed, SIZES[self.dialect]))

    def match(self, seed: str = "zhang", seconds: float = 5.0) -> MatchResult:
        return self.reader.match(self.template(seed), seconds, self.told.append, self.cancelled)

    def in_the_end(self, seed: str) -> MatchVerdict:
        """The verdict once the sensor is back, however slow this machine is."""
        latest = time.monotonic() + 20
        while True:
            try:
                verdict = self.match(seed).verdict
            except DeviceError:
                verdict = MatchVerdict.NO_FINGER
            if verdict is not MatchVerdict.NO_FINGER or time.monotonic() > latest:
                return verdict
            time.sleep(0.05)

    def attended(self) -> Self:
        self.watcher = threading.Thread(target=watch, args=(self.reader, self.stop), daemon=True)
        self.watcher.start()
        until(lambda: self.reader.board.health.ready)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        if self.watcher is not None:
            self.watcher.join(10)
        self.reader.close()
        self.port.close()
        self.folder.cleanup()
