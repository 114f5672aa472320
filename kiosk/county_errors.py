"""What goes wrong between this machine and the county (K-4xx)."""

from __future__ import annotations

from contract.problems import ProblemType
from kiosk.errors import KioskError


class CountyUnavailable(KioskError):
    """The county cannot be reached in time, or answers nonsense."""

    code, words, next_step, status = "K-401", "和县里的网络断了，现在查不了。", "请过一会儿再来，或到窗口。", 503
    hint = "Look at the county link on the health page."


class KioskNotApproved(CountyUnavailable):
    """The county does not serve this machine (yet, or any more): for whoever waits for an answer, a cut line."""

    code, words, next_step = "K-403", "县里还没有批准这台机器。", "请到窗口找工作人员。"
    hint = "Compare the fingerprint (on the staff sign-in page), then have the county approve this kiosk."


class KioskWithdrawn(KioskNotApproved):
    """Somebody at the county shut this machine out: no card is served here; what is public goes on."""

    code, words, next_step = "K-407", "这台机器暂停刷卡业务。", "要刷卡的事项，请到窗口办；不用卡的照常。"
    hint = "The county withdrew this kiosk. Ask its administrator why; approved again, it serves cards at once."


class CountyUntrusted(CountyUnavailable):
    """Whoever answers at the county's address cannot show that it is the county."""

    code, words, next_step = "K-404", "连上的不是县里的系统，机器没有和它说话。", "请到窗口找工作人员。"
    hint = (
        "The certificate at the county's address is expired, for another name, or signed by nobody this machine trusts."
    )


class DocumentForged(CountyUnavailable):
    """What came as the county's public content is not signed with its document key: nothing of it is shown."""

    code, words, next_step = "K-406", "县里发来的内容核对不上，没有采用。", "请到窗口找工作人员。"
    hint = "Somebody on the way changes the content, or the county has another document key (docs/operating.md)."


class CountyBusy(CountyUnavailable):
    """The county asks to be left alone for ``seconds``."""

    code, words, next_step = "K-405", "县里的系统正忙，现在查不了。", "请过一会儿再来，或到窗口。"
    hint = "The county answered 429 or 503 and said when to ask again; the machine waits that long."

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


class CountyRefused(KioskError):
    """The county said no; ``problem`` names why."""

    code, words = "K-402", "县里没有受理。"
    hint = "The county's reason is in the log."

    def __init__(self, problem: ProblemType, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem


class SubmissionOverdue(KioskError):
    """A submission that the county has not answered within its age limit: somebody has to see to it."""

    code, words, next_step = "K-410", "有一件很久没送到县里。", "请到送件里再送，或人工交给县里。"
    hint = "Nothing is lost: the page of submissions lists it; send it again, or hand the sealed file over and mark it."


class SubmissionSettled(KioskError):
    """Staff act on a submission that has come to its end meanwhile."""

    code, words, next_step = "K-411", "这一件已经有结果了。", "请看新的列表。"
    hint = "The county answered, or a colleague saw to it, while the page was open."
