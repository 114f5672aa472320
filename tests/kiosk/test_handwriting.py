"""Handwriting read by zinnia in a process of its own: what it reads, and that its end is nobody else's."""

from __future__ import annotations

import ctypes.util
import os
import signal
import threading
from pathlib import Path

import pytest

from kiosk.errors import HandwritingAway
from kiosk.handwriting import CRASHES_AT_MOST, Handwriting
from kiosk.handwriting.strokes import CHOICES, SURE, foremost, framed
from kiosk.settings import TypingSection
from tests.hall import eventually
from tests.handwritten import WORDS, WRITTEN, character

INSTALLED = Path(TypingSection().handwriting_model).is_file() and ctypes.util.find_library("zinnia")
needs_zinnia = pytest.mark.skipif(not INSTALLED, reason="libzinnia0 and its simplified-Chinese model are not installed")
MODEL = TypingSection().handwriting_model


@pytest.fixture(scope="module")
def handwriting():
    made = Handwriting("zinnia", MODEL)
    yield made
    made.close()


def read(handwriting, written):
    return handwriting.read(framed([[(x * 10, y * 10) for x, y in stroke] for stroke in character(written)]))


@needs_zinnia
def test_thirty_words_of_the_hall_written_by_hand(handwriting):
    """Measured: see docs/decisions/0028-how-chinese-is-typed.md; the model wants each stroke by itself."""
    ranks = {sign: (*read(handwriting, written)[:CHOICES], sign).index(sign) for sign, written in WRITTEN.items()}
    first = sum(rank == 0 for rank in ranks.values())
    among = sum(rank < CHOICES for rank in ranks.values())
    whole = [word for word in WORDS if all(ranks[sign] < CHOICES for sign in word)]
    assert (first, among) >= (25, 30), {sign: rank for sign, rank in ranks.items() if rank}
    assert len(WORDS) == 30
    assert len(whole) >= 20, whole


@needs_zinnia
def test_what_is_written_small_in_a_corner_is_read_like_what_fills_the_field(handwriting):
    written = [[(x * 10, y * 10) for x, y in stroke] for stroke in character(WRITTEN["工"])]
    small = [[(x // 5 + 700, y // 5 + 30) for x, y in stroke] for stroke in written]
    assert handwriting.read(framed(small))[0] == handwriting.read(framed(written))[0] == "工"


def test_framing_keeps_the_shape_and_stays_in_the_field():
    line = framed([[(400, 500), (600, 500)]])
    assert line == [[(80, 500), (920, 500)]]
    dot = framed([[(3, 997)]])
    assert dot == [[(500, 500)]]
    tall = framed([[(0, 0), (10, 1000)]])
    assert all(0 <= value <= 1000 for point in tall[0] for value in point)


def test_characters_of_the_hall_come_before_others_but_never_before_the_surest():
    found = tuple("一二三四五六七八九十电工")
    assert foremost(found, {"电", "工"}) == tuple("一二三四电工五六七八")
    assert len(foremost(found, set())) == CHOICES
    assert foremost(found, set(found))[:SURE] == found[:SURE]


@needs_zinnia
def test_the_reader_that_crashes_takes_nobody_along_and_the_next_character_is_read_again():
    handwriting = Handwriting("zinnia", MODEL)
    try:
        read(handwriting, WRITTEN["工"])
        first = handwriting.process
        os.kill(first, signal.SIGSEGV)
        with pytest.raises(HandwritingAway):
            read(handwriting, WRITTEN["工"])
        assert read(handwriting, WRITTEN["工"])[0] == "工"
        assert handwriting.process != first
    finally:
        handwriting.close()


@needs_zinnia
def test_a_reader_that_hangs_is_waited_for_by_the_newest_writing_only():
    """Each waiting request holds a thread of the face."""
    handwriting = Handwriting("zinnia", MODEL)
    read(handwriting, WRITTEN["工"])
    os.kill(handwriting.process, signal.SIGSTOP)
    told: dict[int, str] = {}

    def ask(number: int) -> None:
        try:
            told[number] = read(handwriting, WRITTEN["工"])[0]
        except HandwritingAway as error:
            told[number] = str(error)

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for number, thread in enumerate(asking):
        thread.start()
        eventually(lambda number=number: handwriting.waiting.asked == number + 2, 60, "it asks")
    for thread in asking:
        thread.join(60)
    assert told.pop(0).startswith("the reader of handwriting was silent")
    assert told.pop(5) == "工", "the newest is read by another process"
    assert set(told.values()) == {"something newer was written"}
    handwriting.close()


@needs_zinnia
def test_the_reader_ends_when_nobody_writes_any_more_and_holds_no_memory_then():
    handwriting = Handwriting("zinnia", MODEL, unused_seconds=0.2)
    read(handwriting, WRITTEN["工"])
    eventually(lambda: handwriting.process is None, what="the process ended")
    assert read(handwriting, WRITTEN["工"])[0] == "工", "and begins again"
    handwriting.close()
    assert handwriting.process is None


@pytest.mark.parametrize(
    ("library", "model", "why"),
    [("zinnia", "", "switched off"), ("zinnia", "/nowhere/model", "missing"), ("nosuchlibrary", __file__, "missing")],
)
def test_without_library_or_model_it_is_not_offered_and_says_why(library, model, why):
    handwriting = Handwriting(library, model)
    assert why in handwriting.absent
    with pytest.raises(HandwritingAway, match=why):
        read(handwriting, WRITTEN["工"])


@needs_zinnia
def test_a_model_that_is_none_is_given_up_after_some_tries(tmp_path):
    broken = tmp_path / "broken.model"
    broken.write_bytes(b"no model of zinnia" * 1000)
    handwriting = Handwriting("zinnia", str(broken))
    assert handwriting.absent == ""
    for _ in range(CRASHES_AT_MOST):
        with pytest.raises(HandwritingAway):
            read(handwriting, WRITTEN["工"])
    assert "again and again" in handwriting.absent
