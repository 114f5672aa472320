"""A clerk tests the jack: it has to tell both plugging in and pulling out."""

from __future__ import annotations

import threading

import pytest

from devices.device import DeviceMissing
from devices.headphones.simulated_jack import SimulatedJack
from kiosk.device_tests import Patience, Trial
from kiosk.identification_tests import plug_and_pull


@pytest.fixture
def jack():
    made = SimulatedJack()
    made.attend(threading.Event())
    return made


def run(jack, *, put=20.0, hand=lambda _words: None, off=False):
    said = []
    trial = Trial(say=lambda words: (said.append(words), hand(words)), show=lambda _page, _scene: None)
    if off:
        trial.off.set()
    return plug_and_pull(jack, Patience(put=put), trial), said


@pytest.mark.parametrize("first", [False, True])
def test_both_ways_are_told(jack, first):
    if first:
        jack.plug_in()
    outcome, said = run(jack, hand=lambda words: jack.pull_out() if "拔下" in words else jack.plug_in())
    assert outcome.passed
    assert len(said) == 2


def test_nobody_comes(jack):
    outcome, _ = run(jack, put=0.1)
    assert outcome.passed is None
    assert "没有等到插上耳机" in outcome.words[0]


def test_it_is_called_off(jack):
    assert run(jack, off=True)[0].passed is None


def test_a_jack_that_is_gone_is_told_at_once(jack):
    jack.vanish()
    with pytest.raises(DeviceMissing) as gone:
        jack.attend(threading.Event())
    jack.board.failed(gone.value)
    assert run(jack)[0].code == "K-150"
