"""EF01 frames as bytes: encoding, an incremental parser, acknowledgements. No port, no clock.

Frame: ``EF 01``, address (4), packet id (1), length (2, payload + 2), payload, checksum (2, sum of id, length and
payload); reference/serial-devices.md §1.1, §5.3 rule 5, §9.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from devices.device import DeviceGarbled
from devices.fingerprint.ef01.codes import DIFFERENT, DONE, REPLY_LENGTH, Command, meaning_of
from devices.frame_hunt import FrameHunt

HEADER = b"\xef\x01"
FACTORY_ADDRESS = 0xFFFFFFFF
BOOT_BYTE = 0x55

_BEFORE_PAYLOAD = 9
_CHECKSUM = 2
_SHORTEST, _LONGEST = 3, 258  # of the length field: one payload byte, 256 payload bytes


class FrameKind(IntEnum):
    """The packet ids of the manuals."""

    COMMAND = 0x01
    MORE_CONTENT = 0x02
    ACKNOWLEDGE = 0x07
    END_OF_CONTENT = 0x08


@dataclass(frozen=True)
class Frame:
    """One good frame. ``after_boot``: a bare 55 stood before it, so the sensor has restarted."""

    kind: FrameKind
    payload: bytes
    after_boot: bool = False

    def __repr__(self) -> str:
        return f"Frame({self.kind.name}, {len(self.payload)} bytes)"  # content is a template: never in a log


@dataclass(frozen=True)
class Acknowledgement:
    """What the sensor said to one command: the confirmation code and the bytes behind it."""

    code: int
    extra: bytes = b""

    @property
    def done(self) -> bool:
        """True when the command was carried out."""
        return self.code == DONE


@dataclass(frozen=True)
class SensorParameters:
    """The 16 bytes of ReadSysPara; the system id is told and never judged (reference/serial-devices.md §1.4)."""

    status: int
    system_id: int
    capacity: int
    security_level: int
    address: int
    packet_size: int
    baud: int


@dataclass(frozen=True)
class Comparison:
    """The sensor's own verdict. ``score`` is None where a clone answers "different" in the short form."""

    same: bool
    score: int | None


FALLBACK_PARAMETERS = SensorParameters(0, 0, 0, 3, FACTORY_ADDRESS, 128, 57600)
"""For sensors without ReadSysPara (R308): what every factory ships."""


def encode(kind: FrameKind, payload: bytes, address: int = FACTORY_ADDRESS) -> bytes:
    """One frame around 1 to 256 bytes of payload."""
    if not 1 <= len(payload) <= _LONGEST - _CHECKSUM:
        raise ValueError(f"a frame carries 1 to 256 bytes, not {len(payload)}")
    body = struct.pack(">BH", kind, len(payload) + _CHECKSUM) + payload
    return HEADER + struct.pack(">I", address) + body + _checksum(body)


def encode_command(command: Command, arguments: bytes = b"", address: int = FACTORY_ADDRESS) -> bytes:
    """The frame of a command and its arguments."""
    return encode(FrameKind.COMMAND, bytes([command]) + arguments, address)


def encode_content(content: bytes, packet_size: int, address: int = FACTORY_ADDRESS) -> Iterator[bytes]:
    """The data packets of a download: all full except possibly the last, which says that it is the end."""
    for start in range(0, len(content), packet_size):
        last = start + packet_size >= len(content)
        kind = FrameKind.END_OF_CONTENT if last else FrameKind.MORE_CONTENT
        yield encode(kind, content[start : start + packet_size], address)


def _checksum(body: bytes) -> bytes:
    return struct.pack(">H", sum(body) & 0xFFFF)


def announces_restart(idle: bytes) -> bool:
    """True when bytes heard while nothing was asked are a sensor's boot byte (00 comes from the rising edge)."""
    return BOOT_BYTE in idle and not set(idle) - {0, BOOT_BYTE}


class FrameParser(FrameHunt[Frame]):
    """Finds frames in whatever arrives; a wrong checksum breaks one.

    A bad length or a foreign address is none. Our own commands (echo of a half-duplex line) and unknown packet ids are
    passed over whole.
    """

    mark = HEADER

    def __init__(self, address: int = FACTORY_ADDRESS) -> None:
        self._address = struct.pack(">I", address)
        super().__init__()

    def reset(self) -> None:
        """Forget everything heard so far."""
        super().reset()
        self._skipped_boot = self._skipped_other = False

    def _complete(self) -> Iterator[Frame]:
        while self._hunt():
            size = self._frame_size()
            if size is None:
                return
            if not size:
                self._skip(1)
                continue
            body = bytes(self._buffer[6 : size - _CHECKSUM])
            if self._buffer[size - _CHECKSUM : size] != _checksum(body):
                self._broken()
                continue
            del self._buffer[:size]
            frame = self._accept(body)
            if frame is not None:
                yield frame

    def _frame_size(self) -> int | None:
        """Size of the frame at the front; None while too little has come, 0 when it cannot be one of ours."""
        address = self._buffer[2:6]
        if not self._address.startswith(address):
            return 0
        if len(self._buffer) < _BEFORE_PAYLOAD:
            return None
        length = int.from_bytes(self._buffer[7:9], "big")
        if not _SHORTEST <= length <= _LONGEST:
            return 0
        size = _BEFORE_PAYLOAD + length
        return size if len(self._buffer) >= size else None

    def _skip(self, count: int) -> None:
        for byte in self._buffer[:count]:
            self._skipped_boot |= byte == BOOT_BYTE
            self._skipped_other |= byte not in (0, BOOT_BYTE)
        super()._skip(count)

    def _accept(self, body: bytes) -> Frame | None:
        after_boot = self._skipped_boot and not self._skipped_other
        self._skipped_boot = self._skipped_other = False
        if body[0] == FrameKind.COMMAND or body[0] not in set(FrameKind):
            return None
        return Frame(FrameKind(body[0]), body[3:], after_boot)


def read_acknowledgement(command: Command, frame: Frame) -> Acknowledgement:
    """The acknowledgement of ``command``; DeviceGarbled when the frame cannot be one.

    A success must carry exactly the bytes that this command returns, so a stray "done" never counts as a match.
    """
    if frame.kind is not FrameKind.ACKNOWLEDGE:
        raise DeviceGarbled(f"{frame.kind.name} where the answer to {command.name} is due")
    answer = Acknowledgement(frame.payload[0], frame.payload[1:])
    if answer.done and len(answer.extra) != REPLY_LENGTH.get(command, 0):
        raise DeviceGarbled(f"{command.name} done with {len(answer.extra)} bytes, which is not its answer")
    return answer


def refusal(command: Command, answer: Acknowledgement) -> str:
    """What to log about an answer that was not expected: the command and the raw code."""
    return f"{command.name} answered {meaning_of(answer.code)}"


def read_parameters(answer: Acknowledgement) -> SensorParameters:
    """The sensor's parameters out of a successful ReadSysPara."""
    status, system, capacity, level, address, packet, baud = struct.unpack(">HHHHIHH", answer.extra)
    if packet not in range(4):
        raise DeviceGarbled(f"packet size code {packet}")
    return SensorParameters(status, system, capacity, level, address, 32 << packet, 9600 * baud)


def read_comparison(answer: Acknowledgement) -> Comparison | None:
    """The verdict of Match, in the long or the short form; None when the code is no verdict at all."""
    if answer.done:
        return Comparison(same=True, score=int.from_bytes(answer.extra, "big"))
    if answer.code != DIFFERENT:
        return None
    if len(answer.extra) not in (0, 2):
        raise DeviceGarbled(f"{meaning_of(answer.code)} with {len(answer.extra)} bytes")
    return Comparison(same=False, score=int.from_bytes(answer.extra, "big") if answer.extra else None)
