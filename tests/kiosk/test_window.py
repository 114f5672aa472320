"""The screen's own lock: only the kiosk's window is served. Loopback is no login."""

import os
import re
import stat

import pytest

from devices import KINDS
from kiosk.app import create_resident_app
from kiosk.pairing import Pairing
from kiosk.web import HEADERS
from tests.screen import Face, Screen

PORT = re.compile(r":\d+$")


class Browser(Face):
    """A browser that has no cookie of ours."""

    def __init__(self, hall, app=None):
        super().__init__(app or hall.resident_app, hall.settings.faces.resident)


def locked(hall):
    """The resident face as in production: no first visit pairs."""
    app = create_resident_app(hall.machine)
    app.extensions["pairing"] = Pairing(
        hall.machine.store, hall.machine.journal, hall.folder / "secrets" / "pairing-key", first_visit=False
    )
    return app


def key_of(hall):
    return (hall.folder / "secrets" / "pairing-key").read_text(encoding="ascii")


def test_the_first_window_is_paired_and_a_second_browser_is_refused(hall, screen):
    second = Browser(hall)
    second.visit("/")
    assert second.status == 403
    second.sees("这个页面只在自助机屏幕上使用", "K-502")
    screen.visit("/")
    assert screen.status == 200


@pytest.mark.parametrize(
    "path", ["/", "/desk?showing=vacant", "/reading", "/pin", "/help", "/services/job_board/", "/nowhere"]
)
def test_a_second_browser_reaches_nothing_and_learns_no_name(hall, screen, path):
    screen.insert_card("李伟")
    second = Browser(hall)
    second.visit(path)
    assert second.status == 403
    second.does_not_see("李")


def test_a_second_browser_cannot_act_either(hall, screen):
    screen.insert_card("李伟")
    answer = Browser(hall).client.post("/leave", base_url=screen.base)
    assert answer.status_code in (400, 403)
    screen.visit("/")
    screen.sees("李*")


def test_what_needs_no_window_is_health_and_looks(hall, screen):
    second = Browser(hall)
    for path in ("/health", "/site.css", "/static/kiosk.css"):
        second.visit(path)
        assert second.status == 200


class TestProduction:
    """Pairing by the one-time key alone."""

    def test_without_the_key_nobody_is_paired(self, hall):
        browser = Browser(hall, locked(hall))
        for path in ("/", "/?key=", "/?key=wrong", "/?key=密钥", "/help?key=" + key_of(hall)):
            browser.visit(path)
            assert browser.status == 403, path

    def test_the_key_lies_in_a_file_that_only_its_owner_reads(self, hall):
        locked(hall)
        if os.name != "posix":
            pytest.skip("file modes are of POSIX")
        assert stat.S_IMODE((hall.folder / "secrets" / "pairing-key").stat().st_mode) == 0o600

    def test_the_key_pairs_once_and_is_replaced(self, hall):
        app = locked(hall)
        first, second = Browser(hall, app), Browser(hall, app)
        key = key_of(hall)
        first.visit(f"/?key={key}")
        assert first.status == 200
        assert "key" not in first.path
        assert key_of(hall) != key
        second.visit(f"/?key={key}")
        assert second.status == 403
        first.visit("/")
        assert first.status == 200

    def test_a_new_key_pairs_a_new_window_and_the_old_cookie_is_worth_nothing(self, hall):
        app = locked(hall)
        old, new = Browser(hall, app), Browser(hall, app)
        old.visit(f"/?key={key_of(hall)}")
        new.visit(f"/?key={key_of(hall)}")
        assert new.status == 200
        old.visit("/")
        assert old.status == 403

    def test_the_window_that_comes_back_with_a_used_key_is_still_the_window(self, hall):
        browser = Browser(hall, locked(hall))
        key = key_of(hall)
        browser.visit(f"/?key={key}")
        browser.visit(f"/?key={key}")
        assert browser.status == 200

    def test_each_start_makes_a_new_key_and_keeps_the_window(self, hall):
        app = locked(hall)
        browser = Browser(hall, app)
        browser.visit(f"/?key={key_of(hall)}")
        before = key_of(hall)
        hall.restart()
        again = locked(hall)
        assert key_of(hall) != before
        later = Browser(hall, again)
        later.client = again.test_client()
        cookie = browser.client.get_cookie("resident", domain="127.0.0.1")
        later.client.set_cookie("resident", cookie.value, domain="127.0.0.1")
        later.visit("/")
        assert later.status == 200

    def test_pairing_is_journalled_without_the_key(self, hall):
        browser = Browser(hall, locked(hall))
        key = key_of(hall)
        browser.visit(f"/?key={key}")
        texts = "".join(entry.text for entry in hall.machine.journal.entries())
        assert '"by": "key"' in texts
        assert key not in texts


def test_the_cookie_is_bound_to_the_window_and_hidden_from_scripts(hall, screen):
    cookie = screen.client.get_cookie("resident", domain="127.0.0.1")
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert cookie.expires is not None


def test_the_cookie_still_lasts_after_somebody_was_served(screen):
    screen.insert_card("李伟")
    screen.remove_card()
    assert screen.client.get_cookie("resident", domain="127.0.0.1").expires is not None


FACES = ["resident", "staff", "display"]


def client_of(hall, face):
    return getattr(hall, f"{face}_app").test_client(), f"http://{getattr(hall.settings.faces, face)}"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1:1", "localhost", "127.0.0.1.evil.example"]
)
def test_a_foreign_host_gets_400(hall, face, host):
    client, base = client_of(hall, face)
    for path in ("/", "/health", "/static/kiosk.css", "/nowhere"):
        assert client.get(path, base_url=base, headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("face", FACES)
def test_localhost_is_the_same_machine(hall, face):
    client, base = client_of(hall, face)
    assert client.get("/health", base_url=f"http://localhost{PORT.search(base)[0]}").status_code == 200


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://[", "", "file://"])
def test_a_foreign_origin_gets_403(hall, face, origin):
    client, base = client_of(hall, face)
    for path in ("/", "/health"):
        assert client.get(path, base_url=base, headers={"Origin": origin}).status_code == 403
        assert client.post(path, base_url=base, headers={"Origin": origin}).status_code == 403
    assert client.get("/health", base_url=base, headers={"Origin": base}).status_code == 200


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_request_that_another_site_made_gets_403(hall, face, site):
    client, base = client_of(hall, face)
    assert client.get("/health", base_url=base, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get("/health", base_url=base, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_each_face_has_a_cookie_name_and_a_secret_of_its_own(hall):
    apps = [hall.resident_app, hall.staff_app, hall.display_app]
    assert [app.config["SESSION_COOKIE_NAME"] for app in apps] == FACES
    assert len({app.config["SECRET_KEY"] for app in apps}) == 3


def test_the_cookie_of_one_face_is_worth_nothing_at_another(hall, screen, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    resident = screen.client.get_cookie("resident", domain="127.0.0.1").value
    clerk = staff.client.get_cookie("staff", domain="127.0.0.1").value
    stranger = Browser(hall)
    for name, value in (("resident", clerk), ("staff", clerk), ("dock", clerk)):
        stranger.client.set_cookie(name, value, domain="127.0.0.1")
    stranger.visit("/")
    assert stranger.status == 403
    outsider = Face(hall.staff_app, hall.settings.faces.staff)
    for name, value in (("staff", resident), ("resident", resident)):
        outsider.client.set_cookie(name, value, domain="127.0.0.1")
    outsider.visit("/")
    assert outsider.path == "/sign-in"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/health", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("DELETE", "/health", {}, 404),
        ("GET", "/health", {"Host": "evil.example"}, 400),
        ("GET", "/health", {"Origin": "http://evil.example"}, 403),
        ("GET", "/site.css", {}, 200),
    ],
)
def test_every_answer_of_every_face_carries_the_strict_headers(hall, face, method, path, headers, status):  # noqa: PLR0917  a table
    client, base = client_of(hall, face)
    if face == "resident":
        client.get("/", base_url=base)
    answer = client.open(path, method=method, base_url=base, headers=headers)
    assert answer.status_code in (status, 405 if status == 404 else status)
    assert answer.headers["Cache-Control"] == "no-store"
    for name, value in HEADERS:
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_unknown_service_is_a_polite_page(screen):
    for path in ("/services/nowhere/", "/services/../secrets", "/static/../kiosk/app.py", "/static/%2e%2e/run.py"):
        screen.visit(path)
        assert screen.status == 404, path
    screen.sees("没有这一页", "K-505", "请返回首页")


def test_a_posted_form_without_its_token_does_nothing_and_says_so(hall, screen):
    screen.insert_card("李伟")
    for action in ("/leave", "/modes", "/pin", "/desk/touch"):
        screen._shown(screen.client.post(action, data={"pin": "135790"}, base_url=screen.base), action)
        assert screen.status == 400
        screen.sees("没有办成任何事", "K-504")
    screen.visit("/")
    screen.sees("李*")
    assert hall.reader.card.tries_left == 3


def test_a_megabyte_of_words_is_survived(hall, screen):
    screen.visit("/?words=" + "字" * 350_000)
    assert screen.status == 414
    screen.sees("K-506", "叫工作人员")
    answer = screen.client.post("/leave", data={"words": "x" * (1024 * 1024 + 1)}, base_url=screen.base)
    assert answer.status_code == 413
    assert answer.headers["Cache-Control"] == "no-store"
    assert "K-506" in answer.get_data(as_text=True)


def test_health_says_what_it_promises_on_every_face(hall):
    for face in FACES:
        client, base = client_of(hall, face)
        told = client.get("/health", base_url=base).json
        parts = {"devices", "county", "outbox", "voice", "handwriting"}
        keys = {"version", "mode", "held"} | parts | ({"desk", "window"} if face == "resident" else set())
        assert set(told) == keys
        assert set(told["devices"]) == set(KINDS)


def test_a_defect_is_a_page_with_a_code_and_tells_nothing_inside(open_hall):
    hall = open_hall()
    hall.resident_app.add_url_rule("/broken", view_func=lambda: 1 / 0, endpoint="broken")
    screen = Screen(hall)
    screen.visit("/broken")
    assert screen.status == 500
    screen.sees("K-901", "没有办成任何事")
    screen.does_not_see("division", "Traceback")
