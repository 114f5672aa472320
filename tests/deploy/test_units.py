"""The units of deploy/systemd: what systemd thinks of them, and keys that it hands over."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from county.keys import open_key
from county.settings import SettingsError
from county.signing.document_keys import keys_beside, open_document_keys
from kiosk.secret_files import ReadByOthers, secret_file
from kiosk.uplink.identity_keys import open_keys
from tests.deploy.deployed import ROOT, unit
from tests.signing import a_signer

SYSTEMD = shutil.which("systemd-analyze")
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
AS_SYSTEMD_MAKES_THEM = 0o440


def analysed(*words: object) -> subprocess.CompletedProcess[str]:
    assert SYSTEMD
    return subprocess.run([SYSTEMD, *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603 - Debian's


@pytest.mark.skipif(not SYSTEMD, reason="systemd is not installed")
@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_systemd_understands_every_line(file):
    """But for programs that are not installed where the tests run."""
    said = [line for line in analysed("verify", file).stderr.splitlines() if "is not executable" not in line]
    assert [line for line in said if file.name.split("@")[0].split(".")[0] in line] == []


@pytest.mark.skipif(not SYSTEMD, reason="systemd is not installed")
@pytest.mark.parametrize(("name", "exposed_at_most"), [("hub@.service", 2.0), ("kiosk.service", 2.0)])
def test_services_are_shut_in(name, exposed_at_most):
    said = analysed("security", "--offline=true", "--no-pager", ROOT / "deploy" / "systemd" / name).stdout
    assert float(re.findall(r"exposure level for \S+: ([\d.]+)", said)[0]) <= exposed_at_most


def test_every_file_a_unit_starts_is_there():
    for file in UNITS:
        for command in unit(file.name).get("ExecStart", []):
            for word in re.findall(r"(?:deploy/\S+|run\.py)", command):
                assert (ROOT / word).is_file(), f"{file.name}: {word}"


@pytest.mark.parametrize("name", ["kiosk.service", "hub@.service", "kiosk-shell.service", "kiosk-shell-x.service"])
def test_a_crash_leaves_no_memory_on_the_disk(name):
    assert unit(name)["LimitCORE"] == ["0"]


@pytest.fixture
def credentials(tmp_path, monkeypatch):
    """The folder that systemd makes for one service; its files belong to root and bear a group."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def hand_over(folder: Path, file: Path) -> None:
    shutil.copy(file, folder / file.name)
    (folder / file.name).chmod(AS_SYSTEMD_MAKES_THEM)


def test_the_hub_takes_its_keys_from_systemd(tmp_path, credentials):
    kept = tmp_path / "etc" / "county-key"
    made, signing = open_key(kept), open_document_keys(keys_beside(kept), a_signer().time.now())
    for file in (kept, keys_beside(kept)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        hand_over(credentials, file)
    handed = credentials / "county-key"
    assert open_key(handed).key_id == made.key_id
    assert open_document_keys(keys_beside(handed), a_signer().time.now()).name == signing.name


@pytest.mark.parametrize("name", ["county-key", "county-key.documents"])
def test_a_key_that_others_may_read_is_refused_by_the_hub(tmp_path, name):
    kept = tmp_path / "county-key"
    open_key(kept)
    open_document_keys(keys_beside(kept), a_signer().time.now())
    (tmp_path / name).chmod(0o640)
    opened = open_key if name == kept.name else partial(open_document_keys, now=a_signer().time.now())
    with pytest.raises(SettingsError, match="0600"):
        opened(tmp_path / name)


def test_a_key_that_systemd_should_have_handed_over_is_named(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    with pytest.raises(SettingsError, match="county-key is not there and cannot be made"):
        open_key(nowhere / "county-key")


def test_the_kiosk_takes_a_secret_from_systemd_before_its_own(tmp_path, credentials):
    folder = tmp_path / "secrets"
    own = open_keys(folder).enrolment("k", "510521109").key_id
    another = tmp_path / "another"
    handed = open_keys(another).enrolment("k", "510521109").key_id
    for name in ("kiosk-signing", "kiosk-receiving"):
        hand_over(credentials, another / name)
    assert open_keys(folder).enrolment("k", "510521109").key_id == handed != own


def test_a_secret_that_others_may_read_is_refused_by_the_kiosk(tmp_path):
    file = tmp_path / "secrets" / "journal"
    first = secret_file(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(ReadByOthers, match="journal may be read by others"):
        secret_file(file)
    file.chmod(0o600)
    assert secret_file(file) == first


def test_hubs_that_start_at_once_make_one_key(tmp_path):
    program = (
        "import sys; from pathlib import Path; from county.keys import open_key\n"
        "print(open_key(Path(sys.argv[1])).key_id)"
    )
    kept = tmp_path / "new" / "county-key"
    hubs = [
        subprocess.Popen([sys.executable, "-c", program, kept], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        for _ in range(4)
    ]
    assert len({hub.communicate(timeout=60)[0] for hub in hubs}) == 1
    assert [file.name for file in kept.parent.iterdir()] == ["county-key"]


def test_an_officer_makes_the_keys_before_systemd_hands_them_over(tmp_path):
    place = tmp_path / "etc" / "county-key"
    ended = subprocess.run(
        [sys.executable, "run.py", "county", "keys"], cwd=ROOT, env=os.environ | {"KIOSK_HUB__KEYS": str(place)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"sealed to {open_key(place).key_id}" in ended.stdout
