"""``/v1/feed`` and ``/v1/media``: everything public, by cursor; unchanged costs one number."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from flask import Blueprint, Response, request

from contract.documents import HEADER as SIGNED
from contract.documents import feed_page, feed_unchanged
from contract.message import AS_OF_HEADER
from contract.problems import ProblemType
from county import publishing
from county.asking import answer
from county.hub import hub
from county.media import is_kept, media_type
from county.refusals import Refused

routes = Blueprint("feed", __name__)

AREA = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?")
NUMBER = re.compile(r"[0-9]{1,4}")
USUAL_LIMIT, LARGEST_LIMIT = 200, 1000
YEAR_SECONDS = 31_536_000
SHARED_SECONDS = 1
"""So long a cache before the hub may answer for it: kiosks of one area that stand alike ask the same thing."""


@routes.get("/v1/feed")
def feed() -> Response:
    """Changes after ``cursor`` for ``area``, at most ``limit``; 304 with ``As-Of`` where nothing is new."""
    area, limit, county = _area(), _limit(), hub()
    newest = publishing.keep_current(county.store, county.clock.today())
    start = publishing.position_of(request.args.get("cursor", ""), area, county.epoch, newest)
    tag = _tag(start, newest, limit)
    if request.if_none_match.contains(tag):
        return _as_of(Response(status=304), tag, county.clock.now())
    return _page(area, limit)


def _page(area: str, limit: int) -> Response:
    """What is new, and its tag, from one view of the feed; signed as the answer to what was asked."""
    county, now = hub(), hub().clock.now()
    with county.store.reading() as connection:
        newest = publishing.head(connection)
        start = publishing.position_of(request.args.get("cursor", ""), area, county.epoch, newest)
        reply = answer(publishing.page(connection, start, limit, now))
    about = feed_page(area, request.args.get("cursor", ""))
    reply.headers.add(SIGNED, county.documents.sign(reply.get_data(), about))
    return _as_of(reply, _tag(start, newest, limit), now)


def _as_of(reply: Response, tag: str, now: datetime) -> Response:
    """Tag and moment, the moment signed: a cache before the hub may make a 304 of what it holds."""
    moment = now.replace(microsecond=0).isoformat()
    as_of = hub().documents.sign_moment(moment, feed_unchanged(tag))
    reply.set_etag(tag)
    reply.headers[AS_OF_HEADER] = moment
    reply.headers[SIGNED] = ", ".join([*reply.headers.getlist(SIGNED), as_of])
    reply.headers["Cache-Control"] = f"public, max-age={SHARED_SECONDS}"
    return reply


@routes.get("/v1/media/<sha256>")
def media(sha256: str) -> Response:
    """A picture by the sha256 of its content: never changes, may be kept for ever."""
    if not is_kept(sha256, hub().media):
        raise Refused(ProblemType.NOT_FOUND)
    content = (hub().media / sha256).read_bytes()
    reply = Response(content, mimetype=media_type(content))
    reply.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    return reply


def _tag(start: publishing.Position, newest: int, limit: int) -> str:
    return hashlib.sha256(f"{start.cursor()} {newest} {limit}".encode()).hexdigest()[:32]


def _area() -> str:
    area = request.args.get("area", "")
    if area and not AREA.fullmatch(area):
        raise Refused(ProblemType.MALFORMED, "area has 6, 9 or 12 digits", 400)
    return area


def _limit() -> int:
    asked = request.args.get("limit", str(USUAL_LIMIT))
    if not NUMBER.fullmatch(asked) or not 1 <= int(asked) <= LARGEST_LIMIT:
        raise Refused(ProblemType.MALFORMED, f"limit lies between 1 and {LARGEST_LIMIT}", 400)
    return int(asked)
