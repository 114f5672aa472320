"""Words of the full-text index: overlapping pairs of Chinese characters (reference/reliability-ux.md §1.2). Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_QUERY = 40
_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+|[a-z0-9]+")


def runs(text: str) -> list[str]:
    """Runs of Chinese characters, and words of letters and digits, folded to one form."""
    return _RUNS.findall(unicodedata.normalize("NFKC", text).lower())


def _is_latin(run: str) -> bool:
    return run.isascii()


def index_words(text: str) -> list[str]:
    """What is written into the index for ``text``."""
    words: list[str] = []
    for run in runs(text):
        if _is_latin(run):
            words.append(run)
            continue
        words.extend(run[i : i + 2] for i in range(len(run) - 1))
        words.append(run[-1])
    return words


@dataclass(frozen=True)
class Spoken:
    """One run of a search: words of the index in a row; ``prefix``: its only word is the beginning of one."""

    words: tuple[str, ...]
    prefix: bool = False


def spoken_in(text: str) -> tuple[Spoken, ...]:
    """The runs that must all be found for ``text``; none where it holds nothing to search for."""
    return tuple(_spoken(run) for run in runs(text[:LONGEST_QUERY]))


def _spoken(run: str) -> Spoken:
    if _is_latin(run) or len(run) == 1:
        return Spoken((run,), prefix=True)
    return Spoken(tuple(run[i : i + 2] for i in range(len(run) - 1)))


def query_of(text: str) -> str | None:
    """An FTS5 expression that finds ``text``; None where it holds nothing to search for.

    Every word is quoted, so no text is ever read as syntax. Several runs must all be found.
    """
    terms = [f'"{" ".join(one.words)}"{"*" * one.prefix}' for one in spoken_in(text)]
    return " AND ".join(terms) or None
