"""The PIN of a social-security card: asked for and changed, each sent exactly once (reference/card.md §2.1).

Pure: everything goes through the transmit that is handed in. The digits never leave the commands built here, and those
are wiped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from devices.card import CardUnreadable, PinOutcome, PinResult, Transmit, nothing
from devices.card.files import OK, Files, exchange

VERIFY = bytes.fromhex("00200000")
CHANGE = bytes.fromhex("805E0100")
BETWEEN = 0xFF
PIN_DIGITS = range(4, 17)
BLOCKED = 0x6983
WRONG, COUNTER, NONE_LEFT = 0x6300, 0x63C0, 0x63C0


def verify_pin(transmit: Transmit, pin: bytearray, before_sending: Callable[[], None] = nothing) -> PinOutcome:
    """Ask the card whether this is its PIN: sent exactly once, after SELECT SSSE.

    ``pin`` holds 4 to 16 ASCII digits and stays the caller's to zero; it is read before the card is talked to and never
    after, and the command built from it is zeroed here. ``before_sending`` is called immediately before that command:
    what it raises is passed on, and no PIN was sent. ValueError: no such PIN can exist (nothing was sent).
    CardUnreadable("pin"): the card knows no PIN.
    """
    _possible(pin)
    return _sent_once(transmit, _command(VERIFY, _packed(pin)), before_sending)


def change_pin(
    transmit: Transmit, old: bytearray, new: bytearray, before_sending: Callable[[], None] = nothing
) -> PinOutcome:
    """Give the card another PIN: sent exactly once, after SELECT SSSE; a wrong ``old`` costs one of its tries.

    ``before_sending``, ValueError and CardUnreadable as for :func:`verify_pin`. Whether ``new`` may be chosen is asked
    by the caller, of :func:`devices.card.new_pin.objection_to`.
    """
    _possible(old)
    _possible(new)
    first, second = _packed(old), _packed(new)
    both = first + bytes([BETWEEN]) + second
    for part in (first, second):
        part[:] = bytes(len(part))
    return _sent_once(transmit, _command(CHANGE, both), before_sending)


def pin_outcome(sw: int) -> PinOutcome:
    """What a card's status word to VERIFY or CHANGE PIN means, whoever sent it.

    6300 is a wrong PIN whose tries the card does not tell. CardUnreadable("pin") for one that speaks of no PIN.
    """
    if sw == OK:
        return PinOutcome(PinResult.ACCEPTED)
    if sw in (BLOCKED, NONE_LEFT):
        return PinOutcome(PinResult.BLOCKED, 0)
    if sw & 0xFFF0 == COUNTER:
        return PinOutcome(PinResult.WRONG, sw & 0x0F)
    if sw == WRONG:
        return PinOutcome(PinResult.WRONG)
    raise CardUnreadable("pin", f"the card answers {sw:04X}")


def _possible(pin: bytearray) -> None:
    if len(pin) not in PIN_DIGITS or not pin.isdigit():
        raise ValueError("a PIN has 4 to 16 digits")


def _packed(pin: bytearray) -> bytearray:
    """BCD, an odd digit filled with F."""
    packed = bytearray()
    for place in range(0, len(pin), 2):
        low = pin[place + 1] & 0x0F if place + 1 < len(pin) else 0x0F
        packed.append((pin[place] & 0x0F) << 4 | low)
    return packed


def _command(header: bytes, content: bytearray) -> bytearray:
    """Header, length and content in one place that can be wiped; ``content`` is wiped here."""
    command = bytearray(header) + bytes([len(content)]) + content
    content[:] = bytes(len(content))
    return command


def _sent_once(transmit: Transmit, command: bytearray, before_sending: Callable[[], None]) -> PinOutcome:
    try:
        Files(transmit).enter()
        before_sending()
        # a bytearray on purpose: bytes could not be wiped afterwards
        answer = exchange(transmit, cast("bytes", command))
    finally:
        command[:] = bytes(len(command))
    return pin_outcome(answer.sw)
