"""Invented posts by the hundred thousand, put where a search finds them: a kiosk's store, or a hub on PostgreSQL.

Written past the program's own inserts (a million of those take a quarter of an hour), with the words it would write.
The texts repeat after TEXTS posts; numbers and moments do not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from contract.codes import WagePeriod
from contract.feed import Employer, FeedKind
from contract.job_query import monthly_pay, words_of
from county.search.board import SEQUENCE_BITS
from kiosk.pinyin import Pinyin
from kiosk.store import Store
from kiosk.uplink.job_index import spelled
from tests.postings import NOW, a_posting, a_wage

TEXTS, PORTION, DAYS = 20_000, 10_000, 60
BEYOND = 1_000_000
"""The first revision of what is put into a feed: past those of the invented town."""
TOWNS = [f"510521{number}" for number in range(100, 140)]
ORDINARY = (  # noqa: SIM905 - words, not a table of quotation marks
    "普工 缝纫工 包装工 质检员 收银员 导购员 理货员 店长 厨师 服务员 洗碗工 保洁员 护理员 月嫂 "
    "育婴员 快递员 送餐员 驾驶员 装卸工 仓管员 会计 出纳 文员 客服 前台 主播 剪辑 设计师 "
    "泥瓦工 木工 钢筋工 油漆工 水电安装工 架子工 塔吊司机 挖机手 电焊工 钳工 车工 铣工 "
    "数控操作工 模具工 机修工 注塑工 喷漆工 打磨工 裁剪工 熨烫工 养殖员 种植员 采茶工 果园管护 "
    "药剂师 护士 幼师 家教 健身教练 美发师 美容师 足疗师"
).split()
PHRASES = (  # noqa: SIM905 - words, not a table of quotation marks
    "包吃住 五险一金 月休四天 长白班 两班倒 有夜班补贴 工资月结 可日结 免费培训 无经验可 男女不限 "
    "年底双薪 提供工装 免费体检 交通方便 住宿有空调 岗位稳定 多劳多得 加班有补贴 试用期一个月 "
    "节日福利 签劳动合同 离家近 不限学历 有宿舍 车间干净 订单充足 上班准时 统一管理 老员工带"
).split()
RARE = {"保安": 18, "叉车司机": 18, "二胡教师": 2, "航天器材装配工": 2, "电工": 30}
"""Titles with how many of a thousand posts have them."""
ELECTRICIAN = "需持电工证"
ITS_SHARE = 0.24


@dataclass(frozen=True)
class Text:
    """What a post says: words of its index, letters a kiosk adds, pay, and its JSON around number and moment."""

    words: str
    letters: str
    pay: float | None
    body: str


def texts() -> list[Text]:
    """The same at every run."""
    rng = random.Random(7)
    titles = [title for title, share in RARE.items() for _ in range(share)]
    titles += rng.choices(ORDINARY, k=1000 - len(titles))
    pinyin = Pinyin()
    return [_text(rng, titles, pinyin) for _ in range(TEXTS)]


def _text(rng: random.Random, titles: list[str], pinyin: Pinyin) -> Text:
    said = rng.sample(PHRASES, 9) + ([ELECTRICIAN] if rng.random() < ITS_SHARE else [])
    least = rng.randrange(2000, 12_000, 100)
    unit = f"泸县{rng.choice(PHRASES)[:2]}{rng.choice(ORDINARY)[:2]}有限公司"
    job = a_posting(
        "NUMBER", title=rng.choice(titles), description="，".join(said), region=rng.choice(TOWNS),
        employer=Employer(name=unit, checked_on=NOW.date()),
        wage=a_wage(WagePeriod.MONTH, least, least + 1000),
    )  # fmt: skip
    return Text(words_of(job), spelled(job.title, job.trade.label, pinyin), monthly_pay(job), job.model_dump_json())


def posts(many: int) -> Iterator[tuple[int, str, Text, str]]:
    """Number, posting number, text and body of each, oldest first, over DAYS days."""
    known, begin, step = texts(), NOW - timedelta(days=DAYS), DAYS * 86_400 / many
    then = NOW.isoformat().replace("+00:00", "Z")
    for n in range(many):
        moment = begin + timedelta(seconds=int(n * step))
        said = known[n % TEXTS]
        body = said.body.replace('"NUMBER"', f'"B{n}"').replace(then, moment.isoformat().replace("+00:00", "Z"))
        yield (int(moment.timestamp()) << SEQUENCE_BITS) + n % (1 << SEQUENCE_BITS), f"B{n}", said, body


def portions(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """PORTION at a time."""
    portion: list[Any] = []
    for row in rows:
        portion.append(row)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def fill_kiosk(file: Path, many: int) -> Store:
    """A kiosk's store with so many posts."""
    store, ends = Store(file), (NOW + timedelta(days=30)).date().isoformat()
    rows = (
        (number, key, ends, f"{said.words} {said.letters}", said.pay, body) for number, key, said, body in posts(many)
    )
    for portion in portions(rows):
        with store.begin() as connection:
            cursor = connection.connection.cursor()
            cursor.executemany(
                "INSERT INTO posting (rowid, posting_no, expires_on, words, pay, body) VALUES (?, ?, ?, ?, ?, ?)",
                portion,
            )
            cursor.executemany(
                "INSERT INTO posting_words (rowid, words) VALUES (?, ?)", [(row[0], row[3]) for row in portion]
            )
    return store


def fill_hub(database: str, many: int) -> None:
    """A hub's tables with so many posts; ``database``: as psycopg takes it. The index is made afterwards."""
    ends = (NOW + timedelta(days=30)).date()
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_postings_words'").fetchall()
        connection.execute("DROP INDEX ix_postings_words")
        with connection.cursor().copy("COPY postings (number, posting_no, words) FROM STDIN") as copy:
            for number, key, said, _ in posts(many):
                copy.write_row((number, key, f" {said.words} "))
        with connection.cursor().copy(
            "COPY feed (revision, kind, key, removed, lease_hours, last_day, body) FROM STDIN"
        ) as copy:
            for n, (_, key, _, body) in enumerate(posts(many), start=BEYOND):
                copy.write_row((n, FeedKind.POSTING.value, key, False, 72, ends, body))
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(found[0][0])
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) postings")
        connection.execute("VACUUM (ANALYZE) feed")
