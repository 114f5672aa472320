"""The PIN pad of a PC/SC reader, through SCardControl (PC/SC part 10): the PIN goes from its keys to the card."""

from __future__ import annotations

from typing import Any

from devices.card import PinOutcome, PinPadMissing
from devices.card.pcsc_line import Line
from devices.card.pin_pad import GET_FEATURES, Feature, PadEntry, features, modify_structure, outcome, verify_structure
from devices.device import DeviceError


class PcscPad:
    """The pad of the reader behind one open connection. ``codes``: the control code of each feature it offers."""

    def __init__(self, line: Line, codes: dict[int, int], entry: PadEntry) -> None:
        self._line = line
        self._codes = codes
        self._entry = entry

    def verify(self) -> PinOutcome:
        """See PinPad. Blocks until a key ends it or the pad gives up."""
        return self._ask(Feature.VERIFY_PIN_DIRECT, verify_structure(self._entry))

    def change(self) -> PinOutcome:
        """See PinPad."""
        return self._ask(Feature.MODIFY_PIN_DIRECT, modify_structure(self._entry))

    def _ask(self, feature: Feature, structure: bytes) -> PinOutcome:
        if feature not in self._codes:
            raise PinPadMissing(f"the reader does not offer {feature.name}")
        return outcome(self._line.control(self._codes[feature], structure))


def pad_of(api: Any, line: Line, entry: PadEntry) -> PcscPad | None:
    """The pad of the connected reader; None where it offers none, or does not know the question."""
    try:
        codes = features(line.control(api.SCARD_CTL_CODE(GET_FEATURES), b""))
    except DeviceError:
        return None  # a reader that knows no features; a card that was pulled is found out by the next command
    return PcscPad(line, codes, entry) if Feature.VERIFY_PIN_DIRECT in codes else None
