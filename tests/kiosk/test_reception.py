"""Cards as they come: broken, expired, lost, pulled at any moment; a PIN goes to the card once or not at all."""

import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from contract.identifiers import check_character
from contract.problems import ProblemType
from devices.card import CardGone, Insertion
from devices.card.simulated import CardFault, VirtualCard
from kiosk.errors import (
    AssuranceMissing,
    CardNotAnswering,
    CardPulled,
    CardSwapped,
    CountyRefused,
    PinInitial,
    PinMalformed,
    PinUnproven,
    ReaderAway,
    SessionEnded,
)
from kiosk.identity import Assurance
from kiosk.reception import problem_of
from kiosk.states import CardLeft, Closed, ReadingCard, Serving, Vacant
from tests.hall import LOCALITY, eventually
from tests.screen import Screen

FAULTS = [
    (CardFault.DUMB, "K-102"), (CardFault.FOREIGN, "K-103"), (CardFault.WRONG_TAG, "K-104"),
    (CardFault.SHORT_RECORD, "K-104"), (CardFault.FF_FILLED, "K-104"), (CardFault.NAME_CUT, "K-104"),
    (CardFault.INCONSISTENT, "K-104"), (CardFault.SILENT, "K-102"),
]  # fmt: skip
ODD_BUT_GOOD = [
    CardFault.TAG_ONLY, CardFault.NUMBER_ONLY, CardFault.NO_4E, CardFault.P1_00_ONLY, CardFault.SW61,
    CardFault.SSSE_MISSING, CardFault.DDF1_ONLY, CardFault.BLOCKED,
]  # fmt: skip


def served(hall):
    state = hall.machine.desk.state
    assert isinstance(state, Serving), state
    return state.session


def put_in(hall, card):
    hall.reader.insert(card)
    eventually(
        lambda: not isinstance(hall.machine.desk.state, Vacant | ReadingCard), what="the card is read or refused"
    )


def journal_of(hall):
    return "\n".join(entry.text for entry in hall.machine.journal.entries())


def happened(hall, what):
    """The journal's entries of one kind, oldest first."""
    entries = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    return [entry for entry in entries if entry["what"] == what]


@pytest.mark.parametrize(("fault", "code"), FAULTS)
def test_a_card_that_is_broken_gets_its_words_and_a_way_on(hall, screen, fault, code):
    put_in(hall, VirtualCard(hall.person("李伟").card, frozenset({fault})))
    screen.follow()
    screen.sees(code)
    assert screen.path == "/card-left"
    screen.does_not_see("李")
    screen.remove_card()
    screen.sees("请插入社会保障卡")


@pytest.mark.parametrize("fault", ODD_BUT_GOOD)
def test_a_card_that_is_merely_different_is_served(hall, fault):
    put_in(hall, VirtualCard(hall.person("李伟").card, frozenset({fault})))
    assert served(hall).resident.name.plain() == "李伟"


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
    eventually(lambda: isinstance(hall.machine.desk.state, Serving))
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


class TestPin:
    """A PIN is sent once, counted by the card, and wiped."""

    @pytest.fixture
    def holder(self, hall):
        return hall.person("李伟")

    @pytest.fixture
    def card(self, hall, holder):
        card = VirtualCard(holder.card)
        put_in(hall, card)
        return card

    def verify(self, hall, pin):
        return hall.machine.reception.pins.verify(served(hall).token, pin)

    def test_the_right_pin_raises_the_assurance_and_is_wiped(self, hall, card, holder):
        pin = bytearray(holder.card.pin.encode())
        assert self.verify(hall, pin).accepted
        assert pin == bytes(6)
        assert served(hall).assurance is Assurance.PIN
        assert card.tries_left == 3

    def test_wrong_pins_are_counted_by_the_card_until_it_is_blocked(self, hall, card):
        for left in (2, 1):
            pin = bytearray(b"000000")
            answer = self.verify(hall, pin)
            assert (answer.accepted, answer.blocked, answer.tries_left) == (False, False, left)
            assert pin == bytes(6)
        answer = self.verify(hall, bytearray(b"000000"))
        assert (answer.blocked, answer.tries_left) == (True, 0)
        assert served(hall).assurance is Assurance.CARD

    @pytest.mark.parametrize(
        "pin", [b"", b"12345", b"1234567", b"12a456", b"      ", "１２３４５６".encode(), b"\x00" * 6]
    )
    def test_what_is_no_pin_is_never_sent(self, hall, card, pin):
        before = card.answered
        given = bytearray(pin)
        with pytest.raises(PinMalformed):
            self.verify(hall, given)
        assert card.answered == before
        assert card.tries_left == 3
        assert given == bytes(len(pin))

    def test_an_initial_pin_proves_nobody(self, hall):
        card = VirtualCard(hall.person("还在用初始密码").card)
        put_in(hall, card)
        pin = bytearray(card.description.pin.encode())
        with pytest.raises(PinInitial):
            self.verify(hall, pin)
        assert pin == bytes(6)
        assert served(hall).assurance is Assurance.CARD

    def test_a_wrong_pin_that_looks_initial_is_only_wrong(self, hall, card):
        assert not self.verify(hall, bytearray(b"123456")).accepted

    def test_a_locality_may_take_no_pin_of_an_unproven_card(self, open_hall, tmp_path):
        text = (Path(LOCALITY) / "locality.toml").read_text(encoding="utf-8")
        (tmp_path / "locality.toml").write_text(text.replace("unproven_pin = true", "unproven_pin = false"), "utf-8")
        hall = open_hall(kiosk={"locality": str(tmp_path)})
        card = VirtualCard(hall.person("李伟").card)
        put_in(hall, card)
        before, pin = card.answered, bytearray(card.description.pin.encode())
        with pytest.raises(PinUnproven):
            self.verify(hall, pin)
        assert card.answered == before
        assert pin == bytes(6)

    def test_a_pin_without_a_session_goes_nowhere(self, hall):
        pin = bytearray(b"135790")
        with pytest.raises(SessionEnded):
            hall.machine.reception.pins.verify("", pin)
        assert pin == bytes(6)

    def test_another_card_in_the_same_slot_gets_no_pin_and_ends_the_session(self, hall, screen, card):
        """The reader noticed nothing: the same insertion answers with another chip."""
        token, other = served(hall).token, hall.person("王秀英").card
        card.description = replace(other, atr=card.atr)
        with pytest.raises(CardSwapped):
            hall.machine.reception.pins.verify(token, bytearray(b"135790"))
        assert card.tries_left == 3
        assert isinstance(hall.machine.desk.state, CardLeft)
        screen.follow()
        screen.sees("K-109")

    def test_a_card_is_looked_at_again_before_an_act(self, hall, card):
        token = served(hall).token
        assert hall.machine.reception.check_card(token).token == token
        hall.remove()
        with pytest.raises(SessionEnded):
            hall.machine.reception.check_card(token)

    def test_a_reader_held_by_another_program_is_said(self, hall, card):
        with hall.reader.connect(served(hall).insertion), pytest.raises(Exception, match="another program") as caught:
            self.verify(hall, bytearray(b"135790"))
        assert caught.value.code == "K-111"

    def test_a_reader_unplugged_during_the_pin_is_said(self, hall, card):
        session = served(hall)
        hall.reader.disappear()
        with pytest.raises((CardPulled, SessionEnded, ReaderAway)):
            hall.machine.reception.pins.verify(session.token, bytearray(b"135790"))

    def test_on_the_screen_the_cards_own_counter_is_shown_and_the_last_try_is_warned_of(self, hall, screen):
        screen.insert_card("李伟")
        screen.visit("/pin?next=/services/insurance_query/")
        screen.enter_pin("000000")
        screen.sees("密码不对", "还可以试 2 次")
        screen.enter_pin("000000")
        screen.sees("只剩 1 次，还要试吗", "请找工作人员")
        assert not any(form.action.startswith("/pin") for form in screen.page.forms)
        screen.press("再试一次")
        screen.sees("只剩 1 次", "请找工作人员")
        screen.enter_pin("000000")
        screen.sees("K-121", "卡已锁住")
        assert hall.reader.card.tries_left == 0

    def test_the_last_try_is_warned_of_and_asked_for_after_the_card_was_pulled_too(self, hall, screen):
        holder = screen.insert_card("李伟")
        card = hall.reader.card
        for left in (2, 1):
            screen.visit("/pin?next=/services/insurance_query/")
            screen.enter_pin("000000")
            assert card.tries_left == left
            screen.remove_card()
            hall.reader.insert(card)
            eventually(lambda: isinstance(hall.machine.desk.state, Serving))
            screen.follow()
            screen.visit("/pin?next=/services/insurance_query/")
            screen.sees("上次的密码不对", f"{left} 次")
        screen.sees("还要试吗")
        screen.send("/pin?next=/services/insurance_query/", pin="000000")
        assert card.tries_left == 1, "nothing is sent that was not asked for"
        screen.sees("还要试吗")
        screen.press("再试一次")
        screen.enter_pin(holder.card.pin)
        screen.sees("参保")
        assert card.tries_left == 3
        screen.visit("/pin?next=/services/insurance_query/")
        screen.does_not_see("上次的密码不对")

    def test_another_card_is_not_warned_of_what_the_last_one_said(self, hall, screen):
        screen.insert_card("李伟")
        screen.visit("/pin?next=/")
        screen.enter_pin("000000")
        screen.remove_card()
        screen.insert_card("王秀英")
        screen.visit("/pin?next=/")
        screen.does_not_see("密码不对", "还可以试")

    def test_a_refused_pin_leaves_its_reason_in_the_journal(self, hall, card):
        self.verify(hall, bytearray(b"000000"))
        with pytest.raises(PinMalformed):
            self.verify(hall, bytearray(b"12"))
        assert [entry["why"] for entry in happened(hall, "pin_refused")] == ["wrong", "K-123"]

    def test_on_the_screen_a_right_pin_leads_back_to_where_it_was_asked(self, hall, screen):
        holder = screen.insert_card("李伟")
        screen.visit("/pin?next=//evil.example/")
        screen.enter_pin(holder.card.pin)
        assert screen.path == "/"


class TestCardsThatCannotProveThemselves:
    """A home-made card can carry any number and take any PIN: it is let in only as often as people come."""

    @staticmethod
    def hall_with(open_hall, folder, **limits):
        text = (Path(LOCALITY) / "locality.toml").read_text(encoding="utf-8")
        for name, limit in limits.items():
            text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {limit}", text)
        (folder / "locality.toml").write_text(text, "utf-8")
        return open_hall(kiosk={"locality": str(folder)})

    def test_more_of_them_in_an_hour_than_people_come_are_not_served(self, open_hall, tmp_path):
        hall = self.hall_with(open_hall, tmp_path, unproven_sessions_per_hour=2)
        screen = Screen(hall)
        for name in ("李伟", "王秀英"):
            screen.insert_card(name)
            screen.remove_card()
        screen.insert_card("李伟")
        screen.sees("K-112", "到窗口办", "叫工作人员")
        screen.remove_card()
        assert [entry["code"] for entry in happened(hall, "card_refused")] == ["K-112"]
        hall.move_clock(3601)
        screen.insert_card("李伟")
        screen.sees("李*")

    def test_more_pins_of_one_resident_than_anybody_mistypes_are_not_sent(self, open_hall, tmp_path):
        hall = self.hall_with(open_hall, tmp_path, unproven_pins_per_hour=2)
        screen = Screen(hall)
        for _ in range(2):
            holder = screen.insert_card("李伟")
            screen.visit("/pin?next=/")
            screen.enter_pin(holder.card.pin)
            screen.remove_card()
        screen.insert_card("李伟")
        screen.visit("/pin?next=/")
        answered = hall.reader.card.answered
        screen.enter_pin(holder.card.pin)
        screen.sees("K-125", "到窗口办")
        assert hall.reader.card.answered == answered
        assert [entry["why"] for entry in happened(hall, "pin_refused")] == ["K-125"]
        screen.remove_card()
        other = screen.insert_card("王秀英")
        screen.visit("/pin?next=/")
        screen.enter_pin(other.card.pin)
        assert screen.path == "/"


def test_an_insertion_of_the_past_is_gone(hall):
    put_in(hall, VirtualCard(hall.person("李伟").card))
    with pytest.raises(CardGone), hall.reader.connect(Insertion("simulated:", b"", 99)):
        pass


def test_errors_of_the_reception_are_nouns_with_codes():
    assert {error.code for error in (CardNotAnswering, CardPulled, AssuranceMissing)} == {"K-102", "K-101", "K-509"}
