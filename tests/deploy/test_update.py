"""deploy/update.sh in a folder of its own: what serves stays, what does not is taken back, a power cut leaves a whole.

The units are processes; in systemd's place stands a script that starts and ends them. Most versions are a program of a
few lines, so that they can fail as wanted; one is the kiosk itself.
"""

from __future__ import annotations

import fcntl
import http.server
import json
import shutil
import sqlite3
import tarfile
import threading
from pathlib import Path

import httpx
import pytest

from tests.deploy.installed import ROOT, Installed, version
from tests.hall import LOCALITY, eventually, free_port

PARTS = ("run.py", "kiosk", "county", "contract", "devices", "templates", "static", "config", "deploy")


@pytest.fixture
def machine(tmp_path):
    found = Installed(tmp_path)
    yield found
    found.stop()


def test_a_version_that_serves_stays_and_the_one_before_is_kept(machine, tmp_path):
    assert machine.update(version(tmp_path, "one")).returncode == 0
    assert machine.update(version(tmp_path, "two")).returncode == 0
    assert machine.serves() == "two"
    ended = machine.update(packed(version(tmp_path, "three")))
    assert ended.returncode == 0, ended.stderr
    assert machine.serves() == "three"
    assert len(machine.releases()) == 2
    assert (machine.home / "current").readlink().parts[0] == "releases"
    assert not (machine.home / ".unfinished").exists()


def packed(tree: Path) -> Path:
    """As it comes from a repository: one folder in an archive."""
    archive = tree.with_suffix(".tar.gz")
    with tarfile.open(archive, "w:gz") as stream:
        stream.add(tree, "hall-kiosk-3")
    return archive


def test_a_version_that_does_not_serve_is_taken_back_and_nothing_written_is_lost(machine, tmp_path):
    machine.update(version(tmp_path, "one"))
    ended = machine.update(version(tmp_path, "two", works=False))
    assert ended.returncode == 1
    assert "the version before serves again" in ended.stderr
    assert machine.serves() == "one"
    assert machine.state.read_text().splitlines() == ["1 one", "1 two", "1 one"]


def test_a_version_of_a_newer_generation_is_taken_back_with_the_copy_of_before(machine, tmp_path):
    machine.update(version(tmp_path, "one"))
    ended = machine.update(version(tmp_path, "two", generation=2, works=False))
    assert ended.returncode == 1
    assert "LOOK AT" in ended.stderr
    assert machine.serves() == "one"
    assert machine.state.read_text().splitlines() == ["1 one", "1 one"]
    aside = next(tmp_path.glob("kiosk.sqlite.failed-*")) / "kiosk.sqlite"
    assert aside.read_text().splitlines() == ["1 one", "2 two"], "and what the new one wrote is kept"


def test_what_cannot_be_set_up_or_copied_changes_nothing(machine, tmp_path):
    machine.update(version(tmp_path, "one"))
    running = (machine.home / "pid").read_text()
    broken = version(tmp_path, "two")
    for changes in ({"SETUP": "false"}, {"BEFORE": "false"}):
        ended = machine.update(broken, **changes)
        assert "nothing was changed" in ended.stderr
    (broken / "run.py").write_text("import nothing_of_that_name\n")
    assert "does not start; nothing was changed" in machine.update(broken).stderr
    assert machine.serves() == "one"
    assert (machine.home / "pid").read_text() == running


def test_a_power_cut_in_an_update_leaves_a_whole_version_and_the_next_update_clears_up(machine, tmp_path):
    machine.update(version(tmp_path, "one"))
    half = machine.home / "releases" / "20260101T000000Z"
    half.mkdir()
    (half / "run.py").write_text("half of a pro")
    assert machine.update(version(tmp_path, "two")).returncode == 0
    assert not half.exists()
    assert machine.serves() == "two"


def test_two_updates_at_once_are_one(machine, tmp_path):
    machine.update(version(tmp_path, "one"))
    with (machine.home / ".update-lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another update is under way" in machine.update(version(tmp_path, "two")).stderr
    assert machine.serves() == "one"
    assert machine.update(version(tmp_path, "three")).returncode == 0, "who died holds no lock"


class Desk(http.server.ThreadingHTTPServer):
    """The health of a kiosk where somebody stands, or nobody."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.word, self.asked = "serving", 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/health"


class Asked(http.server.BaseHTTPRequestHandler):
    server: Desk

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"desk": self.server.word}).encode())

    def do_POST(self) -> None:
        """Somebody comes."""
        self.server.word = "serving"
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def desk():
    standing = Desk()
    yield standing
    standing.shutdown()
    standing.server_close()


def test_nobody_is_sent_away_the_update_waits_for_a_vacant_desk(machine, tmp_path, desk):
    machine.update(version(tmp_path, "one"))
    running = (machine.home / "pid").read_text()
    refused = machine.update(version(tmp_path, "two"), DESK=desk.address, WAIT="2")
    assert "the desk was never vacant; nothing was changed" in refused.stderr
    assert (machine.home / "pid").read_text() == running
    asked = desk.asked

    def leave() -> None:
        eventually(lambda: desk.asked > asked + 1, 60, "the update asks again and again")
        assert (machine.home / "pid").read_text() == running, "and nobody was sent away meanwhile"
        desk.word = "vacant"

    leaving = threading.Thread(target=leave)
    leaving.start()
    ended = machine.update(version(tmp_path, "three"), DESK=desk.address)
    leaving.join()
    assert ended.returncode == 0, ended.stderr
    assert "somebody is at the desk; waiting" in ended.stdout
    assert machine.serves() == "three"


def test_a_kiosk_that_does_not_answer_keeps_no_update_waiting(machine, tmp_path):
    machine.update(version(tmp_path, "one"))
    ended = machine.update(version(tmp_path, "two"), DESK=f"http://127.0.0.1:{free_port()}/health", WAIT="60")
    assert ended.returncode == 0, ended.stderr


def test_nobody_who_came_during_the_self_test_is_sent_away(machine, tmp_path, desk):
    """The self-test takes its time: the desk is looked at again before anything stops."""
    machine.update(version(tmp_path, "one"))
    running = (machine.home / "pid").read_text()
    desk.word = "vacant"
    two = version(tmp_path, "two")
    came = two / "run.py"
    came.write_text(came.read_text().replace('if "--write" in sys.argv:', COMES.format(address=desk.address)))

    def leave() -> None:
        eventually(lambda: desk.word == "serving", 60, "somebody came during the self-test")
        asked = desk.asked
        eventually(lambda: desk.asked > asked + 1, 60, "the update asks again and again")
        assert (machine.home / "pid").read_text() == running, "and nobody was sent away"
        desk.word = "vacant"

    leaving = threading.Thread(target=leave)
    leaving.start()
    ended = machine.update(two, DESK=desk.address, CONFIG="/etc/kiosk/site.toml", WAIT="60")
    leaving.join()
    assert ended.returncode == 0, ended.stderr


COMES = """if "--write" in sys.argv and not Path("came").exists():
        import urllib.request
        Path("came").touch()
        urllib.request.urlopen(urllib.request.Request("{address}", method="POST"))
    if "--write" in sys.argv:"""
"""During the first self-test somebody comes."""


@pytest.mark.parametrize("signal", ["HUP", "INT", "TERM"])
def test_an_operator_whose_line_breaks_leaves_no_kiosk_that_stands_still(machine, tmp_path, signal):
    machine.update(version(tmp_path, "one"))
    systemctl = Path(machine.environment["SYSTEMCTL"])
    systemctl.write_text(
        systemctl.read_text().replace("# restart", f'[ "$1" != stop ] || kill -{signal} $PPID\n# restart')
    )
    ended = machine.update(version(tmp_path, "two"))
    assert ended.returncode == 0, ended.stderr
    assert machine.serves() == "two"
    assert not (machine.home / ".unfinished").exists()


def test_a_step_that_fails_while_the_kiosk_stands_still_starts_it_again(machine, tmp_path):
    """Here the link cannot be changed; a full disk is the same."""
    machine.update(version(tmp_path, "one"))
    (machine.home / ".next").mkdir()
    ended = machine.update(version(tmp_path, "two"))
    assert ended.returncode == 1
    assert "started again" in ended.stderr
    eventually(lambda: (machine.home / "pid").exists() and answered(machine) == "one", 60, "the old one serves")


def answered(machine: Installed) -> str:
    try:
        return machine.serves()
    except httpx.HTTPError:
        return ""


def test_a_version_whose_self_test_fails_is_taken_back_though_it_serves(machine, tmp_path):
    machine.update(version(tmp_path, "one"), CONFIG="/etc/kiosk/site.toml")
    ended = machine.update(version(tmp_path, "two", well=False), CONFIG="/etc/kiosk/site.toml", PATIENCE="10")
    assert ended.returncode == 1
    assert "(its self-test) did not do well" in ended.stderr
    assert "the version before serves again" in ended.stderr
    assert machine.serves() == "one"
    assert machine.update(version(tmp_path, "three"), CONFIG="/etc/kiosk/site.toml").returncode == 0
    assert machine.serves() == "three"


@pytest.mark.soak
def test_the_kiosk_itself_is_updated_and_keeps_its_journal(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    for part in PARTS:
        place = ROOT / part
        (shutil.copytree if place.is_dir() else shutil.copy)(place, tree / part)
    faces = {name: f"127.0.0.1:{free_port()}" for name in ("resident", "staff", "display")}
    (tmp_path / "nobody.jsonl").touch()
    (tmp_path / "site.toml").write_text(
        f'[kiosk]\nstage = "development"\nfolder = "{tmp_path}/state"\nlocality = "{LOCALITY}"\n'
        f'[devices]\ncard = "simulated:"\npeople = "{tmp_path}/nobody.jsonl"\n[county]\nurl = "http://127.0.0.1:9"\n'
        "[faces]\n" + "".join(f'{name} = "{address}"\n' for name, address in faces.items())
    )
    health = f"http://{faces['resident']}/health"
    machine = Installed(tmp_path, f"exec .venv/bin/python run.py --config {tmp_path}/site.toml kiosk", health)
    machine.state = tmp_path / "state" / "kiosk.sqlite"
    try:
        for _ in range(2):
            own = {"DESK": health, "CONFIG": f"{tmp_path}/site.toml"}
            ended = machine.update(tree, STATE=str(machine.state), **own)
            assert ended.returncode == 0, ended.stderr + (machine.home / "log").read_text()
        with sqlite3.connect(machine.state) as connection:
            told = [row[0] for row in connection.execute("SELECT text FROM journal ORDER BY 1")]
    finally:
        machine.stop()
    assert sum('"started"' in text for text in told) == 2
    assert sum('"stopped"' in text for text in told) == 1, "the old one was ended in order"
    assert (machine.state.parent / "kiosk.sqlite.before" / "kiosk.sqlite").exists()
