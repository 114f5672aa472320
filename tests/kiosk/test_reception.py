"""Cards as they come: broken, expired, lost, pulled at any moment."""

import threading
from dataclasses import replace

import pytest

from contract.identifiers import check_character
from contract.problems import ProblemType
from devices.card import CardGone, Insertion
from devices.card.simulated import CardFault, VirtualCard
from kiosk.admission import problem_of
from kiosk.card_errors import CardNotAnswering, CardPulled
from kiosk.county_errors import CountyRefused
from kiosk.errors import AssuranceMissing, SessionEnded
from kiosk.events import Closed
from kiosk.identity import Assurance
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant
from tests.card_in import put_in, served
from tests.hall import eventually

FAULTS = [
    (CardFault.DUMB, "K-102"), (CardFault.FOREIGN, "K-103"), (CardFault.WRONG_TAG, "K-104"),
    (CardFault.SHORT_RECORD, "K-104"), (CardFault.FF_FILLED, "K-104"), (CardFault.NAME_CUT, "K-104"),
    (CardFault.INCONSISTENT, "K-104"), (CardFault.SILENT, "K-102"),
]  # fmt: skip
ODD_BUT_GOOD = [
    CardFault.TAG_ONLY, CardFault.NUMBER_ONLY, CardFault.NO_4E, CardFault.P1_00_ONLY, CardFault.SW61,
    CardFault.SSSE_MISSING, CardFault.DDF1_ONLY, CardFault.BLOCKED, CardFault.SFI_ONLY, CardFault.CONTACTLESS,
    CardFault.NO_KEYS, CardFault.FORGED, CardFault.KEY_REFUSED, CardFault.KEY_LOCKED, CardFault.CHALLENGE_LOST,
]  # fmt: skip


def journal_of(hall):
    return "\n".join(entry.text for entry in hall.machine.journal.entries())


@pytest.mark.parametrize(("fault", "code"), FAULTS)
def test_a_card_that_is_broken_gets_its_words_and_a_way_on(hall, screen, fault, code):
    put_in(hall, VirtualCard(hall.person("李伟").card, frozenset({fault})))
    screen.follow()
    screen.sees(code)
    assert screen.path == "/card-left"
    screen.does_not_see("李")
    screen.remove_card()
    screen.sees("请插入社会保障卡")


def test_a_card_that_is_merely_different_is_served(hall):
    """Without a key service a card's keys are nobody's business."""
    for fault in ODD_BUT_GOOD:
        put_in(hall, VirtualCard(hall.person("李伟").card, frozenset({fault})))
        assert served(hall).resident.name.plain() == "李伟", fault
        hall.remove()


def test_a_terminals_own_module_in_the_slot_is_nobody(hall, screen):
    hall.reader.insert(VirtualCard(hall.person("李伟").card, frozenset({CardFault.PSAM})))
    hall.reader.remove()
    screen.visit("/")
    assert isinstance(hall.machine.desk.state, Vacant)
    screen.sees("请插入社会保障卡")


@pytest.mark.parametrize(
    ("special", "code"),
    [("卡已过有效期", "K-106"), ("卡已挂失", "K-107"), ("卡已注销", "K-107"), ("三代卡", "K-105")],
)
def test_a_card_that_is_no_longer_or_not_yet_good_is_sent_to_the_counter(hall, screen, special, code):
    screen.insert_card(special)
    screen.sees(code, "请到窗口")
    assert f'"code": "{code}"' in journal_of(hall)


def test_a_resident_of_another_county_is_told_so(hall, screen):
    holder = hall.person("李伟")
    number = "11010119900307001" + check_character("11010119900307001")
    stranger = replace(holder.card, number=number, name="外乡人")
    put_in(hall, VirtualCard(stranger))
    screen.follow()
    screen.sees("K-108", "本县没有查到您的登记")


def test_an_expired_card_is_refused_without_the_county_too(hall, screen):
    hall.cut()
    screen.insert_card("卡已过有效期")
    screen.sees("K-106")


def test_another_reason_of_the_county_is_kept_as_it_is():
    refusal = CountyRefused(ProblemType.MALFORMED, "x")
    assert problem_of(refusal) is refusal


def commands_of_a_reading(hall):
    card = VirtualCard(hall.person("李伟").card)
    put_in(hall, card)
    served(hall)
    hall.remove()
    return card.answered


def test_a_card_pulled_at_any_command_brings_the_screen_home_and_leaves_nothing(hall, screen):
    commands = commands_of_a_reading(hall)
    assert commands > 8
    for place in range(1, commands + 1):
        before = hall.machine.desk.state
        hall.reader.insert(VirtualCard(hall.person("李伟").card, pull_at=place))
        eventually(lambda: not hall.reader.occupied, what=f"pulled at {place}")
        eventually(lambda: isinstance(hall.machine.desk.state, Vacant), what=f"home after {place}")
        assert isinstance(before, Vacant)
        screen.visit("/")
        screen.sees("请插入社会保障卡")
        screen.does_not_see("李")
    put_in(hall, VirtualCard(hall.person("李伟").card))
    assert served(hall).assurance is Assurance.CARD


def test_a_card_pulled_at_any_command_of_its_pin_ends_the_session_and_proves_nothing(hall):
    holder = hall.person("李伟")
    reading = commands_of_a_reading(hall)
    for place in range(reading + 1, reading + 9):
        card = VirtualCard(holder.card, pull_at=place)
        put_in(hall, card)
        token = served(hall).token
        try:
            answer = hall.machine.reception.pins.verify(token, bytearray(holder.card.pin.encode()))
        except CardPulled:
            eventually(lambda: isinstance(hall.machine.desk.state, Vacant), what=f"home after {place}")
            continue
        assert answer.accepted
        assert place > card.answered
        assert served(hall).assurance is Assurance.PIN
        return
    pytest.fail("the PIN was never accepted")


def test_two_cards_one_after_the_other_are_two_sessions(hall, screen):
    screen.insert_card("李伟")
    first = served(hall).token
    hall.reader.insert(VirtualCard(hall.person("王秀英").card))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving) and served(hall).token != first)
    screen.follow()
    screen.sees("王*")


def test_a_reader_that_vanishes_while_serving_ends_the_session(hall, screen):
    screen.insert_card("李伟")
    token = served(hall).token
    hall.reader.disappear()
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant))
    screen.follow()
    screen.does_not_see("李")
    with pytest.raises(SessionEnded):
        hall.machine.reception.pins.verify(token, bytearray(b"135790"))
    eventually(lambda: hall.machine.health()["devices"]["card"]["state"] == "missing")
    hall.reader.reappear()
    eventually(lambda: isinstance(hall.machine.desk.state, CardLeft), what="the card that stayed in opens nothing")
    hall.remove()
    screen.insert_card("李伟")
    assert served(hall).token != token


def test_the_desk_can_be_closed_while_a_card_is_read(hall):
    go_on = threading.Event()
    slow = VirtualCard(hall.person("李伟").card, frozenset({CardFault.SLOW}), pause=lambda _: go_on.wait(5))
    hall.reader.insert(slow)
    eventually(lambda: isinstance(hall.machine.desk.state, ReadingCard))
    hall.machine.desk.handle(Closed("cleaning"))
    go_on.set()
    eventually(lambda: slow.answered > 10, what="the reading goes on to its end")
    hall.reader.remove()
    assert hall.machine.desk.state.name == "out_of_service"


def test_an_insertion_of_the_past_is_gone(hall):
    put_in(hall, VirtualCard(hall.person("李伟").card))
    with pytest.raises(CardGone), hall.reader.connect(Insertion("simulated:", b"", 99)):
        pass


def test_errors_of_the_reception_are_nouns_with_codes():
    assert {error.code for error in (CardNotAnswering, CardPulled, AssuranceMissing)} == {"K-102", "K-101", "K-509"}
