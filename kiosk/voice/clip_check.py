"""Whether a recording can be used, and how it is made ready: mono, one rate, no silence, loud enough. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from types import MappingProxyType

from kiosk.voice.sound import BadSound, Sound, at_rate, read_wav

RATE = 22050
SHORTEST, LONGEST = 0.25, 30.0
WINDOW_SECONDS = 0.02
QUIET = 300
"""Below this mean a window of 16-bit samples is room noise."""
HUSHED = 1200
"""A recording whose loudest sample stays below was made with the microphone off or far away."""
FULL = 32700
OVERDRIVEN = 0.02
"""So much of a recording may stand at the stop of the scale."""
WANTED_PEAK = 24000
BREATH_SECONDS = 0.06
WHY: Mapping[str, str] = MappingProxyType(
    {
        "no wav": "不是 WAV 文件", "format": "要 16 位的 WAV", "cut off": "文件不完整", "too long": "太长，最多 30 秒",
        "too short": "太短，没有录到话", "silent": "没有声音，请看话筒", "overdriven": "声音太大，破音了，离话筒远些",
    }
)  # fmt: skip


def usable(content: bytes) -> Sound:
    """The recording made ready to be kept; raises BadSound with a key of WHY."""
    sound = read_wav(content)
    if sound.seconds > LONGEST:
        raise BadSound("too long")
    if sound.peak < HUSHED:
        raise BadSound("silent")
    samples = sound.samples
    if sum(1 for one in samples if abs(one) >= FULL) > OVERDRIVEN * len(samples):
        raise BadSound("overdriven")
    spoken = trimmed(at_rate(sound, RATE))
    if spoken.seconds < SHORTEST:
        raise BadSound("too short")
    return louder(spoken)


def trimmed(sound: Sound) -> Sound:
    """Without the silence before the first word and behind the last, but for a breath."""
    samples, step = sound.samples, max(1, int(sound.rate * WINDOW_SECONDS))
    loud = [at for at in range(0, len(samples), step) if mean(samples[at : at + step]) > QUIET]
    if not loud:
        return Sound(sound.rate, b"")
    breath = int(sound.rate * BREATH_SECONDS)
    return Sound.of(samples[max(0, loud[0] - breath) : loud[-1] + step + breath], sound.rate)


def mean(samples: array[int]) -> float:
    """How loud a stretch is: the mean of its samples without their sign."""
    return sum(map(abs, samples)) / len(samples) if samples else 0.0


def louder(sound: Sound) -> Sound:
    """Brought to the same peak as every other clip."""
    factor = WANTED_PEAK / max(1, sound.peak)
    return Sound.of(array("h", (int(one * factor) for one in sound.samples)), sound.rate)
