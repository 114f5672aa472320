"""The posts of the feed as rows to search: kept and dropped in the transaction that changes the feed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from contract.feed import JobPosting
from contract.job_query import words_of
from county.models import postings

SEQUENCE_BITS = 20


def keep(connection: Connection, posting_no: str, job: JobPosting) -> None:
    """Write one post, in place of what stood under its number."""
    drop(connection, posting_no)
    row = {
        "number": _free_number(connection, job.published_at),
        "posting_no": posting_no,
        "words": f" {words_of(job)} ",
    }
    connection.execute(insert(postings).values(row))


def drop(connection: Connection, posting_no: str) -> None:
    """Remove one post; nothing where it is not there."""
    connection.execute(delete(postings).where(postings.c.posting_no == posting_no))


def _free_number(connection: Connection, published_at: datetime) -> int:
    """In the order of publication: the second, then who came first in it."""
    first = int(published_at.timestamp()) << SEQUENCE_BITS
    within = postings.c.number.between(first, first + (1 << SEQUENCE_BITS) - 1)
    last = connection.scalar(select(func.max(postings.c.number)).where(within))
    return first if last is None else int(last) + 1
