"""Other people's programs talk to our virtual card through a real pcscd: `opensc-tool` (C) and `scriptor` (Perl).

They share nothing with the driver, so what they read is what the vectors of the reference say, or the card is wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from devices.card.virtual.described import CardFault
from tests.devices.card.holders import OUYANG, card
from tests.devices.card.test_keys import V5, vector_card
from tests.devices.card.test_virtual_card import FCI, SSSE, V1, V3

PATIENCE = 30


def needs(program: str):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def run(daemon, *command: str, typed: str = "") -> str:
    ended = subprocess.run(  # noqa: S603 - fixed words
        command, input=typed, env=os.environ | daemon.environment | {"LC_ALL": "C"},
        capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    return ended.stdout


def scripted(daemon, reader: str, protocol: str, commands: list[str]) -> list[str]:
    """What the card answered to each command, as scriptor shows it: hex, data and status word."""
    shown = run(daemon, "scriptor", "-r", reader, "-p", protocol, typed="\n".join([*commands, ""]))
    answers = re.findall(r"^< ([0-9A-F \n]+?) ?:", shown, re.MULTILINE)
    return [re.sub(r"\s", "", answer) for answer in answers]


def sent(daemon, reader: str, commands: list[str]) -> list[str]:
    """The same by opensc-tool, which resolves 61xx and 6Cxx by itself."""
    apdus = [word for command in commands for word in ("-s", command)]
    shown = run(daemon, "opensc-tool", "-r", reader, "-c", "default", *apdus)
    answers = []
    for part in shown.split("Received ")[1:]:
        head, _, dump = part.partition("\n")
        sw = "".join(re.findall(r"0x([0-9A-F]{2})", head))
        rows = re.findall(r"^((?:[0-9A-F]{2} ){1,16})", dump.split("Sending:")[0], re.MULTILINE)
        answers.append("".join(rows).replace(" ", "") + sw)
    return answers


@pytest.fixture
def slot(hall):
    """A slot whose card our own reader has seen come in, and leaves alone."""

    def insert(slotted) -> str:
        return hall.insert(slotted).reader

    return insert


@needs("opensc-tool")
def test_opensc_tool_reads_answer_to_reset_and_records_as_the_vectors_say(daemon, slot):
    reader = slot(card(OUYANG))
    assert run(daemon, "opensc-tool", "-r", reader, "-a").strip().replace(":", "").upper() == OUYANG.atr.hex().upper()
    vectors = [(command, answer) for command, answer in V1 if not answer.startswith("6C")]
    answers = sent(daemon, reader, [command for command, _ in vectors])
    assert answers == [answer for _, answer in vectors]


@needs("opensc-tool")
def test_opensc_tool_fetches_what_a_card_of_the_t0_kind_lets_wait(daemon, slot):
    reader = slot(card(OUYANG, CardFault.SW61))
    assert sent(daemon, reader, [SSSE + "00", "00A4020002EF05", "00B2010400"]) == [
        FCI, "9000", "0110639900D1560000050012345600ABCDEF9000",
    ]  # fmt: skip


@needs("scriptor")
@pytest.mark.parametrize(("vectors", "slotted"), [(V1, card), (V3, card), (V5, vector_card)], ids=["V1", "V3", "V5"])
def test_scriptor_replays_the_vectors(daemon, slot, vectors, slotted):
    reader = slot(slotted())
    answers = scripted(daemon, reader, "T=0", [command for command, _ in vectors])
    assert answers == [answer for _, answer in vectors]


@needs("scriptor")
def test_scriptor_talks_to_a_contactless_card_over_t1(daemon, slot):
    reader = slot(card(OUYANG, CardFault.CONTACTLESS))
    answers = scripted(daemon, reader, "T=1", [SSSE + "00", SSSE, "00A4020002EF05", "00B2010412"])
    assert answers == [FCI, "9000", "9000", "0110639900D1560000050012345600ABCDEF9000"]
