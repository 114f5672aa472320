"""``/verify``: the page that checks receipts, its parts, and the same as one file to take along."""

from __future__ import annotations

from flask import Blueprint, Response

from contract.key_list import KeyList
from contract.problems import ProblemType
from county.hub import hub
from county.refusals import Refused
from county.signing.key_list import key_list
from county.verify import PARTS, SERVED_POLICY, part, served_page, single_file

routes = Blueprint("verify", __name__, url_prefix="/verify")

HEADERS = {
    "Content-Security-Policy": SERVED_POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}  # fmt: skip


@routes.get("")
def page() -> Response:
    """The page with the list of keys as it stands."""
    return Response(served_page(_keys(), hub().clock.today()), mimetype="text/html", headers=HEADERS)


@routes.get("/offline.html")
def offline() -> Response:
    """The one file; its policy is inside."""
    told = {"Content-Disposition": 'attachment; filename="verify.html"'}
    return Response(single_file(_keys(), hub().clock.today()), mimetype="text/html", headers=HEADERS | told)


@routes.get("/<name>")
def loaded(name: str) -> Response:
    """A script or the style of the page."""
    if name not in PARTS:
        raise Refused(ProblemType.NOT_FOUND)
    return Response(part(name), mimetype=PARTS[name], headers=HEADERS)


def _keys() -> KeyList:
    with hub().store.reading() as connection:
        return key_list(connection, hub())
