"""The card faults of the fault list, by number (1 to 14), as the resident meets them: words, way out, next person.

Faults 5 and 7, and the long halves of 3, 6 and 8, need a real PC/SC service: tests/pcsc/test_card_reader.py names them.
Fault 10 is a table of its own, tests/devices/card/test_status_words.py; this one shows what becomes of it here.
"""

import threading
import time

import pytest

from devices.card import CardUnreadable, records
from devices.card.simulated import CardFault, VirtualCard
from kiosk.card_errors import CardPulled, ReaderBusy
from kiosk.errors import SessionEnded
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant
from tests.card_in import happened, put_in, served
from tests.hall import eventually
from tests.services.pension_steps import ROOT, passes_by_finger, received

READY_AGAIN = 10.0
"""Two seconds are promised; the bound is five times that, for a loaded machine."""


def person(hall, *faults, special="李伟", **settings):
    return VirtualCard(hall.person(special).card, frozenset(faults), **settings)


def code_of(hall) -> str:
    state = hall.machine.desk.state
    assert isinstance(state, CardLeft), state
    return state.problem.code


def serves_another(hall, token: str) -> bool:
    state = hall.machine.desk.state
    return isinstance(state, Serving) and state.session.token != token


def next_person_is_served(hall) -> None:
    """The fault is mended, the card is out: whoever comes next is served at once."""
    hall.reader.remove()
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant), READY_AGAIN, "the screen is free")
    hall.reader.insert(person(hall, special="王秀英"))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), READY_AGAIN, "the next person is served")
    assert served(hall).resident.name.plain() == "王秀英"


def test_fault_01_a_card_pulled_between_two_commands_shows_nobody_and_ends_the_session(hall, screen):
    for place in (1, 2, 3, 8, 13):
        hall.reader.insert(person(hall, pull_at=place))
        eventually(lambda: not hall.reader.occupied, what=f"pulled at {place}")
        eventually(lambda: isinstance(hall.machine.desk.state, Vacant), what="the screen is free")
        screen.visit("/")
        screen.sees("请插入社会保障卡")
        screen.does_not_see("李")
    next_person_is_served(hall)


def test_fault_02_a_card_pulled_after_the_finger_and_before_the_submission_passes_nobody(screen):
    passes_by_finger(screen)
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    screen.hall.remove()
    answer = screen.client.post(f"{ROOT}submit", data={"csrf_token": token}, base_url=screen.base)
    assert answer.status_code == 409
    assert not received(screen.hall)
    eventually(
        lambda: [entry["why"] for entry in happened(screen.hall, "session_ended")] == ["card_out"],
        what="the journal says that the card was taken out",
    )
    next_person_is_served(screen.hall)


def test_fault_03_a_card_swapped_during_a_reading_is_never_taken_for_the_first(hall):
    """However fast: the event counter of the insertion is another one."""
    entered, swapped = threading.Event(), threading.Event()

    def wait(_seconds: float) -> None:
        entered.set()
        swapped.wait(READY_AGAIN)

    hall.reader.insert(person(hall, CardFault.SLOW, pause=wait))
    assert entered.wait(READY_AGAIN)
    hall.reader.insert(person(hall, special="王秀英"))
    swapped.set()
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), READY_AGAIN, "the second card is served")
    assert served(hall).resident.name.plain() == "王秀英"
    assert len(happened(hall, "session_began")) <= 1


def test_fault_03_a_card_swapped_between_reading_and_pin_ends_the_session(hall, screen):
    put_in(hall, person(hall))
    token, other = served(hall).token, person(hall, special="王秀英")
    hall.reader.insert(other)
    with pytest.raises((SessionEnded, CardPulled)):
        hall.machine.reception.pins.verify(token, bytearray(b"135790"))
    assert other.tries_left == other.description.tries
    eventually(lambda: serves_another(hall, token), READY_AGAIN, "the other card has a session of its own")


def test_fault_04_the_same_card_again_is_a_new_session_and_what_the_old_one_held_is_dead(hall, screen):
    card = person(hall)
    put_in(hall, card)
    first = served(hall).token
    hall.remove()
    put_in(hall, card)
    assert served(hall).token != first
    assert not hall.machine.desk.serves(first)
    for act in (
        lambda: hall.machine.reception.check_card(first),
        lambda: hall.machine.reception.pins.verify(first, bytearray(b"135790")),
    ):
        with pytest.raises(SessionEnded):
            act()
    assert card.tries_left == card.description.tries
    next_person_is_served(hall)


@pytest.mark.parametrize("moment", ["idle", "reading", "serving"])
def test_fault_06_a_reader_unplugged_is_shown_and_found_again_without_a_restart(hall, moment):
    if moment == "serving":
        put_in(hall, person(hall))
    if moment == "reading":
        hall.reader.insert(person(hall, CardFault.SLOW, pause=lambda _: time.sleep(0.05)))
        eventually(lambda: isinstance(hall.machine.desk.state, ReadingCard), what="the card is being read")
    hall.reader.disappear()
    board = hall.machine.devices.card.board
    eventually(lambda: not board.health.ready, READY_AGAIN, "the reader is missed")
    eventually(lambda: not isinstance(hall.machine.desk.state, Serving | ReadingCard), READY_AGAIN, "nobody is served")
    hall.reader.remove()
    hall.reader.reappear()
    eventually(lambda: board.health.ready, READY_AGAIN, "the reader is back")
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant), READY_AGAIN, "the screen is free")
    next_person_is_served(hall)


def test_fault_08_a_reader_that_somebody_else_holds_is_said_and_the_screen_goes_on(hall, screen):
    """The other program holds a transaction: here the call is refused at once, in PC/SC after a short while."""
    put_in(hall, person(hall))
    session = served(hall)
    with hall.reader.connect(session.insertion):
        with pytest.raises(ReaderBusy) as caught:
            hall.machine.reception.check_card(session.token)
        began = time.monotonic()
        screen.visit("/")
        assert time.monotonic() - began < READY_AGAIN
    assert caught.value.code == "K-111"
    assert hall.machine.reception.check_card(session.token).token == session.token
    next_person_is_served(hall)


def refused(hall, screen, card) -> str:
    """Put it in, see the code and a way on; returns the code. The card is out again at the end, and the screen free."""
    put_in(hall, card)
    code = code_of(hall)
    screen.follow()
    screen.sees(code, "请")
    assert screen.status == 200
    screen.does_not_see("李伟", "Traceback")
    screen.remove_card()
    return code


def test_fault_09_a_card_that_is_none_or_says_nothing_gets_plain_words(hall, screen):
    """An unknown answer to reset; upside down, without one; mute after it."""
    assert refused(hall, screen, person(hall, CardFault.FOREIGN)) == "K-103"
    assert refused(hall, screen, person(hall, CardFault.SILENT)) == "K-102"
    assert refused(hall, screen, person(hall, CardFault.DUMB)) == "K-102"
    next_person_is_served(hall)


def test_fault_10_a_status_word_becomes_words_or_another_way_of_asking(hall, screen):
    """6982; 6A83 and a wrong tag; 6A82, for which the short name of the file is tried."""
    assert refused(hall, screen, person(hall, CardFault.GUARDED)) == "K-105"
    assert refused(hall, screen, person(hall, CardFault.WRONG_TAG)) == "K-104"
    put_in(hall, person(hall, CardFault.SFI_ONLY))
    assert isinstance(hall.machine.desk.state, Serving)
    next_person_is_served(hall)


def test_fault_11_a_record_that_is_not_as_it_should_be_is_refused_and_the_log_names_the_field(hall, screen, caplog):
    for fault in (CardFault.SHORT_RECORD, CardFault.LONG_RECORD, CardFault.WRONG_TAG, CardFault.NAME_CUT):
        caplog.clear()
        assert refused(hall, screen, person(hall, fault)) == "K-104"
        assert "K-104 name: " in caplog.text
        assert hall.person("李伟").number not in caplog.text
    next_person_is_served(hall)


@pytest.mark.parametrize("second", [0x20, 0x7F, 0xFF, 0x00])
def test_fault_11_a_name_with_a_broken_second_byte_is_unreadable(second):
    with pytest.raises(CardUnreadable) as caught:
        records.name("name", bytes([0xC5, second]) + "晓晴".encode("gb18030"), b"")
    assert caught.value.field == "name"


def test_fault_12_contradicting_records_are_nobody(hall, screen):
    assert refused(hall, screen, person(hall, CardFault.INCONSISTENT)) == "K-104"
    next_person_is_served(hall)


def test_fault_13_a_card_outside_its_days_or_reported_lost_is_stopped_before_anything_else(hall, screen):
    assert refused(hall, screen, person(hall, CardFault.EXPIRED)) == "K-106"
    assert refused(hall, screen, person(hall, CardFault.NOT_YET_VALID)) == "K-116"
    assert refused(hall, screen, person(hall, special="卡已挂失")) == "K-107"
    assert refused(hall, screen, person(hall, special="卡已注销")) == "K-107"
    assert happened(hall, "session_began") == []
    next_person_is_served(hall)


def test_fault_14_a_slow_card_shows_that_it_is_being_read_and_is_served(hall, screen):
    """The limit of 20 seconds for one act: tests/pcsc/test_card_reader.py (soak)."""
    going = threading.Event()
    hall.reader.insert(person(hall, CardFault.SLOW, pause=lambda _: going.wait(READY_AGAIN)))
    eventually(lambda: isinstance(hall.machine.desk.state, ReadingCard), READY_AGAIN)
    screen.visit("/")
    screen.sees_soon("正在读卡")
    going.set()
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), READY_AGAIN)
    assert served(hall).resident.name.plain() == "李伟"
    next_person_is_served(hall)
