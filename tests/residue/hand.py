"""The marked resident at the screen, over HTTP, with the verbs of tests/screen.py; every flow and ending of a visit."""

from __future__ import annotations

import contextlib
import itertools
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx

from contract.development import town_code
from devices.id_card.simulated_cards import WrittenCard
from devices.printer.emulator import PrinterFault
from kiosk.identity import Credential
from tests.page import Page
from tests.processes import patiently
from tests.residue.house import WORDS, House, Marked
from tests.screen import Face

PATIENCE = 40.0


class Wire:
    """What Flask's test client offers to a Face, over a real line."""

    def __init__(self) -> None:
        self.http = httpx.Client(timeout=60)

    def get(self, path: str, base_url: str, query_string: dict | None = None) -> SimpleNamespace:
        return self._told(self.http.get(base_url + path, params=query_string or None))

    def post(self, path: str, base_url: str, data: dict) -> SimpleNamespace:
        return self._told(self.http.post(base_url + path, data=data))

    @staticmethod
    def _told(answer: httpx.Response) -> SimpleNamespace:
        kind = answer.headers.get("content-type", "").partition(";")[0]
        request = SimpleNamespace(full_path=answer.request.url.raw_path.decode())
        return SimpleNamespace(
            status_code=answer.status_code, headers=answer.headers, mimetype=kind, request=request,
            get_data=lambda as_text=True: answer.text if as_text else answer.content, json=answer.json,
        )  # fmt: skip


class Hand(Face):
    """One window at the kiosk of a House."""

    def __init__(self, house: House, who: Marked) -> None:
        self.house, self.who = house, who
        self.client = Wire()
        self.base = f"http://{house.resident}"
        self.page, self.path, self.status = Page(""), "/", 0
        key = (house.kiosk_folder / "secrets" / "pairing-key").read_text()
        self.visit(f"/?key={key}")

    def insert_card(self) -> None:
        """The card is in and its holder served."""
        self.house.insert(self.who)
        self.visit("/")
        self.sees("龘*")

    def enter_pin(self) -> None:
        """The PIN, on whatever pad the page shows."""
        form = next(form for form in self.page.forms if form.action.startswith("/pin"))
        self._submit(form, {"pin": self.who.holder.card.pin})

    def comes_to_see(self, words: str) -> None:
        """Follow the page as its parked request does."""
        patiently(lambda: words in self.page.text or self._follow(), PATIENCE, f"{words} on {self.path}")

    def _follow(self) -> bool:
        showing = self.page.attributes.get("data-showing", "")
        answer = self.client.get("/desk", base_url=self.base, query_string={"showing": showing, "warned": "1"})
        if answer.status_code == 200 and (go := answer.json().get("go")):
            self.visit(urlsplit(go).path + ("?" + urlsplit(go).query if urlsplit(go).query else ""))
        return False

    def quietly(self, path: str, **fields: str) -> None:
        """A request of a script, beside the page."""
        token = next(form.fields["csrf_token"] for form in self.page.forms if "csrf_token" in form.fields)
        self.client.http.post(self.base + path, data=fields, headers={"X-CSRFToken": token})

    def walk_away(self) -> None:
        """The window is gone: no request of it comes any more."""
        self.client.http.close()


# --- the flows: each leaves the visit open, with all that it shows ---


def jobs(hand: Hand) -> None:
    """Words typed, a post read, its telephone asked for."""
    hand.visit("/services/job_board/")
    hand.press("找", q=WORDS)
    hand.visit("/services/job_board/")
    post = next(link for link in hand.page.links if "/services/job_board/post" in link.href or "/detail" in link.href)
    hand.visit(post.href)
    hand.press("看联系电话")


def insurance(hand: Hand) -> None:
    """What somebody is insured for, and the year."""
    hand.insert_card()
    hand.visit("/services/insurance_query/")
    hand.enter_pin()
    hand.sees("数据截至")
    hand.visit(next(link.href for link in hand.page.links if "/insurance_query/type/" in link.href))


def statement_on_paper(hand: Hand) -> None:
    """The slip with its amounts."""
    insurance(hand)
    hand.visit("/services/insurance_query/")
    hand.press("打印凭条")
    hand.press("也印金额")


def finger(hand: Hand) -> None:
    """The verification, with PIN and finger, up to its result."""
    hand.insert_card()
    hand.press("养老待遇资格认证")
    hand.press("开始认证")
    hand.enter_pin()
    hand.press("同意，按指纹")
    hand.house.place_finger(hand.who)
    hand.comes_to_see("手指对上了")
    hand.house.sensor.lift_finger()
    hand.press("提交认证")
    hand.sees("编号")


def witness(hand: Hand) -> None:
    """No finger: a clerk is waited for."""
    hand.insert_card()
    hand.press("养老待遇资格认证")
    hand.press("开始认证")
    hand.enter_pin()
    hand.press("不按，请工作人员")


def appointment(hand: Hand) -> None:
    """Somebody is to come."""
    hand.insert_card()
    hand.press("养老待遇资格认证")
    hand.press("不会弄，预约")
    hand.press("到窗口办")
    hand.sees("编号")


def heard(hand: Hand) -> None:
    """What the machine knows of somebody, read aloud; letters typed on the screen."""
    hand.insert_card()
    hand.visit("/mine")
    for text in (hand.who.traits["name"], f"{hand.who.traits['amount']}元"):
        hand.quietly("/voice/say", text=text, personal="1")
    hand.quietly("/typing/pinyin", letters=hand.who.traits["typed letters"])


def id_card(hand: Hand) -> None:
    """A resident ID card on its reader."""
    hand.house.looked_at(Credential.ID_CARD)
    hand.house.id_reader.lay(WrittenCard.of_resident(hand.who.holder.name, hand.who.holder.number))
    hand.house.desk_is("serving")
    hand.visit("/services/pension_verification/")
    hand.sees("龘*")


def code(hand: Hand) -> None:
    """The code of an electronic card before the scanner."""
    for _ in range(4):  # one read between two looks is read for nobody: it is shown anew
        hand.house.looked_at(Credential.CODE)
        hand.house.scanner.show(town_code(hand.who.holder.card.identification, next(turns)).encode())
        with contextlib.suppress(AssertionError):
            patiently(lambda: hand.house.ask(desk=True) == "serving", 10, "the code is read")
            break
    hand.house.desk_is("serving")
    hand.visit("/services/pension_verification/")
    hand.sees("龘*")


def new_pin(hand: Hand) -> None:
    """The old PIN and a new one are given; the card is not told yet."""
    hand.insert_card()
    hand.visit("/services/card_pin/")
    for pin, asked in ((hand.who.holder.card.pin, "请输入新密码"), (hand.who.traits["new PIN"], "请再输一次新密码")):
        hand._submit(next(form for form in hand.page.forms if "pin" in form.action), {"pin": pin})
        hand.sees(asked)


turns = itertools.count(1)
FLOWS = {
    "jobs": jobs, "heard": heard, "id_card": id_card, "code": code, "insurance": insurance, "slip": statement_on_paper,
    "finger": finger, "witness": witness, "appointment": appointment, "new_pin": new_pin,
}  # fmt: skip


# --- the endings ---


def orderly(hand: Hand) -> None:
    """结束取卡, 结束 or 完成, and everything taken along."""
    words = " ".join(hand.buttons())
    hand.press(next(word for word in ("结束取卡", "结束", "完成") if word in words))


def pulled(hand: Hand) -> None:
    """The card is pulled, the ID card lifted, with the page open."""
    hand.house.slot.remove()
    hand.house.id_reader.lift()
    hand.house.scanner.hide()


def idle(hand: Hand) -> None:
    """Nobody answers the question whether somebody is there."""
    hand.house.ask(later=100)
    hand.house.ask(later=300)


def jammed(hand: Hand) -> None:
    """The paper ends while a slip is printed, and the card is pulled."""
    hand.house.paper.suffer(PrinterFault.OUT_OF_PAPER)
    if hand.house.ask(desk=True) == "serving":
        hand.visit("/services/insurance_query/")
    for words in ("打印凭条", "也印金额"):
        if any(words in button for button in hand.buttons()):
            hand.press(words)
    hand.house.slot.remove()


def browser_killed(hand: Hand) -> None:
    """The window dies, the card stays a while."""
    hand.walk_away()
    hand.house.ask(later=400)


def power_cut(hand: Hand) -> None:
    """The process dies with everything in it; the card is pulled before it is back."""
    hand.house.power_cut()
    hand.house.slot.remove()
    hand.house.start()


def county_cut(hand: Hand) -> None:
    """The county is gone in the middle; the resident tries again and leaves."""
    hand.house.cut()
    hand.visit("/services/insurance_query/")
    hand.visit("/")
    hand.house.slot.remove()


ENDINGS = {
    "orderly": orderly, "pulled": pulled, "idle": idle, "jammed": jammed, "browser_killed": browser_killed,
    "power_cut": power_cut, "county_cut": county_cut,
}  # fmt: skip
