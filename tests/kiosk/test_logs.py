"""No personal number reaches a log line, whoever wrote it."""

import io
import logging
import threading

import pytest
from flask import session
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contract.residents import Sitting
from kiosk.logs import scrubbed, start_logging
from kiosk.store import Store


@pytest.fixture
def log_lines():
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, threading.excepthook
    stream = io.StringIO()
    start_logging(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    threading.excepthook = hook


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("of 510599194001010014.", "of [id number]."),
        ("63990019620315001x", "[id number]"),
        ("old 510599650110001", "old [id number]"),
        ("card A51059901 read", "card [card number] read"),
        ("20260310-1A2B3C4D stays", "20260310-1A2B3C4D stays"),
    ],
)
def test_numbers_are_taken_out(said, kept):
    assert scrubbed(said) == kept


def test_arguments_and_traces_are_scrubbed_too(log_lines):
    try:
        int("510599194001010014 is no number")
    except ValueError:
        logging.getLogger("somewhere").exception("card %s", "X00012345")
    written = log_lines.getvalue()
    assert "510599194001010014" not in written
    assert "X00012345" not in written
    assert "[id number] is no number" in written


def test_a_thread_that_dies_is_logged_through_the_scrubber(log_lines):
    def die():
        int("510599194001010014 is no number")

    thread = threading.Thread(target=die, name="reader")
    thread.start()
    thread.join()
    assert "thread reader died" in log_lines.getvalue()
    assert "510599194001010014" not in log_lines.getvalue()


def test_neither_database_nor_message_errors_tell_what_was_given(tmp_path):
    store = Store(tmp_path / "kiosk.sqlite")
    with pytest.raises(DatabaseError) as failed, store.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "欧阳晓晴"})
    assert "欧阳晓晴" not in str(failed.value)
    store.close()
    with pytest.raises(ValidationError) as refused:
        Sitting.model_validate({"sitting": "x", "reference": "r", "name": "欧阳晓晴", "ends_at": "欧阳晓晴"})
    assert "欧阳晓晴" not in str(refused.value)


def test_a_cookie_known_by_its_text_gives_every_request_its_own_session(screen):
    with screen.hall.resident_app.test_request_context("/", base_url=screen.base, headers=screen_cookie(screen)):
        session["scribble"] = "x"
    with screen.hall.resident_app.test_request_context("/", base_url=screen.base, headers=screen_cookie(screen)):
        assert "window" in session
        assert "scribble" not in session


def screen_cookie(screen):
    cookie = screen.client.get_cookie("resident", domain="127.0.0.1")
    return {"Cookie": f"resident={cookie.value}"}
