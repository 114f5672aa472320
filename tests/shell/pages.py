"""A kiosk of a few lines that does what ours never would: pages that try to get out, and tell how they are."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.shell.ways import Act

ROOT = Path(__file__).resolve().parents[2]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
PAGE = """<!doctype html><meta charset="utf-8"><title>ways</title><style>
html, body, a, p, img, form {{ display: block; width: 100%; height: 100%; margin: 0; border: 0; }}
body {{ background: #cde; font: 40px sans-serif; overflow: hidden; }}
* {{ outline: none !important; color: #000 !important; user-select: none; -webkit-tap-highlight-color: transparent; }}
</style><div class="page" style="height: 100%">{body}</div><script>
let beats = 0, wanted = location.pathname, act = () => {{ {script} }};
const beat = async () => {{
  const told = new URLSearchParams({{ at: location.pathname, title: document.title, seen: document.visibilityState,
    size: `${{innerWidth}}x${{innerHeight}}`, scale: visualViewport.scale, number: ++beats }});
  const go = await (await fetch(`/beat?${{told}}`)).text();
  if (go && go !== wanted) location.href = wanted = go;
}};
setInterval(beat, 60);
if (String(act).length > 12) document.addEventListener("click", () => act());
</script>{guard}"""
FILES: dict[str, tuple[bytes, str, dict[str, str]]] = {
    "/shell.js": ((ROOT / "static" / "shell.js").read_bytes(), "text/javascript", {}),
    "/health": (json.dumps({"desk": "vacant", "window": 0}).encode(), "application/json", {}),
    "/picture.png": (PIXEL, "image/png", {}),
    "/file.bin": (b"x" * 1000, "application/octet-stream", {"Content-Disposition": "attachment"}),
    "/password": (b"", "text/plain", {"WWW-Authenticate": 'Basic realm="out"'}),
}
GUARD = '<script src="/shell.js"></script>'


@dataclass(frozen=True)
class Beat:
    """How the page is: which it is, whether it is seen, how large."""

    at: str
    title: str
    seen: str
    size: str
    scale: str


class Hostile(ThreadingHTTPServer):
    """Where the browser of the shell is sent. ``guarded``: with static/shell.js, as every page of the kiosk is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.sink = Sink()
        self.address = f"127.0.0.1:{self.server_port}"
        self.act = Act("again", "")
        self.go, self.guarded = "", True
        self._changed = threading.Condition()
        self._beats: list[Beat] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def show(self, act: Act, name: str) -> None:
        """From now on the browser's page is this one."""
        self.act, self.go = act, f"/attack/{name}"

    def page(self) -> str:
        """The page of now."""
        filled = [
            text.replace("SINK", self.sink.address).replace("KIOSK", self.address)
            for text in (self.act.body or "<p>here</p>", self.act.script)
        ]
        return PAGE.format(body=filled[0], script=filled[1], guard=GUARD if self.guarded else "")

    def beat(self, beat: Beat) -> str:
        """Take down one; where the page ought to be."""
        with self._changed:
            self._beats.append(beat)
            self._changed.notify_all()
        return self.go

    def next_beats(self, many: int, seconds: float) -> list[Beat]:
        """The next so many of the page that ought to be there; fewer where it is gone."""
        with self._changed:
            began = len(self._beats)

            def fresh() -> list[Beat]:
                return [beat for beat in self._beats[began:] if beat.at == self.go]

            self._changed.wait_for(lambda: len(fresh()) >= many, seconds)
            return fresh()[:many]

    def close(self) -> None:
        self.sink.close()
        self.shutdown()
        self.server_close()


class Answer(BaseHTTPRequestHandler):
    """One request."""

    server: Hostile

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self._say(*self._answer(place.path, {name: values[0] for name, values in parse_qs(place.query).items()}))

    def _answer(self, path: str, told: dict[str, str]) -> tuple[bytes, str, dict[str, str]]:
        """What is at this address: body, kind, more headers."""
        if path == "/beat":
            told.pop("number")
            return self.server.beat(Beat(**told)).encode(), "text/plain", {}
        if path in FILES:
            return FILES[path]
        return self.server.page().encode(), "text/html; charset=utf-8", {}

    do_POST = do_GET  # noqa: N815 - the name the library calls

    def _say(self, body: bytes, kind: str, more: dict[str, str]) -> None:
        self.send_response(401 if "WWW-Authenticate" in more else 200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Sink(ThreadingHTTPServer):
    """Any other place: what is asked of it is remembered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taken)
        self.address = f"127.0.0.1:{self.server_port}"
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Taken(BaseHTTPRequestHandler):
    """One request that ought not to be."""

    server: Sink

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the name the library calls

    def log_message(self, *_: object) -> None:
        """Quiet."""
