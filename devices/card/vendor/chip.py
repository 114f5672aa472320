"""One card behind a library of a reader's maker: the acts of a Chip in the words of the national interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from devices.card import (
    CardGone,
    CardIdentity,
    CardLocked,
    CardUnreadable,
    PinOutcome,
    PinPadMissing,
    nothing,
)
from devices.card.key_service import KeyAnswer, KeyQuestion, KeyService
from devices.card.vendor import codes as vendor_codes
from devices.card.vendor import fields as vendor_fields
from devices.card.vendor.library import CHANGE_PIN, READ, STEP1, STEP2, VERIFY_PIN, Said
from devices.device import DeviceFault, DeviceMissing

PAD_SECONDS = 90.0
MOST_ROUNDS = 3
READABLE = vendor_codes.ASK_THE_KEY_SERVICE | {vendor_codes.DONE}


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
            found = self._step1().identification
        else:
            raise vendor_codes.error_of(said.code)
        self._looked = found == (self._known.identification or found)
        self._known.identification = self._known.identification or found
        return found

    def identity(self, keys: KeyService | None = None, unharmed: Callable[[], None] = nothing) -> CardIdentity:
        """See Chip. A card that the library reads by itself is offered to the key service for its proof."""
        said = self._ask(READ)
        if said.code not in READABLE:
            raise vendor_codes.error_of(said.code)
        card = self._unaided(said)
        if keys is not None:
            return self._the_same(self._by_key_service(keys, unharmed) if card is None else self._offered(card, keys))
        if card is None:
            raise CardLocked("the library reads nothing without the key service")
        return self._the_same(card)

    def _unaided(self, said: Said) -> CardIdentity | None:
        """What the library read without the key service; None where it needs it."""
        if said.code != vendor_codes.DONE:
            return None
        try:
            return vendor_fields.basic(said.content)
        except CardLocked:
            return None

    def _step1(self) -> KeyQuestion:
        said = self._ask(STEP1)
        if said.code != vendor_codes.DONE:
            raise vendor_codes.error_of(said.code)
        return vendor_fields.question(said.content)

    def _offered(self, card: CardIdentity, keys: KeyService) -> CardIdentity:
        """A card that is read already: proven where library and key service compare its cryptogram, else as it is.

        Where the library would touch the card's external key too, it is left alone: there is nothing to gain by it.
        """
        try:
            question = self._step1()
        except (CardLocked, CardUnreadable, DeviceMissing, DeviceFault):
            return card
        answer = keys(question) if question.outer_factor is None else KeyAnswer(None, None)
        if answer.inner is None:
            return card
        said = self._ask(STEP2, vendor_fields.reply(question, answer))
        if said.code in vendor_codes.FORGED:
            raise vendor_codes.error_of(said.code)
        return vendor_fields.proven(card) if said.code == vendor_codes.DONE else card

    def _by_key_service(self, keys: KeyService, unharmed: Callable[[], None]) -> CardIdentity:
        """The two steps. Only a challenge that the card lost is asked for anew, and then the key service too."""
        for _ in range(MOST_ROUNDS):
            question = self._step1()
            answer = keys(question)
            said = self._ask(STEP2, vendor_fields.reply(question, answer))
            if said.code not in vendor_codes.CHALLENGE_LOST | {vendor_codes.DONE}:
                raise vendor_codes.key_error_of(said.code)
            unharmed()
            if said.code != vendor_codes.DONE:
                continue
            card = vendor_fields.basic(said.content)
            if card.identification != question.identification:
                raise CardGone("another card answers the second step")
            return vendor_fields.proven(card) if answer.inner is not None else card
        raise CardUnreadable("challenge", "lost every time")

    def _the_same(self, card: CardIdentity) -> CardIdentity:
        if self._known.identification not in ("", card.identification):
            raise CardGone("another card answers")
        self._known.identification, self._looked = card.identification, True
        return card

    def verify_pin(self, pin: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
        """The interface takes no PIN from a program: PinPadMissing."""
        del pin, before_sending
        raise PinPadMissing("the library takes PINs on its own keys only")

    def change_pin(self, old: bytearray, new: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
        """The interface takes no PIN from a program: PinPadMissing."""
        del old, new, before_sending
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
