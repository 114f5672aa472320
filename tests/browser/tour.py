"""The screens of the resident face, each reached as a resident reaches it: legibility and pictures walk this way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from devices.card.virtual.card import VirtualCard
from devices.card.virtual.described import CardFault
from tests.browser_screen import BrowserScreen

Stop = tuple[str, Callable[[BrowserScreen], object]]


def reading(screen: BrowserScreen) -> None:
    """A card that answers slowly."""
    holder = screen.hall.person("李伟")
    screen.hall.reader.insert(
        VirtualCard(holder.card, frozenset({CardFault.SLOW}), pause=lambda _seconds: time.sleep(0.4))
    )
    screen.sees("正在读卡")


def last_try(screen: BrowserScreen) -> None:
    """Two wrong PINs."""
    screen.enter_pin("000000")
    screen.sees("还可以试 2 次")
    screen.enter_pin("000000")
    screen.sees("只剩 1 次")


def warning(screen: BrowserScreen) -> None:
    """The bar that asks whether somebody is there, as the parked answer would show it."""
    screen.tab.evaluate("() => { document.getElementById('still-there').hidden = false; }")


def changed_card(screen: BrowserScreen, name: str) -> None:
    """The next card holder opens the verification."""
    screen.remove_card()
    screen.insert_card(name)
    screen.press("养老待遇资格认证")


def to_consent(screen: BrowserScreen) -> None:
    """From anywhere, with an overdue pensioner's card in."""
    screen.visit("/services/pension_verification/")
    screen.press("开始认证")
    screen.enter_pin(screen.hall.person("郭仁富").card.pin)
    screen.sees("可以按指纹吗？")


def no_match(screen: BrowserScreen) -> None:
    """Somebody else's finger."""
    sensor = screen.hall.machine.devices.simulators.fingerprint
    assert sensor is not None
    sensor.sensor.place_finger("somebody else's finger")
    screen.sees("没有对上")


def to_confirm(screen: BrowserScreen) -> None:
    """A pensioner whose finger matches."""
    holder = screen.insert_card("王秀英")
    screen.press("养老待遇资格认证")
    screen.press("开始认证")
    screen.enter_pin(holder.card.pin)
    screen.press("同意，按指纹")
    screen.sees("平放在亮灯的地方")
    screen.place_finger(holder)
    screen.sees("手指对上了")


def keyboard(screen: BrowserScreen) -> None:
    """The keys below the field, with something to choose."""
    screen.tap(screen.page.locator("input[name=q]"))
    screen.page.locator("[data-kb-letter=g]").wait_for()
    screen.tap(screen.page.locator("[data-kb-letter=g]"))
    screen.page.locator("[data-kb-choose]").first.wait_for()


DESK: tuple[Stop, ...] = (
    ("home", lambda screen: screen.visit("/")),
    ("help", lambda screen: screen.press("叫工作人员")),
    ("goodbye", lambda screen: screen.visit("/goodbye")),
    ("no-such-page", lambda screen: screen.visit("/nowhere")),
    ("insert-card", lambda screen: screen.visit("/services/insurance_query/")),
    ("reading", reading),
    ("card-expired", lambda screen: (screen.remove_card(), screen.insert_card("孙丽"))),
    ("home-served", lambda screen: (screen.remove_card(), screen.insert_card("李伟"))),
    ("pin", lambda screen: screen.visit("/pin?next=/")),
    ("pin-last-try", last_try),
    ("pin-last-pad", lambda screen: screen.press("再试一次")),
    ("card-left", lambda screen: (screen.enter_pin("135790"), screen.press("结束取卡"))),
)
JOBS: tuple[Stop, ...] = (
    ("jobs-list", lambda screen: (screen.visit("/"), screen.press("找工作"))),
    ("jobs-keyboard", keyboard),
    ("jobs-writing", lambda screen: screen.press("手写")),
    ("jobs-digits", lambda screen: screen.press("数字")),
    ("jobs-pictures", lambda screen: (screen.press("收起"), screen.press("看图选"))),
    ("jobs-towns", lambda screen: screen.press("按乡镇选")),
    ("jobs-filters", lambda screen: (screen.visit("/services/job_board/"), screen.press("改条件"))),
    ("jobs-choose", lambda screen: screen.open_first()),
    ("jobs-nothing", lambda screen: screen.visit("/services/job_board/?q=%E5%AE%87%E8%88%AA%E5%91%98")),
    ("jobs-detail", lambda screen: (screen.press("看全部岗位"), screen.open_first())),
    ("jobs-contact", lambda screen: screen.press("看联系电话")),
)


def welcome(screen: BrowserScreen) -> None:
    """Nobody touched the vacant machine for long."""
    desk = screen.hall.machine.desk
    rules = desk.rules
    desk.rules = replace(rules, attract=0.1)
    screen.sees("您好，这里可以自己办事")
    desk.rules = rules


def forgotten(screen: BrowserScreen) -> None:
    """The card stays, however often its holder is called."""
    desk = screen.hall.machine.desk
    rules = desk.rules
    screen.press("结束")
    desk.rules = replace(rules, remind=0.3)
    screen.sees("已告诉工作人员来取卡")
    desk.rules = replace(rules, remind=3600.0)


ASIDE: tuple[Stop, ...] = (
    ("welcome", welcome),
    ("language", lambda screen: (screen.visit("/"), screen.press("语言"))),
    ("sound", lambda screen: (screen.press("声音"), screen.press("声音"))),
    ("notice", lambda screen: (screen.press("不读"), screen.visit("/privacy/pin"))),
    ("mine", lambda screen: (screen.insert_card("李伟"), screen.visit("/mine"))),
    (
        "mine-wiped",
        lambda screen: (screen.visit("/services/job_board/"), screen.visit("/mine"), screen.press("现在清掉")),
    ),
    ("card-left-told", forgotten),
    ("farewell", lambda screen: (screen.remove_card(), screen.sees("办完了，请慢走"))),
)
"""Pages beside the services: how the screen is shown and read, what is kept."""

INSURANCE: tuple[Stop, ...] = (
    ("insurance-insert", lambda screen: (screen.visit("/"), screen.press("参保信息查询"), screen.sees("请先插"))),
    ("insurance-pin", lambda screen: (screen.insert_card("李伟"), screen.sees("请输入社保卡密码"))),
    ("insurance-list", lambda screen: screen.enter_pin("135790")),
    ("insurance-branch", lambda screen: screen.open_first()),
    ("insurance-year", lambda screen: screen.press("看各年缴费")),
    ("insurance-year-before", lambda screen: screen.open_first(".pager a")),
    ("insurance-slip", lambda screen: (screen.visit("/services/insurance_query/"), screen.press("打印凭条"))),
    ("insurance-amounts", lambda screen: screen.press("也印金额")),
    ("insurance-printed", lambda screen: (screen.press("不印金额"), screen.sees("凭条打好了"))),
)

PENSION: tuple[Stop, ...] = (
    ("pension-nothing", lambda screen: (screen.insert_card("张国华"), screen.press("养老待遇资格认证"))),
    ("pension-counter", lambda screen: changed_card(screen, "杨素珍")),
    ("pension-stranger", lambda screen: changed_card(screen, "李伟")),
    ("pension-start", lambda screen: changed_card(screen, "郭仁富")),
    ("pension-appointment", lambda screen: screen.press("不会弄，预约")),
    ("pension-consent", to_consent),
    ("pension-finger", lambda screen: (screen.press("同意，按指纹"), screen.sees("平放在亮灯的地方"))),
    ("pension-no-match", no_match),
    ("pension-witness", lambda screen: screen.press("请工作人员办")),
    ("pension-booked", lambda screen: (screen.press("不等了，预约"), screen.press("到窗口办"))),
)
PENSION_RESULT: tuple[Stop, ...] = (
    ("pension-confirm", to_confirm),
    ("pension-result", lambda screen: (screen.lift_finger(), screen.press("提交认证"))),
    ("pension-printed", lambda screen: (screen.press("打印凭条"), screen.sees("凭条打好了"))),
)

CARD_PIN: tuple[Stop, ...] = (
    ("card-pin-old", lambda screen: (screen.insert_card("李伟"), screen.press("修改社保卡密码"))),
    ("card-pin-new", lambda screen: (screen.enter_pin("135790"), screen.sees("请输入新密码"))),
    ("card-pin-refused", lambda screen: (screen.enter_pin("222222"), screen.sees("K-162"))),
    ("card-pin-again", lambda screen: (screen.enter_pin("530217"), screen.sees("请再输一次新密码"))),
    ("card-pin-done", lambda screen: (screen.enter_pin("530217"), screen.sees("密码改好了"))),
)


def walk(screen: BrowserScreen, stops: tuple[Stop, ...]) -> Iterator[str]:
    """Go from stop to stop; the name of each once it stands there."""
    for name, go in stops:
        go(screen)
        screen.settle()
        screen.tab.wait_for_timeout(80)
        yield name


WALKS = {
    "desk": DESK, "jobs": JOBS, "aside": ASIDE, "insurance": INSURANCE, "pension": PENSION,
    "pension-result": PENSION_RESULT, "card-pin": CARD_PIN,
}  # fmt: skip
"""Every screen. One hall stands all of it once: a person verified is not asked again, a card takes ten PINs an hour."""
