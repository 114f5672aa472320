"""Invented job postings: lawful words only, nothing about sex or age (reference/domain.md §6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from contract.codes import Schooling, WagePeriod
from contract.feed import Employer, JobPosting, Wage
from county.demo.employers import DemoEmployer, invented_phone
from county.demo.names import TOWNS
from county.demo.trades import BENEFITS, OCCUPATIONS, PUBLIC_POSTS, PUBLIC_WAGE, Occupation

POSTINGS_AN_EMPLOYER = 7
PUBLIC_POSTS_A_TOWN = 2
SHOWN_DAYS = 30
ORIGINS = ("县就业局", "乡镇收集", "企业直报")
CONTACTS = ("王经理", "李主管", "张老师", "刘会计", "陈师傅", "杨主任", "周厂长", "何主任")
PLACES = ("工业园区", "场镇", "新街", "安置小区旁", "国道边", "产业园")
FIRST_PUBLIC_PHONE = 9000


def _wage(rng: Random, occupation: Occupation) -> Wage:
    """Within the occupation's bounds; one in six names its least only. Piece wages are counted in 0.01 yuan."""
    if occupation.period is WagePeriod.NEGOTIABLE:
        return Wage(period=occupation.period, note="工资面议")
    step = {WagePeriod.MONTH: 100, WagePeriod.DAY: 10}.get(occupation.period, 5)
    middle = (occupation.least + occupation.most) // 2
    unit = Decimal("0.01") if occupation.period is WagePeriod.PIECE else Decimal(1)
    minimum = Decimal(rng.randrange(occupation.least, middle + 1, step)) * unit
    maximum = Decimal(rng.randrange(middle + step, occupation.most + step, step)) * unit
    if rng.randrange(6) == 0:
        return Wage(period=occupation.period, minimum=minimum.quantize(Decimal("0.01")))
    cent = Decimal("0.01")
    return Wage(period=occupation.period, minimum=minimum.quantize(cent), maximum=maximum.quantize(cent))


def _days(rng: Random, today: date) -> tuple[date, datetime, date]:
    """Checked on, published at, last day shown; published no later than yesterday."""
    published = today - timedelta(days=rng.randint(1, SHOWN_DAYS))
    # 01:00 to 08:59 UTC are the office hours of the hall
    moment = datetime.combine(published, time(rng.randint(1, 8), rng.randint(0, 59), rng.randint(0, 59)), UTC)
    return published - timedelta(days=rng.randint(0, 2)), moment, today + timedelta(days=rng.randint(1, SHOWN_DAYS))


def _posting(rng: Random, today: date, serial: int, employer: DemoEmployer) -> JobPosting:
    again, place = divmod(serial % POSTINGS_AN_EMPLOYER, len(OCCUPATIONS[employer.trade]))
    occupation = OCCUPATIONS[employer.trade][place]
    checked, published, expires = _days(rng, today)
    return JobPosting(
        posting_no=f"ZP{today.year}{serial:06d}",
        title=f"{occupation.title}（急招）" if again else occupation.title,
        trade=employer.trade,
        employer=Employer(
            name=employer.name, unified_social_credit_code=employer.credit_code, checked_on=checked - timedelta(days=30)
        ),
        headcount=rng.choice((1, 1, 2, 2, 3, 5, 8, 10, 20)),
        wage=_wage(rng, occupation),
        schooling=occupation.schooling,
        region=employer.region,
        work_place=f"泸县{employer.town}{rng.choice(PLACES)}",
        description=occupation.duties,
        benefits=tuple(rng.sample(BENEFITS, rng.randint(1, 4))),
        contact_name=rng.choice(CONTACTS),
        contact_phone=employer.phone,
        origin=rng.choice(ORIGINS),
        verified_on=checked,
        published_at=published,
        expires_on=expires,
    )


def _public_posting(rng: Random, today: date, serial: int, place: int) -> JobPosting:
    region, town = TOWNS[place % len(TOWNS)]
    trade, title, duties = PUBLIC_POSTS[(place + place // len(TOWNS)) % len(PUBLIC_POSTS)]
    checked, published, expires = _days(rng, today)
    pay = Decimal(PUBLIC_WAGE).quantize(Decimal("0.01"))
    return JobPosting(
        posting_no=f"ZP{today.year}{serial:06d}",
        title=title,
        trade=trade,
        employer=Employer(name=f"{town}便民服务中心", checked_on=checked),
        headcount=rng.randint(1, 4),
        wage=Wage(period=WagePeriod.MONTH, minimum=pay, maximum=pay, note="示例值"),
        schooling=Schooling.ANY,
        region=region,
        work_place=f"泸县{town}各村（社区）",
        description=f"{duties}面向就业困难人员，先公示后上岗。",
        benefits=("买社保", "方便顾家"),
        public_welfare=True,
        contact_name="服务大厅",
        contact_phone=invented_phone(FIRST_PUBLIC_PHONE + place % len(TOWNS)),
        origin="县就业局",
        verified_on=checked,
        published_at=published,
        expires_on=expires,
    )


def invented_postings(rng: Random, today: date, employers: Sequence[DemoEmployer]) -> tuple[JobPosting, ...]:
    """Seven postings of each employer and two public-welfare posts in each town."""
    offers = [employer for employer in employers for _ in range(POSTINGS_AN_EMPLOYER)]
    public = len(TOWNS) * PUBLIC_POSTS_A_TOWN
    ordinary = [_posting(rng, today, serial, employer) for serial, employer in enumerate(offers, start=1)]
    return tuple(ordinary + [_public_posting(rng, today, len(offers) + 1 + place, place) for place in range(public)])
