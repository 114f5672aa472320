"""Invented recordings for the tests: tones of a length, as WAV bytes."""

from __future__ import annotations

import io
import math
import wave
from array import array


def tone(
    seconds: float = 0.6, *, rate: int = 22050, peak: int = 12000, channels: int = 1, silence: float = 0.0
) -> bytes:
    """A tone of 220 Hz with ``silence`` seconds before and behind it."""
    quiet = [0] * int(rate * silence)
    long = int(rate * seconds)
    second = [int(peak * math.sin(2 * math.pi * 220 * at / rate)) for at in range(min(rate, long))]
    loud = (second * (long // rate + 1))[:long]
    samples = array("h", (one for one in [*quiet, *loud, *quiet] for _ in range(channels)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()
