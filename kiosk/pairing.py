"""The kiosk's own window: paired by a key out of a 0600 file, known by a cookie after. Loopback is no login."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import time
from pathlib import Path

from flask import session

from kiosk.errors import StoreUnusable
from kiosk.journal import Happening, Journal
from kiosk.machine import machine
from kiosk.store import Store

QUIET_SECONDS = 0.25
NOTE = "window"


class Pairing:
    """Who is the window. In development the first visit after a start pairs; in production only the one-time key.

    ``key_file`` holds the next one-time key; the shell reads it and opens ``/?key=…``. Each use makes a new key.
    """

    def __init__(self, store: Store, journal: Journal, key_file: Path, *, first_visit: bool) -> None:
        self._store = store
        self._journal = journal
        self._key_file = key_file
        self._first_visit = first_visit
        self._lock = threading.Lock()
        self._key = self._fresh_key()
        self._known = store.recall(NOTE)

    def _fresh_key(self) -> str:
        key = secrets.token_urlsafe(24)
        try:
            self._key_file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(key)
        except OSError as error:
            raise StoreUnusable(f"{self._key_file}: {error.strerror}") from error
        return key

    def knows(self, window: str) -> bool:
        """True for the paired window."""
        known = self._known
        right = bool(window) and bool(known) and secrets.compare_digest(known, _hash(window))
        if right:
            self._first_visit = False
        return right

    def pair(self, key: str) -> str | None:
        """Pair the visitor; the new window's secret, or None where the key is wrong and this is no first visit."""
        with self._lock:
            by_key = bool(key) and secrets.compare_digest(key.encode(), self._key.encode())
            if not (by_key or self._first_visit):
                return None
            self._first_visit = False
            if by_key:
                self._key = self._fresh_key()
            window = secrets.token_urlsafe(24)
            self._known = _hash(window)
            self._store.remember(NOTE, self._known)
        self._journal.write(Happening.SCREEN_PAIRED, by="key" if by_key else "first visit")
        return window


def _hash(window: str) -> str:
    return hashlib.sha256(window.encode()).hexdigest()


def claim() -> None:
    """Take the session for this window; its cookie and its forms are new ones. A clerk at the counter stays.

    The secret of the forms follows from the session: of two answers under way at once either may set the cookie last.
    """
    token = machine().desk.claim(session["window"])
    if session.get("token") != token:
        kept = {name: session[name] for name in ("window", "clerk", "served") if name in session}
        session.clear()
        session.permanent = True
        session.update(kept, token=token, csrf_token=_hash(f"forms of {token}"))


class Traffic:
    """Whether the window itself is asking for a page right now: then the parked request lets it have its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._left = 0.0

    def enter(self) -> None:
        """A page is being made."""
        with self._lock:
            self._inside += 1

    def leave(self) -> None:
        """It is on its way."""
        with self._lock:
            self._inside -= 1
            self._left = time.monotonic()

    def quiet(self) -> bool:
        """True when the browser had time to show what it asked for."""
        with self._lock:
            return self._inside == 0 and time.monotonic() - self._left > QUIET_SECONDS
