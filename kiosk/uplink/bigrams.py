"""Words of the full-text index: overlapping pairs of Chinese characters (reference/reliability-ux.md §1.2). Pure."""

from __future__ import annotations

import re
import unicodedata

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


def query_of(text: str) -> str | None:
    """An FTS5 expression that finds ``text``; None where it holds nothing to search for.

    Every word is quoted, so no text is ever read as syntax. Several runs must all be found.
    """
    terms: list[str] = []
    for run in runs(text[:LONGEST_QUERY]):
        if _is_latin(run) or len(run) == 1:
            terms.append(f'"{run}"*')
        else:
            terms.append('"' + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + '"')
    return " AND ".join(terms) or None
