"""What can go wrong, as a resident and a clerk are told it: a code, plain words, one next step.

Here: K-5xx session and screen, K-6xx staff, K-9xx the program itself. Beside it: card (K-1xx) and identification in
``card_errors.py`` and ``identification_errors.py``, finger and paper (K-2xx, K-3xx) in ``device_errors.py``, the county
(K-4xx) in ``county_errors.py``.
"""

from __future__ import annotations

from typing import ClassVar

TO_COUNTER = "请到窗口找工作人员。"
TO_CLERK = "请再试一次；还不行，请报告县里。"


class KioskError(Exception):
    """A failure with its code, words for the resident, one next step, and a hint for the clerk."""

    code: ClassVar[str] = "K-900"
    words: ClassVar[str] = "机器出了点问题。"
    next_step: ClassVar[str] = TO_COUNTER
    hint: ClassVar[str] = "Look at the log of the kiosk."
    status: ClassVar[int] = 409

    @property
    def clerks_step(self) -> str:
        """The next step for somebody who is staff already and cannot be sent to them."""
        return TO_CLERK if self.next_step == TO_COUNTER else self.next_step


class ProgramDefect(KioskError):
    """A defect of the program; its trace is in the log."""

    code, status = "K-901", 500
    words = "机器出了点问题，没有办成任何事。"


class StoreFull(KioskError):
    """The disk of this machine is full: nothing new can be kept."""

    code, words, next_step, status = "K-902", "机器存满了，新的业务先不收。", "请到窗口办理。", 503
    hint = "The disk is full or read-only. Free it (the report of the health page says how much); then it goes on."


class StoreBusy(KioskError):
    """Another program holds the database of this machine for too long."""

    code, words, next_step, status = "K-903", "机器正忙，刚才这一步没有办成。", "请再点一次；还不行，请到窗口。", 503
    hint = "Another program has the kiosk's database open for writing: a backup, or a second kiosk program."


class StoreUnusable(ProgramDefect):
    """The database of this machine is gone, broken, or of a newer program."""

    code, words, next_step, status = "K-904", "机器的存储坏了，暂时不能办业务。", "请到窗口办理。", 503
    hint = "The file was left as it is. Restore it from a backup (docs/operating.md), or move it away to begin anew."


class ProgramDown(ProgramDefect):
    """The program does not run: never raised, shown by the shell's supervisor (deploy/shell/notice.html)."""

    code, words, next_step, status = "K-905", "机器正在恢复，请稍候。", "急着办，请到窗口。", 503
    hint = "The program is down or starts. It comes back by itself; else: journalctl -u kiosk (docs/operating.md)."


class SessionEnded(KioskError):
    """The page belongs to a visit that is over."""

    code, words, next_step = "K-501", "刚才的办理已经结束。", "请重新插卡，或点返回首页。"
    hint = "Ordinary: card taken, time over, or an old page."


class NotThisScreen(KioskError):
    """A browser that is not the kiosk's own window."""

    code, words, status = "K-502", "这个页面只在自助机屏幕上使用。", 403
    hint = "A second browser, or the shell lost its pairing: restart the shell."


class StrangerRefused(KioskError):
    """Wrong Origin or Sec-Fetch-Site."""

    code, words, status = "K-503", "这个请求不是从本机屏幕来的。", 403
    hint = "Another page tried to use the kiosk."


class FormOutdated(KioskError):
    """A form without its CSRF token, or with an old one."""

    code, words, next_step, status = "K-504", "这一页放得太久了，没有办成任何事。", "请返回首页再点一次。", 400
    hint = "Ordinary: an old page."


class NoSuchPage(KioskError):
    """Unknown address or service."""

    code, words, next_step, status = "K-505", "没有这一页。", "请返回首页。", 404
    hint = "An address that does not exist."


class RequestRefused(KioskError):
    """A request that no button of ours makes."""

    code, words, next_step, status = "K-506", "这个操作机器不认识。", "请返回首页再点一次。", 400
    hint = "A malformed request."


class TooManyWindows(KioskError):
    """More parked requests than windows."""

    code, words, status = "K-507", "打开的窗口太多了。", 503
    hint = "Close browser windows on this machine."


class LimitReached(KioskError):
    """A per-visit limit is used up."""

    code, words, status = "K-508", "这次看得够多了。", 429
    hint = "The limit per visit is in the locality pack."


class AssuranceMissing(KioskError):
    """The step needs more proof than was given."""

    code, words, status = "K-509", "这一步要先确认是您本人。", 403
    hint = "The route asks for a higher assurance."


class HandwritingAway(KioskError):
    """The reader of handwriting is not here, or just ended."""

    code, words, next_step, status = "K-510", "手写现在用不了。", "请用拼音打字，或找工作人员。", 503
    hint = "zinnia or its model is missing (apt install libzinnia0 tegaki-zinnia-simplified-chinese), or it crashed."


class SlipWithdrawn(KioskError):
    """A paper that was taken back before its turn."""

    code, words, next_step = "K-511", "这张凭条已经取消。", "还要的话，请再点一次打印。"
    hint = "Ordinary: the resident wiped what this machine held before the paper's turn came."


class StaffSignInFailed(KioskError):
    """Wrong name or password."""

    code, words, next_step, status = "K-601", "账号或密码不对。", "请再试一次；连错 5 次锁 15 分钟。", 403
    hint = "An administrator can reset the password."


class StaffLocked(KioskError):
    """Too many wrong tries."""

    code, words, next_step, status = "K-602", "连错 5 次，账号锁 15 分钟。", "请稍后再试，或找管理员。", 403
    hint = "The lock ends by itself."


class StaffNotAllowed(KioskError):
    """Signed in, but without the role or outside the area."""

    code, words, next_step, status = "K-603", "您的账号没有这项权限。", "请找管理员。", 403
    hint = "Roles and areas are set with `run.py staff add`."


class EditConflict(KioskError):
    """Somebody else changed the item."""

    code, words, next_step = "K-604", "别人刚改过这一条。", "请看新内容，再改一次。"
    hint = "Versions differ."


class PictureRefused(KioskError):
    """Not a picture we take."""

    code, words, next_step, status = "K-605", "这张图片不能用。", "请用 5MB 以内的 JPG 或 PNG。", 400
    hint = "Broken, too large, SVG or another format."


class OwnWork(KioskError):
    """The author wants to approve, or an administrator to reset the own password."""

    code, words, next_step, status = "K-606", "自己写的，不能自己审核。", "请另一位同事来审核。", 403
    hint = "Four eyes: whoever wrote on this version cannot approve it."


class MachineInUse(KioskError):
    """Staff want the machine while somebody is at it."""

    code, words, next_step = "K-608", "机器上有人，或者卡还在里面。", "请等办完、取走卡，再检测。"
    hint = "A device is tested only while nobody is at the desk and no card is in."


class DeviceTestRuns(KioskError):
    """Staff want to test a device while another test runs."""

    code, words, next_step = "K-609", "正在检测另一件设备。", "请等它完了再检测，或先点不试了。"
    hint = "One test at a time; the running one can be called off on its page."


class StaffSessionEnded(KioskError):
    """Signed in here, but not (any more) at the county."""

    code, words, next_step, status = "K-607", "和县里的登录已经结束。", "请退出登录，再登录一次。", 403
    hint = "The county ends a sign-in after 15 idle minutes; one made while cut off is good for this machine only."
