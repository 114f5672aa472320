"""The hand that plays with a machine in development: cards, fingers, paper, the line to the county, the clock.

It acts on the simulated devices and keeps nothing about them: what is in the slot or on the glass is asked of them.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from enum import StrEnum
from math import ceil
from pathlib import Path

from pydantic import ValidationError

from contract.development import ClockShift, town_code
from contract.feed import CountyPulse
from devices.card.people import CardHolder
from devices.card.simulated import SimulatedReader
from devices.card.simulated_pad import PadAct
from devices.card.virtual.card import VirtualCard
from devices.card.virtual.described import CardFault
from devices.fingerprint.features.simulated import SimulatedFeatureSensor
from devices.fingerprint.simulated.fingers import FingerQuality
from devices.fingerprint.simulated.sensor import SimulatedSensor
from devices.headphones.simulated_jack import SimulatedJack
from devices.id_card.simulated import SimulatedIdReader
from devices.id_card.simulated_cards import SAMPLES, SampleCard, WrittenCard
from devices.printer.emulator import PrinterFault
from devices.printer.simulated import SimulatedPrinter
from devices.scanner.simulated import SimulatedCodeScanner
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import RequestRefused
from kiosk.machine import Machine
from kiosk.screens.dock_people import PeopleFile
from kiosk.screens.dock_words import STRANGER

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
SHORTLY_BEFORE = timedelta(seconds=10)
OF_A_STRANGER = "a finger that nobody in town has"


class ClockStep(StrEnum):
    """Ways to move the clock by a button."""

    DAY = "day"
    MONTH = "month"
    BEFORE_MIDNIGHT = "before_midnight"
    MIDNIGHT = "midnight"
    BACK = "back"


class DockHand:
    """Everything the buttons do. Raises RequestRefused, in words, for what cannot be done now."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._cards: dict[str, VirtualCard] = {}
        self._lock = threading.Lock()
        self.people = PeopleFile(Path(machine.settings.devices.people))

    @property
    def reader(self) -> SimulatedReader:
        """The simulated reader."""
        found = self._machine.devices.simulators.card
        if found is None:
            raise RequestRefused("读卡器不是模拟的，请用真卡。")
        return found

    @property
    def sensor(self) -> SimulatedSensor | SimulatedFeatureSensor:
        """The simulated sensor."""
        found = self._machine.devices.simulators.fingerprint
        if found is None:
            raise RequestRefused("指纹机不是模拟的，请用真手指。")
        return found.sensor

    @property
    def printer(self) -> SimulatedPrinter:
        """The simulated printer."""
        found = self._machine.devices.simulators.printer
        if found is None:
            raise RequestRefused("打印机不是模拟的，请用真打印机。")
        return found

    @property
    def id_reader(self) -> SimulatedIdReader:
        """The simulated reader of resident ID cards."""
        found = self._machine.devices.simulators.id_card
        if found is None:
            raise RequestRefused("身份证阅读器不是模拟的，请用真身份证。")
        return found.module

    @property
    def scanner(self) -> SimulatedCodeScanner:
        """The simulated scanner."""
        found = self._machine.devices.simulators.scanner
        if found is None:
            raise RequestRefused("扫码器不是模拟的，请用真的码。")
        return found.window

    @property
    def jack(self) -> SimulatedJack:
        """The simulated jack for headphones."""
        found = self._machine.devices.simulators.headphones
        if found is None:
            raise RequestRefused("耳机插口不是模拟的，请用真耳机。")
        return found

    def card_in(self) -> VirtualCard | None:
        """The card in the simulated slot."""
        found = self._machine.devices.simulators.card
        return found.card if found else None

    def holder(self) -> CardHolder | None:
        """Whose card is in, as the people file knows them."""
        card = self.card_in()
        return self.people.find(card.description.number) if card else None

    def insert(self, number: str, faults: frozenset[CardFault], pull_at: int | None, *, fresh: bool) -> CardHolder:
        """Put the person's card in. A whole card keeps its PIN counter from one time to the next unless ``fresh``."""
        person = self.people.find(number)
        if person is None:
            raise RequestRefused("人员文件里没有这个人。")
        self.reader.insert(self._card_of(person, faults, pull_at, fresh=fresh))
        return person

    def _card_of(
        self, person: CardHolder, faults: frozenset[CardFault], pull_at: int | None, *, fresh: bool
    ) -> VirtualCard:
        if faults or pull_at is not None:
            return VirtualCard(person.card, faults, pull_at=pull_at)
        with self._lock:
            known = self._cards.get(person.number)
            if known is None or fresh:
                known = self._cards[person.number] = VirtualCard(person.card)
            return known

    def place_finger(self, finger: str, quality: FingerQuality, number: str = "") -> None:
        """Put a finger on the glass: of ``number``, else of the person whose card is in, or a stranger's."""
        self.sensor.place_finger(OF_A_STRANGER if finger == STRANGER else self._seed(finger, number), quality)

    def _seed(self, finger: str, number: str) -> str:
        person = self.people.find(number) if number else self.holder()
        if person is None:
            raise RequestRefused("不知道是谁的手指：先插这个人的卡。")
        seed = dict(person.fingers).get(finger)
        if seed is None:
            raise RequestRefused("这个人没有录过这个手指。")
        return seed

    def lay_id_card(self, number: str, sample: SampleCard | None) -> str:
        """Put the ID card of ``number`` on its reader, or a sample of another layout; whose it is."""
        if sample is not None:
            card = SAMPLES[sample]
        else:
            person = self.people.find(number)
            if person is None:
                raise RequestRefused("人员文件里没有这个人。")
            card = WrittenCard.of_resident(person.name, person.number, person.card.ethnic_group)
        self.id_reader.lay(card)
        return card.name or card.english_name

    def show_code(self, number: str) -> str:
        """Hold the next code of somebody's invented electronic card before the scanner; whose it is."""
        person = self.people.find(number)
        if person is None:
            raise RequestRefused("人员文件里没有这个人。")
        turn = int(self._machine.clock.now().timestamp() * 10)
        self.scanner.show(town_code(person.card.identification, turn).encode())
        return person.name

    def plug_reader(self, *, plugged: bool) -> None:
        """Unplug the reader or plug it in."""
        if plugged:
            self.reader.reappear()
        else:
            self.reader.disappear()

    def at_pad(self, act: PadAct) -> None:
        """Do something at the keys of the PIN pad while it waits for somebody."""
        pad, card = self.reader.pad, self.reader.card
        if pad is None:
            raise RequestRefused("读卡器没有密码键盘。")
        if card is None or not pad.waiting:
            raise RequestRefused("密码键盘没有在等输入。")
        pad.act(act, card.description.pin)

    def trouble_printer(self, fault: PrinterFault | None, *, on: bool) -> None:
        """Let a fault begin or end; None mends everything."""
        if fault is not None and on:
            self.printer.emulator.suffer(fault)
        elif fault is not None:
            self.printer.emulator.recover(fault)
        else:
            self.printer.emulator.recover()

    def cut(self, *, cut: bool) -> bool:
        """Cut the line to the county or mend it, and let the machine notice; whether the county answers now."""
        client = self._machine.county.client
        client.cut = cut
        try:
            client.get("/health", CountyPulse)
        except (CountyUnavailable, CountyRefused):
            return False
        return True

    def move_clock(self, offset: timedelta) -> None:
        """Move the hub's clock and then the machine's; raises CountyUnavailable where the hub did not obey."""
        try:
            shift = ClockShift(offset_seconds=ceil(offset.total_seconds()))
        except ValidationError as error:
            raise RequestRefused("钟最多拨 20 年。") from error
        try:
            self._machine.county.client.send("POST", "/v1/development/clock", shift, CountyPulse)
        except (CountyUnavailable, CountyRefused) as error:
            raise CountyUnavailable(f"两边的钟都没有动（{error}）") from error
        self._machine.clock.move(timedelta(seconds=shift.offset_seconds))

    def offset_after(self, step: ClockStep) -> timedelta:
        """How far the clock stands from the system's after this step."""
        clock = self._machine.clock
        match step:
            case ClockStep.BACK:
                return timedelta()
            case ClockStep.DAY:
                return clock.offset + DAY
            case ClockStep.MONTH:
                return clock.offset + MONTH
            case ClockStep.MIDNIGHT | ClockStep.BEFORE_MIDNIGHT:
                local = clock.local()
                midnight = (local + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
                early = SHORTLY_BEFORE if step is ClockStep.BEFORE_MIDNIGHT else timedelta()
                return clock.offset + (midnight - local) - early
