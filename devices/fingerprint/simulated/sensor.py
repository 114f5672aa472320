"""A sensor that is not there: it answers the frames of a ZFM-20 (or a relative of it) byte for byte, with real buffers.

Written from the protocol (reference/serial-devices.md §1, §6) and sharing nothing with the driver, so that each checks
the other. It knows no port: ``simulated_ports`` puts it behind a TCP socket or a pseudo-terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from devices.fingerprint.simulated.faults import SensorFault, Trouble, acknowledgement, packet_of, spoiled
from devices.fingerprint.simulated.fingers import FingerQuality, capture_of, likeness, template_of
from devices.fingerprint.simulated.inbox import Inbox
from devices.fingerprint.simulated.model import SensorModel
from devices.fingerprint.simulated.noise import Noise
from devices.fingerprint.simulated.picture import picture_of
from devices.fingerprint.simulated.self import SensorSelf
from devices.simulated_ports import Answer

__all__ = ["Answer", "FingerQuality", "SensorFault", "SensorModel", "SimulatedSensor", "capture_of", "template_of"]

THRESHOLDS = (120, 160, 200, 240, 270)  # likeness asked by security level 1..5

_CAPTURE_CODES = {FingerQuality.LEFTOVER: 0x17, FingerQuality.SHAKY: 0x03}
_EXTRACT_CODES = {
    FingerQuality.DRY: 0x04,
    FingerQuality.WET: 0x05,
    FingerQuality.SMUDGED: 0x06,
    FingerQuality.SMALL: 0x07,
}


class SimulatedSensor:
    """Buffers CB1 and CB2, one image, one finger. Safe from any thread: the dock places fingers, the port asks.

    ``commands``: what was asked, in order. ``worked``: seconds that its own working times came to so far.
    """

    def __init__(self, model: SensorModel | None = None) -> None:
        self.model = model = model or SensorModel()
        self._lock = threading.Lock()
        self._finger: tuple[bytes | str, FingerQuality] | None = None
        self._trouble = Trouble()
        self._presses = 0
        self._noise = Noise(model.noisy_frames, model.noisy_bits, model.noise_seed)
        self._said: list[bytes] = []
        self._busy = 0.0
        self._inbox = Inbox()
        self.commands: list[int] = []
        self.worked = 0.0
        self.own = SensorSelf(model, lambda: self.fault)
        self._orders: dict[int, Callable[[bytes], list[bytes]]] = {
            0x01: self._capture,
            0x02: self._extract,
            0x03: self._match,
            0x05: self._merge,
            0x08: self._upload,
            0x09: self._begin_download,
            0x0A: self._upload_picture,
            0x13: self._verify_password,
            **self.own.orders,
        }
        self.power_on()

    def power_on(self) -> None:
        """Lose everything that lives in RAM."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._image: tuple[bytes | str, FingerQuality] | None = None
        self.buffers = {1: b"", 2: b""}
        self._verified = self.model.password == 0
        self._inbox.clear()
        self._download: tuple[int, bytes] | None = None
        self.own.lamp = None

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
            self._trouble = Trouble(None, answers, (fault, after)) if after else Trouble(fault, answers)

    def mend(self) -> None:
        """End the fault."""
        with self._lock:
            self._trouble = Trouble()

    @property
    def finger(self) -> tuple[bytes | str, FingerQuality] | None:
        """What lies on the glass: seed and how."""
        return self._finger

    @property
    def fault(self) -> SensorFault | None:
        """What is wrong with it now."""
        return self._trouble.fault

    @property
    def unplugged(self) -> bool:
        """True while the cable is out."""
        return self.fault is SensorFault.UNPLUGGED

    @property
    def greeting(self) -> bytes:
        """What it says when power comes."""
        return b"\x55" if self.model.boot_byte else b""

    @property
    def written_at_once(self) -> int:
        """In how small pieces its answers come; 0: whole."""
        return self.model.written_at_once

    def receive(self, wire: bytes) -> list[Answer]:
        """Take bytes from the host, or note that none came for a while; what the sensor sends back, in order."""
        with self._lock:
            noisy = self.fault is SensorFault.FLIPPED_BITS
            self._inbox.take(self._noise.disturb(wire) if noisy else wire)
            return [answer for kind, payload in self._inbox.packets() for answer in self._answers(kind, payload)]

    def _answers(self, kind: int, payload: bytes) -> list[Answer]:
        self._busy = 0.0
        spoken = self._spoil(self._serve(kind, payload))
        if self.fault is SensorFault.ECHO and kind == 1:
            spoken.insert(0, Answer(packet_of(1, payload)))
        if self._busy and spoken:
            spoken[0] = replace(spoken[0], delay=spoken[0].delay + self._busy)
            self.worked += self._busy
        return spoken

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
        return obeyed(arguments) if obeyed else [acknowledgement(self.model.unknown_code)]

    def _refusal(self, command: int) -> int | None:
        asks_password = command == 0x13  # noqa: PLR2004 - VfyPwd
        if asks_password and command not in self.model.handshakes:
            return self.model.unknown_code
        if self.fault is SensorFault.NEEDS_PASSWORD:
            return 0x13 if asks_password else 0x21
        if self.fault is SensorFault.STRANGE_CODE and command in (0x01, 0x03):
            return 0x80
        if self.fault is SensorFault.UNKNOWN_COMMAND_01 and not asks_password:
            return 0x01
        return None if self._verified or asks_password else 0x21

    def _capture(self, _arguments: bytes) -> list[bytes]:
        self._busy = self.model.working.capture if self._finger else self.model.working.look
        if self._finger is None:
            self._image = None
            return [acknowledgement(0x02)]
        code = _CAPTURE_CODES.get(self._finger[1], 0x00)
        self._image = None if code else self._finger
        return [acknowledgement(code)]

    def _extract(self, arguments: bytes) -> list[bytes]:
        self._busy = self.model.working.extract
        if self._image is None:
            return [acknowledgement(0x15)]
        seed, quality = self._image
        if quality in _EXTRACT_CODES:
            return [acknowledgement(_EXTRACT_CODES[quality])]
        self._presses += 1
        self.buffers[_buffer(arguments)] = capture_of(seed, self._presses, self.model.template_size)
        return [acknowledgement(0x00)]

    def _match(self, _arguments: bytes) -> list[bytes]:
        self._busy = self.model.working.match
        score = likeness(self.buffers[1], self.buffers[2])
        if score >= self._threshold:
            return [acknowledgement(0x00, score.to_bytes(2, "big"))]
        return [acknowledgement(0x08, b"\x00\x00" if self.model.long_answers else b"")]

    @property
    def _threshold(self) -> int:
        return THRESHOLDS[self.model.security_level - 1]

    def _merge(self, _arguments: bytes) -> list[bytes]:
        one, other = self.buffers[1], self.buffers[2]
        if likeness(one, other) < self._threshold:
            return [acknowledgement(0x0A)]
        merged = bytes(a if a == b or place % 2 else b for place, (a, b) in enumerate(zip(one, other, strict=True)))
        self.buffers = {1: merged, 2: merged}
        return [acknowledgement(0x00)]

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
        return self._packets(content or bytes(self.model.template_size))

    def _upload_picture(self, _arguments: bytes) -> list[bytes]:
        if not self.model.picture_size:
            return [acknowledgement(self.model.unknown_code)]
        if self._image is None:
            return [acknowledgement(0x0F)]
        return self._packets(picture_of(*self._image, self.model.picture_size))

    def _packets(self, content: bytes) -> list[bytes]:
        size = 32 << self.model.packet_code
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        endless = self.fault is SensorFault.MISSING_END_PACKET
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
        receipt = 0xF0 if self.fault is SensorFault.F0_AFTER_DOWNLOAD else self.model.receipt_code
        return [acknowledgement(receipt)] if last and receipt is not None else []

    def _spoil(self, packets: list[bytes]) -> list[Answer]:
        earlier, self._said = self._said, packets or self._said
        fault = self._trouble.of_this_answer if packets else None
        if packets:
            self._trouble = self._trouble.afterwards()
        if fault is None:
            return [Answer(packet) for packet in packets]
        return self._broken(fault, earlier if fault is SensorFault.EARLIER_ANSWER else packets)

    def _broken(self, fault: SensorFault, packets: list[bytes]) -> list[Answer]:
        if fault is SensorFault.FLIPPED_BITS:
            return [Answer(self._noise.disturb(packet)) for packet in packets]
        if fault is SensorFault.BROWN_OUT:
            self._forget()
        late = [self.model.late_seconds, *[0.0] * len(packets)]
        return [spoiled(fault, packet, seconds) for packet, seconds in zip(packets, late, strict=False)]


def _buffer(arguments: bytes) -> int:
    return 1 if arguments[:1] == b"\x01" else 2
