"""PINs: sent to the card once or not at all, counted, warned of and wiped."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from devices.card.simulated import VirtualCard
from kiosk.card_errors import CardPulled, CardSwapped, PinInitial, PinMalformed, PinUnproven, ReaderAway
from kiosk.errors import SessionEnded
from kiosk.identity import Assurance
from kiosk.states import CardLeft, Serving
from tests.card_in import happened, put_in, served
from tests.hall import LOCALITY, eventually
from tests.screen import Screen


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
