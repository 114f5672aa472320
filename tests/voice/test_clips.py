"""Recordings: what is taken, how they become sentences, and what happens to a broken one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.voice import Voice
from kiosk.voice.clip_check import RATE, WANTED_PEAK, usable
from kiosk.voice.engine import Engine
from kiosk.voice.packs import Clip, open_packs
from kiosk.voice.prompts import key_of
from kiosk.voice.recordings import Standing, sheet_of
from kiosk.voice.sound import BadSound, Sound, at_rate, joined, read_wav
from tests.voice.tones import tone

WORDS = {"n-er": "二", "n-shi": "十", "n-si": "四", key_of("第"): "第", key_of("步，共"): "步，共", key_of("步"): "步"}
TEXTS = ["第 %(n)s 步，共 %(all)s 步", "请插入社会保障卡"]
PACK = 'name = "四川话"\nlanguage = "zh-CN"\ndialect = "四川话"\n'


@pytest.fixture
def folders(tmp_path):
    given = tmp_path / "program" / "zh-CN-sichuan"
    given.mkdir(parents=True)
    (given / "pack.toml").write_text(PACK, encoding="utf-8")
    return tmp_path / "own", tmp_path / "program"


@pytest.fixture
def voice(folders):
    return Voice(Engine(), folders, lambda _tag: TEXTS, "zh-CN-sichuan")


def record(voice, words, seconds=0.4):
    pack = voice.packs[0]
    for key, text in words.items():
        pack.keep(key, Clip(words=text, day="2026-11-22"), usable(tone(seconds)))


def test_a_sentence_is_heard_from_clips_when_all_its_pieces_are_there(voice):
    record(voice, WORDS)
    said = voice.say("第 2 步，共 14 步", "zh-CN", "normal")
    assert said.recorded
    assert said.sound.seconds == pytest.approx(6 * 0.4, abs=0.6)


def test_where_one_piece_is_lacking_the_machine_speaks_all_of_it(voice):
    record(voice, {key: words for key, words in WORDS.items() if key != "n-si"})
    said = voice.say("第 2 步，共 14 步", "zh-CN", "normal")
    assert not said.recorded
    assert said.sound.peak > 5000


def test_a_broken_clip_falls_back_and_is_listed(voice):
    record(voice, WORDS)
    (voice.packs[0].own / "n-er.wav").write_bytes(b"RIFF nothing")
    said = voice.say("第 2 步，共 14 步", "zh-CN", "normal")
    assert not said.recorded
    assert voice.packs[0].broken == {"n-er": "no wav"}
    assert voice.health()["broken"] == {"zh-CN-sichuan": ["n-er"]}
    sheet = sheet_of(voice.prompts(voice.packs[0]), voice.packs[0].clips(), voice.packs[0].broken)
    assert [row.prompt.key for row in sheet.of(Standing.BROKEN)] == ["n-er"]


def test_other_languages_never_hear_these_clips(voice):
    record(voice, WORDS)
    assert not voice.say("第 2 步，共 14 步", "en", "normal").recorded


def test_words_that_changed_are_outdated_and_words_that_are_new_are_missing(voice):
    old = "请插入社会保障卡片"
    record(voice, {key_of(old): old, key_of("再见再见"): "再见再见", "n-er": "两"})
    pack = voice.packs[0]
    sheet = sheet_of(voice.prompts(pack), pack.clips(), pack.broken)
    assert {row.prompt.words: row.before for row in sheet.of(Standing.OUTDATED)} == {
        "请插入社会保障卡": old,
        "二": "两",
    }
    assert [clip.words for _, clip in sheet.unused] == ["再见再见"]
    assert "步，共" in [row.prompt.words for row in sheet.of(Standing.MISSING)]


def test_a_machines_own_clip_wins_and_goes_again(voice, folders):
    given = folders[1] / "zh-CN-sichuan"
    (given / "n-er.wav").write_bytes(tone(1.0))
    (given / "clips.json").write_text('{"n-er": {"words": "二", "day": ""}}', encoding="utf-8")
    pack = voice.packs[0]
    record(voice, {"n-er": "二"}, seconds=0.3)
    assert pack.sound("n-er").seconds < 0.6
    pack.drop("n-er")
    assert pack.sound("n-er").seconds == pytest.approx(1.0)


def test_a_broken_list_makes_everything_outdated_and_nothing_breaks(voice):
    record(voice, WORDS)
    (voice.packs[0].own / "clips.json").write_text("{", encoding="utf-8")
    sheet = sheet_of(voice.prompts(voice.packs[0]), voice.packs[0].clips(), {})
    assert not sheet.of(Standing.RECORDED)
    assert not voice.say("第 2 步，共 14 步", "zh-CN", "normal").recorded


@pytest.mark.parametrize("broken", ["", "name = 1", 'name = "x"\nlanguage = "zh-CN"\nwhat = 1', "\xff"])
def test_a_pack_that_cannot_be_used_is_told_and_the_others_stay(folders, broken):
    other = folders[1] / "zh-CN-hunan"
    other.mkdir()
    (other / "pack.toml").write_bytes(broken.encode("latin-1"))
    packs, refused = open_packs(folders)
    assert [pack.tag for pack in packs] == ["zh-CN-sichuan"]
    assert len(refused) == 1
    assert refused[0].startswith("zh-CN-hunan:")


def test_a_lexicon_that_is_broken_is_told(folders):
    (folders[1] / "zh-CN-sichuan" / "lexicon.toml").write_text("[read", encoding="utf-8")
    packs, refused = open_packs(folders)
    assert packs == []
    assert "lexicon.toml" in refused[0]


@pytest.mark.parametrize("key", ["../../etc/passwd", "p-/x", "", "P-1", "n-" + "a" * 40])
def test_no_id_leads_out_of_the_folder(voice, key):
    assert voice.packs[0].file_of(key) is None
    with pytest.raises(ValueError, match="no id"):
        voice.packs[0].keep(key, Clip(words="x", day=""), Sound(RATE, b"\0\0"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no wav"),
        (b"RIFF\x00\x00\x00\x00WAVE", "no wav"),
        (tone(0.6)[:-5000], "cut off"),
        (tone(0.1), "too short"),
        (tone(0.6, peak=100), "silent"),
        (tone(0.05, silence=1.0, peak=3000), "too short"),
        (tone(31), "too long"),
        (tone(0.6, peak=60000 // 2 + 2767), "overdriven"),
    ],
)
def test_a_recording_of_no_use_is_refused(content, why):
    with pytest.raises(BadSound, match=why):
        usable(content)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (22050, 2), (44100, 1), (48000, 2)])
def test_a_good_recording_is_trimmed_and_made_like_all_others(rate, channels):
    made = usable(tone(0.8, rate=rate, channels=channels, silence=0.7, peak=5000))
    assert made.rate == RATE
    assert 0.75 < made.seconds < 1.1
    assert abs(made.peak - WANTED_PEAK) < 50


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_break_the_reader(content, headed):
    found: Sound | None = None
    with contextlib.suppress(BadSound):
        found = read_wav((tone(0.01)[:44] if headed else b"") + content)
    assert found is None or found.seconds >= 0


def test_sounds_of_two_rates_are_joined_at_the_first():
    one, other = read_wav(tone(0.5)), read_wav(tone(0.5, rate=48000))
    both = joined([one, other], 0.25)
    assert both.rate == one.rate
    assert both.seconds == pytest.approx(1.25, abs=0.01)
    assert at_rate(one, one.rate) is one
