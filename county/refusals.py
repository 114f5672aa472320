"""How the hub says no: one exception, turned into problem details (RFC 9457) in one place."""

from __future__ import annotations

from contract.problems import Problem, ProblemType

STATUS: dict[ProblemType, int] = {
    ProblemType.MALFORMED: 422,
    ProblemType.UNKNOWN_RESIDENT: 404,
    ProblemType.CARD_LOST: 403,
    ProblemType.CARD_CANCELLED: 403,
    ProblemType.SITTING_ENDED: 401,
    ProblemType.NOT_THIS_RESIDENT: 403,
    ProblemType.CONSENT_MISSING: 403,
    ProblemType.NOT_SIGNED_IN: 401,
    ProblemType.WRONG_SIGN_IN: 401,
    ProblemType.ACCOUNT_LOCKED: 403,
    ProblemType.ROLE_MISSING: 403,
    ProblemType.OUTSIDE_AREA: 403,
    ProblemType.OWN_WORK: 403,
    ProblemType.EDIT_CONFLICT: 409,
    ProblemType.CONTENT_CHANGED: 409,
    ProblemType.PICTURE_REFUSED: 422,
    ProblemType.NOT_FOUND: 404,
    ProblemType.UNKNOWN_KEY: 422,
    ProblemType.KEY_REUSED: 422,
    ProblemType.TOO_LARGE: 413,
    ProblemType.INTERNAL: 500,
}


class Refused(Exception):
    """The hub refuses; ``detail`` is for a developer and never carries anything personal."""

    def __init__(self, reason: ProblemType, detail: str = "", status: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail
        self.status = status or STATUS[reason]

    def problem(self) -> Problem:
        """As it travels."""
        title = self.reason.value.replace("-", " ")
        return Problem(type=self.reason, title=title, status=self.status, detail=self.detail)
