"""The hub as a Flask application: its addresses, its limits, and one place that says no."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from contract.message import AS_OF_HEADER
from contract.problems import CONTENT_TYPE, Problem, ProblemType
from county.databases import cannot_serve_now
from county.hub import EXTENSION, Hub, hub
from county.proof import prove_asker
from county.refusals import Refused
from county.routes import (
    card_authentications,
    display_items,
    feed,
    kiosks,
    pictures,
    postings,
    pulse,
    residents,
    sittings,
    staff,
    staff_kiosks,
    staff_work,
    submissions,
    told_by_kiosks,
    verify,
)
from county.settings import Stage
from county.trust.plain import check_address

BODY_LIMIT = 256 * 1024
PICTURE_LIMIT = 6 * 1024 * 1024
TRUSTED_HOSTS = ["127.0.0.1", "localhost"]
SUBJECTS = (
    pulse, kiosks, feed, postings, card_authentications, sittings,
    residents, submissions, staff, display_items, pictures, staff_kiosks, staff_work, told_by_kiosks,
    verify,
)  # fmt: skip
REASONS = {404: ProblemType.NOT_FOUND, 413: ProblemType.TOO_LARGE}

_log = logging.getLogger(__name__)


def create_app(hub: Hub) -> Flask:
    """The application of one hub; ``hub`` stays the caller's to close."""
    app = Flask("county", static_folder=None, template_folder=None)
    app.debug = False  # whatever FLASK_DEBUG says
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, TRUSTED_HOSTS=TRUSTED_HOSTS)
    app.extensions[EXTENSION] = hub
    for subject in SUBJECTS:
        app.register_blueprint(subject.routes)
    if hub.settings.stage is Stage.DEVELOPMENT:
        from county.routes import development  # noqa: PLC0415 - does not exist in production

        app.register_blueprint(development.routes)
    app.before_request(_limit_body)
    app.before_request(_refuse_odd)
    app.before_request(prove_asker)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _not_served)
    for unserved in (OperationalError, hub.store.engine.dialect.loaded_dbapi.OperationalError):
        app.register_error_handler(unserved, _not_now)
    app.register_error_handler(Exception, _failed)
    return app


def _limit_body() -> None:
    if request.endpoint == "pictures.keep":
        request.max_content_length = PICTURE_LIMIT


def _refuse_odd() -> None:
    """Nothing comes packed (a small body that unpacks to a huge one), and no address holds a NUL."""
    check_address(request.path, request.query_string)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(ProblemType.MALFORMED, "bodies are sent as they are, not packed", 415)


def _refused(refusal: Refused) -> Response:
    return _answer(refusal.problem())


def _not_served(error: HTTPException) -> Response:
    status = error.code or 500
    reason = REASONS.get(status, ProblemType.MALFORMED)
    return _answer(Problem(type=reason, title=reason.value.replace("-", " "), status=status))


def _not_now(error: Exception) -> Response:
    """The database is held for long (an import into a SQLite file), or gone: nothing was kept, a later try may be."""
    if not cannot_serve_now(error):
        return _failed(error)
    _log.warning("answering %s: the database cannot serve now: %s", request.url_rule, error)
    return _answer(Refused(ProblemType.BACKEND_UNAVAILABLE, "the database cannot serve now").problem())


def _failed(error: Exception) -> Response:
    """The last handler: the log learns everything, the asker nothing."""
    _log.error("answering %s failed", request.url_rule, exc_info=error)
    return _answer(Refused(ProblemType.INTERNAL).problem())


def _answer(problem: Problem) -> Response:
    reply = Response(problem.model_dump_json(), problem.status, content_type=CONTENT_TYPE)
    if problem.type is ProblemType.CLOCK_WRONG:
        reply.headers[AS_OF_HEADER] = hub().clock.now().isoformat()
    reply.headers["Cache-Control"] = "no-store"
    return reply
