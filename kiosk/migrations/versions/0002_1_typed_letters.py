"""Posts are found by pinyin letters too, and a single character by its own index: the words written anew

Additive: a program of 0002 goes on with it; what it puts in carries no letters until this one runs again.

Revision: 0002.1, after 0002.
"""

from __future__ import annotations

from alembic import op

from contract.codes import Trade
from kiosk.pinyin import Pinyin
from kiosk.uplink.job_index import spelled

revision = "0002.1"
down_revision = "0002"
branch_labels = None
depends_on = None

PORTION = 5000


def upgrade() -> None:
    connection, pinyin, spellings = op.get_bind(), Pinyin(), {}
    tell, last = connection.exec_driver_sql, -1
    while rows := tell(
        "SELECT rowid, json_extract(body, '$.title'), json_extract(body, '$.trade') FROM posting WHERE rowid > ?"
        " ORDER BY rowid LIMIT ?",
        (last, PORTION),
    ).fetchall():
        for rowid, title, trade in rows:
            if (title, trade) not in spellings:
                spellings[title, trade] = spelled(title, Trade(trade).label, pinyin)
            tell("UPDATE posting SET words = words || ' ' || ? WHERE rowid = ?", (spellings[title, trade], rowid))
        last = rows[-1][0]
    op.execute("DROP TABLE posting_words")
    op.execute(
        "CREATE VIRTUAL TABLE posting_words USING fts5(words, content='', detail='full', tokenize='unicode61', prefix='1')"
    )
    op.execute("INSERT INTO posting_words (rowid, words) SELECT rowid, words FROM posting")
