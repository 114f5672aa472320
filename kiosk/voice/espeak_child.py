"""The speech library in a process of its own: text in on stdin, sound out on stdout. A crash ends nothing else.

Started by kiosk/voice/engine.py as a plain file with ``-I -S``: it imports nothing of ours. Arguments: the library and
its folder of data. stdin: JSON ``{"rate": words a minute, "parts": [[voice, text], …], "phonemes": bool}``. stdout: the
sample rate (4 bytes, little-endian) and 16-bit mono samples; with ``phonemes`` their names as UTF-8 text instead.
Calls and constants: speak_lib.h of espeak-ng 1.52.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys

SYNCHRONOUS = 2
DO_NOT_EXIT = 0x8000
UTF8 = 1
CHARACTERS = 1
END_PAUSE = 0x1000
RATE = 1
OLDEST = (1, 52)
"""Earlier ones read most of Mandarin as English letters (measured with 1.51)."""
WRONG_LIBRARY, NO_DATA = 3, 4
LONGEST_SECONDS = 120

SAMPLES = ctypes.POINTER(ctypes.c_short)
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, SAMPLES, ctypes.c_int, ctypes.c_void_p)


def new_enough(told: bytes) -> bool:
    """Whether the library of this version ("1.52.0", "1.52.1-dev") reads Mandarin."""
    found = re.match(rb"(\d+)\.(\d+)", told)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def opened(library: str, folder: str) -> tuple[ctypes.CDLL, int]:
    """The library, ready, and its sample rate. Ends the process where it is too old for Mandarin, or has no data."""
    speech = ctypes.CDLL(library)
    speech.espeak_Info.restype = ctypes.c_char_p
    if not new_enough(speech.espeak_Info(None)):
        sys.exit(WRONG_LIBRARY)
    rate = speech.espeak_Initialize(SYNCHRONOUS, 0, folder.encode(), DO_NOT_EXIT)
    if rate <= 0:
        sys.exit(NO_DATA)
    return speech, rate


def sound_of(speech: ctypes.CDLL, rate: int, parts: list[list[str]]) -> bytes:
    """All parts, one behind the other; what is longer than two minutes is cut off."""
    collected = bytearray()

    def take(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            collected.extend(ctypes.string_at(samples, 2 * count))
        return int(len(collected) > 2 * rate * LONGEST_SECONDS)

    callback = CALLBACK(take)
    speech.espeak_SetSynthCallback(callback)
    for voice, text in parts:
        if speech.espeak_SetVoiceByName(voice.encode()) == 0:
            words = text.encode()
            speech.espeak_Synth(words, len(words) + 1, 0, CHARACTERS, 0, UTF8 | END_PAUSE, None, None)
    return rate.to_bytes(4, "little") + bytes(collected)


def phonemes_of(speech: ctypes.CDLL, parts: list[list[str]]) -> bytes:
    """How it would be read, in the library's own names of phonemes: for the tests of the lexicon."""
    speech.espeak_TextToPhonemes.restype = ctypes.c_char_p
    speech.espeak_TextToPhonemes.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    found = []
    for voice, text in parts:
        speech.espeak_SetVoiceByName(voice.encode())
        words = ctypes.create_string_buffer(text.encode())
        place = ctypes.c_void_p(ctypes.addressof(words))
        while place.value:
            found.append(speech.espeak_TextToPhonemes(ctypes.byref(place), UTF8, 0) or b"")
    return b" ".join(found)


def main() -> None:
    """One order, one answer."""
    order = json.load(sys.stdin)
    speech, rate = opened(sys.argv[1], sys.argv[2])
    speech.espeak_SetParameter(RATE, int(order["rate"]), 0)
    if order.get("phonemes"):
        sys.stdout.buffer.write(phonemes_of(speech, order["parts"]))
    else:
        sys.stdout.buffer.write(sound_of(speech, rate, order["parts"]))


if __name__ == "__main__":
    main()
