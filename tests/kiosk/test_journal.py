"""The machine's own record: append-only, chained, and with nobody's number in it."""

import ast
import json
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from county.sittings import known_sitting
from devices.card import CardInserted, CardRemoved, Insertion
from devices.printer import Receipt, Text
from kiosk.clock import Clock
from kiosk.identity import IdNumber
from kiosk.journal import Happening, Journal
from kiosk.models import journal as table
from kiosk.states import OutOfService, Serving
from kiosk.store import Store
from tests.hall import eventually

REFUSALS = ("journal_is_never_changed", "journal_is_never_shortened", "journal_is_only_continued")
KIOSK = Path(__file__).resolve().parents[2] / "kiosk"


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "kiosk.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def forged(store):
    """A transaction of somebody with the file in their hands, who takes away first what refuses."""

    @contextmanager
    def transaction():
        with store.begin() as connection:
            for name in REFUSALS:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            yield connection

    return transaction


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


@pytest.mark.parametrize(
    "act",
    [
        update(table).where(table.c.number == 3).values(text="{}"),
        update(table).where(table.c.number == 5).values(number=9),
        delete(table).where(table.c.number == 5),
        insert(table).values(number=9, text="{}", digest="x"),
        text("INSERT OR REPLACE INTO journal (number, text, digest) VALUES (5, '{}', 'x')"),
        text("REPLACE INTO journal (number, text, digest) VALUES (2, '{}', 'x')"),
    ],
    ids=["change", "renumber", "remove", "leave a gap", "replace the last", "replace one"],
)
def test_the_database_itself_refuses_all_but_the_next_entry(journal, store, act):
    before = list(journal.entries())
    with pytest.raises(IntegrityError, match="append-only"), store.begin() as connection:
        connection.execute(act)
    assert list(journal.entries()) == before
    assert journal.write(Happening.STARTED) == 6


def test_a_changed_entry_is_found(journal, forged):
    with forged() as connection:
        connection.execute(update(table).where(table.c.number == 3).values(text='{"what": "other"}'))
    assert journal.first_break() == 3


def test_a_changed_entry_with_a_fitting_digest_of_its_own_is_found_one_later(journal, forged):
    from contract.chain import digest  # noqa: PLC0415  what a forger would use

    entries = list(journal.entries())
    fitting = digest(entries[1].digest, "{}")
    with forged() as connection:
        connection.execute(update(table).where(table.c.number == 3).values(text="{}", digest=fitting))
    assert journal.first_break() == 4


def test_a_removed_entry_is_found(journal, forged):
    with forged() as connection:
        connection.execute(delete(table).where(table.c.number == 2))
    assert journal.first_break() == 2


def test_a_removed_entry_is_found_though_the_rest_is_renumbered(journal, forged):
    with forged() as connection:
        connection.execute(delete(table).where(table.c.number == 2))
        for number in (3, 4, 5):
            connection.execute(update(table).where(table.c.number == number).values(number=number - 1))
    assert journal.first_break() == 2


def test_entries_in_another_order_are_found(journal, forged):
    with forged() as connection:
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


def written(hall, happening):
    """The facts of every entry of one kind."""
    facts = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    return [fact for fact in facts if fact["what"] == happening]


def served(hall, name="李伟"):
    hall.insert(hall.person(name))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving))
    return hall.machine.desk.state.session


def test_everything_of_the_catalogue_is_written_by_somebody():
    used = {
        node.attr
        for file in KIOSK.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Happening"
    }
    assert used == {happening.name for happening in Happening}


def test_a_device_that_goes_and_comes_back_is_written_down(hall):
    eventually(lambda: [fact for fact in written(hall, "device_changed") if fact["device"] == "card"])
    hall.reader.disappear()
    eventually(lambda: written(hall, "device_changed")[-1]["state"] == "missing")
    hall.reader.reappear()
    eventually(lambda: written(hall, "device_changed")[-1]["state"] == "ready")
    assert {fact["device"] for fact in written(hall, "device_changed")[-2:]} == {"card"}


def test_a_number_that_leaves_for_a_sitting_is_written_down_under_the_countys_word(hall):
    session = served(hall)
    eventually(lambda: written(hall, "number_unmasked"))
    assert [(fact["resident"], fact["to"], fact["why"]) for fact in written(hall, "number_unmasked")] == [
        (session.resident.reference, "county", "sitting")
    ]


def test_a_number_that_may_have_left_into_a_cut_line_is_written_down_too(hall):
    hall.cut()
    session = served(hall)
    eventually(lambda: written(hall, "number_unmasked"))
    assert written(hall, "number_unmasked")[0]["resident"] == session.resident.reference


def test_a_clerk_who_did_not_come_is_written_down_once_with_the_resident(hall):
    session = served(hall)
    board = hall.machine.reception.witness
    board.ask(session, "认证", 0.0)
    eventually(lambda: board.open() is None)
    hall.remove()
    eventually(lambda: written(hall, "session_ended"))
    late = written(hall, "witness_refused")
    assert [(fact["why"], fact["resident"], fact["clerk"]) for fact in late] == [
        ("late", session.resident.reference, "")
    ]


@pytest.mark.parametrize(("confirmed", "what"), [(True, "witness_confirmed"), (False, "witness_refused")])
def test_what_a_clerk_said_is_written_down_with_the_resident(hall, confirmed, what):
    session = served(hall)
    board = hall.machine.reception.witness
    board.answer(board.ask(session, "认证", 60).request_id, "clerk", confirmed=confirmed)
    assert [(fact["resident"], fact["clerk"]) for fact in written(hall, what)] == [
        (session.resident.reference, "clerk")
    ]


def test_a_wrong_pin_is_written_down_with_why(hall, screen):
    screen.insert_card("李伟")
    screen.visit("/pin?next=/services/insurance_query/")
    screen.enter_pin("000000")
    screen.enter_pin("12")
    assert [fact["why"] for fact in written(hall, "pin_refused")] == ["wrong", "K-123"]


def test_a_question_to_the_county_is_written_down_with_the_site_and_a_slip_with_its_owner(hall, screen):
    holder = screen.insert_card("李伟")
    screen.visit("/pin?next=/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.send("/services/insurance_query/slip")
    reference = hall.machine.desk.state.session.resident.reference
    assert {(fact["resident"], fact["site"]) for fact in written(hall, "asked_county")} == {
        (reference, hall.settings.kiosk.site)
    }
    assert hall.machine.printing.wait_idle(20)
    assert [fact["resident"] for fact in written(hall, "receipt_printed")] == [reference]


def test_a_slip_of_nobody_in_particular_names_nobody(hall):
    hall.machine.printing.print(Receipt("1", (Text("岗位"),)), lambda _job: None, lambda: True)
    assert hall.machine.printing.wait_idle(20)
    assert [fact["resident"] for fact in written(hall, "receipt_printed")] == [""]


def test_a_clerk_who_was_idle_too_long_is_written_down_as_gone(hall, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    hall.move_clock(16 * 60)
    staff.visit("/witness/")
    staff.visit("/witness/")
    assert [(fact["clerk"], fact["why"]) for fact in written(hall, "staff_signed_out")] == [("clerk", "idle")]


def test_a_machine_that_stops_ends_the_session_first_and_says_so(hall):
    session = served(hall)
    eventually(lambda: written(hall, "session_began"))
    machine = hall.machine
    machine.stop()
    with sqlite3.connect(machine.store.file) as connection:
        facts = [json.loads(text) for (text,) in connection.execute("SELECT text FROM journal ORDER BY number")]
    told = [fact for fact in facts if fact["what"] != "device_changed"]  # which may be noted while they are closed
    assert [fact["what"] for fact in told[-2:]] == ["session_ended", "stopped"]
    assert told[-2]["why"] == "stopping"
    with hall.hub.hub.store.reading() as connection:
        assert not known_sitting(connection, session.sitting.sitting).lives(machine.clock.now())


def test_a_card_that_moves_while_the_machine_stops_does_no_harm(hall):
    served(hall)
    hall.machine.stop()
    for event in (CardRemoved("simulated:"), CardInserted(Insertion("simulated:", b"", 9))):
        hall.machine.reception.cards.card_event(event)
    assert isinstance(hall.machine.desk.state, OutOfService)
