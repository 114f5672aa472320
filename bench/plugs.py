"""From the plug to the screen: how long until the staff page's health shows that a device went, and that it is back.

The whole kiosk runs as it does in a hall, with the real drivers: fingerprint sensor and printer on pseudo-terminals
whose far end goes away (their names, too, as udev takes them), ID-card reader and scanner likewise, the card reader
behind a real pcscd that is stopped and started. Watched from outside over HTTP, as the browser of the staff would.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.figure import Figure, p95
from bench.town import ROOT, Town
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.sensor import SimulatedSensor
from devices.id_card.simulated import SimulatedIdReader
from devices.id_card.simulated_faults import IdReaderFault
from devices.printer.emulator import PrinterFault
from devices.printer.simulated import PrinterEmulator
from devices.scanner.simulated import SimulatedCodeScanner
from devices.scanner.simulated_faults import ScannerFault
from devices.simulated_ports import PtyPort
from tests.pcscd import PcscDaemon, missing

PULLS = 8
PATIENCE = 30.0
REST = 0.7
"""Between two pulls; another part of the drivers' rounds each time."""
SHOWN_BAR, READY_BAR = 1.0, 2.0


@dataclass(frozen=True)
class Plug:
    """One device: its kind on the health page, and the hand at its cable."""

    kind: str
    pull: Callable[[], object]
    put_in: Callable[[], object]


def state_of(town: Town, kind: str) -> str:
    """What the health of the staff face says of it now."""
    return str(httpx.get(f"{town.staff}/health", timeout=5).json()["devices"][kind]["state"])


def seconds_until(town: Town, kind: str, wanted: Callable[[str], bool]) -> float:
    """How long from now until the health says so."""
    began = time.monotonic()
    while not wanted(state_of(town, kind)):
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"{kind} is {state_of(town, kind)}")
        time.sleep(0.01)
    return time.monotonic() - began


def pulled(town: Town, plug: Plug) -> tuple[list[float], list[float]]:
    """Seconds until gone and until back, for each pull."""
    gone, back = [], []
    seconds_until(town, plug.kind, lambda state: state == "ready")
    for turn in range(PULLS):
        time.sleep(REST + 0.13 * turn)
        plug.pull()
        gone.append(seconds_until(town, plug.kind, lambda state: state != "ready"))
        time.sleep(REST + 0.17 * turn)
        plug.put_in()
        back.append(seconds_until(town, plug.kind, lambda state: state == "ready"))
    return gone, back


@contextmanager
def on_pty(simulator: Any, link: Path) -> Iterator[str]:
    """A simulator behind a pseudo-terminal of this name."""
    port = PtyPort(simulator, link, poll=0.01)
    port.start()
    yield port.url
    port.close()


def figures(_town: Town) -> list[Figure]:
    """A town of its own, whose devices are ours to unplug (the card reader where the machine has a pcscd)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plugs-")))
        sensor, module, window, emulator = (
            SimulatedSensor(),
            SimulatedIdReader(),
            SimulatedCodeScanner(),
            PrinterEmulator(),
        )
        stack.callback(emulator.close)
        lines = {
            "KIOSK_DEVICES__FINGERPRINT": f"ef01:{stack.enter_context(on_pty(sensor, folder / 'sensor'))}",
            "KIOSK_DEVICES__ID_CARD": f"samv:{stack.enter_context(on_pty(module, folder / 'module'))}",
            "KIOSK_DEVICES__SCANNER": f"gm65:{stack.enter_context(on_pty(window, folder / 'scanner'))}",
            "KIOSK_DEVICES__PRINTER": f"escpos:{emulator.url}",
        }
        plugs = [
            Plug("fingerprint", lambda: sensor.fail(SensorFault.UNPLUGGED), sensor.mend),
            Plug("id_card", lambda: module.fail(IdReaderFault.UNPLUGGED), module.mend),
            Plug("scanner", lambda: window.fail(ScannerFault.UNPLUGGED), window.mend),
            Plug("printer", lambda: emulator.suffer(PrinterFault.OFF), emulator.recover),
        ]
        if missing():
            print(f"plugs: no card reader, {missing()}", file=sys.stderr)
        else:
            daemon = stack.enter_context(PcscDaemon())
            lines |= {"KIOSK_DEVICES__CARD": "pcsc:", **daemon.environment}
            plugs.append(Plug("card", daemon.stop, daemon.start))
        town = stack.enter_context(Town(**lines))
        town.start(
            "kiosk", [sys.executable, str(ROOT / "run.py"), "--config", str(ROOT / "config" / "town.toml"), "kiosk"]
        )
        town.await_answer(f"{town.staff}/health")
        return [figure for plug in plugs for figure in figures_of(plug, *pulled(town, plug))]


def figures_of(plug: Plug, gone: list[float], back: list[float]) -> list[Figure]:
    """Both figures of one device, the worst of all pulls."""
    name = {"card": "card reader (pcscd stopped, started)"}.get(plug.kind, plug.kind.replace("_", " "))
    return [
        Figure(
            f"{name}: unplugged → shown to staff, worst of {PULLS}", max(gone), "s", SHOWN_BAR, f"p95 {p95(gone):.2f} s"
        ),
        Figure(f"{name}: plugged in → READY, worst of {PULLS}", max(back), "s", READY_BAR, f"p95 {p95(back):.2f} s"),
    ]
