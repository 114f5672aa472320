"""The set-up script: what it does the first time, what it does not do the second, and what it says is missing.

It runs in a copy of the checkout, with a python that only writes down what it is asked for, and without apt.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("sh", "cat", "cksum", "tr", "id", "dirname", "ls", "grep", "rm")
PYTHON = """#!/bin/sh
echo "$*" >> "{log}"
for word in {refuses}; do case "$*" in *"$word"*) exit 1 ;; esac; done
exit 0
"""


class Checkout:
    """A copy with nothing but the script and the lock files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "asked.log"
        (folder / "deploy").mkdir()
        shutil.copy(ROOT / "deploy" / "setup.sh", folder / "deploy")
        for file in ROOT.glob("requirements*.txt"):
            shutil.copy(file, folder)
        (folder / "tools").mkdir()
        for tool in TOOLS:
            (folder / "tools" / tool).symlink_to(shutil.which(tool) or tool)
        (folder / ".venv" / "bin").mkdir(parents=True)
        self.python_refuses()

    def python_refuses(self, *words: str) -> None:
        """From now on python fails where it is asked for one of these words."""
        for place in (".venv/bin/python", "tools/python3"):
            (self.folder / place).write_text(PYTHON.format(log=self.log, refuses=" ".join(words)))
            (self.folder / place).chmod(0o755)

    def set_up(self, task: str = "run") -> tuple[str, list[str]]:
        """Run the script; what it said, and what python was asked for."""
        self.log.unlink(missing_ok=True)
        ended = subprocess.run(  # noqa: S603 - our own script
            ["/bin/sh", "deploy/setup.sh", task], cwd=self.folder, env={"PATH": str(self.folder / "tools")},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return ended.stdout, self.log.read_text().splitlines()


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_time_installs_with_hashes_from_the_lock_file(checkout):
    _, asked = checkout.set_up()
    installs = [line for line in asked if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert installs[0].endswith("-r requirements.txt")


def test_the_tests_need_the_longer_list(checkout):
    _, asked = checkout.set_up("test")
    assert [line for line in asked if line.endswith("-r requirements-dev.txt")]


def test_the_second_time_installs_nothing(checkout):
    checkout.set_up()
    said, asked = checkout.set_up()
    assert asked == ["-c "]
    assert "installing" not in said


def test_a_changed_lock_file_is_installed_again(checkout):
    checkout.set_up()
    with (checkout.folder / "requirements.txt").open("a") as stream:
        stream.write("# another day\n")
    _, asked = checkout.set_up()
    assert any("pip install" in line for line in asked)


def test_a_reader_library_that_cannot_be_built_is_said_in_one_line_each_time(checkout):
    checkout.python_refuses("smartcard", "pcsc")
    said, _ = checkout.set_up()
    again, asked = checkout.set_up()
    about_reader = [line for line in said.splitlines() if "simulated" in line and "pyscard" in line]
    assert len(about_reader) == 1
    assert about_reader[0] in again
    assert asked == ["-c "]


def test_an_unknown_task_is_refused(checkout):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        checkout.set_up("everything")
    assert "run or test" in refused.value.stderr
