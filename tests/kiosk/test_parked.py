"""The parked request: silent while the window is right, quick when it is not, never more of them than places."""

import threading
import time

import pytest

from kiosk.events import Closed, Opened, SceneChanged, Touched
from kiosk.parking import PARKED_AT_MOST, ParkingLot
from kiosk.states import Serving
from tests.hall import eventually
from tests.screen import Screen


class Parker:
    """The window with its parked request, which waits less long than in a hall."""

    def __init__(self, hall, seconds=0.3):
        hall.resident_app.extensions["parking_lot"] = ParkingLot(seconds)
        self.hall, self.screen, self.desk = hall, Screen(hall), hall.machine.desk

    def park(self, showing=None, **query):
        showing = self.desk.state.showing if showing is None else showing
        return self.screen.client.get("/desk", query_string={"showing": showing} | query, base_url=self.screen.base)

    def park_aside(self, **query):
        """Park in a thread with a client of its own that has the window's cookie; (answers, thread)."""
        client, answers = self.hall.resident_app.test_client(), []
        cookie = self.screen.client.get_cookie("resident", domain="127.0.0.1").value
        client.set_cookie("resident", cookie, domain="127.0.0.1")
        query = {"showing": self.desk.state.showing} | query
        act = lambda: answers.append(client.get("/desk", query_string=query, base_url=self.screen.base))  # noqa: E731  one line
        thread = threading.Thread(target=act)
        thread.start()
        return answers, thread


@pytest.fixture
def parker(hall):
    return Parker(hall)


@pytest.fixture
def patient(hall):
    return Parker(hall, 20.0)


def test_while_the_window_is_right_the_answer_is_silence_after_its_time(parker):
    began = time.monotonic()
    answer = parker.park()
    assert answer.status_code == 204
    assert 0.25 < time.monotonic() - began < 5


@pytest.mark.parametrize("showing", ["", "reading", "nonsense", "serving-1.0", "x" * 5000])
def test_a_window_that_shows_something_else_is_told_where_to_go(parker, showing):
    told = parker.park(showing).json
    assert (told["go"], told["warn_seconds"]) == ("/", None)


def test_a_change_is_told_at_once(patient):
    answers, thread = patient.park_aside()
    time.sleep(0.2)
    began = time.monotonic()
    patient.desk.handle(Closed("cleaning"))
    thread.join(5)
    assert answers[0].json["go"] == "/closed"
    assert time.monotonic() - began < 3
    patient.desk.handle(Opened())


def test_a_card_brings_the_window_to_reading_and_home_with_its_token(patient):
    answers, thread = patient.park_aside()
    time.sleep(0.1)
    patient.hall.insert(patient.hall.person("李伟"))
    thread.join(5)
    assert answers[0].json["go"] in ("/reading", "/")
    eventually(lambda: isinstance(patient.desk.state, Serving))
    assert patient.park("reading").json["go"] == "/"
    patient.screen.visit("/")
    patient.screen.sees("李*")


def test_a_newer_request_of_the_window_sends_the_older_away(patient):
    first, one = patient.park_aside()
    time.sleep(0.2)
    _, other = patient.park_aside()
    one.join(5)
    assert first[0].status_code == 204
    assert other.is_alive()
    patient.desk.handle(Closed("x"))
    other.join(5)
    assert not other.is_alive()


def test_beyond_the_places_there_are_it_says_so_and_a_place_given_back_is_free_again(parker):
    lot = parker.hall.resident_app.extensions["parking_lot"]
    for _ in range(PARKED_AT_MOST):
        lot.enter()
    answer = parker.park()
    assert answer.status_code == 503
    assert "K-507" in answer.get_data(as_text=True)
    lot.leave()
    assert parker.park().status_code == 204
    assert parker.park().status_code == 204


def test_stopping_the_machine_wakes_everybody(patient):
    answers, thread = patient.park_aside()
    time.sleep(0.2)
    began = time.monotonic()
    patient.hall.machine.stop()
    thread.join(5)
    assert answers[0].status_code == 204
    assert time.monotonic() - began < 5
    assert patient.hall.machine.stopping.is_set()


def test_a_scene_that_changed_reloads_the_page_that_is_shown(patient):
    patient.desk.handle(Touched("/services/job_board/"))
    answers, thread = patient.park_aside()
    time.sleep(0.1)
    patient.desk.handle(SceneChanged(patient.desk.state.visit.number))
    thread.join(5)
    assert answers[0].json["go"] == "/services/job_board/"


def test_a_quiet_visit_is_warned_touched_back_and_ended(open_hall):
    hall = open_hall(session={"warn_seconds": 1.0, "end_seconds": 3.0, "form_end_seconds": 3.0})
    parker = Parker(hall, 10.0)
    hall.insert(hall.person("李伟"))
    parker.screen.follow()
    warned = parker.park()
    assert warned.json["go"] is None
    assert 1.0 < warned.json["warn_seconds"] <= 2.0
    parker.screen.send("/desk/touch")
    unwarned = parker.park(warned="1")
    assert unwarned.json == {"go": None, "warn_seconds": None, "of": 1.5, "last": False}
    began = time.monotonic()
    parker.park()
    ended = parker.park(warned="1")
    assert ended.json["go"] == "/card-left"
    assert time.monotonic() - began < 8
    parker.screen.follow()
    parker.screen.does_not_see("李")


def test_a_session_that_ended_is_told_at_once_though_the_window_still_asks_for_something(patient):
    """The county is slow, the resident pulls the card: nothing waits for the county."""
    patient.hall.insert(patient.hall.person("李伟"))
    patient.screen.follow()
    traffic = patient.hall.resident_app.extensions["traffic"]
    traffic.enter()
    answers, thread = patient.park_aside()
    time.sleep(0.2)
    began = time.monotonic()
    patient.hall.remove()
    thread.join(10)
    assert time.monotonic() - began < 5  # it would be parked for longer
    assert answers[0].json == {"go": "/", "warn_seconds": None, "over": True}
    traffic.leave()


def test_of_two_pages_of_the_window_the_newer_one_counts(patient):
    first, one = patient.park_aside(page="a")
    time.sleep(0.2)
    second, other = patient.park_aside(page="b")
    one.join(5)
    assert first[0].status_code == 204
    told = patient.park(page="a")
    assert told.json["covered"], "the older page is covered at once, and parks no more"
    assert other.is_alive(), "the newer one was not disturbed"
    patient.desk.handle(Closed("x"))
    other.join(5)
    assert second[0].json["go"] == "/closed"
    patient.desk.handle(Opened())
    assert "covered" not in patient.park("x", page="c").json, "a page loaded again is the newest"
