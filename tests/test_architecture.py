"""The house keeps its rules: import contracts, sizes, names, places, and what tests are."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import devices
from devices.device import DeviceError
from kiosk.device_errors import error_of, every_error
from kiosk.errors import KioskError
from kiosk.services import WINDOWS
from kiosk.staff import DUTIES, sign_in

ROOT = Path(__file__).resolve().parent.parent
OURS = ("kiosk", "county", "contract", "devices")
FILE_WISH, FILE_HARD = 250, 400
FUNCTION_WISH, FUNCTION_HARD = 25, 40

UNMASKING = {
    "kiosk/journal.py",  # an HMAC under the machine's key while the county is cut
    "kiosk/services/pension/evidence.py",  # sealed to the county
    "kiosk/services/proofs.py",  # eight bits of a slow hash, on the resident's own slip
}
"""Files that may call ``Masked.plain()``: where a number leaves for the county or paper."""

READS_CLOCK = {"kiosk/clock.py", "county/clock.py", "devices/device.py", "run.py"}
CATCHES_ALL = {
    "devices/device.py", "kiosk/uplink/rounds.py", "kiosk/machine.py", "kiosk/face.py", "kiosk/workers.py",
    "county/backends/bounded.py", "kiosk/lookout.py",
}  # fmt: skip
"""The device loop, the loop of feed and outbox, the tick of the desk, the last error handler (DESIGN §8); and the
workers, who hand an error to whoever asked, as every executor does (the second: around code that a county wrote)."""

ASSERTING = {
    "raises",
    "warns",
    "fail",
    "eventually",
    "sees",
    "sees_soon",
    "does_not_see",
    "hears",
    "waits_for",
    "wait_for_selector",
}
"""Calls that fail a test by themselves: pytest's, the verbs of tests/screen.py that look, and a browser's waiting."""


def ours(*folders: str) -> list[Path]:
    """The Python files of these folders, without migrations."""
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in found if "versions" not in file.parts]


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call below ``node`` with the last part of what is called."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            yield (call.func.id if isinstance(call.func, ast.Name) else call.func.attr), call


def program() -> list[Path]:
    return [*ours(*OURS), ROOT / "run.py"]


def everything() -> list[Path]:
    return [*program(), *ours("tests", "bench", "docs")]


def report(title: str, rows: list[str]) -> None:
    """A list for `make check`, which shows what tests print."""
    sys.stdout.write(f"\n{title}: {len(rows)}\n" + "".join(f"  {row}\n" for row in rows))


def test_imports_obey_the_contracts():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-logo"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_only_run_py_knows_both_kiosk_and_county():
    for file in ours(*OURS):
        roots = {name.split(".")[0] for name in imported(file)}
        assert not {"kiosk", "county"} <= roots, relative(file)
    assert {"kiosk", "county"} <= {name.split(".")[0] for name in imported(ROOT / "run.py")}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_file_is_longer_than_the_hard_limit():
    lines = {relative(file): len(file.read_text(encoding="utf-8").splitlines()) for file in everything()}
    report("files over the wish of 250 lines", [f"{f} {n}" for f, n in lines.items() if n > FILE_WISH])
    assert {file: number for file, number in lines.items() if number > FILE_HARD} == {}


def test_no_function_is_longer_than_the_hard_limit():
    lengths = {
        f"{relative(file)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for file in everything()
        for function in functions(file)
    }
    report("functions over the wish of 25 lines", [f"{f} {n}" for f, n in lengths.items() if n > FUNCTION_WISH])
    assert {function: number for function, number in lengths.items() if number > FUNCTION_HARD} == {}


def test_every_service_has_its_file_its_template_and_its_test():
    for window in WINDOWS:
        for service in window.services:
            for place in (
                f"kiosk/services/{window.key}/{service.key}.py",
                f"templates/services/{service.key}.html",
                f"tests/services/test_{service.key}.py",
            ):
                assert (ROOT / place).is_file(), f"{service.key} has no {place}"


def test_every_service_file_stands_in_a_window():
    written = {
        file.stem for file in ours("kiosk/services") if any(n == "ResidentService" for n, _ in calls(tree(file)))
    }
    assert written == {service.key for window in WINDOWS for service in window.services}


def test_no_service_imports_another():
    services = {service.key for window in WINDOWS for service in window.services}
    for file in ours("kiosk/services"):
        if file.stem in services:
            asked = {name.rpartition(".")[2] for name in imported(file) if name.startswith("kiosk.services.")}
            assert not asked & (services - {file.stem}), relative(file)


def test_every_template_of_a_service_belongs_to_one():
    """Or to a Python file of the same name: one beside the windows serves several, one in a window its service."""
    keys = {service.key for window in WINDOWS for service in window.services}
    shared = {file.stem for file in (ROOT / "kiosk" / "services").rglob("*.py")}
    found = {file.stem for file in (ROOT / "templates" / "services").glob("*.html")}
    assert keys <= found <= keys | shared


def test_every_folder_of_services_is_a_window():
    folders = {file.name for file in (ROOT / "kiosk" / "services").iterdir() if (file / "__init__.py").is_file()}
    assert folders == {window.key for window in WINDOWS}
    assert all(f'"kiosk.services.{name}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8") for name in folders)


def test_every_duty_has_its_file_its_template_and_its_test():
    for key in [*(duty.key for duty in DUTIES), sign_in.screen.name]:
        for place in (f"kiosk/staff/{key}.py", f"templates/staff/{key}.html", f"tests/staff/test_{key}.py"):
            assert (ROOT / place).is_file(), f"{key} has no {place}"


def test_every_duty_file_stands_in_the_menu():
    written = {file.stem for file in ours("kiosk/staff") if any(name == "StaffDuty" for name, _ in calls(tree(file)))}
    assert written == {duty.key for duty in DUTIES}


def test_every_error_has_a_code_of_its_own():
    codes = Counter(error.code for error in every_error())
    assert [code for code, times in codes.items() if times > 1] == []
    assert all(re.fullmatch(r"K-[1-9]\d\d", code) for code in codes)
    assert every_below(KioskError) == set(every_error())
    assert [error for error in every_error() if "code" not in vars(error)] == [], "a child has a code of its own"


def every_below(kind: type) -> set[type]:
    return {found for child in kind.__subclasses__() for found in {child} | every_below(child)}


@pytest.mark.parametrize("kind", devices.KINDS)
def test_every_device_error_has_a_code(kind):
    for module in pkgutil.walk_packages(devices.__path__, "devices."):
        importlib.import_module(module.name)
    errors = every_below(DeviceError)
    assert len(errors) >= 10
    for error in errors:
        told = error_of(error.__new__(error), kind)
        assert told.code != KioskError.code, error


def test_no_resident_reads_a_line_longer_than_twenty_characters_of_an_error():
    for error in every_error():
        for line in re.split(r"[，。；]", error.words + error.next_step):
            assert len(line) <= 20, f"{error.code}: {line}"


def test_the_clock_is_read_in_few_places():
    reading = {"now", "today", "utcnow"}
    found = set()
    for file in program():
        for name, call in calls(tree(file)):
            asked = ast.unparse(call.func)
            if (name in reading and asked.startswith(("datetime.", "date."))) or asked == "time.time":
                found.add(relative(file))
    assert found <= READS_CLOCK


def test_nothing_prints_but_the_program_itself():
    printing = {relative(file) for file in ours(*OURS) for _, call in calls(tree(file)) if is_print(call)}
    assert printing == set()


def is_print(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "print"


def test_nothing_is_mocked_or_patched():
    for file in ours("tests"):
        assert not any("mock" in name for name in imported(file)), relative(file)
        patching = [ast.unparse(call) for name, call in calls(tree(file)) if name in ("setattr", "patch")]
        assert [line for line in patching if line.startswith(("monkeypatch", "mock", "patch"))] == [], relative(file)


def test_nothing_is_left_to_do():
    left = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")))
    assert [relative(file) for file in everything() if left.search(file.read_text(encoding="utf-8"))] == []


def test_every_lint_exception_carries_its_reason():
    reasoned = re.compile(r"#\s*(noqa: [A-Z0-9]+(, ?[A-Z0-9]+)*\W+\w|type: ignore\[[\w, -]+\]\s+#)")
    naked = [
        f"{relative(file)}:{number}"
        for file in program()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#\s*(noqa|type: ignore)", line) and not reasoned.search(line)
    ]
    assert naked == []


def test_everything_is_caught_in_few_places_only():
    """A broad ``except`` that raises again, as a device's error, catches nothing."""
    catching = {
        relative(file)
        for file in program()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(inner, ast.Raise) for inner in node.body)
    }
    assert catching <= CATCHES_ALL


def test_personal_numbers_are_unmasked_in_few_places():
    asking = {
        relative(file)
        for file in ours("kiosk")
        for _, call in calls(tree(file))
        if ast.unparse(call).endswith(".plain()")
    }
    assert asking == UNMASKING


def test_no_wait_is_without_end():
    endless = [
        f"{relative(file)}:{call.lineno}"
        for file in program()
        for name, call in calls(tree(file))
        if name in ("wait", "join", "communicate", "result") and not call.args and not call.keywords
    ]
    assert endless == []


def test_every_test_can_fail():
    weak = [
        f"{relative(file)}:{function.name}"
        for file in ours("tests")
        for function in functions(file)
        if function.name.startswith("test_") and not can_fail(function, ASSERTING | asserting_functions(file))
    ]
    assert weak == []


def can_fail(function: ast.AST, asserting: set[str]) -> bool:
    if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
        return True
    return any(name in asserting for name, _ in calls(function))


@cache
def asserting_functions(file: Path) -> set[str]:
    """Functions of this file, or of the conftest beside it, that assert for their caller."""
    beside = file.parent / "conftest.py"
    files = [file, beside] if beside.is_file() else [file]
    found: set[str] = set()
    while True:
        more = {f.name for place in files for f in functions(place) if can_fail(f, found)} - found
        if not more:
            return {name for name in found if not name.startswith("test_")}
        found |= more


def test_every_duty_is_in_the_contract_that_keeps_duties_apart():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    apart = next(row["modules"] for row in contracts if row["name"].startswith("Duties of staff"))
    assert {f"kiosk.staff.{duty.key}" for duty in DUTIES} <= set(apart)


def test_every_benchmark_can_still_be_started():
    for file in sorted((ROOT / "bench").glob("*.py")):
        if file.stem != "__main__":
            assert importlib.import_module(f"bench.{file.stem}").__doc__, file.name
