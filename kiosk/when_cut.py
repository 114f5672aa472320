"""What each part of the machine does while the county is cut off; the matrix of docs/operating.md is made of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class WhenCut(Enum):
    """What a service, a duty or a part does while the county is cut off."""

    REFUSE = "refuse"
    QUEUE = "queue"
    DATED_COPY = "dated copy"
    HERE = "goes on here"


@dataclass(frozen=True)
class Part:
    """A part of the machine that is neither a service nor a duty, and what people meet of it in a cut."""

    key: str
    title: str
    when_cut: WhenCut
    words: str


PARTS: tuple[Part, ...] = (
    Part("wall", "信息屏", WhenCut.DATED_COPY,
         "shows the copy with its date; an item whose lease ran out goes dark, all dark: hall, clock, 内容更新中"),
    Part("card", "插卡", WhenCut.HERE,
         "a card that needs no key of the county is read; no sitting: it was not compared with the list of lost cards"),
    Part("card_keys", "卡密钥认证", WhenCut.REFUSE,
         "a card that proves itself by the county's key service stays unproven; a 3.0 card is sent to the counter"),
    Part("id_card", "身份证", WhenCut.HERE,
         "says who somebody is, no sitting: opens what is open, a clerk makes more of it"),
    Part("electronic_code", "电子社保卡", WhenCut.REFUSE,
         "nobody here can tell whose code it is: the card, or the counter"),
    Part("pin", "密码", WhenCut.HERE, "the card itself checks it; an unproven card counts as the locality says"),
    Part("sign_in", "登录", WhenCut.HERE,
         "a clerk who signed in here lately may sign in and witness; the county's own duties wait for the line"),
    Part("submissions", "送件", WhenCut.QUEUE,
         "kept sealed, sent with growing pauses; past its age limit it is the owner's, shown to staff, never dropped"),
    Part("paper", "凭条", WhenCut.HERE, "printed as ever; what the county has not confirmed says so"),
    Part("devices", "设备", WhenCut.HERE, "read, tested and shown as ever"),
    Part("enrolment", "登记", WhenCut.REFUSE, "a machine the county has not approved waits; it asks again by itself"),
    Part("sealing_key", "县里密钥", WhenCut.DATED_COPY,
         "the key told last seals; a machine that never met the county takes no submission"),
    Part("locality_pack", "地方包", WhenCut.DATED_COPY, "the last good one stays; it has no lease"),
    Part("clock", "时钟", WhenCut.HERE,
         "goes on from the county's time told last; after a restart unknown, and paper says 时间待核"),
    Part("journal", "日志", WhenCut.HERE, "written as ever; its head is told to the county when the line is back"),
    Part("figures", "统计", WhenCut.QUEUE, "the days of the cut are told when the line is back, up to 31"),
)  # fmt: skip
"""Everything else that has to do with the county; a test cuts the line under each."""
