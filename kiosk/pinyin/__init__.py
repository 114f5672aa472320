"""Characters by their sound: which syllables a character is read as, and the letters somebody may type for a word.

Pure but for one file of readings beside it, read at the first use.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice, product
from pathlib import Path

READINGS = Path(__file__).with_name("readings.txt")
SPELLINGS_AT_MOST = 4
"""Of one word: a word of many polyphones is found by its likelier readings."""
LONGEST_RUN = 12
"""Characters of one run that initials are made of; titles are shorter."""


class Pinyin:
    """The readings of the characters of GB 2312, without tones."""

    @cached_property
    def syllables(self) -> dict[str, str]:
        """Every syllable with its characters, the commonest first."""
        lines = READINGS.read_text(encoding="utf-8").splitlines()
        return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))

    @cached_property
    def readings(self) -> dict[str, tuple[str, ...]]:
        """Every character with its syllables; first the one among whose characters it stands foremost."""
        found: dict[str, list[tuple[int, str]]] = {}
        for syllable, characters in self.syllables.items():
            for rank, character in enumerate(characters):
                found.setdefault(character, []).append((rank, syllable))
        return {character: tuple(syllable for _, syllable in sorted(ranked)) for character, ranked in found.items()}

    def sounds_of(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The readings of each character of a word; empty where one of them has none here."""
        sounds = tuple(self.readings.get(character, ()) for character in word)
        return sounds if all(sounds) else ()

    def spellings_of(self, run: str) -> set[str]:
        """What may be typed for a run of characters from any of them on: its initials and its whole syllables.

        "叉车司机" gives ccsj, csj, sj, j and chachesiji, chesiji, siji, ji; of polyphones SPELLINGS_AT_MOST of each.
        Characters without a reading end what is spelled.
        """
        known = [self.readings[character] for character in run[:LONGEST_RUN] if character in self.readings]
        if len(known) < len(run[:LONGEST_RUN]):
            return set()
        tails = [known[at:] for at in range(len(known))]
        return {spelling for tail in tails for spelling in (*initials_of(tail), *whole_of(tail))}


def initials_of(sounds: list[tuple[str, ...]]) -> Iterator[str]:
    """The first letters of a row of readings, each different way once."""
    letters = [tuple(dict.fromkeys(syllable[0] for syllable in readings)) for readings in sounds]
    return islice(map("".join, product(*letters)), SPELLINGS_AT_MOST)


def whole_of(sounds: list[tuple[str, ...]]) -> Iterator[str]:
    """The whole syllables of a row of readings."""
    return islice(map("".join, product(*sounds)), SPELLINGS_AT_MOST)
