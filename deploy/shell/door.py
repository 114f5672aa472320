"""The door before the kiosk: what is seen of the program, and where the browser is sent. Standard library only."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

HERE = Path(__file__).resolve().parent
ASK_SECONDS = 5.0


@dataclass(frozen=True)
class Seen:
    """What the kiosk said of itself. ``answers``: its program serves; ``quiet``: seconds since its window asked."""

    answers: bool
    vacant: bool = False
    quiet: float | None = None


def look(address: str) -> Seen:
    """Ask the kiosk how it is. One that has no thread for a page does not answer: nobody could use it."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/health", timeout=ASK_SECONDS) as answer:
            told = json.load(answer)
            moves = float(told.get("held", 0)) < ASK_SECONDS
            return Seen(answers=moves, vacant=told.get("desk") == "vacant", quiet=told.get("window"))
    except (OSError, ValueError, HTTPException):
        return Seen(answers=False)


def stands(address: str) -> bool:
    """True where a kiosk answers at all, be it that it cannot serve (its own page says why)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"{address}/health", timeout=ASK_SECONDS).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, HTTPException):
        return False
    return True


ESTABLISHED = "01"


def owner_of(port: int, to: int, table: Path = Path("/proc/net/tcp")) -> int | None:
    """The user whose program holds the connection on loopback from ``port`` to port ``to``; None where none is found.

    A port may be of several connections, and one that was closed belongs to nobody (the table says 0).
    """
    wanted = [f"0100007F:{port:04X}", f"0100007F:{to:04X}", ESTABLISHED]
    for line in table.read_text(encoding="ascii").splitlines()[1:]:
        words = line.split()
        if words[1:4] == wanted:
            return int(words[7])
    return None


class Door(ThreadingHTTPServer):
    """Where the browser begins: sent on to the kiosk with the one-time key, or shown the notice."""

    daemon_threads = True

    def __init__(self, listen: str, kiosk: str, key: Path) -> None:
        host, _, port = listen.rpartition(":")
        super().__init__((host, int(port)), Visitor)
        self.kiosk = kiosk
        self.key_file = key
        self.shows = ""

    def way(self, port: int) -> str:
        """Where the visitor is sent; "" for the notice. Only the first one, and only a program of our own user."""
        if self.shows or owner_of(port, self.server_port) != os.getuid():
            return ""
        self.shows = "notice"
        if not look(self.kiosk).answers:
            return f"{self.kiosk}/" if stands(self.kiosk) else ""
        try:
            key = self.key_file.read_text(encoding="ascii").strip()
        except OSError as error:
            say(f"no pairing key: {error}")
            return ""
        self.shows = "kiosk"
        return f"{self.kiosk}/?key={key}"


class Visitor(BaseHTTPRequestHandler):
    """One request of the browser; anything but the page and its style is not there."""

    def do_GET(self) -> None:
        """The page, its style, or nothing."""
        if self.path == "/notice.css":
            return self._file("notice.css", "text/css")
        if self.path != "/":
            return self.send_error(404)
        way = cast("Door", self.server).way(self.client_address[1])
        if not way:
            return self._file("notice.html", "text/html; charset=utf-8")
        self.send_response(303)
        self.send_header("Location", way)
        self.send_header("Cache-Control", "no-store")
        return self.end_headers()

    def _file(self, name: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.end_headers()
        self.wfile.write((HERE / name).read_bytes())

    def log_message(self, *_: object) -> None:
        """Write nothing: the key passes here."""


def say(words: str) -> None:
    """A line for the journal of the system."""
    print(f"shell: {words}", file=sys.stderr, flush=True)  # noqa: T201 - it speaks to the journal
