"""Fault 10: an odd status word at every step of every script is a named error, and no counter is touched twice."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from devices.card import CardForeign, CardLocked, CardUnreadable, KeyCounterBurnt, PinOutcome, PinResult
from devices.card.chip import ApduChip
from devices.card.virtual.keys import KeyStore
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG, card, pin

STATUS_WORDS = ["6A82", "6982", "6983", "63C2", "63C0", "6F00", "6581", "6283", "6985", "6A83", "6A88", "6700"]
NAMED = (CardForeign, CardLocked, CardUnreadable, KeyCounterBurnt)
SELECT, READ, VERIFY, CHANGE, EXTERNAL = 0xA4, 0xB2, 0x20, 0x5E, 0x82
COUNTING = {VERIFY, CHANGE, EXTERNAL}
"""Instructions that a card counts: each may leave once a script, whatever comes back."""


@dataclass(frozen=True)
class Script:
    """One act on one card, and how many commands it takes when all is well."""

    holder: object
    act: object
    commands: int


SCRIPTS = {
    "identification": Script(OUYANG, lambda chip: chip.identification(), 3),
    "2.00 without keys": Script(OUYANG, lambda chip: chip.identity(), 14),
    "1.00 without keys": Script(OLD_WANG, lambda chip: chip.identity(), 13),
    "2.00 with keys": Script(OUYANG, lambda chip: chip.identity(KeyStore()), 17),
    "3.00 with keys": Script(MAIMAITI, lambda chip: chip.identity(KeyStore()), 22),
    "verify": Script(OUYANG, lambda chip: chip.verify_pin(pin("123456")), 2),
    "change": Script(OUYANG, lambda chip: chip.change_pin(pin("123456"), pin("246810")), 2),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_takes_as_many_commands_as_the_table_says(name):
    slotted = card(SCRIPTS[name].holder)
    SCRIPTS[name].act(ApduChip(slotted.answer, slotted.atr))
    assert slotted.answered == SCRIPTS[name].commands


@pytest.mark.parametrize("sw", STATUS_WORDS)
@pytest.mark.parametrize("name", SCRIPTS)
def test_fault_10_a_status_word_at_any_step_is_a_named_error_and_no_counter_is_touched_twice(name, sw):
    for step in range(SCRIPTS[name].commands):
        spoil(name, step, sw)


def spoil(name: str, step: int, sw: str) -> None:
    """From that step on every command of the same kind is answered so: a card does not change its mind."""
    slotted, heard = card(SCRIPTS[name].holder), []

    def transmit(command: bytes) -> bytes:
        heard.append(command[:4])
        spoilt = heard[step][:2] if len(heard) > step else None
        return bytes.fromhex(sw) if command[:2] == spoilt else slotted.answer(command)

    try:
        outcome = SCRIPTS[name].act(ApduChip(transmit, slotted.atr))
    except NAMED as error:
        outcome = error
    assert is_fair(name, heard[step][1], outcome, sw), (step, outcome)
    for instruction in COUNTING:
        sent = [command for command in heard if command[1] == instruction]
        assert len(sent) <= 1 or (instruction == EXTERNAL and sw == "6985"), f"a counter was touched twice ({step})"
    assert slotted.tries_left == 3
    assert len(heard) < 60


def is_fair(name: str, spoilt: int, outcome: object, sw: str) -> bool:
    """What an act may give although one kind of command was refused."""
    if isinstance(outcome, NAMED):
        return bool(str(outcome))
    if isinstance(outcome, PinOutcome):
        refused = {"6983": (PinResult.BLOCKED, 0), "63C0": (PinResult.BLOCKED, 0), "63C2": (PinResult.WRONG, 2)}
        return (outcome.result, outcome.tries_left) == refused.get(sw)
    if name == "2.00 with keys" and spoilt in (0x84, 0x88):
        return not outcome.proven  # it cannot prove itself; that is all
    return spoilt in (SELECT, READ) and sw in DIALECTS


DIALECTS = {"6A82", "6A83", "6A86", "6700"}
"""Refusals for which another way of selecting or reading is tried, and found."""
