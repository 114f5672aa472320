"""Offline speech for words that nobody recorded: espeak-ng 1.52, one child process an utterance, never the network.

The text goes through a pipe: it stands in no argument list, no file and no log. See docs/decisions/0027.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from kiosk.voice.sound import Sound
from kiosk.waiting import Turn, Waiting

log = logging.getLogger(__name__)

PACKAGE = "espeakng_loader"
LIBRARIES = ("libespeak-ng.so", "libespeak-ng.dylib", "espeak-ng.dll")
CHILD = Path(__file__).with_name("espeak_child.py")
TIME_LIMIT = 10.0
"""Seconds for one utterance; it takes about a tenth of one, and a library that hangs holds nobody longer."""
AT_ONCE = 2
VOICES = {"zh": "cmn", "yue": "yue", "en": "en", "ug": "ug", "bo": "", "ii": "", "mn": ""}
"""Espeak's voice by language; empty: it has none, and such words are silent (pinned by a test against the library)."""


class NoSpeech(Exception):
    """No sound can be made of this now; the message names why, and holds nothing of the text."""


@dataclass(frozen=True)
class Part:
    """Some words in one language ("zh", "en", "ug")."""

    language: str
    text: str


class Engine:
    """The library as this machine has it. ``folder``: where it stands; None: the installed package, if any."""

    def __init__(self, folder: Path | None = None, time_limit: float = TIME_LIMIT) -> None:
        self._folder = folder
        self._time_limit = time_limit
        self.waiting = Waiting(AT_ONCE)
        self.trouble = ""
        """Why the last utterance failed; empty when it did not."""

    @property
    def folder(self) -> Path | None:
        """Where the library stands; None where this machine has none."""
        if self._folder is not None:
            return self._folder
        found = util.find_spec(PACKAGE)
        places = found.submodule_search_locations if found else None
        return Path(next(iter(places))) if places else None

    @property
    def present(self) -> bool:
        """Whether there is anything that could speak."""
        return self._library() is not None

    def _library(self) -> Path | None:
        folder = self.folder
        places = (folder / name for name in LIBRARIES) if folder else ()
        return next((place for place in places if place.is_file()), None)

    def speaks(self, language: str) -> bool:
        """Whether words of this language can be spoken here."""
        return self.present and bool(VOICES.get(language))

    def speak(self, parts: list[Part], rate: int) -> Sound:
        """Sound of all parts, ``rate`` words a minute. Raises NoSpeech."""
        answer = self._asked([part for part in parts if VOICES.get(part.language)], rate, phonemes=False)
        samples = answer[4:]
        if not samples:
            raise self._failed("no sound came")
        self.trouble = ""
        return Sound(int.from_bytes(answer[:4], "little"), samples[: len(samples) // 2 * 2])

    def phonemes(self, part: Part) -> str:
        """How the library reads it, in its own names of sounds; for tests of the lexicon."""
        return self._asked([part], 160, phonemes=True).decode()

    def _asked(self, parts: list[Part], rate: int, *, phonemes: bool) -> bytes:
        folder, library = self.folder, self._library()
        if folder is None or library is None:
            raise self._failed("no speech library is installed")
        if not parts:
            raise NoSpeech("no voice for this language")
        order = {"rate": rate, "phonemes": phonemes, "parts": [(VOICES[part.language], part.text) for part in parts]}
        command = [sys.executable, "-I", "-S", str(CHILD), str(library), str(folder / "espeak-ng-data")]
        with self.waiting.turn(self._time_limit) as turn:
            if turn is Turn.OVERTAKEN:
                raise NoSpeech("something newer is to be said")
            if turn is Turn.TOO_LATE:
                raise self._failed("too much is being spoken at once")
            ended = self._ended(command, json.dumps(order).encode())
        if ended.returncode != 0:
            raise self._failed({3: "the library is older than 1.52", 4: "the library has no data"}.get(
                ended.returncode, f"its process ended with {ended.returncode}"
            ))  # fmt: skip
        return ended.stdout

    def _ended(self, command: list[str], order: bytes) -> subprocess.CompletedProcess[bytes]:
        """The child, told its order; of this process' environment it has what Windows itself needs, no settings."""
        needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
        try:
            return subprocess.run(  # noqa: S603  our own child, its words by stdin
                command, input=order, capture_output=True, timeout=self._time_limit, check=False, env=needed
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._failed(type(error).__name__) from None  # its own words would hold what was to be spoken

    def _failed(self, why: str) -> NoSpeech:
        if self.trouble != why:
            log.warning("speech: %s", why)
        self.trouble = why
        return NoSpeech(why)
