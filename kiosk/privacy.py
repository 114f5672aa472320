"""Privacy notices in plain words, one a purpose: why, what, how long, whom it goes to, whom to ask.

The words stand here as defaults; a locality pack says its own under ``[privacy.<purpose>]``. Each has a version, which
is written down with every use (reference/domain.md §7.1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kiosk.phrases import phrase

VERSION = "2026-11"
Words = Annotated[str, Field(min_length=1, max_length=60)]


class Purpose(StrEnum):
    """What something personal is asked for."""

    CARD = "card"
    PIN = "pin"
    FINGER = "finger"
    APPOINTMENT = "appointment"


class Notice(BaseModel):
    """One purpose. ``version`` changes whenever a word of it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, Field(min_length=1, max_length=40)] = VERSION
    title: Annotated[str, Field(min_length=1, max_length=20)]
    why: Words
    what: Words
    how_long: Words
    goes_to: Words
    ask: Words = phrase("服务窗口；也可以打 12333")

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Question and answer, in the order they are asked."""
        return (
            (phrase("为什么要"), self.why), (phrase("用什么"), self.what), (phrase("留多久"), self.how_long),
            (phrase("给谁"), self.goes_to),
            (phrase("问谁"), self.ask),
        )  # fmt: skip


class PrivacyNotices(BaseModel):
    """The notices of a place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card: Notice = Notice(
        title=phrase("为什么要插卡"), why=phrase("知道是谁来办事，只办您自己的事"),
        what=phrase("卡上的姓名和社会保障号码"),
        how_long=phrase("取走卡，机器就忘掉"), goes_to=phrase("只给县人社局，核对卡能不能用"),
    )  # fmt: skip
    pin: Notice = Notice(
        title=phrase("为什么要密码"), why=phrase("确认拿着卡的是您本人"),
        what=phrase("六位社保卡密码，只给卡自己核对"),
        how_long=phrase("核对完马上清掉，哪里都不存"), goes_to=phrase("谁也不给，县里也看不到"),
    )  # fmt: skip
    finger: Notice = Notice(
        title=phrase("为什么要指纹"), why=phrase("领养老金每年要确认是您本人"),
        what=phrase("按一下手指，和县里登记的比一比"),
        how_long=phrase("比完就清掉，不存指纹图像"), goes_to=phrase("县里只收到比对结果，收不到指纹"),
        ask=phrase("不想按指纹，请工作人员见证；有疑问问服务窗口"),
    )  # fmt: skip
    appointment: Notice = Notice(
        title=phrase("预约要用您的什么"), why=phrase("让工作人员能联系您、给您办"),
        what=phrase("姓名、社会保障号码和想办的事"),
        how_long=phrase("办完后由县人社局按规定保存"), goes_to=phrase("县人社局和来办的工作人员"),
    )  # fmt: skip

    def of(self, purpose: Purpose) -> Notice:
        """The notice of a purpose."""
        match purpose:
            case Purpose.CARD:
                return self.card
            case Purpose.PIN:
                return self.pin
            case Purpose.FINGER:
                return self.finger
            case Purpose.APPOINTMENT:
                return self.appointment
