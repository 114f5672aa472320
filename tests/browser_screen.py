"""What people do at a face, in the hall's words, in real Chromium: the same verbs as tests/screen.py.

A hall here is live: its faces answer on their ports. Every console error, page error, breach of the content policy and
request to an outside address is remembered by ``Watch`` and fails the test at its end.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, Request

from devices.card.people import CardHolder
from kiosk.events import Finished
from kiosk.serve import Faces
from kiosk.states import ReadingCard, Vacant
from tests.hall import Hall, eventually

PATIENCE = 20.0
PORTRAIT, LANDSCAPE, MONITOR = (1080, 1920), (1920, 1080), (1366, 768)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",  # as the shell
]  # fmt: skip
NO_PAGE = ""
UNHURRIED = "(el) => window.hall?.unhurried?.(el) ?? true"
"""A tap in the same place right after a new page is taken for the second half of a double one (static/hands.js)."""
AWAIT_TOUCH = """() => {
  window.untouched = true;
  document.addEventListener('click', () => { window.untouched = false; }, { once: true, capture: true });
}"""


def chromium() -> str:
    """The system's Chromium; empty where there is none. Its headless shell, where that is: a third cheaper."""
    return shutil.which("chromium-headless-shell") or whole_chromium()


def whole_chromium() -> str:
    """The browser that people see, with its profile and its policies."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, without a window."""
    return playwright.chromium.launch(executable_path=chromium(), args=FLAGS)


class LiveHall(Hall):
    """A hall whose faces answer on their ports."""

    def __init__(self, *arguments, **sections) -> None:
        super().__init__(*arguments, **sections)
        self._listen()

    def _listen(self) -> None:
        self.faces = Faces(self.machine)
        self.faces.listen()

    def restart(self) -> None:
        """Stop the kiosk with its servers, and start it again on the same folder and ports."""
        self.machine.stop()
        self._hang_up()
        super().restart()
        self._listen()

    def set_right(self) -> None:
        """Empty slot, empty glass, full paper, nobody at the desk, the county there: as the next one finds it."""
        self.mend()
        simulators = self.machine.devices.simulators
        self.reader.remove()
        self.reader.reappear()
        if simulators.fingerprint is not None:
            simulators.fingerprint.sensor.lift_finger()
            simulators.fingerprint.sensor.mend()
        if simulators.printer is not None:
            simulators.printer.emulator.recover()
        self.machine.desk.handle(Finished())
        eventually(lambda: isinstance(self.machine.desk.state, Vacant), what="the desk is empty again")

    def close(self) -> None:
        """Close the hall, then its servers with every line they hold."""
        super().close()
        self._hang_up()

    def _hang_up(self) -> None:
        for server in self.faces.servers:
            for connection in list(server._map.values()):
                connection.close()
            server.task_dispatcher.shutdown()


class Watch:
    """What no page may do, remembered for the end of the test."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._forgiven: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Watch this context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))
        context.on("request", self._request)
        return context

    def forgive(self, *patterns: str) -> None:
        """This test breaks something on purpose: complaints that match are expected."""
        self._forgiven += patterns

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"request to an outside address: {request.url}")

    def unforgiven(self) -> list[str]:
        """What remains."""
        return [said for said in self.complaints if not any(re.search(one, said) for one in self._forgiven)]


class BrowserFace:
    """One browser window at one face."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.set_default_timeout(PATIENCE * 1000)
        self.context = context
        self.base = f"http://{address}"
        self.tab: Page = context.new_page()
        self.touch = True

    def visit(self, path: str) -> None:
        """Go to an address, as a reload or a typed address would."""
        self.tab.goto(self.base + path)
        self.settle()

    @property
    def path(self) -> str:
        """Where the window is."""
        return urlsplit(self.tab.url).path

    @property
    def page(self) -> Locator:
        """The one element that is replaced at every step."""
        return self.tab.locator("#page")

    @property
    def text(self) -> str:
        """What can be read now, in single blanks."""
        words = self.tab.locator("body").inner_text() if self.tab.locator("body").count() else NO_PAGE
        return " ".join(words.split())

    def settle(self) -> None:
        """Wait for what the last touch began."""
        self.tab.wait_for_load_state("load")
        self.tab.wait_for_function("() => document.querySelector('#page:not(.busy)')")

    def pressable(self, words: str) -> Locator:
        """The first link or button that carries the words."""
        exact = self.page.locator("a, button").filter(has_text=re.compile(rf"^\s*(\S+\s+)?{re.escape(words)}\s*$"))
        return (exact if exact.count() else self.page.locator("a, button").filter(has_text=words)).first

    def press(self, words: str, **fields: str) -> None:
        """Press the link or button that carries ``words``; ``fields`` are filled in before."""
        for name, value in fields.items():
            self.tab.locator(f"#page [name={name}]").fill(value)
        self.tap(self.pressable(words))
        self.settle()

    def tap(self, target: Locator) -> None:
        """One finger, or one click where this window has a mouse; returns when the page has felt it."""
        if not self.touch:
            return target.click()
        self.tab.wait_for_function(UNHURRIED, arg=target.element_handle())
        self.tab.evaluate(AWAIT_TOUCH)
        target.tap()  # the browser makes a click of it a moment later
        self.tab.wait_for_function("() => window.untouched !== true")
        return None

    def open_first(self, rows: str = "a.choice") -> None:
        """Press the first row of a list."""
        self.tap(self.page.locator(rows).first)
        self.settle()

    def buttons(self) -> list[str]:
        """Everything that can be pressed."""
        return [" ".join(words.split()) for words in self.page.locator("a, button").all_inner_texts()]

    def sees(self, *words: str, seconds: float = PATIENCE) -> None:
        """The page comes to show all these words."""
        until = time.monotonic() + seconds
        while not all(word in self.text for word in words):
            missing = [word for word in words if word not in self.text]
            assert time.monotonic() < until, f"{missing} not on {self.path}: {self.text}"
            self.tab.wait_for_timeout(30)

    sees_soon = sees

    def no_longer_sees(self, words: str, seconds: float = PATIENCE) -> None:
        """The page comes to show these words no more."""
        self.waits_for(lambda: words not in self.text, seconds)

    def waits_for(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Let the window live on until something holds."""
        until = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < until, f"waited {seconds} s on {self.path}: {self.text}"
            self.tab.wait_for_timeout(30)

    def does_not_see(self, *words: str) -> None:
        """The page shows none of these words, and does not hold them unseen either."""
        self.settle()
        held = self.tab.content()
        for word in words:
            assert word not in held, f"{word!r} is in {self.path}"

    def picture(self, path: Path) -> None:
        """A screenshot."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.tab.screenshot(path=path)


class BrowserScreen(BrowserFace):
    """The touchscreen of a hall: the window, the slot and the sensor before it.

    It is paired as the shell pairs it: by the one-time key of the machine's file. ``key=False``: a stranger's window.
    """

    def __init__(self, hall: LiveHall, context: BrowserContext, *, key: bool = True) -> None:
        super().__init__(context, hall.settings.faces.resident)
        self.hall = hall
        if key:
            self.visit(f"/?key={(hall.settings.folder / 'secrets' / 'pairing-key').read_text()}")

    def insert_card(self, special: str | CardHolder, *, settle: bool = True) -> CardHolder:
        """Put in the card of a person (by name or by what is special), and wait for the screen to follow."""
        holder = special if isinstance(special, CardHolder) else self.hall.person(special)
        self.hall.insert(holder)
        if settle:
            self.follow()
        return holder

    def remove_card(self) -> None:
        """Pull the card, and wait for the screen to follow."""
        self.hall.remove()
        self.follow()

    @property
    def showing(self) -> str:
        """The word of the state this window shows, without what it says of devices."""
        return self.tab.evaluate("() => document.querySelector('#page')?.dataset.showing ?? ''").partition("~")[0]

    def follow(self, seconds: float = PATIENCE) -> None:
        """Wait until the window shows the truth, and nothing is being read any more."""
        until = time.monotonic() + seconds
        while self.showing != self.hall.machine.desk.state.showing or self._reading():
            state = self.hall.machine.desk.state
            assert time.monotonic() < until, f"the screen shows {self.showing} {self.path}, the desk {state}"
            self.tab.wait_for_timeout(20)
        self.settle()

    def _reading(self) -> bool:
        return isinstance(self.hall.machine.desk.state, ReadingCard)

    def enter_pin(self, pin: str) -> None:
        """Press the keys of the pad, and 确定."""
        for digit in pin:
            self.tap(self.page.locator(f"[data-digit='{digit}']"))
        self.tap(self.page.locator("[data-send]"))
        self.settle()

    def place_finger(self, holder: CardHolder, finger: str = "right_index") -> None:
        """Put one of somebody's enrolled fingers on the sensor."""
        sensor = self.hall.machine.devices.simulators.fingerprint
        assert sensor is not None, "this hall has a real sensor"
        sensor.sensor.place_finger(self.hall.fingers(holder)[finger])

    def lift_finger(self) -> None:
        """Take the finger away."""
        sensor = self.hall.machine.devices.simulators.fingerprint
        assert sensor is not None, "this hall has a real sensor"
        sensor.sensor.lift_finger()


class BrowserStaff(BrowserFace):
    """The staff face in a clerk's browser."""

    def __init__(self, hall: LiveHall, context: BrowserContext) -> None:
        super().__init__(context, hall.settings.faces.staff)
        self.touch = False
        self.visit("/")

    def settle(self) -> None:
        """Plain pages: loaded is done."""
        self.tab.wait_for_load_state("load")

    def sign_in(self, account: str, password: str) -> None:
        """Sign in."""
        self.visit("/sign-in")
        self.press("登录", account=account, password=password)


class BrowserWall(BrowserFace):
    """The screen on the wall."""

    def __init__(self, hall: LiveHall, context: BrowserContext) -> None:
        super().__init__(context, hall.settings.faces.display)
        self.visit("/")
