"""`run.py journal verify`: no server, no running kiosk, and heads that others hold show what the chain cannot."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from contract.chain import START, Head, digest, head_from
from kiosk.clock import Clock
from kiosk.journal import Happening, Journal
from kiosk.journal_file import NoJournal, verify
from kiosk.store import Store

ROOT = Path(__file__).parents[2]
TRIGGERS = ("journal_is_never_changed", "journal_is_never_shortened", "journal_is_only_continued")


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "kiosk.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def journal(store):
    made = Journal(store, Clock("Asia/Shanghai"), b"k" * 32)
    for number in range(12):
        made.write(Happening.CARD_REFUSED, code=f"K-{number}")
    return made


@pytest.fixture
def copied(journal, store, tmp_path):
    """A copy of the closed file, in a folder where nothing can be written."""
    head = journal.head()
    store.close()
    folder = tmp_path / "copy"
    folder.mkdir()
    shutil.copy(store.file, folder / "taken home.sqlite")
    return folder / "taken home.sqlite", head


def forge(file, *statements):
    """Change the file by somebody who takes away what refuses."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(*((statement,) if isinstance(statement, str) else statement))
    connection.close()


def reckoned_anew(file, begin):
    """Statements that make the chain fit again from entry ``begin`` on."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT number, text, digest FROM journal ORDER BY number").fetchall()
    previous, made = START, []
    for number, text, old in rows:
        previous = digest(previous, text) if number >= begin else old
        made.append(("UPDATE journal SET digest = ? WHERE number = ?", (previous, number)))
    return made


def test_a_copied_file_is_whole_and_holds_its_head(copied):
    file, head = copied
    file.chmod(0o400)
    file.parent.chmod(0o500)
    lines, whole = verify(file, [head.written, f"3:{digest_of(file, 3)}"])
    file.parent.chmod(0o700)
    assert whole
    assert f"12 entries, the last one is {head.written}" in lines[0]
    assert lines[1] == "The journal is whole."
    assert sum("is in it" in line for line in lines) == 2


def digest_of(file, number):
    with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as connection:
        return connection.execute("SELECT digest FROM journal WHERE number = ?", (number,)).fetchone()[0]


def test_a_running_machine_is_read_without_disturbing_it(journal, store):
    assert verify(store.file, [journal.head().written])[1]
    assert journal.write(Happening.STARTED) == 13
    assert verify(store.file, [journal.head().written])[1]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["UPDATE journal SET text = '{}' WHERE number = 5"], "Entry 5 does not follow"),
        (["UPDATE journal SET digest = 'x' WHERE number = 5"], "Entry 5 does not follow"),
        (["DELETE FROM journal WHERE number = 5"], "Entry 5 is missing"),
        (["DELETE FROM journal WHERE number IN (5, 6, 7)"], "Entries 5 to 7 are missing"),
        (["DELETE FROM journal WHERE number = 1"], "Entry 1 is missing"),
        (
            ["DELETE FROM journal WHERE number = 5", "UPDATE journal SET number = number - 1 WHERE number > 5"],
            "Entry 5 does not follow",
        ),
        (
            [
                "UPDATE journal SET number = 99 WHERE number = 5",
                "UPDATE journal SET number = 5 WHERE number = 8",
                "UPDATE journal SET number = 8 WHERE number = 99",
            ],
            "Entry 5 is out of order",
        ),
    ],
)
def test_what_was_touched_is_named_with_its_place(copied, statements, words):
    file, _ = copied
    forge(file, *statements)
    lines, whole = verify(file, [])
    assert not whole
    assert any(words in line for line in lines), lines
    assert "THE JOURNAL IS NOT WHOLE." in lines


def test_an_end_that_was_cut_off_shows_only_against_a_head(copied):
    file, head = copied
    forge(file, "DELETE FROM journal WHERE number > 9")
    lines, whole = verify(file, [])
    assert whole
    assert any("No head was given" in line for line in lines)
    lines, whole = verify(file, [head.written])
    assert not whole
    assert any("there was an entry 12, the file ends at 9" in line for line in lines)


def test_a_chain_reckoned_anew_after_a_change_shows_only_against_a_head(copied):
    file, head = copied
    early = f"3:{digest_of(file, 3)[:12]}"
    forge(file, "UPDATE journal SET text = '{}' WHERE number = 5")
    forge(file, *reckoned_anew(file, 5))
    assert verify(file, [])[1]
    lines, whole = verify(file, [early, head.written])
    assert not whole
    assert any(line.startswith("Entry 12 is not the head's") for line in lines)
    assert any(line.startswith("The head 3:") for line in lines)


def test_a_head_of_an_empty_journal_is_a_cut(tmp_path):
    Store(tmp_path / "kiosk.sqlite").close()
    lines, whole = verify(tmp_path / "kiosk.sqlite", ["1:" + "a" * 16])
    assert not whole
    assert any("the file ends at 0" in line for line in lines)


@pytest.mark.parametrize("text", ["12:3F9A 02bc-77d1.90AB", " 12 : 3f9a02bc77d190ab ", "12:3f9a-02bc-77d1-90ab"])
def test_a_head_may_be_typed_as_it_stands_on_paper(text):
    assert head_from(text) == Head(12, "3f9a02bc77d190ab")
    assert head_from(text).written == "12:3f9a-02bc-77d1-90ab"


@pytest.mark.parametrize("text", ["", "12", "12:", "12:3f9a", "0:3f9a02bc", "x:3f9a02bc", "12:3f9a02bz"])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(ValueError, match="no head"):
        head_from(text)


@pytest.mark.parametrize(
    "content", [None, b"", b"not a database at all, but some bytes", b"SQLite format 3\x00" + b"\x07" * 600]
)
def test_a_file_that_is_no_journal_is_said_to_be_none(tmp_path, content):
    file = tmp_path / "kiosk.sqlite"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(NoJournal, match=r"kiosk\.sqlite"):
        verify(file, [])


def run(*words):
    return subprocess.run(  # noqa: S603  our own words
        [sys.executable, "run.py", "journal", "verify", *map(str, words)], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=60, env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
    )  # fmt: skip


def test_the_verb_says_it_by_its_exit_code(copied):
    file, head = copied
    good = run(file, "--head", head.written, "--head", f"5:{digest_of(file, 5)}")
    assert (good.returncode, good.stderr) == (0, "")
    assert "The journal is whole." in good.stdout
    forge(file, "DELETE FROM journal WHERE number = 12")
    cut = run(file, "--head", head.written)
    assert cut.returncode == 1
    assert "The end was cut off" in cut.stdout
    assert run(file.parent / "nothing.sqlite").returncode == 2
    assert run(file, "--head", "nonsense").returncode == 2
