"""What can be wrong with the simulated sensor, and what that does to the packets it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from devices.simulated_ports import Answer

LATE_SECONDS = 2.5


class SensorFault(StrEnum):
    """What can be wrong with a sensor or its cable; numbers are those of reliability-ux.md §3.6.

    15: UNPLUGGED. 16: DROPS_IN_CONTENT, UNPLUGGED_MID_FRAME, SHORT_FRAME. 17: BAD_CHECKSUM, LENGTH_ZERO, LENGTH_HUGE,
    LYING_LENGTH, WRONG_ADDRESS, UNKNOWN_PACKET, EARLIER_ANSWER. 18: FLIPPED_BITS, NOISE_BEFORE_HEADER. 19: SILENT,
    LATE_ANSWER. 20 is a matter of fingers (``FingerQuality``). 21: LIBRARY_FULL, LIBRARY_CLEARED. 22: OTHER_DEVICE.
    """

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
    LENGTH_ZERO = "length_zero"
    LENGTH_HUGE = "length_huge"
    LYING_LENGTH = "lying_length"
    UNKNOWN_PACKET = "unknown_packet"
    EARLIER_ANSWER = "earlier_answer"
    FLIPPED_BITS = "flipped_bits"
    DROPS_IN_CONTENT = "drops_in_content"
    BROWN_OUT = "brown_out"
    BOOT_BYTE_AGAIN = "boot_byte_again"
    LIBRARY_FULL = "library_full"
    LIBRARY_CLEARED = "library_cleared"
    OTHER_DEVICE = "other_device"


@dataclass(frozen=True)
class Trouble:
    """The fault of now, for how many answers more (0: until mended), and one that is still to come, after how many."""

    fault: SensorFault | None = None
    answers: int = 0
    coming: tuple[SensorFault, int] | None = None

    @property
    def of_this_answer(self) -> SensorFault | None:
        """What spoils the answer that is about to be given."""
        return None if self.coming else self.fault

    def afterwards(self) -> Trouble:
        """What is left once an answer was given."""
        if self.coming is not None:
            fault, after = self.coming
            return replace(self, coming=(fault, after - 1)) if after > 1 else Trouble(fault, self.answers)
        if self.fault is SensorFault.UNPLUGGED_MID_FRAME:
            return Trouble(SensorFault.UNPLUGGED)
        if self.answers:
            return replace(self, answers=self.answers - 1) if self.answers > 1 else Trouble()
        return self


def packet_of(kind: int, payload: bytes) -> bytes:
    """A packet as the sensor sends it; the simulator's own, on purpose not the driver's."""
    size = len(payload) + 2
    total = (kind + size // 256 + size % 256 + sum(payload)) % 65536
    return b"\xef\x01\xff\xff\xff\xff" + bytes([kind]) + size.to_bytes(2, "big") + payload + total.to_bytes(2, "big")


def acknowledgement(code: int, extra: bytes = b"") -> bytes:
    """The packet that answers a command."""
    return packet_of(7, bytes([code]) + extra)


def _dropped(packet: bytes) -> bytes:
    """A data packet that lost some bytes in the middle (dumps of an R551, §1.10); acknowledgements stay whole."""
    middle = len(packet) // 2
    return packet if packet[6] == 7 else packet[: middle - 3] + packet[middle:]  # noqa: PLR2004 - the id of an answer


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
        SensorFault.LENGTH_ZERO: lambda packet: packet[:7] + b"\x00\x00" + packet[9:],
        SensorFault.LENGTH_HUGE: lambda packet: packet[:7] + b"\xff\xff" + packet[9:],
        SensorFault.LYING_LENGTH: lambda packet: packet[:8] + bytes([packet[8] + 5 & 0xFF]) + packet[9:],
        SensorFault.UNKNOWN_PACKET: lambda packet: packet_of(5, packet[9:-2]),
        SensorFault.DROPS_IN_CONTENT: _dropped,
        SensorFault.BROWN_OUT: lambda _packet: b"",
        SensorFault.BOOT_BYTE_AGAIN: lambda packet: b"\x55" + packet,
        SensorFault.OTHER_DEVICE: lambda _packet: b"\x12\x16ready\r\n",
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
