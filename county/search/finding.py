"""One page of what a search finds, newest first, in time that hardly grows with the number of posts.

A word that many posts have fills the page from the newest few thousand; one that few have is looked up in the index
(PostgreSQL: GIN over the words). Neither way alone is quick for both: the index has no order, and a walk for a word
that nobody has sees every row. A SQLite file has no such index: there the walk goes on to the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement

from contract.bigrams import Spoken, spoken_in
from contract.feed import FeedKind, JobPosting
from contract.job_query import JobQuery, marks_of
from county.models import feed, postings

WALKED = 3000
"""So many of the newest are looked at one by one before the index is asked."""
LEXEMES: ColumnElement[Any] = literal_column("array_to_tsvector(string_to_array(btrim(postings.words), ' '))")
"""The expression of the index ``ix_postings_words``, to the letter."""
Newest = Select[int, str, str]


@dataclass(frozen=True)
class Found:
    """Posts in the order of publication, newest first; ``last`` 0 where there are no more after them."""

    items: tuple[JobPosting, ...]
    last: int


def find(connection: Connection, query: JobQuery, before: int | None, limit: int, *, walked: int = WALKED) -> Found:
    """Up to ``limit`` posts that ``query`` finds, published before number ``before`` where one is given.

    ``walked``: how many of the newest are looked at before the index is.
    """
    sought = _sought(query)
    if sought is None:
        return Found((), 0)
    newest = select(postings).order_by(postings.c.number.desc())
    if before is not None:
        newest = newest.where(postings.c.number < before)
    numbers = _numbers(connection, newest, sought, limit + 1, walked)
    shown = numbers[:limit]
    return Found(_read(connection, [key for _, key in shown]), shown[-1][0] if len(numbers) > limit else 0)


def _sought(query: JobQuery) -> tuple[Spoken, ...] | None:
    """Every run of index words that a post must have; None where the query can find nothing."""
    marks, spoken = marks_of(query), spoken_in(query.words)
    if marks is None or (query.words.strip() and not spoken):
        return None
    return (*(Spoken((mark,)) for mark in marks), *spoken)


def _numbers(
    connection: Connection, newest: Newest, sought: Sequence[Spoken], wanted: int, walked: int
) -> list[tuple[int, str]]:
    indexed = bool(sought) and connection.dialect.name == "postgresql"
    seen = (newest.limit(walked) if indexed else newest).subquery()
    hits = select(seen.c.number, seen.c.posting_no).where(*_hold(seen.c.words, sought))
    rows = connection.execute(hits.order_by(seen.c.number.desc()).limit(wanted)).all()
    if indexed and len(rows) < wanted:
        return _looked_up(connection, newest, sought, wanted)
    return [(row.number, row.posting_no) for row in rows]


def _looked_up(connection: Connection, newest: Newest, sought: Sequence[Spoken], wanted: int) -> list[tuple[int, str]]:
    """By the index alone: the planner, which cannot know that the walk was tried, is not let to walk again."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    phrases = [one for one in sought if len(one.words) > 1]
    asked = LEXEMES.bool_op("@@")(cast(_tsquery(sought), TSQUERY))
    hits = newest.order_by(None).where(asked, *_hold(postings.c.words, phrases))
    found = hits.with_only_columns(postings.c.number, postings.c.posting_no).cte("found").prefix_with("MATERIALIZED")
    rows = connection.execute(select(found).order_by(found.c.number.desc()).limit(wanted))
    return [(row.number, row.posting_no) for row in rows]


def _hold(words: ColumnElement[Any], sought: Iterable[Spoken]) -> list[ColumnElement[bool]]:
    """Words of the index are letters and digits of any script: none is a sign of LIKE."""
    return [cast(words, Text).like(f"% {' '.join(one.words)}{'' if one.prefix else ' '}%") for one in sought]


def _tsquery(sought: Iterable[Spoken]) -> str:
    return " & ".join(f"'{word}'{':*' * one.prefix}" for one in sought for word in one.words)


def _read(connection: Connection, numbers: Sequence[str]) -> tuple[JobPosting, ...]:
    """The posts as the feed has them, in this order."""
    found = select(feed.c.key, feed.c.body).where(feed.c.kind == FeedKind.POSTING.value, feed.c.key.in_(numbers))
    bodies = {row.key: row.body for row in connection.execute(found)} if numbers else {}
    return tuple(JobPosting.model_validate_json(bodies[number]) for number in numbers)
