"""What a clerk reads of devices: their names, states, facts, counters, and what cures a fault; all in plain Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from devices.device import DeviceError
from kiosk.device_errors import trouble_of
from kiosk.errors import KioskError

PANEL = "panel"
SHORTEST_TOLD = 0.1
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "card": "读卡器",
        "fingerprint": "指纹机",
        "printer": "打印机",
        "page_printer": "A4 打印机",
        "id_card": "身份证阅读器",
        "scanner": "扫码器",
        "headphones": "耳机插口",
        PANEL: "触摸屏",
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "": "正常", "starting": "正在启动", "paper low": "快没纸了", "paper unknown": "不知道还有没有纸",
        "media-empty": "有一个纸盒空了", "media-low": "快没纸了", "toner-empty": "有一种墨用完了",
        "toner-low": "快没墨了", "marker-supply-low": "快没墨了", "developer-low": "快没墨了",
    }
)  # fmt: skip
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "model": "型号", "firmware": "固件", "serial": "序列号", "baud": "波特率", "port": "端口", "capacity": "容量",
        "address": "地址", "version": "版本", "reader": "设备名", "maker": "厂家", "packet_size": "包长",
        "security_level": "安全级别", "stored_templates": "存着的指纹", "functions": "函数",
    }
)  # fmt: skip
COUNTERS: Mapping[str, str] = MappingProxyType(
    {
        "cards read": "读卡", "cards inserted": "插卡", "cards mute": "没有应答的卡",
        "jobs printed": "打印", "jobs failed": "打印失败",
        "captures": "取指纹", "codes read": "扫码",
        "cards not read": "没读成的证", "codes refused": "用不了的码", "fingers compared": "比对指纹",
        "plug in": "插上耳机", "plug out": "拔下耳机",
        "fingers enrolled": "录指纹", "resyncs": "重新对齐", "changes of the stored templates": "指纹库变动",
    }
)  # fmt: skip
CURES: Mapping[str, str] = MappingProxyType(
    {
        "K-101": "不用处理，请办事人重新插卡",
        "K-102": "擦一擦卡的触点，芯片朝下插到底",
        "K-103": "换社会保障卡",
        "K-104": "换一张卡试，这张卡请办事人换卡",
        "K-105": "请县里接上密钥服务",
        "K-116": "先看机器的时间对不对",
        "K-110": "查读卡器的线，换个 USB 口",
        "K-111": "关掉占用读卡器的别的程序",
        "K-130": "查身份证阅读器的线和电源",
        "K-131": "拔下身份证阅读器，等三秒再插",
        "K-132": "安全模块坏了，请厂家换阅读器",
        "K-133": "请办事人把证放稳，再读一次",
        "K-134": "看一看是不是身份证，换一张再试",
        "K-135": "换一张证试，这张证按窗口办法办",
        "K-136": "拿开证，再放一次",
        "K-137": "阅读器是好的，请办事人换证",
        "K-138": "关掉占用阅读器的别的程序",
        "K-139": "拔下身份证阅读器再插，重启程序",
        "K-140": "查扫码器的线",
        "K-141": "拔下扫码器，等三秒再插，再查速率",
        "K-142": "换一个码再试",
        "K-143": "用说明书上的设置码改成串口模式",
        "K-144": "关掉占用扫码器的别的程序",
        "K-149": "拔下扫码器再插，重启程序",
        "K-150": "查声卡的线，再查配置里的耳机一行",
        "K-151": "查配置里的耳机一行，重启程序",
        "K-159": "拔下声卡再插，重启程序",
        "K-201": "查指纹机的线，换个 USB 口",
        "K-202": "拔下指纹机，等三秒再插",
        "K-203": "请办事人到窗口重新录指纹",
        "K-301": "换一卷纸",
        "K-302": "关好盖子，听到咔一声",
        "K-303": "打开盖子取出纸，关好，再开机",
        "K-304": "查打印机的电源和线",
        "K-106": "请办事人换卡",
        "K-113": "记下来，请办事人带身份证到窗口",
        "K-114": "报告县里：密钥服务答错了",
        "K-115": "不要再插这张卡，请办事人换卡",
        "K-117": "卸掉虚拟读卡器，接真的读卡器",
        "K-119": "拔下读卡器再插，不行就重启程序",
        "K-126": "接上密码键盘，或请工作人员见证",
        "K-118": "拔下读卡器，等三秒再插",
        "K-120": "按密码键盘上的取消键",
        "K-122": "请办事人先改密码",
        "K-123": "请办事人再输一次，6 位数字",
        "K-127": "请办事人再输一次",
        "K-128": "请办事人再输一次，按确认键",
        "K-129": "请办事人再改一次，两次要一样",
        "K-204": "这种型号做不了，换别的指纹机",
        "K-205": "擦玻璃，换个手指再按",
        "K-209": "拔下指纹机再插，不行就重启程序",
        "K-305": "换墨盒；打凭条不用墨",
        "K-309": "打印机关掉再开，不行就重启程序",
    }
)
"""By code; what is not here is told by the next step of the error itself: a hint is English."""


def named(reason: str, kind: str) -> type[KioskError] | None:
    """What a device's error, known by its name, means; None for a reason that is no error."""
    known = kind if kind != PANEL else "card"
    return next((trouble_of(error, known) for error in family(DeviceError) if error.__name__ == reason), None)


def family(error: type[DeviceError]) -> list[type[DeviceError]]:
    """An error and all its kinds."""
    return [error, *(one for kind in error.__subclasses__() for one in family(kind))]


def took(seconds: float) -> str:
    """How long something took, in words; never none."""
    return f"用时 {seconds:.1f} 秒" if seconds >= SHORTEST_TOLD else f"用时不到 {SHORTEST_TOLD} 秒"


def words_of(error: type[KioskError]) -> str:
    """What is wrong, as a clerk reads it: without what comforts a resident."""
    return error.words.replace("，办理结果不受影响", "")


def cure_of(error: type[KioskError]) -> str:
    """What a clerk can do about it."""
    return CURES.get(error.code, error.next_step)
