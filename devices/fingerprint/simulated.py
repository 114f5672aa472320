"""A sensor that is not there: it answers the frames of a ZFM-20 (or an R308) byte for byte, with real buffers.

Written from the protocol (reference/serial-devices.md §1, §6) and sharing nothing with the driver, so that each checks
the other. It knows no port: ``simulated_ports`` puts it behind a TCP socket or a pseudo-terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from devices.fingerprint.simulated_faults import LATE_SECONDS, Answer, SensorFault, acknowledgement, packet_of, spoiled
from devices.fingerprint.simulated_fingers import FingerQuality, capture_of, likeness, template_of

__all__ = ["Answer", "FingerQuality", "SensorFault", "SensorModel", "SimulatedSensor", "capture_of", "template_of"]

THRESHOLDS = (120, 160, 200, 240, 270)  # likeness asked by security level 1..5

_CAPTURE_CODES = {FingerQuality.LEFTOVER: 0x17, FingerQuality.SHAKY: 0x03}
_EXTRACT_CODES = {
    FingerQuality.DRY: 0x04,
    FingerQuality.WET: 0x05,
    FingerQuality.SMUDGED: 0x06,
    FingerQuality.SMALL: 0x07,
}


@dataclass(frozen=True)
class SensorModel:
    """What kind of sensor it is; the defaults are a ZFM-20. ``packet_code`` 0..3 means 32..256 bytes a packet."""

    template_size: int = 512
    packet_code: int = 2
    system_id: int = 0
    capacity: int = 162
    security_level: int = 3
    password: int = 0
    long_answers: bool = True
    knows_parameters: bool = True
    uploads_empty_buffer: bool = True
    boot_byte: bool = False
    written_at_once: int = 0
    late_seconds: float = LATE_SECONDS


class SimulatedSensor:
    """Buffers CB1 and CB2, one image, one finger. Safe from any thread: the dock places fingers, the port asks."""

    def __init__(self, model: SensorModel | None = None) -> None:
        self.model = model or SensorModel()
        self._lock = threading.Lock()
        self._finger: tuple[bytes | str, FingerQuality] | None = None
        self._fault: SensorFault | None = None
        self._fault_answers = 0
        self._coming: tuple[SensorFault, int] | None = None
        self._presses = 0
        self.commands: list[int] = []
        self._orders: dict[int, Callable[[bytes], list[bytes]]] = {
            0x01: self._capture,
            0x02: self._extract,
            0x03: self._match,
            0x08: self._upload,
            0x09: self._begin_download,
            0x0F: self._parameters,
            0x13: self._verify_password,
        }
        self.power_on()

    def power_on(self) -> None:
        """Lose everything that lives in RAM."""
        with self._lock:
            self._image: tuple[bytes | str, FingerQuality] | None = None
            self.buffers = {1: b"", 2: b""}
            self._verified = self.model.password == 0
            self._inbox = b""
            self._download: tuple[int, bytes] | None = None

    def place_finger(self, seed: bytes | str, quality: FingerQuality = FingerQuality.GOOD) -> None:
        """Put a finger on the glass; it stays until lifted."""
        with self._lock:
            self._finger = (seed, quality)

    def lift_finger(self) -> None:
        """Take the finger off the glass."""
        with self._lock:
            self._finger = None

    def fail(self, fault: SensorFault, answers: int = 0, after: int = 0) -> None:
        """Have a fault once ``after`` more commands were answered well, for so many answers (0: until mended)."""
        with self._lock:
            self._fault_answers = answers
            self._fault, self._coming = (None, (fault, after)) if after else (fault, None)

    def mend(self) -> None:
        """End the fault."""
        with self._lock:
            self._fault = self._coming = None

    @property
    def finger(self) -> tuple[bytes | str, FingerQuality] | None:
        """What lies on the glass: seed and how."""
        return self._finger

    @property
    def fault(self) -> SensorFault | None:
        """What is wrong with it now."""
        return self._fault

    @property
    def unplugged(self) -> bool:
        """True while the cable is out."""
        return self._fault is SensorFault.UNPLUGGED

    @property
    def greeting(self) -> bytes:
        """What it says when its power comes: 55, where its kind does."""
        return b"\x55" if self.model.boot_byte else b""

    @property
    def written_at_once(self) -> int:
        """How many bytes it writes at once; 0: all."""
        return self.model.written_at_once

    def receive(self, wire: bytes) -> list[Answer]:
        """Take bytes from the host; what the sensor sends back, in order."""
        with self._lock:
            self._inbox += wire
            answers: list[Answer] = []
            while (packet := self._next_packet()) is not None:
                answers += self._spoil(self._serve(*packet))
                if self._fault is SensorFault.ECHO and packet[0] == 1:
                    answers.insert(0, Answer(packet_of(1, packet[1])))
            return answers

    def _next_packet(self) -> tuple[int, bytes] | None:
        """The next packet to us as (id, payload); an empty payload stands for one that came in broken."""
        start = self._inbox.find(b"\xef\x01\xff\xff\xff\xff")
        if start < 0:
            self._inbox = self._inbox[-5:]
            return None
        packet = self._inbox[start:]
        size = int.from_bytes(packet[7:9], "big") if len(packet) > 8 else 0  # noqa: PLR2004 - header up to the length
        if len(packet) < 9 + size or not size:
            return None
        self._inbox = packet[9 + size :]
        whole = sum(packet[6 : 7 + size]) == int.from_bytes(packet[7 + size : 9 + size], "big")
        return packet[6], packet[9 : 7 + size] if whole else b""

    def _serve(self, kind: int, payload: bytes) -> list[bytes]:
        if kind in (2, 8):
            return self._take_content(payload, last=kind == 8)  # noqa: PLR2004 - the id of the end packet
        if kind != 1:
            return []
        self._download = None
        if not payload:
            return [acknowledgement(0x01)]
        self.commands.append(payload[0])
        return self._obey(payload[0], payload[1:])

    def _obey(self, command: int, arguments: bytes) -> list[bytes]:
        refused = self._refusal(command)
        if refused is not None:
            return [acknowledgement(refused)]
        obeyed = self._orders.get(command)
        return obeyed(arguments) if obeyed else [acknowledgement(0x01)]

    def _refusal(self, command: int) -> int | None:
        asks_password = command == 0x13  # noqa: PLR2004 - VfyPwd
        if self._fault is SensorFault.NEEDS_PASSWORD:
            return 0x13 if asks_password else 0x21
        if self._fault is SensorFault.STRANGE_CODE and command in (0x01, 0x03):
            return 0x80
        if self._fault is SensorFault.UNKNOWN_COMMAND_01 and not asks_password:
            return 0x01
        return None if self._verified or asks_password else 0x21

    def _capture(self, _arguments: bytes) -> list[bytes]:
        if self._finger is None:
            self._image = None
            return [acknowledgement(0x02)]
        code = _CAPTURE_CODES.get(self._finger[1], 0x00)
        self._image = None if code else self._finger
        return [acknowledgement(code)]

    def _extract(self, arguments: bytes) -> list[bytes]:
        if self._image is None:
            return [acknowledgement(0x15)]
        seed, quality = self._image
        if quality in _EXTRACT_CODES:
            return [acknowledgement(_EXTRACT_CODES[quality])]
        self._presses += 1
        self.buffers[_buffer(arguments)] = capture_of(seed, self._presses, self.model.template_size)
        return [acknowledgement(0x00)]

    def _match(self, _arguments: bytes) -> list[bytes]:
        score = likeness(self.buffers[1], self.buffers[2])
        if score >= THRESHOLDS[self.model.security_level - 1]:
            return [acknowledgement(0x00, score.to_bytes(2, "big"))]
        return [acknowledgement(0x08, b"\x00\x00" if self.model.long_answers else b"")]

    def _verify_password(self, arguments: bytes) -> list[bytes]:
        self._verified = int.from_bytes(arguments, "big") == self.model.password
        return [acknowledgement(0x00 if self._verified else 0x13)]

    def _begin_download(self, arguments: bytes) -> list[bytes]:
        self._download = (_buffer(arguments), b"")
        return [acknowledgement(0x00)]

    def _upload(self, arguments: bytes) -> list[bytes]:
        content = self.buffers[_buffer(arguments)]
        if not content and not self.model.uploads_empty_buffer:
            return [acknowledgement(0x0D)]
        content = content or bytes(self.model.template_size)
        size = 32 << self.model.packet_code
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        endless = self._fault is SensorFault.MISSING_END_PACKET
        packets = [packet_of(2, piece) for piece in pieces[:-1]] + [packet_of(2 if endless else 8, pieces[-1])]
        return [acknowledgement(0x00), *packets]

    def _take_content(self, payload: bytes, *, last: bool) -> list[bytes]:
        if self._download is None:
            return []
        buffer, content = self._download
        content += payload
        self._download = None if last else (buffer, content)
        if last and len(content) == self.model.template_size:
            self.buffers[buffer] = content
        return [acknowledgement(0xF0)] if last and self._fault is SensorFault.F0_AFTER_DOWNLOAD else []

    def _parameters(self, _arguments: bytes) -> list[bytes]:
        if not self.model.knows_parameters:
            return [acknowledgement(0x01)]
        fields = (0, self.model.system_id, self.model.capacity, self.model.security_level)
        words = b"".join(field.to_bytes(2, "big") for field in fields)
        rest = b"\xff\xff\xff\xff" + self.model.packet_code.to_bytes(2, "big") + b"\x00\x06"
        return [acknowledgement(0x00, words + rest)]

    def _spoil(self, packets: list[bytes]) -> list[Answer]:
        if self._coming is not None and packets:
            fault, after = self._coming
            self._fault, self._coming = (None, (fault, after - 1)) if after > 1 else (fault, None)
            return [Answer(packet) for packet in packets]
        if self._fault is None or not packets:
            return [Answer(packet) for packet in packets]
        answers = [spoiled(self._fault, packet, self.model.late_seconds) for packet in packets]
        if self._fault is SensorFault.UNPLUGGED_MID_FRAME:
            self._fault, self._fault_answers = SensorFault.UNPLUGGED, 0
        elif self._fault_answers:
            self._fault_answers -= 1
            self._fault = self._fault if self._fault_answers else None
        return answers


def _buffer(arguments: bytes) -> int:
    return 1 if arguments[:1] == b"\x01" else 2
