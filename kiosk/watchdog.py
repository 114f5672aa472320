"""Tells systemd (sd_notify) that this program serves, and that it still does: asked over its own face.

``/health`` is answered by a thread of its own (kiosk/lanes.py) and says for how long all threads of the pages have been
held: a program that has none left is silent towards systemd, which starts it again.
"""

from __future__ import annotations

import json
import socket
import threading
import urllib.error
import urllib.request
from http.client import HTTPException

TELL_SECONDS = 10.0
ASK_SECONDS = 5.0
HELD_SECONDS = 30.0
"""Threads held so long are held for good: no wait of a view is that long."""


class Watchdog:
    """``socket_path``: NOTIFY_SOCKET of the environment ("" = nobody listens); ``address``: host:port of a face.

    ``held_seconds``: a face whose threads were all held so long, and none came free, is taken for dead.

    A face that answers with an error answers: a machine in maintenance is not helped by being started again.
    """

    def __init__(self, socket_path: str, address: str, held_seconds: float = HELD_SECONDS) -> None:
        self._path = f"\0{socket_path[1:]}" if socket_path.startswith("@") else socket_path
        self._health = f"http://{address}/health"
        self._held = held_seconds
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def start(self, ended: threading.Event) -> None:
        """Begin, in a thread of its own, until ``ended``."""
        if self._path:
            threading.Thread(target=self._keep_telling, args=(ended,), name="watchdog", daemon=True).start()

    def _keep_telling(self, ended: threading.Event) -> None:
        ready = False
        while not ended.wait(TELL_SECONDS if ready else 0.1):
            if self._answers():
                self._tell("WATCHDOG=1" if ready else "READY=1")
                ready = True
        self._tell("STOPPING=1")

    def _answers(self) -> bool:
        try:
            with self._opener.open(self._health, timeout=ASK_SECONDS) as answer:
                return bool(json.load(answer)["held"] < self._held)
        except urllib.error.HTTPError:
            return True
        except (OSError, HTTPException, ValueError, KeyError, TypeError):
            return False

    def _tell(self, words: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.settimeout(ASK_SECONDS)
            try:
                line.sendto(words.encode(), self._path)
            except OSError:
                return  # nobody listens: systemd decides what that means
