"""Cards in a real PC/SC stack: read, asked for their PIN, pulled, swapped; the service itself restarted."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from devices.card import (
    CardForeign,
    CardGone,
    CardInserted,
    CardLocked,
    CardMute,
    CardRemoved,
    CardSilent,
    PinOutcome,
    PinResult,
)
from devices.card.virtual.described import CardFault, answer_to_reset
from devices.card.virtual.keys import KeyStore
from devices.card.virtual.vpcd import VirtualSlot
from devices.device import DeviceBusy, DeviceError, DeviceMissing, HealthState
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG, card
from tests.hall import eventually
from tests.pcsc.conftest import Hall
from tests.pcscd import PcscDaemon

COMMANDS = 14

OTHER_PROGRAM = """
import sys
from smartcard.scard import *
_, context = SCardEstablishContext(SCARD_SCOPE_USER)
result, handle, _ = SCardConnect(context, sys.argv[1], SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0)
print("holds" if result == 0 else hex(result), flush=True)
sys.stdin.read()
SCardDisconnect(handle, SCARD_LEAVE_CARD)
"""


def read(hall, insertion):
    with hall.reader.connect(insertion) as chip:
        return chip.identity()


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        (OUYANG, "欧阳晓晴"),
        (OLD_WANG, "王大锤"),
        (replace(MAIMAITI, version="2.00"), "买买提江·阿卜杜热依木艾合买𬱖"),
    ],
    ids=["2.00", "1.00", "cut inside a character"],
)
def test_a_card_is_read_and_its_connection_is_no_removal(hall, holder, name):
    insertion = hall.insert(card(holder))
    assert insertion.atr == answer_to_reset(holder)
    for _ in range(3):
        identity = read(hall, insertion)
        assert (identity.name, identity.social_security_no) == (name, holder.number)
    assert hall.quiet()
    hall.slot.remove()
    assert hall.next() == CardRemoved(insertion.reader)


def test_a_version_3_card_is_locked(hall):
    insertion = hall.insert(card(MAIMAITI))
    with pytest.raises(CardLocked):
        read(hall, insertion)
    with hall.reader.connect(insertion) as chip:
        assert chip.identification() == MAIMAITI.identification


@pytest.mark.parametrize(
    ("holder", "faults"),
    [
        (MAIMAITI, ()),
        (MAIMAITI, (CardFault.CONTACTLESS,)),
        (MAIMAITI, (CardFault.SW61,)),
        (MAIMAITI, (CardFault.CHALLENGE_LOST,)),
        (OUYANG, ()),
        (OUYANG, (CardFault.CONTACTLESS,)),
    ],
    ids=["3.00", "3.00 contactless", "3.00 by 61xx", "3.00 challenge lost", "2.00", "2.00 contactless"],
)
def test_a_card_proves_itself_while_the_key_service_is_asked(hall, holder, faults):
    slotted, service = card(holder, *faults), KeyStore()
    insertion = hall.insert(slotted)

    def keys(question):
        with pytest.raises(DeviceBusy), hall.reader.connect(insertion):
            pass  # the card is held open, for nobody else
        return service(question)

    with hall.reader.connect(insertion) as chip:
        identity = chip.identity(keys)
    assert (identity.name, identity.proven) == (holder.name, True)
    assert identity.atr_history == answer_to_reset(holder)[4:].hex().upper()
    assert hall.quiet(0.2)


def test_a_contactless_card_is_talked_to_over_t1(hall):
    slotted = card(OUYANG, CardFault.CONTACTLESS)
    insertion = hall.insert(slotted)
    assert insertion.atr.hex().upper() == "3B8D800100814E4323869763990012345638"
    with hall.reader.connect(insertion) as chip:
        assert chip._block_wise
        assert chip.identity().name == "欧阳晓晴"
        assert chip.verify_pin(bytearray(b"123456")).result is PinResult.ACCEPTED


def test_a_key_service_that_fails_leaves_the_card_without_power(hall):
    class CountyAsleepError(Exception):
        pass

    def keys(_question):
        raise CountyAsleepError

    slotted = card(MAIMAITI)
    insertion = hall.insert(slotted)
    with pytest.raises(CountyAsleepError), hall.reader.connect(insertion) as chip:
        chip.identity(keys)
    eventually(lambda: not slotted._lock._challenge, what="the challenge is forgotten with the power")
    assert slotted.key_tries_left == MAIMAITI.key_tries
    with hall.reader.connect(insertion) as chip:
        assert chip.identity(KeyStore()).proven


def test_61xx_and_6cxx_pass_through_the_stack(hall):
    slotted = card(OUYANG, CardFault.SW61, CardFault.NUMBER_ONLY, CardFault.NO_4E)
    assert read(hall, hall.insert(slotted)).name == "欧阳晓晴"
    assert slotted.answered > 2 * COMMANDS


def test_the_life_of_a_pin_and_that_rights_end_with_the_connection(hall):
    slotted = card(OUYANG)
    insertion = hall.insert(slotted)

    def ask(digits: bytes) -> PinOutcome:
        with hall.reader.connect(insertion) as chip:
            outcome = chip.verify_pin(bytearray(digits))
            assert slotted.verified is (outcome.result is PinResult.ACCEPTED)
        until = time.monotonic() + 2
        while slotted.verified and time.monotonic() < until:  # unpowering is not answered
            time.sleep(0.01)
        assert not slotted.verified
        return outcome

    assert ask(b"888888") == PinOutcome(PinResult.WRONG, 2)
    assert ask(b"123456") == PinOutcome(PinResult.ACCEPTED)
    assert [ask(b"000000").tries_left for _ in range(3)] == [2, 1, 0]
    assert ask(b"123456") == PinOutcome(PinResult.BLOCKED, 0)


def test_a_card_pulled_at_any_command_is_gone_and_reported_once(hall):
    """Fault 1."""
    for moment in range(1, COMMANDS + 1):
        slotted = card(OUYANG, pull_at=moment)
        insertion = hall.insert(slotted)
        with pytest.raises(CardGone):
            read(hall, insertion)
        assert hall.next() == CardRemoved(insertion.reader), moment
        assert slotted.answered == moment
    assert hall.quiet(0.5)


def test_a_swap_faster_than_the_reader_looks_is_caught_by_reading_the_card_again(hall):
    """Fault 3."""
    hall.slot = VirtualSlot(hall.daemon.port, least_empty=0)
    insertion = hall.insert(card(OUYANG))
    assert read(hall, insertion).identification == OUYANG.identification
    hall.slot.insert(card(OLD_WANG))
    if hall.quiet():  # the reader saw nothing
        with hall.reader.connect(insertion) as chip:
            assert chip.identification() == OLD_WANG.identification
    else:
        assert hall.next() == CardRemoved(insertion.reader)
        with pytest.raises(CardGone):
            read(hall, insertion)


def test_a_swapped_card_cannot_be_read_under_the_old_insertion(hall):
    """Faults 3 and 4: another event counter is another insertion, whosever card it is."""
    first = hall.insert(card(OUYANG))
    hall.slot.insert(card(OUYANG))
    assert hall.next() == CardRemoved(first.reader)
    second = hall.next().insertion
    assert second.counter != first.counter
    with pytest.raises(CardGone):
        read(hall, first)
    assert read(hall, second).name == "欧阳晓晴"


def test_a_psam_in_the_slot_is_nobodys_card(hall):
    hall.slot.insert(card(OUYANG, CardFault.PSAM))
    assert hall.quiet(1.5)
    hall.slot.remove()
    assert hall.quiet()


def test_a_mute_card_is_told_and_the_next_one_is_read(hall):
    """Fault 9."""
    hall.slot.insert(card(OUYANG, CardFault.SILENT))
    assert isinstance(hall.next(), CardMute)
    hall.slot.remove()
    assert isinstance(hall.next(), CardRemoved)
    assert read(hall, hall.insert(card(OUYANG))).name == "欧阳晓晴"


def test_a_card_of_another_kind_is_foreign(hall):
    """Fault 9."""
    with pytest.raises(CardForeign):
        read(hall, hall.insert(card(OUYANG, CardFault.FOREIGN)))


def test_a_dumb_card_holds_only_its_own_worker_until_it_is_pulled(hall):
    """Faults 8 and 9."""
    insertion = hall.insert(card(OUYANG, CardFault.DUMB))
    outcome: list[DeviceError] = []

    def work():
        try:
            read(hall, insertion)
        except DeviceError as error:
            outcome.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(1.5)
    assert worker.is_alive(), "silence has no limit in the service"
    hall.slot.remove()
    worker.join(5)
    assert isinstance(outcome[0], CardGone | CardSilent)
    assert hall.next() == CardRemoved(insertion.reader)


def test_two_programs_on_one_reader(hall):
    """Fault 8: clear words within a second and a half, and the card is read when the other lets go."""
    insertion = hall.insert(card(OUYANG))
    command = [sys.executable, "-c", OTHER_PROGRAM, insertion.reader]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - our own words
        assert other.stdout.readline().strip() == "holds"
        began = time.monotonic()
        with pytest.raises(DeviceBusy):
            read(hall, insertion)
        assert time.monotonic() - began < 1.5
        other.stdin.close()
        other.wait(5)
    assert read(hall, insertion).name == "欧阳晓晴"


def test_two_threads_of_ours_exclude_each_other(hall):
    insertion = hall.insert(card(OUYANG))
    with hall.reader.connect(insertion), pytest.raises(DeviceBusy):
        read(hall, insertion)
    assert read(hall, insertion).name == "欧阳晓晴"


def test_the_service_restarts_while_idle(hall):
    """Fault 7."""
    hall.daemon.stop()
    hall.health(HealthState.MISSING)
    hall.daemon.start()
    hall.health(HealthState.READY)
    assert read(hall, hall.insert(card(OUYANG))).name == "欧阳晓晴"


def test_the_service_restarts_while_a_card_is_in(hall):
    """Fault 7."""
    before = hall.insert(card(OUYANG))
    hall.daemon.restart()
    removed = hall.next()
    assert (removed, removed.lost) == (CardRemoved(before.reader), True)
    after = hall.next()
    assert isinstance(after, CardInserted)
    assert after.insertion.counter != before.counter
    with pytest.raises(CardGone):
        read(hall, before)
    assert read(hall, after.insertion).name == "欧阳晓晴"


def test_the_service_dies_in_the_middle_of_an_act(hall):
    """Fault 7."""
    insertion = hall.insert(card(OUYANG))
    with pytest.raises((CardGone, DeviceMissing)), hall.reader.connect(insertion) as chip:  # noqa: PT012 - one act
        chip.identification()
        hall.daemon.stop()
        chip.identification()
    hall.daemon.start()
    assert hall.next() == CardRemoved(insertion.reader)
    assert isinstance(hall.next(), CardInserted)


def test_a_service_without_reader_is_missing_and_waited_for(daemon):
    """Fault 6: what the service says when the reader is unplugged and plugged in again, wherever."""
    daemon.stop()
    daemon.readers = False
    daemon.start()
    hall = Hall(daemon)
    hall._thread.start()
    try:
        hall.health(HealthState.MISSING)
        assert hall.quiet(1.2)
        daemon.readers = True
        daemon.restart()
        hall.health(HealthState.READY)
    finally:
        hall.close()


def test_only_the_named_reader_counts(daemon):
    """Fault 5."""
    hall = Hall(daemon, "Some other reader")
    hall._thread.start()
    try:
        hall.slot.insert(card(OUYANG))
        assert hall.quiet(1.5)
        assert hall.reader.board.health.state is HealthState.MISSING
    finally:
        hall.close()
        time.sleep(0.6)


def test_cards_in_both_slots_are_served_one_after_the_other(hall):
    """Fault 5."""
    beside = VirtualSlot(hall.daemon.port + 1)
    first = hall.insert(card(OUYANG))
    beside.insert(card(OLD_WANG))
    assert hall.quiet(1.2)
    hall.slot.remove()
    assert hall.next() == CardRemoved(first.reader)
    second = hall.next().insertion
    assert second.reader != first.reader
    assert read(hall, second).name == "王大锤"
    beside.remove()
    assert hall.next() == CardRemoved(second.reader)


@pytest.mark.soak
def test_an_act_with_a_very_slow_card_ends_after_twenty_seconds(hall):
    """Fault 14."""
    insertion = hall.insert(card(OUYANG, CardFault.SLOW))
    began = time.monotonic()
    with pytest.raises(CardSilent):
        read(hall, insertion)
    assert 20 <= time.monotonic() - began < 25


def test_reports_are_direct(hall):
    """From the return of the reader's call to the listener it is a matter of microseconds, not of another poll."""
    moments: list[float] = []
    api = hall.reader._api
    states = [(hall.daemon.reader, 0x10022, list(OUYANG.atr))]
    hall.reader.listener = lambda _: moments.append(time.perf_counter())
    took = []
    for _ in range(20):
        hall.reader._reported = None
        moments.clear()
        began = time.perf_counter()
        hall.reader._note(states)
        took.append(moments[0] - began)
    assert api is not None
    assert min(took) < 0.005  # the best of many: a busy machine may take its time now and then


def test_the_daemon_is_ours_alone(daemon: PcscDaemon):
    assert str(daemon.environment["PCSCLITE_CSOCK_NAME"]).startswith("/")
    assert daemon.port != 35963
