"""``/v1/staff/sessions`` and ``/v1/staff/passwords``: signing in and out, and a new password from an administrator."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.codes import StaffRole
from contract.message import STAFF_HEADER
from contract.problems import ProblemType
from contract.staff import NewPassword, SignIn, StaffSession
from county.accounts import areas_of, check_sign_in, set_password
from county.asking import answer, read, staff_asking
from county.hub import hub
from county.refusals import Refused
from county.staff_sessions import SignedIn, close_session, open_session, signed_in

routes = Blueprint("staff", __name__, url_prefix="/v1/staff")


@routes.post("/sessions")
def sign_in() -> Response:
    """A new session for the right password."""
    asked, now = read(SignIn), hub().clock.now()
    check_sign_in(hub().store, asked, now)
    with hub().store.writing() as connection:
        token = open_session(connection, asked.account, now)
    return answer(_session(token, signed_in(hub().store, token, now)), 201)


@routes.get("/sessions/current")
def current() -> Response:
    """The session that came along, its idle time begun anew; NOT_SIGNED_IN once it has ended."""
    return answer(_session(request.headers.get(STAFF_HEADER, ""), staff_asking()))


@routes.delete("/sessions/current")
def sign_out() -> Response:
    """Ends the session; ending twice is as good."""
    with hub().store.writing() as connection:
        close_session(connection, request.headers.get(STAFF_HEADER, ""))
    return Response(status=204)


@routes.post("/passwords")
def new_password() -> Response:
    """Somebody else's password, from an administrator of their area: never one's own."""
    administrator, wanted = staff_asking(StaffRole.ADMINISTRATOR), read(NewPassword)
    if wanted.account == administrator.account:
        raise Refused(ProblemType.OWN_WORK)
    with hub().store.writing() as connection:
        areas = areas_of(connection, wanted.account)
        if areas is None:
            raise Refused(ProblemType.NOT_FOUND, "no such account")
        administrator.must_cover(*areas)
        set_password(connection, wanted.account, wanted.password)
    return Response(status=204)


def _session(token: str, member: SignedIn) -> StaffSession:
    return StaffSession(
        session=token,
        account=member.account,
        name=member.name,
        roles=member.roles,
        areas=member.areas,
        ends_at=member.ends_at,
    )
