"""Every fault that a simulator can have: what the resident sees, what the clerk sees, the code. One case a member.

The tests beside this file prove each row in a hall; `make docs` writes the rows into docs/device-checklist.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from devices.card.virtual.described import CardFault
from devices.fingerprint.features.simulated import FeatureFault
from devices.fingerprint.simulated.faults import SensorFault
from devices.id_card.simulated_faults import IdReaderFault
from devices.printer.emulator import PrinterFault
from devices.scanner.simulated_faults import ScannerFault

READER_WELL = "读卡器 好的"
SENSOR_WELL = "指纹机 好的"
PRINTER_WELL = "打印机 好的"
READ = "李*，您想办什么事？"
MATCHED = "认出来了，还差最后一步"
PRINTED = "凭条打好了"
CHECKED = "工作人员正在检查设备"
"""No service of residents uses the device yet: the clerk's test meets the fault."""


@dataclass(frozen=True)
class Case:
    """One row. ``numbers``: of the list of faults in reference/reliability-ux.md §3.6. ``harmless``: all goes well.

    ``resident`` and ``clerk``: words that stand on the screen and on the page of devices, exactly.
    """

    fault: StrEnum
    resident: str
    clerk: str
    code: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def harmless(self) -> bool:
        """True where the fault disturbs nobody."""
        return not self.code


def refused(fault: CardFault, code: str, words: str, *numbers: int) -> Case:
    """A card that is not served; the reader is well."""
    return Case(fault, words, READER_WELL, code, numbers)


def borne(fault: CardFault, *numbers: int) -> Case:
    """A card that differs from the usual one and is read all the same."""
    return Case(fault, READ, READER_WELL, "", numbers)


CARD = (
    refused(CardFault.SILENT, "K-102", "读不出这张卡。", 9),
    refused(CardFault.DUMB, "K-102", "读不出这张卡。", 9),
    refused(CardFault.FOREIGN, "K-103", "这不是社会保障卡。", 9),
    Case(CardFault.PSAM, "请插入社会保障卡", READER_WELL, "", (9,)),
    refused(CardFault.WRONG_TAG, "K-104", "卡里的信息读不全。", 11),
    refused(CardFault.SHORT_RECORD, "K-104", "卡里的信息读不全。", 11),
    refused(CardFault.LONG_RECORD, "K-104", "卡里的信息读不全。", 11),
    refused(CardFault.FF_FILLED, "K-104", "卡里的信息读不全。", 11),
    refused(CardFault.NAME_CUT, "K-104", "卡里的信息读不全。", 11),
    refused(CardFault.INCONSISTENT, "K-104", "卡里的信息读不全。", 12),
    refused(CardFault.EXPIRED, "K-106", "这张卡已经过了有效期。", 13),
    refused(CardFault.NOT_YET_VALID, "K-116", "这张卡的发卡日期还没有到。", 13),
    refused(CardFault.BLOCKED, "K-121", "密码输错太多次，卡已锁住。", 10),
    refused(CardFault.GUARDED, "K-105", "这种新卡在这台机器上还不能用。"),
    borne(CardFault.SLOW, 14),
    borne(CardFault.TAG_ONLY),
    borne(CardFault.NUMBER_ONLY),
    borne(CardFault.SFI_ONLY),
    borne(CardFault.NO_4E),
    borne(CardFault.P1_00_ONLY),
    borne(CardFault.SW61),
    borne(CardFault.SSSE_MISSING),
    borne(CardFault.DDF1_ONLY),
    borne(CardFault.CONTACTLESS),
    borne(CardFault.NO_KEYS),
    refused(CardFault.FORGED, "K-113", "这张卡没有通过验真。"),
    borne(CardFault.CHALLENGE_LOST),
    refused(CardFault.KEY_REFUSED, "K-115", "这张卡不认本县的密钥。"),
    refused(CardFault.KEY_LOCKED, "K-115", "这张卡不认本县的密钥。"),
)
"""Those of keys where the county has a key service."""

OF_KEYS = frozenset(
    {CardFault.NO_KEYS, CardFault.FORGED, CardFault.CHALLENGE_LOST, CardFault.KEY_REFUSED, CardFault.KEY_LOCKED}
)


def faulty(fault: StrEnum, *numbers: int) -> Case:
    """A sensor that answers nonsense, or nothing."""
    return Case(fault, "指纹机出了点问题。", "拔下指纹机，等三秒再插", "K-202", numbers)


def away(fault: StrEnum, *numbers: int) -> Case:
    """A sensor whose cable is out."""
    return Case(fault, "指纹机没有连上。", "查指纹机的线，换个 USB 口", "K-201", numbers)


def matched(fault: StrEnum, *numbers: int) -> Case:
    """What the manuals allow, or what repeating overcomes: the finger is compared all the same."""
    return Case(fault, MATCHED, SENSOR_WELL, "", numbers)


FINGER = (
    matched(SensorFault.NOISE_BEFORE_HEADER, 17),
    faulty(SensorFault.BAD_CHECKSUM, 17),
    faulty(SensorFault.SHORT_FRAME, 17),
    faulty(SensorFault.WRONG_ADDRESS, 17),
    faulty(SensorFault.SILENT, 19),
    away(SensorFault.UNPLUGGED_MID_FRAME, 16),
    faulty(SensorFault.LATE_ANSWER, 19),
    faulty(SensorFault.NEEDS_PASSWORD),
    faulty(SensorFault.UNKNOWN_COMMAND_01),
    matched(SensorFault.F0_AFTER_DOWNLOAD),
    matched(SensorFault.MISSING_END_PACKET),
    faulty(SensorFault.STRANGE_CODE),
    faulty(SensorFault.EMPTY_DONE),
    matched(SensorFault.ECHO),
    away(SensorFault.UNPLUGGED, 15),
    faulty(SensorFault.LENGTH_ZERO, 17),
    faulty(SensorFault.LENGTH_HUGE, 17),
    faulty(SensorFault.LYING_LENGTH, 17),
    faulty(SensorFault.UNKNOWN_PACKET, 17),
    faulty(SensorFault.EARLIER_ANSWER, 17, 19),
    matched(SensorFault.FLIPPED_BITS, 18),
    faulty(SensorFault.DROPS_IN_CONTENT, 16),
    faulty(SensorFault.BROWN_OUT),
    faulty(SensorFault.BOOT_BYTE_AGAIN),
    matched(SensorFault.LIBRARY_FULL, 21),
    matched(SensorFault.LIBRARY_CLEARED, 21),
    faulty(SensorFault.OTHER_DEVICE, 22),
)


FEATURE = (
    matched(FeatureFault.NOISE_BEFORE_FRAME, 17),
    faulty(FeatureFault.BAD_CHECK, 17),
    faulty(FeatureFault.SHORT_FRAME, 16),
    faulty(FeatureFault.LYING_LENGTH, 17),
    faulty(FeatureFault.SILENT, 19),
    faulty(FeatureFault.LATE_ANSWER, 19),
    Case(FeatureFault.LIFTED_EARLY, "没有看清，再试一次", SENSOR_WELL, "", (20,)),
    faulty(FeatureFault.BUSY),
    Case(FeatureFault.FAILING, "没有等到您的手指", SENSOR_WELL, "", (20,)),
    faulty(FeatureFault.STRANGE_STATUS),
    faulty(FeatureFault.SHORT_FEATURE),
    matched(FeatureFault.ECHO),
    faulty(FeatureFault.WRONG_DEVICE, 22),
    away(FeatureFault.UNPLUGGED_MID_FRAME, 6, 16),
    away(FeatureFault.UNPLUGGED, 15),
)


def id_trouble(fault: IdReaderFault, code: str, words: str) -> Case:
    """What the clerk's test of the ID-card reader says."""
    return Case(fault, CHECKED, words, code)


ID_CARD = (
    id_trouble(IdReaderFault.SELF_TEST_FAILED, "K-132", "身份证阅读器的安全模块坏了。"),
    id_trouble(IdReaderFault.UNAUTHORISED, "K-132", "身份证阅读器的安全模块坏了。"),
    id_trouble(IdReaderFault.SILENT, "K-131", "身份证阅读器出了点问题。"),
    id_trouble(IdReaderFault.UNPLUGGED, "K-130", "身份证阅读器没有连上。"),
    id_trouble(IdReaderFault.UNPLUGGED_MID_FRAME, "K-130", "身份证阅读器没有连上。"),
    id_trouble(IdReaderFault.BAD_CHECKSUM, "K-131", "身份证阅读器出了点问题。"),
    Case(IdReaderFault.NOISE_BEFORE, CHECKED, "读到了"),
    id_trouble(IdReaderFault.LYING_LENGTH, "K-131", "身份证阅读器出了点问题。"),
    id_trouble(IdReaderFault.LATE_ANSWER, "K-131", "身份证阅读器出了点问题。"),
    Case(IdReaderFault.ECHO, CHECKED, "读到了"),
    id_trouble(IdReaderFault.STRANGE_STATUS, "K-131", "身份证阅读器出了点问题。"),
    id_trouble(IdReaderFault.GONE_MID_READ, "K-133", "身份证拿开得太早。"),
    id_trouble(IdReaderFault.READ_FAILED, "K-135", "身份证里的信息读不全。"),
    id_trouble(IdReaderFault.FOREIGN_CARD, "K-134", "这不是身份证，或者认不出来。"),
    id_trouble(IdReaderFault.NO_CONTENT, "K-135", "身份证里的信息读不全。"),
    id_trouble(IdReaderFault.GARBLED_TEXT, "K-135", "身份证里的信息读不全。"),
    id_trouble(IdReaderFault.WRONG_NUMBER, "K-135", "身份证里的信息读不全。"),
    id_trouble(IdReaderFault.EXPIRED, "K-137", "这张身份证已经过了有效期。"),
)

SCANNER = (
    Case(ScannerFault.SILENT, CHECKED, "扫码器出了点问题。", "K-141"),
    Case(ScannerFault.UNPLUGGED, CHECKED, "扫码器没有连上。", "K-140"),
    Case(ScannerFault.UNPLUGGED_MID_CODE, CHECKED, "扫码器没有连上。", "K-140"),
    Case(ScannerFault.GARBAGE, CHECKED, "扫码器出了点问题。", "K-141"),
    Case(ScannerFault.BAD_REPLY, CHECKED, "扫码器出了点问题。", "K-141"),
    Case(ScannerFault.REFUSES, CHECKED, "扫码器出了点问题。", "K-141"),
    Case(ScannerFault.NO_SUFFIX, CHECKED, "扫到了，长度 64"),
    Case(ScannerFault.TOO_LONG, CHECKED, "这个码在这里用不了。", "K-142"),
    Case(ScannerFault.CONTROL_CHARACTERS, CHECKED, "这个码在这里用不了。", "K-142"),
    Case(ScannerFault.TWICE, CHECKED, "扫到了，长度 64"),
    Case(ScannerFault.NOTHING_READ, CHECKED, "没有扫到码，没有检测成"),
)


def unprinted(fault: PrinterFault, code: str, words: str, clerk: str, *numbers: int) -> Case:
    """A slip that did not come out; the result stands all the same."""
    return Case(fault, words, clerk, code, numbers)


_STUCK = ("打印机卡住了，办理结果不受影响。", "打开盖子取出纸，关好，再开机")
_AWAY = ("打印机没有连上，办理结果不受影响。", "查打印机的电源和线")

PAPER = (
    unprinted(
        PrinterFault.OUT_OF_PAPER, "K-301", "打印纸用完了，办理结果不受影响。",
        "换一卷纸", 23,
    ),
    Case(PrinterFault.PAPER_LOW, PRINTED, "快没纸了"),
    unprinted(
        PrinterFault.COVER_OPEN, "K-302", "打印机盖子没有关好，办理结果不受影响。",
        "关好盖子，听到咔一声", 23,
    ),
    unprinted(PrinterFault.OFF, "K-304", *_AWAY, 23),
    unprinted(PrinterFault.SILENT, "K-304", *_AWAY),
    unprinted(PrinterFault.CUTTER_ERROR, "K-303", *_STUCK),
    unprinted(PrinterFault.HEAD_HOT, "K-303", *_STUCK),
    unprinted(PrinterFault.GARBAGE_STATUS, "K-303", *_STUCK),
    unprinted(PrinterFault.DIES_MID_JOB, "K-304", *_AWAY, 24),
    Case(PrinterFault.SLOW, PRINTED, PRINTER_WELL),
    unprinted(PrinterFault.BROKEN, "K-303", *_STUCK),
    unprinted(PrinterFault.OFFLINE, "K-303", *_STUCK),
    Case(PrinterFault.NOISE, PRINTED, PRINTER_WELL),
)  # fmt: skip

TABLES: Mapping[str, tuple[Case, ...]] = MappingProxyType(
    {
        "Card and reader": CARD,
        "Fingerprint sensor (EF01)": FINGER,
        "Fingerprint sensor (features)": FEATURE,
        "Receipt printer": PAPER,
        "Resident ID card": ID_CARD,
        "Code scanner": SCANNER,
    }
)
EVERY_CASE = tuple(case for table in TABLES.values() for case in table)


@dataclass(frozen=True)
class Proof:
    """A fault of the list that is an event rather than a state of a device, and the test that proves it."""

    number: int
    what: str
    file: str
    test: str


ELSEWHERE = (
    Proof(
        1, "card pulled in mid-read: home within a second, no part of a person shown",
        "tests/faults/test_card_faults.py",
        "test_a_card_pulled_in_mid_read_ends_everything_and_shows_no_part_of_a_person",
    ),
    Proof(
        2, "card pulled after the match, before the submission: nothing is sent",
        "tests/services/test_pension_verification.py", "test_a_card_pulled_before_the_submission_sends_nothing",
    ),
    Proof(
        3, "card swapped faster than the reader looks: caught by reading it again",
        "tests/pcsc/test_card_reader.py",
        "test_a_swap_faster_than_the_reader_looks_is_caught_by_reading_the_card_again",
    ),
    Proof(
        4, "the same card again: another session, the old one is dead",
        "tests/kiosk/test_desk.py", "test_the_same_card_again_gets_another_token",
    ),
    Proof(
        5, "two cards in two readers: only the configured reader counts",
        "tests/pcsc/test_card_reader.py", "test_only_the_named_reader_counts",
    ),
    Proof(
        6, "reader unplugged and plugged in again: told once, back by itself, the rest goes on",
        "tests/faults/test_card_faults.py", "test_an_unplugged_reader_is_told_once_and_comes_back",
    ),
    Proof(
        7, "the card service restarts: the reader is found again",
        "tests/pcsc/test_card_reader.py", "test_the_service_restarts_while_idle",
    ),
    Proof(
        8, "another program holds the reader: clear words",
        "tests/pcsc/test_card_reader.py", "test_two_programs_on_one_reader",
    ),
    Proof(
        10, "any status word at any step: a named error, the PIN's counter never touched twice",
        "tests/devices/card/test_status_words.py",
        "test_fault_10_a_status_word_at_any_step_is_a_named_error_and_no_counter_is_touched_twice",
    ),
    Proof(
        13, "reported lost: stopped before anything else",
        "tests/kiosk/test_reception.py", "test_a_card_that_is_no_longer_or_not_yet_good_is_sent_to_the_counter",
    ),
    Proof(
        18, "one frame in a hundred hit by noise: 99 % come through, no false match",
        "tests/devices/fingerprint/test_ef01_noise.py", "test_fault_18_one_frame_in_a_hundred_hit_by_noise",
    ),
    Proof(
        22, "another device on the port hears handshakes and nothing else",
        "tests/devices/fingerprint/test_ef01_greeting.py",
        "test_fault_22_another_device_hears_handshakes_and_nothing_else",
    ),
    Proof(
        24, "printer dies in mid-job: one slip at most, the next one says 重打",
        "tests/faults/test_paper_faults.py",
        "test_a_printer_that_dies_in_mid_job_gives_one_slip_at_most_and_the_second_says_that_it_is_one",
    ),
    Proof(
        25, "ghost touches at 50 a second in one place: no session kept alive",
        "tests/browser/test_broken_panel.py", "test_ghost_touches_in_one_place_keep_no_session_alive",
    ),
    Proof(
        25, "ghost touches on a button: a few presses at most, nothing confirmed",
        "tests/browser/test_broken_panel.py", "test_ghost_touches_in_one_place_press_a_few_times_and_confirm_nothing",
    ),
    Proof(
        26, "the browser dies: started anew it shows home, the session is over",
        "tests/browser/test_broken_panel.py",
        "test_the_browser_dies_and_comes_back_to_the_home_page_with_the_session_ended",
    ),
)  # fmt: skip
