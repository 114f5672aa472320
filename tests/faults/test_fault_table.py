"""The table of faults is complete: each fault of each simulator has its case, its button, its number, its code."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from enum import StrEnum
from pathlib import Path

import pytest

import devices
from kiosk.device_errors import every_error
from tests.dock import Dock
from tests.faults.cases import ELSEWHERE, EVERY_CASE, TABLES
from tests.faults.line_proofs import PROOFS
from tests.hall import Hall, eventually

ROOT = Path(__file__).parents[2]


def every_fault() -> dict[str, type[StrEnum]]:
    """All enums of faults that stand anywhere in devices/."""
    modules = [importlib.import_module(module.name) for module in pkgutil.walk_packages(devices.__path__, "devices.")]
    classes = [member for module in modules for member in inspect.getmembers(module, inspect.isclass)]
    return {name: kind for name, kind in classes if issubclass(kind, StrEnum) and name.endswith("Fault")}


def test_every_fault_of_every_simulator_has_one_case():
    members = [member for kind in every_fault().values() for member in kind]
    cases = [case.fault for case in EVERY_CASE]
    assert sorted(map(repr, cases)) == sorted(map(repr, members))


LEAST = {"CardFault": 12, "SensorFault": 10, "PrinterFault": 8, "IdReaderFault": 5, "ScannerFault": 4}


@pytest.mark.parametrize(("kind", "least"), LEAST.items())
def test_each_kind_of_device_has_as_many_faults_as_it_must(kind, least):
    assert len(every_fault()[kind]) >= least


def test_every_code_of_the_table_is_in_the_catalogue():
    codes = {error.code: error for error in every_error()}
    for case in EVERY_CASE:
        assert not case.code or case.code in codes, case


def test_faults_1_to_26_are_each_proven_by_a_case_or_by_a_named_test():
    numbers = {number for case in EVERY_CASE for number in case.numbers} | {row.number for row in ELSEWHERE}
    assert numbers == set(range(1, 27))


def test_faults_27_to_50_are_each_proven_by_a_named_test():
    assert {row.number for row in PROOFS} == set(range(27, 51))


NAMED = (*ELSEWHERE, *PROOFS)


@pytest.mark.parametrize("row", NAMED, ids=[f"{row.number}-{row.test}" for row in NAMED])
def test_a_test_that_the_table_names_exists(row):
    file = ROOT / row.file
    names = {
        node.name for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }
    assert row.test in names, f"{row.file} has no {row.test}"


# --- the dock ---


def card(hall, dock, fault):
    dock.send("/dock/insert", number=hall.person("李伟").number, fault=fault)
    assert hall.reader.card.faults == {fault}
    dock.send("/dock/remove")


def sensor(hall, dock, fault):
    found = hall.machine.devices.simulators.fingerprint.sensor
    dock.send("/dock/sensor", fault=fault)
    assert found.fault is fault or found.unplugged  # a cable pulled in mid-frame is out as soon as something is asked
    dock.send("/dock/sensor", fault="")
    assert found.fault is None


def printer(hall, dock, fault):
    emulator = hall.machine.devices.simulators.printer.emulator
    dock.send("/dock/printer", fault=fault)
    assert fault in emulator.faults
    dock.send("/dock/printer", fault=fault, on="0")
    assert fault not in emulator.faults


def id_reader(hall, dock, fault):
    simulated(hall.machine.devices.simulators.id_card.module, dock, "id-reader", fault)


def scanner(hall, dock, fault):
    simulated(hall.machine.devices.simulators.scanner.window, dock, "scanner", fault)


def simulated(device, dock, route, fault):
    dock.send(f"/dock/{route}", fault=fault)
    assert device.fault is fault or device.unplugged
    dock.send(f"/dock/{route}", fault="")
    assert device.fault is None


SWITCHES = {
    "CardFault": card, "SensorFault": sensor, "FeatureFault": sensor, "PrinterFault": printer,
    "IdReaderFault": id_reader, "ScannerFault": scanner,
}  # fmt: skip
DIALECT = {"FeatureFault": "simulated:split-nibble"}


@pytest.fixture(scope="module")
def docks(tmp_path_factory, seeds):
    """A dock for each fingerprint line, opened when first asked for."""
    opened: dict[str, tuple[Hall, Dock]] = {}

    def dock_with(line: str) -> tuple[Hall, Dock]:
        if line not in opened:
            devices_ = {"fingerprint": line, "id_card": "simulated:", "scanner": "simulated:"}
            hall = Hall(tmp_path_factory.mktemp("hall"), seeds, devices=devices_)
            opened[line] = (hall, Dock(hall))
        return opened[line]

    yield dock_with
    for hall, _ in opened.values():
        hall.close()


@pytest.mark.parametrize("name", sorted(every_fault()))
def test_every_fault_is_a_button_of_the_dock_that_begins_and_ends_it(docks, name):
    assert name in SWITCHES, "a new kind of fault needs its way at the dock"
    hall, dock = docks(DIALECT.get(name, "simulated:"))
    for fault in every_fault()[name]:
        dock.visit("/dock/")
        assert f'value="{fault}"' in dock.page.html, f"no button for {fault!r}"
        SWITCHES[name](hall, dock, fault)
        assert dock.status == 200
    eventually(lambda: hall.reader.card is None)


def test_the_sections_of_the_table_name_their_devices():
    assert len(TABLES) == len(every_fault())
    for name, cases in TABLES.items():
        assert len({type(case.fault) for case in cases}) == 1, name
