"""What a simulated sensor says of itself, and its lamp: parameters, library, firmware, handshakes; §1.2, §1.4."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from devices.fingerprint.simulated.faults import SensorFault, acknowledgement
from devices.fingerprint.simulated.model import Lamp, SensorModel

PAGE = 256


class SensorSelf:
    """Answers the commands that look at no finger. ``lamp``: the arguments it was last commanded with, or None."""

    def __init__(self, model: SensorModel, fault: Callable[[], SensorFault | None]) -> None:
        self._model, self._fault = model, fault
        self.lamp: bytes | None = None
        self.orders: Mapping[int, Callable[[bytes], list[bytes]]] = self._known()

    def _known(self) -> dict[int, Callable[[bytes], list[bytes]]]:
        model = self._model
        offered: list[tuple[bool, int, Callable[[bytes], list[bytes]]]] = [
            (model.knows_parameters, 0x0F, self._parameters),
            (model.knows_count, 0x1D, self._count),
            (model.knows_count, 0x1F, self._index),
            (model.lamp is Lamp.RING, 0x35, self._shine),
            (model.lamp is Lamp.PLAIN, 0x50, lambda _none: self._shine(b"on")),
            (model.lamp is Lamp.PLAIN, 0x51, lambda _none: self._shine(b"off")),
            (bool(model.firmware), 0x3A, self._firmware),
            (bool(model.product), 0x3C, self._product),
            (0x40 in model.handshakes, 0x40, lambda _none: [acknowledgement(0x00)]),  # noqa: PLR2004 - HandShake
            (0x53 in model.handshakes, 0x53, lambda _none: [acknowledgement(0x55)]),  # noqa: PLR2004 - GetEcho
        ]
        return {command: order for known, command, order in offered if known}

    @property
    def stored(self) -> int:
        """How many templates lie in the library."""
        if self._fault() is SensorFault.LIBRARY_FULL:
            return self._model.capacity
        return 0 if self._fault() is SensorFault.LIBRARY_CLEARED else self._model.stored

    def _parameters(self, _arguments: bytes) -> list[bytes]:
        model = self._model
        fields = (0, model.system_id, model.capacity, model.security_level)
        words = b"".join(field.to_bytes(2, "big") for field in fields)
        rest = model.packet_code.to_bytes(2, "big") + (model.baud // 9600).to_bytes(2, "big")
        return [acknowledgement(0x00, words + b"\xff\xff\xff\xff" + rest)]

    def _count(self, _arguments: bytes) -> list[bytes]:
        return [acknowledgement(0x00, self.stored.to_bytes(2, "big"))]

    def _index(self, arguments: bytes) -> list[bytes]:
        first = PAGE * (arguments[0] if arguments else 0)
        used = (1 << max(0, min(PAGE, self.stored - first))) - 1
        return [acknowledgement(0x00, used.to_bytes(PAGE // 8, "little"))]

    def _shine(self, arguments: bytes) -> list[bytes]:
        self.lamp = arguments
        return [acknowledgement(0x00)]

    def _firmware(self, _arguments: bytes) -> list[bytes]:
        return [acknowledgement(0x00, self._model.firmware.encode().ljust(32, b"\x00"))]

    def _product(self, _arguments: bytes) -> list[bytes]:
        model = self._model
        wide = high = 192
        sizes = (wide, high, model.template_size, model.capacity)
        told = (
            model.product.encode().ljust(16, b"\x00")
            + b"2022"
            + b"00000001"
            + b"\x01\x02"
            + b"SENSOR".ljust(8, b"\x00")
        )
        return [acknowledgement(0x00, told + b"".join(size.to_bytes(2, "big") for size in sizes))]
