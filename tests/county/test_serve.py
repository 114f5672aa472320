"""The hub as a process: real HTTP on loopback, a clean end, and no hub without its starter."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from county.serve import serve
from county.settings import SettingsError

PROGRAM = (
    "import sys; from pathlib import Path; from county.serve import serve; serve([Path(sys.argv[1])], as_child=True)"
)


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def town(archive, tmp_path, port):
    """A settings file as an installer writes it."""
    hub = archive.settings(tmp_path / "hub")
    file = tmp_path / "town.toml"
    file.write_text(
        f'[kiosk]\nmode = "kiosk"\n[hub]\nlisten = "127.0.0.1:{port}"\ndatabase = "{hub.database}"\n'
        f"media = '{hub.media}'\nkeys = '{hub.keys}'\npeople = '{hub.people}'\n",
        encoding="utf-8",
    )
    return file


def ask(port, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST" if body else "GET", path, body)
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return reply.status, json.loads(content)


@pytest.fixture
def running(town, port):
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(town)], stdin=subprocess.PIPE)  # noqa: S603 - our own program
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            ask(port, "/health")
            break
        except OSError:
            time.sleep(0.1)
    yield process
    process.kill()
    process.wait()


def test_it_answers_over_http_with_the_same_limits(running, port):
    assert running.poll() is None
    assert ask(port, "/health")[1]["contract_version"] == "1"
    assert ask(port, "/v1/sittings", b"{")[1]["type"] == "not-signed"
    assert ask(port, "/v1/kiosks", b"{")[0] == 400
    assert ask(port, "/v1/kiosks", b" " * 300_000)[1]["type"] == "too-large"


@pytest.mark.skipif(os.name != "posix", reason="signals as a POSIX system sends them")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(running, sign):
    running.send_signal(sign)
    assert running.wait(timeout=10) == 0


def test_it_ends_when_its_starter_does(running):
    running.stdin.close()
    assert running.wait(timeout=10) == 0


def test_a_setting_that_cannot_be_used_is_said_before_anything_listens(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text('[hub]\nlisten = "0.0.0.0:8090"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="loopback"):
        serve([file])


def test_an_address_that_is_taken_is_named(town, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(OSError, match=f"127.0.0.1:{port}"):
            serve([town])


def test_neither_pillow_nor_alembic_is_loaded_by_a_hub_that_only_answers(town):
    program = (
        "import sys; from pathlib import Path\n"
        "from county.settings import load_settings; from county.hub import build_hub\n"
        "from county.app import create_app\n"
        "hub = build_hub(load_settings([Path(sys.argv[1])], {}))\n"
        "assert create_app(hub).test_client().get('/v1/feed').status_code == 200\n"
        "print([name for name in ('alembic', 'PIL', 'county.demo') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(town)], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout == "[]\n"
