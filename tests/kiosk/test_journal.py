"""The machine's own record: append-only, chained, and with nobody's number in it."""

import sqlite3
import threading

import pytest
from sqlalchemy import delete, update

from kiosk.clock import Clock
from kiosk.identity import IdNumber
from kiosk.journal import Happening, Journal
from kiosk.models import journal as table
from kiosk.store import Store


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "kiosk.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def journal(store):
    """A journal with five entries."""
    made = Journal(store, Clock("Asia/Shanghai"), b"k" * 32)
    for number in range(5):
        made.write(Happening.CARD_REFUSED, code=f"K-{number}")
    return made


def test_entries_are_numbered_and_say_what_happened_when(journal):
    entries = list(journal.entries())
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert '"what": "card_refused"' in entries[0].text
    assert '+00:00"' in entries[0].text
    assert journal.first_break() is None
    assert journal.length() == 5


def test_a_changed_entry_is_found(journal, store):
    with store.begin() as connection:
        connection.execute(update(table).where(table.c.number == 3).values(text='{"what": "other"}'))
    assert journal.first_break() == 3


def test_a_changed_entry_with_a_fitting_digest_of_its_own_is_found_one_later(journal, store):
    from contract.chain import digest  # noqa: PLC0415  what a forger would use

    entries = list(journal.entries())
    forged = digest(entries[1].digest, "{}")
    with store.begin() as connection:
        connection.execute(update(table).where(table.c.number == 3).values(text="{}", digest=forged))
    assert journal.first_break() == 4


def test_a_removed_entry_is_found(journal, store):
    with store.begin() as connection:
        connection.execute(delete(table).where(table.c.number == 2))
    assert journal.first_break() == 2


def test_a_removed_entry_is_found_though_the_rest_is_renumbered(journal, store):
    with store.begin() as connection:
        connection.execute(delete(table).where(table.c.number == 2))
        for number in (3, 4, 5):
            connection.execute(update(table).where(table.c.number == number).values(number=number - 1))
    assert journal.first_break() == 2


def test_entries_in_another_order_are_found(journal, store):
    with store.begin() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(table).where(table.c.number == old).values(number=new))
    assert journal.first_break() == 2


def test_an_entry_in_a_transaction_that_fails_was_never_written(journal, store):
    with pytest.raises(RuntimeError, match="pulled"), store.begin() as connection:  # noqa: PT012  the failure is inside
        journal.write(Happening.SUBMITTED, connection)
        raise RuntimeError("pulled")
    assert journal.length() == 5
    journal.write(Happening.SUBMITTED)
    assert journal.first_break() is None


def test_the_chain_goes_on_after_a_restart(journal, store, tmp_path):
    store.close()
    again = Store(tmp_path / "kiosk.sqlite")
    later = Journal(again, Clock("Asia/Shanghai"), b"k" * 32)
    assert later.write(Happening.STARTED) == 6
    assert later.first_break() is None
    again.close()


def test_many_threads_with_and_without_a_transaction_write_one_chain(journal, store):  # noqa: C901  three small acts in one scene
    failed = []

    def alone():
        for _ in range(15):
            journal.write(Happening.ASKED_COUNTY)

    def together():
        for _ in range(15):
            with store.begin() as connection:
                store.remember("x", "y", connection)
                journal.write(Happening.SUBMITTED, connection)

    def noted(act):
        try:
            act()
        except Exception as error:  # noqa: BLE001  the test shows whatever went wrong in a thread
            failed.append(error)

    threads = [threading.Thread(target=noted, args=(act,)) for act in (alone, together, alone, together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert failed == []
    assert journal.length() == 5 + 60
    assert journal.first_break() is None


def test_a_resident_met_while_cut_off_has_a_reference_that_is_stable_and_says_nothing(journal, store):
    number = IdNumber("510521195003070028")
    reference = journal.reference_of(number)
    assert reference == journal.reference_of(number)
    assert number.plain() not in reference
    assert Journal(store, Clock("UTC"), b"other" * 8).reference_of(number) != reference


def test_the_file_can_be_read_by_any_sqlite_and_is_sound(journal, store):
    with sqlite3.connect(store.file) as connection:
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (5,)
    assert store.check() == "ok"
