"""Card readers, sensors, printers, scanners, a headphone jack: drivers and simulators that know no kiosk."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.card import CardReader
from devices.device import DeviceHangs, DeviceHealth, Supervised
from devices.fingerprint import FingerprintReader
from devices.headphones import HeadphoneJack
from devices.id_card import IdCardReader
from devices.printer import PagePrinter, ReceiptPrinter
from devices.scanner import CodeScanner
from devices.supervision import Standing, Watch, supervise

if TYPE_CHECKING:
    from devices.card.simulated import SimulatedReader
    from devices.fingerprint.features.simulated_reader import SimulatedFeatures
    from devices.fingerprint.simulated.reader import SimulatedFingerprint
    from devices.headphones.simulated_jack import SimulatedJack
    from devices.id_card.simulated_reader import SimulatedIdCard
    from devices.printer.simulated import SimulatedPrinter
    from devices.scanner.simulated_scanner import SimulatedScanner

SIMULATED = "simulated:"
FEATURE_DIALECTS = ("split-nibble", "7e42", "wel-abc")
"""Fingerprint sensors that hand out features; the vendor's library compares."""
KINDS = ("card", "fingerprint", "printer", "page_printer", "id_card", "scanner", "headphones")


@dataclass(frozen=True)
class DeviceLines:
    """The configuration lines, one a device; an empty line means: this hall has no such device."""

    card: str = ""
    fingerprint: str = ""
    printer: str = ""
    page_printer: str = ""
    id_card: str = ""
    scanner: str = ""
    headphones: str = ""

    def simulated(self) -> list[str]:
        """The kinds whose line asks for a simulator."""
        return [kind for kind, line in vars(self).items() if line.startswith(SIMULATED)]


@dataclass(frozen=True)
class Simulators:
    """What the dock plays with; None where the real device is used."""

    card: SimulatedReader | None = None
    fingerprint: SimulatedFingerprint | SimulatedFeatures | None = None
    printer: SimulatedPrinter | None = None
    id_card: SimulatedIdCard | None = None
    scanner: SimulatedScanner | None = None
    headphones: SimulatedJack | None = None


@dataclass(frozen=True)
class Devices:
    """The devices of one machine, and their simulators where they are simulated."""

    card: CardReader | None
    fingerprint: FingerprintReader | None
    printer: ReceiptPrinter | None
    simulators: Simulators
    page_printer: PagePrinter | None = None
    id_card: IdCardReader | None = None
    scanner: CodeScanner | None = None
    headphones: HeadphoneJack | None = None

    def supervised(self) -> list[tuple[str, Supervised]]:
        """Each device with its kind."""
        rows: list[tuple[str, Supervised | None]] = [
            ("card", self.card), ("fingerprint", self.fingerprint), ("printer", self.printer),
            ("page_printer", self.page_printer), ("id_card", self.id_card), ("scanner", self.scanner),
            ("headphones", self.headphones),
        ]  # fmt: skip
        return [(kind, device) for kind, device in rows if device is not None]

    def health(self) -> dict[str, DeviceHealth | None]:
        """Health by kind; None where the hall has no such device."""
        boards: dict[str, DeviceHealth | None] = dict.fromkeys(KINDS)
        return boards | {kind: device.board.health for kind, device in self.supervised()}

    def start(self, stop: threading.Event) -> list[threading.Thread]:
        """One watching thread a device, and one that watches over these, until ``stop``."""
        watches = [Watch(kind, device) for kind, device in self.supervised()]
        threads = [one.begin() for one in watches]
        threads.append(threading.Thread(target=supervise, args=(watches, stop), name="supervise", daemon=True))
        threads[-1].start()
        return threads

    def hangs(self, kind: str, stuck: threading.Thread) -> None:
        """An act in the driver of this kind has not come back: ``stuck`` is left behind, the driver exchanged."""
        error = DeviceHangs("an act has not come back")
        for found, device in self.supervised():
            if found == kind and isinstance(device, Standing):
                device.leave_behind(stuck, error)
            elif found == kind:
                device.board.failed(error)

    def close(self) -> None:
        """Close drivers, then simulators."""
        for device in (
            self.card, self.fingerprint, self.printer, self.page_printer, self.id_card, self.scanner,
            self.headphones,
        ):  # fmt: skip
            if device is not None:
                device.close()
        simulated = self.simulators
        for simulator in (simulated.fingerprint, simulated.printer, simulated.id_card, simulated.scanner):
            if simulator is not None:
                simulator.close()
