"""A county of the tests' own that says what it is told to say: late, wrong, endless or nothing at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Said:
    """One answer of the hostile county."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pieces: tuple[tuple[float, bytes], ...] = ()
    """Pauses in seconds, each with the bytes that come after it; the length is not told before."""


class OddCounty:
    """A real HTTP server on loopback. ``say(path, ...)`` tells what it answers; ``asked`` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._answers: dict[str, Callable[[], Said]] = {}
        county = self

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                county.asked.append((self.command, self.path, dict(self.headers), content))
                county.answer(self)

            do_GET = do_POST = do_DELETE = _any  # noqa: N815  names of the standard library

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.closing = threading.Event()

    def say(self, path: str, said: Said | Callable[[], Said]) -> None:
        """Answer ``path`` (its beginning) so from now on."""
        self._answers[path] = said if callable(said) else lambda: said

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request; a path nobody spoke of gets 404 without a problem."""
        found = [path for path in self._answers if handler.path.startswith(path)]
        said = self._answers[max(found, key=len)]() if found else Said(404)
        try:
            handler.send_response(said.status)
            if not said.pieces:
                handler.send_header("Content-Length", str(len(said.body)))
            for name, value in said.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(said.body)
            for pause, piece in said.pieces:
                self.closing.wait(pause)
                handler.wfile.write(piece)
                handler.wfile.flush()
        except OSError:
            handler.close_connection = True  # the kiosk hung up: that is its right

    def close(self) -> None:
        """Stop listening."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
