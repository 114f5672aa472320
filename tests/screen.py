"""What people do at a face, in the hall's words, on the Flask client. tests/browser has the same verbs in Chromium."""

from __future__ import annotations

import re
import time
from urllib.parse import urljoin, urlsplit

from flask import Flask

from contract.development import town_code
from devices.card.people import CardHolder
from kiosk.states import ReadingCard, State
from kiosk.watched import word_now
from tests.hall import Hall
from tests.page import Form, Page

PATIENCE = 25.0


class Face:
    """A browser window at one face: it shows one page, follows links, sends forms."""

    def __init__(self, app: Flask, address: str) -> None:
        self.client = app.test_client()
        self.base = f"http://{address}"
        self.page = Page("")
        self.path = "/"
        self.status = 0

    def visit(self, path: str) -> Page:
        """Go to an address."""
        return self._shown(self.client.get(path, base_url=self.base), path)

    def send(self, action: str, **fields: str) -> Page:
        """Send a form by its address, with the present page's CSRF token."""
        token = next((form.fields["csrf_token"] for form in self.page.forms if "csrf_token" in form.fields), "")
        token = token or next(iter(re.findall(r'csrf[-_]token" (?:content|value)="([^"]+)"', self.page.html)), "")
        answer = self.client.post(action, data={"csrf_token": token} | fields, base_url=self.base)
        return self._shown(answer, action)

    def _shown(self, answer, path: str) -> Page:
        for _ in range(6):
            if answer.status_code not in (301, 302, 303):
                break
            path = urljoin(path, answer.headers["Location"])
            parts = urlsplit(path)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = self.client.get(path, base_url=self.base)
        self.status, self.path = answer.status_code, path
        if answer.mimetype == "text/html" and answer.get_data():
            self.page = Page(answer.get_data(as_text=True))
            assert self.page.promises() == [], f"{path}: {self.page.promises()}"
        return self.page

    def press(self, words: str, **fields: str) -> Page:
        """Press the link or button that carries ``words``; ``fields`` are filled in before."""
        for link in self.page.links:
            if words in link.words and not fields:
                return self.visit(urljoin(self.path, link.href))
        for form in self.page.forms:
            for button, name, value in form.buttons:
                if words in button:
                    return self._submit(form, fields | ({name: value} if name else {}))
        raise AssertionError(f"no {words!r} on {self.path}: {self.buttons()}")

    def _submit(self, form: Form, fields: dict[str, str]) -> Page:
        action = urljoin(self.path, form.action)
        if form.method == "post":
            answer = self.client.post(action, data=form.fields | fields, base_url=self.base)
        else:
            answer = self.client.get(action, query_string=form.fields | fields, base_url=self.base)
            action = answer.request.full_path
        return self._shown(answer, action)

    def buttons(self) -> list[str]:
        """Everything that can be pressed."""
        pressed = [words for form in self.page.forms for words, _, _ in form.buttons]
        return [link.words for link in self.page.links] + pressed

    def sees(self, *words: str) -> None:
        """The page shows all these words."""
        for word in words:
            assert word in self.page.text, f"{word!r} is not on {self.path}: {self.page.text}"

    def does_not_see(self, *words: str) -> None:
        """The page shows none of these words."""
        for word in words:
            assert word not in self.page.text, f"{word!r} is on {self.path}"


class Screen(Face):
    """The touchscreen of a hall: the window, the slot and the sensor before it."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.resident_app, hall.settings.faces.resident)
        self.hall = hall
        self.visit("/")

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

    def lay_id_card(self, special: str | CardHolder) -> CardHolder:
        """Lay the ID card of a person on its reader, and wait for the screen to follow."""
        holder = special if isinstance(special, CardHolder) else self.hall.person(special)
        self.hall.lay_id_card(holder)
        self.follow()
        return holder

    def lift_id_card(self) -> None:
        """Take it off; whether the screen follows is up to the reader."""
        self.hall.id_reader.lift()

    def show_code(self, special: str | CardHolder, turn: int = 1) -> CardHolder:
        """Hold the code of a person's electronic card before the scanner, and wait for the screen to follow."""
        holder = special if isinstance(special, CardHolder) else self.hall.person(special)
        self.hall.show_code(town_code(holder.card.identification, turn))
        self.follow()
        return holder

    def follow(self, seconds: float = PATIENCE) -> None:
        """What the parked request does: while the window shows something else than the truth, go where it belongs."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            state = self.hall.machine.desk.state
            if not self._is_true(state):
                self._ask_parked()
            elif not isinstance(state, ReadingCard):
                return
            time.sleep(0.01)
        raise AssertionError(f"the screen still shows {self.path}, the desk {self.hall.machine.desk.state}")

    def _is_true(self, state: State) -> bool:
        """The page shows what the desk shows, and what it says of devices holds."""
        showing = self.page.attributes.get("data-showing", "")
        with self.hall.resident_app.app_context():
            return word_now(state.showing, showing) == showing

    def _ask_parked(self) -> None:
        showing = self.page.attributes.get("data-showing", "")
        answer = self.client.get("/desk", query_string={"showing": showing}, base_url=self.base)
        if answer.status_code == 200 and answer.json["go"]:
            self.visit(answer.json["go"])

    def sees_soon(self, *words: str, seconds: float = PATIENCE) -> None:
        """The page comes to show all these words while the screen follows the desk."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not all(word in self.page.text for word in words):
            if not self._is_true(self.hall.machine.desk.state):
                self._ask_parked()
            time.sleep(0.02)
        self.sees(*words)

    def enter_pin(self, pin: str) -> Page:
        """Type a PIN on the pad."""
        form = next(form for form in self.page.forms if form.action.startswith("/pin"))
        return self._submit(form, {"pin": pin})

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


class StaffScreen(Face):
    """The staff face in a clerk's browser."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.staff_app, hall.settings.faces.staff)
        self.hall = hall
        self.visit("/")

    def sign_in(self, account: str, password: str) -> Page:
        """Sign in."""
        self.visit("/sign-in")
        return self.press("登录", account=account, password=password)


class Wall(Face):
    """The screen on the wall."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.display_app, hall.settings.faces.display)
        self.hall = hall
        self.visit("/")
