"""What the return codes of the national reader interface SSCardDriver mean (reference/card.md §2.3). Pure.

0 is good; a negative number is a code of the interface, or a status word of the card as a negative decimal (-27010 is
6982). The library's own words are read for the tries of a PIN and for nothing else: they may name a person.
"""

from __future__ import annotations

import re

from devices.card import (
    CardForeign,
    CardForged,
    CardGone,
    CardLocked,
    CardSilent,
    CardUnreadable,
    KeyCounterBurnt,
    PinIsInitial,
    PinOutcome,
    PinPadCancelled,
    PinPadLength,
    PinPadMismatch,
    PinPadTimeout,
    PinResult,
)
from devices.card.pins import pin_outcome as outcome_of_status
from devices.device import DeviceError, DeviceFault, DeviceMissing, DeviceSilent

DONE = 0
NO_CARD = -2
MUTE_CARD = frozenset({-3, -4})
NO_WORD_OF_A_CARD = frozenset({-1, -5, -11, -12, -13, -14, -15})
"""The library or the reader itself is at fault: whether a card is in, nobody can tell."""
ASK_THE_KEY_SERVICE = frozenset({-2201, -2202, -2203, -27272, -24})
"""Without a terminal's own security module, or with one that lacks the key: go the two-step way. -27272 is 6A88."""
FORGED = frozenset({-21, -25})
"""Internal authentication failed; -25 by one list "the key service's inner value is not the card's", by others "no such
item": both stop before the external key is touched."""
PIN_WRONG, PIN_LOCKED = -51, -52
TRIES = re.compile(r"(?<!\d)(\d{1,2})\s*次|剩\D{0,6}(\d{1,2})(?!\d)|^\D*(\d{1,2})\D*$")
MOST_TRIES = 15

SW_FIRST, SW_LAST = 0x6000, 0x9FFF
SW_NOT_FOUND, SW_NOT_SATISFIED = 0x6A82, 0x6982
SW_COUNTER = 0x63C0
_KEY_WORDS = {0x6983: 0, 0x6300: None}
CHALLENGE_LOST = frozenset({-0x6984, -0x6985})
"""The card forgot what it asked; nothing was counted, and step 1 may be done anew (reference/card.md §2.4)."""


def error_of(code: int) -> DeviceError:
    """What a return code other than 0 means."""
    if code in ASK_THE_KEY_SERVICE:
        return CardLocked(f"the library answers {code}: the key service is needed")
    if code in FORGED:
        return CardForged(f"the library answers {code}")
    if code in _NAMED:
        return _NAMED[code](f"the library answers {code}")
    if code in _FIELD:
        return CardUnreadable(_FIELD[code], f"the library answers {code}")
    if SW_FIRST <= -code <= SW_LAST:
        return _status_word(-code)
    return DeviceFault(f"the library answers {code}")


def key_error_of(code: int) -> DeviceError:
    """The same for the second step, where 63Cx speaks of the card's **key**: by arithmetic, and never tried again.

    One list reads -25536 … -25538 the other way round; the last digit of the status word is what the card counts.
    """
    if -code & ~0x0F == SW_COUNTER:
        return KeyCounterBurnt(-code & 0x0F)
    if -code in _KEY_WORDS:
        return KeyCounterBurnt(_KEY_WORDS[-code])
    return error_of(code)


def pin_outcome(code: int, why: bytes) -> PinOutcome:
    """What came of iVerifyPIN or iChangePIN; raises what :func:`error_of` says where the card was not asked.

    The tries left stand in the text of -51, or in the status word; None where neither tells.
    """
    if code == DONE:
        return PinOutcome(PinResult.ACCEPTED)
    if code == PIN_WRONG:
        left = _tries(why)
        return PinOutcome(PinResult.BLOCKED, 0) if left == 0 else PinOutcome(PinResult.WRONG, left)
    if code == PIN_LOCKED:
        return PinOutcome(PinResult.BLOCKED, 0)
    if -code & ~0x0F == SW_COUNTER or -code in _KEY_WORDS:
        return outcome_of_status(-code)
    raise error_of(code)


def _status_word(sw: int) -> DeviceError:
    if sw == SW_NOT_FOUND:
        return CardForeign("no social-security application")
    if sw == SW_NOT_SATISFIED:
        return CardLocked("the card asks for the key service")
    return CardUnreadable("answer", f"the card answers {sw:04X}")


def _tries(why: bytes) -> int | None:
    """The number in the library's words that counts tries ("还剩2次"), or the only one there."""
    found = TRIES.search(why.decode("gb18030", "replace"))
    left = int(next(filter(None, found.groups()))) if found else MOST_TRIES + 1
    return left if left <= MOST_TRIES else None


_NAMED: dict[int, type[DeviceError]] = {
    NO_CARD: CardGone,
    -3: CardSilent,
    -4: CardSilent,
    -5: DeviceMissing,
    -11: DeviceFault,
    -12: DeviceMissing,
    -13: DeviceFault,
    -31: PinPadCancelled,
    -32: PinPadTimeout,
    -33: PinPadLength,
    -34: PinPadMismatch,
    -35: PinIsInitial,
    -36: PinIsInitial,
    -111: DeviceSilent,
    -22: CardGone,
}
"""-22: another card than the one named in the call."""

_FIELD = {-20: "identification", -41: "card", -42: "card"}
