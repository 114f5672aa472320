"""One card behind a library of a reader's maker: the acts of a Chip in the words of the national interface."""

from __future__ import annotations

from typing import Protocol

from devices.card import (
    CardGone,
    CardIdentity,
    CardLocked,
    KeyService,
    PinOutcome,
    PinPadMissing,
    vendor_codes,
    vendor_fields,
)
from devices.card.vendor_library import CHANGE_PIN, READ, STEP1, STEP2, VERIFY_PIN, Said

PAD_SECONDS = 90.0


class Ask(Protocol):
    """Calls one function of the library in its own thread. ``argument`` None: the slot of the configuration line.

    ``seconds`` None: the usual limit. DeviceSilent, DeviceGarbled, DeviceMissing.
    """

    def __call__(self, function: str, argument: bytes | None = None, seconds: float | None = None) -> Said: ...


class Known:
    """卡识别码 of the card of one insertion, as soon as an act has learned it."""

    def __init__(self) -> None:
        self.identification = ""


class VendorChip:
    """A Chip. The library does not tell one card from another between two calls, so every act looks first."""

    def __init__(self, ask: Ask, known: Known, *, pad: bool, change: bool) -> None:
        self._ask = ask
        self._known = known
        self._pad = pad
        self._change = change
        self._looked = False

    @property
    def has_pin_pad(self) -> bool:
        """True when the library takes PINs on its own keys, and these face the resident."""
        return self._pad

    def identification(self) -> str:
        """See Chip. Of a card that gives nothing without the key service, Step 1 tells it."""
        said = self._ask(READ)
        if said.code == vendor_codes.DONE:
            found = vendor_fields.identification_in(said.content)
        elif said.code in vendor_codes.ASK_THE_KEY_SERVICE:
            found = vendor_fields.question(self._step1()).identification
        else:
            raise vendor_codes.error_of(said.code)
        self._looked = found == (self._known.identification or found)
        self._known.identification = self._known.identification or found
        return found

    def identity(self, keys: KeyService | None = None) -> CardIdentity:
        """See Chip. What a library reads without the key service counts as unproven, whatever it checked itself."""
        said = self._ask(READ)
        if said.code != vendor_codes.DONE and said.code not in vendor_codes.ASK_THE_KEY_SERVICE:
            raise vendor_codes.error_of(said.code)
        try:
            if said.code != vendor_codes.DONE:
                raise vendor_codes.error_of(said.code)
            card = vendor_fields.basic(said.content)
        except CardLocked:
            if keys is None:
                raise
            card = self._by_key_service(keys)
        return self._the_same(card)

    def _step1(self) -> bytes:
        said = self._ask(STEP1)
        if said.code != vendor_codes.DONE:
            raise vendor_codes.error_of(said.code)
        return said.content

    def _by_key_service(self, keys: KeyService) -> CardIdentity:
        """The two steps, once: whatever the second one says, it is never asked again with the same answer."""
        question = vendor_fields.question(self._step1())
        answer = keys(question)
        said = self._ask(STEP2, vendor_fields.reply(question, answer))
        if said.code != vendor_codes.DONE:
            raise vendor_codes.key_error_of(said.code)
        card = vendor_fields.basic(said.content)
        if card.identification != question.identification:
            raise CardGone("another card answers the second step")
        return vendor_fields.proven(card) if answer.inner is not None else card

    def _the_same(self, card: CardIdentity) -> CardIdentity:
        if self._known.identification not in ("", card.identification):
            raise CardGone("another card answers")
        self._known.identification, self._looked = card.identification, True
        return card

    def verify_pin(self, pin: bytearray) -> PinOutcome:
        """The interface takes no PIN from a program: PinPadMissing."""
        del pin
        raise PinPadMissing("the library takes PINs on its own keys only")

    def change_pin(self, old: bytearray, new: bytearray) -> PinOutcome:
        """The interface takes no PIN from a program: PinPadMissing."""
        del old, new
        raise PinPadMissing("the library takes PINs on its own keys only")

    def verify_pin_on_pad(self) -> PinOutcome:
        """See Chip."""
        return self._on_pad(VERIFY_PIN, offered=self._pad)

    def change_pin_on_pad(self) -> PinOutcome:
        """See Chip."""
        return self._on_pad(CHANGE_PIN, offered=self._pad and self._change)

    def _on_pad(self, function: str, *, offered: bool) -> PinOutcome:
        if not offered:
            raise PinPadMissing(f"the library has no {function}, or its keys do not face the resident")
        if not self._looked:
            self.identification()
        if not self._looked:
            raise CardGone("another card answers")
        said = self._ask(function, seconds=PAD_SECONDS)
        return vendor_codes.pin_outcome(said.code, said.content)
