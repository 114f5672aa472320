"""A sensor that is not there: it answers the frames of a ZFM-20 (or an R308) byte for byte, with real buffers.

Written from the protocol (reference/serial-devices.md §1, §6) and sharing nothing with the driver, so that each checks
the other. It knows no port: ``simulated_ports`` puts it behind a TCP socket or a pseudo-terminal.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum

from devices.fingerprint.simulated_fingers import FingerQuality, capture_of, likeness, template_of

__all__ = ["Answer", "FingerQuality", "SensorFault", "SensorModel", "SimulatedSensor", "capture_of", "template_of"]

THRESHOLDS = (120, 160, 200, 240, 270)  # likeness asked by security level 1..5
LATE_SECONDS = 2.5

_CAPTURE_CODES = {FingerQuality.LEFTOVER: 0x17, FingerQuality.SHAKY: 0x03}
_EXTRACT_CODES = {
    FingerQuality.DRY: 0x04,
    FingerQuality.WET: 0x05,
    FingerQuality.SMUDGED: 0x06,
    FingerQuality.SMALL: 0x07,
}


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


@dataclass(frozen=True)
class Answer:
    """Bytes to put on the wire, after ``delay`` seconds; then the cable is out where ``hang_up``."""

    wire: bytes
    delay: float = 0.0
    hang_up: bool = False


class SimulatedSensor:
    """Buffers CB1 and CB2, one image, one finger. Safe from any thread: the dock places fingers, the port asks."""

    def __init__(self, model: SensorModel | None = None) -> None:
        self.model = model or SensorModel()
        self._lock = threading.Lock()
        self._finger: tuple[bytes | str, FingerQuality] | None = None
        self._fault: SensorFault | None = None
        self._fault_answers = 0
        self._presses = 0
        self.commands: list[int] = []
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

    def fail(self, fault: SensorFault, answers: int = 0) -> None:
        """Have a fault from now on, for so many answers (0: until mended)."""
        with self._lock:
            self._fault, self._fault_answers = fault, answers

    def mend(self) -> None:
        """End the fault."""
        with self._lock:
            self._fault = None

    @property
    def unplugged(self) -> bool:
        """True while the cable is out."""
        return self._fault is SensorFault.UNPLUGGED

    def receive(self, wire: bytes) -> list[Answer]:
        """Take bytes from the host; what the sensor sends back, in order."""
        with self._lock:
            self._inbox += wire
            answers: list[Answer] = []
            while (packet := self._next_packet()) is not None:
                answers += self._spoil(self._serve(*packet))
                if self._fault is SensorFault.ECHO and packet[0] == 1:
                    answers.insert(0, Answer(_packet(1, packet[1])))
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
            return [_acknowledge(0x01)]
        self.commands.append(payload[0])
        return self._obey(payload[0], payload[1:])

    def _obey(self, command: int, arguments: bytes) -> list[bytes]:
        refused = self._refusal(command)
        if refused is not None:
            return [_acknowledge(refused)]
        match command:
            case 0x01:
                return [_acknowledge(self._capture())]
            case 0x02:
                return [_acknowledge(self._extract(arguments))]
            case 0x03:
                return [self._match()]
            case 0x08:
                return self._upload(arguments)
            case 0x09:
                self._download = (_buffer(arguments), b"")
                return [_acknowledge(0x00)]
            case 0x0F if self.model.knows_parameters:
                return [_acknowledge(0x00, self._parameters())]
            case 0x13:
                self._verified = int.from_bytes(arguments, "big") == self.model.password
                return [_acknowledge(0x00 if self._verified else 0x13)]
        return [_acknowledge(0x01)]

    def _refusal(self, command: int) -> int | None:
        asks_password = command == 0x13  # noqa: PLR2004 - VfyPwd
        if self._fault is SensorFault.NEEDS_PASSWORD:
            return 0x13 if asks_password else 0x21
        if self._fault is SensorFault.STRANGE_CODE and command in (0x01, 0x03):
            return 0x80
        if self._fault is SensorFault.UNKNOWN_COMMAND_01 and not asks_password:
            return 0x01
        return None if self._verified or asks_password else 0x21

    def _capture(self) -> int:
        if self._finger is None:
            self._image = None
            return 0x02
        code = _CAPTURE_CODES.get(self._finger[1], 0x00)
        self._image = None if code else self._finger
        return code

    def _extract(self, arguments: bytes) -> int:
        if self._image is None:
            return 0x15
        seed, quality = self._image
        if quality in _EXTRACT_CODES:
            return _EXTRACT_CODES[quality]
        self._presses += 1
        self.buffers[_buffer(arguments)] = capture_of(seed, self._presses, self.model.template_size)
        return 0x00

    def _match(self) -> bytes:
        score = likeness(self.buffers[1], self.buffers[2])
        if score >= THRESHOLDS[self.model.security_level - 1]:
            return _acknowledge(0x00, score.to_bytes(2, "big"))
        return _acknowledge(0x08, b"\x00\x00" if self.model.long_answers else b"")

    def _upload(self, arguments: bytes) -> list[bytes]:
        content = self.buffers[_buffer(arguments)]
        if not content and not self.model.uploads_empty_buffer:
            return [_acknowledge(0x0D)]
        content = content or bytes(self.model.template_size)
        size = 32 << self.model.packet_code
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        endless = self._fault is SensorFault.MISSING_END_PACKET
        packets = [_packet(2, piece) for piece in pieces[:-1]] + [_packet(2 if endless else 8, pieces[-1])]
        return [_acknowledge(0x00), *packets]

    def _take_content(self, payload: bytes, *, last: bool) -> list[bytes]:
        if self._download is None:
            return []
        buffer, content = self._download
        content += payload
        self._download = None if last else (buffer, content)
        if last and len(content) == self.model.template_size:
            self.buffers[buffer] = content
        return [_acknowledge(0xF0)] if last and self._fault is SensorFault.F0_AFTER_DOWNLOAD else []

    def _parameters(self) -> bytes:
        fields = (0, self.model.system_id, self.model.capacity, self.model.security_level)
        words = b"".join(field.to_bytes(2, "big") for field in fields)
        return words + b"\xff\xff\xff\xff" + self.model.packet_code.to_bytes(2, "big") + b"\x00\x06"

    def _spoil(self, packets: list[bytes]) -> list[Answer]:
        if self._fault is None or not packets:
            return [Answer(packet) for packet in packets]
        spoiled = [_spoiled(self._fault, packet, self.model.late_seconds) for packet in packets]
        if self._fault is SensorFault.UNPLUGGED_MID_FRAME:
            self._fault, self._fault_answers = SensorFault.UNPLUGGED, 0
        elif self._fault_answers:
            self._fault_answers -= 1
            self._fault = self._fault if self._fault_answers else None
        return spoiled


def _spoiled(fault: SensorFault, packet: bytes, late: float) -> Answer:
    match fault:
        case SensorFault.NOISE_BEFORE_HEADER:
            return Answer(b"\x00\xff\x55\xef\xaa" + packet)
        case SensorFault.BAD_CHECKSUM:
            return Answer(packet[:-1] + bytes([packet[-1] ^ 1]))
        case SensorFault.SHORT_FRAME:
            return Answer(packet[:-3])
        case SensorFault.WRONG_ADDRESS:
            return Answer(packet[:2] + b"\x12\x34\x56\x78" + packet[6:])
        case SensorFault.SILENT | SensorFault.UNPLUGGED:
            return Answer(b"")
        case SensorFault.UNPLUGGED_MID_FRAME:
            return Answer(packet[: len(packet) // 2], hang_up=True)
        case SensorFault.LATE_ANSWER:
            return Answer(packet, delay=late)
        case SensorFault.EMPTY_DONE:
            return Answer(_acknowledge(0x00))
        case _:
            return Answer(packet)  # the fault was already in what was answered


def _buffer(arguments: bytes) -> int:
    return 1 if arguments[:1] == b"\x01" else 2


def _packet(kind: int, payload: bytes) -> bytes:
    size = len(payload) + 2
    total = (kind + size // 256 + size % 256 + sum(payload)) % 65536
    return b"\xef\x01\xff\xff\xff\xff" + bytes([kind]) + size.to_bytes(2, "big") + payload + total.to_bytes(2, "big")


def _acknowledge(code: int, extra: bytes = b"") -> bytes:
    return _packet(7, bytes([code]) + extra)
