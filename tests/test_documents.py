"""The documents say what the code does: settings, errors, services, parts of others, pictures."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from county.settings import HubSettings
from docs.generate import BLOCKS, renewed
from kiosk.device_errors import every_error
from kiosk.journal import Happening
from kiosk.services import WINDOWS
from kiosk.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "config" / "kiosk.toml"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def text(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


def reference() -> dict[str, dict[str, object]]:
    return tomllib.loads(REFERENCE.read_text(encoding="utf-8"))


def test_the_reference_configuration_names_every_setting_with_its_default():
    defaults = Settings().model_dump(mode="json")
    defaults["hub"] = HubSettings().model_dump(mode="json")
    assert reference() == defaults


def test_every_setting_says_why_it_is_there():
    for line in REFERENCE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\w+ = ", line):
            assert re.search(r"\s# \S", line), f"no reason: {line}"


def test_the_reference_configuration_changes_nothing():
    assert load_settings([REFERENCE], {}) == Settings()


@pytest.mark.parametrize("name", ["town.toml", "site.example.toml"])
def test_the_other_configurations_name_only_settings_there_are(name):
    for section, keys in tomllib.loads(text(f"config/{name}")).items():
        assert set(keys) <= set(reference()[section]), section


@pytest.mark.parametrize("name", BLOCKS)
def test_generated_tables_are_those_of_the_code(name):
    assert text(f"docs/{name}") == renewed(name), "run `make docs`"


def test_every_error_and_every_journal_entry_is_described():
    for error in every_error():
        assert f"| {error.code} |" in text("docs/error-codes.md")
    for happening in Happening:
        assert f"| `{happening}` |" in text("docs/operating.md")


def test_every_service_is_described():
    for window in WINDOWS:
        for service in window.services:
            assert service.key in text("docs/operating.md")
            assert service.title in text("README.md")
            assert service.title in text("README.zh-CN.md")


def test_locked_requirements_hold_hashes_and_no_addresses():
    for file in sorted(ROOT.glob("requirements*.txt")):
        content = file.read_text(encoding="utf-8")
        assert "://" not in content, file.name
        assert not re.search(r"(?m)^--(?!hash)", content), file.name
        assert not re.search(r"(?m)(^|\s)/\w", content), f"{file.name} names a path"
        pins = re.findall(r"(?m)^[\w.-]+==\S+ \\\n    --hash=sha256:", content)
        assert len(pins) == len(re.findall(r"(?m)^[\w.-]+==", content)) > 0, file.name


def test_every_part_of_others_is_listed_with_licence_and_reason():
    listed = {row[0].lower(): row for row in parts_of_others()}
    for file in sorted(ROOT.glob("requirements*.txt")):
        for name, version in re.findall(r"(?m)^([\w.-]+)==(\S+) ", file.read_text(encoding="utf-8")):
            assert name.lower() in listed, f"docs/third-party.md lacks {name} {version}"
    for file in vendored():
        assert file.name in listed, f"docs/third-party.md lacks {file.name}"
    for row in listed.values():
        assert len(row) == 3, row
        assert all(row), f"licence or reason missing: {row}"


def vendored() -> list[Path]:
    """Files of others that stand here unchanged: what browsers get, and what tests use."""
    places = [*(ROOT / "static" / "vendor").iterdir(), *(ROOT / "tests" / "vendor").iterdir()]
    return sorted(file for file in places if file.suffix != ".md")


def parts_of_others() -> list[list[str]]:
    rows = re.findall(r"(?m)^\| `(.+)` \|(.*)\|$", text("docs/third-party.md"))
    return [[name, *(cell.strip() for cell in rest.split("|"))] for name, rest in rows]


def test_no_part_is_listed_that_is_not_here():
    locked = "\n".join(file.read_text(encoding="utf-8").lower() for file in ROOT.glob("requirements*.txt"))
    debian = text("deploy/setup.sh") + text("devices/printer/fonts/FONTS.md")
    debian += text("kiosk/pinyin/readings.txt") + text("docs/installing-the-shell.md")
    kept = {file.name for file in vendored()}
    for name, *_ in parts_of_others():
        assert f"\n{name.lower()}==" in f"\n{locked}" or name in kept or name in debian, name


def test_vendored_files_are_the_ones_that_are_described():
    for file in vendored():
        note = file.with_name("VENDORED.md").read_text(encoding="utf-8")
        described = dict(re.findall(r"(?m)^\| `([^`]+)` \|.*`([0-9a-f]{64})`", note))
        assert hashlib.sha256(file.read_bytes()).hexdigest() == described.get(file.name), file.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_and_named_files_exist(document):
    content = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", content):
        assert (document.parent / target).exists(), f"{document.name} links {target}"
    if document.name == "add-a-service.md":
        return  # it names the files a newcomer is going to write
    for place in re.findall(r"`((?:kiosk|county|contract|devices|tests|config|deploy|bench)/[\w./-]+\.\w+)`", content):
        assert (ROOT / place).exists(), f"{document.name} names {place}"


def test_every_task_has_a_line_of_help():
    makefile = text("Makefile")
    tasks = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    assert tasks == set(re.findall(r"(?m)^([a-z-]+): ## \S", makefile))
    assert tasks == set(re.findall(r"(?m)^\.PHONY: (.*)$", makefile)[0].split())


def test_ci_runs_what_a_newcomer_runs():
    commands = [line for line in text(".ci/run").splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]
    assert "make test" in text("README.md")


def test_the_licence_is_apache_2():
    assert "Apache License" in text("LICENSE")
    assert 'license = "Apache-2.0"' in text("pyproject.toml")
