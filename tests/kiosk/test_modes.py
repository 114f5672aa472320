"""The modes: one touch away on every screen, before the card and with it, and gone with the visit."""

import pytest

from kiosk.states import modes_of
from kiosk.visit import Contrast, Curtain, Keys, Modes, Reach, Sound, Speed, TextSize

EVERY = {
    "text": "large", "contrast": "high", "reach": "low", "language": "en", "sound": "on", "volume": "5",
    "speed": "slow", "keys": "on", "curtain": "on",
}  # fmt: skip
CHOSEN = Modes(TextSize.LARGE, Contrast.HIGH, Reach.LOW, "en", Sound.ON, 5, Speed.SLOW, Keys.ON, Curtain.ON)


def modes(hall):
    return modes_of(hall.machine.desk.state)


def test_a_form_changes_what_it_names_and_nothing_else():
    assert Modes().changed({}) == Modes()
    assert Modes().changed(EVERY) == CHOSEN
    for name, value in EVERY.items():
        assert CHOSEN.changed({name: value}) == CHOSEN
        assert Modes().changed({name: value}) != Modes()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("value", ["", "nonsense", "6", "-1", "１", "\ud800", "zh-CN\n", "ZH", "../en", "x" * 9999])
def test_what_is_no_mode_is_refused(name, value):
    if (name, value) == ("volume", "１"):
        assert Modes().changed({name: value}).volume == 1
    else:
        with pytest.raises(ValueError, match=r".+"):
            Modes().changed({name: value})


def test_modes_hold_before_the_card_with_it_and_end_with_the_visit(hall, screen):
    for name, value in EVERY.items():
        screen.send("/modes", **{name: value})
    assert modes(hall) == CHOSEN
    screen.insert_card("李伟")
    assert modes(hall) == CHOSEN
    assert screen.page.attributes["data-reach"] == "low"
    screen.remove_card()
    assert modes(hall) == Modes()


def test_a_refused_mode_changes_nothing(hall, screen):
    screen.send("/modes", text="large")
    screen.send("/modes", contrast="high", reach="upside-down")
    assert screen.status == 400
    assert modes(hall) == Modes(TextSize.LARGE)


def test_keys_and_curtain_are_taken_quietly_and_draw_no_page_anew(hall, screen):
    screen.send("/modes", text="large")
    before = hall.machine.desk.state.showing
    screen.send("/modes", keys="on", curtain="on", quiet="1")
    assert screen.status == 204
    assert modes(hall) == Modes(TextSize.LARGE, keys=Keys.ON, curtain=Curtain.ON)
    assert hall.machine.desk.state.showing == before
