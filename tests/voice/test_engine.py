"""The real speech library: right readings, real sound, and nothing that goes wrong in it reaches the kiosk."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import threading
import time
import tomllib
from pathlib import Path

import pytest

from kiosk.voice.engine import VOICES, Engine, NoSpeech, Part
from kiosk.voice.espeak_child import new_enough
from tests.hall import eventually

ROOT = Path(__file__).resolve().parents[2]
RATE = 160


@pytest.fixture(scope="module")
def engine():
    return Engine()


def syllables(phonemes: str) -> list[str]:
    return phonemes.split("|")


def test_mandarin_is_read_as_mandarin(engine):
    """The 1.51 of Debian 12 reads pinyin as English letters, marked (en)."""
    said = engine.phonemes(Part("zh", "请将社会保障卡插入读卡器"))
    assert "(en)" not in said
    assert said.startswith("tS;h'i214N")
    assert engine.phonemes(Part("zh", "银行")) == "ji35nX'A35N_|"
    assert engine.phonemes(Part("zh", "重庆")).startswith("ts.hong35")


def test_sound_lasts_as_long_as_a_person_would_speak(engine):
    sound = engine.speak([Part("zh", "请插入社会保障卡，芯片朝下，插到底")], RATE)
    assert 2.0 < sound.seconds < 7.0
    assert sound.peak > 8000, "not silence"
    assert sound.rate == 22050


def test_slow_is_longer_than_fast(engine):
    slow, fast = (engine.speak([Part("zh", "请稍候，正在读卡")], rate).seconds for rate in (125, 205))
    assert slow > fast * 1.3


@pytest.mark.parametrize(("language", "text"), [("en", "Please insert your card"), ("ug", "كارتىڭىزنى سېلىڭ")])
def test_other_languages_speak_too(engine, language, text):
    assert engine.speaks(language)
    assert engine.speak([Part(language, text)], RATE).seconds > 0.8


def test_two_languages_in_one_line(engine):
    both = engine.speak([Part("en", "Welcome to"), Part("zh", "云龙镇")], RATE)
    assert both.seconds > engine.speak([Part("en", "Welcome to")], RATE).seconds + 0.3


@pytest.mark.parametrize("language", [language for language, voice in VOICES.items() if voice])
def test_the_library_has_every_voice_we_name(engine, language):
    folder = engine.folder / "espeak-ng-data"
    assert (folder / f"{VOICES[language]}_dict").is_file()


@pytest.mark.parametrize("language", [language for language, voice in VOICES.items() if not voice])
def test_a_language_without_a_voice_is_silent(engine, language):
    assert not engine.speaks(language)
    with pytest.raises(NoSpeech):
        engine.speak([Part(language, "བོད")], RATE)


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        (b"1.51", False),
        (b"1.51.1", False),
        (b"1.52.0", True),
        (b"1.52.1-dev", True),
        (b"2.0", True),
        (b"1.6", False),
        (b"", False),
        (b"x", False),
    ],
)
def test_a_library_that_reads_mandarin_as_letters_is_refused(told, taken):
    assert new_enough(told) is taken


def lexicon() -> dict[str, str]:
    file = ROOT / "config" / "voices" / "zh-CN" / "lexicon.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))["read"]


READ_RIGHT = {"还款": "Xua35n", "还贷": "Xua35n", "重打": "ts.hong35", "重设": "ts.hong35"}
"""How each word of the lexicon has to begin."""


@pytest.mark.parametrize(("word", "instead"), lexicon().items())
def test_the_lexicon_mends_what_the_library_reads_wrongly(engine, word, instead):
    right = READ_RIGHT[word]
    assert not engine.phonemes(Part("zh", word)).replace("'", "").startswith(right), "not needed any more"
    assert engine.phonemes(Part("zh", instead)).replace("'", "").startswith(right)


def test_what_is_spoken_is_in_no_log(engine, caplog):
    caplog.set_level(logging.DEBUG)
    engine.speak([Part("zh", "王秀英")], RATE)
    with pytest.raises(NoSpeech):
        Engine(Path("/nonexistent")).speak([Part("zh", "王秀英")], RATE)
    assert "王秀英" not in caplog.text


def test_a_machine_without_the_library_says_so(tmp_path):
    none = Engine(tmp_path)
    assert not none.present
    with pytest.raises(NoSpeech, match="no speech library"):
        none.speak([Part("zh", "请稍候")], RATE)
    assert none.trouble


def test_a_library_that_cannot_be_loaded_is_silence(tmp_path):
    (tmp_path / "libespeak-ng.so").write_bytes(b"\x7fELF broken")
    with pytest.raises(NoSpeech, match="ended with"):
        Engine(tmp_path).speak([Part("zh", "请稍候")], RATE)


def test_a_library_without_its_data_is_silence(tmp_path, engine):
    (tmp_path / "libespeak-ng.so").symlink_to(engine.folder / "libespeak-ng.so")
    with pytest.raises(NoSpeech):
        Engine(tmp_path).speak([Part("zh", "请稍候")], RATE)


def test_a_library_that_hangs_is_given_up(tmp_path, engine):
    """A pipe in the place of the library: opening it never ends."""
    os.mkfifo(tmp_path / "libespeak-ng.so")
    stuck = tmp_path / "libespeak-ng.so"
    assert stat.S_ISFIFO(stuck.stat().st_mode)
    with pytest.raises(NoSpeech):
        HangingEngine(tmp_path, time_limit=0.5).speak([Part("zh", "请稍候")], RATE)


def test_while_the_library_hangs_only_the_newest_wish_waits(tmp_path, engine):
    """Each waiting request holds a thread of the face: who presses on and on must not take them all."""
    os.mkfifo(tmp_path / "libespeak-ng.so")
    stuck = HangingEngine(tmp_path, time_limit=60)
    why: dict[int, str] = {}

    def ask(number: int) -> None:
        try:
            stuck.speak([Part("zh", "请稍候")], RATE)
        except NoSpeech as error:
            why[number] = str(error)

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for number, thread in enumerate(asking):
        thread.start()
        eventually(lambda number=number: stuck.waiting.asked == number + 1, 60, "it asks")
    eventually(lambda: len(why) == 5, 40, "all but two that speak and the newest one gave up")
    assert set(why.values()) == {"something newer is to be said"}
    assert 7 not in why
    assert stuck.trouble == "", "nothing is wrong with it"
    until = time.monotonic() + 60
    while any(thread.is_alive() for thread in asking) and time.monotonic() < until:
        with contextlib.suppress(OSError):  # nobody reads it at this moment
            os.close(os.open(tmp_path / "libespeak-ng.so", os.O_WRONLY | os.O_NONBLOCK))
        time.sleep(0.05)
    assert len(why) == 8


class HangingEngine(Engine):
    """Takes a pipe for the library."""

    def _library(self) -> Path | None:
        return self.folder / "libespeak-ng.so"


@pytest.mark.parametrize("text", ["", "。", "\x00\x01", "😀" * 50, "<speak>" * 20, "[[h@loU]]", "a" * 2000])
def test_no_text_breaks_it(engine, text):
    engine.trouble = ""
    with contextlib.suppress(NoSpeech):
        assert engine.speak([Part("zh", text)], RATE).seconds < 130
    assert engine.trouble in ("", "no sound came")
