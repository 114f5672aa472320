"""What the screen says aloud: POST /voice/say makes the sound, and decides what a loudspeaker may say."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app, jsonify, make_response, request, session

from kiosk.identity import Assurance
from kiosk.machine import machine
from kiosk.resident_service import ResidentService
from kiosk.states import Serving, State, modes_of
from kiosk.visit import Keys
from kiosk.voice import LOOK_AT_SCREEN, USE_HEADPHONES, NoSpeech

screen = Blueprint("voice", __name__, url_prefix="/voice")

EARS_SECONDS = 2.0
"""How long a question for a change of the headphones is kept; a browser that left holds no thread for longer."""
LONGEST = 2000
LONGEST_TOLD = 400


@screen.post("/say")
def say() -> Response:
    """The words of the form field ``text`` (lines) as ``audio/wav``; 204 where this machine cannot speak.

    ``personal``: 1 for what nobody else may hear: unless headphones are in, the answer is no sound but JSON with
    ``say``, the words for the loudspeaker. While a card is in, clauses that are not the program's own words count as
    personal too and are left out, unless the page needs no card; ``Voice-Said`` tells what is in the sound. The text is
    in no address, no log and no file; nothing is stored.

    ``showing`` and ``page``: the word and the address of the page the words stand on. Words of a session that is over
    are said to nobody: a window may hear late that the card is out.
    """
    text, here = request.form.get("text", "")[:LONGEST].strip(), machine()
    before = here.desk.state
    language, speed = modes_of(before).language, modes_of(before).speed
    private = may_hear_personal(before)
    if told().startswith(f"{Serving.name}-") and told() != visit_of(before):
        return make_response("", 204)
    if text and not private:
        text = "" if request.form.get("personal") == "1" else for_everybody(text, before, language)
        if not text:
            return for_headphones(before, language)
    try:
        said = here.voice.say(text, language, speed)
    except NoSpeech:
        return make_response("", 204)
    if not still_theirs(before) or (private and not headphones_in()):
        return for_headphones(before, language)
    answer = Response(said.sound.wav(), mimetype="audio/wav")
    answer.headers["Voice-Recorded"] = "1" if said.recorded else "0"
    answer.headers["Voice-Said"] = quote(text[:LONGEST_TOLD])
    return answer


@screen.post("/ears")
def ears() -> Response:
    """Whether headphones are in; answers when that differs from the field ``in``, or after two seconds."""
    jack = machine().devices.headphones
    told = request.form.get("in") == "1"
    now = jack.wait_for_change(told, EARS_SECONDS) if jack is not None else False
    return jsonify({"in": now})


def for_headphones(state: State, language: str) -> Response:
    """What a loudspeaker may say instead, in the language of the page: whoever uses the keys may not see the screen."""
    blind = modes_of(state).keys is Keys.ON
    words = machine().languages.words_of(language).say(USE_HEADPHONES if blind else LOOK_AT_SCREEN, {})
    return jsonify({"for_headphones": True, "say": words})


def for_everybody(text: str, state: State, language: str) -> str:
    """What anybody may hear of ``text``: all of it where no card is in or the page needs none, else the own words.

    The page is where the resident is and where the words stand: a page beside the services (/mine) is where nobody is.
    """
    pages = (request.form.get("page", ""), state.page) if isinstance(state, Serving) else ()
    if all(map(needs_no_card, pages)) and (not pages or told() == visit_of(state)):
        return text
    return machine().voice.own_words(language).kept(text)


def told() -> str:
    """Whose page the words stand on, as the window shows it: the word of the visit without scene and devices."""
    return request.form.get("showing", "").partition("~")[0].partition(".")[0]


def visit_of(state: State) -> str:
    """The same of the desk."""
    return state.showing.partition(".")[0]


def needs_no_card(page: str) -> bool:
    """Whether a page is of a service that serves anybody."""
    service = current_app.blueprints.get(page.removeprefix("/services/").partition("/")[0])
    return isinstance(service, ResidentService) and service.needs is Assurance.OPEN


def may_hear_personal(state: State) -> bool:
    """Headphones are in, and this window shows the person who is served, or somebody without a card."""
    desk = machine().desk
    return headphones_in() and (not isinstance(state, Serving) or desk.serves(session.get("token", "")))


def still_theirs(before: State) -> bool:
    """Whether the person who asked is still served: sound takes its time."""
    return visit_of(before) == visit_of(machine().desk.state) or not isinstance(before, Serving)


def headphones_in() -> bool:
    """Whether the jack says so; a machine without one has none in."""
    jack = machine().devices.headphones
    return jack is not None and jack.inserted
