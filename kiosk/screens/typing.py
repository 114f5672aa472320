"""Typing at the screen: keys, what letters may stand for, what was written by hand. Nothing typed is kept or logged."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, render_template, request
from pydantic import ValidationError

from kiosk.errors import RequestRefused
from kiosk.handwriting.strokes import Written, foremost, framed
from kiosk.machine import machine
from kiosk.pinyin.candidates import LONGEST_LETTERS, candidates
from kiosk.uplink.hall_words import Words

screen = Blueprint("typing", __name__, url_prefix="/typing")

LETTERS = re.compile(rf"[a-z]{{1,{LONGEST_LETTERS}}}")
LONGEST_WRITING = 128 * 1024
"""Bytes of the strokes of one character; forty strokes of two hundred points are no more."""
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@screen.get("/keyboard")
def keyboard() -> str:
    """The keys of the keyboard, as a piece of a page; handwriting is offered where this machine reads it."""
    return render_template("resident/keyboard.html", rows=ROWS, handwriting=not machine().handwriting.absent)


@screen.post("/pinyin")
def pinyin() -> Response:
    """``found``: what the ``letters`` may stand for, the likeliest first, each with how many of them it takes."""
    letters = request.form.get("letters", "")
    if not LETTERS.fullmatch(letters):
        raise RequestRefused("not letters as the keyboard sends them")
    jobs = machine().county.feed.jobs
    found = candidates(letters, hall_words().vocabulary, jobs.pinyin)
    return jsonify({"found": [(candidate.text, candidate.used) for candidate in found]})


@screen.post("/strokes")
def strokes() -> Response:
    """``found``: the ten characters that the strokes may be. Raises HandwritingAway."""
    if (request.content_length or 0) > LONGEST_WRITING:
        raise RequestRefused("more than a hand writes")
    try:
        written = Written.model_validate_json(request.get_data())
    except ValidationError as error:
        raise RequestRefused("not strokes as the keyboard sends them") from error
    found = machine().handwriting.read(framed(written.strokes))
    return jsonify({"found": foremost(found, hall_words().characters)})


def hall_words() -> Words:
    """The words of this hall as its feed stands now."""
    county, towns = machine().county, machine().locality.towns
    return machine().hall_words.at(county.feed.revision, tuple(town.name for town in towns))
