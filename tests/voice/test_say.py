"""POST /voice/say and /voice/ears as the browser asks them: what is sound, what is for headphones only."""

from __future__ import annotations

import threading
import time
from urllib.parse import unquote

import pytest

from kiosk.events import Finished, ModesChosen
from kiosk.staff.health import silent_languages, voice_words
from kiosk.states import Serving
from kiosk.visit import Modes
from kiosk.voice.engine import Engine
from kiosk.voice.sound import read_wav
from tests.hall import Hall, eventually
from tests.screen import Screen

BALANCE = "余额 86,000.00 元"


@pytest.fixture(scope="module")
def speaking_hall(tmp_path_factory, seeds):
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds, devices={"headphones": "simulated:"})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def window(speaking_hall):
    return Screen(speaking_hall)


@pytest.fixture
def here(window, speaking_hall):
    yield window
    speaking_hall.machine.devices.simulators.headphones.pull_out()
    speaking_hall.reader.remove()
    speaking_hall.machine.desk.handle(Finished())
    window.follow()
    window.visit("/")


def say(screen, text, **fields):
    """As static/voice.js asks: with the word and the address of the page on which the text stands."""
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    where = {"showing": screen.page.attributes.get("data-showing", ""), "page": screen.path}
    told = {"csrf_token": token, "text": text} | where | fields
    return screen.client.post("/voice/say", data=told, base_url=screen.base)


def said(answer) -> str:
    return unquote(answer.headers["Voice-Said"])


def test_words_come_back_as_sound_and_are_stored_nowhere(here):
    answer = say(here, "请插入社会保障卡")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    assert read_wav(answer.data).seconds > 0.8
    assert said(answer) == "请插入社会保障卡"


def test_a_stranger_makes_it_say_nothing(here, speaking_hall):
    assert here.client.post("/voice/say", data={"text": "你好"}, base_url=here.base).status_code == 400, "no token"
    assert here.client.get("/voice/say?text=x", base_url=here.base).status_code == 405
    unpaired = speaking_hall.resident_app.test_client()
    assert unpaired.post("/voice/say", data={"text": "你好"}, base_url=here.base).status_code in (400, 403)


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_to_say_is_no_sound(here, text):
    assert say(here, text).status_code == 204


def test_ten_thousand_characters_are_cut_and_an_unpaired_surrogate_is_harmless(here):
    answer = say(here, "请" * 10_000)
    assert answer.status_code in (200, 204)
    assert here.client.post(
        "/voice/say",
        data=b"text=%ED%A0%80%F0%9F%98%80",
        base_url=here.base,
        content_type="application/x-www-form-urlencoded",
    ).status_code in (200, 204, 400)


def test_personal_words_are_for_headphones(here, speaking_hall):
    assert say(here, BALANCE, personal="1").json == {"for_headphones": True, "say": "请看屏幕"}
    speaking_hall.machine.devices.simulators.headphones.plug_in()
    assert say(here, BALANCE, personal="1").mimetype == "audio/wav"


def test_a_jack_that_is_gone_counts_as_empty(here, speaking_hall):
    jack = speaking_hall.machine.devices.simulators.headphones
    jack.plug_in()
    jack.vanish()
    assert say(here, BALANCE, personal="1").mimetype == "application/json"
    jack.vanish(there=True)


def test_with_a_card_in_only_own_words_are_heard_and_headphones_hear_all(here, speaking_hall):
    here.insert_card("李伟")
    text = f"李某，请插入社会保障卡。{BALANCE}"
    assert said(say(here, text)) == "请插入社会保障卡。"
    assert say(here, BALANCE).json["for_headphones"]
    speaking_hall.machine.devices.simulators.headphones.plug_in()
    assert said(say(here, text)) == text


def test_on_a_page_that_needs_no_card_postings_are_for_everybody(here):
    here.insert_card("李伟")
    here.visit("/services/job_board/")
    assert said(say(here, "云龙镇编织厂，工资 3,000-4,500 元/月")) == "云龙镇编织厂，工资 3,000-4,500 元/月"


def test_what_the_machine_knows_of_somebody_is_not_said_aloud_after_a_page_that_needs_no_card(here):
    holder = here.insert_card("李伟")
    here.visit("/services/job_board/")
    here.visit("/mine")
    here.sees("李*")
    assert say(here, f"李*，{holder.number[:4]}**********{holder.number[-4:]}").json["for_headphones"]
    assert said(say(here, "李*，现在清掉")) == "现在清掉"


@pytest.mark.parametrize("plugged", [False, True])
def test_words_of_a_session_that_is_over_are_said_to_nobody(here, speaking_hall, plugged):
    """The card is out, and the window has not heard of it yet."""
    if plugged:
        speaking_hall.machine.devices.simulators.headphones.plug_in()
    here.insert_card("李伟")
    here.visit("/services/job_board/")
    speaking_hall.reader.remove()
    eventually(lambda: not isinstance(speaking_hall.machine.desk.state, Serving), 60, "the card is out")
    for personal in ("0", "1"):
        answer = say(here, f"李伟，{BALANCE}", personal=personal)
        assert (answer.status_code, answer.data) == (204, b"")


def test_words_of_the_page_from_before_the_card_are_not_taken_for_the_holders(here):
    """The page of whoever stood here first is still shown when somebody's card was read."""
    before = here.page.attributes["data-showing"]
    here.insert_card("李伟")
    here.visit("/services/job_board/")
    assert said(say(here, f"请稍候。{BALANCE}", showing=before)) == "请稍候。"


def test_another_window_hears_nothing_personal_of_who_is_served(here, speaking_hall):
    speaking_hall.machine.devices.simulators.headphones.plug_in()
    here.insert_card("李伟")
    with here.client.session_transaction(base_url=here.base) as cookie:
        cookie["token"] = "somebody else's"
    assert say(here, BALANCE, personal="1").json["for_headphones"]


def test_it_speaks_the_language_of_the_page(here, speaking_hall):
    speaking_hall.machine.desk.handle(ModesChosen(Modes(language="en")))
    english = read_wav(say(here, "Please insert your social security card").data).seconds
    speaking_hall.machine.desk.handle(ModesChosen(Modes(language="zh-CN")))
    assert 1.0 < english < 6.0
    speaking_hall.machine.desk.handle(ModesChosen(Modes(language="ug")))
    assert read_wav(say(here, "كارتىڭىزنى سېلىڭ").data).seconds > 0.8


def test_who_waits_for_the_plug_is_answered_when_it_comes_out(here, speaking_hall):
    jack = speaking_hall.machine.devices.simulators.headphones
    jack.plug_in()
    token = next(form.fields["csrf_token"] for form in here.page.forms if "csrf_token" in form.fields)
    threading.Timer(0.2, jack.pull_out).start()
    began = time.monotonic()
    answer = here.client.post("/voice/ears", data={"csrf_token": token, "in": "1"}, base_url=here.base)
    assert answer.json == {"in": False}
    assert time.monotonic() - began < 10


def test_a_machine_without_speech_is_silent_and_says_so(here, speaking_hall, tmp_path):
    voice = speaking_hall.machine.voice
    usual, voice.engine = voice.engine, Engine(tmp_path)
    assert say(here, "请插入社会保障卡").status_code == 204
    health = here.client.get("/health", base_url=here.base).json["voice"]
    voice.engine = usual
    assert health["engine"] == "no speech library is installed"
    assert voice_words(health, [])[0] == "stop"


def test_the_clerk_reads_how_the_voice_is(speaking_hall):
    told = speaking_hall.machine.voice.health()
    assert voice_words(told, []) == ("good", "会说话，不用网络")
    assert voice_words(told, ["藏文"])[0] == "wait"
    assert voice_words(told | {"engine": "none"}, [])[0] == "wait"
    assert voice_words(told | {"broken": {"zh-CN": ["n-yi"]}}, [])[0] == "stop"
    assert silent_languages(speaking_hall.machine) == []
