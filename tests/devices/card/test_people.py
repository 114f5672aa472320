"""The town's people and their cards, from the lines of the demo."""

from __future__ import annotations

import json
from datetime import date

import pytest

from devices.card.chip import ApduChip
from devices.card.people import load_people
from devices.card.virtual.card import VirtualCard
from devices.card.virtual.described import answer_to_reset
from tests.devices.card.holders import through

LI_WEI = {
    "name": "李伟",
    "number": "639900199001010020",
    "card_number": "X00000001",
    "card_version": "2.00",
    "pin": "135790",
}


@pytest.fixture
def town(tmp_path):
    def written(*lines: str):
        path = tmp_path / "people.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return written


def test_five_words_are_enough_for_a_whole_card(town):
    (holder,) = load_people(town(json.dumps(LI_WEI, ensure_ascii=False), ""))
    identity = ApduChip(through(VirtualCard(holder.card)), answer_to_reset(holder.card)).identity()
    assert (identity.name, identity.card_number, identity.region) == ("李伟", "X00000001", "510521")
    assert (identity.issued_on, identity.valid_until) == (date(2019, 1, 1), date(2039, 1, 1))
    assert (holder.card.pin, holder.special, len(identity.atr_history)) == ("135790", "", 26)


def test_the_same_line_gives_the_same_card_and_another_number_another_one(town):
    path = town(json.dumps(LI_WEI), json.dumps(LI_WEI), json.dumps(LI_WEI | {"card_number": "X00000002"}))
    first, again, other = load_people(path)
    assert first == again
    assert first.card.identification != other.card.identification


def test_what_the_line_says_about_the_card_stands(town):
    written = {
        "identification": "510521D1560000050000000000000001",
        "issued": "2021-05-06",
        "valid_until": "20310506",
        "ethnic_group": "05",
        "tries": 6,
        "region": "510521",
    }
    fingers = {"right_index": "a seed"}
    (holder,) = load_people(town(json.dumps(LI_WEI | {"special": "过期", "card": written, "fingers": fingers})))
    assert holder.special == "过期"
    assert holder.fingers == (("right_index", "a seed"),)
    assert (holder.card.issued, holder.card.valid_until, holder.card.tries) == ("20210506", "20310506", 6)
    assert (holder.card.identification, holder.card.ethnic_group) == (written["identification"], "05")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"x"',
        json.dumps({"name": "a"}),
        json.dumps(LI_WEI | {"card": {"issued": "2021-13-01"}}),
        json.dumps(LI_WEI | {"fingers": ["right"]}),
    ],
)
def test_a_broken_line_is_named_with_its_place(town, line):
    with pytest.raises(ValueError, match=r"people\.jsonl:2: "):
        load_people(town(json.dumps(LI_WEI), line))
