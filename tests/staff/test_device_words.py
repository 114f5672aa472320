"""Nothing that a driver says of itself, counts or reports reaches a clerk in another language than theirs."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import devices
from devices import KINDS
from devices.device import DeviceError
from kiosk.device_errors import error_of
from kiosk.device_words import COUNTERS, CURES, FACTS, PANEL, REASONS, TITLES, cure_of, family, named
from kiosk.errors import KioskError

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[一-鿿]")


def calls(verb: str) -> Iterator[ast.Call]:
    """Every call of ``….<verb>(…)`` or ``_<verb>(…)`` below devices/."""
    for file in (ROOT / "devices").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].lstrip("_") == verb:
                yield node


def every_error() -> list[type[DeviceError]]:
    """Each kind of DeviceError there is anywhere in devices/."""
    for module in pkgutil.walk_packages(devices.__path__, "devices."):
        importlib.import_module(module.name)
    return family(DeviceError)


def test_every_counter_has_words():
    counted = {call.args[0].value for call in calls("counted") if call.args and isinstance(call.args[0], ast.Constant)}
    assert counted
    assert counted - set(COUNTERS) == set()


def test_every_fact_has_a_label():
    told = {keyword.arg for call in calls("learned") for keyword in call.keywords if keyword.arg}
    assert "model" in told
    assert told - set(FACTS) == set()


def test_every_reason_of_a_ready_device_has_words():
    given = {call.args[0].value for call in calls("ready") if call.args and isinstance(call.args[0], ast.Constant)}
    assert given - set(REASONS) == set()


def test_every_kind_of_device_has_a_title():
    assert set(KINDS) | {PANEL} == set(TITLES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_device_error_has_a_code_and_a_cure_in_chinese_for_every_kind_of_device(kind):
    errors = every_error()
    assert len(errors) > 20
    for error in errors:
        trouble = named(error.__name__, kind)
        assert trouble is not None
        assert trouble.code not in ("", KioskError.code), error
        assert error_of(error.__new__(error), kind).code == trouble.code
        assert CHINESE.search(cure_of(trouble)), f"{trouble.code} has no cure that a clerk can read"


def test_no_cure_is_longer_than_a_line():
    for code, cure in CURES.items():
        for line in re.split(r"[，。；]", cure):
            assert len(line) <= 20, f"{code}: {line}"


def test_names_of_errors_are_their_own():
    names = [error.__name__ for error in every_error()]
    assert sorted(names) == sorted(set(names)), "health knows an error by its name"
