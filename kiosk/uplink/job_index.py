"""The job postings of the feed in the kiosk's own store: full-text search with filters as words of the index."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, select, text

from contract.bigrams import runs
from contract.feed import JobPosting
from contract.job_query import JobQuery, expression_of, monthly_pay, words_of
from kiosk.models import posting
from kiosk.phrases import phrase
from kiosk.pinyin import Pinyin
from kiosk.store import Store
from kiosk.uplink.job_columns import Looking, from_columns, without_columns
from kiosk.uplink.job_statements import (
    BEYOND_RARE,
    BODIES,
    COUNT,
    COUNTED,
    FEW,
    FIND,
    FIND_RARE,
    OLDEST_COUNTED,
    ONE,
    PUT,
)

SEQUENCE_BITS = 20
PAGES_AT_MOST = 100
READ_AT_MOST = 2000
LAST_PAGE = 1_000_000
"""Any page after it is as empty, and its offset would be no number for SQLite."""
RARE = 3000
"""A word that no more posts hold is rare: what else is asked of them is read from each."""


@dataclass(frozen=True)
class JobPage:
    """One page of postings in stable order, and how many there are in all; COUNTED + 1 stands for more.

    ``more``: there are more than ``total``, among older ones than are counted.
    """

    postings: tuple[JobPosting, ...]
    total: int
    more: bool = False


def counted_words(total: int, more: bool = False) -> str:  # noqa: FBT001, FBT002 - goes with the number
    """A number of posts as it is shown."""
    return phrase("%(number)s 多", number=min(total, COUNTED)) if more or total > COUNTED else str(total)


def spelled(title: str, trade: str, pinyin: Pinyin) -> str:
    """What may be typed in letters for a post, as words of the index: initials and syllables of title and trade."""
    spellings = [pinyin.spellings_of(run) for run in runs(f"{title} {trade}") if not run.isascii()]
    return " ".join(sorted(set().union(*spellings)))


Spell = Callable[[str, str, Pinyin], str]


class JobIndex:
    """Search over the store; what was read lately is kept in memory until the feed changes."""

    def __init__(self, store: Store, page_size: int, rare: int = RARE, spell: Spell = spelled) -> None:
        """``spell``: what may be typed in letters for a title and a trade; the county's own search knows no letters."""
        self._store = store
        self._rare = rare
        self._spell = spell
        self._page_size = page_size
        self.pinyin = Pinyin()
        self._lock = threading.Lock()
        self._pages: dict[tuple[JobQuery, int, date], JobPage] = {}
        self._read: dict[int, JobPosting] = {}
        self._by_number: dict[str, JobPosting] = {}
        self._feed_state = 0
        self._oldest: tuple[int, int] | None = None  # of which state of the feed, and which row
        self._all_are_few: tuple[int, bool] | None = None  # of which state of the feed

    def put(self, connection: Connection, key: str, job: JobPosting | None, copy: int = 0) -> None:
        """Write or remove one posting inside the feed's transaction.

        Plain SQL: of a full copy of the feed, building the same statements anew took more than half the time.
        """
        tell = connection.exec_driver_sql
        old = tell("SELECT rowid, words FROM posting WHERE posting_no = ?", (key,)).first()
        if old is not None:
            tell("INSERT INTO posting_words(posting_words, rowid, words) VALUES ('delete', ?, ?)", tuple(old))
            tell("DELETE FROM posting WHERE rowid = ?", (old[0],))
        if job is None:
            return
        rowid, spellings = self._free_rowid(connection, job), self._spell(job.title, job.trade.label, self.pinyin)
        words = f"{words_of(job)} {spellings}".rstrip()
        row = (rowid, key, job.expires_on.isoformat(), words, monthly_pay(job), job.model_dump_json(), copy)
        tell(PUT, row)
        tell("INSERT INTO posting_words(rowid, words) VALUES (?, ?)", (rowid, words))

    def _free_rowid(self, connection: Connection, job: JobPosting) -> int:
        first = int(job.published_at.timestamp()) << SEQUENCE_BITS
        within = (first, first + (1 << SEQUENCE_BITS))
        last = connection.exec_driver_sql(
            "SELECT max(rowid) FROM posting WHERE rowid >= ? AND rowid < ?", within
        ).scalar()
        return first if last is None else int(last) + 1

    def drop_older(self, connection: Connection, copy: int) -> None:
        """Remove what did not come with this full copy, inside the feed's transaction."""
        older = posting.c.copy != copy
        gone = connection.execute(select(posting.c.rowid, posting.c.words).where(older)).all()
        if gone:
            connection.execute(
                text("INSERT INTO posting_words(posting_words, rowid, words) VALUES ('delete', :rowid, :words)"),
                [{"rowid": row.rowid, "words": row.words} for row in gone],
            )
            connection.execute(delete(posting).where(older))

    def drop_all(self, connection: Connection) -> None:
        """Remove every posting inside the feed's transaction."""
        connection.execute(delete(posting))
        connection.execute(text("INSERT INTO posting_words(posting_words) VALUES ('delete-all')"))

    def forget_read(self) -> None:
        """The feed changed: read postings anew at the next asking."""
        with self._lock:
            self._feed_state += 1
            self._pages.clear()
            self._read.clear()
            self._by_number.clear()

    def find(self, query: JobQuery, page: int, today: date) -> JobPage:
        """Page ``page`` (from 1) of what ``query`` finds and is not expired on ``today``.

        Pages looked at lately come from memory until the feed changes: a resident goes back to the list many times.
        What somebody typed is not kept: a search by words is looked up each time.
        """
        if query.words:
            return self._find(query, page, today)
        asked, feed_state = (query, page, today), self._feed_state
        known = self._pages.get(asked)
        if known is not None:
            return known
        found = self._find(query, page, today)
        with self._lock:
            if len(self._pages) >= PAGES_AT_MOST:
                self._pages.clear()
            if feed_state == self._feed_state:
                self._pages[asked] = found
        return found

    def _find(self, query: JobQuery, page: int, today: date) -> JobPage:
        looking = self._looking(query)
        if looking is None:
            return JobPage((), 0)
        start = (min(max(page, 1), LAST_PAGE) - 1) * self._page_size
        asked = (looking.expression, today.isoformat(), *looking.values, self._page_size + 1, start)
        sql = FIND_RARE if looking.conditions else FIND
        told = self._store.rows(sql[query.sort] % looking.conditions, asked)[0]
        rows = [int(found) for found in told[0].split(",")] if told[0] else []
        postings = self._postings(rows[: self._page_size])
        if looking.conditions:
            return JobPage(postings, told[1])
        if (rows or not start) and len(rows) <= self._page_size:
            return JobPage(postings, start + len(rows))
        oldest = self._oldest_counted()
        counted = self._count(looking, today, oldest)
        total = max(counted, start + len(rows)) if rows else counted
        return JobPage(postings, total, more=bool(oldest))

    def _looking(self, query: JobQuery) -> Looking | None:
        """How a query is looked up: by the index, or what is rare by it and the rest from the posts; None: nothing."""
        plain = without_columns(query)
        if query.words.strip() and plain != query and (self._few() or self._is_rare(query.words)):
            narrow = expression_of(plain)
            return from_columns(query, narrow) if narrow else None
        expression = expression_of(query)
        return Looking(expression) if expression else None

    def _is_rare(self, words: str) -> bool:
        """True where no more posts hold these words than may be read one by one."""
        spoken = expression_of(JobQuery(words=words))
        return spoken is not None and not self._store.rows(BEYOND_RARE, (spoken, self._rare))

    def _few(self) -> bool:
        """True where there are no more posts at all: then every word is rare."""
        feed_state, known = self._feed_state, self._all_are_few
        if known is None or known[0] != feed_state:
            counted = self._store.rows(FEW, (self._rare + 1,))[0][0]
            known = self._all_are_few = (feed_state, counted <= self._rare)
        return known[1]

    def _oldest_counted(self) -> int:
        """The row after which posts are counted for a page; 0 where all are."""
        feed_state, known = self._feed_state, self._oldest
        if known is None or known[0] != feed_state:
            found = self._store.rows(OLDEST_COUNTED, ())
            known = self._oldest = (feed_state, found[0][0] if found else 0)
        return known[1]

    def _postings(self, rows: list[int]) -> tuple[JobPosting, ...]:
        """The postings of these rows, in their order; one that went meanwhile is left out."""
        known = {row: self._read.get(row) for row in rows}
        lacking = [row for row, job in known.items() if job is None]
        bodies = self._store.rows(BODIES, (json.dumps(lacking),)) if lacking else []
        known |= {row: self._posting(row, body) for row, body in bodies}
        return tuple(job for job in known.values() if job is not None)

    def _posting(self, rowid: int, body: str) -> JobPosting:
        """The posting of a row; one read lately comes from memory."""
        known, feed_state = self._read.get(rowid), self._feed_state
        if known is not None:
            return known
        job = JobPosting.model_validate_json(body)
        with self._lock:
            if len(self._read) >= READ_AT_MOST:
                self._read.clear()
                self._by_number.clear()
            if feed_state == self._feed_state:
                self._read[rowid] = self._by_number[job.posting_no] = job
        return job

    def _count(self, looking: Looking, today: date, oldest: int) -> int:
        asked = (looking.expression, today.isoformat(), oldest, *looking.values)
        return int(self._store.rows(COUNT % looking.conditions, asked)[0][0])

    def count(self, query: JobQuery, today: date) -> int:
        """How many postings a query finds; COUNTED + 1 where there are more than that."""
        looking = self._looking(query)
        return 0 if looking is None else self._count(looking, today, 0)

    def one(self, posting_no: str, today: date) -> JobPosting | None:
        """One posting, unless it expired or is not there."""
        known = self._by_number.get(posting_no)
        if known is not None:
            return known if known.expires_on >= today else None
        found = self._store.rows(ONE, (posting_no, today.isoformat()))
        return self._posting(*found[0]) if found else None
