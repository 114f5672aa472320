"""The modes: one touch away on every screen, before the card and with it, and gone with the visit."""

import pytest

from kiosk.events import Closed
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


@pytest.mark.parametrize(
    ("shown", "back"),
    [
        ("{base}/sound", "/sound"),
        ("{base}/help?x=1", "/help?x=1"),
        ("{base}/leave", "/"),
        ("{base}/nowhere", "/"),
        ("http://elsewhere.example/sound", "/"),
        ("{base}//elsewhere.example/help", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_mode_leaves_the_page_that_was_shown(screen, shown, back):
    token = next(form.fields["csrf_token"] for form in screen.page.forms)
    answer = screen.client.post(
        "/modes", data={"text": "large", "csrf_token": token}, base_url=screen.base,
        headers={"HX-Current-URL": shown.format(base=screen.base)},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (303, back)


def test_the_sound_comes_on_with_one_touch_and_leads_to_its_volume_then(hall, screen):
    screen.visit("/services/job_board/")
    screen.press("声音")
    assert modes(hall).sound is Sound.ON
    assert screen.path.startswith("/services/job_board/")
    screen.press("声音")
    screen.sees("声音大小：第 3 档")
    screen.press("不读")
    assert modes(hall).sound is Sound.OFF


def test_the_sound_is_set_in_big_steps_and_ends_where_there_is_no_more(hall, screen):
    screen.visit("/sound")
    screen.press("读出来")
    for volume in (4, 5):
        screen.visit("/sound")
        screen.press("响一点")
        assert (modes(hall).sound, modes(hall).volume) == (Sound.ON, volume)
    screen.visit("/sound")
    screen.sees("第 5 档，共 5 档")
    assert 'value="6" aria-pressed="false" disabled' in screen.page.html
    screen.press("慢")
    assert modes(hall).speed is Speed.SLOW


def test_the_foot_offers_what_leads_somewhere(hall, screen):
    everything = {"首页", "叫工作人员", "语言", "大字", "高对比", "低位", "声音"}

    def foot():
        return {word for word in everything if any(word in button for button in screen.buttons())}

    assert foot() == everything
    screen.insert_card("孙丽")
    assert foot() == everything - {"首页"}, "only the card leads on"
    screen.send("/modes", text="large")
    assert modes(hall).text is TextSize.LARGE, "a page about the card can be made larger"
    screen.remove_card()
    hall.machine.desk.handle(Closed("cleaning"))
    screen.visit("/closed")
    assert foot() == {"叫工作人员"}
