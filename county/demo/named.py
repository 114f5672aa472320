"""The residents to remember: one for each journey, the same numbers, cards and PINs under every seed.

Their dates move with ``today`` so that each stays in the state that makes them special.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from contract.codes import EligibilityState, InsuredStatus
from county.demo.histories import Stretch, employee, month_index, resident_payer
from county.demo.names import FEMALE, LAST_ORDINARY_SEQUENCE, MALE, TOWNS, identity_number
from county.demo.pensions import RESIDENT_BENEFIT, enrolled, paid_before_pension, pension_in
from county.demo.residents import CARD_YEARS, INITIAL_PIN, identification_of, years_after
from county.demo.town import CardStatus, DemoCard, DemoParticipation, DemoResident

_WORKER, _GAP, _ARREARS, _PAYER, _NONE = "worker", "gap", "arrears", "payer", "none"


@dataclass(frozen=True, slots=True)
class Named:
    """What is fixed about one of them; ``history`` is a word above, or the state of a pensioner's verification."""

    name: str
    sex: str
    born_on: date
    pin: str
    special: str
    history: str | EligibilityState
    version: str = "2.00"
    ethnic_group: str = "01"
    fingers: int = 3
    status: CardStatus = CardStatus.NORMAL
    expired: bool = False


_E = EligibilityState
NAMED: tuple[Named, ...] = (
    Named("李伟", MALE, date(1985, 6, 15), "135790", "在职职工，换过单位，中间断缴", _GAP),
    Named("王秀英", FEMALE, date(1958, 3, 8), "246810", "本月该认证，录了三个手指", _E.DUE),
    Named("张国华", MALE, date(1955, 10, 21), "112358", "数据比对已自动认证", _E.MATCHED),
    Named("刘桂芳", FEMALE, date(1952, 7, 2), "314159", "认证已过期", _E.OVERDUE),
    Named("陈德明", MALE, date(1949, 12, 11), "271828", "没有按时认证，待遇已暂停", _E.SUSPENDED),
    Named("杨素珍", FEMALE, date(1944, 5, 19), "161803", "县里有疑点记录，要到窗口", _E.AT_COUNTER),
    Named("黄永福", MALE, date(1957, 1, 30), "141421", "本月该认证，没有录过指纹", _E.DUE, fingers=0),
    Named("周淑兰", FEMALE, date(1960, 9, 9), "173205", "快到认证时间", _E.DUE_SOON),
    Named("吴志强", MALE, date(1959, 4, 17), "223606", "还没到认证时间", _E.NOT_DUE),
    Named("赵雪梅", FEMALE, date(1991, 2, 14), "264575", "三代卡，要县里的密钥服务", _WORKER, version="3.00"),
    Named("徐建国", MALE, date(1968, 8, 1), "331662", "一代卡，缴城乡居民养老", _PAYER, version="1.00"),
    Named("孙丽", FEMALE, date(1988, 11, 23), "360555", "卡已过有效期", _WORKER, expired=True),
    Named("马超", MALE, date(1993, 3, 3), "412310", "卡已挂失", _WORKER, status=CardStatus.LOST),
    Named("朱琳", FEMALE, date(1979, 6, 30), "435889", "卡已注销", _WORKER, status=CardStatus.CANCELLED),
    Named("欧阳婷婷", FEMALE, date(1990, 12, 5), "479583", "四个字的姓名", _WORKER),
    Named("李𬱖", MALE, date(1986, 4, 26), "519615", "姓名里有生僻字", _WORKER),
    Named("古丽·买买提", FEMALE, date(1989, 9, 18), "529150", "少数民族姓名，带间隔号", _WORKER, ethnic_group="05"),
    Named("阿不都热依木·买买提艾力·吐尔逊江", MALE, date(1956, 2, 20), "538516", "十七个字的长姓名，本月该认证", _E.DUE,
          ethnic_group="05"),
    Named("胡小燕", FEMALE, date(2003, 7, 7), "556776", "刚到本县，参保记录还是空的", _NONE),
    Named("林凤英", FEMALE, date(1975, 10, 10), "574456", "单位欠缴三个月", _ARREARS),
    Named("何静", FEMALE, date(1982, 1, 16), INITIAL_PIN, "还在用初始密码", _WORKER),
    Named("郭仁富", MALE, date(1937, 8, 24), "591607", "高龄，只录了一个手指，已过期", _E.OVERDUE, fingers=1),
    Named("高玉莲", FEMALE, date(1954, 6, 6), "608276", "一代卡，本月该认证", _E.DUE, version="1.00"),
)  # fmt: skip


def _card(place: int, named: Named, today: date) -> DemoCard:
    """Issued four years ago, twelve where it has expired; numbers from A51059901 on."""
    number = f"A510599{place:02d}"
    issued = date(today.year - (CARD_YEARS + 2 if named.expired else 4), 5, 20)
    valid_until = years_after(issued, CARD_YEARS)
    return DemoCard(number, identification_of(number), named.version, named.pin, issued, valid_until, named.status)


def _working_history(rng: Random, history: str, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    last = month_index(today) - 1
    owed = frozenset(range(last - 2, last + 1))
    match history:
        case "gap":
            hole = frozenset(range(last - 20, last - 15))
            stretches = [Stretch(units[0], last - 95, last - 52), Stretch(units[1], last - 47, last, missing=hole)]
            return employee(stretches, 5200)
        case "arrears":
            return employee([Stretch(units[3], last - 40, last, unpaid=owed)], 4600)
        case "payer":
            years = range(today.year - 9, today.year + 1)
            return resident_payer(rng, years, last, InsuredStatus.PAYING, frozenset({today.year - 4}))
        case "none":
            return ()
        case _:
            return employee([Stretch(units[2], last - 70, last)], 6100)


def _resident(rng: Random, place: int, named: Named, today: date, units: Sequence[str]) -> DemoResident:
    sequence = LAST_ORDINARY_SEQUENCE + 2 * place + (0 if named.sex == MALE else 1)
    card = _card(place, named, today)
    pension = None
    if isinstance(named.history, EligibilityState):
        pension = pension_in(rng, named.history, today, RESIDENT_BENEFIT)
        paid = paid_before_pension(rng, named.born_on, named.history, RESIDENT_BENEFIT, units[0])
    else:
        paid = _working_history(rng, named.history, today, units)
    return DemoResident(
        identity_number(named.born_on, sequence),
        named.name,
        named.sex,
        named.ethnic_group,
        named.born_on,
        TOWNS[(place * 3) % len(TOWNS)][0],
        card,
        named.special,
        paid,
        pension,
        enrolled(card.number, named.fingers if pension else 0),
    )


def named_residents(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoResident, ...]:
    """All of them, in the order of ``NAMED``."""
    return tuple(_resident(rng, place, named, today, units) for place, named in enumerate(NAMED, start=1))
