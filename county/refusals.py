"""How the hub says no: one exception, turned into problem details (RFC 9457) in one place."""

from __future__ import annotations

from contract.problems import STATUS, Problem, ProblemType


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
