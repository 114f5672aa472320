"""Twelve invented notices for the wall: titles up to 20 characters, bodies up to 120."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from contract.feed import DisplayItem, Hours
from county.demo.names import COUNTY

SHOWN_DAYS = 60
WORKDAYS = (1, 2, 3, 4, 5)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class _Notice:
    title: str
    body: str
    weekdays: tuple[int, ...] = EVERY_DAY
    opens: time = time(0, 0)
    closes: time = time(23, 59, 59)


_NOTICES = (
    _Notice(
        "养老金资格认证在这里办",
        "每满十二个月认证一次。带上社保卡，在自助机上按指纹就行，一般两分钟。指纹按不上，请找工作人员。",
    ),
    _Notice(
        "办事时间",
        "周一至周五，上午9:00至12:00，下午13:30至17:00。中午有人值班，急事请按铃。",
        weekdays=WORKDAYS,
    ),
    _Notice(
        "今天上午有招聘咨询",
        "大厅右侧桌子，县就业局工作人员现场解答找工作、学技术、办补贴的问题。",
        opens=time(8, 30),
        closes=time(12, 0),
    ),
    _Notice(
        "谨防冒充社保的诈骗",
        "我们不会打电话要密码、验证码，也不会让您转账。接到这样的电话请马上挂断，再到窗口问一问。",
    ),
    _Notice(
        "新岗位每天更新",
        "自助机上点“找工作”，不用插卡就能看。招聘不收押金、不扣证件；有人收钱，请告诉我们。",
    ),
    _Notice(
        "城乡居民养老保险缴费提醒",
        "今年的保费请在12月20日前缴。可在税务、银行和村（社区）代办点缴，自助机只能查询、不收现金。",
    ),
    _Notice(
        "社保卡初始密码请尽快修改",
        "初始密码别人容易猜到。请带身份证和社保卡到窗口，当场就能改好。",
    ),
    _Notice(
        "免费技能培训报名",
        "养老护理、焊工、电工、烹饪等课程正在报名。学费和补贴以县里公布为准，详情请看自助机。",
    ),
    _Notice(
        "卡丢了先挂失",
        "社保卡丢失，请先打电话或到窗口挂失，再补办新卡。挂失后别人用不了您的卡。",
    ),
    _Notice(
        "行动不便可以上门认证",
        "家里老人走不动，家属到窗口登记，工作人员约时间上门，不收费用。",
    ),
    _Notice(
        "被拖欠工资怎么办",
        "保留考勤、欠条、聊天记录，到本大厅劳动维权窗口登记。我们免费受理，依法处理。",
    ),
    _Notice(
        "零钱和老花镜在服务台",
        "服务台备有老花镜、轮椅、饮用水和充电线，请随意取用，用完放回。",
    ),
)


def invented_notices(today: date) -> tuple[tuple[DisplayItem, str], ...]:
    """Each notice with the area it is for; shown from yesterday on for sixty days."""
    first, last = today - timedelta(days=1), today + timedelta(days=SHOWN_DAYS)
    return tuple(
        (
            DisplayItem(
                item_no=f"TZ{place:04d}",
                title=notice.title,
                body=notice.body,
                hours=Hours(
                    first_day=first,
                    last_day=last,
                    weekdays=notice.weekdays,
                    opens=notice.opens,
                    closes=notice.closes,
                ),
                order=place * 10,
                issuer="泸县人社局（示例）",
            ),
            COUNTY,
        )
        for place, notice in enumerate(_NOTICES, start=1)
    )
