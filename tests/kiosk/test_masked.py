"""Nothing unmasked on any screen: every page that links lead to, for resident, clerk and passer-by, and every slip."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from kiosk.events import Proven
from kiosk.identity import Assurance
from tests.hall import eventually
from tests.services.pension_steps import CLERK

MOST_PAGES = 90
AMOUNT = re.compile(r"-?[\d,]+\.\d{2}")
SPOKEN = ("aria-label", "title", "alt", "placeholder", "value", "content", "data-say")
"""Attributes that a voice or a screen reader may read out."""
CHANGES = ("/modes", "/leave", "/sign-out")


class Seen(HTMLParser):
    """What a page shows or lets be read aloud, and what it only holds for a finger that rests on it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.words, self.held, self._silent = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._silent += tag in ("script", "style")
        self.words += [value or "" for name, value in attrs if name in SPOKEN and "csrf" not in (value or "")]
        self.held += [value for name, value in attrs if name == "data-amount"]

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")

    def handle_data(self, text):
        if not self._silent:
            self.words.append(text)

    @property
    def text(self):
        return " ".join(self.words)


def pages_of(face, starts):
    """Every page that links lead to, from ``starts`` on: address and source. Of jobs a few stand for all."""
    waiting, seen, jobs = list(starts), {}, 0
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        face.visit(path)
        seen[path] = face.page.html
        for link in face.page.links:
            target = urljoin(path, link.href)
            jobs += "/job_board/" in target
            if urlsplit(target).netloc == "" and target not in seen and not ("/job_board/" in target and jobs > 60):
                waiting.append(target)
    return seen


def secrets_of(holder):
    card = holder.card
    return {
        "name": holder.name, "number": holder.number, "birthday": holder.number[6:14], "card": card.card_number,
        "chip": card.identification, "PIN": card.pin,
    }  # fmt: skip


def leaks(pages, secrets):
    told = {path: html.unescape(text) for path, text in pages.items()}
    return [(what, path) for path, text in told.items() for what, secret in secrets.items() if secret in text]


RESIDENT = (
    "/", "/help", "/mine", "/privacy/pin", "/privacy/finger", "/pin?next=/", "/goodbye", "/nowhere", "/language",
    "/sound", "/services/insurance_query/", "/services/pension_verification/", "/services/job_board/",
    "/services/pension_verification/consent", "/services/pension_verification/appointment",
    "/services/insurance_query/slip", "/services/insurance_query/slip?amounts=ask",
)  # fmt: skip


@pytest.mark.parametrize("name", ["李伟", "郭仁富"])
def test_no_page_of_the_resident_face_says_a_name_a_number_or_an_amount(hall, screen, name):
    holder = screen.insert_card(name)
    hall.machine.desk.handle(Proven(hall.machine.desk.state.session.token, Assurance.PIN))
    pages = pages_of(screen, RESIDENT)
    assert len(pages) > 40
    assert leaks(pages, secrets_of(holder)) == []
    covered = [amount for text in pages.values() for amount in Seen(text).held]
    own = {path: text for path, text in pages.items() if "/job_board/" not in path}
    told = {path: AMOUNT.findall(Seen(text).text) for path, text in own.items()}
    assert {path: found for path, found in told.items() if found} == {}
    if name == "李伟":
        assert len(covered) > 20, "there were amounts to be covered"
        assert any(path.startswith("/services/insurance_query/type/") for path in pages)


def test_no_page_of_the_staff_nor_the_wall_says_who_is_being_served(hall, screen, staff, wall):
    holder = screen.insert_card("郭仁富")
    hall.machine.desk.handle(Proven(hall.machine.desk.state.session.token, Assurance.PIN))
    screen.visit("/services/pension_verification/appointment")
    screen.press("到窗口办")
    screen.visit("/services/pension_verification/consent")
    screen.press("不按，请工作人员")
    staff.sign_in(*CLERK)
    staff.visit("/witness/")
    staff.sees("郭*")
    pages = pages_of(staff, ("/", "/witness/", "/cases/", "/submissions/", "/health/", "/health/report"))
    assert any("郭*" in text for text in pages.values())
    pages["wall"] = wall.visit("/").html
    assert leaks(pages, secrets_of(holder)) == []


@pytest.mark.parametrize("amounts", [False, True])
def test_a_slip_masks_its_owner_and_carries_amounts_only_where_they_were_confirmed(hall, screen, amounts):
    holder = screen.insert_card("李伟")
    screen.visit("/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.press("打印凭条")
    if amounts:
        screen.press("也印金额")
        screen.press("印，我会收好")
    else:
        screen.press("不印金额")
    printer = hall.machine.devices.simulators.printer
    eventually(lambda: printer.receipts, what="the slip is out")
    text = repr(printer.receipts[0])
    assert not [secret for secret in secrets_of(holder).values() if secret in text]
    assert "李*" in text
    assert holder.number[-4:] in text
    assert bool(re.search(r"\d\.\d{2} 元", text)) is amounts


def test_the_measure_finds_what_is_wrong():
    page = Seen('<p>欠 1,234.50 元</p><button data-amount="9.99 元" aria-label="7.77 元">＊＊＊</button>')
    assert AMOUNT.findall(page.text) == ["1,234.50", "7.77"]
    assert page.held == ["9.99 元"]
    assert leaks({"/x": "<p>李&#20255;</p>"}, {"name": "李伟"}) == [("name", "/x")]
