"""What gunicorn serves in the county's figures: the hub, the hub that asks for no signature, an empty Flask answer.

    gunicorn "bench.county_app:application('hub')"

The hub that asks for no signature exists here only, to be measured against.
"""

from __future__ import annotations

import os

from flask import Flask, g

from county import wsgi
from county.hub import EXTENSION, Hub
from county.kiosks import kiosk_of
from county.proof import Proven, prove_asker

KIOSK = "BENCH_KIOSK"
"""The key id of the kiosk that the unsigned requests stand for."""


def application(which: str) -> Flask:
    """``hub``, ``unsigned`` or ``empty``."""
    if which == "empty":
        return _empty()
    app = wsgi.open_application()
    return app if which == "hub" else _unsigned(app)


def _empty() -> Flask:
    app = Flask(__name__)

    @app.get("/health")
    def hello() -> str:
        return "hello"

    return app


def _unsigned(app: Flask) -> Flask:
    hub = app.extensions[EXTENSION]
    assert isinstance(hub, Hub)
    with hub.store.reading() as connection:
        kiosk = kiosk_of(connection, os.environ[KIOSK], hub.clock.now())
    app.before_request_funcs[None].remove(prove_asker)

    @app.before_request
    def believe() -> None:
        g.proven = Proven(kiosk)

    return app
