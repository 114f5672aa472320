"""Every fault of a card: said to the resident in words and with a code; the next card is served."""

import time

import pytest

from devices.card.simulated import VirtualCard
from devices.card.virtual.described import CardFault
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant
from tests.faults.cases import CARD, OF_KEYS, READER_WELL
from tests.faults.scenes import READY_SECONDS
from tests.hall import eventually

PLAIN = [case for case in CARD if case.fault not in OF_KEYS]
WITH_KEYS = [case for case in CARD if case.fault in OF_KEYS]
OPENED_BY_KEYS = {CardFault.KEY_REFUSED, CardFault.KEY_LOCKED, CardFault.CHALLENGE_LOST}
HASTE = 40


@pytest.fixture(scope="module")
def shared_scene(open_scene):
    return open_scene()


@pytest.fixture
def scene(shared_scene):
    yield shared_scene
    shared_scene.leave()


@pytest.fixture(scope="module")
def keeper(open_scene):
    """A hall whose county has a key service."""
    return open_scene(hub={"key_store": "test"})


@pytest.mark.parametrize("case", PLAIN, ids=[case.fault.value for case in PLAIN])
def test_a_faulty_card_is_told_as_the_table_says_and_the_next_is_served(scene, case, record_property):
    scene.puts_a_card_in("李伟", case.fault)
    if case.fault is CardFault.BLOCKED:
        assert isinstance(scene.machine.desk.state, Serving)
        scene.screen.visit("/pin?next=/")
        scene.screen.enter_pin(scene.hall.person("李伟").card.pin)
    scene.screen.sees(case.resident, *([f"{case.code}"] if case.code else []))
    assert case.clerk in scene.page_of_devices()
    scene.leave()
    seconds = scene.seconds_until_served()
    record_property("ready_seconds", round(seconds, 2))
    assert seconds < READY_SECONDS


@pytest.mark.parametrize("case", WITH_KEYS, ids=[case.fault.value for case in WITH_KEYS])
def test_a_card_whose_keys_are_wrong_is_told_so_where_the_county_has_a_key_service(keeper, case):
    keeper.puts_a_card_in("三代卡" if case.fault in OPENED_BY_KEYS else "李伟", case.fault)
    keeper.screen.sees(*([case.resident, case.code] if case.code else ["您想办什么事？"]))
    assert case.clerk in keeper.page_of_devices()
    keeper.leave()
    assert keeper.seconds_until_served() < READY_SECONDS


def test_a_slow_card_shows_that_it_is_being_read(scene):
    card = VirtualCard(
        scene.hall.person("李伟").card, frozenset({CardFault.SLOW}), pause=lambda s: time.sleep(s / HASTE)
    )
    scene.hall.reader.insert(card)
    eventually(lambda: isinstance(scene.machine.desk.state, ReadingCard))
    scene.screen.visit("/")
    scene.screen.sees("正在读卡，请不要拔卡")
    scene.screen.follow(60)
    scene.screen.sees("李*，您想办什么事？")
    scene.leave()


def test_a_card_pulled_in_mid_read_ends_everything_and_shows_no_part_of_a_person(scene):
    for command in (1, 2, 5, 9):
        scene.hall.reader.insert(VirtualCard(scene.hall.person("李伟").card, pull_at=command))
        eventually(lambda: not scene.hall.reader.occupied, 15, "the card is out")
        eventually(lambda: isinstance(scene.machine.desk.state, Vacant), 15)
        scene.screen.follow()
        scene.screen.does_not_see("李")
        assert scene.seconds_until_served() < READY_SECONDS


def test_an_unplugged_reader_is_told_once_and_comes_back(scene, caplog):
    board = scene.machine.devices.card.board
    with caplog.at_level("INFO", "devices.device"):
        scene.hall.reader.disappear()
        eventually(lambda: not board.health.ready, 10)
        assert "查读卡器的线，换个 USB 口" in scene.page_of_devices()
        scene.screen.visit("/services/job_board/")
        scene.screen.sees("找工作")
        scene.hall.reader.reappear()
        eventually(lambda: board.health.ready, 10)
    said = [record.getMessage() for record in caplog.records if "device card" in record.getMessage()]
    assert len(said) == 2
    assert READER_WELL in scene.page_of_devices()
    scene.leave()
    assert scene.seconds_until_served() < READY_SECONDS


def test_a_pulled_faulty_card_leaves_no_trace_for_the_next(scene):
    scene.puts_a_card_in("李伟", CardFault.FOREIGN)
    assert isinstance(scene.machine.desk.state, CardLeft)
    scene.leave()
    scene.screen.follow()
    scene.screen.sees("请插入社会保障卡")
    scene.screen.does_not_see("K-103")
