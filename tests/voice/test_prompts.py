"""Prompts and their ids; sentences out of clips; what a loudspeaker may say while a card is in."""

from __future__ import annotations

import pytest

from kiosk.voice.prompts import NUMBER_WORDS, OwnWords, bare, catalogue, key_of, pieces_of, put_together
from kiosk.voice.readings import spoken

TEXTS = ["请插入社会保障卡", "第 %(n)s 步，共 %(all)s 步", "余额 %(amount)s", "还有 %(n)s 次，\n请小心", "第 {n} 项"]


def test_a_text_with_values_is_recorded_in_pieces():
    assert pieces_of("第 %(n)s 步，共 %(all)s 步") == ["第", "步，共", "步"]
    assert pieces_of("请<b>按</b>确定") == ["请 按 确定"]
    assert pieces_of("%(n)s") == []


def test_an_id_changes_with_the_words_and_with_nothing_else():
    assert key_of("请插入社会保障卡") == key_of("请插入，社会保障卡。")
    assert key_of("请插入社会保障卡") != key_of("请插入身份证")


def test_every_prompt_stands_once_and_the_numbers_first():
    found = catalogue([*TEXTS, *TEXTS])
    keys = [prompt.key for prompt in found]
    assert len(keys) == len(set(keys))
    assert keys[: len(NUMBER_WORDS)] == [f"n-{name}" for name in NUMBER_WORDS]
    assert "第" not in [prompt.words for prompt in found[len(NUMBER_WORDS) :]], "a number clip has it already"


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("请插入社会保障卡", ["请插入社会保障卡"]),
        ("第 2 步，共 14 步", ["第", "二", "步共", "十", "四", "步"]),
        ("余额 2,345.60 元", ["余额", "两", "千", "三", "百", "四", "十", "五", "元", "六", "角"]),
        ("请插入身份证", None),
        ("", None),
    ],
)
def test_a_sentence_is_put_together_from_the_fewest_clips(line, pieces):
    known = {bare(prompt.said): prompt.key for prompt in catalogue(TEXTS)}
    words = {key: text for text, key in known.items()}
    keys = put_together(bare(spoken(line)), known)
    assert (keys and [words[key] for key in keys]) == pieces


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("请插入社会保障卡", True),
        ("第 2 步，共 4 步", True),
        ("请插入社会保障卡。第 12 项", True),
        ("余额 86,000.00 元", False),
        ("余额 123", False),
        ("余额 0.5", False),
        ("李某，请小心", False),
        ("请插入社会保障卡 510521196305021234", False),
        ("王秀英", False),
        ("余额", True),
    ],
)
def test_only_the_programs_own_words_are_for_everybody(line, own):
    assert OwnWords(TEXTS).hold(line) is own


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("李某，请小心？", "请小心？"),
        ("王秀英", ""),
        ("余额 86,000.00 元，请小心", "请小心"),
        ("余额：86,000", "余额："),
        ("李某\n第 2 步，共 4 步", "第 2 步，共 4 步"),
        ("李某，，，", ""),
        ("12:30，请小心", "请小心"),
        ("", ""),
    ],
)
def test_what_is_not_is_left_out_clause_by_clause(text, kept):
    assert OwnWords(TEXTS).kept(text) == kept
