"""The voice of the screen: recorded clips where a hall has them, offline speech where it has not, else silence."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.phrases import phrase
from kiosk.voice.engine import Engine, NoSpeech, Part
from kiosk.voice.packs import Pack, open_packs
from kiosk.voice.prompts import OwnWords, Prompt, catalogue, put_together
from kiosk.voice.prompts import bare as bare_words
from kiosk.voice.readings import INVISIBLE, spoken
from kiosk.voice.sound import Sound, joined

RATES = {"slow": 145, "normal": 175, "fast": 220}
"""Words a minute, as espeak counts. Measured in Mandarin: 3.0, 3.8 and 5.0 syllables a second."""
LONGEST_TEXT = 2000
LOOK_AT_SCREEN = phrase("请看屏幕")
USE_HEADPHONES = phrase("请插上耳机听")
CHINESE = "zh-CN"
HAN = re.compile(r"([\u3400-\u9fff][\u3000-\u303f\u3400-\u9fff\uff00-\uffef\d ]*)")
BETWEEN_LINES = 0.35

Texts = Callable[[str], list[str]]
"""The texts of the resident face in a language."""


@dataclass(frozen=True)
class Said:
    """What is heard. ``recorded``: all of it by a person."""

    sound: Sound
    recorded: bool


class Voice:
    """Says words; which words may be heard by whom is decided where they are asked for (kiosk/screens/voice.py).

    ``folders``: where packs stand, the machine's own first. ``preferred``: the pack played first for its language.
    """

    def __init__(self, engine: Engine, folders: tuple[Path, ...], texts: Texts, preferred: str = CHINESE) -> None:
        self.engine = engine
        self.packs, self.refused = open_packs(folders)
        self._texts = texts
        self._preferred = preferred
        self._own: dict[str, OwnWords] = {}
        self._lock = threading.Lock()

    def say(self, text: str, language: str, speed: str) -> Said:
        """Sound of ``text`` (lines), which is in ``language`` (a tag, "zh-CN"). Raises NoSpeech."""
        lines = [line for line in INVISIBLE.sub("", text[:LONGEST_TEXT]).splitlines() if line.strip()]
        rate = RATES[speed]
        found = [self._recorded(line, language) for line in lines]
        if all(found) and found:
            return Said(joined([sound for sound in found if sound is not None], BETWEEN_LINES), recorded=True)
        sounds = [sound or self._spoken(line, language, rate) for line, sound in zip(lines, found, strict=True)]
        if not sounds:
            raise NoSpeech("no words")
        return Said(joined(sounds, BETWEEN_LINES), recorded=False)

    def spoken(self, text: str, language: str) -> Sound:
        """How the machine itself reads a text. Raises NoSpeech."""
        return self._spoken(text, language, RATES["normal"])

    def packs_for(self, language: str) -> list[Pack]:
        """The packs of a language, the preferred one first."""
        found = [pack for pack in self.packs if pack.about.language == language]
        return sorted(found, key=lambda pack: (pack.tag != self._preferred, pack.tag != language))

    def prompts(self, pack: Pack) -> list[Prompt]:
        """What is to be recorded for a pack."""
        chinese = pack.about.language == CHINESE
        return catalogue(self._texts(pack.about.language), numbers=chinese)

    def _recorded(self, line: str, language: str) -> Sound | None:
        """A line from the clips of one speaker; None where a piece is lacking, outdated or broken."""
        said = bare_words(spoken(line) if language == CHINESE else line)
        for pack in self.packs_for(language):
            clips = pack.clips()
            if not clips:
                continue
            known = {bare_words(clip.words): key for key, clip in clips.items() if clip.words}
            known |= {bare_words(spoken(clip.words)): key for key, clip in clips.items() if clip.words}
            keys = put_together(said, known)
            sounds = [pack.sound(key) for key in keys or []]
            if sounds and all(sounds):
                return joined([sound for sound in sounds if sound is not None])
        return None

    def _spoken(self, line: str, language: str, rate: int) -> Sound:
        lexicon: dict[str, str] = {}
        for pack in reversed(self.packs_for(CHINESE)):
            lexicon |= pack.lexicon()
        return self.engine.speak(parts_of(line, language.partition("-")[0], lexicon), rate)

    def own_words(self, language: str) -> OwnWords:
        """The program's own words in a language."""
        with self._lock:
            if language not in self._own:
                texts = [*self._texts(language), *self._texts(CHINESE), LOOK_AT_SCREEN, USE_HEADPHONES]
                self._own[language] = OwnWords(texts)
            return self._own[language]

    def health(self) -> dict[str, Any]:
        """What ``/health`` says of the voice; nothing personal."""
        return {
            "engine": self.engine.trouble or ("ready" if self.engine.present else "none"),
            "clips": {pack.tag: len(pack.clips()) for pack in self.packs},
            "broken": {pack.tag: sorted(pack.broken) for pack in self.packs if pack.broken},
            "refused": self.refused,
        }


def parts_of(line: str, language: str, lexicon: dict[str, str]) -> list[Part]:
    """A line as the engine is told it: Chinese read out and put right; Chinese names stay Chinese."""
    if language == "zh":
        return [Part(language, put_right(spoken(line), lexicon))]
    pieces = [piece for piece in HAN.split(line) if piece.strip()]
    return [
        Part("zh", put_right(spoken(piece), lexicon)) if HAN.fullmatch(piece) else Part(language, piece)
        for piece in pieces
    ]


def put_right(text: str, lexicon: dict[str, str]) -> str:
    """Words of the lexicon in another spelling of the same sound; longer words win."""
    for word in sorted(lexicon, key=len, reverse=True):
        text = text.replace(word, lexicon[word])
    return text


__all__ = ["LOOK_AT_SCREEN", "USE_HEADPHONES", "NoSpeech", "Said", "Voice"]
