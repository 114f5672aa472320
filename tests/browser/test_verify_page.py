"""The page that checks receipts, served and as a file: true, forged, withdrawn, whose; and no request to anybody."""

from datetime import timedelta

import pytest

from contract.codes import KioskState
from contract.receipt_token import ReceiptKind, ReceiptResult, ReceiptToken, code_of, issue, salt_from
from contract.submissions import ClockConfidence
from county.kiosks import enrol, settle
from tests.hall import RunningHub
from tests.signing import a_signer

NUMBER = "51059919520315001X"
SALT = salt_from(b"browse")
NO_ED25519 = """
const own = globalThis.crypto?.subtle && crypto.subtle.importKey.bind(crypto.subtle);
if (own) crypto.subtle.importKey = (form, key, how, ...rest) =>
  how.name === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : own(form, key, how, ...rest);
"""


class CheckPage:
    """Somebody with a receipt before the page; ``asked``: every address the page asked for."""

    def __init__(self, context, address):
        self.page, self.asked = context.new_page(), []
        self.page.goto(address)
        self.page.wait_for_load_state("load")
        self.page.on("request", lambda request: self.asked.append(request.url))

    def check(self, token, number=""):
        self.page.fill("#token", token)
        self.page.fill("#number", number)
        self.page.click("#check")
        self.page.wait_for_selector("#check:not([disabled])")
        self.page.wait_for_selector("#found h2")
        return self.page.inner_text("#found")


class Desk:
    """A hub with one approved kiosk that issues receipts."""

    def __init__(self, seeds, folder):
        self.hub, self.folder = RunningHub(seeds.copy(folder)), folder
        self.signer = a_signer(name="yunlong-1")
        self.now = self.hub.hub.clock.now()
        with self.hub.hub.store.writing() as connection:
            enrol(connection, self.signer.enrolment, (self.signer.enrolment.fingerprint,), self.now)

    def token(self, at=None, result=ReceiptResult.PASSED, signer=None):
        signer = signer or self.signer
        told = ReceiptToken(
            ReceiptKind.VERIFICATION, "2026112000000017", at or self.now, ClockConfidence.SURE, "510521109", result,
            signer.enrolment.key_id, SALT, code_of(NUMBER, SALT),
        )  # fmt: skip
        return issue(told, signer.keys.signing)

    def withdraw(self):
        with self.hub.hub.store.writing() as connection:
            settle(connection, self.signer.enrolment.fingerprint, KioskState.WITHDRAWN, "officer", self.now)

    def file(self, window):
        """The page taken along as a file; the hub is gone afterwards."""
        page = window("monitor").new_page()
        page.goto(f"{self.hub.url}/verify")
        with page.expect_download() as download:
            page.click("a[download]")
        place = self.folder / "verify.html"
        download.value.save_as(place)
        self.hub.stop()
        return place.as_uri()


@pytest.fixture
def desk(seeds, tmp_path):
    made = Desk(seeds, tmp_path / "hub")
    yield made
    made.hub.stop()


@pytest.fixture
def alone(browser):
    """A window for a file: the usual watch takes any address but loopback for a leak."""
    context = browser.new_context(locale="zh-CN")
    yield context
    context.close()


@pytest.fixture(params=["served", "file"])
def shown(request, desk, window, alone):
    if request.param == "served":
        return CheckPage(window("monitor"), f"{desk.hub.url}/verify")
    return CheckPage(alone, desk.file(window))


def test_a_true_receipt_is_said_to_be_true_and_the_number_stays_in_the_page(desk, shown):
    said = shown.check(desk.token(), NUMBER)
    for words in (
        "是真的，没有改过",
        "养老待遇资格认证",
        "已通过",
        "2026112000000017",
        "yunlong-1",
        "和这个证件号对得上",
    ):
        assert words in said
    assert "不是这个证件号" in shown.check(desk.token(), "510599194001010014")
    assert "要十八位" in shown.check(desk.token(), "1234")
    assert shown.asked == []


def test_forged_changed_and_other_codes_are_told_apart(desk, shown):
    changed = desk.token(result=ReceiptResult.WAITING).replace(".W.", ".P.")
    assert "不能确认是真的" in shown.check(changed)
    assert "不能确认是真的" in shown.check(desk.token(signer=a_signer(name="stranger")))
    assert "不是办事凭条上的码" in shown.check("HALL1 JOB ZP2026000123")
    assert "是真的" in shown.check(desk.token(result=ReceiptResult.WAITING))
    assert "等县里确认" in shown.page.inner_text("#found")
    assert shown.asked == []


def test_what_a_withdrawn_kiosk_issued_before_stays_good(desk, window):
    desk.withdraw()
    shown = CheckPage(window("monitor"), f"{desk.hub.url}/verify")
    assert "是真的" in shown.check(desk.token(at=desk.now - timedelta(hours=1)))
    assert "不能算数" in shown.check(desk.token(at=desk.now + timedelta(hours=1)))


def test_a_browser_without_ed25519_of_its_own_uses_the_library(desk, window, alone):
    alone.add_init_script(NO_ED25519)
    shown = CheckPage(alone, desk.file(window))
    assert "是真的" in shown.check(desk.token())
    assert "不能确认是真的" in shown.check(desk.token(signer=a_signer(name="stranger")))


def test_a_code_scanned_by_a_telephone_is_checked_at_once_and_never_sent(desk, window):
    shown = CheckPage(window("portrait"), f"{desk.hub.url}/verify#{desk.token()}")
    shown.page.wait_for_selector("#found h2")
    assert "是真的" in shown.page.inner_text("#found")
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
