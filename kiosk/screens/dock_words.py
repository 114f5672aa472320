"""What the dock calls every fault: a newcomer picks by these words. A test asks that none is missing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contract.codes import Finger
from devices.card.simulated_pad import PadAct
from devices.card.virtual.described import CardFault
from devices.fingerprint.features.faults import FeatureFault
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.fingers import FingerQuality
from devices.id_card.simulated_cards import SampleCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.printer.emulator import PrinterFault
from devices.scanner.simulated_faults import ScannerFault

CARD_WORDS: Mapping[CardFault, str] = MappingProxyType(
    {
        CardFault.SILENT: "插反了或芯片坏，没有应答",
        CardFault.DUMB: "有复位应答，之后不回话",
        CardFault.FOREIGN: "别的卡（银行卡等）",
        CardFault.PSAM: "终端自己的 PSAM 卡",
        CardFault.WRONG_TAG: "记录标识不对",
        CardFault.SHORT_RECORD: "记录短了一个字节",
        CardFault.FF_FILLED: "记录全是 FF",
        CardFault.NAME_CUT: "姓名断在半个汉字里",
        CardFault.INCONSISTENT: "出生日期与号码不符",
        CardFault.BLOCKED: "密码早已锁住",
        CardFault.TAG_ONLY: "只认按标识读记录",
        CardFault.NUMBER_ONLY: "只认按记录号读",
        CardFault.NO_4E: "没有姓名扩展（4E）",
        CardFault.P1_00_ONLY: "选文件只认 P1=00",
        CardFault.SW61: "用 61xx、6Cxx 应答",
        CardFault.SSSE_MISSING: "主文件就是应用",
        CardFault.DDF1_ONLY: "应用只按文件号找到",
        CardFault.SFI_ONLY: "只认短文件标识（SFI）",
        CardFault.SLOW: "每条指令慢两秒",
        CardFault.LONG_RECORD: "记录多了一个字节",
        CardFault.EXPIRED: "卡已过有效期",
        CardFault.NOT_YET_VALID: "发卡日期还没到",
        CardFault.CONTACTLESS: "非接触（T=1）",
        CardFault.GUARDED: "要密钥才给读，不论版本",
        CardFault.NO_KEYS: "卡里没有密钥，不能自证",
        CardFault.FORGED: "伪卡：内部认证对不上",
        CardFault.CHALLENGE_LOST: "随机数丢一次",
        CardFault.KEY_REFUSED: "不认本县外部密钥",
        CardFault.KEY_LOCKED: "外部密钥早已锁死",
    }
)

PAD_WORDS: Mapping[PadAct, str] = MappingProxyType(
    {
        PadAct.RIGHT: "按对密码",
        PadAct.WRONG: "按错密码",
        PadAct.SHORT: "少按一位",
        PadAct.CANCEL: "按取消键",
        PadAct.BROKEN: "键盘不听使唤",
    }
)

SENSOR_WORDS: Mapping[SensorFault, str] = MappingProxyType(
    {
        SensorFault.NOISE_BEFORE_HEADER: "包头前有杂音",
        SensorFault.BAD_CHECKSUM: "校验和错",
        SensorFault.SHORT_FRAME: "包少了尾巴",
        SensorFault.WRONG_ADDRESS: "地址不对",
        SensorFault.SILENT: "不出声",
        SensorFault.UNPLUGGED_MID_FRAME: "说到一半拔线",
        SensorFault.LATE_ANSWER: "回答太晚",
        SensorFault.NEEDS_PASSWORD: "要设备口令",
        SensorFault.UNKNOWN_COMMAND_01: "不认识指令（01）",
        SensorFault.F0_AFTER_DOWNLOAD: "收完模板多回一个 F0",
        SensorFault.MISSING_END_PACKET: "没有结束包",
        SensorFault.STRANGE_CODE: "没见过的确认码",
        SensorFault.EMPTY_DONE: "只说“好”，没有内容",
        SensorFault.ECHO: "串口回声",
        SensorFault.UNPLUGGED: "拔掉指纹机",
        SensorFault.LENGTH_ZERO: "长度写成零",
        SensorFault.LENGTH_HUGE: "长度写成 FFFF",
        SensorFault.LYING_LENGTH: "长度多写了五",
        SensorFault.UNKNOWN_PACKET: "没见过的包标识",
        SensorFault.EARLIER_ANSWER: "总回答上一条指令",
        SensorFault.FLIPPED_BITS: "百分之一的包错位",
        SensorFault.DROPS_IN_CONTENT: "传模板时丢字节",
        SensorFault.BROWN_OUT: "电压低，忘了一切",
        SensorFault.BOOT_BYTE_AGAIN: "一再重新启动（55）",
        SensorFault.LIBRARY_FULL: "指纹库满了",
        SensorFault.LIBRARY_CLEARED: "指纹库被清空",
        SensorFault.OTHER_DEVICE: "接的是别的设备",
    }
)

FEATURE_WORDS: Mapping[FeatureFault, str] = MappingProxyType(
    {
        FeatureFault.NOISE_BEFORE_FRAME: "帧头前有杂音",
        FeatureFault.BAD_CHECK: "校验错",
        FeatureFault.SHORT_FRAME: "帧少了尾巴",
        FeatureFault.LYING_LENGTH: "长度字段说大了",
        FeatureFault.SILENT: "不出声",
        FeatureFault.LATE_ANSWER: "回答太晚",
        FeatureFault.LIFTED_EARLY: "手指抬早了，没按好",
        FeatureFault.BUSY: "一直说忙",
        FeatureFault.FAILING: "每次采集都失败",
        FeatureFault.STRANGE_STATUS: "没见过的状态码",
        FeatureFault.SHORT_FEATURE: "特征少了几个字节",
        FeatureFault.ECHO: "串口回声",
        FeatureFault.WRONG_DEVICE: "口上插的是别的设备",
        FeatureFault.UNPLUGGED_MID_FRAME: "说到一半拔线",
        FeatureFault.UNPLUGGED: "拔掉指纹机",
    }
)

PRINTER_WORDS: Mapping[PrinterFault, str] = MappingProxyType(
    {
        PrinterFault.OUT_OF_PAPER: "没纸了",
        PrinterFault.PAPER_LOW: "纸快没了",
        PrinterFault.COVER_OPEN: "盖子开着",
        PrinterFault.OFF: "关了电源",
        PrinterFault.SILENT: "不回答状态",
        PrinterFault.CUTTER_ERROR: "切刀卡住",
        PrinterFault.HEAD_HOT: "打印头过热",
        PrinterFault.GARBAGE_STATUS: "状态是乱码",
        PrinterFault.DIES_MID_JOB: "打到一半断电",
        PrinterFault.SLOW: "打得很慢",
        PrinterFault.BROKEN: "打印头坏了",
        PrinterFault.OFFLINE: "脱机，不说原因",
        PrinterFault.NOISE: "应答夹着流控字符",
    }
)

ID_READER_WORDS: Mapping[IdReaderFault, str] = MappingProxyType(
    {
        IdReaderFault.SELF_TEST_FAILED: "安全模块自检不过",
        IdReaderFault.UNAUTHORISED: "安全模块没有授权",
        IdReaderFault.SILENT: "不出声",
        IdReaderFault.UNPLUGGED: "拔掉身份证阅读器",
        IdReaderFault.UNPLUGGED_MID_FRAME: "说到一半拔线",
        IdReaderFault.BAD_CHECKSUM: "校验和错",
        IdReaderFault.NOISE_BEFORE: "包头前有杂音",
        IdReaderFault.LYING_LENGTH: "长度说多了",
        IdReaderFault.LATE_ANSWER: "回答太晚",
        IdReaderFault.ECHO: "串口回声",
        IdReaderFault.STRANGE_STATUS: "没见过的状态码",
        IdReaderFault.GONE_MID_READ: "读到一半拿开",
        IdReaderFault.READ_FAILED: "放着也读不出",
        IdReaderFault.FOREIGN_CARD: "不是身份证",
        IdReaderFault.NO_CONTENT: "证里没有内容",
        IdReaderFault.GARBLED_TEXT: "文字是乱码",
        IdReaderFault.WRONG_NUMBER: "号码校验不对",
        IdReaderFault.EXPIRED: "身份证过了有效期",
    }
)

SAMPLE_WORDS: Mapping[SampleCard, str] = MappingProxyType(
    {
        SampleCard.FOREIGNER: "外国人永居证（2017）",
        SampleCard.FOREIGNER_2023: "外国人永居证（2023）",
        SampleCard.HONG_KONG_MACAO_TAIWAN: "港澳台居民居住证",
        SampleCard.FOR_EVER: "长期有效的身份证",
    }
)

SCANNER_WORDS: Mapping[ScannerFault, str] = MappingProxyType(
    {
        ScannerFault.SILENT: "不出声",
        ScannerFault.UNPLUGGED: "拔掉扫码器",
        ScannerFault.UNPLUGGED_MID_CODE: "扫到一半拔线",
        ScannerFault.GARBAGE: "说的全是乱码",
        ScannerFault.BAD_REPLY: "应答坏了一位",
        ScannerFault.REFUSES: "不听指令",
        ScannerFault.NO_SUFFIX: "码后面没有回车",
        ScannerFault.TOO_LONG: "码太长",
        ScannerFault.CONTROL_CHARACTERS: "码里有控制符",
        ScannerFault.TWICE: "一个码送两遍",
        ScannerFault.NOTHING_READ: "总说没扫到",
    }
)

QUALITY_WORDS: Mapping[FingerQuality, str] = MappingProxyType(
    {
        FingerQuality.GOOD: "按好",
        FingerQuality.DRY: "太干",
        FingerQuality.WET: "太湿",
        FingerQuality.SMUDGED: "太花",
        FingerQuality.SMALL: "只按一角",
        FingerQuality.LEFTOVER: "只有残留指印",
        FingerQuality.SHAKY: "手在抖",
    }
)

STRANGER = "stranger"
STRANGER_WORDS = "别人的手指"

_FINGER_WORDS = {str(finger): finger.label for finger in Finger}


def finger_words(finger: str) -> str:
    """The finger's name on the screen; its own name where the list does not know it."""
    return STRANGER_WORDS if finger == STRANGER else _FINGER_WORDS.get(finger, finger)
