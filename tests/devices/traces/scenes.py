"""What the shipped traces show: every happy path and every fault of the simulators, through the real drivers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from devices.card.simulated import SimulatedReader
from devices.card.virtual.card import VirtualCard
from devices.card.virtual.described import CardDescription, CardFault
from devices.card.virtual.keys import KeyStore
from devices.device import HealthBoard, utc_now
from devices.fingerprint import FingerTemplate
from devices.fingerprint.features.frame7e42_simulated import FEATURE_SIZE, SimulatedFrame7E42
from devices.fingerprint.features.simulated import FeatureFault, FeatureModel
from devices.fingerprint.features.split_nibble_simulated import SimulatedSplitNibble
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.fingers import FingerQuality, template_of
from devices.fingerprint.simulated.model import AS608, R308, R503
from devices.fingerprint.simulated.sensor import SensorModel, SimulatedSensor
from devices.id_card.simulated import SimulatedIdReader
from devices.id_card.simulated_cards import SampleCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.printer.emulator import PrinterFault
from devices.printer.simulated import PrinterEmulator
from devices.scanner.simulated import ScannerModel, SimulatedCodeScanner
from devices.scanner.simulated_faults import ScannerFault
from devices.simulated_ports import SocketPort
from devices.tap import Tap
from devices.trace import acts
from devices.trace.acts import Conclusion
from devices.trace.drivers import open_driver
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG

FINGER = "zhang"


@dataclass(frozen=True)
class Scene:
    """One trace. ``record`` does it all with a tap and says what the driver concluded."""

    name: str
    kind: str
    dialect: str
    about: str
    record: Callable[[Tap], Conclusion]
    header: tuple[tuple[str, str], ...] = ()


def named(fault: str) -> str:
    return fault.replace("_", "-")


# --- cards ---


def card_act(
    tap: Tap, holder: CardDescription = OUYANG, faults: tuple[CardFault, ...] = (), do: str = "identity",
    pull_at: int | None = None,
) -> Conclusion:  # fmt: skip
    events: list[Any] = []
    reader = SimulatedReader(HealthBoard("card", utc_now), events.append, tap=tap)
    slow = VirtualCard(holder, frozenset(faults), pull_at=pull_at, pause=lambda _: time.sleep(0.2))
    reader.insert(slow)
    reader.attend(threading.Event())
    keys = KeyStore() if do == "keys" or CardFault.GUARDED in faults else None
    with reader.connect(events[0].insertion) as chip:
        match do:
            case "identity" | "keys":
                return acts.identity(chip, keys)
            case "pin":
                return acts.identification(chip) | acts.pin(chip, "123456")
            case "wrong pin":
                return acts.pin(chip, "111111")
            case "change":
                return acts.pin(chip, "123456", "654321")
            case _:
                return acts.identification(chip)


def card(name: str, about: str, **what: Any) -> Scene:
    doubts = (("key service", "doubts"),) if CardFault.FORGED in what.get("faults", ()) else ()
    return Scene(f"card-{name}", "card", "apdu", about, partial(card_act, **what), doubts)


NEVER_HEARD = {CardFault.SILENT, CardFault.PSAM}
"""Cards that no driver ever talks to."""
WITH_KEYS = {CardFault.FORGED, CardFault.CHALLENGE_LOST, CardFault.KEY_REFUSED, CardFault.KEY_LOCKED, CardFault.NO_KEYS}
ON_3 = {CardFault.CHALLENGE_LOST, CardFault.KEY_REFUSED, CardFault.KEY_LOCKED}

CARDS = [
    card("1.00", "a card of version 1.00 is read", holder=OLD_WANG),
    card("2.00", "a card of version 2.00 is read; its last day is past, which is not the reader's business"),
    card("2.01", "a card of version 2.01 is read", holder=replace(OUYANG, version="2.01")),
    card("2.00-proven", "a card of version 2.00 proves itself to the key service", do="keys"),
    card("3.00", "a card of version 3.00, opened by the key service", holder=MAIMAITI, do="keys"),
    card("3.00-no-keys", "a card of version 3.00 and no key service", holder=MAIMAITI),
    card("version-unknown", "a card whose version nobody knows", holder=replace(OUYANG, version="9.99")),
    card("pin", "the right PIN; its digits are zeros here", do="pin"),
    card("pin-wrong", "a wrong PIN", do="wrong pin"),
    card("pin-changed", "another PIN", do="change"),
    card("same-card", "is it still the same card", do="identification"),
    card("pulled", "pulled at the third command", pull_at=3),
    card("fault-blocked", "the PIN was blocked before", faults=(CardFault.BLOCKED,), do="wrong pin"),
    *(
        card(
            f"fault-{named(fault)}", fault.value, faults=(fault,), do="keys" if fault in WITH_KEYS else "identity",
            holder=MAIMAITI if fault in ON_3 else OUYANG,
        )
        for fault in CardFault
        if fault not in NEVER_HEARD | {CardFault.BLOCKED}
    ),
]  # fmt: skip


# --- everything on a serial line ---


@contextmanager
def on_line(simulator: Any, dialect: str, tap: Tap, family: str = "gm65") -> Iterator[Any]:
    """A simulator behind a socket and the real driver before it."""
    port = SocketPort(simulator)
    port.start()
    driver = open_driver(dialect, port.url, tap, family)
    try:
        yield driver
    finally:
        driver.close()
        port.close()


def line_act(
    driver: Any, act: Callable[[], Conclusion], fail: Callable[[], object] | None, *, early: bool
) -> Conclusion:
    """Get ready, let the fault begin (``early``: before anything), act, look how it stands."""
    if fail is not None and early:
        fail()
    conclusion = acts.get_ready(driver)
    if not conclusion:
        if fail is not None and not early:
            fail()
        conclusion = act()
    return conclusion | acts.standing(driver)


def ef01_act(
    tap: Tap, model: SensorModel | None = None, quality: FingerQuality = FingerQuality.GOOD, finger: str = FINGER,
    *, do: str = "match", fault: SensorFault | None = None, early: bool = False,
) -> Conclusion:  # fmt: skip
    sensor = SimulatedSensor(model)
    with on_line(sensor, "ef01", tap) as reader:
        if finger:
            sensor.place_finger(finger, quality)
        template = FingerTemplate("ef01", template_of(FINGER, sensor.model.template_size))
        act: dict[str, Callable[[], Conclusion]] = {
            "match": lambda: acts.match(reader, template, 1.5),
            "enrol 2": lambda: enrolled(reader, sensor, 2),
            "enrol 3": lambda: enrolled(reader, sensor, 3),
            "preview": lambda: acts.preview(reader, 1.5),
        }
        fail = (lambda: sensor.fail(fault)) if fault else None
        return line_act(reader, act[do], fail, early=early)


def enrolled(reader: Any, sensor: SimulatedSensor, captures: int) -> Conclusion:
    """The finger is lifted and laid down again as often as the reader asks."""
    over = threading.Event()

    def hand() -> None:
        while not over.wait(0.6):
            sensor.lift_finger()
            over.wait(0.4)
            sensor.place_finger(FINGER)

    threading.Thread(target=hand, daemon=True).start()
    try:
        return acts.enrol(reader, captures, 10)
    finally:
        over.set()


def finger(name: str, about: str, **what: Any) -> Scene:
    return Scene(f"finger-ef01-{name}", "fingerprint", "ef01", about, partial(ef01_act, **what))


FROM_THE_START = {
    SensorFault.NEEDS_PASSWORD, SensorFault.UNKNOWN_COMMAND_01, SensorFault.UNPLUGGED, SensorFault.OTHER_DEVICE,
    SensorFault.SILENT, SensorFault.WRONG_ADDRESS,
}  # fmt: skip
UNHEARD = {SensorFault.UNPLUGGED}
"""Nothing is ever opened: there is nothing to record."""

FINGERS = [
    finger("match", "the right finger"),
    finger("different", "another finger", finger="wang"),
    finger("nobody", "nobody puts a finger on the glass", finger=""),
    *(finger(f"{named(one)}", f"a finger: {one.value}", quality=one) for one in FingerQuality if one != "good"),
    finger("enrol-two", "a new template of two presses", do="enrol 2"),
    finger("enrol-three", "a new template of two presses, proved by a third", do="enrol 3"),
    finger("picture", "a picture to measure the quality; left out here", do="preview"),
    finger("r503-match", "an R503: templates of 1536 bytes, a ring", model=R503),
    finger("as608-match", "an AS608: templates of 768 bytes", model=AS608),
    finger("r308-different", "an R308: no parameters, short answers", model=R308, finger="wang"),
    *(
        finger(f"fault-{named(fault)}", fault.value, fault=fault, early=fault in FROM_THE_START)
        for fault in SensorFault
        if fault not in UNHEARD
    ),
]


def feature_act(
    tap: Tap, dialect: str, do: str = "match", finger: str = FINGER, fault: FeatureFault | None = None
) -> Conclusion:
    split = dialect == "split-nibble"
    size = 256 if split else FEATURE_SIZE
    sensor = (SimulatedSplitNibble if split else SimulatedFrame7E42)(
        FeatureModel(size=size, waits=0.5, late_seconds=2.0)
    )
    with on_line(sensor, dialect, tap) as reader:
        if finger:
            sensor.place_finger(finger)
        template = FingerTemplate("split-nibble" if split else "7e42", template_of(FINGER, size if split else 512))
        act = partial(acts.enrol, reader, 3, 3) if do == "enrol" else partial(acts.match, reader, template, 1.5)
        fail = (lambda: sensor.fail(fault)) if fault else None
        return line_act(reader, act, fail, early=False)


FEATURES = [
    Scene(
        f"finger-{named(dialect)}-{name}", "fingerprint", dialect, about, partial(feature_act, dialect=dialect, **what)
    )
    for dialect in ("split-nibble", "7e42")
    for name, about, what in (
        ("feature", "a feature of a live finger", {}),
        ("enrol", "a template, where the dialect has one", {"do": "enrol"}),
        ("nobody", "nobody puts a finger on the glass", {"finger": ""}),
        *((f"fault-{named(fault)}", fault.value, {"fault": fault}) for fault in FeatureFault if fault != "unplugged"),
    )
    if (dialect, name) != ("7e42", "enrol")  # it has no such command: nothing is said
]


def printer_act(tap: Tap, faults: tuple[PrinterFault, ...] = (), *, early: bool = False) -> Conclusion:
    emulator = PrinterEmulator()
    driver: Any = open_driver("escpos", emulator.url, tap)
    try:
        act = partial(acts.print_slip, driver)
        return line_act(driver, act, partial(emulator.suffer, *faults) if faults else None, early=early)
    finally:
        driver.close()
        emulator.close()


PRINTERS = [
    Scene("printer-slip", "printer", "escpos", "one slip", printer_act),
    *(
        Scene(f"printer-fault-{named(fault)}", "printer", "escpos", fault.value, partial(printer_act, faults=(fault,)))
        for fault in PrinterFault
    ),
]


def id_card_act(
    tap: Tap, card: SampleCard | None = None, fault: IdReaderFault | None = None, *, lay: bool = True
) -> Conclusion:
    module = SimulatedIdReader()
    with on_line(module, "sam_v", tap) as reader:
        if lay:
            module.lay(sample(card))
        fail = (lambda: module.fail(fault)) if fault else None
        return line_act(reader, partial(acts.read_id_card, reader, 2), fail, early=False)


def sample(card: SampleCard | None) -> Any:
    from devices.id_card import simulated_cards as cards  # noqa: PLC0415 - the samples of the simulator

    if card is not None:
        return cards.SAMPLES[card]
    return cards.WrittenCard(
        name="欧阳晓晴", sex="2", ethnic_group="01", born_on="19900101", address="测试省测试市样例县一号",
        number="639900199001010020", authority="样例县公安局", valid_from="20200101", valid_until="20400101",
    )  # fmt: skip


def id_card(name: str, about: str, **what: Any) -> Scene:
    return Scene(f"id-card-{name}", "id_card", "sam_v", about, partial(id_card_act, **what))


ID_CARDS = [
    id_card("citizen", "a citizen's card"),
    *(id_card(named(one), one.value, card=one) for one in SampleCard),
    id_card("none", "nobody lays a card down", lay=False),
    *(id_card(f"fault-{named(fault)}", fault.value, fault=fault) for fault in IdReaderFault if fault != "unplugged"),
]


def scanner_act(tap: Tap, family: str = "gm65", fault: ScannerFault | None = None, *, show: bool = True) -> Conclusion:
    window = SimulatedCodeScanner(ScannerModel(family, window=1.0))
    with on_line(window, "scanner", tap, family) as driver:
        if show:
            window.show()
        fail = (lambda: window.fail(fault)) if fault else None
        return line_act(driver, partial(acts.scan, driver, 2), fail, early=False)


SCANNERS = [
    Scene("scanner-gm65", "scanner", "scanner", "a code before a GM65", scanner_act),
    Scene("scanner-newland", "scanner", "scanner", "a code before a Newland", partial(scanner_act, family="newland")),
    Scene("scanner-none", "scanner", "scanner", "nobody shows a code", partial(scanner_act, show=False)),
    *(
        Scene(f"scanner-fault-{named(fault)}", "scanner", "scanner", fault.value, partial(scanner_act, fault=fault))
        for fault in ScannerFault
        if fault != "unplugged"
    ),
]

SCENES = [*CARDS, *FINGERS, *FEATURES, *PRINTERS, *ID_CARDS, *SCANNERS]
