"""deploy/update.sh killed in the middle, the machine started anew: no version that nobody tested stays."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.installed import Installed, version


@pytest.fixture
def machine(tmp_path):
    found = Installed(tmp_path)
    yield found
    found.stop()


class Cut:
    """A machine whose power goes in the middle of an update, and comes back."""

    def __init__(self, machine: Installed) -> None:
        self.machine = machine
        self.mark = machine.home / ".unfinished"
        self.systemctl = Path(machine.environment["SYSTEMCTL"])
        self.whole = self.systemctl.read_text()

    def at(self, act: str, phase: str, tree: Path, **changes: str) -> None:
        """The script is killed when it asks for ``act`` in this phase; so is what serves, and then it starts again."""
        dies = f'grep -qs "^phase {phase}$" {self.mark} && [ "$1" = {act} ] && kill -9 $PPID && exit 1'
        self.systemctl.write_text(self.whole.replace("# restart", f"{dies}\n# restart"))
        ended = self.machine.update(tree, **changes)
        assert ended.returncode == -9, ended.stderr
        self.systemctl.write_text(self.whole)
        self.machine.stop()
        subprocess.run([self.systemctl, "start", "kiosk.service"], check=True)  # noqa: S603 - our own script

    def finish(self) -> subprocess.CompletedProcess[str]:
        """As hall-update.service does: nothing told but where, everything else stands in the mark."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(  # noqa: S603 - our own script
            ["/bin/sh", str(self.machine.home / ".update.sh"), "--finish"], capture_output=True, text=True, check=False,
            env=kept | {"KIOSK_HOME": str(self.machine.home), "SYSTEMCTL": str(self.systemctl)}, timeout=110,
        )  # fmt: skip


@pytest.fixture
def cut(machine):
    return Cut(machine)


TESTED = {"CONFIG": "/etc/kiosk/site.toml", "PATIENCE": "20"}


def test_a_version_that_no_self_test_saw_is_tested_at_the_next_start(machine, tmp_path, cut):
    machine.update(version(tmp_path, "one"), **TESTED)
    cut.at("restart", "new", version(tmp_path, "two"), **TESTED)
    assert (machine.home / "current").resolve().name in cut.mark.read_text()
    ended = cut.finish()
    assert ended.returncode == 0, ended.stderr
    assert machine.serves() == "two"
    assert not cut.mark.exists()
    assert cut.finish().stdout == "", "there is nothing left to finish"


@pytest.mark.soak
def test_a_version_that_fails_the_self_test_of_the_next_start_goes_back(machine, tmp_path, cut):
    machine.update(version(tmp_path, "one"), **TESTED)
    cut.at("restart", "new", version(tmp_path, "two", well=False), **TESTED)
    ended = cut.finish()
    assert ended.returncode == 1
    assert "the version before serves again" in ended.stderr
    assert machine.serves() == "one"
    assert not cut.mark.exists()


def test_the_next_update_finishes_the_one_before_and_never_goes_back_to_what_nobody_tested(machine, tmp_path, cut):
    machine.update(version(tmp_path, "one"), **TESTED)
    cut.at("restart", "new", version(tmp_path, "two", well=False), **TESTED)
    ended = machine.update(version(tmp_path, "three", works=False), **TESTED)
    assert ended.returncode == 1
    assert "the update before was cut" in ended.stdout
    assert machine.serves() == "one"
    assert not cut.mark.exists()


@pytest.mark.soak
def test_a_cut_while_it_goes_back_goes_on_going_back(machine, tmp_path, cut):
    machine.update(version(tmp_path, "one"))
    cut.at("restart", "back", version(tmp_path, "two", works=False))
    ended = cut.finish()
    assert "the version before serves again" in ended.stderr
    assert machine.serves() == "one"
    assert "1 two" in machine.state.read_text()


def test_a_cut_while_the_copy_of_before_is_put_back_puts_it_back_again(machine, tmp_path, cut):
    machine.update(version(tmp_path, "one"))
    cut.at("restart", "copy", version(tmp_path, "two", generation=2, works=False))
    machine.state.write_text("half of a co")
    ended = cut.finish()
    assert "LOOK AT" in ended.stderr
    assert machine.serves() == "one"
    assert machine.state.read_text().splitlines() == ["1 one", "1 one"]
    kept = [(one / "kiosk.sqlite").read_text() for one in sorted(tmp_path.glob("kiosk.sqlite.failed-*"))]
    assert "1 one\n2 two" in kept, "and what the new one wrote is kept, whatever the second try found"
    assert not cut.mark.exists()
