"""What every face has in common: cookies of its own, headers, who may ask, errors as pages, ``/health``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, RequestURITooLarge

from kiosk.errors import FormOutdated, KioskError, NoSuchPage, ProgramDefect, RequestRefused, StrangerRefused
from kiosk.failure_book import failure_qr
from kiosk.lanes import Lanes
from kiosk.languages import in_chinese
from kiosk.machine import Machine
from kiosk.phrases import weekday_phrase
from kiosk.web import CompiledTemplates, FaceFlask, FormToken

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent
NOT_FOUND = (404, 405)
LONGEST_ADDRESS = 8 * 1024


def make_face(machine: Machine, name: str, address: str, *, cookie: str = "") -> Flask:
    """A Flask app with everything a face must do; routes come after. ``cookie``: its session cookie's name."""
    app = FaceFlask(name, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    compiled = CompiledTemplates(machine.settings.folder / "compiled-templates")
    app.jinja_options = {"bytecode_cache": compiled, **app.jinja_options}
    app.debug = False  # whatever FLASK_DEBUG says
    app.config.update(
        SECRET_KEY=machine.secret(f"cookie-{name}"),
        SESSION_COOKIE_NAME=cookie or name,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    app.extensions["machine"] = machine
    app.extensions["hosts"] = hosts_of(address, machine.settings.faces.proxy_hosts)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["words"] = machine.county.code_words.of
    app.jinja_env.filters["weekday"] = weekday_phrase
    app.jinja_env.globals["_"] = in_chinese
    app.jinja_env.globals["failure_qr"] = failure_qr(lambda: machine.place.versions)
    app.before_request(refuse_strangers)
    CSRFProtect(app)
    token = FormToken()  # stands where the extension put its own: among the globals, and in every context
    app.extensions["form_token"] = app.jinja_env.globals["csrf_token"] = token
    app.context_processor(lambda: {"csrf_token": token})
    app.add_url_rule("/health", view_func=health_view(machine, name), endpoint="health")
    return app


def hosts_of(address: str, proxy_hosts: tuple[str, ...]) -> frozenset[str]:
    """The Host headers a face answers to."""
    port = address.rpartition(":")[2]
    return frozenset({address, f"127.0.0.1:{port}", f"localhost:{port}", *proxy_hosts})


def refuse_strangers() -> None:
    """A foreign Host gets 400; a foreign Origin or Sec-Fetch-Site 403: loopback is not a login. Too long gets 414."""
    if len(request.environ.get("PATH_INFO", "")) + len(request.query_string) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    if request.host not in current_app.extensions["hosts"]:
        raise RequestRefused(f"host {request.host!r}")
    origin = request.headers.get("Origin")
    if origin is not None and host_in(origin) not in current_app.extensions["hosts"]:
        raise StrangerRefused(f"origin {origin!r}")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise StrangerRefused("a cross-site request")


def host_in(origin: str) -> str:
    """The host and port an Origin names; empty where it names none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def health_view(machine: Machine, face: str) -> Callable[[], Response]:
    """``GET /health``, with the seconds for which every thread of this face's pages has been held.

    The resident face also says what the desk does, and how many seconds its window was quiet.
    """

    def health() -> Response:
        lanes = current_app.extensions.get("lanes")
        told = machine.health() | {"held": round(lanes.held(), 1) if isinstance(lanes, Lanes) else 0.0}
        if face == "resident":
            told |= {"desk": machine.desk.state.name, "window": machine.panel.quiet_for}
        return jsonify(told)

    return health


def errors_as(app: Flask, template: str, values: Callable[[], dict[str, Any]]) -> None:
    """Show every failure as a page with code, words and one next step; unknown ones as a defect, logged."""

    def page(error: KioskError, status: int) -> ResponseReturnValue:
        return make_response(render_template(template, error=error, **values()), status)

    def of_kiosk(error: KioskError) -> ResponseReturnValue:
        log.info("%s %s: %s", error.code, type(error).__name__, error)
        return page(error, error.status)

    def of_http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        own = NoSuchPage(str(status)) if status in NOT_FOUND else RequestRefused(str(status))
        return page(own, status)

    def of_csrf(error: CSRFError) -> ResponseReturnValue:
        return page(FormOutdated(str(error)), FormOutdated.status)

    def of_defect(error: Exception) -> ResponseReturnValue:
        log.error("a defect", exc_info=error)
        return page(ProgramDefect(type(error).__name__), ProgramDefect.status)

    app.register_error_handler(KioskError, of_kiosk)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(CSRFError, of_csrf)
    app.register_error_handler(Exception, of_defect)
