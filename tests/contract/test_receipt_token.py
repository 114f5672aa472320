"""The token of a receipt: who holds the number can tell the paper is theirs, who holds the paper learns nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import qrcode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from contract import receipt_token
from contract.enrolment import written
from contract.key_list import KioskKey
from contract.receipt_token import (
    NoToken,
    ReceiptKind,
    ReceiptResult,
    ReceiptToken,
    code_of,
    issue,
    salt_from,
    verify,
)
from contract.submissions import ClockConfidence

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
NOW = datetime(2026, 3, 10, 1, 41, tzinfo=UTC)
KEY_ID = "5f2d1c0b" * 4
NUMBER = "51059919520315001X"
SALT = salt_from(b"sixbyt")
KIOSK = KioskKey(
    key_id=KEY_ID, name="yunlong-1", site="510521109", public_key=written(KEY.public_key()),
    since=NOW - timedelta(days=9),
)  # fmt: skip
TOKEN = ReceiptToken(
    ReceiptKind.VERIFICATION, "2026031000000017", NOW, ClockConfidence.SURE, "510521109", ReceiptResult.PASSED,
    KEY_ID[:16], SALT, code_of(NUMBER, SALT),
)  # fmt: skip
TEXT = issue(TOKEN, KEY)


def test_a_genuine_token_says_who_issued_what_and_when():
    found = verify(TEXT, [KIOSK])
    assert (found.token, found.kiosk, found.genuine) == (TOKEN, KIOSK, True)


@pytest.mark.parametrize("text", [f" {TEXT}\n", f"https://county.example/verify#{TEXT}", TEXT[:60] + "\n " + TEXT[60:]])
def test_blanks_and_the_address_before_it_do_not_matter(text):
    assert verify(text, [KIOSK]).genuine


def test_neither_number_nor_name_stands_in_it():
    assert NUMBER not in TEXT
    assert NUMBER[-4:] not in TEXT.rpartition(".")[0]
    assert TEXT.isascii()


@pytest.mark.parametrize("place", range(6, len(TEXT), 7))
def test_no_character_can_be_changed(place):
    changed = TEXT[:place] + ("a" if TEXT[place] != "a" else "b") + TEXT[place + 1 :]
    try:
        assert not verify(changed, [KIOSK]).genuine
    except NoToken:
        assert changed != TEXT


def test_another_result_under_the_same_signature_is_forged():
    passed = issue(TOKEN, KEY)
    waiting = issue(receipt_token.ReceiptToken(**vars(TOKEN) | {"result": ReceiptResult.WAITING}), KEY)
    forged = f"{passed.rpartition('.')[0]}.{waiting.rpartition('.')[2]}"
    assert verify(forged, [KIOSK]).kiosk is None


def test_a_kiosk_nobody_knows_is_none_of_this_county():
    assert verify(issue(TOKEN, OTHER), [KIOSK]).kiosk is None
    assert verify(TEXT, []).kiosk is None


@pytest.mark.parametrize(("until", "genuine"), [(timedelta(seconds=1), True), (timedelta(0), False)])
def test_what_was_issued_before_a_kiosk_was_withdrawn_stays_good(until, genuine):
    withdrawn = KIOSK.model_copy(update={"until": NOW + until})
    found = verify(TEXT, [withdrawn])
    assert (found.kiosk, found.genuine) == (withdrawn, genuine)


def test_two_kiosks_whose_key_ids_begin_alike_are_told_apart():
    twin = KIOSK.model_copy(update={"public_key": written(OTHER.public_key()), "name": "twin"})
    assert verify(TEXT, [twin, KIOSK]).kiosk == KIOSK


def test_who_holds_the_number_can_tell_that_the_paper_is_theirs():
    assert TOKEN.about(NUMBER)
    wrong = [f"5105991952031500{tail:02}" for tail in range(12)]
    assert sum(TOKEN.about(number) for number in wrong) <= 2  # one in 256 would be taken for it


def test_the_code_is_too_short_to_say_whose_it_is():
    assert len(TOKEN.code) == 2
    assert receipt_token.ROUNDS >= 600_000


def test_the_salt_makes_two_slips_of_one_person_unlike():
    codes = {code_of(NUMBER, salt_from(bytes([at]) * 6)) for at in range(6)}
    assert len(codes) > 1


def test_a_slip_about_nobody_is_nobodys():
    bare = ReceiptToken(**vars(TOKEN) | {"salt": "", "code": ""})
    assert verify(issue(bare, KEY), [KIOSK]).genuine
    assert not bare.about(NUMBER)


@pytest.mark.parametrize(
    "text",
    ["", "HALL1 RZ 2026031000000017", TEXT[:-1], TEXT.replace("HALL2", "HALL3"), "HALL2." * 9, "x" * 9999, TEXT * 2,
     TEXT.replace(".RZ.", ".QQ."), TEXT.replace(".P.", ".X."), "号" * 200],
)  # fmt: skip
def test_what_is_no_token_is_said_to_be_none(text):
    with pytest.raises(NoToken):
        verify(text, [KIOSK])


@given(st.text(max_size=500))
@example("HALL2.RZ.1.99999999999s.510521.P.5f2d1c0b5f2d1c0b...AAAA")
def test_no_text_breaks_the_reader(text):
    try:
        assert verify(text, [KIOSK]).kiosk is None
    except NoToken:
        assert text != TEXT


@pytest.mark.parametrize("number", ["", "with.dot", "名字", "x" * 25, "a b"])
def test_a_number_that_does_not_fit_is_not_issued(number):
    with pytest.raises(ValueError, match="does not fit"):
        issue(ReceiptToken(**vars(TOKEN) | {"number": number}), KEY)


@pytest.mark.parametrize("address", ["", "https://rs.luxian.example.gov.cn/verify#"])
def test_the_longest_token_still_makes_a_code_of_version_10(address):
    longest = ReceiptToken(**vars(TOKEN) | {"number": "20260310-9F3A77C1", "site": "510521109001"})
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address + issue(longest, KEY))
    code.make(fit=True)
    assert code.version <= 10
