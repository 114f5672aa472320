"""What letters may stand for: words of the hall first, then characters, the commonest first."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.pinyin import SPELLINGS_AT_MOST, Pinyin
from kiosk.pinyin.candidates import CANDIDATES_AT_MOST, LONGEST_LETTERS, candidates, vocabulary_of

PINYIN = Pinyin()
COUNTED = (
    ("电工", 30), ("电焊工", 9), ("导购员", 20), ("缝纫工", 12), ("保安", 9), ("会计", 5), ("长途司机", 3),
    ("云龙镇", 5),
)  # fmt: skip
VOCABULARY = vocabulary_of(COUNTED, PINYIN)


def found(letters):
    return [(one.text, one.used) for one in candidates(letters, VOCABULARY, PINYIN)]


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("dg", "电工"), ("diangong", "电工"), ("dgong", "电工"), ("diang", "电工"), ("dgy", "导购员"), ("fr", "缝纫工"),
        ("frg", "缝纫工"), ("kj", "会计"), ("huiji", "会计"), ("ctsj", "长途司机"), ("ztsj", "长途司机"),
        ("ylz", "云龙镇"), ("baoan", "保安"),
    ],
)  # fmt: skip
def test_a_word_of_the_hall_comes_first_by_initials_syllables_or_both(letters, word):
    assert found(letters)[0] == (word, len(letters))


def test_the_commoner_word_comes_first():
    words = [text for text, _ in found("d")]
    assert words.index("电工") < words.index("导购员") < words.index("电焊工")


def test_characters_follow_the_commonest_first_and_each_once():
    texts = [text for text, _ in found("gong")]
    assert texts[:3] == ["工", "公", "共"]
    assert len(texts) == len(set(texts))


def test_of_more_letters_than_a_word_takes_the_rest_stays_to_be_typed():
    assert found("diangongren")[0] == ("电工", len("diangong"))
    assert ("电", 4) in found("dianren")


def test_every_character_of_the_table_is_reached_by_its_syllable():
    for syllable, characters in PINYIN.syllables.items():
        offered = [one.text for one in candidates(syllable, {}, PINYIN)]
        assert offered[: len(characters)] == list(characters)[:CANDIDATES_AT_MOST]
    beyond = sum(max(0, len(row) - CANDIDATES_AT_MOST) for row in PINYIN.syllables.values())
    assert beyond < 100, "characters that no page of candidates shows"


def test_a_word_of_many_polyphones_has_so_many_spellings_and_no_more():
    spelled = PINYIN.spellings_of("长重行车会" * 3)
    assert max(map(len, spelled)) <= 6 * 12
    for initials in range(1, 13):
        assert sum(len(one) == initials for one in spelled) <= 3 * SPELLINGS_AT_MOST
    assert PINYIN.spellings_of("泸县𬱖") == set(), "no reading, nothing to type"


@given(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=LONGEST_LETTERS))
def test_whatever_letters_are_typed_an_answer_is_short_and_takes_no_more_than_there_is(letters):
    answer = candidates(letters, VOCABULARY, PINYIN)
    assert len(answer) <= CANDIDATES_AT_MOST
    assert all(0 < one.used <= len(letters) and one.text for one in answer)
