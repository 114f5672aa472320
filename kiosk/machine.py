"""One running machine: everything it has (kiosk/assembly.py puts it together). Nothing else is global."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app

from devices import Devices
from devices.device import DeviceHealth
from kiosk import VERSION
from kiosk.capture import CaptureRoom
from kiosk.clock import Clock
from kiosk.desk import Desk
from kiosk.device_tests import DeviceTestRoom
from kiosk.events import Closed, Tick
from kiosk.handwriting import Handwriting
from kiosk.identity import Credential
from kiosk.journal import Happening, Journal
from kiosk.languages import Languages
from kiosk.locality import Locality
from kiosk.locality_in_force import LocalityInForce
from kiosk.panel import Panel
from kiosk.printing import PrintRoom
from kiosk.reception import Reception
from kiosk.secret_files import secret_file
from kiosk.session_clock import is_staffs
from kiosk.settings import Settings
from kiosk.states import CardLeft, State, Vacant
from kiosk.store import Store
from kiosk.tries import Tries
from kiosk.uplink import County
from kiosk.uplink.hall_words import HallWords
from kiosk.voice import Voice
from kiosk.workers import Worker

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
STOP_LIMIT = 75.0
"""All of a stop together; who watches over the program (systemd) kills it after ninety seconds."""
LEAST_SECONDS = 2.0
"""What a step of the stop may take though those before it used up the time."""


@dataclass(frozen=True)
class Machine:
    """One machine. ``secret(name)`` gives each face its own cookie key."""

    settings: Settings
    place: LocalityInForce
    languages: Languages
    devices: Devices
    desk: Desk
    reception: Reception
    captures: CaptureRoom
    printing: PrintRoom
    panel: Panel
    voice: Voice
    device_tests: DeviceTestRoom
    handwriting: Handwriting
    hall_words: HallWords
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
        self.desk.listen(self._card_changed)
        self.journal.write(Happening.STARTED, version=VERSION, mode=self.settings.kiosk.mode)
        for kind, device in self.devices.supervised():
            device.board.listener = partial(self._device_changed, kind)
        self.devices.start(self.stopping)
        if self.reception.credentials is not None:
            self.reception.credentials.start(self.stopping)
        self.county.rounds.start(self.stopping, self.settings.county.poll_seconds)
        threading.Thread(target=self._tick, name="tick", daemon=True).start()

    def lent_scanner(self) -> AbstractContextManager[None]:
        """The scanner is staff's inside the block: what it sees opens nobody's session."""
        room = self.reception.credentials
        return room.lent(Credential.CODE) if room is not None else nullcontext()

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
            ("handwriting", self.handwriting.close),
            ("printing", self.printing.close),
            ("devices", self.devices.close),
            ("the reception", self.reception.close),
            ("notes", lambda: self.notes.close(wait=True, drop=False)),
            ("the round with the county", self.county.rounds.join),
            ("the journal", lambda: self.journal.write(Happening.STOPPED)),
            ("the journal's head", self.county.rounds.last_words),
            ("the county's line", self.county.client.close),
            ("the store", self.store.close),
        ]

    @property
    def card_left(self) -> bool:
        """True while a card is in the slot whose holder was called often enough: the staff's to see to."""
        state = self.desk.state
        return isinstance(state, CardLeft) and is_staffs(state, self.desk.rules)

    def _card_changed(self, before: State, after: State) -> None:
        """A card that became the staff's to see to is written down once, behind the desk."""
        rules = self.desk.rules
        was = isinstance(before, CardLeft) and is_staffs(before, rules)
        if isinstance(after, CardLeft) and is_staffs(after, rules) and not was:
            minutes = round(rules.remind * after.reminders / 60, 1)
            self.notes.do(partial(self.journal.write, Happening.CARD_LEFT_BEHIND, minutes=minutes))

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
        as_of, last_round = self.county.feed.as_of, self.county.rounds.last_round
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
            "handwriting": {
                "state": "missing" if self.handwriting.absent else "ready",
                "reason": self.handwriting.absent,
            },
            "outbox": {"queued": counts.queued, "answered": counts.answered, "refused": counts.refused},
            "voice": self.voice.health(),
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


def machine() -> Machine:
    """The machine behind the present request."""
    found = current_app.extensions["machine"]
    if not isinstance(found, Machine):
        raise TypeError("this app has no machine")
    return found
