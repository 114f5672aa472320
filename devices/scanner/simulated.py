"""A scanner that is not there: it answers like a GM65 or a Newland in serial mode and reads what is held before it.

Written from reference/serial-devices.md §4.1, §4.2 and sharing nothing with the driver, so that each checks the other.
It knows no port: ``devices.simulated_ports`` puts it behind a socket or a pseudo-terminal.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from devices.scanner.simulated_faults import ScannerFault
from devices.simulated_ports import Answer

TOO_LONG = 6000
GARBAGE = b"\xf8\x80\x9e\x00\xe6\xff\x18"
SPEED_REGISTER, SPEED_9600 = 0x2A, b"\x39\x01"
MODE_REGISTER, TRIGGER_REGISTER, SETTING_CODES_REGISTER = 0, 2, 3
CONTINUOUS = 2
TWO_LOW_BITS = 3


@dataclass(frozen=True)
class ScannerModel:
    """``family`` "gm65" or "newland"; ``window``: how long it looks when told to. ``setting_codes`` as it comes."""

    family: str = "gm65"
    window: float = 5.0
    written_at_once: int = 0


class SimulatedCodeScanner:
    """A scanner and what is held before it. Safe from any thread: the dock shows codes, the port asks."""

    greeting = b""

    def __init__(self, model: ScannerModel | None = None) -> None:
        self.model = model or ScannerModel()
        self._lock = threading.Lock()
        self._shown: bytes | None = None
        self._fault: ScannerFault | None = None
        self._codes_shown = 0
        self.commands: list[bytes] = []
        self.power_on()

    def power_on(self) -> None:
        """Forget every setting: it comes up looking when told to, and obeys setting codes."""
        with self._lock:
            self._inbox = b""
            self.continuous, self.obeys_setting_codes = False, True
            self._looking_until = 0.0

    def show(self, content: bytes | None = None) -> int:
        """Hold a code before it, an invented one unless given; it is read once. Returns its length."""
        with self._lock:
            self._codes_shown += 1
            self._shown = content if content is not None else invented(self._codes_shown)
            return len(self._shown)

    def hide(self) -> None:
        """Take the code away."""
        with self._lock:
            self._shown = None

    def fail(self, fault: ScannerFault) -> None:
        """Have a fault until mended."""
        with self._lock:
            self._fault = fault

    def mend(self) -> None:
        """End the fault."""
        with self._lock:
            self._fault = None

    @property
    def shows(self) -> bool:
        """True while a code is held before it that was not read yet."""
        return self._shown is not None

    @property
    def fault(self) -> ScannerFault | None:
        """What is wrong with it now."""
        return self._fault

    @property
    def unplugged(self) -> bool:
        """True while the cable is out."""
        return self._fault is ScannerFault.UNPLUGGED

    @property
    def written_at_once(self) -> int:
        """How many bytes it writes at once; 0: all."""
        return self.model.written_at_once

    def receive(self, wire: bytes) -> list[Answer]:
        """Take bytes from the host, and look: what the scanner sends, in order, the reply before the code."""
        with self._lock:
            self._inbox += wire
            said = b""
            while (asked := self._next_command()) is not None:
                self.commands.append(asked)
                said += self._reply(asked)
            code = self._look()
            hang_up = bool(code) and self._fault is ScannerFault.UNPLUGGED_MID_CODE
            if hang_up:
                self._fault = ScannerFault.UNPLUGGED
            return [Answer(said + code, hang_up=hang_up)] if said or code else []

    def _next_command(self) -> bytes | None:
        """The next whole command; bytes before its beginning are dropped."""
        begin = self._inbox.find(b"\x7e")
        if begin < 0:
            self._inbox = b""
            return None
        self._inbox = self._inbox[begin:]
        newland = self.model.family == "newland"
        end = self._inbox.find(b";\x03") + 2 if newland else 8 + (self._inbox[3:4] or b"\xff")[0]
        if len(self._inbox) < max(end, 2) or (newland and end < 2):  # noqa: PLR2004 - nothing is shorter
            return None
        asked, self._inbox = self._inbox[:end], self._inbox[end:]
        return asked

    def _reply(self, asked: bytes) -> bytes:
        if self._fault in (ScannerFault.SILENT, ScannerFault.UNPLUGGED):
            return b""
        if self._fault is ScannerFault.GARBAGE:
            return GARBAGE
        reply = self._newland(asked) if self.model.family == "newland" else self._gm65(asked)
        return reply[:-1] + bytes([reply[-1] ^ 1]) if self._fault is ScannerFault.BAD_REPLY else reply

    def _gm65(self, asked: bytes) -> bytes:
        kind, register, content = asked[2], int.from_bytes(asked[4:6], "big"), asked[6:-2]
        good = asked[-2:] == b"\xab\xcd" or crc(asked[2:-2]) == int.from_bytes(asked[-2:], "big")
        if not good:
            return b""  # no source tells what a GM65 says to a damaged command
        if self._fault is ScannerFault.REFUSES:
            return gm65_reply(b"\x01")
        if kind == 7:  # noqa: PLR2004 - read
            return gm65_reply(SPEED_9600 if register == SPEED_REGISTER else bytes(content[0]))
        if register == TRIGGER_REGISTER:
            self._looking_until = time.monotonic() + self.model.window
        elif register == MODE_REGISTER:
            self.continuous = content[0] & TWO_LOW_BITS == CONTINUOUS
        elif register == SETTING_CODES_REGISTER:
            self.obeys_setting_codes = content[0] != 2  # noqa: PLR2004 - switched off
        return gm65_reply(b"\x00")

    def _newland(self, asked: bytes) -> bytes:
        words = asked[7:-2]
        known = {b"SCNTRG1", b"SCNTRG0", b"SCNMOD0", b"SCNMOD2"}
        answer = b"\x15" if self._fault is ScannerFault.REFUSES else b"\x06" if words in known else b"\x05"
        if answer == b"\x06":
            if words.startswith(b"SCNMOD"):
                self.continuous = words.endswith(b"2")
            else:
                self._looking_until = time.monotonic() + self.model.window if words.endswith(b"1") else 0.0
        return b"\x02\x01" + asked[2:-2] + answer + b";\x03"

    def _look(self) -> bytes:
        """What it reads now, with its end; nothing where it does not look or nothing is there."""
        looking = self.continuous or time.monotonic() < self._looking_until
        if self._fault in (ScannerFault.SILENT, ScannerFault.UNPLUGGED) or not looking:
            return b""
        if self._fault is ScannerFault.NOTHING_READ and not self.continuous:
            self._looking_until = 0.0
            return b"\x15\r"
        if self._shown is None:
            return b""
        content, self._shown, self._looking_until = self._shown, None, 0.0
        return as_sent(self._fault, content)


_AS_SENT: Mapping[ScannerFault | None, Callable[[bytes], bytes]] = MappingProxyType(
    {
        ScannerFault.GARBAGE: lambda _content: GARBAGE * 3,
        ScannerFault.NO_SUFFIX: lambda content: content,
        ScannerFault.TOO_LONG: lambda _content: b"9" * TOO_LONG + b"\r",
        ScannerFault.CONTROL_CHARACTERS: lambda content: b"\x1b\x03" + content + b"\r",
        ScannerFault.TWICE: lambda content: (content + b"\r") * 2,
        ScannerFault.UNPLUGGED_MID_CODE: lambda content: content[: len(content) // 2],
    }
)


def as_sent(fault: ScannerFault | None, content: bytes) -> bytes:
    """A code as it leaves the scanner."""
    spoil = _AS_SENT.get(fault)
    return spoil(content) if spoil else content + b"\r"


def invented(number: int) -> bytes:
    """What a telephone might show the ``number``-th time: 64 characters that mean nothing."""
    return hashlib.sha256(b"invented code %d" % number).hexdigest().upper().encode()


def crc(covered: bytes) -> int:
    """CRC-16, polynomial 1021, start 0, bit by bit; the simulator's own."""
    register = 0
    for byte in covered:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return register


def gm65_reply(content: bytes) -> bytes:
    """A reply with its CRC."""
    covered = b"\x00\x00" + bytes([len(content)]) + content
    return b"\x02" + covered + crc(covered).to_bytes(2, "big")
