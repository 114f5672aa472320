"""A 中正 or 维尔 sensor that is not there: split-nibble frames, written from reference/serial-devices.md §2.2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from devices.fingerprint.features.simulated import Asked, SimulatedFeatureSensor

_RESET, _DESCRIPTOR, _TEMPLATE, _FEATURE_256, _FEATURE_128 = 0x04, 0x09, 0x0B, 0x0C, 0x1C


class SimulatedSplitNibble(SimulatedFeatureSensor):
    """See :class:`devices.fingerprint.features.simulated.SimulatedFeatureSensor`.

    A reset is believed with the check that is right (30) and with the one that a public source sends (31).
    """

    statuses: Mapping[str, int] = MappingProxyType(
        {"failed": 0x01, "busy": 0x0A, "pressed_badly": 0x0C, "lift": 0x0C, "nobody": 0x01}
    )
    template_command = _TEMPLATE
    identity_commands = frozenset({_DESCRIPTOR})
    capture_commands = MappingProxyType({_TEMPLATE: None, _FEATURE_256: 256, _FEATURE_128: 128})
    _ends_capture = frozenset({_RESET})

    def _asked(self, wire: bytes) -> Iterator[Asked]:
        self._inbox += wire
        while (end := self._inbox.find(b"\x03")) >= 0:
            start = self._inbox.rfind(b"\x02", 0, end)
            whole, self._inbox = self._inbox[max(start, 0) : end + 1], self._inbox[end + 1 :]
            values = [byte - 48 for byte in whole[1:-1]]
            if start < 0 or len(values) < 8 or len(values) % 2 or not all(0 <= value < 16 for value in values):  # noqa: PLR2004 - nibbles of the shortest request
                continue
            said = [16 * high + low for high, low in zip(values[::2], values[1::2], strict=True)]
            check = 0
            for byte in said[:-1]:
                check ^= byte
            if said[0] * 256 + said[1] != len(said) - 3:
                continue
            if said[-1] == check or (said[2] == _RESET and said[-1] == check ^ 1):
                yield Asked(said[2], bytes(said[3:-1]), whole)

    def _frame(self, command: int, status: int, content: bytes = b"") -> bytes:
        del command  # a reply does not say what it answers
        said = [*(len(content) + 2).to_bytes(2, "big"), status, 0, *content]
        check = 0
        for byte in said:
            check ^= byte
        return b"\x02" + b"".join(bytes([48 + byte // 16, 48 + byte % 16]) for byte in [*said, check]) + b"\x03"

    def _obey(self, asked: Asked) -> list[bytes]:
        if asked.command == _RESET:
            self._awaiting = None
            return [self._frame(_RESET, 0)]
        return [self._frame(asked.command, self.statuses["failed"])]

    def _with_bad_check(self, frame: bytes) -> bytes:
        return frame[:-2] + bytes([frame[-2] ^ 1]) + frame[-1:]

    def _with_lying_length(self, frame: bytes) -> bytes:
        return frame[:1] + b"0?0?" + frame[5:]
