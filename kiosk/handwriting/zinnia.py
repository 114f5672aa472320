"""A program of its own that reads handwriting with zinnia: strokes in, forty characters out, nothing is kept.

Started by kiosk/handwriting/__init__.py as ``python -I zinnia.py <library> <model>``; imports nothing of ours. One JSON
list a line on stdin (strokes of [x, y] in thousandths of the field), one JSON list of characters a line on stdout; the
first line out is "ready". Ends when stdin ends.

A library in C that crashes takes this process with it and no other. Its memory is limited, and it leaves no core file.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import sys
from ctypes import c_char_p, c_float, c_int, c_size_t, c_void_p

FIELD = 1000
CANDIDATES = 40
ORDERS_AT_MOST = 12
"""Each costs a hundredth of a second."""
OTHER_ORDER = 0.3
"""Scores of neighbours in a list lie about 0.1 apart, of the surest character and the next one 1."""
Strokes = list[list[list[int]]]
MEMORY = 512 * 1024 * 1024
SIGNATURES = {
    "zinnia_recognizer_new": (c_void_p,),
    "zinnia_recognizer_open": (c_int, c_void_p, c_char_p),
    "zinnia_recognizer_classify": (c_void_p, c_void_p, c_void_p, c_size_t),
    "zinnia_character_new": (c_void_p,),
    "zinnia_character_destroy": (None, c_void_p),
    "zinnia_character_set_width": (None, c_void_p, c_size_t),
    "zinnia_character_set_height": (None, c_void_p, c_size_t),
    "zinnia_character_add": (c_int, c_void_p, c_size_t, c_int, c_int),
    "zinnia_result_size": (c_size_t, c_void_p),
    "zinnia_result_value": (c_char_p, c_void_p, c_size_t),
    "zinnia_result_score": (c_float, c_void_p, c_size_t),
    "zinnia_result_destroy": (None, c_void_p),
}
"""The functions of zinnia.h that are used: what they return, then what they take."""


class Zinnia:
    """The library with its model open; raises OSError where one of them cannot be had."""

    def __init__(self, library: str, model: str) -> None:
        self._call = ctypes.CDLL(library)
        for name, (returned, *taken) in SIGNATURES.items():
            function = getattr(self._call, name)
            function.restype, function.argtypes = returned, taken
        self._recognizer = self._call.zinnia_recognizer_new()
        if not self._call.zinnia_recognizer_open(self._recognizer, model.encode()):
            raise OSError(f"{model}: no model of zinnia")

    def read(self, strokes: Strokes) -> list[str]:
        """The characters that ``strokes`` may be, the likeliest first.

        What the strokes are surest as they came stays foremost; then by the best score of any order that is tried.
        """
        as_came = self._scored(strokes)
        scores = dict(as_came)
        for order in orders_of(strokes):
            for character, score in self._scored(order):
                scores[character] = max(score - OTHER_ORDER, scores.get(character, score - OTHER_ORDER))
        surest = as_came[0][0] if as_came else ""
        return sorted(scores, key=lambda character: (character != surest, -scores[character]))[:CANDIDATES]

    def _scored(self, strokes: Strokes) -> list[tuple[str, float]]:
        character = self._call.zinnia_character_new()
        try:
            self._call.zinnia_character_set_width(character, FIELD)
            self._call.zinnia_character_set_height(character, FIELD)
            for number, stroke in enumerate(strokes):
                for x, y in stroke:
                    self._call.zinnia_character_add(character, number, x, y)
            return self._classified(character)
        finally:
            self._call.zinnia_character_destroy(character)

    def _classified(self, character: int) -> list[tuple[str, float]]:
        result = self._call.zinnia_recognizer_classify(self._recognizer, character, CANDIDATES)
        if not result:
            return []
        try:
            many = self._call.zinnia_result_size(result)
            value, score = self._call.zinnia_result_value, self._call.zinnia_result_score
            return [(value(result, at).decode("utf-8", "ignore"), score(result, at)) for at in range(many)]
        finally:
            self._call.zinnia_result_destroy(result)


def orders_of(strokes: Strokes) -> list[Strokes]:
    """The strokes in other orders: each time two neighbours changed round.

    People write in other orders than the model was taught, and it was taught some characters (女 水 门 长) in another
    order than schools teach.
    """
    swaps = range(min(len(strokes) - 1, ORDERS_AT_MOST))
    return [[*strokes[:at], strokes[at + 1], strokes[at], *strokes[at + 2 :]] for at in swaps]


def limit_itself() -> None:
    """No core file (it would hold strokes), no more memory than the model and its work need."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows
        import resource  # noqa: PLC0415  see above

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Answer until nobody asks any more."""
    limit_itself()
    zinnia = Zinnia(sys.argv[1], sys.argv[2])
    say("ready")
    for line in sys.stdin:
        say(zinnia.read(json.loads(line)))


def say(what: object) -> None:
    """One line to whoever asked."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
