"""A 维尔 sensor that is not there and speaks the "ABC" dialect; written from reference/serial-devices.md §2.2.

No source shows how such a sensor refuses: a record without a feature stands for every refusal here.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from devices.fingerprint.features.simulated import Asked, FeatureModel, SimulatedFeatureSensor

_VERSION, _FEATURE = 0x56, 0x37
_QUESTIONS: Mapping[bytes, int] = MappingProxyType(
    {b"\x1a\x56": _VERSION, b"\x02" + base64.b64encode(bytes.fromhex("0003376cd12fde")) + b"\x03": _FEATURE}
)
ABC_WORDS = "WEL-401 TYPICAL_ALL V2.1"


class SimulatedWelAbc(SimulatedFeatureSensor):
    """See :class:`devices.fingerprint.features.simulated.SimulatedFeatureSensor`.

    ``trailing``: what stands before the last byte of a reply; one source has a byte there, one has none.
    """

    statuses: Mapping[str, int] = MappingProxyType(
        {"failed": 1, "busy": 0x0A, "pressed_badly": 0x0C, "lift": 0x0C, "nobody": 1}
    )
    identity_commands = frozenset({_VERSION})
    capture_commands = MappingProxyType({_FEATURE: 256})

    def __init__(self, model: FeatureModel | None = None, trailing: bytes = b"\x1c") -> None:
        super().__init__(model or FeatureModel(words=ABC_WORDS))
        self.trailing = trailing

    def _asked(self, wire: bytes) -> Iterator[Asked]:
        self._inbox = (self._inbox + wire)[-64:]
        while True:
            places = {self._inbox.find(question): question for question in _QUESTIONS if question in self._inbox}
            if not places:
                return
            question = places[min(places)]
            self._inbox = self._inbox[min(places) + len(question) :]
            yield Asked(_QUESTIONS[question], b"", question)

    def _frame(self, command: int, status: int, content: bytes = b"") -> bytes:
        record = bytes([len(content) // 256, len(content) % 256, command, status, 0, 0]) + content
        plain = command == _VERSION and status == 0
        return b"\x02" + (content if plain else base64.b64encode(record)) + self.trailing + b"\x03"

    def _obey(self, asked: Asked) -> list[bytes]:
        return [self._frame(asked.command, self.statuses["failed"])]

    def _with_bad_check(self, frame: bytes) -> bytes:
        return frame[:20] + b"\xff\xff" + frame[22:]

    def _with_lying_length(self, frame: bytes) -> bytes:
        return frame[:-2] + b"A" * 700
