"""Staff: signed in by name and password, locked after wrong ones, each with their own role."""

from __future__ import annotations

import secrets

from contract.conformance.check import check
from contract.conformance.checks.wall import draft
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import Inspection
from contract.conformance.verdicts import Failed, must
from contract.problems import ProblemType
from contract.staff import NewPassword, SignIn

MOST_TRIES = 20


def _wrong(account: str) -> SignIn:
    return SignIn(account=account, password=secrets.token_hex(8))


@check(
    "staff.sign-in", "The right password opens a session with roles and areas.",
    "Answer 201 with a session that nobody can guess, the account's roles and the division codes it covers.",
    operations=("sign-in",),
)  # fmt: skip
def sign_in(inspection: Inspection) -> None:
    """Every account that is named."""
    for entry in ("clerk", "editor", "approver", "administrator"):
        account = inspection.account(entry)
        told = good(inspection.ask("sign-in", SignIn(account=account.account, password=account.password)), "sign-in")
        must(told["account"] == account.account, f"signed in as {told['account']} instead of {account.account}")
        must(entry in told["roles"] and told["areas"], f"{entry} has roles {told['roles']}, areas {told['areas']}")
        inspection.ask("sign-out", staff=told["session"])


@check(
    "staff.session", "A session can be asked for, and is over after signing out.",
    "Answer the session that came along; after DELETE it is 401 not-signed-in, as any that never was.",
    operations=("staff-session", "sign-out"), refusals=(ProblemType.NOT_SIGNED_IN,),
)  # fmt: skip
def session(inspection: Inspection) -> None:
    """Before and after signing out."""
    token = inspection.session_of("clerk")
    told = good(inspection.ask("staff-session", staff=token), "staff-session")
    must(told["account"] == inspection.account("clerk").account, "the session is somebody else's")
    inspection.forget_session("clerk")
    for _ in range(2):
        good(inspection.ask("sign-out", staff=token), "sign-out")
    for ended in (token, "", secrets.token_hex(16)):
        refused(inspection.ask("staff-session", staff=ended), ProblemType.NOT_SIGNED_IN)


@check(
    "staff.wrong-password", "A wrong password and an unknown name are answered alike.",
    "Answer 401 wrong-sign-in to both, after the same work: nobody learns which accounts there are.",
    refusals=(ProblemType.WRONG_SIGN_IN,),
)  # fmt: skip
def wrong_password(inspection: Inspection) -> None:
    """Both; the right password afterwards, so that no try is left counted."""
    known = inspection.account("clerk")
    refused(inspection.ask("sign-in", _wrong(known.account)), ProblemType.WRONG_SIGN_IN)
    refused(inspection.ask("sign-in", _wrong(f"nobody-{secrets.token_hex(4)}")), ProblemType.WRONG_SIGN_IN)
    inspection.forget_session("clerk")
    inspection.session_of("clerk")


@check(
    "staff.locked", "Wrong passwords lock a name.",
    f"Count wrong tries for each name, also for names of nobody; answer 403 account-locked before the {MOST_TRIES}th.",
    refusals=(ProblemType.ACCOUNT_LOCKED,),
)  # fmt: skip
def locked(inspection: Inspection) -> None:
    """A name of nobody, until it is locked."""
    name = f"nobody-{secrets.token_hex(4)}"
    for _ in range(MOST_TRIES):
        reply = inspection.ask("sign-in", _wrong(name))
        if reply.problem != ProblemType.WRONG_SIGN_IN:
            refused(reply, ProblemType.ACCOUNT_LOCKED)
            return
    raise Failed(f"{MOST_TRIES} wrong passwords lock nothing")


@check(
    "staff.set-password", "An administrator sets somebody else's password.",
    "Take a password of at least ten characters for an account of the administrator's area; end its sessions.",
    operations=("set-password",),
)  # fmt: skip
def set_password(inspection: Inspection) -> None:
    """The clerk's own once more; the clerk signs in with it."""
    clerk, token = inspection.account("clerk"), inspection.session_of("administrator")
    again = NewPassword(account=clerk.account, password=clerk.password)
    good(inspection.ask("set-password", again, staff=token), "set-password")
    inspection.forget_session("clerk")
    inspection.session_of("clerk")


@check(
    "staff.own-password", "Nobody sets their own password this way.",
    "Refuse with 403 own-work where the account is the administrator's own: a second person is needed.",
    refusals=(ProblemType.OWN_WORK,),
)  # fmt: skip
def own_password(inspection: Inspection) -> None:
    """The administrator's own."""
    own, token = inspection.account("administrator"), inspection.session_of("administrator")
    asked = NewPassword(account=own.account, password=own.password)
    refused(inspection.ask("set-password", asked, staff=token), ProblemType.OWN_WORK)


@check(
    "staff.role", "Nobody does what their role does not allow.",
    "Look at the roles of the session's account at every address; answer 403 role-missing.",
    refusals=(ProblemType.ROLE_MISSING,),
)  # fmt: skip
def role(inspection: Inspection) -> None:
    """A clerk writes for the wall and sets a password."""
    token = inspection.session_of("clerk")
    other = NewPassword(account=inspection.account("editor").account, password=secrets.token_hex(8))
    refused(inspection.ask("write-item", draft(inspection, "510521"), staff=token), ProblemType.ROLE_MISSING)
    refused(inspection.ask("set-password", other, staff=token), ProblemType.ROLE_MISSING)


CHECKS = (sign_in, session, wrong_password, locked, set_password, own_password, role)
