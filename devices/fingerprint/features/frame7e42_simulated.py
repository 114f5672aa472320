"""A 天诚盛业 module that is not there: it answers ``7E 42`` frames; written from reference/serial-devices.md §2.3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from devices.fingerprint.features.simulated import Asked, FeatureModel, SimulatedFeatureSensor

_VERSION, _BAUD, _FEATURE = 0x61, 0x62, 0x64
_RATES = {7: 115200}
_USER = b"0001"
FEATURE_SIZE = 250  # its length has one byte


class SimulatedFrame7E42(SimulatedFeatureSensor):
    """See :class:`devices.fingerprint.features.simulated.SimulatedFeatureSensor`.

    ``rate``: what it listens at; ``line_rate``: what the host has set, where somebody tells it. It hears nothing while
    the two differ.
    """

    statuses: Mapping[str, int] = MappingProxyType(
        {"failed": 0x01, "busy": 0xFF, "pressed_badly": 0x06, "lift": 0x0A, "nobody": 0x03}
    )
    identity_commands = frozenset({_VERSION})
    capture_commands = MappingProxyType({_FEATURE: None})

    def __init__(self, model: FeatureModel | None = None) -> None:
        super().__init__(model or FeatureModel(size=FEATURE_SIZE))
        self.rate = 9600
        self.line_rate: int | None = None

    def _asked(self, wire: bytes) -> Iterator[Asked]:
        if self.line_rate not in (None, self.rate):
            return
        self._inbox += wire
        while (start := self._inbox.find(b"\x7e\x42")) >= 0:
            self._inbox = self._inbox[start:]
            size = 8 + int.from_bytes(self._inbox[3:7], "big")
            if len(self._inbox) < 8 or len(self._inbox) < size:  # noqa: PLR2004 - the shortest request
                return
            whole = self._inbox[:size]
            check = 0
            for byte in whole[1:-1]:
                check ^= byte
            if check != whole[-1]:
                self._inbox = self._inbox[1:]
                continue
            self._inbox = self._inbox[size:]
            yield Asked(whole[2], whole[7:-1], whole)

    def _frame(self, command: int, status: int, content: bytes = b"") -> bytes:
        said = bytes([0x42, command, status]) + len(content).to_bytes(4, "big") + content
        check = 0
        for byte in said:
            check ^= byte
        return b"\x7e" + said + bytes([check])

    def _obey(self, asked: Asked) -> list[bytes]:
        if asked.command == _BAUD and asked.parameters and asked.parameters[0] in _RATES:
            self.rate = _RATES[asked.parameters[0]]
            return [self._frame(_BAUD, 0)]
        return [self._frame(asked.command, self.statuses["failed"])]

    def _record(self, feature: bytes) -> bytes:
        return bytes([len(_USER), len(feature)]) + _USER + feature

    def _with_bad_check(self, frame: bytes) -> bytes:
        return frame[:-1] + bytes([frame[-1] ^ 1])

    def _with_lying_length(self, frame: bytes) -> bytes:
        return frame[:6] + b"\x03" + frame[7:]
