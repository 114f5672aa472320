"""The dock: ID cards are laid on their reader, codes are shown to the scanner, and both are broken and mended."""

import threading
import time

import pytest

from devices.id_card.simulated_cards import SAMPLES, SampleCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.scanner.simulated_faults import ScannerFault
from kiosk.screens.dock_words import ID_READER_WORDS, SAMPLE_WORDS, SCANNER_WORDS
from tests.dock import Dock, sent_by
from tests.hall import Hall, eventually
from tests.localities import pack_granting

BOTH = {"id_card": "simulated:", "scanner": "simulated:"}


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    """A hall that has both, for all tests here; nobody is served by them, they are the tests' own."""
    pack = pack_granting(tmp_path_factory.mktemp("pack") / "510521", id_card="none", electronic_code="none")
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds, devices=BOTH, kiosk={"locality": pack})
    yield opened
    opened.close()


@pytest.fixture
def module(hall):
    """The ID-card reader, put right after each test."""
    found = hall.machine.devices.simulators.id_card.module
    yield found
    found.mend()
    found.lift()


@pytest.fixture
def window(hall):
    """The scanner, put right after each test."""
    found = hall.machine.devices.simulators.scanner.window
    yield found
    found.mend()
    found.hide()


@pytest.mark.parametrize("special", ["李伟", "生僻字"])
def test_anybodys_id_card_can_be_laid_on_the_reader_and_is_read(dock, hall, module, special):
    person = hall.person(special)
    dock.visit(f"/dock/?q={person.number}")
    assert f'aria-label="放 {person.name} 的身份证"' in dock.page.html
    dock.send("/dock/id-card", number=person.number)
    dock.sees(f"身份证阅读器上是 {person.name} 的证", f"阅读器上：{person.name}")
    card = read(hall)
    assert (card.name, card.number) == (person.name, person.number)
    dock.press("拿开身份证")
    dock.sees("身份证已拿开", "阅读器空着")
    assert module.card is None


def read(hall):
    found = []

    def there():
        card = hall.machine.devices.id_card.read(1, threading.Event())
        found.append(card)
        return card is not None

    eventually(there, 20, "the ID card is read")
    return found[-1]


def test_names_with_a_dot_are_whole(dock, hall, module):
    person = next((one for one in hall.people if "·" in one.name), None)
    assert person is not None, "the town has nobody with a dot in the name"
    dock.send("/dock/id-card", number=person.number)
    assert read(hall).name == person.name


@pytest.mark.parametrize("sample", SampleCard)
def test_every_other_layout_has_a_button(dock, hall, module, sample):
    dock.press(SAMPLE_WORDS[sample])
    assert module.card is SAMPLES[sample]


def test_every_fault_of_the_id_reader_has_a_button_that_begins_it_and_one_that_ends_it(dock, module):
    assert sent_by(dock, "id-reader", "fault") == set(IdReaderFault)
    for fault in IdReaderFault:
        dock.send("/dock/id-reader", fault=fault)
        if fault is not IdReaderFault.UNPLUGGED_MID_FRAME:  # becomes UNPLUGGED as soon as the module is asked something
            dock.sees(f"故障：{ID_READER_WORDS[fault]}")
        assert module.fault in (fault, IdReaderFault.UNPLUGGED)
        dock.press("修好身份证阅读器")
        assert module.fault is None


def test_a_code_is_shown_without_being_told(dock, hall, window):
    dock.press("出示一个码")
    dock.sees("扫码器前有一个码，长 64", "还没有扫走")
    eventually(lambda: hall.machine.devices.scanner.board.health.ready, 15)
    code = hall.machine.devices.scanner.scan(15, threading.Event())
    assert code.take().decode() not in dock.visit("/dock/").html
    dock.sees("扫码器前没有码")
    dock.press("出示一个码")
    dock.press("拿开码")
    assert not window.shows


def test_every_fault_of_the_scanner_has_a_button_that_begins_it_and_one_that_ends_it(dock, window):
    assert sent_by(dock, "scanner", "fault") == set(ScannerFault)
    for fault in ScannerFault:
        dock.send("/dock/scanner", fault=fault)
        dock.sees(f"故障：{SCANNER_WORDS[fault]}")
        assert window.fault is fault
        dock.press("修好扫码器")
        assert window.fault is None


NONSENSE = [
    ("id-card", {"number": "nobody"}, "没有这个人"),
    ("id-card", {"sample": "passport"}, "没有这个选项"),
    ("id-reader", {"fault": "bored"}, "没有这个选项"),
    ("code", {"shown": "perhaps"}, "要填 1 或 0"),
    ("scanner", {"fault": "bored"}, "没有这个选项"),
]


def test_what_no_button_sends_is_refused_in_words(dock, module, window):
    for action, fields, words in NONSENSE:
        dock.visit("/dock/")
        dock.send(f"/dock/{action}", **fields)
        assert dock.status == 400
        dock.sees(words)
    assert (module.card, window.shows) == (None, False)


def test_where_there_are_no_simulated_ones_their_buttons_refuse(open_hall):
    dock = Dock(open_hall())
    dock.sees("请用真身份证", "请用真的码")
    assert "放身份证" not in dock.page.html
    for action, fields in (
        ("id-card/lifted", {}),
        ("id-reader", {"fault": ""}),
        ("code", {"shown": "1"}),
        ("scanner", {}),
    ):
        dock.send(f"/dock/{action}", **fields)
        assert dock.status == 400


def test_anybodys_electronic_card_is_held_before_the_scanner_with_a_fresh_code_each_time(dock, hall, window):
    person, seen = hall.person("李伟"), set()
    for _ in range(2):
        dock.visit(f"/dock/?q={person.number}")
        assert f'aria-label="出示 {person.name} 的电子社保卡"' in dock.page.html
        dock.send("/dock/code/of", number=person.number)
        dock.sees(f"扫码器前是 {person.name} 的电子社保卡", "还没有扫走")
        code = hall.machine.devices.scanner.scan(15, threading.Event())
        seen.add(bytes(code.take()))
        time.sleep(0.2)
    assert len(seen) == 2
    dock.send("/dock/code/of", number="nobody")
    dock.sees("人员文件里没有这个人")
