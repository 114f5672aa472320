"""The county's key service at the desk: version 3 is served, forged cards are not, a burnt key is never tried again."""

import pytest

from devices.card import CardGone, CardSilent, Insertion, KeyCounterBurnt
from devices.card.chip import ApduChip
from devices.card.key_service import KeyAnswer
from devices.card.simulated import CardFault, VirtualCard
from devices.card.virtual.keys import KeyStore
from devices.device import DeviceMissing
from kiosk.card_errors import CardKeyRefused
from kiosk.county_errors import CountyUnavailable
from kiosk.identity import Assurance
from kiosk.key_room import KeyRoom
from kiosk.reception import Reception
from kiosk.states import CardLeft
from tests.card_in import happened, put_in, served
from tests.hall import eventually


class County:
    """A key service that can be cut, and counts what it is asked."""

    def __init__(self):
        self.store = KeyStore()
        self.cut = False
        self.insertions = []

    def __call__(self, question, insertion) -> KeyAnswer:
        self.insertions.append(insertion)
        if self.cut:
            raise CountyUnavailable("cut")
        return self.store(question)

    @property
    def asked(self) -> int:
        return len(self.store.asked)


@pytest.fixture
def keys():
    return County()


@pytest.fixture
def reception(hall, keys):
    """A second reception on the same desk, which takes the reader over and has a key service."""
    machine = hall.machine
    reception = Reception(
        desk=machine.desk, reader=hall.reader, county=machine.county, journal=machine.journal,
        printing=machine.printing, rules=machine.locality.assurance, clock=machine.clock, keys=keys,
    )  # fmt: skip
    yield reception
    reception.close()


def refused(hall) -> str:
    state = hall.machine.desk.state
    assert isinstance(state, CardLeft), state
    return state.problem.code


def third(hall, *faults):
    return VirtualCard(hall.person("三代卡").card, frozenset(faults))


def test_a_version_3_card_is_served_and_its_pin_counts(hall, reception, keys):
    holder = hall.person("三代卡")
    put_in(hall, VirtualCard(holder.card))
    session = served(hall)
    assert session.resident.name.plain() == holder.name
    assert session.resident.card_proven
    assert keys.asked == 1
    assert reception.pins.verify(session.token, bytearray(holder.card.pin.encode())).accepted
    assert served(hall).assurance is Assurance.PIN


def test_without_a_key_service_a_version_3_card_is_sent_to_the_counter(hall):
    put_in(hall, third(hall))
    assert refused(hall) == "K-105"


def test_a_version_2_card_is_proven_where_the_service_answers_and_read_where_it_is_cut(hall, reception, keys):
    put_in(hall, VirtualCard(hall.person("李伟").card))
    assert served(hall).resident.card_proven
    hall.remove()
    keys.cut = True
    put_in(hall, VirtualCard(hall.person("李伟").card))
    assert not served(hall).resident.card_proven


def test_a_version_3_card_is_refused_while_the_service_is_cut_and_left_without_power(hall, reception, keys):
    keys.cut = True
    slotted = third(hall)
    put_in(hall, slotted)
    assert refused(hall) == CountyUnavailable.code
    assert slotted.answer(bytes.fromhex("0082000A10" + "00" * 16)).hex() == "6984", "no challenge waits any more"
    assert slotted.key_tries_left == slotted.description.key_tries


@pytest.mark.parametrize("special", ["三代卡", "李伟"])
def test_a_forged_card_is_sent_to_the_counter_and_written_down(hall, screen, reception, special):
    put_in(hall, VirtualCard(hall.person(special).card, frozenset({CardFault.FORGED})))
    assert refused(hall) == "K-113"
    screen.follow()
    screen.sees("K-113", "窗口")
    assert [entry["code"] for entry in happened(hall, "card_refused")] == ["K-113"]


def test_a_card_that_refused_the_countys_key_is_never_tried_again(hall, screen, reception, keys):
    slotted = third(hall, CardFault.KEY_REFUSED)
    put_in(hall, slotted)
    assert refused(hall) == "K-115"
    left = slotted.key_tries_left
    assert left == slotted.description.key_tries - 1
    for _ in range(3):
        hall.remove()
        put_in(hall, slotted)
        assert refused(hall) == "K-115"
    assert (slotted.key_tries_left, keys.asked) == (left, 1)
    screen.follow()
    screen.sees("K-115", "请不要再试")


def test_a_challenge_that_is_lost_once_is_nothing_the_resident_hears_of(hall, reception, keys):
    put_in(hall, third(hall, CardFault.CHALLENGE_LOST))
    assert served(hall).resident.card_proven
    assert keys.asked == 2


def test_a_card_pulled_while_the_key_service_thinks_brings_the_screen_home(hall, screen, reception, keys):
    slotted = third(hall)
    slotted.pull_at = 11  # the external authentication
    hall.reader.insert(slotted)
    eventually(lambda: keys.asked == 1, what="the service is asked")
    eventually(lambda: not hall.reader.occupied, what="pulled")
    screen.visit("/")
    screen.sees_soon("请插入社会保障卡")


INSERTION = Insertion("A", b"", 1)
EXTERNAL, READ = 0x82, 0xB2


def breaking(slotted, error, *, behind=False, instruction=EXTERNAL, times=1):
    """The card, and a reader that raises once it was handed a command: before or ``behind`` what the card makes of it.

    It happens to the first command from the external authentication on that is of one kind.
    """
    broken, opened = [], []

    def transmit(command: bytes) -> bytes:
        opened.extend([command] if command[1] == EXTERNAL else [])
        if opened and command[1] == instruction and len(broken) < times:
            broken.append(command)
            if behind:
                slotted.answer(command)
            raise error("the reader broke")
        return slotted.answer(command)

    return ApduChip(transmit, slotted.atr)


@pytest.mark.parametrize("error", [CardSilent, CardGone, DeviceMissing])
@pytest.mark.parametrize("behind", [True, False])
def test_a_card_that_says_nothing_to_the_outer_answer_is_not_asked_again(hall, keys, error, behind):
    """Whether a try of its key is gone, nobody can tell: the limit passed, the service died, the card was pulled."""
    slotted, room = third(hall, CardFault.KEY_REFUSED), KeyRoom(keys)
    with pytest.raises(error):
        room.read(breaking(slotted, error, behind=behind), INSERTION)
    left = slotted.key_tries_left
    slotted.power_off()
    with pytest.raises(CardKeyRefused):
        room.read(ApduChip(slotted.answer, slotted.atr), INSERTION)
    assert (slotted.key_tries_left, keys.asked) == (left, 1)


def test_a_card_that_hangs_in_the_outer_answer_is_remembered_while_it_hangs(hall, keys):
    slotted, room, remembered = third(hall), KeyRoom(keys), []

    def transmit(command: bytes) -> bytes:
        if command[1] == EXTERNAL:
            remembered.extend(room._risked)
        return slotted.answer(command)

    assert room.read(ApduChip(transmit, slotted.atr), INSERTION).card.proven
    assert len(remembered) == 1
    assert not room._risked, "forgotten, for it went well"


def test_a_card_pulled_after_it_was_opened_may_come_back(hall, keys):
    slotted, room = third(hall), KeyRoom(keys)
    with pytest.raises(CardGone):
        room.read(breaking(slotted, CardGone, instruction=READ), INSERTION)
    slotted.power_off()
    assert room.read(ApduChip(slotted.answer, slotted.atr), INSERTION).card.proven


def test_a_card_that_lost_every_challenge_may_come_back(hall, keys):
    slotted, room = third(hall), KeyRoom(keys)

    def forgetful(command: bytes) -> bytes:
        return b"\x69\x84" if command[1] == EXTERNAL else slotted.answer(command)

    with pytest.raises(Exception, match="challenge"):
        room.read(ApduChip(forgetful, slotted.atr), INSERTION)
    assert room.read(ApduChip(slotted.answer, slotted.atr), INSERTION).card.proven


def test_what_is_found_out_before_the_key_is_touched_is_no_burnt_key(hall, keys):
    slotted, room = third(hall, CardFault.FORGED), KeyRoom(keys)
    for _ in range(2):
        with pytest.raises(Exception, match="cryptogram"):
            room.read(ApduChip(slotted.answer, slotted.atr), INSERTION)
    assert keys.asked == 2


def test_a_key_that_was_refused_stays_so_whatever_another_reading_says(hall, keys):
    slotted, room = third(hall, CardFault.KEY_REFUSED), KeyRoom(keys)
    with pytest.raises(KeyCounterBurnt):
        room.read(ApduChip(slotted.answer, slotted.atr), INSERTION)
    for _ in range(2):
        with pytest.raises(CardKeyRefused):
            room.read(ApduChip(slotted.answer, slotted.atr), INSERTION)
    assert keys.asked == 1


# --- cards that the key service has no words for ---


class OtherAlgorithm(VirtualCard):
    """Says of its keys what no list knows."""

    def answer(self, command: bytes) -> bytes:
        return super().answer(command).replace(bytes.fromhex("9F0C03860101"), bytes.fromhex("9F0C03860107"))


def test_a_card_of_an_algorithm_nobody_knows_is_read_unproven_or_sent_to_the_counter(hall, reception, keys):
    put_in(hall, OtherAlgorithm(hall.person("李伟").card))
    assert not served(hall).resident.card_proven
    hall.remove()
    put_in(hall, OtherAlgorithm(hall.person("三代卡").card))
    assert refused(hall) == "K-105"
    assert keys.insertions == []
