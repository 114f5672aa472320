"""Fault 44: a kiosk in a group of processes whose memory the kernel bounds: it serves one after the other."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest

from tests.hall import LOCALITY
from tests.processes import Hand, Processes, patiently

GROUPS = Path("/sys/fs/cgroup")
MEGABYTES = 128
PEOPLE = ("王秀英", "李伟")
MAY_GROW = 8_000_000
"""Bytes between the middle and the end; what is kept on purpose (pages of the store, answers) has its bounds."""


class Group:
    """One group under a limit, of either generation of the kernel's groups."""

    def __init__(self, megabytes: int) -> None:
        first = GROUPS / "memory"
        self.folder = (first if first.is_dir() else GROUPS) / f"kiosk-test-{os.getpid()}"
        self.folder.mkdir()
        bound = "memory.limit_in_bytes" if first.is_dir() else "memory.max"
        try:
            (self.folder / bound).write_text(str(megabytes << 20), encoding="ascii")
        except OSError:
            self.folder.rmdir()
            raise
        self.within = ["sh", "-c", f'echo $$ > {self.folder}/cgroup.procs && exec "$0" "$@"']

    def own_bytes(self) -> int:
        """What its processes hold for themselves, files read apart."""
        rows = dict(line.split() for line in (self.folder / "memory.stat").read_text(encoding="ascii").splitlines())
        return int(rows.get("total_rss") or rows["anon"])

    def close(self) -> None:
        """Once its processes have ended."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                self.folder.rmdir()
            except OSError:
                time.sleep(0.1)
            else:
                return


@pytest.fixture
def group():
    try:
        made = Group(MEGABYTES)
    except OSError as error:
        pytest.skip(f"no group with a limit of memory can be made here: {error}")
    yield made
    made.close()


@pytest.mark.parametrize("visits", [20, pytest.param(1_000, marks=pytest.mark.soak)])
@pytest.mark.timeout(400)
def test_fault_44_in_128_megabytes_a_kiosk_serves_one_after_the_other_and_does_not_grow(tmp_path, seeds, group, visits):
    pack = tmp_path / "pack"
    shutil.copytree(LOCALITY, pack)
    law = pack / "locality.toml"
    text = law.read_text(encoding="utf-8")
    law.write_text(re.sub(r"(unproven_\w+_per_hour) = \d+", r"\1 = 100000", text), encoding="utf-8")
    processes = Processes(tmp_path, seeds, str(pack))
    processes.within["kiosk"] = group.within
    try:
        processes.start("county")
        processes.start("kiosk")
        patiently(lambda: processes.health()["county"]["reachable"], 60, "the county is met")
        hand, held = Hand(processes), []
        for number in range(visits):
            name = PEOPLE[number % len(PEOPLE)]
            hand.card_in(name)
            assert hand.reads_statement(name)
            assert number % 10 or hand.browser.get("/services/job_board/").status_code == 200
            hand.card_out()
            held.append(group.own_bytes())
        hand.close()
        assert processes.running["kiosk"].poll() is None, "the kernel ended it"
        begin, middle, end = held[visits // 10], held[visits // 2], held[-1]
        print(f"{visits} visits: {begin >> 10} kB, {middle >> 10} kB in the middle, {end >> 10} kB at the end")  # noqa: T201 - the figure of a long run
        assert end - middle < MAY_GROW
    finally:
        processes.end()
