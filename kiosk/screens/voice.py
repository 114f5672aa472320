"""What the screen says aloud: POST /voice/say makes the sound, and decides what a loudspeaker may say."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request, session

from kiosk.machine import machine
from kiosk.screens.places import modes_of
from kiosk.states import Serving
from kiosk.voice import LOOK_AT_SCREEN, NoSpeech

screen = Blueprint("voice", __name__, url_prefix="/voice")


@screen.post("/say")
def say() -> Response:
    """The words of the form field ``text`` as ``audio/wav``; 204 where this machine cannot speak.

    ``personal``: 1 for what nobody else may hear: unless headphones are in, the answer is no sound but JSON with
    ``say``, the words for the loudspeaker. The text is in no address, no log and no file; nothing is stored.
    """
    text, here = request.form.get("text", "").strip(), machine()
    personal = request.form.get("personal") == "1"
    if personal and not may_hear_personal():
        return for_headphones()
    modes = modes_of(here.desk.state)
    try:
        sound = here.voice.say(text, modes.language, modes.speed)
    except NoSpeech:
        return make_response("", 204)
    if personal and not may_hear_personal():  # pulled out while the sound was made
        return for_headphones()
    return Response(sound.wav(), mimetype="audio/wav")


def for_headphones() -> Response:
    """What a loudspeaker may say instead."""
    return jsonify({"for_headphones": True, "say": LOOK_AT_SCREEN})


def may_hear_personal() -> bool:
    """Headphones are in, and this window shows the person who is served, or somebody without a card."""
    state, desk = machine().desk.state, machine().desk
    return headphones_in() and (not isinstance(state, Serving) or desk.serves(session.get("token", "")))


def headphones_in() -> bool:
    """Whether the jack says so; without one nobody has headphones."""
    return False
