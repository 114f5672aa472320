"""The screens of whoever comes with an ID card or a code: stops of the tour in a hall that has the devices for them."""

from __future__ import annotations

from devices.id_card.simulated import ModuleModel
from tests.browser.tour import Stop
from tests.browser_screen import BrowserScreen


def lay(screen: BrowserScreen, name: str) -> None:
    """Somebody's ID card, on a reader that sees it lie there."""
    screen.hall.id_reader.model = ModuleModel(finds_again=True)
    holder = screen.hall.person(name)
    screen.hall.lay_id_card(holder)
    screen.sees(f"{holder.name[0]}*，您想办什么事")


def lift(screen: BrowserScreen) -> None:
    """Take it off."""
    screen.hall.id_reader.lift()
    screen.sees("请插入社会保障卡")


def nonsense(screen: BrowserScreen) -> None:
    """A code that is none."""
    screen.hall.show_code("A PAYMENT CODE")
    screen.sees("这个码过期了，或者用过了")


def displaced(screen: BrowserScreen) -> None:
    """Somebody walked away from a session that nothing holds; the next one puts a card in."""
    screen.press("知道了")
    screen.hall.id_reader.model = ModuleModel()
    screen.hall.lay_id_card(screen.hall.person("李伟"))
    screen.sees("李*，您想办什么事")
    screen.hall.insert(screen.hall.person("王秀英"))
    screen.sees("王*，您想办什么事", "前一位的办理已经结束")


CREDENTIALS: tuple[Stop, ...] = (
    ("ways-home", lambda screen: (screen.visit("/"), screen.sees("也可以放身份证"))),
    ("ways-insert", lambda screen: (screen.press("养老待遇资格认证"), screen.sees("也可以放身份证"))),
    ("id-card-home", lambda screen: (screen.visit("/"), lay(screen, "王秀英"))),
    ("id-card-more", lambda screen: (screen.press("参保信息查询"), screen.sees("这一项请插社会保障卡"))),
    ("id-card-left", lambda screen: (screen.press("结束"), screen.sees("请拿好您的身份证"))),
    ("code-refused", lambda screen: (lift(screen), nonsense(screen))),
    ("displaced", displaced),
)
