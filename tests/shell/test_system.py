"""The files of deploy/shell for the system: where they go, and what the system's own tools read in them."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shell.screen import ROOT, SHELL, why_not

SYSTEM = SHELL / "system"


@pytest.fixture
def installed(tmp_path) -> Path:
    """What install.sh makes of an empty root."""
    (tmp_path / "etc" / "X11").mkdir(parents=True)
    subprocess.run(["/bin/sh", SHELL / "install.sh", tmp_path], check=True, capture_output=True)  # noqa: S603 - ours
    return tmp_path


def test_every_file_is_put_where_the_system_reads_it_and_nobody_else_writes(installed):
    put = {file.relative_to(installed).as_posix(): file for file in installed.rglob("*") if file.is_file()}
    assert sorted(put) == [
        "etc/X11/xorg.conf.d/50-kiosk.conf", "etc/chromium/policies/managed/kiosk.json",
        "etc/modprobe.d/kiosk.conf", "etc/sysctl.d/90-kiosk.conf", "etc/systemd/logind.conf.d/kiosk.conf",
        "etc/systemd/system/kiosk-shell-x.service", "etc/systemd/system/kiosk-shell.service",
        "etc/sysusers.d/kiosk-shell.conf", "etc/udev/rules.d/99-kiosk.rules",
    ]  # fmt: skip
    assert {file.stat().st_mode & 0o777 for file in put.values()} == {0o644}


@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="systemd is not installed")
def test_the_user_of_the_screen_has_no_shell_no_home_and_no_password(tmp_path):
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "group", "shadow"):
        (tmp_path / "etc" / name).touch()
    tool = shutil.which("systemd-sysusers") or ""
    subprocess.run([tool, f"--root={tmp_path}", SYSTEM / "sysusers.conf"], check=True, capture_output=True)  # noqa: S603 - Debian's
    (line,) = [one for one in (tmp_path / "etc" / "passwd").read_text().splitlines() if one.startswith("screen:")]
    assert line.split(":")[5:] == ["/run/screen", "/usr/sbin/nologin"]
    (shadow,) = [one for one in (tmp_path / "etc" / "shadow").read_text().splitlines() if one.startswith("screen:")]
    assert shadow.split(":")[1].startswith("!")


@pytest.mark.skipif(
    bool(why_not()) or not Path("/etc/udev/rules.d").is_dir(), reason=f"udev: {why_not() or 'not installed'}"
)
def test_udev_reads_every_rule(installed):
    """Read as at the start of a machine, in a mount of our own; one bad line would be named."""

    def read(rules: Path) -> str:
        script = f'mount --bind "{rules}" /etc/udev/rules.d && udevadm test /sys/class/mem/null 2>&1'
        words = ["unshare", "--mount", "sh", "-c", script]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stdout  # noqa: S603 - fixed words

    rules = installed / "etc" / "udev" / "rules.d"
    said = read(rules)
    assert f"{'/etc/udev/rules.d/99-kiosk.rules'}" in said, said[-2000:]
    assert [line for line in said.splitlines() if "99-kiosk.rules:" in line] == []
    (rules / "99-kiosk.rules").write_text('ENV{A}=="1", NO_SUCH_KEY="1"\n')
    assert "99-kiosk.rules:1" in read(rules), "a bad line is named, so that the silence above says something"


def test_the_rules_let_one_pad_in_and_shut_keyboards_mice_storage_and_networks():
    rules = (SYSTEM / "99-kiosk.rules").read_text(encoding="utf-8")
    order = [
        rules.index(mark) for mark in ('ENV{ID_VENDOR_ID}=="', 'ENV{ID_INPUT_KEYBOARD}=="1"', "ENV{ID_INPUT_MOUSE}")
    ]
    assert order == sorted(order), "the pad is let in before keyboards are shut out"
    for shut in ('bInterfaceClass}=="08"', 'bInterfaceClass}=="02"', 'bInterfaceClass}=="e0"'):
        assert re.search(re.escape(shut) + r'.*ATTR\{authorized\}="0"', rules), shut


def test_the_system_offers_no_second_terminal():
    logind = configparser.ConfigParser()
    logind.optionxform = str
    logind.read(SYSTEM / "logind.conf")
    login = logind["Login"]
    assert (login["NAutoVTs"], login["ReserveVT"]) == ("0", "0")
    assert {login[name] for name in login if name.startswith("Handle")} == {"ignore"}
    assert "kernel.sysrq = 0" in (SYSTEM / "sysctl.conf").read_text(encoding="utf-8")
    assert '"DontVTSwitch" "true"' in (SHELL / "xorg.conf").read_text(encoding="utf-8")
    for unit in ("kiosk-shell.service", "kiosk-shell-x.service"):
        text = (ROOT / "deploy" / "systemd" / unit).read_text(encoding="utf-8")
        assert "Restart=always" in text
        assert "StartLimitIntervalSec=0" in text, "it never gives up"
        assert "Conflicts=getty@tty1.service" in text
    cage = (ROOT / "deploy" / "systemd" / "kiosk-shell.service").read_text(encoding="utf-8")
    assert re.search(r"ExecStart=/usr/bin/cage -- ", cage), "without -s: cage lets nobody switch terminals"


def test_every_way_out_names_a_test_that_is_there():
    from tests.shell.proofs import ROWS  # noqa: PLC0415 - the table is about these files

    assert len(ROWS) >= 30
    for row in ROWS:
        assert f"def {row.test}(" in (ROOT / row.file).read_text(encoding="utf-8"), row
    assert {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 38, 39} <= {row.number for row in ROWS}
