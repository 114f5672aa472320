"""Visits as residents make them: each does what the screen offers, and tries once more where it says no."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.capture import CaptureState
from kiosk.states import CardLeft, Serving
from tests.hall import eventually
from tests.services.pension_steps import ROOT
from tests.simulator.promises import Promises
from tests.simulator.town import SimulatedTown

PENSIONER, INSURED = "王秀英", "李伟"
CLERK_ACCOUNT = "clerk"


@dataclass
class Visit:
    """Somebody at the machine of a town."""

    town: SimulatedTown
    promises: Promises
    name: str

    @property
    def screen(self):
        return self.town.screen

    def comes(self) -> bool:
        """The card goes in; False where it was refused."""
        desk = self.town.machine.desk
        self.holder = self.screen.insert_card(self.name, settle=False)
        eventually(lambda: isinstance(desk.state, Serving | CardLeft), 30, "served or refused")
        self.screen.visit("/")
        return isinstance(desk.state, Serving)

    def does(self, act: Callable[[], object], went_well: str) -> bool:
        """Do something at most twice; reads what the screen says each time."""
        for _ in range(2):
            act()
            self.promises.hear(self.screen.page.text)
            if went_well in self.screen.page.text:
                return True
        return False

    def offers(self, words: str) -> bool:
        return any(words in button for button in self.screen.buttons())

    def leaves(self) -> None:
        """With the card."""
        state = self.town.machine.desk.state
        sitting = state.session.sitting if isinstance(state, Serving) else None
        self.town.card_out()
        self.promises.card_is_out(sitting.sitting if sitting else "")


def statement(town: SimulatedTown, promises: Promises) -> None:
    """What am I insured for, and one year of it."""
    visit = Visit(town, promises, INSURED)
    if visit.comes():
        screen, place = visit.screen, "/services/insurance_query/"
        screen.visit(place)
        if any(form.action.startswith("/pin") for form in screen.page.forms):
            screen.enter_pin(visit.holder.card.pin)
        if visit.does(lambda: screen.visit(place), "养老保险"):
            years = re.findall(r'href="(/services/insurance_query/type/\d+)"', screen.page.html)
            visit.does(lambda: screen.visit(f"{years[0]}/{town.machine.clock.local().year}"), "缴费")
    visit.leaves()


def appointment(town: SimulatedTown, promises: Promises) -> None:
    """Somebody to come home; needs no PIN."""
    visit = Visit(town, promises, PENSIONER)
    if visit.comes():
        screen = visit.screen
        screen.visit(ROOT)
        screen.visit(f"{ROOT}appointment")
        visit.does(lambda: screen.send(f"{ROOT}appointment", wanted="home"), "编号")
    visit.leaves()


def _begins(visit: Visit) -> bool:
    """As far as the question for the finger, or for the clerk."""
    visit.town.due_again(PENSIONER)
    if not visit.comes():
        return False
    screen = visit.screen
    screen.visit(ROOT)
    if not visit.offers("开始认证"):
        return False
    screen.press("开始认证")
    screen.enter_pin(visit.holder.card.pin)
    return True


def _submits(visit: Visit) -> None:
    visit.screen.visit(f"{ROOT}confirm")
    if visit.offers("提交认证"):
        visit.does(lambda: visit.screen.send(f"{ROOT}submit"), "编号")


def _is_witnessed(visit: Visit) -> None:
    screen, board = visit.screen, visit.town.machine.reception.witness
    screen.send(f"{ROOT}witness")
    asked = board.open()
    if asked is not None:
        board.answer(asked.request_id, CLERK_ACCOUNT, confirmed=True)
        _submits(visit)


def by_witness(town: SimulatedTown, promises: Promises) -> None:
    """The yearly verification by a clerk's eyes."""
    visit = Visit(town, promises, PENSIONER)
    if _begins(visit):
        _is_witnessed(visit)
    visit.leaves()


def by_finger(town: SimulatedTown, promises: Promises) -> None:
    """The same by the finger; where no finger can be taken, by the clerk."""
    visit = Visit(town, promises, PENSIONER)
    if _begins(visit):
        screen, captures = visit.screen, town.machine.captures
        eventually(lambda: captures.ready, 30, "the sensor is ready")
        screen.visit(f"{ROOT}consent")
        if visit.offers("同意，按指纹"):
            screen.press("同意，按指纹")
        if "请工作人员看您一眼" in screen.page.text:
            _is_witnessed(visit)
        else:
            screen.place_finger(visit.holder)
            token = town.machine.desk.state.session.token
            eventually(lambda: captures.view(token).state is not CaptureState.WAITING, 30, "the try is over")
            _submits(visit)
            screen.lift_finger()
    visit.leaves()


def uplink(town: SimulatedTown, promises: Promises) -> None:
    """What goes on behind everybody's back: two acts wait, the line comes back, the copy is renewed."""
    town.cut()
    for _ in range(2):
        appointment(town, promises)
    town.mend()
    town.line.step = 0
    town.machine.county.outbox.hurry()
    since = len(town.line.log)
    town.round()
    promises.sent_in_order(since)


FLOWS = {flow.__name__: flow for flow in (statement, appointment, by_witness, by_finger, uplink)}
