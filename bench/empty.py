"""An empty Flask page on the waitress settings of the faces: what every page is measured against."""

from __future__ import annotations

import sys

from flask import Flask

from kiosk.serve import BODY_MARGIN, face_server

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
    face_server(sys.argv[1], app, BODY_MARGIN).run()
