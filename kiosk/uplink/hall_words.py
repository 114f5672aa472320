"""The words of this hall: what its own postings, trades and towns are called, and how often. Public content only."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from contract.bigrams import runs
from contract.codes import Trade
from kiosk.pinyin import Pinyin
from kiosk.pinyin.candidates import Vocabulary, vocabulary_of
from kiosk.store import Store

COUNTED_AMONG = 20_000
"""The newest postings: a county has fewer, and counting more takes a second of a small machine."""
WORDS_AT_MOST = 4000
TITLE_WEIGHT, TRADE_WEIGHT, TOWN_WEIGHT = 4, 40, 20
"""A title counts more than an employer's name; a trade or a town is looked for however few posts it has."""
SHORTEST, LONGEST = 2, 16
ENDS = (2, 3, 4)
"""Lengths of what titles end with."""
TITLES_AND_EMPLOYERS = (
    "SELECT json_extract(body, '$.title'), json_extract(body, '$.employer.name') FROM"
    " (SELECT body FROM posting ORDER BY rowid DESC LIMIT ?)"
)


class Words:
    """The words of one state of the feed, for typing: by the letters they begin with, and their characters."""

    def __init__(self, counted: Iterable[tuple[str, int]], pinyin: Pinyin) -> None:
        self._counted = tuple(counted)
        self._pinyin = pinyin

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """By the letter they begin with, the commonest first."""
        return vocabulary_of(self._counted, self._pinyin)

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character that stands in one of them."""
        return frozenset(character for word, _ in self._counted for character in word)


class HallWords:
    """Counts the words once for each state of the feed, when somebody begins to type."""

    def __init__(self, store: Store, pinyin: Pinyin) -> None:
        self._store = store
        self._pinyin = pinyin
        self._lock = threading.Lock()
        self._known: tuple[object, Words] | None = None

    def at(self, state: int, towns: tuple[str, ...]) -> Words:
        """The words of the feed's ``state`` (its revision) in a place with these towns."""
        with self._lock:
            if self._known is None or self._known[0] != (state, towns):
                self._known = (state, towns), Words(self._count(towns), self._pinyin)
            return self._known[1]

    def _count(self, towns: tuple[str, ...]) -> list[tuple[str, int]]:
        counted: Counter[str] = Counter()
        titles: set[str] = set()
        for title, employer in self._store.rows(TITLES_AND_EMPLOYERS, (COUNTED_AMONG,)):
            counted.update(dict.fromkeys(words_in(title), TITLE_WEIGHT))
            titles.update(words_in(title))
            counted.update(words_in(employer))
        counted.update({run: TRADE_WEIGHT for trade in Trade for run in words_in(trade.label)})
        counted.update({run: TOWN_WEIGHT for town in towns for run in words_in(town)})
        counted.update(ends_of(titles))
        return counted.most_common(WORDS_AT_MOST)


def ends_of(titles: set[str]) -> Counter[str]:
    """What several titles end with, and in how many: 服务员 of 餐饮服务员 and 客房服务员 is a word by itself."""
    ends = Counter(title[-length:] for title in titles for length in ENDS if len(title) > length)
    return Counter({end: many for end, many in ends.items() if many > 1})


def words_in(text: str) -> list[str]:
    """The runs of Chinese characters in a text that are as long as a word."""
    return [run for run in runs(text or "") if not run.isascii() and SHORTEST <= len(run) <= LONGEST]
