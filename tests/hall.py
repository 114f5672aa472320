"""A hall for tests: a real machine with simulated devices and the real hub over real HTTP on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import socket
import ssl
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import httpx
from flask import Flask
from waitress.server import create_server

from contract.codes import InsuranceType
from county.app import create_app
from county.hub import Hub, build_hub
from county.settings import HubSettings
from devices.card.people import CardHolder, load_people
from devices.card.simulated import SimulatedReader, VirtualCard
from devices.id_card.simulated import SimulatedIdReader
from devices.id_card.simulated_cards import WrittenCard
from devices.scanner.simulated import SimulatedCodeScanner
from kiosk.app import create_display_app, create_resident_app, create_staff_app
from kiosk.assembly import build_machine
from kiosk.clock import Clock
from kiosk.identity import Credential
from kiosk.machine import Machine
from kiosk.settings import KioskSection, Settings
from kiosk.store import Store
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex
from tests.signing import enrolment_in

SEED = 1
NOBODY_TRUSTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain HTTP: no list of authorities is read."""
LOCALITY = str(Path(__file__).parent.parent / "config" / "localities" / "510521")


GIVEN: deque[int] = deque(maxlen=500)
"""Ports given lately: whoever got one may not listen yet."""


def free_port() -> int:
    """A port nobody listens on now; below those that outgoing lines take, and another range for each test process."""
    own = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for _ in range(200):
        port = 20000 + own % 6 * 2000 + random.randrange(2000)  # noqa: S311  a port, not a secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            if port not in GIVEN:
                GIVEN.append(port)
                return port
    raise OSError("no free port")


def eventually(true: Callable[[], object], seconds: float = 20.0, what: str = "") -> None:
    """Wait until something holds; an AssertionError that names it otherwise."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"did not happen within {seconds} s: {what or true}"
        time.sleep(0.01)


@dataclass
class RunningHub:
    """A hub on its own server. ``stop()`` refuses connections; ``start()`` brings it back on the same port."""

    settings: HubSettings
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Listen."""
        self.hub = build_hub(self.settings)
        self._server = create_server(
            create_app(self.hub), listen=self.settings.listen, threads=8, channel_request_lookahead=1, ident=""
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections."""
        server = self._server
        # In the server's own thread: the listening socket, and every kept-alive line with it.
        with contextlib.suppress(OSError):  # the thread was awake already and has closed everything before the pull
            server.trigger.pull_trigger(lambda: [connection.close() for connection in list(server._map.values())])
        self._thread.join(5)
        server.task_dispatcher.shutdown()
        self.hub.close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.settings.listen}"


class Seeds:
    """The invented town, made once and copied for each test. ``folder``: where it was made before."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or self.make(Path(tempfile.mkdtemp(prefix="hall-seed-")))

    @classmethod
    def make(cls, folder: Path) -> Path:
        """Invent the town in ``folder``."""
        running = RunningHub(cls.settings(folder / "hub"))
        cls._pull(running.url, folder / "kiosk")
        running.stop()
        return folder

    @staticmethod
    def _pull(url: str, folder: Path) -> None:
        """The copy that a machine of this town holds after its first pull, so that not every test pulls it anew."""
        store, client = Store(folder / "kiosk.sqlite"), CountyClient(url, 10.0)
        Feed(store, client, Clock("Asia/Shanghai"), KioskSection().site, JobIndex(store, 20)).pull()
        client.close()
        store.close()

    @staticmethod
    def settings(folder: Path) -> HubSettings:
        """A hub of its own in ``folder``."""
        return HubSettings(
            listen=f"127.0.0.1:{free_port()}", database=f"sqlite:///{folder / 'county.sqlite'}",
            media=folder / "media", keys=folder / "county-key", people=folder / "people.jsonl", stage="development",
            demo_seed=SEED, not_offered=(InsuranceType.INJURY,), unproven_of_a_kiosk=100000,
            unproven_of_a_resident=100000, sittings_of_a_kiosk=100000, sittings_of_a_resident=100000,
        )  # fmt: skip

    def copy(self, folder: Path) -> HubSettings:
        """A copy of the town in ``folder``."""
        shutil.copytree(self.folder / "hub", folder, dirs_exist_ok=True)
        return self.settings(folder)

    def copy_feed(self, folder: Path) -> None:
        """What the first pull brought, in ``folder``."""
        shutil.copytree(self.folder / "kiosk", folder, dirs_exist_ok=True)

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Hall:
    """One machine and its county. ``county=False``: the hub never starts (the line is cut from the beginning);
    ``county={…}``: that section of the settings; ``hub={…}``: settings of the hub itself."""

    def __init__(
        self, folder: Path, seeds: Seeds, *, county: bool | dict[str, object] = True,
        hub: dict[str, object] | None = None, **sections: dict[str, object],
    ) -> None:  # fmt: skip
        if isinstance(county, dict):
            sections["county"], county = county, True
        hub_folder, self.folder = folder / "hub", folder / "kiosk"
        known = (enrolment_in(self.folder).fingerprint,)
        hub_settings = seeds.copy(hub_folder).model_copy(update={"approved": known} | (hub or {}))
        self.hub = RunningHub(hub_settings)
        if not county:
            self.hub.stop()
        self.county_runs = county
        self.people = load_people(hub_folder / "people.jsonl")
        self.settings = self._settings(hub_settings, sections)
        if county and self.settings.kiosk.site == KioskSection().site:
            seeds.copy_feed(self.folder)
        self.machine: Machine = self.build()
        if county:
            self.machine.county.feed.pull()
            self.machine.county.enrol()
        self.machine.start()

    def _settings(self, hub: HubSettings, sections: dict[str, dict[str, object]]) -> Settings:
        base: dict[str, dict[str, object]] = {
            "kiosk": {"stage": "development", "folder": str(self.folder), "locality": LOCALITY},
            "devices": {
                "card": "simulated:", "fingerprint": "simulated:", "printer": "simulated:", "people": str(hub.people),
            },
            "county": {"url": f"http://{hub.listen}", "timeout_seconds": 6.0, "poll_seconds": 30.0},
            "faces": {name: f"127.0.0.1:{free_port()}" for name in ("resident", "staff", "display")},
        }  # fmt: skip
        for name, section in sections.items():
            base.setdefault(name, {}).update(section)
        return Settings.model_validate(base)

    def build(self) -> Machine:
        """The machine as the program builds it."""
        return build_machine(self.settings)

    @cached_property
    def resident_app(self) -> Flask:
        """The touchscreen's application."""
        return create_resident_app(self.machine)

    @cached_property
    def staff_app(self) -> Flask:
        """The staff's."""
        return create_staff_app(self.machine)

    @cached_property
    def display_app(self) -> Flask:
        """The wall's."""
        return create_display_app(self.machine)

    def restart(self) -> None:
        """Stop the kiosk and start it again on the same folder."""
        self.machine.stop()
        self.machine = self.build()
        self.machine.start()
        self.forget_apps()

    def forget_apps(self) -> None:
        """Another machine, other faces."""
        for face in ("resident_app", "staff_app", "display_app"):
            self.__dict__.pop(face, None)

    def person(self, special: str) -> CardHolder:
        """The first invented resident whose name is or whose special words hold ``special``."""
        for holder in self.people:
            if holder.name == special or special in holder.special:
                return holder
        raise LookupError(f"nobody is {special!r}")

    def fingers(self, holder: CardHolder) -> dict[str, str]:
        """The finger seeds of a resident, by finger."""
        for line in Path(self.settings.devices.people).read_text(encoding="utf-8").splitlines():
            person = json.loads(line)
            if person["number"] == holder.number:
                return dict(person["fingers"])
        raise LookupError(holder.name)

    @property
    def reader(self) -> SimulatedReader:
        """The slot."""
        reader = self.machine.devices.simulators.card
        assert reader is not None, "this hall has a real reader"
        return reader

    def insert(self, holder: CardHolder) -> VirtualCard:
        """Put somebody's card in; returns when the desk has heard of it."""
        card = VirtualCard(holder.card)
        before = self.machine.desk.state
        self.reader.insert(card)
        eventually(lambda: self.machine.desk.state is not before, what="the desk hears of the card")
        return card

    @property
    def id_reader(self) -> SimulatedIdReader:
        """The reader of ID cards."""
        simulated = self.machine.devices.simulators.id_card
        assert simulated is not None, "this hall has none"
        return simulated.module

    @property
    def scanner(self) -> SimulatedCodeScanner:
        """The code scanner."""
        simulated = self.machine.devices.simulators.scanner
        assert simulated is not None, "this hall has none"
        return simulated.window

    def lay_id_card(self, holder: CardHolder) -> None:
        """Lay somebody's ID card on its reader once that is free for anybody; returns when the desk has heard of it."""
        before = self.machine.desk.state
        self.looked_at(Credential.ID_CARD)
        self.id_reader.lay(WrittenCard.of_resident(holder.name, holder.number))
        eventually(lambda: self.machine.desk.state is not before, what="the desk hears of the ID card")

    def show_code(self, content: str) -> None:
        """Hold a code before the scanner as long as it takes; returns when the desk has heard of it."""
        before = self.machine.desk.state
        self.looked_at(Credential.CODE)
        for _ in range(10):
            self.scanner.show(content.encode())  # one read between two looks is read for nobody
            with contextlib.suppress(AssertionError):
                return eventually(lambda: self.machine.desk.state is not before, 3.0)
        raise AssertionError("the desk never heard of the code")

    def looked_at(self, credential: Credential) -> None:
        """Wait until the machine saw that nothing is shown: what comes now is somebody's who is here."""
        room = self.machine.reception.credentials
        eventually(lambda: room.looks(credential), what=f"the machine looks for {credential}")

    def remove(self) -> None:
        """Pull the card; returns when the desk has heard of it."""
        before = self.machine.desk.state
        self.reader.remove()
        eventually(lambda: self.machine.desk.state is not before, what="the desk hears of the removal")

    def cut(self) -> None:
        """Pull the county's cable: connections are refused."""
        if self.county_runs:
            self.hub.stop()
            self.county_runs = False

    def mend(self) -> None:
        """Plug it in again."""
        if not self.county_runs:
            self.hub.start()
            self.county_runs = True

    def move_clock(self, seconds: int) -> None:
        """Move the clocks of kiosk and hub."""
        self.machine.clock.move(timedelta(seconds=seconds))
        if self.county_runs:
            url = f"{self.hub.url}/v1/development/clock"
            answer = httpx.post(url, json={"offset_seconds": seconds}, verify=NOBODY_TRUSTED)
            assert answer.status_code < 300, answer.text

    def close(self) -> None:
        """Close the hall."""
        self.machine.stop()
        if self.county_runs:
            self.hub.stop()
