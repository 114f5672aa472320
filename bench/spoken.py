"""`python -m bench.spoken`: a walk by four keys without a look at the screen; what is said: docs/spoken-walk.md.

A real town, a real browser; every action is a press of one of the four keys, the card, or the finger on its sensor.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.keys_walk import NEXT, KeyScreen
from tests.browser_screen import PORTRAIT, LiveHall, Watch, launch
from tests.hall import Seeds

REPORT = Path(__file__).resolve().parent.parent / "docs" / "spoken-walk.md"
HEAD = """# Spoken walk

Written by `python -m bench.spoken`; not by hand. Somebody who does not see has their pension checked with a finger, has
the slip printed and leaves. Lines that begin with a dash are what the machine says; 🎧 stands before what it says into
headphones only.
Between them, in brackets, stands what the resident did. Times of day and numbers of a case differ from walk to walk.
"""


class Ear:
    """What is said, in the order it is said, with what was done."""

    def __init__(self, keys: KeyScreen) -> None:
        self._keys = keys
        self._told = 0
        self.lines: list[str] = []

    def did(self, words: str) -> None:
        """Note an action, after everything said before it."""
        self.listen()
        self.lines += ["", f"({words})", ""]

    def listen(self) -> None:
        """Write down what was said since the last time; a log begun anew is heard from its beginning."""
        log = self._keys.log
        if log and log[-1]["at"] < self._told:
            self._told = 0
        for one in log:
            if one["at"] > self._told:
                self.lines.append("- " + " ".join(self._marked(part) for part in one["parts"]))
        self._told = log[-1]["at"] if log else 0

    @staticmethod
    def _marked(part: dict[str, object]) -> str:
        text = re.sub(r"\d{2}:\d{2}", "10:00", str(part["text"]))
        return f"🎧 {text}" if part["personal"] else text


def walk(hall: LiveHall, keys: KeyScreen, ear: Ear) -> None:
    """From the empty desk to the empty desk."""
    ear.did("presses any key")
    keys.begin()
    ear.did("presses 下一项 up to the end of the page")
    keys.burst(NEXT, len(keys.stops()) - 1)
    ear.did("puts the card in")
    holder = keys.insert_card("王秀英")
    keys.hears("王某")
    for words, heard in (("养老待遇资格认证", "该做养老认证了"), ("开始认证", "请输入社保卡密码")):
        press(keys, ear, words, heard)
    ear.did("presses the six digits of the PIN and 确定")
    keys.enter_pin(holder.card.pin)
    keys.hears("可以按指纹吗？")
    press(keys, ear, "同意，按指纹", "平放在亮灯的地方")
    ear.did("puts the finger on the sensor")
    keys.place_finger(holder)
    keys.hears("手指对上了")
    keys.lift_finger()
    press(keys, ear, "提交认证", "认证已通过")
    press(keys, ear, "打印凭条", "凭条打好了")
    press(keys, ear, "结束取卡", "请取走您的卡")
    ear.did("pulls the card")
    hall.remove()
    keys.hears("已经结束")
    ear.listen()


def press(keys: KeyScreen, ear: Ear, words: str, heard: str) -> None:
    """Walk to a button, choose it, and wait for what is said then."""
    ear.did(f"walks to {words} and presses 选定")
    keys.press(words)
    keys.hears(heard)


def main() -> None:
    """Walk once and write the report."""
    seeds = Seeds()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hall, browser = LiveHall(Path(folder), seeds), launch(playwright)
        width, height = PORTRAIT
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, locale="zh-CN")
        watch = Watch()
        keys = KeyScreen(hall, watch.over(context))
        ear = Ear(keys)
        walk(hall, keys, ear)
        browser.close()
        hall.close()
    seeds.close()
    REPORT.write_text(HEAD + "\n".join(ear.lines) + "\n", encoding="utf-8")
    print(REPORT.name, len(ear.lines), "lines;", watch.unforgiven() or "no complaint of the browser")


if __name__ == "__main__":
    main()
