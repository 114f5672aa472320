"""What every address needs: the message in a request, who is asking, and a message as the answer."""

from __future__ import annotations

from typing import TypeVar

from flask import Response, g, request
from pydantic import ValidationError

from contract.codes import StaffRole
from contract.message import SITTING_HEADER, STAFF_HEADER, Message
from contract.problems import ProblemType
from county.hub import hub
from county.kiosks import Kiosk
from county.refusals import Refused
from county.sittings import NoSuchSitting, OpenSitting, live_sitting
from county.staff_sessions import SignedIn, signed_in
from county.trust.counting import Try, note_try
from county.trust.plain import check_json

Asked = TypeVar("Asked", bound=Message)
BROKEN_JSON = "json_invalid"


def read(kind: type[Asked]) -> Asked:
    """The request's body as ``kind``; broken JSON is refused with 400, another shape with 422 naming the fields."""
    body = request.get_data()
    try:
        message = kind.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        if any(fault["type"] == BROKEN_JSON for fault in faults):
            raise Refused(ProblemType.MALFORMED, "the body is not JSON", 400) from None
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in faults)
        raise Refused(ProblemType.MALFORMED, f"wrong or missing: {where}") from None
    check_json(body)
    return message


def answer(message: Message, status: int = 200) -> Response:
    """``message`` as JSON, never to be kept by anyone on the way."""
    reply = Response(message.model_dump_json(), status, mimetype="application/json")
    reply.headers["Cache-Control"] = "no-store"
    return reply


def kiosk_asking() -> Kiosk:
    """The approved kiosk that signed the request (county/proof.py saw to it before the route began)."""
    kiosk = g.proven.kiosk
    assert isinstance(kiosk, Kiosk)  # noqa: S101 - set for every address that only kiosks may ask
    return kiosk


def sitting_asking() -> OpenSitting:
    """The live sitting whose token came along, from the kiosk it was opened at; SITTING_ENDED otherwise."""
    token, kiosk, now = request.headers.get(SITTING_HEADER, ""), kiosk_asking().key_id, hub().clock.now()
    try:
        with hub().store.reading() as connection:
            g.sitting = live_sitting(connection, token, kiosk, now)
    except NoSuchSitting:
        if token:
            with hub().store.writing() as connection:
                note_try(connection, kiosk, Try.GUESSED, now)
        raise
    found: OpenSitting = g.sitting
    return found


def staff_asking(*roles: StaffRole) -> SignedIn:
    """Who is signed in, with at least one of ``roles`` where any is named; NOT_SIGNED_IN or ROLE_MISSING otherwise."""
    member = signed_in(hub().store, request.headers.get(STAFF_HEADER, ""), hub().clock.now())
    if roles and not set(roles) & set(member.roles):
        raise Refused(ProblemType.ROLE_MISSING, "needs " + " or ".join(roles))
    return member
