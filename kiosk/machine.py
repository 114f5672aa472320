"""One running machine: everything it has, chosen in one place. Nothing else is global."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app

from contract.feed import FeedKind
from devices import DeviceLines, Devices
from devices.device import DeviceHealth
from devices.opening import open_devices
from devices.tap import Taps, no_taps
from kiosk import VERSION
from kiosk.capture import CaptureRoom
from kiosk.clock import Clock
from kiosk.desk import Desk, IdleRules
from kiosk.device_test_acts import acts_of
from kiosk.device_tests import DeviceTestRoom
from kiosk.device_words import PANEL
from kiosk.identification_tests import identification_acts
from kiosk.journal import Happening, Journal
from kiosk.key_room import CountyKeys
from kiosk.locality import Locality, load_locality
from kiosk.locality_in_force import LocalityInForce
from kiosk.panel import Panel
from kiosk.printing import PrintRoom
from kiosk.receipts import Stamp
from kiosk.reception import Reception
from kiosk.secret_files import secret_file
from kiosk.settings import Settings, SettingsError
from kiosk.states import Closed, State, Tick, Vacant
from kiosk.store import Store
from kiosk.tries import Tries
from kiosk.uplink import County
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.identity_keys import KeyDrawer
from kiosk.uplink.job_index import JobIndex
from kiosk.uplink.line import Line, to_county
from kiosk.uplink.registration import Registration
from kiosk.workers import Worker

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
STOP_LIMIT = 75.0
"""All of a stop together; who watches over the program (systemd) kills it after ninety seconds."""
SEARCHES_A_MINUTE = 120
"""Of jobs, at this machine: more than hands make."""
MINUTE = timedelta(minutes=1)
LEAST_SECONDS = 2.0
"""What a step of the stop may take though those before it used up the time."""


@dataclass(frozen=True)
class Machine:
    """One machine. ``secret(name)`` gives each face its own cookie key."""

    settings: Settings
    place: LocalityInForce
    devices: Devices
    desk: Desk
    reception: Reception
    captures: CaptureRoom
    printing: PrintRoom
    panel: Panel
    device_tests: DeviceTestRoom
    county: County
    store: Store
    journal: Journal
    clock: Clock
    wrong_tries: Tries
    searches: Tries
    notes: Worker
    stopping: threading.Event

    @property
    def locality(self) -> Locality:
        """The pack as it holds now; it changes between two visits only."""
        return self.place.present

    def start(self) -> None:
        """Start the threads: devices, uplink, tick."""
        self.journal.write(Happening.STARTED, version=VERSION, mode=self.settings.kiosk.mode)
        for kind, device in self.devices.supervised():
            device.board.listener = partial(self._device_changed, kind)
        self.devices.start(self.stopping)
        poll = self.settings.county.poll_seconds
        threading.Thread(target=self.county.keep_up, args=(self.stopping, poll), name="uplink", daemon=True).start()
        threading.Thread(target=self._tick, name="tick", daemon=True).start()

    def _tick(self) -> None:
        """Idle time must go on ending sessions, whatever a listener of the desk raised."""
        while not self.stopping.wait(TICK_SECONDS):
            try:
                self.desk.handle(Tick())
                self.follow_place()
            except Exception:
                log.exception("a tick of the desk failed")

    def follow_place(self) -> None:
        """Put in force what the feed brought for this place, where nobody is being served."""
        was_refused = self.place.refused
        waits = self.place.look(self.county.feed.revision)
        if waits and isinstance(self.desk.state, Vacant) and self.place.settle():
            self.journal.write(Happening.LOCALITY_CHANGED, versions=self.place.versions)
            self.county.feed.touch()
            self.desk.wake()
        if self.place.refused not in ("", was_refused):
            self.journal.write(Happening.LOCALITY_CHANGED, refused=self.place.refused)

    def stop(self, seconds: float = STOP_LIMIT) -> None:
        """End everything: first the session, then the rooms, then the devices, last who writes down what happened.

        Parked requests wake, a running print job is finished. ``seconds`` hold for all; a step that fails or hangs is
        logged and keeps no other from its turn.
        """
        if self.stopping.is_set():
            return
        self.stopping.set()
        until = time.monotonic() + seconds
        for what, act in self._endings():
            end_one(what, act, until)

    def _endings(self) -> list[tuple[str, Callable[[], object]]]:
        return [
            ("the session", lambda: self.desk.handle(Closed("stopping"))),
            ("parked requests", self.desk.wake),
            ("the feed", self.county.feed.touch),
            ("the outbox", self.county.outbox.refilled.set),
            ("device tests", self.device_tests.close),
            ("captures", self.captures.close),
            ("printing", self.printing.close),
            ("devices", self.devices.close),
            ("the reception", self.reception.close),
            ("notes", lambda: self.notes.close(wait=True, drop=False)),
            ("the journal", lambda: self.journal.write(Happening.STOPPED)),
            ("the journal's head", self.county.last_words),
            ("the county's line", self.county.client.close),
            ("the store", self.store.close),
        ]

    def _device_changed(self, kind: str, health: DeviceHealth) -> None:
        self.desk.wake()  # a window may say something of this device
        note = partial(self.journal.write, Happening.DEVICE_CHANGED)
        self.notes.do(lambda: note(device=kind, state=health.state, reason=health.reason))

    def secret(self, name: str) -> bytes:
        """A key of this machine by name, made once, kept in a 0600 file."""
        return secret_file(self.settings.folder / "secrets" / name)

    def health(self) -> dict[str, Any]:
        """What ``GET /health`` says on every face."""
        counts = self.county.outbox.counts()
        as_of, last_round = self.county.feed.as_of, self.county.last_round
        return {
            "version": VERSION,
            "mode": self.settings.kiosk.mode,
            "devices": {
                kind: {"state": health.state, "reason": health.reason, "since": health.since.isoformat()}
                if health
                else {"state": "none", "reason": "", "since": None}
                for kind, health in self.devices.health().items()
            },
            "county": {
                "reachable": self.county.client.reachable,
                "as_of": as_of.isoformat() if as_of else None,
                "last_round": last_round.isoformat() if last_round else None,
            },
            "outbox": {"queued": counts.queued, "answered": counts.answered, "refused": counts.refused},
        }


def end_one(what: str, act: Callable[[], object], until: float) -> None:
    """One step of the stop, in a thread that is left behind when it is not over by ``until`` (monotonic seconds)."""

    def ended() -> None:
        try:
            act()
        except Exception:
            log.exception("stopping: %s failed", what)

    thread = threading.Thread(target=ended, name=f"stop {what}", daemon=True)
    thread.start()
    thread.join(max(LEAST_SECONDS, until - time.monotonic()))
    if thread.is_alive():
        log.error("stopping: %s did not end in time", what)


def build_machine(settings: Settings) -> Machine:
    """The only place that chooses real or simulated; raises SettingsError, opens store and devices."""
    lines = DeviceLines(**settings.devices.model_dump(exclude={"people", "trace"}))
    if settings.kiosk.stage == "production" and lines.simulated():
        raise SettingsError(f"devices.{lines.simulated()[0]}: simulated devices do not serve residents (production)")
    locality = load_locality(Path(settings.kiosk.locality))
    clock = Clock(locality.zone)
    try:
        devices = open_devices(lines, clock.now, settings.folder / "receipts", taps_of(settings.devices.trace, clock))
    except ValueError as error:
        raise SettingsError(str(error)) from error
    return assemble(settings, locality, devices, clock)


def taps_of(folder: str, clock: Clock) -> Taps:
    """Recorders for all devices where a folder for traces is given; nobody listens otherwise."""
    if not folder:
        return no_taps
    from devices.trace import record_into  # noqa: PLC0415  loaded by the few machines that record

    log.warning("conversations with devices are recorded in %s, without names and numbers", folder)
    return record_into(Path(folder), clock.now, {"program": VERSION})


def assemble(
    settings: Settings, locality: Locality, devices: Devices, clock: Clock, line: Line | None = None
) -> Machine:
    """Put the parts together. ``line`` makes what carries requests to the county; None: the network."""
    began_before = (settings.folder / "secrets" / "journal").exists()
    least_free = int(settings.kiosk.least_free_mb * 1024 * 1024)
    store = Store(settings.folder / "kiosk.sqlite", expected=began_before, least_free=least_free)
    journal = Journal(store, clock, secret_file(settings.folder / "secrets" / "journal"))
    jobs = JobIndex(store, locality.jobs.page_size)
    line = line or to_county(settings.county.authority)
    county = county_of(settings, journal, clock, store, jobs=jobs, line=line)
    client, feed, registration = county.client, county.feed, county.registration
    times = settings.session
    rules = IdleRules(times.warn_seconds, times.end_seconds, times.form_end_seconds, times.longest_seconds)
    desk = Desk(rules, clock.monotonic)
    printing = PrintRoom(
        devices.printer, journal, partial(devices.hangs, "printer"),
        devices.page_printer, partial(devices.hangs, "page_printer"),
    )  # fmt: skip
    reception = Reception(
        desk=desk, reader=devices.card, county=county, journal=journal, printing=printing,
        rules=locality.assurance, clock=clock, hung=partial(devices.hangs, "card"), keys=CountyKeys(client),
    )  # fmt: skip
    captures = CaptureRoom(desk, devices.fingerprint, journal, partial(devices.hangs, "fingerprint"))
    panel = Panel(clock)
    boards = {kind: device.board for kind, device in devices.supervised()} | {PANEL: panel.board}
    place = LocalityInForce(locality, store, lambda: feed.bodies(FeedKind.LOCALITY_PACK))
    county.outbox.rules = lambda: place.present.outbox
    acts = identification_acts(devices, clock) | acts_of(devices, panel, lambda: stamp_of(place, settings, clock))
    tests = DeviceTestRoom(desk, reader=devices.card, acts=acts, boards=boards, journal=journal)
    desk.listen(_log_transition)
    registration.changed = desk.wake  # the home page says whether cards are served here
    return Machine(
        settings=settings, place=place, devices=devices, desk=desk, reception=reception, captures=captures,
        printing=printing, panel=panel, device_tests=tests, county=county, store=store, journal=journal, clock=clock,
        wrong_tries=wrong_passwords(clock), searches=Tries(clock, SEARCHES_A_MINUTE, MINUTE),
        notes=Worker("notes"), stopping=threading.Event(),
    )  # fmt: skip


def county_of(
    settings: Settings, journal: Journal, clock: Clock, store: Store, *, jobs: JobIndex, line: Line
) -> County:
    """The county as this machine reaches it, with the machine's own keys."""
    client = CountyClient(settings.county.url, settings.county.timeout_seconds, line)
    feed = Feed(store, client, clock, settings.kiosk.site, jobs)
    feed.keys.expected = settings.county.document_key
    drawer = KeyDrawer(settings.folder / "secrets", settings.kiosk.name, settings.kiosk.site, feed.county_time)
    client.signer = drawer.present()
    registration = Registration(client, journal, clock, drawer, settings.county.key_months)
    return County(store, client, journal, clock, feed, registration)


def stamp_of(place: LocalityInForce, settings: Settings, clock: Clock) -> Stamp:
    """Who prints a test page, where and when."""
    hall = place.present.hall
    return Stamp(hall.name, hall.phone, settings.kiosk.name, clock.local())


def wrong_passwords(clock: Clock) -> Tries:
    """Five wrong passwords in fifteen minutes lock an account on this machine; the county's own lock is another."""
    return Tries(clock, at_most=5, window=timedelta(minutes=15))


def _log_transition(before: State, after: State) -> None:
    if type(before) is not type(after):
        log.info("desk: %s -> %s", type(before).__name__, type(after).__name__)


def machine() -> Machine:
    """The machine behind the present request."""
    found = current_app.extensions["machine"]
    if not isinstance(found, Machine):
        raise TypeError("this app has no machine")
    return found
