"""An ID card on its reader, a code before the scanner, in real Chromium: what is shown, and whether it can be used."""

from __future__ import annotations

import itertools

import pytest

from contract.credentials import Worth
from contract.development import town_code
from tests.browser import tour
from tests.browser.axe import wrong_on
from tests.browser.credentials_tour import CREDENTIALS
from tests.browser.legibility import HARDEST, hard_to_use
from tests.browser_screen import BrowserScreen, LiveHall

turns = itertools.count(1)


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    """A hall with both devices, in a county that takes both."""
    granted = {"electronic_codes": "town", "worth_of_codes": Worth.CARD, "worth_of_id_cards": Worth.CARD}
    devices = {"id_card": "simulated:", "scanner": "simulated:"}
    opened = LiveHall(tmp_path_factory.mktemp("hall"), seeds, devices=devices, hub=granted)
    yield opened
    opened.close()


def test_an_elder_can_read_reach_and_leave_every_screen_without_a_card(hall, window):
    screen, found = BrowserScreen(hall, window()), {}
    for stop in tour.walk(screen, CREDENTIALS):
        found[stop] = hard_to_use(screen.tab, HARDEST) + wrong_on(screen.tab, ())
    assert "\n".join(f"{stop}: {wrong}" for stop, wrongs in found.items() for wrong in wrongs) == ""


def test_a_code_before_the_scanner_opens_home_and_done_closes_it(screen):
    holder = screen.hall.person("李伟")
    screen.hall.show_code(town_code(holder.card.identification, next(turns)))
    screen.sees("李*，您想办什么事")
    screen.press("结束")
    screen.sees("请插入社会保障卡", "请慢走")
    screen.does_not_see("李*")
