"""A whole hall over a maker's library: a card, the PIN on the library's own keys, what one is insured for, and out."""

from __future__ import annotations

import pytest

from kiosk.identity import Assurance
from kiosk.states import Serving, Vacant
from tests.hall import eventually
from tests.screen import Screen


class VendorScreen(Screen):
    """A screen whose card goes into the maker's reader."""

    def __init__(self, hall, slot):
        super().__init__(hall)
        self.slot = slot

    @property
    def state(self):
        return self.hall.machine.desk.state

    def insert_card(self, special, **lines):
        holder = self.hall.person(special)
        self.slot.insert(holder.card, **lines)
        eventually(lambda: isinstance(self.state, Serving), 15, "the card is read")
        self.follow()
        return holder

    def remove_card(self):
        self.slot.remove()
        eventually(lambda: isinstance(self.state, Vacant), 15, "the removal is noticed")
        self.follow()


@pytest.fixture
def screen(open_hall, library, slot):
    yield VendorScreen(open_hall(devices={"card": f"vendor:{library}?type=3&seconds=2"}), slot)
    slot.remove()


def test_a_session_from_the_card_to_its_removal(screen):
    holder = screen.insert_card("李伟")
    screen.sees("李*")
    screen.visit("/services/insurance_query/")
    screen.sees("请在密码键盘上输入密码")
    assert not any(form.action.startswith("/pin?") for form in screen.page.forms), "no keys on the screen"
    screen.press("开始输入")
    screen.slot.press("111111")
    screen.sees_soon("密码不对", "还可以试 2 次", seconds=15)
    screen.slot.press("")
    screen.press("再输一次")
    screen.slot.press(holder.card.pin)
    screen.sees_soon("参保", seconds=15)
    assert screen.state.session.assurance is Assurance.PIN
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.does_not_see("李")
    screen.insert_card("王秀英")
    screen.sees("王*")


def test_an_initial_pin_that_the_library_knows_leads_to_the_counter(screen):
    screen.insert_card("李伟", pin="123456")
    screen.visit("/services/insurance_query/")
    screen.press("开始输入")
    screen.slot.press("123456")
    screen.sees_soon("K-122", seconds=15)
    assert screen.state.session.assurance is Assurance.CARD


def test_another_card_in_the_slot_ends_the_session_before_any_pin(screen):
    screen.insert_card("李伟")
    screen.visit("/services/insurance_query/")
    token = screen.state.session.token
    other = screen.hall.person("王秀英")
    screen.slot.insert(other.card)
    eventually(lambda: getattr(getattr(screen.state, "session", None), "token", token) != token, 15)
    screen.follow()
    screen.does_not_see("李")


def test_a_library_that_hangs_takes_nobody_elses_time(screen):
    screen.insert_card("李伟")
    screen.slot.set(hang="4")
    screen.visit("/services/insurance_query/")
    screen.sees("密码键盘")
    eventually(lambda: not screen.hall.machine.devices.card.board.health.ready, 20, "the clerk sees a fault")
    eventually(lambda: isinstance(screen.state, Vacant), 15, "the session is over: nobody knows who is there")
    screen.follow()
    screen.visit("/services/job_board/")
    screen.sees("岗位")
