"""A hub as a child process: the ten-minute town starts its own county and ends it again."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS = 60.0
END_SECONDS = 10.0


class ChildDied(Exception):
    """The child cannot be had: it ended before it answered, or another program stands at its address."""


class ChildProcess:
    """``run.py`` with other words, alive inside a ``with`` block. It ends when this process ends, however that is."""

    def __init__(self, program: Path, arguments: list[str], health: str) -> None:
        self._command = [sys.executable, str(program), *arguments]
        self._health = health
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._answers():
            raise ChildDied(f"another program answers at {self._health} already")
        # A process group of its own: Ctrl-C reaches the parent only, which ends the child in order.
        if sys.platform == "win32":
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, creationflags=0x200)  # noqa: S603  our own program
        else:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603  our own program
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self._end()
                raise ChildDied(f"the child does not answer at {self._health}; its own words stand above")
            time.sleep(0.1)
        return self

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._health, timeout=2) as answer:  # noqa: S310  an address of our own settings
                return bool(answer.status == 200)  # noqa: PLR2004  HTTP's own word for well
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(END_SECONDS)
