"""What a submission is about and what holds it up, in a clerk's words."""

from __future__ import annotations

from contract.problems import ProblemType
from contract.submissions import SubmissionKind

KINDS = {SubmissionKind.ELIGIBILITY_VERIFICATION: "资格认证", SubmissionKind.APPOINTMENT: "预约"}
PROBLEMS = {
    ProblemType.UNKNOWN_KEY: "县里换过密钥，打不开",
    ProblemType.NOT_FOUND: "县里没有这个地址",
    ProblemType.NOT_THIS_RESIDENT: "和县里的办理记录对不上",
    ProblemType.UNKNOWN_RESIDENT: "县里查不到这个人",
    ProblemType.MALFORMED: "县里看不懂内容",
}


def reason_of(problem: ProblemType | None, *, refused: bool) -> str:
    """Why it is not done; the general words where the county's reason has none of its own."""
    unnamed = "县里没有受理" if refused else "一直没有送到"
    return PROBLEMS.get(problem, unnamed) if problem else unnamed
