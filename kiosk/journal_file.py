"""Checking a journal without the machine: opens its database for reading only, running kiosk or copied file alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from contract.chain import Fault, Finding, Head, Link, Verdict, head_from, verified

ALL = "SELECT number, text, digest FROM journal ORDER BY number"


class NoJournal(ValueError):
    """The file cannot be read as a kiosk's database."""


def links_in(file: Path) -> Iterator[Link]:
    """Every entry in order, read as it is needed; raises NoJournal. Nothing is written, not even beside the file."""
    if not file.is_file():
        raise NoJournal(f"{file}: there is no such file")
    alone = "" if Path(f"{file}-wal").exists() else "&immutable=1"  # a copy may stand where nothing can be written
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro{alone}", uri=True)) as connection:
            for number, text, digest in connection.execute(ALL):
                yield Link(int(number), str(text), str(digest))
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        raise NoJournal(f"{file}: not a kiosk's database, or not whole ({error})") from error


def verify(file: Path, written: Sequence[str]) -> tuple[list[str], bool]:
    """The report in plain words, line by line, and whether the journal is whole.

    ``written``: heads from a slip, the wall or the county. Raises NoJournal, and ValueError for what is no head.
    """
    heads = [head_from(text) for text in written]
    verdict = verified(links_in(file), heads)
    return [*_found(file, verdict), *_heads(heads, verdict)], verdict.whole


def _found(file: Path, verdict: Verdict) -> Iterator[str]:
    end = f", the last one is {verdict.head.written}" if verdict.head else ""
    yield f"{file}: {verdict.entries} entries{end}"
    yield from (words_of(finding) for finding in verdict.findings)
    yield "The journal is whole." if verdict.whole else "THE JOURNAL IS NOT WHOLE."


def _heads(heads: Sequence[Head], verdict: Verdict) -> Iterator[str]:
    wrong = {finding.number for finding in verdict.findings if finding.fault in (Fault.CUT_OFF, Fault.REWRITTEN)}
    yield from (f"The head {head.written} is in it." for head in heads if head.number not in wrong)
    if not heads:
        yield (
            "No head was given: entries cut off at the end, or a chain reckoned anew after a change, cannot be seen. "
            "Give --head from a day's slip, the wall, or `county journal` at the hub."
        )


def words_of(finding: Finding) -> str:
    """A fault as a person reads it."""
    number, until = finding.number, finding.until
    match finding.fault:
        case Fault.MISSING:
            return f"Entry {number} is missing." if until == number else f"Entries {number} to {until} are missing."
        case Fault.MOVED:
            return f"Entry {number} is out of order: the one that belongs there stands later."
        case Fault.CHANGED:
            return f"Entry {number} does not follow from the one before it: it was changed, or one before it removed."
        case Fault.CUT_OFF:
            return (
                f"The end was cut off: the head says that there was an entry {number}, the file ends at {until}. "
                "(So does a copy that was made of a running machine without the file ending in -wal.)"
            )
        case Fault.REWRITTEN:
            return (
                f"Entry {number} is not the head's: it, or one before it, was changed and all after it reckoned anew."
            )
