"""The book of failures: every code has its page, once; what is printed and drawn is what the code says, and nobody."""

from __future__ import annotations

import re

import pytest

import kiosk.app  # noqa: F401 - with every module that has failures of its own
from docs.failure_book import ROOT, WRITTEN, parts
from kiosk import VERSION
from kiosk.device_errors import every_error
from kiosk.errors import KioskError, NoSuchPage, ProgramDown
from kiosk.failure_book import BOOK, about, failure_qr, qr_path, told_by_qr
from tests.screen import Screen

CODES = [error.code for error in every_error()]
LONGEST = 20


def test_every_code_is_one_failure_and_easy_to_say():
    assert len(CODES) == len(set(CODES))
    assert [code for code in [*CODES, KioskError.code] if not re.fullmatch(r"K-\d{3}", code)] == []


def test_every_failure_has_its_page_and_no_page_is_left_over():
    assert sorted(BOOK) == sorted([*CODES, KioskError.code])


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[。；])", text) if one]


@pytest.mark.parametrize("code", sorted(BOOK))
def test_a_page_is_written_in_short_sentences(code):
    page = BOOK[code]
    for text in (page.cause, page.clerk):
        assert text.endswith("。")
        assert max(len(one) for one in sentences(text)) <= LONGEST, text
    assert about(code)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_printed_is_what_the_code_says(name):
    assert (ROOT / name).read_text(encoding="utf-8") == WRITTEN[name](), "run `make docs`"


def test_the_book_holds_every_code_once():
    text = (ROOT / "docs" / "failure-book.html").read_text(encoding="utf-8")
    assert re.findall(r'<td class="code">(K-\d{3})</td>', text) == sorted(BOOK)
    assert sum(len(failures) for _, failures in parts()) == len(BOOK)


def test_the_code_beside_a_failure_names_the_failure_the_program_and_the_pack_and_nothing_else():
    assert told_by_qr("K-302", "510521109 3") == f"HALL-KIOSK K-302 program {VERSION} pack 510521109 3"
    assert told_by_qr("K-905") == f"HALL-KIOSK K-905 program {VERSION}"


def modules(size: int, path: str) -> set[tuple[int, int]]:
    """The dark modules that a path draws."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
    assert "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in runs) == path
    return {(int(x) + at, int(y)) for x, y, run in runs for at in range(int(run)) if int(x) + at < size}


def test_the_drawing_is_the_code_module_for_module():
    import qrcode  # noqa: PLC0415 - as the program does, only where a failure is drawn

    text = told_by_qr("K-302")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size, path = qr_path(text)
    assert size == len(rows)
    assert modules(size, path) == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_the_drawing_takes_nothing_into_the_page_but_itself():
    svg = str(failure_qr(lambda: '"><script>')("K-302"))
    assert re.fullmatch(r'<svg viewBox="0 0 \d+ \d+" role="img" aria-label="K-302"><path d="[Mhvz\d -]+"/></svg>', svg)


def test_the_page_of_a_failure_shows_its_code_to_a_telephone(screen: Screen):
    screen.insert_card("李伟")
    screen.visit("/nowhere")
    screen.sees(NoSuchPage.code)
    assert screen.hall.machine.place is not None
    size, path = qr_path(told_by_qr(NoSuchPage.code, screen.hall.machine.place.versions))
    assert f'd="{path}"' in screen.page.html
    assert size


def test_the_shells_own_page_says_what_the_book_says():
    text = (ROOT / "deploy" / "shell" / "notice.html").read_text(encoding="utf-8")
    for words in (ProgramDown.words, ProgramDown.next_step, ProgramDown.code):
        assert words in text
    assert "<script" not in text
    assert "style=" not in text
