"""The recorder: hears what a driver says and hears (devices/tap.py) and writes a trace that names nobody.

Nothing reaches the disk before a scrubber has seen it. A trace file ends behind a megabyte, the next one begins with
new fakes, and of each kind the last few are kept. Off unless a hall asks for it.
"""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from devices.device import Clock
from devices.tap import NO_TAP, Tap
from devices.trace.card import CardScrubber
from devices.trace.ef01 import Ef01
from devices.trace.fakes import Fakes
from devices.trace.fingers import SevenE42, SplitNibble
from devices.trace.format import Exchange, Way, header_lines, line_of
from devices.trace.id_card import SamV
from devices.trace.printer import Escpos
from devices.trace.scanner import Scanner
from devices.trace.scrubber import Language, LineScrubber, Opaque, Said, Scrubber

log = logging.getLogger(__name__)

LARGEST_FILE = 1_000_000
KEPT_FILES = 5

LANGUAGES: Mapping[str, Callable[[Fakes], Language]] = MappingProxyType(
    {
        "ef01": Ef01, "split-nibble": SplitNibble, "7e42": SevenE42, "escpos": Escpos, "sam_v": SamV,
        "scanner": Scanner, "opaque": Opaque,
    }
)  # fmt: skip
KINDS: Mapping[str, str] = MappingProxyType(
    {"card": "apdu", "fingerprint": "ef01", "printer": "escpos", "id_card": "sam_v", "scanner": "scanner"}
)
"""The dialect of a kind of device, where its configuration line names none of the others."""
UNREADABLE = frozenset({"vendor", "wel-abc", "ipp", "ipps"})
"""Schemes of lines of which nothing is kept but lengths and times."""


def dialect_of(kind: str, line: str) -> str:
    """The dialect spoken at a configuration line; "opaque" where nobody can scrub it: then lengths and times alone."""
    schemes = line.split(":", 2)[:2]
    if any(scheme in UNREADABLE for scheme in schemes):
        return "opaque"
    return next((scheme for scheme in schemes if scheme in LANGUAGES), KINDS.get(kind, "opaque"))


def scrubber_of(dialect: str, fakes: Fakes) -> Scrubber:
    """The scrubber of a dialect; KeyError for one that nobody knows."""
    return CardScrubber(fakes) if dialect == "apdu" else LineScrubber(LANGUAGES[dialect](fakes))


class Recorder:
    """A Tap that writes one device's traces into a folder. Never raises: what goes wrong ends the recording, logged.

    ``header``: more lines for the beginning of each file, without anything personal.
    """

    def __init__(
        self, kind: str, dialect: str, folder: Path, clock: Clock, *, header: Mapping[str, str] | None = None,
        fakes: Callable[[], Fakes] = Fakes, largest: int = LARGEST_FILE,
    ) -> None:  # fmt: skip
        self._kind, self._dialect, self._folder, self._clock = kind, dialect, folder, clock
        self._header = header or {}
        self._fakes, self._largest = fakes, largest
        self._lock = threading.Lock()
        self._file: Path | None = None
        self._left = 0
        self._began = 0.0
        self._broken = False
        self._scrubber: Scrubber = scrubber_of(dialect, fakes())

    @property
    def file(self) -> Path | None:
        """The file written now; None before the line was first opened."""
        return self._file

    def opened(self, baud: int) -> None:
        """See Tap."""
        with self._lock:
            now = self._now()
            self._scrubber.opened()
            self._write(Exchange(now, Way.OPENED, baud=baud))

    def sent(self, content: bytes) -> None:
        """See Tap."""
        with self._lock:
            now = self._now()
            self._say(self._scrubber.sent(bytes(content), now))

    def came(self, content: bytes) -> None:
        """See Tap."""
        with self._lock:
            now = self._now()
            self._say(self._scrubber.came(bytes(content), now))

    def closed(self) -> None:
        """See Tap."""
        with self._lock:
            self._say(self._scrubber.rest())
            self._write(Exchange(self._now(), Way.CLOSED))

    def _say(self, said: list[Said]) -> None:
        for one in said:
            self._write(Exchange(one.at, one.way, one.parts, one.remark))

    def _now(self) -> float:
        """Seconds in the present file. A full one is left before anything is scrubbed: fakes belong to one file."""
        if self._file is None and not self._broken:
            self._begin()
        elif self._left < 0 and not self._broken:
            full = Exchange(time.monotonic() - self._began, Way.NOTE, remark="full; goes on in the next file")
            self._write(full)
            self._begin()
        return time.monotonic() - self._began

    def _write(self, exchange: Exchange) -> None:
        self._append(line_of(exchange) + "\n")

    def _append(self, text: str) -> None:
        if self._file is None or self._broken:
            return
        try:
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            self._stop(error)
        self._left -= len(text)

    def _begin(self) -> None:
        """A new file, with new fakes: what was X in the last one is Y here."""
        now = self._clock()
        header = {
            "kind": self._kind, "dialect": self._dialect, "recorded": f"{now:%Y-%m-%d}",
            "python": platform.python_version(), "system": platform.system(), **self._header,
        }  # fmt: skip
        self._began = time.monotonic()
        self._scrubber = scrubber_of(self._dialect, self._fakes())
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._free_name(f"{self._kind}-{now:%Y%m%d-%H%M%S}")
            text = header_lines(header)
            self._file.write_text(text, encoding="utf-8")
            self._left = self._largest - len(text)
            for old in sorted(self._folder.glob(f"{self._kind}-*.trace"))[:-KEPT_FILES]:
                old.unlink(missing_ok=True)
        except OSError as error:
            self._stop(error)

    def _free_name(self, stem: str) -> Path:
        found = sum(1 for _ in self._folder.glob(f"{stem}-*.trace"))
        return self._folder / f"{stem}-{found + 1:02d}.trace"

    def _stop(self, error: OSError) -> None:
        if not self._broken:
            log.error("the trace of %s ends: %s", self._kind, error)
        self._broken = True


def record_into(folder: Path, clock: Clock, header: Mapping[str, str] | None = None) -> Callable[[str, str], Tap]:
    """Taps for :func:`devices.open_devices` that record every kind whose dialect can be scrubbed."""

    def tap_of(kind: str, line: str) -> Tap:
        dialect = dialect_of(kind, line)
        if not line:
            return NO_TAP
        return Recorder(kind, dialect, folder, clock, header=header)

    return tap_of
