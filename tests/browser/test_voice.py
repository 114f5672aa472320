"""The screen speaks in real Chromium: what is said, when it falls silent, and what no loudspeaker ever says."""

from __future__ import annotations

import pytest

from kiosk.events import ModesChosen, SceneChanged
from kiosk.visit import Modes, Sound
from tests.browser_screen import LiveHall

SAY = "([words, options]) => window.hall.say(words, options)"
BEGIN = "([words, options]) => { window.heard = window.hall.say(words, options); }"
SPOKEN, ASKED, HEARD = "() => window.hall.spoken", "() => window.hall.asked", "() => window.heard"
LONG = "请插入社会保障卡，芯片朝下，插到底。" * 12
BALANCE = "您的余额是 86,000.00 元"


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    opened = LiveHall(tmp_path_factory.mktemp("hall"), seeds, devices={"headphones": "simulated:"})
    yield opened
    opened.close()


@pytest.fixture
def jack(hall):
    found = hall.machine.devices.simulators.headphones
    yield found
    found.pull_out()


def say(screen, words, **options):
    return screen.tab.evaluate(SAY, [words, {"force": True, **options}])


def begin(screen, words, **options):
    screen.tab.evaluate(BEGIN, [words, {"force": True, **options}])
    screen.waits_for(lambda: screen.tab.evaluate(SPOKEN))


def sound_on(screen):
    screen.hall.machine.desk.handle(ModesChosen(Modes(sound=Sound.ON)))
    screen.visit("/")


def test_words_are_made_into_sound_and_played(screen):
    assert say(screen, "请插入社会保障卡") == "said"
    assert screen.tab.evaluate(SPOKEN) == ["请插入社会保障卡"]


def test_without_sound_nothing_is_said(screen):
    assert say(screen, "请插入社会保障卡", force=False) == "silent"
    assert screen.tab.evaluate(ASKED) == []


def test_a_new_word_interrupts_the_old_one(screen):
    begin(screen, LONG)
    assert say(screen, "请稍候") == "said"
    assert screen.tab.evaluate(HEARD) == "hushed"


def test_personal_words_never_come_out_of_the_loudspeaker(screen):
    assert say(screen, BALANCE, personal=True) == "screen"
    assert say(screen, [{"text": "王某", "personal": True}, {"text": BALANCE, "personal": True}]) == "screen"
    assert screen.tab.evaluate(SPOKEN) == ["请看屏幕", "请看屏幕"]


def test_with_a_card_in_only_the_programs_own_words_are_for_everybody(screen):
    screen.insert_card("李伟")
    assert say(screen, "余额八万六千，李伟") == "screen"
    assert screen.tab.evaluate(SPOKEN) == ["请看屏幕"]


def test_headphones_hear_what_is_personal_until_the_plug_comes_out(screen, jack):
    jack.plug_in()
    assert say(screen, BALANCE, personal=True) == "said"
    begin(screen, BALANCE * 8, personal=True)
    screen.waits_for(lambda: screen.tab.evaluate(SPOKEN)[-1] == BALANCE * 8)
    jack.pull_out()
    assert screen.tab.evaluate(HEARD) == "hushed"


def test_a_page_is_read_when_it_comes_and_not_twice(screen):
    sound_on(screen)
    title = screen.page.locator("h1").first.inner_text().strip()
    screen.waits_for(lambda: title in screen.tab.evaluate(ASKED))
    asked = len(screen.tab.evaluate(ASKED))
    screen.tab.evaluate("() => document.addEventListener('htmx:after:swap', () => { window.swapped = true; })")
    desk = screen.hall.machine.desk
    desk.handle(SceneChanged(desk.state.visit.number))
    screen.waits_for(lambda: screen.tab.evaluate("() => window.swapped"))
    assert len(screen.tab.evaluate(ASKED)) == asked


def test_nobody_goes_on_speaking_when_the_card_is_pulled(screen):
    screen.insert_card("李伟")
    begin(screen, "请看屏幕。" * 30)
    screen.remove_card()
    assert screen.tab.evaluate(HEARD) == "hushed"
    assert screen.tab.evaluate(SPOKEN) == [], "nothing said is remembered of the visit that ended"


def test_a_key_of_the_pad_is_a_beep_and_never_its_digit(screen):
    sound_on(screen)
    screen.insert_card("李伟")
    screen.visit("/pin")
    before = screen.tab.evaluate(ASKED)
    for digit in "2468":
        screen.tap(screen.page.locator(f"[data-digit='{digit}']"))
    screen.waits_for(lambda: screen.tab.evaluate("() => window.hall.beeps") == 4)
    assert screen.tab.evaluate(ASKED) == before or not {"2", "4", "6", "8"} & set(screen.tab.evaluate(ASKED))
