"""From a configuration line to a driver, or to a simulator: the only place that names them all.

Drivers are loaded by their line only: a hall without fingerprints never loads a sensor's library.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from devices import FEATURE_DIALECTS, SIMULATED, DeviceLines, Devices, Simulators
from devices.card import CardEvent, CardReader
from devices.device import Clock, HealthBoard, Supervised
from devices.fingerprint import FingerprintReader
from devices.headphones import HeadphoneJack
from devices.id_card import IdCardReader
from devices.printer import PagePrinter, ReceiptPrinter
from devices.scanner import CodeScanner
from devices.supervision import Standing
from devices.tap import Tap, Taps, no_taps

if TYPE_CHECKING:
    from devices.card.simulated import SimulatedReader
    from devices.fingerprint.features.simulated_reader import SimulatedFeatures
    from devices.fingerprint.simulated.reader import SimulatedFingerprint
    from devices.headphones.simulated_jack import SimulatedJack
    from devices.id_card.simulated_reader import SimulatedIdCard
    from devices.printer.simulated import SimulatedPrinter
    from devices.scanner.simulated_scanner import SimulatedScanner

T = TypeVar("T")
S = TypeVar("S")


def open_devices(
    lines: DeviceLines, clock: Clock, folder: Path, taps: Taps = no_taps, *, real_only: bool = False
) -> Devices:
    """Choose drivers by their lines; nothing is opened before its thread attends to it.

    ``folder``: where the simulated printer keeps receipts. ``taps``: who listens to a kind of device.
    ``real_only``: a card reader made of software is refused by its line, and passed over where none is named.
    Raises ValueError naming the line that means nothing.
    """
    card, simulated_card = _standing(
        lambda: _open_card(lines.card, clock, taps("card", lines.card), real_only=real_only)
    )
    simulated_finger: SimulatedFingerprint | SimulatedFeatures | None
    finger, simulated_finger = _standing(
        lambda: _open_fingerprint(lines.fingerprint, clock, taps("fingerprint", lines.fingerprint))
    )
    printer, simulated_printer = _standing(
        lambda: _open_printer(lines.printer, clock, folder, taps("printer", lines.printer))
    )
    pages, _ = _standing(
        lambda: _open_page_printer(lines.page_printer, clock, taps("page_printer", lines.page_printer))
    )
    id_card, simulated_id_card = _standing(lambda: _open_id_card(lines.id_card, clock, taps("id_card", lines.id_card)))
    scanner, simulated_scanner = _standing(lambda: _open_scanner(lines.scanner, clock, taps("scanner", lines.scanner)))
    jack, simulated_jack = _standing(lambda: _open_headphones(lines.headphones, clock))
    simulators = Simulators(
        simulated_card, simulated_finger, simulated_printer, simulated_id_card, simulated_scanner, simulated_jack
    )  # fmt: skip
    return Devices(card, finger, printer, simulators, pages, id_card, scanner, jack)


def _standing(open_it: Callable[[], tuple[T | None, S | None]]) -> tuple[T | None, S | None]:
    """What a line opens. A real driver may be exchanged when it hangs; a simulated device is the dock's and stays."""
    device, simulator = open_it()
    if device is None or simulator is not None:
        return device, simulator
    standing = Standing(cast("Supervised", device), lambda: cast("Supervised", open_it()[0]))
    return cast("T", standing), None


def _ignore(_event: CardEvent) -> None:
    """Until somebody listens."""


def _open_card(
    line: str, clock: Clock, tap: Tap, *, real_only: bool
) -> tuple[CardReader | None, SimulatedReader | None]:
    board = HealthBoard("card", clock)
    if not line:
        return None, None
    from devices.card.card_address import parse_pcsc, parse_vendor  # noqa: PLC0415  drivers are loaded by their line only

    if line.startswith(SIMULATED):
        from devices.card.simulated import SimulatedPad, SimulatedReader  # noqa: PLC0415  see above

        keys = SimulatedPad() if parse_pcsc(line.removeprefix(SIMULATED)).pad else None
        simulated = SimulatedReader(board, _ignore, tap=tap, pad=keys)
        return simulated, simulated
    if line.startswith("pcsc:"):
        from devices.card.pcsc import PcscReader  # noqa: PLC0415  see above
        from devices.card.pin_pad import PadEntry  # noqa: PLC0415  see above
        from devices.card.slots import is_virtual  # noqa: PLC0415  see above

        address = parse_pcsc(line.removeprefix("pcsc:"))
        if real_only and is_virtual(address.name_filter or ""):
            raise ValueError(f"devices.card: {line!r}: a reader made of software does not serve residents (production)")
        pad = PadEntry() if address.pad else None
        return PcscReader(address.name_filter, board, _ignore, tap, pad, real_only=real_only), None
    if line.startswith("vendor:"):
        from devices.card.vendor.reader import VendorReader  # noqa: PLC0415  see above

        return VendorReader(parse_vendor(line.removeprefix("vendor:")), board, _ignore, tap), None
    raise ValueError(f"devices.card: {line!r} is neither pcsc: nor vendor: nor simulated:")


def _open_fingerprint(
    line: str, clock: Clock, tap: Tap
) -> tuple[FingerprintReader | None, SimulatedFingerprint | SimulatedFeatures | None]:
    if not line:
        return None, None
    if line.partition(":")[0] in FEATURE_DIALECTS or line.removeprefix(SIMULATED) in FEATURE_DIALECTS:
        return _open_features(line, clock, tap)
    if line.startswith(SIMULATED):
        from devices.fingerprint.simulated.reader import open_simulated  # noqa: PLC0415  see above

        simulated = open_simulated(clock, tap=tap)
        return simulated.reader, simulated
    if line.startswith("ef01:"):
        from devices.fingerprint.ef01.address import parse_ef01  # noqa: PLC0415  see above
        from devices.fingerprint.ef01.reader import Ef01Reader  # noqa: PLC0415  see above

        return Ef01Reader(parse_ef01(line.removeprefix("ef01:")), "fingerprint", clock, tap=tap), None
    raise ValueError(f"devices.fingerprint: {line!r} is none of ef01:, split-nibble:, 7e42:, wel-abc:, simulated:")


def _open_features(line: str, clock: Clock, tap: Tap) -> tuple[FingerprintReader, SimulatedFeatures | None]:
    from devices.fingerprint.features import address  # noqa: PLC0415  see above

    if line.startswith(SIMULATED):
        from devices.fingerprint.features.simulated_reader import open_simulated_features  # noqa: PLC0415  see above

        simulated = open_simulated_features(line.removeprefix(SIMULATED), clock, tap=tap)
        return simulated.reader, simulated
    dialect, _, rest = line.partition(":")
    if dialect == "split-nibble":
        from devices.fingerprint.features.split_nibble import open_split_nibble  # noqa: PLC0415  see above

        return open_split_nibble(address.parse_split_nibble(rest), "fingerprint", clock, tap=tap), None
    if dialect == "wel-abc":
        from devices.fingerprint.features.wel_abc import open_wel_abc  # noqa: PLC0415  see above

        return open_wel_abc(address.parse_wel_abc(rest), "fingerprint", clock, tap=tap), None
    from devices.fingerprint.features.frame7e42 import open_7e42  # noqa: PLC0415  see above

    return open_7e42(address.parse_7e42(rest), "fingerprint", clock, tap=tap), None


def _open_printer(
    line: str, clock: Clock, folder: Path, tap: Tap
) -> tuple[ReceiptPrinter | None, SimulatedPrinter | None]:
    if not line:
        return None, None
    if line.startswith(SIMULATED):
        from devices.printer.simulated import SimulatedPrinter  # noqa: PLC0415  see above

        simulated = SimulatedPrinter(folder, clock=clock, sensor=line == f"{SIMULATED}ticket", tap=tap)
        return simulated.printer, simulated
    if line.startswith("escpos:"):
        from devices.printer.escpos import EscposPrinter  # noqa: PLC0415  see above

        return EscposPrinter(line.removeprefix("escpos:"), clock=clock, tap=tap), None
    raise ValueError(f"devices.printer: {line!r} is neither escpos: nor simulated:")


def _open_page_printer(line: str, clock: Clock, tap: Tap) -> tuple[PagePrinter | None, None]:
    """No simulator: the town has no A4 printer, and what its pages look like is tried on a real IPP printer program."""
    if not line:
        return None, None
    if line.startswith(("ipp:", "ipps:")):
        from devices.printer.page import IppPrinter  # noqa: PLC0415  see above

        return IppPrinter(line, clock=clock, tap=tap), None
    raise ValueError(f"devices.page_printer: {line!r} is neither ipp:// nor ipps://")


def _open_id_card(line: str, clock: Clock, tap: Tap) -> tuple[IdCardReader | None, SimulatedIdCard | None]:
    if not line:
        return None, None
    if line.startswith(SIMULATED):
        from devices.id_card.simulated_reader import open_simulated  # noqa: PLC0415  see above

        simulated = open_simulated(clock, tap=tap)
        return simulated.reader, simulated
    if line.startswith("samv:"):
        from devices.id_card.samv import SamvReader  # noqa: PLC0415  see above
        from devices.id_card.samv_address import parse_samv  # noqa: PLC0415  see above

        return SamvReader(parse_samv(line.removeprefix("samv:")), clock=clock, tap=tap), None
    raise ValueError(f"devices.id_card: {line!r} is neither samv: nor simulated:")


def _open_scanner(line: str, clock: Clock, tap: Tap) -> tuple[CodeScanner | None, SimulatedScanner | None]:
    """A scanner that types like a keyboard is refused here, as far as it can be known before it is opened."""
    if not line:
        return None, None
    if line.startswith(SIMULATED):
        from devices.scanner.simulated_scanner import open_simulated  # noqa: PLC0415  see above

        simulated = open_simulated(clock, tap=tap)
        return simulated.scanner, simulated
    from devices.scanner.address import parse_scanner  # noqa: PLC0415  see above
    from devices.scanner.serial_scanner import SerialScanner  # noqa: PLC0415  see above
    from devices.scanner.wedge import refuse_keyboard  # noqa: PLC0415  see above

    try:
        address = parse_scanner(line)
        refuse_keyboard(address.url)
    except ValueError as error:
        raise ValueError(f"devices.scanner: {error}") from error
    return SerialScanner(address, clock=clock, tap=tap), None


def _open_headphones(line: str, clock: Clock) -> tuple[HeadphoneJack | None, SimulatedJack | None]:
    if not line:
        return None, None
    if line.startswith(SIMULATED):
        from devices.headphones.simulated_jack import SimulatedJack  # noqa: PLC0415  see above

        simulated = SimulatedJack(clock=clock)
        return simulated, simulated
    if line.startswith("evdev:/"):
        from devices.headphones.evdev_jack import EvdevJack  # noqa: PLC0415  see above

        return EvdevJack(line.removeprefix("evdev:"), clock=clock), None
    raise ValueError(f"devices.headphones: {line!r} is neither evdev:/PATH nor simulated:")
