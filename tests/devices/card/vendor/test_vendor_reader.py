"""The driver for makers' libraries, in front of a library of ours: cards, PINs on its keys, and all that goes wrong."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from devices.card import (
    CardForged,
    CardGone,
    CardIdentity,
    CardInserted,
    CardLocked,
    CardMute,
    CardRemoved,
    CardUnreadable,
    KeyAnswer,
    KeyAnswerForeign,
    KeyCounterBurnt,
    KeyQuestion,
    PinIsInitial,
    PinOutcome,
    PinPadCancelled,
    PinPadLength,
    PinPadMismatch,
    PinPadMissing,
    PinPadTimeout,
    PinResult,
)
from devices.card.card_address import VendorAddress, parse_vendor
from devices.card.vendor import VendorReader
from devices.device import DeviceGarbled, DeviceMissing, DeviceSilent, HealthBoard, HealthState, utc_now
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG, pin
from tests.devices.card.vendor.conftest import compiled
from tests.hall import eventually

INNER, OUTER = "F939BBCDC12C62DB", "10530319E2135F65"
ELF_32 = b"\x7fELF\x01\x01\x01" + bytes(9) + b"\x03\x00\x03\x00\x01\x00\x00\x00" + bytes(28)


def read(watched, insertion, keys=None) -> CardIdentity:
    with watched.reader.connect(insertion) as chip:
        return chip.identity(keys)


def on_pad(watched, insertion, words: str = "") -> PinOutcome:
    watched.slot.press(words)
    with watched.reader.connect(insertion) as chip:
        assert chip.has_pin_pad
        return chip.verify_pin_on_pad()


def key_service(inner: str = INNER, outer: str = OUTER):
    """A key service that knows this card's cryptograms, and what it was asked."""
    heard: list[KeyQuestion] = []

    def keys(question: KeyQuestion) -> KeyAnswer:
        heard.append(question)
        assert question.outer_original is not None
        return KeyAnswer(bytes.fromhex(inner) + question.inner_original, bytes.fromhex(outer) + question.outer_original)

    return keys, heard


# --- coming and going ---


def test_a_card_comes_is_read_and_goes(watched):
    insertion = watched.insert(OUYANG)
    identity = read(watched, insertion)
    assert (identity.name, identity.social_security_no, identity.proven) == ("欧阳晓晴", OUYANG.number, False)
    with watched.reader.connect(insertion) as chip:
        assert chip.identification() == OUYANG.identification
    watched.slot.remove()
    assert watched.next() == CardRemoved(insertion.reader)
    with pytest.raises(CardGone), watched.reader.connect(insertion):
        pass
    assert watched.insert(OUYANG).counter != insertion.counter


def test_another_card_in_the_same_slot_is_a_removal_and_an_insertion(watched):
    first = watched.insert(OUYANG)
    watched.slot.insert(OLD_WANG)
    assert watched.next() == CardRemoved(first.reader)
    event = watched.next()
    assert isinstance(event, CardInserted)
    with pytest.raises(CardGone):
        read(watched, first)
    assert read(watched, event.insertion).name == "王大锤"


def test_a_card_swapped_during_an_act_gets_no_pin(watched):
    """While an act talks nobody looks into the slot: the act itself reads the card again."""
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        assert chip.identity().name == "欧阳晓晴"
    with watched.reader.connect(insertion) as chip:
        watched.slot.insert(OLD_WANG)
        assert chip.identification() == OLD_WANG.identification
        with pytest.raises(CardGone):
            chip.verify_pin_on_pad()
        with pytest.raises(CardGone):
            chip.identity()


def test_a_mute_card_is_told(watched):
    watched.slot.set(card="dirty", code="-4")
    assert watched.next() == CardMute(watched.reader.name)
    watched.slot.remove()
    assert watched.next() == CardRemoved(watched.reader.name)


def test_a_card_that_cannot_be_read_is_there_and_says_why(watched):
    insertion = watched.insert(OUYANG, raw="639900|nonsense|")
    with pytest.raises(DeviceGarbled):
        read(watched, insertion)
    watched.slot.set(raw="", number="639900199001010021")
    with pytest.raises(CardUnreadable, match="identity"):
        read(watched, insertion)


def test_a_card_that_could_not_be_read_at_first_is_known_once_it_can(watched):
    insertion = watched.insert(OUYANG, raw="639900|nonsense|")
    watched.slot.set(raw="")
    assert read(watched, insertion).name == "欧阳晓晴"
    eventually(lambda: watched.reader._reported.card == OUYANG.identification, 10, "a look has told the card")
    watched.slot.insert(OLD_WANG)
    assert watched.next() == CardRemoved(insertion.reader)
    assert isinstance(watched.next(), CardInserted)


def test_cards_are_counted_for_the_clerk(watched):
    for _ in range(2):
        watched.insert(OUYANG)
        watched.slot.remove()
        watched.next()
    record = watched.reader.board.record
    assert record.counters["cards inserted"] == 2
    assert "iVerifyPIN" in record.facts["functions"]


# --- the two steps ---


def test_a_version_3_card_is_read_and_proven_with_the_key_service(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER)
    with pytest.raises(CardLocked):
        read(watched, insertion)
    keys, heard = key_service()
    identity = read(watched, insertion, keys)
    assert (identity.name, identity.proven, identity.version) == ("买买提江·阿卜杜热依木艾合买𬱖", True, "3.00")
    assert [question.identification for question in heard] == [MAIMAITI.identification]
    with watched.reader.connect(insertion) as chip:
        assert chip.identification() == MAIMAITI.identification


def test_a_terminal_with_every_key_reads_a_version_3_card_at_once_and_it_counts_as_unproven(watched):
    insertion = watched.insert(MAIMAITI, psam="yes")
    keys, heard = key_service()
    assert read(watched, insertion, keys).proven is False
    assert heard == []


def test_a_forged_card_never_costs_the_external_key_a_try(watched):
    insertion = watched.insert(MAIMAITI, inner="0000000000000000", outer=OUTER, key_tries="1")
    with pytest.raises(CardForged):
        read(watched, insertion, key_service()[0])
    watched.slot.set(inner=INNER)
    assert read(watched, insertion, key_service()[0]).proven


def test_a_refused_key_is_never_tried_twice(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER)
    keys, heard = key_service(outer="0000000000000000")
    with pytest.raises(KeyCounterBurnt) as caught:
        read(watched, insertion, keys)
    assert (caught.value.tries_left, len(heard)) == (2, 1)


def test_an_answer_to_another_question_is_not_passed_on(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER, key_tries="1")
    with pytest.raises(KeyAnswerForeign):
        read(watched, insertion, lambda _: KeyAnswer(bytes(16), bytes(16)))
    assert read(watched, insertion, key_service()[0]).proven


def test_a_card_that_reads_without_keys_is_offered_for_its_proof(watched):
    """Versions 1 and 2 have no other: the inner pair alone, and nothing is lost where nobody can answer."""
    insertion = watched.insert(OUYANG, inner=INNER)
    heard: list[KeyQuestion] = []

    def keys(question: KeyQuestion) -> KeyAnswer:
        heard.append(question)
        return KeyAnswer(bytes.fromhex(INNER) + question.inner_original, None)

    assert read(watched, insertion, keys).proven is True
    assert heard[0].outer_factor is None
    assert read(watched, insertion, lambda _: KeyAnswer(None, None)).proven is False
    watched.slot.set(inner="0000000000000000")
    with pytest.raises(CardForged):
        read(watched, insertion, keys)


def test_a_lost_challenge_is_asked_for_anew_and_the_key_service_too(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER, lost="2")
    keys, heard = key_service()
    assert read(watched, insertion, keys).proven
    assert len(heard) == 3


def test_a_card_that_loses_every_challenge_is_given_up(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER, lost="9")
    keys, heard = key_service()
    with pytest.raises(CardUnreadable, match="challenge"):
        read(watched, insertion, keys)
    assert len(heard) == 3


def test_what_the_key_service_raises_is_passed_on(watched):
    def cut(_question: KeyQuestion) -> KeyAnswer:
        raise ConnectionError("cut")

    with pytest.raises(ConnectionError):
        read(watched, watched.insert(MAIMAITI), cut)


# --- the library's own keys ---


def test_the_life_of_a_pin_on_the_librarys_keys(watched):
    insertion = watched.insert(OUYANG, pin="246810")
    assert on_pad(watched, insertion, "111111") == PinOutcome(PinResult.WRONG, 2)
    assert on_pad(watched, insertion, "246810") == PinOutcome(PinResult.ACCEPTED)
    assert [on_pad(watched, insertion, "111111").tries_left for _ in range(3)] == [2, 1, 0]
    assert on_pad(watched, insertion, "246810") == PinOutcome(PinResult.BLOCKED, 0)


@pytest.mark.parametrize(
    ("words", "error"),
    [("cancel", PinPadCancelled), ("123", PinPadLength), ("", PinPadTimeout), ("123456", PinIsInitial)],
)
def test_what_happens_on_the_keys_before_or_beside_the_card(watched, words, error):
    insertion = watched.insert(OUYANG, pin="123456", pad_seconds="1")
    with pytest.raises(error):
        on_pad(watched, insertion, words)
    assert read(watched, insertion).name == "欧阳晓晴"


def test_a_card_pulled_while_the_keys_wait_is_gone(watched):
    insertion = watched.insert(OUYANG)
    pull = threading.Timer(0.5, watched.slot.remove)
    pull.start()
    with pytest.raises(CardGone):
        on_pad(watched, insertion)
    pull.join()
    assert watched.next() == CardRemoved(insertion.reader)


def test_a_new_pin_on_the_librarys_keys(watched):
    insertion = watched.insert(OUYANG, pin="246810")

    def change(words: str) -> PinOutcome:
        watched.slot.press(words)
        with watched.reader.connect(insertion) as chip:
            return chip.change_pin_on_pad()

    with pytest.raises(PinPadMismatch):
        change("246810 135790 135791")
    with pytest.raises(PinIsInitial):
        change("246810 123456 123456")
    assert change("111111 135790 135790") == PinOutcome(PinResult.WRONG, 2)
    assert change("246810 135790 135790") == PinOutcome(PinResult.ACCEPTED)
    assert on_pad(watched, insertion, "135790") == PinOutcome(PinResult.ACCEPTED)


def test_no_typed_pin_is_taken_from_the_program(watched):
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip, pytest.raises(PinPadMissing):
        chip.verify_pin(pin("246810"))


def test_keys_that_do_not_face_the_resident_are_not_used(open_reader, library):
    watched = open_reader(address=parse_vendor(f"{library}?pad=no"))
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        assert not chip.has_pin_pad
        with pytest.raises(PinPadMissing):
            chip.verify_pin_on_pad()


# --- what goes wrong ---


def test_a_library_that_hangs_is_reported_and_found_again(open_reader, library):
    watched = open_reader(address=VendorAddress(str(library), seconds=0.5))
    insertion = watched.insert(OUYANG)
    watched.slot.set(hang="2")
    assert watched.next() == CardRemoved(insertion.reader)
    watched.health(HealthState.FAULT)
    began = time.monotonic()
    with pytest.raises((CardGone, DeviceSilent)):
        read(watched, insertion)
    assert time.monotonic() - began < 3
    watched.slot.set(hang="")
    event = watched.next()
    assert isinstance(event, CardInserted)
    watched.health(HealthState.READY)
    assert read(watched, event.insertion).name == "欧阳晓晴"


def test_an_act_in_a_library_that_hangs_ends_in_time(open_reader, library):
    watched = open_reader(address=VendorAddress(str(library), seconds=1.0))
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        watched.slot.set(hang="3")
        with pytest.raises(DeviceSilent):
            chip.identification()
        with pytest.raises(DeviceSilent, match="earlier"):
            chip.identification()


@pytest.mark.parametrize("flood", ["65536", "60000"])
def test_an_output_without_an_end_is_not_read_beyond_its_room(watched, flood):
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        watched.slot.set(flood=flood)
        with pytest.raises(DeviceGarbled):
            chip.identity()
    watched.slot.set(flood="")
    event = watched.next() if not watched.events.empty() else None
    while event is not None and not isinstance(event, CardInserted):
        event = watched.next()
    assert read(watched, event.insertion if event else insertion).name == "欧阳晓晴"


@pytest.mark.parametrize(
    ("code", "state"),
    [("-12", HealthState.MISSING), ("-5", HealthState.MISSING), ("-13", HealthState.FAULT), ("-15", HealthState.FAULT)],
)
def test_a_reader_that_is_not_there_or_not_well_is_told_until_it_is(watched, code, state):
    insertion = watched.insert(OUYANG)
    watched.slot.set(code=code)
    assert watched.next() == CardRemoved(insertion.reader)
    watched.health(state)
    watched.slot.set(code="")
    watched.health(HealthState.READY)
    assert isinstance(watched.next(), CardInserted)


def unwatched(library) -> VendorReader:
    return VendorReader(VendorAddress(str(library)), HealthBoard("card", utc_now), lambda _: None)


def test_a_library_that_is_not_there_is_missing_and_says_so_once(tmp_path, caplog):
    reader, nowhere = unwatched(tmp_path / "libNone.so"), tmp_path / "libNone.so"
    for _ in range(3):
        with caplog.at_level(logging.WARNING), pytest.raises(DeviceMissing, match="there is no library"):
            reader.attend(threading.Event())
    assert [one.getMessage() for one in caplog.records] == [f"card reader: there is no library {nowhere}"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (ELF_32.ljust(4096, b"\0"), "made for another width than this program"),
        (b"no library at all".ljust(4096), "is no library of this system"),
        (b"", "is no library of this system"),
    ],
    ids=["32 bits", "text", "empty"],
)
def test_a_file_that_cannot_be_loaded_is_missing_with_a_plain_reason(tmp_path, content, why):
    file = tmp_path / "libSSCardDriver.so"
    file.write_bytes(content)
    with pytest.raises(DeviceMissing, match=why):
        unwatched(file).attend(threading.Event())


def test_a_library_of_something_else_is_missing(tmp_path):
    other = compiled(tmp_path, "libOther.so", "-DiReadCardBas=somethingElse")
    with pytest.raises(DeviceMissing, match="no SSCardDriver"):
        unwatched(other).attend(threading.Event())


def test_an_old_library_without_keys_and_steps_still_reads(open_reader, tmp_path, slot):
    old = compiled(tmp_path, "libOld.so", "-DONLY_READING")
    type(slot)(old, tmp_path)
    watched = open_reader(library=old)
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        assert not chip.has_pin_pad
        assert chip.identity().name == "欧阳晓晴"
        assert chip.identity(key_service()[0]).proven is False, "nobody can be asked for its proof"
    watched.slot.remove()
    watched.next()
    insertion = watched.insert(MAIMAITI)
    with pytest.raises(DeviceMissing, match="Step1"):
        read(watched, insertion, key_service()[0])


class Ear:
    """A tap that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def opened(self, baud: int) -> None: ...

    def sent(self, content: bytes) -> None:
        self.heard.append(content)

    came = sent

    def failed(self, error: Exception) -> None: ...

    def closed(self) -> None: ...


def test_the_tap_hears_calls_codes_and_lengths_and_nothing_of_a_person(open_reader):
    ear = Ear()
    watched = open_reader(tap=ear)
    insertion = watched.insert(OUYANG)
    read(watched, insertion)
    everything = b"\n".join(ear.heard)
    assert b"iReadCardBas\n0 6 18 9 32 8 26 4 8 8 12 0 0" in everything
    for personal in (OUYANG.number, OUYANG.card_number, OUYANG.identification):
        assert personal.encode() not in everything
    assert OUYANG.name.encode("gb18030") not in everything
