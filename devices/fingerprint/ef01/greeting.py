"""Getting to know an EF01 sensor: speed, handshake, parameters, template size, firmware, stored templates, lamp.

What is at the other end of the line gets nothing but handshakes until it has answered one in frames of ours
(reference/serial-devices.md §1.2, §1.10; reliability-ux.md §3.6 fault 22).
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from devices.device import DeviceFault, DeviceGarbled, DeviceSilent, HealthBoard
from devices.fingerprint.ef01 import frames
from devices.fingerprint.ef01.address import AUTO, USUAL_RATES, Ef01Address, Patience
from devices.fingerprint.ef01.codes import PRESENT, UNKNOWN_HERE, Command
from devices.fingerprint.ef01.frames import Acknowledgement, SensorParameters, refusal
from devices.fingerprint.ef01.line import Ef01Line, NotReceivedError

log = logging.getLogger(__name__)

ROUNDS = 3


class Ef01Greeting:
    """What a sensor says of itself. ``parameters`` are the factory's until it said its own; ``done``: it was greeted.

    Facts go to the board: model, firmware, baud, packet_size, security_level, stored_templates.
    """

    def __init__(self, line: Ef01Line, address: Ef01Address, patience: Patience, board: HealthBoard) -> None:
        self._line, self._address, self._patience, self._board = line, address, patience, board
        self._refused: set[Command] = set()
        self._stored: int | None = None
        self._recount_at = 0.0
        self.parameters = frames.FALLBACK_PARAMETERS
        self.done = False

    def greet(self, abort: threading.Event) -> None:
        """Handshake and parameters: what a sensor forgets when its power fails; again where it says 55 meanwhile."""
        for _ in range(ROUNDS):
            if not self._line.known:
                self._find_rate(abort)
            self._line.persist(lambda: self.shake_hands(abort), abort)
            self._line.restarted, self._line.known = False, True
            self._learn_parameters(abort)
            if not self._line.restarted:
                return
        raise DeviceFault("the sensor restarts again and again")

    def introduce(self, abort: threading.Event) -> None:
        """Tell the board what is known now."""
        own = self.parameters
        self._board.learned(
            model=self._model(abort),
            baud=str(self._line.port.baud),
            packet_size=str(own.packet_size),
            security_level=str(own.security_level),
        )
        self.recount(abort)

    def recount(self, abort: threading.Event) -> None:
        """Note how many templates the sensor stores (we store none), when it is time to count them."""
        if time.monotonic() < self._recount_at:
            return
        answer = self.offered(Command.COUNT_TEMPLATES, b"", abort)
        self._recount_at = time.monotonic() + self._patience.recount
        if answer is None:
            return
        stored, capacity = int.from_bytes(answer.extra, "big"), self.parameters.capacity
        if self._stored not in (None, stored):
            log.warning("the sensor stores %d templates, it were %d", stored, self._stored)
            self._board.counted("changes of the stored templates")
        self._stored = stored
        full = " (full)" if capacity and stored >= capacity else ""
        self._board.learned(stored_templates=f"{stored} / {capacity}{full}" if capacity else str(stored))

    def offered(self, command: Command, arguments: bytes, abort: threading.Event) -> Acknowledgement | None:
        """What the sensor says to a command that not every model knows; None where it does not, for ever after."""
        if command in self._refused:
            return None
        for _ in range(2):
            try:
                if self._line.stale:
                    self._line.resync(abort)
                answer = self._line.ask(command, arguments, abort, self._patience.probe)
            except (DeviceSilent, DeviceGarbled):
                if not self._line.is_open:
                    raise
                continue
            if answer.done:
                return answer
        self._refused.add(command)
        if self._line.stale:
            self._line.resync(abort)
        return None

    def shake_hands(self, abort: threading.Event) -> None:
        """VfyPwd; where a model does not know it, HandShake and GetEcho. Changes nothing in any device."""
        password = self._address.password.to_bytes(4, "big")
        answer = self._line.ask(Command.VERIFY_PASSWORD, password, abort, self._patience.shake)
        if answer.code in UNKNOWN_HERE:
            for command in (Command.HANDSHAKE, Command.ECHO):
                other = self._line.ask(command, b"", abort, self._patience.shake)
                if other.done or other.code == PRESENT:
                    return
            raise NotReceivedError(refusal(Command.VERIFY_PASSWORD, answer))
        if not answer.done:
            raise DeviceFault(refusal(Command.VERIFY_PASSWORD, answer))

    def touch(self, abort: threading.Event) -> None:
        """A harmless command, answered by whoever is still there."""

        def ask() -> None:
            if not self.tells_parameters:
                self.shake_hands(abort)
                return
            answer = self._line.ask(Command.READ_PARAMETERS, b"", abort, self._patience.probe)
            if answer.code in UNKNOWN_HERE:
                raise NotReceivedError(refusal(Command.READ_PARAMETERS, answer))
            if not answer.done:
                self.done = False  # it has forgotten us
                raise DeviceFault(refusal(Command.READ_PARAMETERS, answer))

        self._line.persist(ask, abort)

    def _find_rate(self, abort: threading.Event) -> None:
        """Settle the speed: the one that worked last, the others, and it once more, if the sensor was still booting."""
        if self._address.boot:
            self._line.await_boot()
        if self._address.baud != AUTO:
            return
        last = self._line.port.baud
        for rate in (last, *(other for other in USUAL_RATES if other != last), last):
            self._line.retune(rate)
            try:
                self.shake_hands(abort)
            except (DeviceSilent, DeviceGarbled, NotReceivedError):
                continue
            self._line.known = True
            return
        self._line.close()
        raise DeviceSilent(f"{self._address.url}: no sensor answers at {', '.join(map(str, USUAL_RATES))} baud")

    def _learn_parameters(self, abort: threading.Event) -> None:
        def read() -> SensorParameters | None:
            answer = self._line.ask(Command.READ_PARAMETERS, b"", abort, self._patience.probe)
            if answer.done:
                return frames.read_parameters(answer)
            if answer.code in UNKNOWN_HERE:
                return None  # an R308 does not know the command; or it came in broken
            raise DeviceFault(refusal(Command.READ_PARAMETERS, answer))

        own = self._line.persist(read, abort) or self._line.persist(read, abort)
        self.parameters = own or replace(frames.FALLBACK_PARAMETERS, baud=self._line.port.baud)

    @property
    def tells_parameters(self) -> bool:
        """False for a sensor that was met without ReadSysPara."""
        return self.parameters.capacity > 0

    def _model(self, abort: threading.Event) -> str:
        """The sensor's own name where it has one to tell (R503), else what its parameters say of it."""
        version = self.offered(Command.READ_FIRMWARE, b"", abort)
        if version is not None:
            self._board.learned(firmware=_text(version.extra))
            product = self.offered(Command.READ_PRODUCT, b"", abort)
            if product is not None and _text(product.extra[:16]):
                return _text(product.extra[:16])
        if not self.tells_parameters:
            return "EF01"
        return f"EF01 {self.parameters.system_id:04X}/{self.parameters.capacity}"


def _text(padded: bytes) -> str:
    """What is printable of a field padded with zeros or blanks."""
    return padded.split(b"\x00", 1)[0].decode("ascii", "replace").strip()
