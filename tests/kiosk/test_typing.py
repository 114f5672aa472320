"""What the keyboard of the screen asks: good answers, clear refusals, and no trace of what was typed."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from tests.hall import Hall
from tests.kiosk.test_handwriting import needs_zinnia

TITLE = "服务员"
TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def hall(tmp_path_factory, seeds):
    """One hall for all of them: nothing here leaves anything behind, which is what they are about."""
    opened = Hall(tmp_path_factory.mktemp("typing"), seeds)
    yield opened
    opened.close()


class Window:
    """The window as the keyboard's script asks: paired, with the token of its page."""

    def __init__(self, hall):
        self.client = hall.resident_app.test_client()
        self.base = f"http://{hall.settings.faces.resident}"
        key = (hall.settings.folder / "secrets" / "pairing-key").read_text()
        page = self.get(f"/?key={key}", follow_redirects=True).get_data(as_text=True)
        self.token = {"X-CSRFToken": page.split('name="csrf-token" content="')[1].split('"')[0]}

    def get(self, path, **other):
        return self.client.get(path, base_url=self.base, **other)

    def post(self, path, *, headers=(), **other):
        return self.client.post(path, base_url=self.base, headers=self.token | dict(headers), **other)


@pytest.fixture
def face(hall):
    hall.machine.handwriting.close()
    return Window(hall)


def test_letters_are_answered_with_words_of_the_feed_first(face):
    found = face.post("/typing/pinyin", data={"letters": "fwy"}).get_json()["found"]
    assert [TITLE, 3] in found[:4]
    assert face.post("/typing/pinyin", data={"letters": "ylz"}).get_json()["found"][0][0].startswith("云龙")
    assert face.post("/typing/pinyin", data={"letters": "gong"}).get_json()["found"][3][1] == 4


LETTERS = [
    "",
    "A",
    "fw y",
    "缝",
    "a" * 41,
    "a" * 10_000,
    "\x00",
    "a\x00",
    "\ud83d",
    "'; DROP TABLE posting; --",
    "🙂",
    "ａ",
]


@pytest.mark.parametrize("letters", LETTERS, ids=lambda letters: letters[:12].encode("unicode_escape").decode())
def test_what_no_key_sends_is_refused_clearly(face, letters):
    data = b"letters=" + letters.encode("utf-8", "surrogatepass")
    answer = face.post("/typing/pinyin", data=data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "K-506" in answer.get_data(as_text=True)


ONE = [[10, 10], [900, 10]]
STROKES = {
    "nothing": "", "no JSON": "{", "no strokes": '{"strokes": []}', "an empty stroke": '{"strokes": [[]]}',
    "not a number": '{"strokes": [[[NaN, 1]]]}', "infinite": '{"strokes": [[[Infinity, 1]]]}',
    "a fraction": '{"strokes": [[[1.5, 1]]]}', "outside": '{"strokes": [[[1001, 1]]]}',
    "below": '{"strokes": [[[-1, 1]]]}',
    "huge": '{"strokes": [[[' + "9" * 5000 + ", 1]]]}", "words": '{"strokes": [[["a", "b"]]]}',
    "one value": '{"strokes": [[[1]]]}',
    "more": json.dumps({"strokes": [ONE], "who": "me"}), "strokes without end": json.dumps({"strokes": [ONE] * 41}),
    "points without end": json.dumps({"strokes": [[[1, 1]] * 201]}), "deep": "[" * 20_000 + "]" * 20_000,
    "surrogate": '{"strokes": "\\ud83d"}', "a list": "[]", "null": "null",
    "many kilobytes": '{"strokes": [' + " " * 140_000 + "]}",
}  # fmt: skip


@pytest.mark.parametrize("body", STROKES.values(), ids=STROKES.keys())
def test_strokes_that_no_hand_writes_are_refused_before_anything_reads_them(hall, face, body):
    answer = face.post("/typing/strokes", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "K-506" in answer.get_data(as_text=True)
    assert hall.machine.handwriting.process is None


def test_a_million_points_are_not_even_taken_in(hall, face):
    answer = face.post(
        "/typing/strokes", data=json.dumps({"strokes": [[[1, 1]] * 1_000_000]}), content_type="application/json"
    )
    assert answer.status_code in (400, 413)
    assert hall.machine.handwriting.process is None


@needs_zinnia
def test_strokes_give_ten_characters_even_of_one_dot_and_of_as_many_as_are_taken(face):
    for strokes in ([[[500, 500]]], [[[5, 5], [5, 5]]], [[[n, n] for n in range(200)]] * 40, [ONE]):
        answer = face.post("/typing/strokes", json={"strokes": strokes})
        assert answer.status_code == 200
        assert 0 < len(answer.get_json()["found"]) <= 10


def test_a_stranger_and_a_page_without_token_get_nothing(face):
    asked = {"data": {"letters": "a"}}
    assert face.post("/typing/pinyin", **asked).status_code == 200
    assert face.post("/typing/pinyin", headers={"Origin": "http://evil.example"}, **asked).status_code == 403
    face.token = {}
    assert face.post("/typing/pinyin", **asked).status_code == 400
    face.client.delete_cookie("resident", domain="127.0.0.1")
    assert face.get("/typing/keyboard").status_code == 403


def test_nothing_typed_is_logged_journalled_or_kept(hall, face, caplog):
    caplog.set_level(logging.DEBUG)
    letters, strokes = "zhouqiang", [[[123, 457], [321, 754]]]
    face.post("/typing/pinyin", data={"letters": letters})
    face.post("/typing/pinyin", data={"letters": letters + "X"})
    face.post("/typing/strokes", json={"strokes": strokes})
    face.post("/typing/strokes", json={"strokes": [[[123457, 1]]]})
    assert letters not in caplog.text
    assert "123457" not in caplog.text
    files = [file for file in hall.settings.folder.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert letters.encode() not in file.read_bytes(), file


def test_candidates_are_the_same_for_everybody_whatever_was_typed_before(face):
    first = face.post("/typing/pinyin", data={"letters": "shi"}).get_json()
    for _ in range(30):
        face.post("/typing/pinyin", data={"letters": "shier"})
    assert face.post("/typing/pinyin", data={"letters": "shi"}).get_json() == first


def test_without_a_model_the_tab_is_not_offered_and_health_says_why(open_hall):
    client = Window(open_hall(typing={"handwriting_model": "/nowhere/model"}))
    keys = client.get("/typing/keyboard").get_data(as_text=True)
    assert 'data-kb-tab="strokes"' not in keys
    assert "拼音" in keys
    told = client.get("/health").get_json()["handwriting"]
    assert told["state"] == "missing"
    assert "/nowhere/model" in told["reason"]


RESIDENT = [
    file
    for name in ("resident", "services", "counter", "parts.html", "credential_parts.html")
    for place in [TEMPLATES / name]
    for file in (sorted(place.glob("*.html")) if place.is_dir() else [place])
]
DIGITS_ONLY = re.compile(r"""inputmode=["']?(numeric|decimal|tel)|type=["']?(number|tel)\b|<input[^>]*\bpattern=""")


@pytest.mark.parametrize("file", RESIDENT, ids=lambda file: file.name)
def test_no_field_refuses_the_x_an_id_number_may_end_in(file):
    """The PIN pad is no field; staff pages ask for minutes and orders, never for a person's number by digits alone."""
    assert not DIGITS_ONLY.search(file.read_text(encoding="utf-8"))


def test_the_digits_of_the_keyboard_have_an_x(face):
    keys = face.get("/typing/keyboard").get_data(as_text=True).split('data-kb-face="digits"')[1].split("</div>")[0]
    assert re.findall(r'data-kb-digit="(.)"', keys) == [*"1234567890X"]
