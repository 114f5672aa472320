"""kill -9 of kiosk or hub at any moment while somebody uses them: nothing acknowledged is lost or done twice."""

from __future__ import annotations

import json
import random
import re
import shutil
import threading
import time

import httpx
import pytest

from tests.hall import LOCALITY
from tests.processes import Hand, Processes, broken_link, patiently, rows_of, sound

PENSIONER = "王秀英"
LONGEST_LIFE = 0.7
DRAIN_SECONDS = 90.0


class Load(threading.Thread):
    """Somebody who comes, asks for an appointment, reads a statement and leaves, again and again."""

    def __init__(self, processes: Processes) -> None:
        super().__init__(name="load", daemon=True)
        self.processes = processes
        self.acknowledged: list[str] = []
        self.statements = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            hand = Hand(self.processes)
            try:
                self._visits(hand)
            except (httpx.HTTPError, AssertionError, ValueError, KeyError):
                time.sleep(0.05)  # the machine was killed under their hands
            finally:
                hand.close()

    def _visits(self, hand: Hand) -> None:
        while not self.over.is_set():
            hand.card_in(PENSIONER)
            number = hand.asks_for_somebody()
            if number:
                self.acknowledged.append(number)
            self.statements += hand.reads_statement(PENSIONER)
            hand.card_out()
            self.over.wait(0.1)


@pytest.fixture
def processes(tmp_path, seeds):
    pack = tmp_path / "pack"
    shutil.copytree(LOCALITY, pack)
    file = pack / "locality.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(unproven_\w+_per_hour) = \d+", r"\1 = 100000", text), encoding="utf-8")
    made = Processes(tmp_path, seeds, str(pack))
    made.start("county")
    made.start("kiosk")
    yield made
    made.end()


def left_behind(processes, victim):
    """What a power cut leaves: looked at before anything else opens it."""
    file = processes.kiosk_file if victim == "kiosk" else processes.hub_file
    copy = file.parent / "left-behind"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for part in (file, file.with_name(file.name + "-wal")):
        if part.exists():
            shutil.copy(part, copy)
    assert sound(copy / file.name) == "ok"
    if victim == "kiosk":
        assert broken_link(copy / file.name) is None


def rounds(processes, count, seed):
    chance, load = random.Random(seed), Load(processes)  # noqa: S311  moments, not secrets
    load.start()
    patiently(lambda: load.acknowledged and load.statements, 60, "the load is under way")
    for _ in range(count):
        victim = chance.choice(("kiosk", "county"))
        time.sleep(chance.random() * LONGEST_LIFE)
        processes.kill(victim)
        left_behind(processes, victim)
        processes.start(victim)
    before = len(load.acknowledged)
    patiently(lambda: len(load.acknowledged) > before, 60, "it goes on after the last kill")
    load.over.set()
    load.join(60)
    return load


def settled(processes, load):
    patiently(lambda: processes.health()["outbox"]["queued"] == 0, DRAIN_SECONDS, "the outbox drains")
    processes.end()
    taken = rows_of(processes.hub_file, "SELECT submission_id, answer FROM submissions")
    ids = [submission_id for submission_id, _ in taken]
    numbers = [json.loads(answer)["result_number"] for _, answer in taken]
    assert len(set(ids)) == len(ids)
    for number in load.acknowledged:
        short = number.partition("-")[2].lower()
        found = numbers.count(number) + sum(bool(short) and one.startswith(short) for one in ids)
        assert found == 1, f"{number} was acknowledged and is {found} times at the county"
    answered = {one for (one,) in rows_of(processes.kiosk_file, "SELECT submission_id FROM outbox")}
    assert set(ids) == answered, "the county took what the kiosk never wrote down, or the other way round"
    assert sound(processes.kiosk_file) == sound(processes.hub_file) == "ok"
    assert broken_link(processes.kiosk_file) is None


@pytest.mark.timeout(600)  # ten starts of real programs, on a machine that may be busy
def test_fault_35_killed_ten_times_under_load_nothing_acknowledged_is_lost_or_done_twice(processes):
    settled(processes, rounds(processes, 10, seed=4))


@pytest.mark.soak
def test_killed_two_hundred_times(processes):
    settled(processes, rounds(processes, 200, seed=5))
