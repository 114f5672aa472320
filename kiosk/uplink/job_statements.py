"""The SQL of the job index: made of this file's words and numbers only; whatever is asked for goes in as a value."""
# ruff: noqa: S608

from __future__ import annotations

from contract.job_query import Sort

COUNTED = 1000
"""Posts are counted so far; one more stands for "more than that"."""
COUNTED_AMONG = 20_000
"""For a page of the list they are counted among so many of the newest, for a count has to see what it counts."""
BEYOND_RARE = "SELECT 1 FROM posting_words WHERE posting_words MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
_FOUND = (
    "FROM posting_words JOIN posting ON posting.rowid = posting_words.rowid"
    " WHERE posting_words MATCH ? AND posting.expires_on >= ?"
)
COUNT = f"SELECT count(*) FROM (SELECT 1 {_FOUND} AND posting_words.rowid > ?%s LIMIT {COUNTED + 1})"
_PAGE = f"SELECT group_concat(found) FROM (SELECT posting.rowid AS found {_FOUND}%s ORDER BY"
FIND = {
    Sort.NEWEST: f"{_PAGE} posting_words.rowid DESC LIMIT ? OFFSET ?)",
    Sort.MONTHLY_PAY: f"{_PAGE} posting.pay IS NULL, posting.pay DESC, posting.rowid DESC LIMIT ? OFFSET ?)",
}
"""With conditions on ``posting`` in the place of %s, or none. One row: for each, Python gives way to other threads."""
_RARE = (
    f"WITH found AS MATERIALIZED (SELECT posting.rowid AS row, posting.pay AS pay {_FOUND}%s)"
    " SELECT (SELECT group_concat(row) FROM (SELECT row FROM found ORDER BY"
)
FIND_RARE = {
    Sort.NEWEST: f"{_RARE} row DESC LIMIT ? OFFSET ?)), (SELECT count(*) FROM found)",
    Sort.MONTHLY_PAY: f"{_RARE} pay IS NULL, pay DESC, row DESC LIMIT ? OFFSET ?)), (SELECT count(*) FROM found)",
}
"""The same with the number of all, where so few are found that all are read."""
BODIES = "SELECT rowid, body FROM posting WHERE rowid IN (SELECT value FROM json_each(?))"
FEW = "SELECT count(*) FROM (SELECT 1 FROM posting_words_docsize LIMIT ?)"
OLDEST_COUNTED = f"SELECT id FROM posting_words_docsize ORDER BY id DESC LIMIT 1 OFFSET {COUNTED_AMONG}"
"""The index's own list of rows: small, where the table is large."""
PUT = "INSERT INTO posting (rowid, posting_no, expires_on, words, pay, body, copy) VALUES (?, ?, ?, ?, ?, ?, ?)"
ONE = "SELECT rowid, body FROM posting WHERE posting_no = ? AND expires_on >= ?"
