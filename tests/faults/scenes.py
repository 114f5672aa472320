"""What a fault is tried with: somebody at the machine, one scene a kind of device. The same hall for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select, update

from county.models import fingers
from devices import DeviceLines
from devices.card.simulated import VirtualCard
from devices.card.virtual.described import CardFault
from devices.fingerprint.ef01.address import Patience
from devices.fingerprint.features.address import FeaturePatience, parse_split_nibble
from devices.fingerprint.features.simulated import FeatureModel, LikenessMatcher
from devices.fingerprint.features.simulated_reader import SimulatedFeatures
from devices.fingerprint.features.split_nibble import open_split_nibble
from devices.fingerprint.features.split_nibble_simulated import SimulatedSplitNibble
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.reader import open_simulated
from devices.id_card.simulated import SimulatedIdReader
from devices.opening import open_devices
from devices.printer.simulated import KeptReceipt, PrinterEmulator
from devices.scanner.simulated import SimulatedCodeScanner
from devices.simulated_ports import SocketPort
from kiosk.assembly import assemble
from kiosk.capture import CaptureState
from kiosk.clock import Clock
from kiosk.device_tests import TESTING
from kiosk.events import Finished
from kiosk.locality import load_locality
from kiosk.machine import Machine
from kiosk.states import CardLeft, OutOfService, Serving, State, Vacant
from tests.faults.cases import CHECKED
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
        self.closed_for: list[str] = []
        hall.machine.desk.listen(self._note)
        self.clerk = StaffScreen(hall)
        self.clerk.sign_in(*CLERK)

    def _note(self, _before: State, after: State) -> None:
        if isinstance(after, OutOfService):
            self.closed_for.append(after.reason)

    def page_of_devices(self) -> str:
        """What the clerk's page of devices says."""
        self.clerk.visit("/device_page/")
        return self.clerk.page.text

    def leave(self) -> None:
        """The card comes out and the finger goes; the next one finds the machine as it was."""
        self.hall.reader.remove()
        if self.machine.devices.simulators.fingerprint is not None:
            self.machine.devices.simulators.fingerprint.sensor.lift_finger()
        self.machine.desk.handle(Finished())
        eventually(lambda: isinstance(self.machine.desk.state, Vacant), 15, "the desk is vacant again")

    # --- card ---

    def puts_a_card_in(self, special: str, fault: CardFault) -> None:
        """Somebody's card with something wrong with it; returns when it is served or refused."""
        written = self.hall.person(special).card
        card = VirtualCard(written, frozenset({fault}), pause=lambda seconds: time.sleep(seconds / HASTE))
        self.hall.reader.insert(card)
        if fault is not CardFault.PSAM:  # which no reader takes for a resident's card
            eventually(lambda: isinstance(self.machine.desk.state, Serving | CardLeft), NEVER, "served or refused")
        self.screen.visit("/")

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
        """A pensioner with card and PIN, who agreed to the finger; the sensor waits for it."""
        holder = self.screen.insert_card("王秀英")
        self.screen.visit(f"{VERIFICATION}consent")
        self.screen.enter_pin(holder.card.pin)
        eventually(lambda: self.machine.captures.ready, NEVER, "the sensor is ready")
        self.screen.visit(f"{VERIFICATION}consent")
        self.screen.press("同意，按指纹")

    def presses(self, fault: SensorFault) -> None:
        """The sensor begins to have a fault, and the finger comes; returns when the try is over."""
        sensor = self.hall.machine.devices.simulators.fingerprint.sensor
        heard = len(sensor.commands)
        sensor.fail(fault)
        eventually(lambda: len(sensor.commands) > heard or self._tried(), NEVER, "the fault is met")
        self.screen.place_finger(self.hall.person("王秀英"))
        self.waits_for_the_end_of_the_try()

    def waits_for_the_end_of_the_try(self) -> None:
        """And the screen shows it."""
        eventually(self._tried, NEVER, "the try ends")
        self.screen.follow()

    def _tried(self) -> bool:
        token = self.machine.desk.state.session.token
        return self.machine.captures.view(token).state is not CaptureState.WAITING

    def tries_again(self, words: str) -> None:
        """As a resident does, till the screen says the words: a stalled machine may lose a try."""
        for _ in range(4):
            if words in self.screen.page.text:
                break
            self.screen.press("再按一次")
            self.waits_for_the_end_of_the_try()
        self.screen.sees(words)

    def seconds_until_a_finger_can_be_taken(self) -> float:
        """The sensor is mended: how long until it is ready, and the next finger matches."""
        sensor = self.hall.machine.devices.simulators.fingerprint.sensor
        began = time.monotonic()
        sensor.mend()
        eventually(lambda: self.machine.captures.ready, NEVER, "the sensor is ready again")
        return time.monotonic() - began

    def waits_for_a_missing_sensor(self) -> None:
        """Until the machine noticed."""
        eventually(lambda: not self.machine.captures.ready, NEVER, "the sensor is missed")

    # --- a clerk's test ---

    def tests(self, kind: str, put_in: Callable[[], object], calls_off_after: float | None = None) -> None:
        """The clerk tests a device, and puts something in or on where that is asked; the page shows how it ended."""
        room = self.machine.device_tests
        began = room.view.number
        self.clerk.visit("/device_page/")
        self.clerk.send(f"/device_page/{kind}/test")
        assert room.view.number == began + 1, self.clerk.page.text
        eventually(lambda: "秒内" in room.view.ask or not room.view.running, NEVER, "the clerk is asked for something")
        self.screen.follow()
        if isinstance(self.machine.desk.state, OutOfService) and self.screen.path == "/closed":
            self.screen.sees(CHECKED)
        put_in()  # a device in trouble may have ended it sooner than anybody could look
        if calls_off_after is not None:
            time.sleep(calls_off_after)  # nothing is going to happen: that is the fault
            room.call_off()
        eventually(lambda: not room.view.running, NEVER, "the test ends")
        assert self.closed_for[-1] == TESTING
        self.clerk.visit("/device_page/test")

    # --- the simulators ---

    @property
    def printer(self) -> PrinterEmulator:
        """The simulated printer."""
        return self.machine.devices.simulators.printer.emulator

    def slips(self) -> tuple[KeptReceipt, ...]:
        """What came out of it."""
        return self.machine.devices.simulators.printer.receipts

    @property
    def id_reader(self) -> SimulatedIdReader:
        """The simulated ID-card reader."""
        return self.machine.devices.simulators.id_card.module

    @property
    def scanner(self) -> SimulatedCodeScanner:
        """The simulated scanner."""
        return self.machine.devices.simulators.scanner.window

    def shows_a_posting(self) -> None:
        """Somebody without a card has a posting on the screen, with its telephone: it can be printed."""
        self.screen.visit("/services/job_board/")
        posting = next(link.href for link in self.screen.page.links if "/post/" in link.href)
        self.screen.visit(posting)
        self.screen.press("看联系电话")


class HastyHall(Hall):
    """A hall whose sensor is given up sooner, so that thirty silences fit into a minute; all else as ever."""

    def build(self) -> Machine:
        """The machine with a driver of less patience before the same simulated sensor."""
        locality = load_locality(Path(self.settings.kiosk.locality))
        clock = Clock(locality.zone)
        sensor = open_simulated(clock.now, patience=Patience(answer=0.2, probe=0.15, packet=0.15, idle=0.1))
        devices = open_devices(
            DeviceLines("simulated:", "", "simulated:"), clock.now, self.settings.folder / "receipts"
        )
        devices = replace(
            devices, fingerprint=sensor.reader, simulators=replace(devices.simulators, fingerprint=sensor)
        )
        return assemble(self.settings, locality, devices, clock)


class FeatureHall(Hall):
    """A hall with a sensor that hands out features, and a county whose templates are of its kind."""

    dialect = "split-nibble"
    size = 256

    def build(self) -> Machine:
        """The machine with a driver of less patience before the simulated sensor."""
        self._templates_of_its_kind()
        locality = load_locality(Path(self.settings.kiosk.locality))
        clock = Clock(locality.zone)
        sensor = SimulatedSplitNibble(FeatureModel(size=self.size, waits=0.15, late_seconds=3.0))
        port = SocketPort(sensor)
        port.start()
        patience = FeaturePatience(
            probe=0.4, capture=0.5, enrol=1.0, transfer=0.2, quiet=0.06, heartbeat=5.0, idle=0.05, poll=0.03
        )
        reader = open_split_nibble(
            parse_split_nibble(port.url), "fingerprint", clock.now, patience=patience, matcher=LikenessMatcher()
        )
        devices = open_devices(DeviceLines("simulated:", "", ""), clock.now, self.settings.folder / "receipts")
        simulators = replace(devices.simulators, fingerprint=SimulatedFeatures(reader, sensor, port))
        return assemble(self.settings, locality, replace(devices, fingerprint=reader, simulators=simulators), clock)

    def _templates_of_its_kind(self) -> None:
        self.hub.stop()
        self.hub.settings = self.hub.settings.model_copy(update={"template_format": self.dialect})
        self.hub.start()
        with self.hub.hub.store.writing() as connection:
            for row in connection.execute(select(fingers)).all():
                cut = update(fingers).where(fingers.c.resident == row.resident, fingers.c.finger == row.finger)
                connection.execute(cut.values(content=row.content[: self.size]))
