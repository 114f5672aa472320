"""An empty Flask page on the waitress settings of the faces: what every page is measured against."""

from __future__ import annotations

import sys

from flask import Flask
from waitress.server import create_server

from kiosk.serve import BODY_LIMIT, THREADS

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Five bytes."""
    return "hello"


@app.get("/health")
def health() -> str:
    """The town waits for this."""
    return "{}"


if __name__ == "__main__":
    create_server(
        app, listen=sys.argv[1], threads=THREADS, connection_limit=64, max_request_body_size=BODY_LIMIT,
        max_request_header_size=16 * 1024, channel_request_lookahead=1, asyncore_use_poll=True, ident="",
        clear_untrusted_proxy_headers=True,
    ).run()  # fmt: skip
