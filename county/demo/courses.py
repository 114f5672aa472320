"""Thirty invented training courses."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from contract.feed import Course
from county.demo.names import TOWNS

_TITLES: tuple[tuple[str, int], ...] = (
    ("养老护理员（初级）", 12), ("家政服务员", 8), ("中式烹调师（川菜）", 15), ("焊工（初级）", 20),
    ("电工（低压）取证", 15), ("叉车司机取证", 10), ("缝纫工速成", 7), ("育婴员", 10), ("手机开网店", 5),
    ("短视频带货入门", 5), ("果树修剪技术", 4), ("水产养殖技术", 6), ("农机驾驶与维修", 12), ("物业保安员", 6),
    ("电脑办公入门", 8),
)  # fmt: skip
_SCHOOLS = ("县就业训练中心（示例）", "龙城职业培训学校（示例）", "沱江技能培训学校（示例）")
_SUBSIDIES = (
    "符合条件免学费，示例值每天生活补贴30元",
    "取证后补贴培训费，示例值800元",
    "免学费，不发生活补贴",
)
ROUNDS = 2


def invented_courses(rng: Random, today: date) -> tuple[Course, ...]:
    """Each course twice, in two towns, starting within the next six weeks."""
    return tuple(
        Course(
            course_no=f"PX{today.year}{place + 1:04d}",
            title=title,
            school=rng.choice(_SCHOOLS),
            region=TOWNS[(place * 3 + place // len(_TITLES)) % len(TOWNS)][0],
            starts_on=today + timedelta(days=rng.randint(3, 42)),
            days=days,
            seats=rng.randrange(20, 55, 5),
            subsidy=rng.choice(_SUBSIDIES),
        )
        for place, (title, days) in enumerate(_TITLES * ROUNDS)
    )
