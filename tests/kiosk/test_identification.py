"""The ID-card reader and the scanner in a whole hall: health, codes, the clerk's tests, and what is kept: nothing."""

import logging
import sqlite3
import threading

import pytest

from devices.device import DeviceMissing
from devices.id_card import IdCardKind
from devices.id_card.simulated_cards import SAMPLES, SampleCard, WrittenCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.scanner.simulated_faults import ScannerFault
from kiosk.assembly import build_machine
from kiosk.device_errors import error_of
from kiosk.device_tests import Patience, Trial
from kiosk.identification_errors import (
    CodeNotUsable,
    IdCardDamaged,
    IdCardExpired,
    IdCardLifted,
    IdModuleBroken,
    IdReaderAway,
    IdReaderFaulty,
    NotAnIdCard,
    ScannerAway,
    ScannerFaulty,
)
from kiosk.identification_tests import KINDS, identification_acts
from kiosk.settings import Settings, SettingsError
from tests.hall import LOCALITY, Hall, eventually
from tests.localities import pack_granting
from tests.screen import StaffScreen

SECRET = b"E5C1A0FFEE00112233445566778899AA"
ANOTHER = b"0D0E0F10111213141516171819202122"
OUYANG = WrittenCard.of_resident("欧阳晓晴", "639900199001010020")


@pytest.fixture(scope="module")
def hall(tmp_path_factory, seeds):
    """Nobody is served here without a card: the devices are the tests' own."""
    pack = pack_granting(tmp_path_factory.mktemp("pack") / "510521", id_card="none", electronic_code="none")
    opened = Hall(
        tmp_path_factory.mktemp("hall"), seeds, devices={"id_card": "simulated:", "scanner": "simulated:"},
        kiosk={"locality": pack},
    )  # fmt: skip
    yield opened
    opened.close()


@pytest.fixture
def module(hall):
    found = hall.machine.devices.simulators.id_card.module
    yield found
    found.mend()
    found.lift()
    well(hall, "id_card")


@pytest.fixture
def window(hall):
    found = hall.machine.devices.simulators.scanner.window
    yield found
    found.mend()
    found.hide()
    well(hall, "scanner")


def well(hall, kind):
    eventually(lambda: hall.machine.devices.health()[kind].ready, 30, f"the {kind} is ready")


def tried(hall, kind):
    """What the clerk's test says, and what it asked for."""
    asked = []
    act = identification_acts(hall.machine.devices, hall.machine.clock, Patience(put=15))[kind]
    try:
        return act(Trial(asked.append, lambda _page, _step: None)), asked
    except Exception as error:  # noqa: BLE001 - what the room of tests would catch
        return error, asked


def test_the_hall_has_both_and_says_so(hall):
    for kind in ("id_card", "scanner"):
        well(hall, kind)
        assert hall.machine.health()["devices"][kind]["state"] == "ready"
    assert hall.machine.devices.id_card.board.record.facts["model"] == "SAM_V"
    assert hall.machine.devices.scanner.board.record.facts["model"] == "GM65"


def test_a_clerk_tries_an_id_card_and_sees_it_masked(hall, module):
    well(hall, "id_card")
    module.lay(OUYANG)
    outcome, asked = tried(hall, "id_card")
    assert (outcome.passed, outcome.words[:3]) == (True, ("读到了，没有留下", "姓名 欧*", "居民身份证"))
    assert asked == ["请在 15 秒内放一张身份证"]
    assert set(KINDS) == set(IdCardKind)


def test_a_foreigners_card_is_told_as_such(hall, module):
    well(hall, "id_card")
    module.lay(SAMPLES[SampleCard.FOREIGNER_2023])
    assert tried(hall, "id_card")[0].words[2] == "外国人永久居留身份证（新版）"


OF_ID_READER = [
    (IdReaderFault.GONE_MID_READ, IdCardLifted), (IdReaderFault.FOREIGN_CARD, NotAnIdCard),
    (IdReaderFault.GARBLED_TEXT, IdCardDamaged), (IdReaderFault.SELF_TEST_FAILED, IdModuleBroken),
    (IdReaderFault.BAD_CHECKSUM, IdReaderFaulty), (IdReaderFault.UNPLUGGED, IdReaderAway),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "code"), OF_ID_READER)
def test_what_is_wrong_with_an_id_card_or_its_reader_has_its_code(hall, module, fault, code):
    well(hall, "id_card")
    module.lay(OUYANG)
    module.fail(fault)
    assert tried(hall, "id_card")[0].code == code.code


def test_an_expired_card_is_read_and_told_as_expired(hall, module):
    well(hall, "id_card")
    module.lay(OUYANG)
    module.fail(IdReaderFault.EXPIRED)
    outcome, _ = tried(hall, "id_card")
    assert (outcome.passed, outcome.code, outcome.words[-1]) == (True, "K-137", IdCardExpired.words)


def test_a_clerk_tries_a_code_and_hears_its_length(hall, window):
    well(hall, "scanner")
    window.show(SECRET)
    outcome, asked = tried(hall, "scanner")
    assert (outcome.passed, outcome.words[0]) == (True, "扫到了，长度 32")
    assert asked == ["请在 15 秒内出示一个码"]


OF_SCANNER = [
    (ScannerFault.TOO_LONG, CodeNotUsable), (ScannerFault.CONTROL_CHARACTERS, CodeNotUsable),
    (ScannerFault.BAD_REPLY, ScannerFaulty), (ScannerFault.UNPLUGGED, ScannerAway),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "code"), OF_SCANNER)
def test_what_is_wrong_with_a_code_or_the_scanner_has_its_code(hall, window, fault, code):
    well(hall, "scanner")
    window.show(SECRET)
    window.fail(fault)
    assert tried(hall, "scanner")[0].code == code.code


def test_a_test_that_nobody_comes_to_says_nothing_of_the_device(hall, module, window):
    for kind in ("id_card", "scanner"):
        well(hall, kind)
        trial = Trial(lambda _words: None, lambda _page, _step: None)
        trial.off.set()
        outcome = identification_acts(hall.machine.devices, hall.machine.clock)[kind](trial)
        assert outcome.passed is None


def clerk_at(hall, path):
    face = StaffScreen(hall)
    face.sign_in("clerk", "chuangkou-shili-2026")
    face.visit(path)
    return face


def test_a_clerk_sees_both_among_the_devices(hall):
    well(hall, "id_card")
    well(hall, "scanner")
    clerk_at(hall, "/health/").sees("身份证阅读器", "扫码器", "正常")


@pytest.mark.parametrize(("kind", "words"), [("id_card", "姓名 欧*"), ("scanner", "扫到了，长度 32")])
def test_a_clerk_tries_them_at_the_page_of_devices(hall, module, window, kind, words):
    well(hall, kind)
    module.lay(OUYANG)
    window.show(SECRET)
    face = clerk_at(hall, "/device_page/")
    face.send(f"/device_page/{kind}/test")
    eventually(lambda: face.visit("/device_page/test") and words in face.page.text, 30, f"{words} on the clerk's page")
    face.does_not_see("晓晴", "639900", SECRET.decode()[:8])
    assert hall.machine.devices.health()[kind].ready
    eventually(lambda: not hall.machine.device_tests.view.running, 30)


def test_a_code_reaches_one_consumer_once_and_is_nowhere_else(hall, window, caplog):
    """Not in the log, the journal, the database, any file of the machine, the health page or the dock."""
    caplog.set_level(logging.DEBUG)
    well(hall, "scanner")
    window.show(ANOTHER)
    code = hall.machine.devices.scanner.scan(15, threading.Event())
    assert code.take() == ANOTHER
    with pytest.raises(LookupError):
        code.take()
    hall.machine.notes.do(lambda: None)
    with sqlite3.connect(hall.folder / "kiosk.sqlite") as store:
        written = "\n".join(store.iterdump())
    for secret in (ANOTHER.decode(), ANOTHER.decode()[:8], ANOTHER.decode()[-8:]):
        assert secret not in caplog.text
        assert secret not in written
        assert secret not in f"{code!r} {vars(code)} {hall.machine.health()}"
    for file in (file for file in hall.folder.rglob("*") if file.is_file()):
        assert ANOTHER not in file.read_bytes(), file


def test_an_id_card_that_was_read_is_nowhere_either(hall, module, caplog):
    caplog.set_level(logging.DEBUG)
    well(hall, "id_card")
    module.lay(OUYANG)
    card = hall.machine.devices.id_card.read(15, threading.Event())
    assert card.name == "欧阳晓晴"
    with sqlite3.connect(hall.folder / "kiosk.sqlite") as store:
        written = "\n".join(store.iterdump())
    for secret in ("欧阳晓晴", "639900199001010020"):
        assert secret not in caplog.text
        assert secret not in written
        assert secret not in repr(card)
    for file in (file for file in hall.folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        assert "欧阳晓晴".encode() not in content, file
        assert "欧阳晓晴".encode("utf-16-le") not in content, file


@pytest.mark.parametrize("line", ["wedge:", "keyboard:usb:1A86:7523", "hid:"])
def test_a_keyboard_for_a_scanner_is_refused_at_start_with_the_reason(tmp_path, line):
    kiosk = {"stage": "development", "folder": str(tmp_path), "locality": LOCALITY}
    settings = Settings.model_validate({"kiosk": kiosk, "devices": {"card": "", "scanner": line}})
    with pytest.raises(SettingsError, match=r"devices\.scanner.*nobody can tell its typing from a person's"):
        build_machine(settings)


@pytest.mark.parametrize("kind", ["id_card", "scanner"])
def test_simulated_ones_do_not_serve_residents(tmp_path, kind):
    kiosk = {"stage": "production", "folder": str(tmp_path), "locality": LOCALITY}
    settings = Settings.model_validate({"kiosk": kiosk, "devices": {"card": "", kind: "simulated:"}})
    with pytest.raises(SettingsError, match=f"devices.{kind}"):
        build_machine(settings)


def test_a_missing_reader_is_told_by_its_own_code():
    assert error_of(DeviceMissing("gone"), "id_card").code == "K-130"
    assert error_of(DeviceMissing("gone"), "scanner").code == "K-140"
