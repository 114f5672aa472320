"""`make screenshots`: pictures of the README and contact sheets, taken in Chromium from a live town with a fixed seed.

Half size, so that a picture stays small; at ten in the morning of the hall, so that notices of office hours show.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser

from bench.browser import LANDSCAPE, PORTRAIT, chromium
from bench.contact_sheet import take_sheets
from county.demo import ACCOUNTS
from kiosk.services import WINDOWS
from tests.browser_screen import BrowserFace, BrowserScreen, BrowserStaff, BrowserWall, LiveHall
from tests.hall import Seeds, eventually

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
LARGEST = 300 * 1024
HOUR = 10
SHAPES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}
MONITOR = (1366, 768)


def take(face: BrowserFace, name: str, shape: str) -> None:
    """Keep a picture; too large a one is refused."""
    face.tab.wait_for_timeout(300)
    file = PICTURES / f"{name}-{shape}.png"
    face.picture(file)
    if file.stat().st_size > LARGEST:
        raise ValueError(f"{file.name} is larger than {LARGEST} bytes")
    print(file.relative_to(PICTURES.parent.parent), file.stat().st_size // 1024, "kB")


def resident_pictures(hall: LiveHall, screen: BrowserScreen, shape: str) -> None:
    """Home, job list, insurance, pension."""
    screen.visit("/")
    take(screen, "home", shape)
    press_service(screen, "job_board")
    take(screen, "jobs", shape)
    screen.visit("/")
    insurance(screen)
    take(screen, "insurance", shape)
    screen.remove_card()
    pension(screen)
    take(screen, "pension-finger", shape)
    hall.set_right()


def press_service(screen: BrowserScreen, key: str) -> None:
    """Press the tile of a service."""
    services = [service for shown in WINDOWS for service in shown.services]
    screen.press(next(service.title for service in services if service.key == key))


def insurance(screen: BrowserScreen) -> None:
    """Card, PIN, statement."""
    holder = screen.insert_card("李伟")
    press_service(screen, "insurance_query")
    screen.enter_pin(holder.card.pin)
    screen.sees("数据截至")


def pension(screen: BrowserScreen) -> None:
    """Card, PIN, consent, and the finger is waited for."""
    holder = screen.insert_card("王秀英")
    press_service(screen, "pension_verification")
    screen.press("开始认证")
    screen.sees("密码")
    screen.enter_pin(holder.card.pin)
    screen.press("同意，按指纹")
    screen.sees("平放")


def wall_pictures(_hall: LiveHall, wall: BrowserFace, shape: str) -> None:
    """Whatever is on now."""
    wall.tab.wait_for_timeout(1500)
    take(wall, "wall", shape)


def staff_pictures(_hall: LiveHall, staff: BrowserStaff, shape: str) -> None:
    """The editor writes a notice."""
    editor = ACCOUNTS[0]
    staff.sign_in(editor.account, editor.password)
    staff.visit("/display_editor/new")
    staff.tab.locator("[name=title]").fill("养老待遇认证，手机上也能办")
    staff.tab.locator("[name=body]").fill(
        "不用跑大厅。子女可以帮老人办。\n在自助机上插卡，按一下指纹，当场办好。\n不收费。"
    )
    take(staff, "staff-editor", shape)
    staff.press("存好送审")
    take(staff, "staff-preview", shape)


def opened(browser: Browser, hall: LiveHall, shape: str, face: Callable[..., BrowserFace]) -> BrowserFace:
    """A window of this shape at a face."""
    width, height = MONITOR if face is BrowserStaff else SHAPES[shape]
    scale = 0.75 if face is BrowserStaff else 0.5
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, has_touch=True, locale="zh-CN"
    )
    return face(hall, context)


def to_office_hours(hall: LiveHall) -> None:
    """Move the clocks to ten in the morning of the hall's day."""
    now = hall.machine.clock.local()
    wanted = now.replace(hour=HOUR, minute=8, second=0)
    hall.move_clock(int((wanted - now) / timedelta(seconds=1)))
    hall.machine.county.feed.pull()
    eventually(lambda: hall.machine.clock.local().hour == HOUR)


def main() -> int:
    """Take them all."""
    PICTURES.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pictures-"))
    seeds = Seeds()
    hall = LiveHall(folder, seeds)
    try:
        to_office_hours(hall)
        with chromium() as browser:
            for shape in SHAPES:
                resident_pictures(hall, opened(browser, hall, shape, BrowserScreen), shape)  # type: ignore[arg-type]  # by its maker
                wall_pictures(hall, opened(browser, hall, shape, BrowserWall), shape)
            staff_pictures(hall, opened(browser, hall, "landscape", BrowserStaff), "landscape")  # type: ignore[arg-type]  # by its maker
    finally:
        hall.close()
        seeds.close()
        shutil.rmtree(folder, ignore_errors=True)
    take_sheets(PICTURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
