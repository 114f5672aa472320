"""What letters may stand for: words of the hall first, then single characters, the commonest first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from kiosk.pinyin import Pinyin

LONGEST_LETTERS = 40
CANDIDATES_AT_MOST = 80
WORDS_AT_MOST = 24
WORDS_BEFORE_CHARACTERS = 3
"""A single letter or syllable may well be a character: more words that it only begins would hide those."""


@dataclass(frozen=True)
class Candidate:
    """Something to choose: its text, and how many of the letters it takes."""

    text: str
    used: int


@dataclass(frozen=True)
class HallWord:
    """A word that is looked for in this hall: the readings of its characters, and how often it stands there."""

    text: str
    sounds: tuple[tuple[str, ...], ...]
    weight: int


Vocabulary = Mapping[str, tuple[HallWord, ...]]
"""Words of the hall by the letter they begin with, the commonest first."""


def vocabulary_of(counted: Iterable[tuple[str, int]], pinyin: Pinyin) -> Vocabulary:
    """Words with their weights as a vocabulary; what cannot be read is left out."""
    found: dict[str, list[HallWord]] = {}
    for text, weight in counted:
        sounds = pinyin.sounds_of(text)
        for letter in {syllable[0] for syllable in sounds[0]} if sounds else ():
            found.setdefault(letter, []).append(HallWord(text, sounds, weight))
    return {letter: tuple(sorted(words, key=lambda word: -word.weight)) for letter, words in found.items()}


def candidates(letters: str, vocabulary: Vocabulary, pinyin: Pinyin) -> tuple[Candidate, ...]:
    """What ``letters`` (a to z, not empty) may stand for, the likeliest first, each text once."""
    once: dict[str, Candidate] = {}
    for candidate in chain(words_for(letters, vocabulary, pinyin), characters_for(letters, pinyin)):
        once.setdefault(candidate.text, candidate)
    return tuple(islice(once.values(), CANDIDATES_AT_MOST))


def words_for(letters: str, vocabulary: Vocabulary, pinyin: Pinyin) -> Iterator[Candidate]:
    """Words that all letters stand for, then those they begin; else words that the first of them stand for."""
    known = [(word, ends_of(word.sounds, letters)) for word in vocabulary.get(letters[0], ())]
    whole = [word for word, ends in known if len(letters) in ends[-1]]
    begun = [word for word, ends in known if len(letters) not in ends[-1] and any(len(letters) in at for at in ends)]
    most = WORDS_BEFORE_CHARACTERS if len(letters) == 1 or letters in pinyin.syllables else WORDS_AT_MOST
    yield from (Candidate(word.text, len(letters)) for word in (*whole, *begun[:most])[:WORDS_AT_MOST])
    if not whole and not begun:
        partly = [(max(ends[-1]), word) for word, ends in known if ends[-1]]
        partly.sort(key=lambda one: (-one[0], -one[1].weight))
        yield from (Candidate(word.text, used) for used, word in partly[:WORDS_AT_MOST])


def ends_of(sounds: tuple[tuple[str, ...], ...], letters: str) -> list[frozenset[int]]:
    """After each character of a word: how many of the letters may be taken up, each by the beginning of a reading."""
    reached, ends = frozenset({0}), []
    for readings in sounds:
        reached = frozenset(
            start + taken
            for start in reached
            for syllable in readings
            for taken in range(1, len(syllable) + 1)
            if letters.startswith(syllable[:taken], start)
        )
        ends.append(reached)
    return ends


def characters_for(letters: str, pinyin: Pinyin) -> Iterator[Candidate]:
    """Characters of the longest whole syllable, then of shorter ones; without one, of those that the letters begin."""
    longest = max(len(syllable) for syllable in pinyin.syllables)
    whole = [letters[:used] for used in range(min(longest, len(letters)), 0, -1) if letters[:used] in pinyin.syllables]
    for syllable in whole:
        yield from (Candidate(character, len(syllable)) for character in pinyin.syllables[syllable])
    if not whole:
        yield from begun_by(letters, pinyin)


def begun_by(letters: str, pinyin: Pinyin) -> Iterator[Candidate]:
    """Characters of the syllables that the letters begin, in turns; of fewer letters where they begin none.

    Syllables of many characters come first: those of few are rarely meant.
    """
    for used in range(len(letters), 0, -1):
        rows = [row for syllable, row in pinyin.syllables.items() if syllable.startswith(letters[:used])]
        if rows:
            in_turns = chain.from_iterable(zip_longest(*sorted(rows, key=len, reverse=True)))
            yield from (Candidate(character, used) for character in in_turns if character)
            return
