"""A copy of a hub at work, the hub destroyed, the copy brought back: what the copy had, kiosks find again."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from contract.feed import FeedKind
from county import models
from county.clock import HubClock
from county.keys import open_key
from county.kiosks import enrol
from county.media import keep
from county.publishing import publish
from county.store import open_store
from tests.deploy.deployed import HubProcess
from tests.deploy.village import VillageKiosk, a_course, a_machine, settle_village
from tests.hall import eventually
from tests.postgres import PostgresServer, missing

ROOT = Path(__file__).resolve().parent.parent.parent


class Room:
    """The hub's machine, which can be lost. ``database`` names the present one."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self.folder, self.server = folder, server
        self.copies = folder / "copies"
        self.place = folder / "hub"
        self.kiosk = VillageKiosk()
        self.name = server.database() if server else ""
        self.hub = self._made()

    def _made(self) -> HubProcess:
        self.place.mkdir()
        (self.place / "hub.toml").write_text(f'[hub]\nmedia = "{self.place}/media"\n')
        return HubProcess(self.place, self.database)

    @property
    def database(self) -> str:
        return self.server.url(self.name) if self.server else f"sqlite:///{self.place}/county.sqlite"

    def settle(self) -> None:
        store = open_store(self.database)
        settle_village(store)
        media = self.place / "media"
        media.mkdir()
        with store.writing() as connection:
            enrol(connection, self.kiosk.signer.enrolment, {self.kiosk.signer.enrolment.fingerprint}, HubClock().now())
            for number in range(30):
                publish(connection, FeedKind.COURSE, f"C{number}", a_course(f"C{number}"))
        open_key(self.hub.credentials / "county-key")
        self.picture = keep(b"\x89PNG and so on", media)
        store.close()

    def run(self, script: str, *words: object, **changes: str) -> subprocess.CompletedProcess[str]:
        """A script of deploy/ as the hub's unit would run it."""
        environment = self.hub.environment | {"PYTHON": sys.executable} | changes
        return subprocess.run(  # noqa: S603 - our own script
            ["/bin/sh", str(ROOT / "deploy" / script), *map(str, words)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def back_up(self, **changes: str) -> Path:
        ended = self.run("backup.sh", self.copies, **changes)
        assert ended.returncode == 0, ended.stderr
        return Path(ended.stdout.splitlines()[0].removeprefix("backup: "))

    def lose(self) -> None:
        """The machine burns; a new, empty one stands in its place."""
        if self.hub.process:
            self.hub.kill()
        shutil.rmtree(self.place)
        if self.server:
            self.server.drop(self.name)
            self.name = self.server.database()
        port, self.hub = self.hub.port, self._made()
        self.hub.environment["HUB_LISTEN"] = f"127.0.0.1:{port}"
        self.hub.port = port


def opened(room):
    room.settle()
    yield room
    room.kiosk.close()
    if room.hub.process and room.hub.process.poll() is None:
        room.hub.kill()


@pytest.fixture
def plain_room(tmp_path):
    """On SQLite, its hub not running."""
    yield from opened(Room(tmp_path, None))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def room(request, tmp_path):
    if request.param == "sqlite":
        yield from opened(Room(tmp_path, None))
        return
    if missing():
        pytest.skip(missing())
    with PostgresServer() as server:
        yield from opened(Room(tmp_path, server))


class Load:
    """Submissions one after the other while the copy is made."""

    def __init__(self, room: Room) -> None:
        self.room, self.answered = room, {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._ended.is_set():
            self.hand_in()

    def hand_in(self) -> None:
        envelope = self.room.kiosk.appointment(self.room.hub.url)
        reply = self.room.kiosk.deliver(self.room.hub.url, envelope)
        assert reply.status_code == 200, reply.text
        self.answered[envelope.submission_id] = reply.json()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


def test_a_hub_at_work_is_copied_lost_and_brought_back(room, tmp_path):
    room.hub.start()
    machine = a_machine(tmp_path / "kiosk", room.hub.url)
    machine.county.feed.pull()
    load = Load(room)
    eventually(lambda: len(load.answered) >= 5, 60)
    before = dict(load.answered)
    copy = room.back_up()
    load.stop()
    publish_after_the_copy(room)
    machine.county.feed.pull()
    assert machine.county.feed.count(FeedKind.COURSE) == 32
    key = httpx.get(f"{room.hub.url}/v1/keys").json()
    room.lose()
    brought = room.run("restore.sh", copy, KIOSK_HUB__KEYS=str(room.hub.credentials / "county-key"))
    assert brought.returncode == 0, brought.stderr
    room.hub.start()
    nothing_acknowledged_before_is_missing(room, before)
    assert httpx.get(f"{room.hub.url}/v1/keys").json()["sealing"] == key["sealing"], "envelopes under way still open"
    assert httpx.get(f"{room.hub.url}/v1/media/{room.picture}").content.startswith(b"\x89PNG")
    assert room.kiosk.open_sitting(room.hub.url), "the kiosk is still known, its signatures hold"
    the_kiosk_begins_the_feed_anew(room, machine)
    machine.stop()


def publish_after_the_copy(room: Room) -> None:
    store = open_store(room.database)
    with store.writing() as connection:
        for number in ("LOST1", "LOST2"):
            publish(connection, FeedKind.COURSE, number, a_course(number))
    store.close()


def nothing_acknowledged_before_is_missing(room: Room, before: dict[str, object]) -> None:
    store = open_store(room.database)
    with store.reading() as connection:
        held = set(connection.scalars(select(models.submissions.c.submission_id)))
    store.close()
    assert before.keys() <= held
    assert len(before) >= 5


def the_kiosk_begins_the_feed_anew(room: Room, machine) -> None:
    """Revisions of the lost days come again with other content: by its old cursor the kiosk would pass them over."""
    store = open_store(room.database)
    with store.writing() as connection:
        for number in range(9):
            publish(connection, FeedKind.COURSE, f"NEW{number}", a_course(f"NEW{number}"))
    store.close()
    machine.county.feed.pull()
    assert machine.county.feed.count(FeedKind.COURSE) == 39, "what was lost is gone, what is new is there"


def test_a_copy_is_for_its_owner_only_and_the_oldest_go(plain_room):
    room = plain_room
    copies = [room.back_up(KEEP="2")]
    assert stat.S_IMODE(copies[0].stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (copies[0] / "keys").iterdir()} == {0o600}
    for day in ("20250101T000000Z", "20250102T000000Z"):
        shutil.copytree(copies[0], room.copies / f"hub-{day}")
    (room.copies / "hub-20250103T000000Z.part").mkdir()
    shutil.move(copies[0], room.copies / "hub-20250104T000000Z")
    newest = room.back_up(KEEP="2")
    assert {one.name for one in room.copies.iterdir()} == {newest.name, "hub-20250104T000000Z"}


def test_a_damaged_copy_and_a_hub_that_is_there_are_refused_with_nothing_done(plain_room):
    room = plain_room
    copy = room.back_up()
    there = room.run("restore.sh", copy, KIOSK_HUB__KEYS=str(room.hub.credentials / "county-key"))
    assert there.returncode == 1
    database = next(copy.glob("database.*"))
    with database.open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\0\1\2\3")
    room.lose()
    damaged = room.run("restore.sh", copy, KIOSK_HUB__KEYS=str(room.hub.credentials / "county-key"))
    assert damaged.returncode == 1
    assert "damaged" in damaged.stderr
    assert not (room.hub.credentials / "county-key").exists()
    assert {file.name for file in room.place.iterdir()} == {"credentials", "hub.toml"}
