"""What the dock's page shows of the machine, asked anew for every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from devices.card.people import CardHolder
from devices.card.simulated import SimulatedReader
from devices.fingerprint.features.simulated import SimulatedFeatureSensor
from devices.fingerprint.simulated.sensor import SimulatedSensor
from devices.id_card.simulated import SimulatedIdReader
from devices.printer.emulator import PrinterFault
from devices.printer.simulated import SimulatedPrinter
from devices.scanner.simulated import SimulatedCodeScanner
from kiosk.machine import Machine
from kiosk.screens.dock_hand import DockHand
from kiosk.screens.dock_words import (
    CARD_WORDS,
    FEATURE_WORDS,
    ID_READER_WORDS,
    PAD_WORDS,
    PRINTER_WORDS,
    QUALITY_WORDS,
    SAMPLE_WORDS,
    SCANNER_WORDS,
    SENSOR_WORDS,
    STRANGER,
    STRANGER_WORDS,
    finger_words,
)
from kiosk.states import CardLeft, OutOfService, ReadingCard, Serving, State, Vacant, Visiting

PEOPLE_SHOWN = 12
RECEIPTS_SHOWN = 3


@dataclass(frozen=True)
class Choice:
    """A button: what it sends, what it says, whether it holds now."""

    code: str
    words: str
    on: bool = False


@dataclass(frozen=True)
class PeopleList:
    """The people that answer to a search; ``missing``: there is no file; ``broken``: what is wrong with it."""

    found: tuple[CardHolder, ...] = ()
    more: int = 0
    missing: bool = False
    broken: str = ""


@dataclass(frozen=True)
class DeskLine:
    """The desk as a developer wants to know it."""

    state: str
    showing: str
    page: str = ""
    assurance: str = ""
    problem: str = ""


@dataclass(frozen=True)
class CardView:
    """The simulated slot. ``pad``: what can be done at its keys, nothing where it has none."""

    plugged: bool
    holder_name: str = ""
    pin: str = ""
    version: str = ""
    tries_left: int = 0
    faults: str = ""
    occupied: bool = False
    pad: tuple[Choice, ...] = ()
    pad_waits: bool = False


@dataclass(frozen=True)
class SensorView:
    """The simulated sensor. ``fingers``: whose buttons can be pressed now."""

    fingers: tuple[Choice, ...]
    qualities: tuple[Choice, ...]
    faults: tuple[Choice, ...]
    lying: str


@dataclass(frozen=True)
class Slip:
    """A printed receipt: its place counted from the oldest kept, from 1."""

    place: int
    number: str
    text: str
    pictured: bool
    complete: bool


@dataclass(frozen=True)
class PrinterView:
    """The simulated printer and the last papers, newest first."""

    faults: tuple[Choice, ...]
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class IdReaderView:
    """The simulated reader of ID cards. ``lying``: whose card lies on it; ``samples``: cards of nobody in town."""

    lying: str
    samples: tuple[Choice, ...]
    faults: tuple[Choice, ...]


@dataclass(frozen=True)
class ScannerView:
    """The simulated scanner: whether a code is held before it."""

    shows: bool
    faults: tuple[Choice, ...]


def people_list(hand: DockHand, asked: str) -> PeopleList:
    """Search by name, number, card number or what is special."""
    try:
        everybody = hand.people.everybody()
    except ValueError as error:
        return PeopleList(broken=str(error))
    if everybody is None:
        return PeopleList(missing=True)
    found = tuple(person for person in everybody if asked.lower() in searched(person))
    return PeopleList(found[:PEOPLE_SHOWN], max(0, len(found) - PEOPLE_SHOWN))


def searched(person: CardHolder) -> str:
    """The text that a search looks in."""
    return f"{person.name} {person.number} {person.card.card_number} {person.special}".lower()


def desk_line(state: State) -> DeskLine:
    """State and what is shown."""
    line = DeskLine(type(state).__name__, state.showing)
    match state:
        case Serving():
            return replace(line, page=state.page, assurance=state.session.assurance.name)
        case Visiting() | ReadingCard():
            return replace(line, page=state.page)
        case CardLeft(problem=problem) if problem is not None:
            return replace(line, problem=f"{problem.code} {problem.words}")
        case OutOfService(reason=reason):
            return replace(line, problem=reason)
        case CardLeft() | Vacant():
            return line


def card_view(reader: SimulatedReader, hand: DockHand) -> CardView:
    """What is in the slot."""
    card, pad = reader.card, reader.pad
    keys = tuple(Choice(act, words) for act, words in PAD_WORDS.items()) if pad else ()
    if card is None:
        return CardView(reader.plugged, pad=keys)
    holder = hand.holder()
    written = card.description
    faults = "、".join(CARD_WORDS[fault] for fault in sorted(card.faults))
    pulled = f"第 {card.pull_at} 条指令拔出" if card.pull_at else ""
    return CardView(
        reader.plugged, holder.name if holder else written.name, written.pin, written.version, card.tries_left,
        "、".join(filter(None, (faults, pulled))), occupied=True, pad=keys, pad_waits=pad is not None and pad.waiting,
    )  # fmt: skip


def sensor_view(sensor: SimulatedSensor | SimulatedFeatureSensor, hand: DockHand) -> SensorView:
    """What lies on the glass and what can be put there."""
    holder = hand.holder()
    own = tuple(Choice(name, finger_words(name)) for name, _seed in (holder.fingers if holder else ()))
    known = FEATURE_WORDS if isinstance(sensor, SimulatedFeatureSensor) else SENSOR_WORDS
    faults = tuple(Choice(fault, words, fault is sensor.fault) for fault, words in known.items())
    qualities = tuple(Choice(quality, words) for quality, words in QUALITY_WORDS.items())
    return SensorView((*own, Choice(STRANGER, STRANGER_WORDS)), qualities, faults, _lying(sensor, holder))


def _lying(sensor: SimulatedSensor | SimulatedFeatureSensor, holder: CardHolder | None) -> str:
    if sensor.finger is None:
        return ""
    seed, quality = sensor.finger
    names = {seed: finger_words(name) for name, seed in (holder.fingers if holder else ())}
    return f"{names.get(str(seed), STRANGER_WORDS)}（{QUALITY_WORDS[quality]}）"


def printer_view(printer: SimulatedPrinter) -> PrinterView:
    """Faults and papers."""
    now = printer.emulator.faults
    faults = tuple(Choice(fault, PRINTER_WORDS[fault], fault in now) for fault in PrinterFault)
    return PrinterView(faults, tuple(_last_slips(printer)))


def _last_slips(printer: SimulatedPrinter) -> Iterator[Slip]:
    kept = printer.receipts
    for place in range(len(kept), max(0, len(kept) - RECEIPTS_SHOWN), -1):
        receipt = kept[place - 1]
        yield Slip(place, receipt.number, receipt.text, receipt.sheet is not None, receipt.complete)


def id_reader_view(module: SimulatedIdReader) -> IdReaderView:
    """What lies on it, and what can be put there."""
    card = module.card
    samples = tuple(Choice(sample, words) for sample, words in SAMPLE_WORDS.items())
    faults = tuple(Choice(fault, words, fault is module.fault) for fault, words in ID_READER_WORDS.items())
    return IdReaderView((card.name or card.english_name) if card else "", samples, faults)


def scanner_view(scanner: SimulatedCodeScanner) -> ScannerView:
    """Never the code itself."""
    faults = tuple(Choice(fault, words, fault is scanner.fault) for fault, words in SCANNER_WORDS.items())
    return ScannerView(scanner.shows, faults)


@dataclass(frozen=True)
class DockView:
    """Everything that is refreshed."""

    desk: DeskLine
    card: CardView | None
    sensor: SensorView | None
    printer: PrinterView | None
    id_reader: IdReaderView | None
    scanner: ScannerView | None
    headphones: bool | None
    cut: bool
    reachable: bool
    offset_words: str


def dock_view(machine: Machine, hand: DockHand) -> DockView:
    """Look at the machine once."""
    simulated = machine.devices.simulators
    client = machine.county.client
    return DockView(
        desk=desk_line(machine.desk.state),
        card=card_view(simulated.card, hand) if simulated.card else None,
        sensor=sensor_view(simulated.fingerprint.sensor, hand) if simulated.fingerprint else None,
        printer=printer_view(simulated.printer) if simulated.printer else None,
        id_reader=id_reader_view(simulated.id_card.module) if simulated.id_card else None,
        scanner=scanner_view(simulated.scanner.window) if simulated.scanner else None,
        headphones=simulated.headphones.inserted if simulated.headphones else None,
        cut=client.cut,
        reachable=client.reachable,
        offset_words=str(machine.clock.offset) if machine.clock.offset else "",
    )
