"""What can be wrong with the simulated sensor, and what that does to the packets it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

LATE_SECONDS = 2.5


class SensorFault(StrEnum):
    """What can be wrong with a sensor or its cable."""

    NOISE_BEFORE_HEADER = "noise_before_header"
    BAD_CHECKSUM = "bad_checksum"
    SHORT_FRAME = "short_frame"
    WRONG_ADDRESS = "wrong_address"
    SILENT = "silent"
    UNPLUGGED_MID_FRAME = "unplugged_mid_frame"
    LATE_ANSWER = "late_answer"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - the name of a fault, not a password
    UNKNOWN_COMMAND_01 = "unknown_command_01"
    F0_AFTER_DOWNLOAD = "f0_after_download"
    MISSING_END_PACKET = "missing_end_packet"
    STRANGE_CODE = "strange_code"
    EMPTY_DONE = "empty_done"
    ECHO = "echo"
    UNPLUGGED = "unplugged"


@dataclass(frozen=True)
class Answer:
    """Bytes to put on the wire, after ``delay`` seconds; then the cable is out where ``hang_up``."""

    wire: bytes
    delay: float = 0.0
    hang_up: bool = False


def packet_of(kind: int, payload: bytes) -> bytes:
    """A packet as the sensor sends it; the simulator's own, on purpose not the driver's."""
    size = len(payload) + 2
    total = (kind + size // 256 + size % 256 + sum(payload)) % 65536
    return b"\xef\x01\xff\xff\xff\xff" + bytes([kind]) + size.to_bytes(2, "big") + payload + total.to_bytes(2, "big")


def acknowledgement(code: int, extra: bytes = b"") -> bytes:
    """The packet that answers a command."""
    return packet_of(7, bytes([code]) + extra)


_SPOILED: Mapping[SensorFault, Callable[[bytes], bytes]] = MappingProxyType(
    {
        SensorFault.NOISE_BEFORE_HEADER: lambda packet: b"\x00\xff\x55\xef\xaa" + packet,
        SensorFault.BAD_CHECKSUM: lambda packet: packet[:-1] + bytes([packet[-1] ^ 1]),
        SensorFault.SHORT_FRAME: lambda packet: packet[:-3],
        SensorFault.WRONG_ADDRESS: lambda packet: packet[:2] + b"\x12\x34\x56\x78" + packet[6:],
        SensorFault.SILENT: lambda _packet: b"",
        SensorFault.UNPLUGGED: lambda _packet: b"",
        SensorFault.UNPLUGGED_MID_FRAME: lambda packet: packet[: len(packet) // 2],
        SensorFault.EMPTY_DONE: lambda _packet: acknowledgement(0x00),
    }
)


def spoiled(fault: SensorFault, packet: bytes, late: float) -> Answer:
    """A good packet as a broken sensor or cable delivers it; other faults were already in what was answered."""
    spoil = _SPOILED.get(fault)
    return Answer(
        spoil(packet) if spoil else packet,
        delay=late if fault is SensorFault.LATE_ANSWER else 0.0,
        hang_up=fault is SensorFault.UNPLUGGED_MID_FRAME,
    )
