"""Putting a machine together: the only place that chooses real or simulated."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

from contract.feed import FeedKind
from devices import DeviceLines, Devices
from devices.opening import open_devices
from devices.tap import Taps, no_taps
from kiosk import VERSION
from kiosk.capture import CaptureRoom
from kiosk.clock import Clock
from kiosk.credential_room import CredentialRoom
from kiosk.desk import Desk
from kiosk.device_test_acts import acts_of
from kiosk.device_tests import DeviceTestRoom
from kiosk.device_words import PANEL
from kiosk.handwriting import Handwriting
from kiosk.identification_tests import identification_acts
from kiosk.journal import Journal
from kiosk.key_room import CountyKeys
from kiosk.languages import Languages
from kiosk.locality import Locality, load_locality
from kiosk.locality_in_force import LocalityInForce
from kiosk.machine import Machine
from kiosk.panel import Panel
from kiosk.printing import PrintRoom
from kiosk.receipts import Stamp
from kiosk.reception import Reception
from kiosk.secret_files import secret_file
from kiosk.session_clock import IdleRules
from kiosk.settings import Settings, SettingsError
from kiosk.states import State
from kiosk.store import Store
from kiosk.tries import Tries
from kiosk.uplink import County
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.hall_words import HallWords
from kiosk.uplink.identity_keys import KeyDrawer
from kiosk.uplink.job_index import JobIndex
from kiosk.uplink.line import Line, to_county
from kiosk.uplink.registration import Registration
from kiosk.voice import Voice
from kiosk.voice.engine import Engine
from kiosk.voice.texts import FaceTexts
from kiosk.workers import Worker

log = logging.getLogger(__name__)

SEARCHES_A_MINUTE = 120
"""Of jobs, at this machine: more than hands make."""
MINUTE = timedelta(minutes=1)
PACKS = Path(__file__).parent.parent / "config" / "languages"
VOICES = PACKS.parent / "voices"


def build_machine(settings: Settings) -> Machine:
    """The only place that chooses real or simulated; raises SettingsError, opens store and devices."""
    lines = DeviceLines(**settings.devices.model_dump(exclude={"people", "trace"}))
    if settings.kiosk.stage == "production" and lines.simulated():
        raise SettingsError(f"devices.{lines.simulated()[0]}: simulated devices do not serve residents (production)")
    locality = load_locality(Path(settings.kiosk.locality))
    clock = Clock(locality.zone)
    real_only, taps = settings.kiosk.stage == "production", taps_of(settings.devices.trace, clock)
    try:
        devices = open_devices(lines, clock.now, settings.folder / "receipts", taps, real_only=real_only)
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
    line = line or to_county(settings.county.authority, settings.county.url)
    county = county_of(settings, journal, clock, store, jobs=jobs, line=line)
    client, feed, registration = county.client, county.feed, county.registration
    desk, printing = Desk(idle_rules_of(settings), clock.monotonic), print_room_of(devices, journal)
    place = LocalityInForce(locality, store, lambda: feed.bodies(FeedKind.LOCALITY_PACK))
    reception = Reception(
        desk=desk, reader=devices.card, county=county, journal=journal, printing=printing,
        rules=locality.assurance, clock=clock, hung=partial(devices.hangs, "card"), keys=CountyKeys(client),
    )  # fmt: skip
    reception.credentials = credentials_of(desk, devices, reception, place)
    captures = CaptureRoom(desk, devices.fingerprint, journal, partial(devices.hangs, "fingerprint"))
    panel = Panel(clock)
    boards = {kind: device.board for kind, device in devices.supervised()} | {PANEL: panel.board}
    county.outbox.rules = lambda: place.present.outbox
    acts = identification_acts(devices, clock) | acts_of(devices, panel, lambda: stamp_of(place, settings, clock))
    tests = DeviceTestRoom(desk, reader=devices.card, acts=acts, boards=boards, journal=journal)
    desk.listen(_log_transition)
    registration.changed = desk.wake  # the home page says whether cards are served here
    return Machine(
        settings=settings, place=place, languages=languages_of(settings), devices=devices, desk=desk,
        reception=reception, captures=captures,
        handwriting=Handwriting(settings.typing.handwriting_library, settings.typing.handwriting_model),
        hall_words=HallWords(store, jobs.pinyin),
        printing=printing, panel=panel, device_tests=tests, county=county, store=store, journal=journal, clock=clock,
        wrong_tries=wrong_passwords(clock), searches=Tries(clock, SEARCHES_A_MINUTE, MINUTE),
        notes=Worker("notes"), voice=voice_of(settings), stopping=threading.Event(),
    )  # fmt: skip


def idle_rules_of(settings: Settings) -> IdleRules:
    """How long a visit may be quiet; a counter attracts nobody."""
    times = settings.session
    attract = times.attract_seconds if settings.kiosk.mode == "kiosk" else 0.0
    return IdleRules(
        times.warn_seconds, times.end_seconds, times.form_end_seconds, times.longest_seconds, attract=attract
    )


def print_room_of(devices: Devices, journal: Journal) -> PrintRoom:
    """Where slips and pages are printed."""
    return PrintRoom(
        devices.printer, journal, partial(devices.hangs, "printer"),
        devices.page_printer, partial(devices.hangs, "page_printer"),
    )  # fmt: skip


def languages_of(settings: Settings) -> Languages:
    """The languages that can be chosen on this machine: its own packs, and those that came with the program."""
    unreviewed = settings.kiosk.stage == "development"
    return Languages((settings.folder / "languages", PACKS), Path(settings.kiosk.locality), unreviewed=unreviewed)


def voice_of(settings: Settings) -> Voice:
    """The voice of this machine: its own recordings, those that came with the program, and the engine."""
    return Voice(Engine(), (settings.folder / "voices", VOICES), FaceTexts(PACKS), settings.kiosk.voice)


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


def credentials_of(desk: Desk, devices: Devices, reception: Reception, place: LocalityInForce) -> CredentialRoom:
    """What else than a card opens a session on this machine."""
    return CredentialRoom(
        desk=desk, id_card=devices.id_card, scanner=devices.scanner, rules=lambda: place.present.assurance,
        admission=reception.credential_admission(lambda: place.present.assurance), let_in=reception.let_in,
        refuse=reception.refuse_card, hung=lambda kind: partial(devices.hangs, kind),
    )  # fmt: skip


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
