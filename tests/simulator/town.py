"""A hall and its county in one process: real programs, invented devices, and time and line in the hand of the test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from county.app import create_app
from county.clock import HubClock
from county.hub import Hub, build_hub
from county.models import pensions
from county.registers import resident_numbered
from county.settings import HubSettings
from devices import DeviceLines
from devices.card.people import load_people
from devices.opening import open_devices
from kiosk.assembly import assemble
from kiosk.clock import Clock
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.events import Tick
from kiosk.journal import Happening
from kiosk.locality import load_locality
from kiosk.machine import Machine
from kiosk.states import Serving, Vacant
from tests.hall import LOCALITY, Hall, Seeds, eventually
from tests.screen import Screen, StaffScreen
from tests.signing import enrolment_in
from tests.simulator.line import SimulatedLine

PATIENCE = 2.0
PAUSES_OVER = timedelta(minutes=30)
CLERK = ("clerk", "chuangkou-shili-2026")


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder that costs no disk, where the system has one: what a disk keeps is tried elsewhere."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="town-") as folder:
        yield Path(folder)


class Hours:
    """Time that passes when somebody lets it, and a thousandth of a second at each look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = datetime.now(UTC)
        self._passed = timedelta()

    def look(self) -> timedelta:
        """How much has passed."""
        with self._lock:
            self._passed += timedelta(milliseconds=1)
            return self._passed

    def now(self) -> datetime:
        """The true time."""
        return self._began + self.look()

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._passed += timedelta(seconds=seconds)


class KioskTime(Clock):
    """The kiosk's clock; ``move`` makes it wrong."""

    def __init__(self, hours: Hours) -> None:
        super().__init__("Asia/Shanghai")
        self._hours = hours

    def now(self) -> datetime:
        return self._hours.now() + self.offset

    def monotonic(self) -> float:
        return self._hours.look().total_seconds()

    def since_boot(self) -> float:
        return self._hours.look().total_seconds()


class CountyTime(HubClock):
    """The county's clock: always right."""

    def __init__(self, hours: Hours) -> None:
        super().__init__()
        self._hours = hours

    def now(self) -> datetime:
        return self._hours.now()


@dataclass
class HubInside:
    """The hub without a server: the line hands it its requests."""

    settings: HubSettings
    hours: Hours
    line: SimulatedLine
    hub: Hub = field(init=False)

    def start(self) -> None:
        self.hub = replace(build_hub(self.settings), clock=CountyTime(self.hours))
        self.line.app = create_app(self.hub)

    def stop(self) -> None:
        self.line.app = None
        self.hub.close()


class SimulatedTown(Hall):
    """As a Hall, but nothing happens by itself: no uplink, no tick. ``round`` is what the uplink does."""

    def __init__(self, folder: Path, seeds: Seeds, locality: str = LOCALITY) -> None:
        self.folder, self.hours = folder / "kiosk", Hours()
        self.line = SimulatedLine(self.hours.pass_by, PATIENCE)
        known = enrolment_in(self.folder).fingerprint
        settings = seeds.copy(folder / "hub").model_copy(update={"approved": (known,)})
        self.hub = HubInside(settings, self.hours, self.line)
        self.hub.start()
        self.county_runs = True
        self.people = load_people(settings.people)
        self.settings = self._settings(settings, {"kiosk": {"locality": locality}})
        seeds.copy_feed(self.folder)
        self._open()

    def build(self) -> Machine:
        locality = load_locality(Path(self.settings.kiosk.locality))
        lines = DeviceLines(**self.settings.devices.model_dump(exclude={"people", "trace"}))
        clock = KioskTime(self.hours)
        devices = open_devices(lines, clock.now, self.folder / "receipts")
        return assemble(self.settings, locality, devices, clock, lambda: self.line)

    def _open(self) -> None:
        self.machine = self.build()
        self.machine.journal.write(Happening.STARTED, version="simulated", mode="kiosk")
        self.machine.devices.start(self.machine.stopping)
        boards = [device.board for _, device in self.machine.devices.supervised()]
        eventually(lambda: all(board.health.ready for board in boards), 30, "every device is ready")
        self.forget_apps()
        self.round()
        self.screen = Screen(self)

    def restart(self) -> None:
        """The kiosk stops and starts again."""
        self.machine.stop()
        self._open()

    def restart_hub(self) -> None:
        """The hub stops and starts again; between the two the line leads nowhere."""
        self.hub.stop()
        self.hub.start()

    def cut(self) -> None:
        self.line.down = True

    def mend(self) -> None:
        self.line.down = False

    def round(self) -> None:
        """What the uplink does at each poll."""
        county = self.machine.county
        for step in (county.enrol, county.feed.pull, county.seal.renew, county.outbox.drain, county.outbox.prune):
            with suppress(CountyUnavailable, CountyRefused):
                step()

    def settle(self) -> None:
        """The line is well; enough rounds and time that nothing has a reason to wait any more."""
        self.mend()
        self.line.begin({})
        self.line.release()
        for _ in range(3):
            self.round()
            self.hours.pass_by(PAUSES_OVER.total_seconds())
            self.machine.desk.handle(Tick())
        self.round()

    def card_out(self) -> None:
        """The card comes out; returns when the county heard of it, as far as it can hear."""
        state = self.machine.desk.state
        sitting = state.session.sitting if isinstance(state, Serving) else None
        if self.reader.card is not None:
            self.remove()
        eventually(lambda: isinstance(self.machine.desk.state, Vacant), 15, "the desk is vacant")
        if sitting is not None:
            closed = ("DELETE", sitting.sitting)
            eventually(lambda: closed in [(row.method, row.sitting) for row in self.line.log], 15, "it is closed")
        self.screen.visit("/")

    def due_again(self, name: str) -> None:
        """The county's record of a pensioner as it was when the town was made: the yearly check is due."""
        with self.hub.hub.store.writing() as connection:
            resident = resident_numbered(connection, self.person(name).number)
            connection.execute(update(pensions).where(pensions.c.resident == resident).values(last_verified_on=None))

    def clerk(self) -> StaffScreen:
        """A clerk at the staff face."""
        screen = StaffScreen(self)
        screen.sign_in(*CLERK)
        return screen

    def close(self) -> None:
        self.machine.stop()
        self.hub.stop()
