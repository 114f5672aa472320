"""The faces on their real servers, the child process, and the words of the command line."""

import socket
import sys
import time
from pathlib import Path

import httpx
import pytest

from kiosk.assembly import build_machine
from kiosk.child import ChildDied, ChildProcess
from kiosk.command_line import command_line
from kiosk.serve import Faces, announce
from tests.hall import eventually, free_port

SERVER = """
import http.server, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
"""


@pytest.fixture
def faces(open_hall):
    """A kiosk on its own servers beside an ordinary hall's hub."""
    hall = open_hall()
    addresses = {name: f"127.0.0.1:{free_port()}" for name in ("resident", "staff", "display")}
    kiosk = hall.settings.kiosk.model_copy(update={"folder": str(hall.folder.parent / "second")})
    own = hall.settings.model_copy(update={"kiosk": kiosk, "faces": hall.settings.faces.model_copy(update=addresses)})
    running = Faces(build_machine(own))
    running.start()
    yield running
    running.stop()


def test_every_face_answers_at_its_address_until_it_is_stopped(faces):
    for address in faces.machine.settings.faces.model_dump(include={"resident", "staff", "display"}).values():
        answer = httpx.get(f"http://{address}/health")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    resident = faces.machine.settings.faces.resident
    assert httpx.get(f"http://{resident}/dock/", headers={"Host": resident}, follow_redirects=True).status_code < 500
    faces.stop()
    eventually(lambda: not listens(resident))
    assert not listens(resident)


def listens(address):
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_the_servers_take_no_megabyte_and_no_endless_header(faces):
    base = f"http://{faces.machine.settings.faces.resident}"
    words = {"words": "x" * (1024 * 1024 + 1)}
    for answer in (httpx.post(base + "/leave", data=words), httpx.get(base + "/?words=" + "x" * 9_000)):
        assert answer.status_code in (413, 414)
        assert "K-506" in answer.text, "our own page says so"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert httpx.post(base + "/leave", content=b"x" * (3 * 1024 * 1024)).status_code == 413
    assert httpx.get(base + "/?words=" + "x" * 20_000).status_code in (400, 413, 414, 431)
    assert httpx.get(base + "/health").status_code == 200


def test_an_address_that_is_taken_is_named(faces):
    with pytest.raises(OSError, match=faces.machine.settings.faces.resident):
        Faces(faces.machine)


def test_the_terminal_is_told_addresses_and_sign_ins(faces):
    told = announce(faces.machine, [("林编辑", "editor", "secret")])
    for address in faces.machine.settings.faces.model_dump(include={"resident", "staff", "display"}).values():
        assert f"http://{address}/" in told
    assert "林编辑: editor / secret" in told
    assert "/dock/" in told
    assert f"核对码 {faces.machine.county.key_mark}" in told


def program(folder, text):
    file = Path(folder) / "child.py"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_child_lives_inside_its_block_and_ends_with_it(tmp_path):
    port = free_port()
    with ChildProcess(program(tmp_path, SERVER), [str(port)], f"http://127.0.0.1:{port}/health"):
        assert listens(f"127.0.0.1:{port}")
    assert not listens(f"127.0.0.1:{port}")


def test_a_child_that_dies_at_once_is_said(tmp_path):
    port = free_port()
    began = time.monotonic()
    died = ChildProcess(program(tmp_path, "raise SystemExit(3)"), [], f"http://127.0.0.1:{port}/health")
    with pytest.raises(ChildDied, match=str(port)), died:
        pass
    assert time.monotonic() - began < 20


def test_another_program_at_the_childs_address_is_not_taken_for_it(tmp_path):
    port, file = free_port(), program(tmp_path, SERVER)
    health = f"http://127.0.0.1:{port}/health"
    with ChildProcess(file, [str(port)], health):
        second = ChildProcess(file, [str(port)], health)
        with pytest.raises(ChildDied, match="already"), second:
            pass


def test_without_a_word_the_town_is_meant():
    asked = command_line().parse_args([])
    assert (asked.verb or "town", asked.config) == ("town", None)
    assert command_line().parse_args(["--config", "a", "--config", "b", "kiosk"]).config == [Path("a"), Path("b")]
    added = command_line().parse_args(["staff", "add", "xin", "辛", "--role", "clerk", "--area", "510521"])
    assert (added.account, added.role, added.area) == ("xin", ["clerk"], ["510521"])


@pytest.mark.parametrize("words", [["nonsense"], ["staff"], ["staff", "add", "x"], ["--config"]])
def test_words_that_mean_nothing_are_refused(words, capsys):
    with pytest.raises(SystemExit) as caught:
        command_line().parse_args(words)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err
    assert sys.exc_info() == (None, None, None)
