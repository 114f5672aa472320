"""Fault 43: every thread of a face's pages is held. Health and the parked request are answered apart; it is noticed."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import threading
import time

import httpx
import pytest

from kiosk.serve import THREADS, Faces
from kiosk.watchdog import Watchdog
from tests.hall import LOCALITY, Hall, eventually
from tests.processes import TOKEN

POST = re.compile(r'href="(/services/job_board/post/[^"?/]+)')
SHOWING = re.compile(r'data-showing="([^"]*)"')
SOON = 5.0
"""Far less than the ten seconds for which a page waits for a database that another holds."""


@pytest.fixture(scope="module")
def served(tmp_path_factory, seeds):
    """A machine on its real servers, where a resident may ask for as many telephones as there are threads."""
    folder = tmp_path_factory.mktemp("hall")
    pack = folder / "pack"
    shutil.copytree(LOCALITY, pack)
    law = pack / "locality.toml"
    changed = law.read_text(encoding="utf-8").replace("contacts_per_visit = 5", "contacts_per_visit = 100")
    law.write_text(changed, encoding="utf-8")
    hall = Hall(folder / "hall", seeds, kiosk={"locality": str(pack)})
    faces = Faces(hall.machine)
    faces.listen()
    yield hall
    hall.machine.stop()
    for server in faces.servers:
        server.close()
    hall.hub.stop()


@pytest.fixture(scope="module")
def browser(served):
    """The one window that is paired."""
    with httpx.Client(base_url=f"http://{served.settings.faces.resident}", timeout=60) as window:
        assert window.get("/").status_code == 200
        yield window


class Held:
    """Another program holds the database: every thread of the pages writes down that a telephone was shown, and waits.

    As the context ends the database is let go, and every page has its answer.
    """

    def __init__(self, served, browser) -> None:
        self._file = served.machine.store.file
        self._browser = browser
        self.answers: list[int] = []
        board = browser.get("/services/job_board/").text
        posts = list(dict.fromkeys(POST.findall(board)))
        more = browser.get("/services/job_board/?page=2").text
        self._posts = list(dict.fromkeys([*posts, *POST.findall(more)]))[:THREADS]
        assert len(self._posts) == THREADS
        page = browser.get(self._posts[0]).text
        self._token = TOKEN.search(page)[1]
        self.showing = SHOWING.search(page)[1]

    def _ask(self, post: str) -> None:
        answer = self._browser.post(f"{post}/contact", data={"csrf_token": self._token})
        self.answers.append(answer.status_code)

    def __enter__(self):
        self._other = sqlite3.connect(self._file, isolation_level=None)
        self._other.execute("BEGIN IMMEDIATE")
        self._asking = [threading.Thread(target=self._ask, args=(post,)) for post in self._posts]
        for one in self._asking:
            one.start()
        return self

    def __exit__(self, *_):
        self._other.execute("ROLLBACK")
        self._other.close()
        for one in self._asking:
            one.join(60)


def health(served, face="resident"):
    began = time.monotonic()
    told = httpx.get(f"http://{getattr(served.settings.faces, face)}/health", timeout=20).json()
    assert time.monotonic() - began < SOON
    return told


def test_fault_43_with_every_thread_of_its_pages_held_a_face_says_how_it_is_and_hears_of_cards(served, browser):
    assert health(served)["held"] == 0
    with Held(served, browser) as held:
        eventually(lambda: health(served)["held"] > 0, SOON, "all threads are held")
        assert health(served, "staff")["held"] == health(served, "display")["held"] == 0
        began = time.monotonic()
        threading.Timer(0.2, served.insert, [served.person("王秀英")]).start()
        parked = browser.get("/desk", params={"showing": held.showing})
        assert parked.json()["go"], "a window with a card in it is to show something else"
        assert health(served)["desk"] in {"reading", "serving"}
        assert time.monotonic() - began < SOON
        assert not held.answers, "all were held meanwhile"
    assert len(held.answers) == THREADS
    eventually(lambda: health(served)["held"] == 0)
    served.remove()
    assert browser.get("/").status_code == 200


def test_fault_43_a_face_whose_threads_are_held_for_good_is_not_called_alive(served, browser, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, Held(served, browser):
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        ended, patient = threading.Event(), threading.Event()
        eventually(lambda: health(served)["held"] >= 0.5, SOON)
        Watchdog(str(tmp_path / "notify"), served.settings.faces.resident).start(patient)
        assert systemd.recv(100) == b"READY=1", "a page may wait a while"
        patient.set()
        assert systemd.recv(100) == b"STOPPING=1"
        Watchdog(str(tmp_path / "notify"), served.settings.faces.resident, held_seconds=0.5).start(ended)
        systemd.settimeout(1.0)
        with pytest.raises(TimeoutError):
            systemd.recv(100)
        ended.set()
