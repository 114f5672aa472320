"""Reading handwriting without a network: strokes to characters, by zinnia in a process of its own.

The process begins with the first strokes and ends when nobody wrote for a while, so that its model weighs nothing on a
machine on which nobody writes. Nothing that was written is kept, here or there.
"""

from __future__ import annotations

import ctypes.util
import json
import logging
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from kiosk.errors import HandwritingAway
from kiosk.waiting import Turn, Waiting

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("zinnia.py")
START_SECONDS, ANSWER_SECONDS = 10.0, 5.0
UNUSED_SECONDS = 90.0
CRASHES_AT_MOST = 5
"""So many in a row, and handwriting is not offered any more until the program starts anew."""
Strokes = list[list[tuple[int, int]]]


class Reader:
    """One process that reads. ``ask`` raises HandwritingAway where it ended or does not answer in time."""

    def __init__(self, library: str, model: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-I", str(PROGRAM), library, model], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8", env={},
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process.stdout,), name="handwriting", daemon=True).start()
        try:
            self._next_line(START_SECONDS)
        except HandwritingAway:
            self.close()
            raise

    def _listen(self, out: IO[str]) -> None:
        with out:
            for line in out:
                self._lines.put(line)
        self._lines.put("")

    def _next_line(self, seconds: float) -> str:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty as error:
            raise HandwritingAway(f"the reader of handwriting was silent for {seconds} s") from error
        if not line:
            raise HandwritingAway("the reader of handwriting ended")
        return line

    def ask(self, strokes: Strokes) -> tuple[str, ...]:
        """The characters these strokes may be."""
        asked = self._process.stdin
        try:
            if asked is None or self._process.poll() is not None:
                raise HandwritingAway("the reader of handwriting ended")
            asked.write(json.dumps(strokes) + "\n")
            asked.flush()
        except OSError as error:
            raise HandwritingAway("the reader of handwriting ended") from error
        return tuple(json.loads(self._next_line(ANSWER_SECONDS)))

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def close(self) -> None:
        """End it, however it is."""
        self._process.kill()
        self._process.wait(timeout=5)
        if self._process.stdin:
            self._process.stdin.close()


class Handwriting:
    """Handwriting as this machine has it. ``library``: a name or a path; ``model``: a file; empty: none."""

    def __init__(self, library: str, model: str, unused_seconds: float = UNUSED_SECONDS) -> None:
        self._library, self._model = library, model
        self._unused_seconds = unused_seconds
        self.waiting = Waiting(at_once=1)
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._ending: threading.Timer | None = None
        self._crashes = 0
        self._absent: str | None = None

    @property
    def absent(self) -> str:
        """Why it is not offered; empty where it is."""
        if self._absent is None:
            self._absent = self._looked_for()
        return self._absent if self._crashes < CRASHES_AT_MOST else "the reader of handwriting ends again and again"

    def _looked_for(self) -> str:
        if not self._model:
            return "switched off"
        if not Path(self._model).is_file():
            return f"{self._model} is missing (package tegaki-zinnia-simplified-chinese)"
        known = Path(self._library).is_file() or ctypes.util.find_library(self._library)
        return "" if known else f"the library {self._library} is missing (package libzinnia0)"

    @property
    def process(self) -> int | None:
        """The process that reads just now."""
        reader = self._reader
        return reader.pid if reader else None

    def read(self, strokes: Strokes) -> tuple[str, ...]:
        """The characters that ``strokes`` may be, the likeliest first; raises HandwritingAway.

        ``strokes``: points in thousandths of the field, at least one stroke of at least one point.
        """
        if self.absent:
            raise HandwritingAway(self.absent)
        with self.waiting.turn(START_SECONDS + ANSWER_SECONDS) as turn:
            if turn is Turn.OVERTAKEN:
                raise HandwritingAway("something newer was written")
            if turn is Turn.TOO_LATE:
                raise HandwritingAway("something else is being read")
            with self._lock:
                return self._read(strokes)

    def _read(self, strokes: Strokes) -> tuple[str, ...]:
        try:
            self._reader = self._reader or Reader(self._named_library(), self._model)
            found = self._reader.ask(strokes)
        except HandwritingAway as error:
            self._crashes += 1
            log.warning("handwriting: %s", error)
            self._end()
            raise
        self._crashes = 0
        self._end_later()
        return found

    def _named_library(self) -> str:
        return self._library if Path(self._library).is_file() else ctypes.util.find_library(self._library) or ""

    def _end_later(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending = threading.Timer(self._unused_seconds, self.close)
        self._ending.daemon = True
        self._ending.start()

    def _end(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def close(self) -> None:
        """End the process; the next strokes begin another."""
        with self._lock:
            if self._ending is not None:
                self._ending.cancel()
            self._end()
