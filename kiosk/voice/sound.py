"""Sound as the voice handles it: 16-bit mono samples at a rate, in and out of WAV. Pure."""

from __future__ import annotations

import io
import sys
import wave
from array import array
from dataclasses import dataclass

SAMPLE_BYTES = 2
MOST_SECONDS = 60.0


class BadSound(Exception):
    """Bytes that are no WAV we can use; the message is a key of kiosk.voice.clip_check's words."""


@dataclass(frozen=True)
class Sound:
    """Mono, 16 bits little-endian, ``rate`` samples a second."""

    rate: int
    pcm: bytes

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.pcm) / SAMPLE_BYTES / self.rate

    @property
    def samples(self) -> array[int]:
        """The samples, in this computer's order of bytes."""
        found = array("h", self.pcm)
        if sys.byteorder == "big":
            found.byteswap()
        return found

    @classmethod
    def of(cls, samples: array[int], rate: int) -> Sound:
        """Sound of samples."""
        copy = array("h", samples)
        if sys.byteorder == "big":
            copy.byteswap()
        return cls(rate, copy.tobytes())

    @property
    def peak(self) -> int:
        """The loudest sample, 0 to 32768."""
        samples = self.samples
        return max(*samples, -min(samples), 0) if samples else 0

    def wav(self) -> bytes:
        """As a WAV file."""
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(self.rate)
            file.writeframes(self.pcm)
        return out.getvalue()


def read_wav(content: bytes) -> Sound:
    """A WAV of 16 bits and one or two channels, as mono; raises BadSound ("no wav", "format", "cut off")."""
    try:
        with wave.open(io.BytesIO(content), "rb") as file:
            channels, width, rate, frames = file.getparams()[:4]
            if width != SAMPLE_BYTES or channels not in (1, 2) or not 8000 <= rate <= 96000:  # noqa: PLR2004  Hz
                raise BadSound("format")
            pcm = file.readframes(min(frames, int(rate * MOST_SECONDS)))
    except (wave.Error, EOFError, ValueError) as error:
        raise BadSound("no wav") from error
    if len(pcm) != min(frames, int(rate * MOST_SECONDS)) * width * channels:
        raise BadSound("cut off")
    sound = Sound(rate, pcm)
    return sound if channels == 1 else Sound.of(mixed(sound.samples), rate)


def mixed(samples: array[int]) -> array[int]:
    """Two channels as one."""
    return array("h", ((left + right) // 2 for left, right in zip(samples[::2], samples[1::2], strict=True)))


def at_rate(sound: Sound, rate: int) -> Sound:
    """The same at another rate: samples between two are drawn on the line between them, after a plain average."""
    if sound.rate == rate or not sound.pcm:
        return sound
    found, step = sound.samples, sound.rate / rate
    if step > 1:
        found = smoothed(found, round(step))
    many, last = int(len(found) / step), len(found) - 1
    made = array("h", bytes(SAMPLE_BYTES * many))
    for at in range(many):
        place = at * step
        left = int(place)
        right = min(left + 1, last)
        made[at] = int(found[left] + (found[right] - found[left]) * (place - left))
    return Sound.of(made, rate)


def smoothed(samples: array[int], width: int) -> array[int]:
    """A moving average over ``width`` samples: keeps what is too high for the lower rate from folding down."""
    if width <= 1:
        return samples
    made, total, window = array("h", bytes(SAMPLE_BYTES * len(samples))), 0, width
    for at, value in enumerate(samples):
        total += value - (samples[at - window] if at >= window else 0)
        made[at] = total // window
    return made


def joined(sounds: list[Sound], pause_seconds: float = 0.0) -> Sound:
    """One behind the other at the rate of the first, with a pause between."""
    rate = sounds[0].rate
    silence = bytes(SAMPLE_BYTES * int(rate * pause_seconds))
    return Sound(rate, silence.join(at_rate(sound, rate).pcm for sound in sounds))
