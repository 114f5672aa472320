"""验凭条: a clerk checks a receipt by what this machine knows, whether the county is there or not."""

import json
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from contract.codes import KioskState
from contract.receipt_token import ReceiptKind, ReceiptResult, ReceiptToken, code_of, issue, salt_from
from contract.submissions import ClockConfidence
from county.kiosks import settle
from kiosk.identity import Credential
from kiosk.journal import Happening
from tests.hall import eventually
from tests.screen import StaffScreen
from tests.signing import a_signer
from tests.staff.device_clerk import CLERK

NUMBER, OTHER = "51059919520315001X", "510599194001010014"
SALT = salt_from(b"clerks")


def token(hall, *, signer=None, at=None, sure=ClockConfidence.SURE):
    here = hall.machine
    signer = signer or here.county.signer
    told = ReceiptToken(
        ReceiptKind.VERIFICATION, "2026112000000017", at or here.clock.now(), sure, here.settings.kiosk.site,
        ReceiptResult.PASSED, signer.enrolment.key_id, SALT, code_of(NUMBER, SALT),
    )  # fmt: skip
    return issue(told, signer.keys.signing)


@pytest.fixture
def clerk(hall, staff):
    hall.machine.county.feed.keys.renew()
    staff.sign_in(*CLERK)
    staff.visit("/receipt_check/")
    return staff


def test_a_true_receipt_is_known_though_the_county_is_cut(hall, clerk):
    hall.cut()
    clerk.press("核对", token=token(hall), number="")
    clerk.sees("是真的，没有改过", "养老待遇资格认证", "已通过", "2026112000000017", hall.settings.kiosk.name)
    clerk.does_not_see("对得上")


def test_whose_it_is_can_be_told_and_the_number_is_kept_nowhere(hall, clerk):
    clerk.press("核对", token=token(hall), number=NUMBER.lower())
    clerk.sees("和这个证件号对得上")
    clerk.press("核对", token=token(hall), number=OTHER)
    clerk.sees("不是这个证件号的凭条")
    clerk.press("核对", token=token(hall), number="123")
    clerk.sees("证件号不对")
    texts = [link.text for link in hall.machine.journal.entries()]
    assert not any(number in text for number in (NUMBER, OTHER) for text in texts)
    checks = [json.loads(text) for text in texts if Happening.RECEIPT_CHECKED in text]
    assert [(told["clerk"], told["receipt"]) for told in checks] == [("clerk", "2026112000000017")] * 3


def test_forged_and_foreign_receipts_are_not_believed(hall, clerk):
    clerk.press("核对", token=token(hall, signer=a_signer(name="stranger")), number="")
    clerk.sees("不能确认是真的")
    clerk.press("核对", token=token(hall).replace(".P.", ".V."), number=NUMBER)
    clerk.sees("不能确认是真的")
    clerk.does_not_see("对得上")
    clerk.press("核对", token="HALL1 JOB ZP2026000123", number="")
    clerk.sees("不是办事凭条上的码")


def test_what_another_kiosk_issued_after_it_was_withdrawn_does_not_count(hall, clerk):
    now, mark = hall.machine.clock.now(), hall.machine.county.key_mark
    with hall.hub.hub.store.writing() as connection:
        settle(connection, mark, KioskState.WITHDRAWN, "officer", hall.machine.clock.now())
    hall.machine.county.feed.keys.renew()
    clerk.press("核对", token=token(hall, at=now - timedelta(hours=1)), number="")
    clerk.sees("是真的")
    clerk.press("核对", token=token(hall, at=now + timedelta(hours=1)), number="")
    clerk.sees("不能算数")


def test_a_clock_that_was_not_sure_is_told(hall, clerk):
    clerk.press("核对", token=token(hall, sure=ClockConfidence.UNKNOWN), number="")
    clerk.sees("是真的", "时间待核")


def test_the_machines_own_scanner_reads_the_slip(open_hall):
    hall = open_hall(devices={"scanner": "simulated:"})
    hall.machine.county.feed.keys.renew()
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/receipt_check/")
    scanner = hall.machine.devices.simulators.scanner.window
    eventually(lambda: hall.machine.devices.health()["scanner"].ready, 15)
    with held_before(hall, scanner, token(hall).encode()):
        face.press("扫凭条")
    face.sees("是真的，没有改过")
    with held_before(hall, scanner, b"an electronic card, by mistake"):
        face.press("扫凭条")
    face.sees("不是办事凭条上的码")
    face.does_not_see("by mistake")


@contextmanager
def held_before(hall, scanner, content):
    """The clerk holds something before the scanner once it looks for a slip, not for whoever might come with a code."""
    credentials = hall.machine.reception.credentials

    def hold():
        eventually(lambda: credentials.is_lent(Credential.CODE), what="the scanner is the clerk's")
        told = len(scanner.commands)
        eventually(lambda: len(scanner.commands) > told, what="it looks for the clerk")
        scanner.show(content)

    hand = threading.Thread(target=hold)
    hand.start()
    yield
    hand.join()


def test_a_slip_that_this_machine_printed_proves_itself_here(screen, staff):
    from tests.services.pension_steps import passes_by_finger  # noqa: PLC0415 - the one walk of a resident here

    hall = screen.hall
    holder = passes_by_finger(screen)
    screen.press("提交认证")
    screen.press("打印凭条")
    screen.sees_soon("凭条打好了")
    screen.press("再打一次")
    screen.sees_soon("凭条打好了")
    eventually(lambda: len(hall.machine.devices.simulators.printer.receipts) == 2, 30)
    codes = {code_in(receipt.text) for receipt in hall.machine.devices.simulators.printer.receipts}
    assert len(codes) == 1  # a reprint carries the same token
    hall.machine.county.feed.keys.renew()
    staff.sign_in(*CLERK)
    staff.visit("/receipt_check/")
    staff.press("核对", token=codes.pop(), number=holder.number)
    staff.sees("是真的，没有改过", "和这个证件号对得上")


def code_in(text):
    return next(line for line in text.splitlines() if "HALL2." in line).partition("] ")[2]
