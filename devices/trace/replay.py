"""Plays a trace against the real driver and says what it concluded; what to do is read out of the trace itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

from devices.card.chip import ApduChip
from devices.card.key_service import KeyAnswer, KeyQuestion, KeyService
from devices.trace import LANGUAGES, acts
from devices.trace.acts import Conclusion
from devices.trace.drivers import act_on, family_of, open_driver, url_of
from devices.trace.fakes import Fakes
from devices.trace.format import Exchange, Trace, Way
from devices.trace.player import CardPlayer, LinePlayer, ReplayFault
from devices.trace.script import Difference, Script, conversations, script_of

USUAL_RESET = bytes.fromhex("3B6D000000814E43238697639900000000")
VERIFY, CHANGE, EXTERNAL, INTERNAL, READ = b"\x00\x20", b"\x80\x5e", b"\x00\x82", b"\x00\x88", b"\x00\xb2"
HOLDER = b"\xef\x06"
HOLDER_SFI, BLOCK, COMMAND_HEAD = 6, 8, 5


@dataclass
class Played:
    """How a replay went: what the driver concluded, how much of the trace was played, and where the two parted."""

    conclusion: Conclusion = field(default_factory=dict)
    exchanges: int = 0
    again: int = 0
    passed_over: int = 0
    difference: Difference | None = None

    def add(self, script: Script) -> None:
        """Count one conversation."""
        self.exchanges += script.played
        self.again += script.again
        self.passed_over += script.passed_over
        self.difference = self.difference or script.difference


def replay(trace: Trace, speed: float = 1.0, fault: ReplayFault | None = None) -> Played:
    """Play a whole trace. ``speed`` hurries the device, never the driver. ValueError: a dialect nobody can play."""
    if trace.dialect == "apdu":
        return _replay_card(trace, speed, fault)
    if trace.dialect not in LANGUAGES or trace.dialect == "opaque":
        raise ValueError(f"a trace of {trace.dialect or 'nothing'} cannot be played")
    return _replay_line(trace, speed, fault)


# --- cards ---


def _replay_card(trace: Trace, speed: float, fault: ReplayFault | None) -> Played:
    played = Played()
    for exchanges in conversations(trace):
        script = script_of(exchanges)
        player = CardPlayer(script, speed, fault)
        came = [cue.content for cue in script.greeting if cue.content]
        atr = came[0] if came and any(came[0][2:]) else USUAL_RESET
        chip = ApduChip(player.transmit, atr, block_wise=_is_block_wise(exchanges))
        played.conclusion |= _acts_on_card(exchanges, chip, doubts=trace.header.get("key service") == "doubts")
        played.add(script)
    return played


def _is_block_wise(exchanges: list[Exchange]) -> bool:
    """T=1: commands that carry content also say how much they expect."""
    commands = [exchange.filled for exchange in exchanges if exchange.way is Way.SENT]
    return any(len(command) > COMMAND_HEAD and len(command) == COMMAND_HEAD + command[4] + 1 for command in commands)


def _acts_on_card(exchanges: list[Exchange], chip: ApduChip, *, doubts: bool) -> Conclusion:
    commands = [exchange.filled for exchange in exchanges if exchange.way is Way.SENT]
    conclusion: Conclusion = {}
    records = {command[2] for command in commands if command[:2] == READ}
    if len(records) > 1 or any(_asks_holder(command) or command[:2] == INTERNAL for command in commands):
        conclusion |= acts.identity(chip, key_service_of(exchanges, doubts=doubts))
    elif records:
        conclusion |= acts.identification(chip)
    for command in commands:
        digits = command[COMMAND_HEAD:].hex()
        if command[:2] == VERIFY:
            conclusion |= acts.pin(chip, digits.rstrip("f"))
        elif command[:2] == CHANGE:
            old, _, new = digits.partition("ff")
            conclusion |= acts.pin(chip, old.rstrip("f"), new.rstrip("f"))
    if not conclusion and commands:
        conclusion |= acts.identity(chip, None)
    return conclusion


def _asks_holder(command: bytes) -> bool:
    return command[-2:] == HOLDER or (command[:2] == READ and command[3] >> 3 == HOLDER_SFI)


def key_service_of(exchanges: list[Exchange], *, doubts: bool) -> KeyService | None:
    """A key service that answers, one question after another, what it answered then; None where nothing was proven.

    A trace does not hear the key service: that it ``doubts`` the card stands in the header, written by hand.
    """
    rounds: list[list[bytes | None]] = []
    for sent, came in pairwise(exchanges):
        command, answered = sent.filled, came.way is Way.CAME and came.size >= BLOCK
        if sent.way is Way.SENT and command[:2] == INTERNAL:
            proof = came.filled[:BLOCK] if answered else bytes(BLOCK)
            original = command[COMMAND_HEAD + BLOCK : COMMAND_HEAD + 2 * BLOCK]
            rounds.append([(bytes(BLOCK) if doubts else proof) + original, None])
        elif sent.way is Way.SENT and command[:2] == EXTERNAL and rounds:
            rounds[-1][1] = command[COMMAND_HEAD : COMMAND_HEAD + 2 * BLOCK]
    waiting = deque(rounds)

    def answer(question: KeyQuestion) -> KeyAnswer:
        del question
        inner, outer = waiting.popleft() if len(waiting) > 1 else waiting[0]
        return KeyAnswer(inner, outer)

    return answer if rounds else None


# --- serial lines ---


def _replay_line(trace: Trace, speed: float, fault: ReplayFault | None) -> Played:
    scripts = [script_of(exchanges) for exchanges in conversations(trace)]
    player = LinePlayer(scripts, LANGUAGES[trace.dialect](Fakes()), speed, fault)
    device = open_driver(trace.dialect, url_of(trace.dialect, player.port), family=family_of(trace))
    try:
        conclusion = acts.get_ready(device) or act_on(device, trace)
        conclusion |= acts.standing(device)
    finally:
        device.close()
        player.close()
    played = Played(conclusion)
    for script in scripts:
        played.add(script)
    return played
