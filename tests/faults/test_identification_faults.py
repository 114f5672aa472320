"""Every fault of the ID-card reader and of the scanner, met by a clerk's test; residents: kiosk/test_credentials.py."""

import time

import pytest

from devices.id_card.simulated_cards import WrittenCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.scanner.simulated_faults import ScannerFault
from tests.faults.cases import ID_CARD, SCANNER
from tests.faults.scenes import NEVER, READY_SECONDS
from tests.hall import eventually


@pytest.fixture(scope="module")
def shared_scene(open_scene):
    return open_scene(fingerprint="", printer="", id_card="simulated:", scanner="simulated:")


@pytest.fixture
def scene(shared_scene):
    yield shared_scene
    shared_scene.id_reader.lift()
    shared_scene.scanner.hide()
    shared_scene.leave()


def ready_again(scene, kind, record_property):
    board, mended = getattr(scene.machine.devices, kind).board, time.monotonic()
    eventually(lambda: board.health.ready, NEVER, "the device is ready again")
    seconds = time.monotonic() - mended
    record_property("ready_seconds", round(seconds, 2))
    return seconds < READY_SECONDS


@pytest.mark.parametrize("case", ID_CARD, ids=[case.fault.value for case in ID_CARD])
def test_a_fault_of_the_id_card_reader_is_told_to_the_clerk(scene, case, record_property):
    card = WrittenCard.of_resident("李伟", scene.hall.person("李伟").number)
    scene.id_reader.fail(case.fault)
    scene.tests("id_card", lambda: scene.id_reader.lay(card))
    scene.clerk.sees(case.clerk, *([f"编号 {case.code}"] if case.code else ["身份证阅读器：好的", "姓名 李*"]))
    scene.clerk.does_not_see("李伟", card.number)
    scene.id_reader.mend()
    assert ready_again(scene, "id_card", record_property)
    if case.fault in (IdReaderFault.SELF_TEST_FAILED, IdReaderFault.READ_FAILED):
        scene.id_reader.lift()
        scene.tests("id_card", lambda: scene.id_reader.lay(card))
        scene.clerk.sees("身份证阅读器：好的")


@pytest.mark.parametrize("case", SCANNER, ids=[case.fault.value for case in SCANNER])
def test_a_fault_of_the_scanner_is_told_to_the_clerk(scene, case, record_property):
    scene.scanner.fail(case.fault)
    idle = case.fault is ScannerFault.NOTHING_READ
    scene.tests("scanner", scene.scanner.show, calls_off_after=0.5 if idle else None)
    scene.clerk.sees(case.clerk, *([f"编号 {case.code}"] if case.code else []))
    scene.scanner.mend()
    scene.scanner.hide()
    assert ready_again(scene, "scanner", record_property)
    if case.fault in (ScannerFault.UNPLUGGED_MID_CODE, ScannerFault.TOO_LONG):
        scene.tests("scanner", scene.scanner.show)
        scene.clerk.sees("扫码器：好的")
