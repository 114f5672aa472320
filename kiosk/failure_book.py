"""The book of failures, in the words of the hall: why it happens and what a clerk does about it, by code.

What the resident is told and does stands with the error itself (``words``, ``next_step``); here stands the rest, for
the wall of the hall (docs/failure-book.html). Every code has its page: a test compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from kiosk import VERSION

PARTS = (
    ("K-13", "身份证"), ("K-14", "扫码"), ("K-15", "耳机"), ("K-16", "改密码"), ("K-1", "社会保障卡和密码"),
    ("K-2", "指纹"), ("K-3", "打印"), ("K-4", "县里"), ("K-5", "办理和屏幕"), ("K-6", "工作台"), ("K-9", "机器"),
)  # fmt: skip
"""What a code is about: the first row whose beginning fits."""

RESTART = "还是这样，请重启机器。"
TELL = "还是这样，请报告县里。"
NOTHING = "不用处理。"


@dataclass(frozen=True)
class Page:
    """One failure: why it happens, what the clerk does. Sentences of at most 20 characters."""

    cause: str
    clerk: str


BOOK = {
    "K-101": Page("办到一半，卡被拿走。", f"{NOTHING}请他重新插卡。"),
    "K-102": Page("卡插反了，或芯片脏了、坏了。", "用软布擦芯片再插。换一张卡能读，就是他的卡坏了。"),
    "K-103": Page("插的是银行卡、身份证或别的卡。", f"{NOTHING}请他换社会保障卡。"),
    "K-104": Page("卡里缺内容，或前后对不上。", "在窗口读一次。一样就请他换卡。"),
    "K-105": Page("第三代卡要县里的密钥才能读。", "在窗口办。请报告县里接上密钥服务。"),
    "K-106": Page("卡上写的有效期已过。", "给他换卡。"),
    "K-107": Page("县里登记为挂失或注销。", "核对身份证。确是本人就补卡或解挂。"),
    "K-108": Page("县里没有这个人的登记。", "查参保地。可能在别的县。"),
    "K-109": Page("办理当中换了另一张卡。", "看是谁的卡。不许用别人的卡接着办。"),
    "K-110": Page("读卡器的线松了，或服务停了。", f"拔下读卡器，三秒后插上。{RESTART}"),
    "K-111": Page("别的程序占着读卡器。", "关掉别的读卡程序。"),
    "K-112": Page("一小时里读了太多验不了真的卡。", "去看谁在机器前，有没有在试卡。过一会儿自己恢复。"),
    "K-113": Page("卡没有通过验真，可能是假卡。", "留下记录，核对身份证。报告县里。"),
    "K-114": Page("县里密钥服务答非所问。", "卡没有问题，在窗口办。报告县里。"),
    "K-115": Page("卡不认本县密钥，少了一次机会。", "不要再插这张卡。在窗口办，报告县里。"),
    "K-116": Page("卡上的发卡日期在今天以后。", "先看机器的钟准不准。准的话请他换卡。"),
    "K-117": Page("装了冒充读卡器的软件。", "卸掉它，接上真的读卡器。问清是谁装的，报告县里。"),
    "K-118": Page("密码键盘自己报错。", f"拔下读卡器，三秒后插上。{RESTART}"),
    "K-119": Page("读卡器卡死，机器已重连一次。", f"拔下读卡器，三秒后插上。{RESTART}"),
    "K-120": Page("密码键盘还在等上一次的密码。", "按键盘上的取消键。"),
    "K-121": Page("密码连续输错，卡自己锁住。", "核对身份证，在窗口解锁、改密码。"),
    "K-122": Page("密码从没改过，证明不了本人。", "核对身份证，在窗口改密码。"),
    "K-123": Page("输入的不是六位数字。", f"{NOTHING}卡没有少一次机会。"),
    "K-124": Page("卡验不了真，本县不收它的密码。", "当面核对本人，给他做见证。"),
    "K-125": Page("一小时里试了太多次密码。", "拿卡和人对一对。一小时后自己恢复。"),
    "K-126": Page("没有朝着办事人的密码键盘。", "当面核对本人，给他做见证。"),
    "K-127": Page("办事人按了取消。", f"{NOTHING}卡没有少一次机会。"),
    "K-128": Page("时间到了，没有人按密码。", "看键盘亮不亮、朝不朝办事人。"),
    "K-129": Page("两次输入的新密码不一样。", f"{NOTHING}密码没有改。"),
    "K-130": Page("身份证阅读器的线松了。", f"看线和电源。{RESTART}"),
    "K-131": Page("身份证阅读器答不出来。", f"拔下阅读器，三秒后插上。{RESTART}"),
    "K-132": Page("阅读器的安全模块坏了。", "请厂家换阅读器。先在窗口办。"),
    "K-133": Page("证还没读完就拿开了。", f"{NOTHING}请他放稳不动。"),
    "K-134": Page("不是身份证，或者是假证。", "拿证看一看。"),
    "K-135": Page("证里缺内容，或前后对不上。", "再读一次。不行就在窗口办。"),
    "K-136": Page("上一次的证没有拿开。", f"{NOTHING}请他拿开再放。"),
    "K-137": Page("证上写的有效期已过。", "请他先到公安机关换证。"),
    "K-138": Page("别的程序占着身份证阅读器。", "关掉别的读证程序。"),
    "K-139": Page("阅读器卡死，机器已重连一次。", f"拔下阅读器，三秒后插上。{RESTART}"),
    "K-140": Page("扫码器的线松了。", f"看线。{RESTART}"),
    "K-141": Page("扫码器答不出来。", f"拔下扫码器，三秒后插上。{RESTART}"),
    "K-142": Page("扫的不是这里收的码。", f"{NOTHING}请他打开电子社保卡。"),
    "K-143": Page("扫码器设成了键盘。", "用说明书上的码改成串口。"),
    "K-144": Page("别的程序占着扫码器。", "关掉别的扫码程序。"),
    "K-145": Page("电子社保卡要联网才能核对。", "看网线。请他插卡，或在窗口办。"),
    "K-146": Page("本县还没有开通这种证件。", "请他插社会保障卡。"),
    "K-147": Page("县里答得慢，或前一张还在打印。", "等一分钟再试。"),
    "K-148": Page("码过期了，或不是电子社保卡。", f"{NOTHING}请他刷新再扫。"),
    "K-149": Page("扫码器卡死，机器已重连一次。", f"拔下扫码器，三秒后插上。{RESTART}"),
    "K-150": Page("耳机插口的线松了。", f"看声卡和线。{RESTART}"),
    "K-151": Page("耳机插口答不出来。", f"{RESTART}私人的内容先不读。"),
    "K-159": Page("耳机插口卡死，已重连一次。", RESTART),
    "K-160": Page("新密码和旧密码一样。", f"{NOTHING}密码没有改。"),
    "K-161": Page("新密码是出厂密码。", f"{NOTHING}密码没有改。"),
    "K-162": Page("新密码是连号或同号。", f"{NOTHING}密码没有改。"),
    "K-163": Page("新密码是他的生日。", f"{NOTHING}密码没有改。"),
    "K-164": Page("第一代卡在机器上改不了密码。", "核对身份证，在窗口改密码或换卡。"),
    "K-165": Page("没有朝着办事人的密码键盘。", "请他到自助机上改。接上键盘就能在这里改。"),
    "K-166": Page("卡没答完就拿走了，或没有反应。", "在窗口读卡。先试新密码，再试旧密码。"),
    "K-167": Page("卡不认改密码的命令。", "密码没有变。核对身份证，在窗口改。"),
    "K-201": Page("指纹机的线松了。", f"看线。{RESTART}先给他做见证。"),
    "K-202": Page("指纹机自己报错。", f"拔下指纹机，三秒后插上。{RESTART}"),
    "K-203": Page("登记的指纹和这台机器不合。", "给他做见证。以后在窗口重新登记。"),
    "K-204": Page("这种指纹机没有这项功能。", "给他做见证。"),
    "K-205": Page("手指太干、太湿，或磨平了。", "擦指纹机的玻璃。换一个手指，或做见证。"),
    "K-209": Page("指纹机卡死，机器已重连一次。", f"拔下指纹机，三秒后插上。{RESTART}"),
    "K-301": Page("纸卷或纸盒空了。", "换纸。再点一次打印。"),
    "K-302": Page("打印机的盖子开着。", "合上盖子，听到咔嗒一声。"),
    "K-303": Page("纸卡住了，或切刀卡住了。", "打开盖子，取出纸，合上，关了再开。"),
    "K-304": Page("打印机没有电，或线松了。", "看电源和线。"),
    "K-305": Page("A4打印机的墨用完了。", "换墨盒。凭条不用墨，照常打。"),
    "K-309": Page("打印机卡死，机器已重连一次。", f"打印机关了再开。{RESTART}"),
    "K-401": Page("网线松了，或县里的系统停了。", "看网线和路由器。别的电脑也不通，报告县里。"),
    "K-402": Page("县里看过，没有同意。", "在窗口查原因，当面告诉他。"),
    "K-403": Page("县里还没有批准这台机器。", "打电话和县里对核对码，请他们批准。"),
    "K-404": Page("对方证书不对，可能不是县里。", "不要改设置。马上报告县里。"),
    "K-405": Page("县里的系统太忙。", "等几分钟，自己恢复。"),
    "K-406": Page("内容的签名不对，可能被改过。", "不要改设置。马上报告县里。"),
    "K-407": Page("县里停了这台机器的刷卡业务。", "问县里为什么停。批准后自己恢复。"),
    "K-410": Page("县里很久没有收下这一件。", "打开送件，再送，或人工交给县里。"),
    "K-411": Page("别人或县里先处理了。", "看新的列表。"),
    "K-501": Page("卡拿走了，或时间到了。", f"{NOTHING}请他重新开始。"),
    "K-502": Page("开了第二个浏览器，或配对丢了。", f"等一分钟，自己重开。{RESTART}"),
    "K-503": Page("别的网页想用这台机器。", "去看谁在机器前。报告县里。"),
    "K-504": Page("这一页放得太久。", f"{NOTHING}没有办成任何事。"),
    "K-505": Page("没有这个地址。", f"{NOTHING}请他返回首页。"),
    "K-506": Page("机器不认识这个操作。", f"{NOTHING}一再出现，请报告县里。"),
    "K-507": Page("开了太多窗口。", f"等一分钟，自己恢复。{RESTART}"),
    "K-508": Page("一次看的次数到了上限。", "在窗口接着给他看。"),
    "K-509": Page("还没有证明是本人。", "请他输密码，或给他做见证。"),
    "K-510": Page("手写的部件没装好，或停了。", f"请他用拼音。{TELL}"),
    "K-511": Page("打印前，他清掉了自己的记录。", f"{NOTHING}要的话再点一次打印。"),
    "K-601": Page("账号或密码输错。", "再试一次。忘了就请管理员重设。"),
    "K-602": Page("连错五次，防别人猜密码。", "等十五分钟，自己解开。"),
    "K-603": Page("账号没有这项职责。", "请管理员加职责。"),
    "K-604": Page("两个人同时改了一条。", "看新内容，再改一次。"),
    "K-605": Page("图片太大、坏了或格式不收。", "另存为五兆以内的JPG或PNG。"),
    "K-606": Page("写的人不能审核自己写的。", "请另一位同事审核。"),
    "K-607": Page("十五分钟没动，县里退了登录。", "退出，再登录一次。"),
    "K-608": Page("有人在办事，或卡没有取走。", "等他办完、取走卡，再检测。"),
    "K-609": Page("同时只能检测一件设备。", "等它完，或点不试了。"),
    "K-900": Page("没有归类的故障。", f"看机器日志。{TELL}"),
    "K-901": Page("程序出错，已经记下。", f"记下时间和这一步。{TELL}"),
    "K-902": Page("硬盘满了，或写不进去。", "看设备检测里的剩余空间，报告县里。"),
    "K-903": Page("正在备份，或程序开了两个。", f"等一分钟再试。{RESTART}"),
    "K-904": Page("存储文件坏了或不见了。", "不要动文件。报告县里，用备份恢复。"),
    "K-905": Page("程序没有在运行，或正在启动。", f"等两分钟，自己恢复。{RESTART}"),
}


def about(code: str) -> str:
    """The part of the book where a code stands."""
    return next(title for beginning, title in PARTS if code.startswith(beginning))


def told_by_qr(code: str, pack: str = "") -> str:
    """What the code beside a failure says to a telephone: failure, program, pack. No moment, no machine, nobody."""
    return " ".join(("HALL-KIOSK", code, f"program {VERSION}", *([f"pack {pack}"] if pack else [])))


@lru_cache(maxsize=256)
def qr_path(text: str) -> tuple[int, str]:
    """A QR code as the path of an SVG: its width in modules, quiet zone included, and the path."""
    import qrcode  # noqa: PLC0415  loaded at the first failure that is shown

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    runs = ((y, x, run) for y, row in enumerate(rows) for x, run in _runs(row))
    return len(rows), "".join(f"M{x} {y}h{run}v1h-{run}z" for y, x, run in runs)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules stand side by side: first, and how many."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found


def failure_qr(pack: Callable[[], str]) -> Callable[[str], Markup]:
    """For templates: the drawing of a failure's code, for the part ``qr``. ``pack``: this place's versions."""

    def drawn(code: str) -> Markup:
        size, path = qr_path(told_by_qr(code, pack()))
        svg = '<svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}"><path d="{2}"/></svg>'
        return Markup(svg).format(size, code, path)  # noqa: S704 - our own text; what is put in is escaped

    return drawn
