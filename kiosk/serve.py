"""The faces on their waitress servers: start, and a clean stop on Ctrl-C or a signal."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from kiosk.app import create_display_app, create_resident_app, create_staff_app
from kiosk.assembly import build_machine
from kiosk.clock import Clock
from kiosk.errors import StoreUnusable
from kiosk.lanes import Lanes
from kiosk.machine import Machine
from kiosk.maintenance import MaintenanceFaces
from kiosk.memory import settle
from kiosk.parking import PARKED_AT_MOST
from kiosk.settings import load_settings
from kiosk.uplink.county_time import CountyTime
from kiosk.uplink.identity_keys import KeyDrawer, open_keys
from kiosk.watchdog import Watchdog

log = logging.getLogger(__name__)

THREADS = 8
BODY_MARGIN = 1024 * 1024
"""How much more than a face takes its server lets in, so that the face itself says no, with a page of ours."""
SETTLED_AFTER = 2.0
"""Seconds after the start: the first pages were made, and what they needed stays."""
PARKED = {"resident": "/desk", "display": "/wall"}
"""Where the windows of a face park their requests: by threads of its own, and one more that says there are too many."""


def face_server(address: str, app: Callable[..., Any], body_limit: int, lanes: Lanes | None = None) -> Any:
    """A waitress server with the settings of every face; raises OSError that names the address."""
    try:
        return create_server(
            app, listen=address, threads=THREADS, connection_limit=64, max_request_body_size=body_limit,
            max_request_header_size=16 * 1024, channel_request_lookahead=1, asyncore_use_poll=True, ident="",
            clear_untrusted_proxy_headers=True, _dispatcher=lanes or Lanes(THREADS, {}),
        )  # fmt: skip
    except OSError as error:
        raise OSError(f"{address}: {error.strerror or error}") from error


class Faces:
    """The running servers of one machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        settings = machine.settings
        faces: list[tuple[str, Flask]] = [
            (settings.faces.resident, create_resident_app(machine)),
            (settings.faces.staff, create_staff_app(machine)),
            (settings.faces.display, create_display_app(machine)),
        ]
        self.servers = [self._server(address, app) for address, app in faces]
        self._threads = [threading.Thread(target=server.run, daemon=True) for server in self.servers]

    def _server(self, address: str, app: Flask) -> Any:
        parked = {PARKED[app.name]: PARKED_AT_MOST + 1} if app.name in PARKED else {}
        app.extensions["lanes"] = lanes = Lanes(THREADS, parked)
        return face_server(address, self._mounted(app), app.config["MAX_CONTENT_LENGTH"] + BODY_MARGIN, lanes)

    def _mounted(self, app: Flask) -> Callable[..., Any]:
        if app.name != "resident" or self.machine.settings.kiosk.stage != "development":
            return app
        from kiosk.screens.dock import create_dock_app  # noqa: PLC0415  development only

        return DispatcherMiddleware(app, {"/dock": create_dock_app(self.machine)})

    def start(self) -> None:
        """Start machine and servers."""
        self.machine.start()
        self.listen()

    def listen(self) -> None:
        """Start the servers alone, of a machine that runs already."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop machine, then servers."""
        self.machine.stop()
        for server in self.servers:
            server.close()


def fingerprint(files: list[Path], environment: Mapping[str, str]) -> str:
    """What a person compares before a county approves this kiosk; its keys are made where they are missing."""
    settings = load_settings(files, environment)
    return open_keys(settings.folder / "secrets").enrolment(settings.kiosk.name, settings.kiosk.site).fingerprint


def prepare_new_keys(files: list[Path], environment: Mapping[str, str]) -> str:
    """Make this kiosk's next pair of keys; the running program announces it at its next round. Its fingerprint."""
    settings = load_settings(files, environment)
    time = CountyTime(Clock("UTC"))
    drawer = KeyDrawer(settings.folder / "secrets", settings.kiosk.name, settings.kiosk.site, time)
    drawer.present()
    return drawer.make_upcoming().enrolment.fingerprint


def serve(files: list[Path], environment: Mapping[str, str], started: Callable[[Machine], None]) -> None:
    """Run the kiosk until a signal; raises SettingsError or OSError (address in use) before anything is served.

    Where the store cannot be used, every face says so until the signal; then StoreUnusable is raised.
    """
    settings, ended = load_settings(files, environment), threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: ended.set())
    watchdog = Watchdog(environment.get("NOTIFY_SOCKET", ""), settings.faces.resident)
    try:
        faces = Faces(build_machine(settings))
    except StoreUnusable as error:
        settle()
        watchdog.start(ended)
        MaintenanceFaces(settings.faces, error, partial(face_server, body_limit=BODY_MARGIN)).wait(ended)
        raise
    faces.start()
    watchdog.start(ended)
    with suppress(OSError):  # a terminal or log that takes no more words keeps nobody from being served
        started(faces.machine)
    try:
        if not ended.wait(SETTLED_AFTER):
            settle()
        while not ended.wait(3600):
            pass
    finally:
        faces.stop()


def announce(machine: Machine, sign_ins: list[tuple[str, str, str]]) -> str:
    """What the terminal is told: addresses, and the sign-ins of invented staff."""
    faces = machine.settings.faces
    lines = [
        "",
        f"  resident  http://{faces.resident}/",
        f"  staff     http://{faces.staff}/",
        f"  wall      http://{faces.display}/",
    ]
    if machine.settings.kiosk.stage == "development":
        lines.append(f"  dock      http://{faces.resident}/dock/   (cards, fingers, faults)")
    lines.append(f"  county    {machine.county.standing_words}, 核对码 {machine.county.key_mark}")
    lines += [f"  {name}: {account} / {password}" for name, account, password in sign_ins]
    return "\n".join([*lines, "", "  Ctrl-C ends all of it.", ""])
