"""Every fault of a receipt printer: the slip fails in words, the result stands, and once mended the same slip comes."""

import time

import pytest

from devices.printer.emulator import PrinterFault
from tests.faults.cases import PAPER, PRINTED
from tests.faults.scenes import NEVER, READY_SECONDS
from tests.hall import eventually


@pytest.fixture(scope="module")
def shared_scene(open_scene):
    return open_scene()


@pytest.fixture
def scene(shared_scene):
    yield shared_scene
    shared_scene.printer.recover()
    shared_scene.leave()


@pytest.mark.parametrize("case", PAPER, ids=[case.fault.value for case in PAPER])
def test_a_fault_is_told_and_the_slip_comes_once_it_is_mended(scene, case, record_property):
    board, began = scene.machine.devices.printer.board, scene.machine.clock.now()
    scene.shows_a_posting()
    scene.printer.suffer(case.fault)
    scene.screen.press("打印凭条")
    if case.fault is PrinterFault.SLOW:
        scene.screen.sees_soon("正在打印凭条，请稍等", seconds=NEVER)
        scene.printer.recover()
    if case.harmless:
        scene.screen.sees_soon(case.resident, seconds=NEVER)
        assert case.clerk in scene.page_of_devices()
        return
    scene.screen.sees_soon("凭条没有打出来。", case.resident, case.code, seconds=NEVER)
    assert case.clerk in scene.page_of_devices()
    assert board.record.last_fault.since >= began
    mended = time.monotonic()
    scene.printer.recover()
    eventually(lambda: board.health.ready, NEVER, "the printer is ready again")
    record_property("ready_seconds", round(time.monotonic() - mended, 2))
    assert time.monotonic() - mended < READY_SECONDS
    scene.screen.press("再打一次")
    scene.screen.sees_soon(PRINTED, seconds=NEVER)


def test_a_printer_that_dies_in_mid_job_gives_one_slip_at_most_and_the_second_says_that_it_is_one(scene):
    scene.shows_a_posting()
    before = len(scene.slips())
    scene.printer.suffer(PrinterFault.DIES_MID_JOB)
    scene.screen.press("打印凭条")
    scene.screen.sees_soon("凭条没有打出来。", seconds=NEVER)
    scene.printer.recover()
    eventually(lambda: scene.machine.devices.printer.board.health.ready, NEVER)
    scene.screen.press("再打一次")
    scene.screen.sees_soon(PRINTED, seconds=NEVER)
    torn, again = scene.slips()[before:]
    assert (torn.complete, again.complete) == (False, True)
    assert "重打" in again.text
