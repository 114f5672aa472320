"""What no check can ask or provoke from outside, each with the reason; a test asks that nothing else is missing."""

from __future__ import annotations

from contract.problems import ProblemType

NOT_PROVOKED: dict[ProblemType, str] = {
    ProblemType.INTERNAL: "a defect of the server: what provoked it on purpose would be one",
    ProblemType.BACKEND_UNAVAILABLE: "the county's own system would have to fail; nothing outside makes it",
}

NOT_ASKED: dict[str, str] = {}
