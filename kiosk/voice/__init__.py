"""The voice of the screen: recorded clips where a hall has them, offline speech where it has not, else silence."""

from __future__ import annotations

from kiosk.voice.engine import Engine, NoSpeech, Part
from kiosk.voice.sound import Sound

RATES = {"slow": 125, "normal": 160, "fast": 205}
"""Words a minute, as espeak counts; 160 is about four Chinese syllables a second."""
LONGEST_TEXT = 2000
LOOK_AT_SCREEN = "请看屏幕"


class Voice:
    """Says words; which words may be heard by whom is decided where they are asked for (kiosk/screens/voice.py)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def say(self, text: str, language: str, speed: str) -> Sound:
        """Sound of ``text``, which is in ``language`` (a tag, "zh-CN"). Raises NoSpeech."""
        parts = [Part(language.partition("-")[0], text[:LONGEST_TEXT])]
        return self.engine.speak(parts, RATES[speed])


__all__ = ["LOOK_AT_SCREEN", "NoSpeech", "Sound", "Voice"]
