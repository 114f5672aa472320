"""What a fault is tried with: somebody at the machine, one scene a kind of device. The same hall for all of them."""

from __future__ import annotations

import time

from devices.card.described import CardFault
from devices.card.simulated import VirtualCard
from kiosk.states import CardLeft, Finished, OutOfService, Serving, Vacant
from tests.hall import Hall, eventually
from tests.screen import Screen, StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
NEVER = 60.0
READY_SECONDS = 10.0
"""The house promises 2 s on a quiet machine; a loaded one may take five times that."""
HASTE = 40
"""A slow card's two seconds are divided by this: the table has no time for it."""
VERIFICATION = "/services/pension_verification/"


class Scene:
    """A resident at the screen and a clerk at the staff face, in one hall that serves many cases."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.machine = hall.machine
        self.screen = Screen(hall)
        self.clerk = StaffScreen(hall)
        self.clerk.sign_in(*CLERK)

    def page_of_devices(self) -> str:
        """What the clerk's page of devices says."""
        self.clerk.visit("/device_page/")
        return self.clerk.page.text

    def leave(self) -> None:
        """The card comes out, the next one finds the machine as it was."""
        self.hall.reader.remove()
        self.machine.desk.handle(Finished())
        eventually(lambda: isinstance(self.machine.desk.state, Vacant), 15, "the desk is vacant again")
        self.screen.follow()

    # --- card ---

    def puts_a_card_in(self, special: str, fault: CardFault) -> None:
        """Somebody's card with something wrong with it; returns when it is served or refused."""
        written = self.hall.person(special).card
        card = VirtualCard(written, frozenset({fault}), pause=lambda seconds: time.sleep(seconds / HASTE))
        self.hall.reader.insert(card)
        if fault is not CardFault.PSAM:  # which no reader takes for a resident's card
            eventually(lambda: isinstance(self.machine.desk.state, Serving | CardLeft), NEVER, "served or refused")
        self.screen.follow()

    def seconds_until_served(self) -> float:
        """The next person's card: how long until they are served."""
        began = time.monotonic()
        self.hall.reader.insert(VirtualCard(self.hall.person("李伟").card))
        eventually(lambda: isinstance(self.machine.desk.state, Serving), NEVER, "the next person is served")
        seconds = time.monotonic() - began
        self.leave()
        return seconds

    # --- finger ---

    def asks_for_a_finger(self) -> None:
        """A pensioner with card and PIN, who agreed to the finger."""
        holder = self.screen.insert_card("王秀英")
        self.screen.visit(f"{VERIFICATION}consent")
        self.screen.enter_pin(holder.card.pin)
        self.screen.visit(f"{VERIFICATION}consent")
        self.screen.press("同意，按指纹")
        self.screen.place_finger(holder)

    # --- a clerk's test ---

    def tests(self, kind: str, meanwhile=lambda: None) -> str:
        """The clerk tests a device; what the page says at the end."""
        room = self.machine.device_tests
        eventually(lambda: not room.view.running, NEVER, "no other test runs")
        self.clerk.visit("/device_page/")
        self.clerk.send(f"/device_page/{kind}/test")
        assert isinstance(self.machine.desk.state, OutOfService)
        self.screen.follow()
        self.screen.sees("工作人员正在检查设备")
        meanwhile()
        eventually(lambda: not room.view.running, NEVER, "the test ends")
        self.clerk.visit("/device_page/test")
        return self.clerk.page.text
