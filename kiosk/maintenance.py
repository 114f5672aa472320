"""What a machine shows whose store cannot be used: words on every face, and nothing else. No broken file is touched."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request

from kiosk.errors import StoreUnusable
from kiosk.settings import FacesSection
from kiosk.web import FaceFlask

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent


def create_maintenance_app(error: StoreUnusable) -> Flask:
    """Answers every address with 503 and the words of ``error``; ``/health`` says that the store is unusable."""
    app = FaceFlask("maintenance", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))

    @app.before_request
    def say_so() -> Response | None:
        if request.endpoint == "static":
            return None
        if request.path == "/health":
            return make_response(jsonify({"store": "unusable", "code": error.code}), error.status)
        return make_response(render_template("maintenance.html", error=error), error.status)

    return app


class MaintenanceFaces:
    """The faces of a machine in maintenance. ``make_server``: (address, app) → a server with run() and close()."""

    def __init__(self, faces: FacesSection, error: StoreUnusable, make_server: Any) -> None:
        app = create_maintenance_app(error)
        self._servers = [make_server(address, app) for address in (faces.resident, faces.staff, faces.display)]

    def wait(self, ended: threading.Event) -> None:
        """Serve until somebody ends it."""
        for server in self._servers:
            threading.Thread(target=server.run, daemon=True).start()
        log.error("the store cannot be used: every face says so until it is mended and the program started again")
        while not ended.wait(3600):
            pass
        for server in self._servers:
            server.close()
