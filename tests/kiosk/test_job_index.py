"""Looking for a job: words of any length, filters, a stable order, and text that is never read as a command."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

import kiosk.migrations
from contract.bigrams import LONGEST_QUERY, index_words, query_of, runs
from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import Employer
from contract.job_query import JobQuery, Sort, words_of
from kiosk.store import Store, open_engine
from kiosk.uplink.job_index import JobIndex, counted_words
from kiosk.uplink.job_statements import COUNTED, COUNTED_AMONG
from tests.postings import NOW, a_posting, a_wage

TODAY = NOW.date()


class Board:
    """An index with postings of a test's own."""

    def __init__(self, file):
        self.store = Store(file)
        self.jobs = JobIndex(self.store, 20)

    def put(self, *postings):
        with self.store.begin() as connection:
            for job in postings:
                self.jobs.put(connection, job.posting_no, job)
        self.jobs.forget_read()

    def remove(self, number):
        with self.store.begin() as connection:
            self.jobs.put(connection, number, None)
        self.jobs.forget_read()

    def found(self, page=1, **query):
        return [job.posting_no for job in self.jobs.find(JobQuery(**query), page, TODAY).postings]


@pytest.fixture
def board(tmp_path):
    made = Board(tmp_path / "kiosk.sqlite")
    yield made
    made.store.close()


@pytest.fixture
def lively(board):
    """Five postings that differ in everything."""
    board.put(
        a_posting("welder", title="焊工", employer=Employer(name="泸县造船厂", checked_on=TODAY)),
        a_posting("cnc", title="CNC操作工", description="会用UG软件，五险一金"),
        a_posting("nurse", title="护理员", trade=Trade.CARE, schooling=Schooling.COLLEGE, region="510521100"),
        a_posting("cook", title="厨师", trade=Trade.CATERING, wage=a_wage(WagePeriod.DAY, 200, 260)),
        a_posting(
            "clean",
            title="保洁",
            trade=Trade.SECURITY,
            public_welfare=True,
            wage=a_wage(WagePeriod.NEGOTIABLE, None, None),
        ),
    )
    return board


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("焊工", ["welder"]),
        ("焊", ["welder"]),
        ("工", ["cnc", "welder"]),
        ("造船厂", ["welder"]),
        ("操作工", ["cnc"]),
        ("CNC", ["cnc"]),
        ("cnc", ["cnc"]),
        ("ｃｎｃ", ["cnc"]),
        ("CN", ["cnc"]),
        ("CNC操作", ["cnc"]),
        ("cnc 五险", ["cnc"]),
        ("护理 厨师", []),
        ("工焊", []),
        ("宇航员", []),
        ("，。！", []),
        ("保 洁", ["clean"]),
    ],
)
def test_words_of_any_length_find_what_holds_them(lively, words, found):
    assert sorted(lively.found(words=words)) == sorted(found)


def test_blank_words_find_everything_newest_first(lively):
    everything = lively.found()
    assert len(everything) == 5
    assert lively.found(words="") == lively.found(words="   ") == everything


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"town": "510521100"}, {"nurse"}),
        ({"trade": Trade.CATERING}, {"cook"}),
        ({"public_welfare": True}, {"clean"}),
        ({"schooling": Schooling.JUNIOR}, {"welder", "cnc", "cook", "clean"}),
        ({"schooling": Schooling.BACHELOR}, {"welder", "cnc", "cook", "clean", "nurse"}),
        ({"pay": 3000}, {"welder", "cnc", "nurse"}),
        ({"pay": 4000}, {"welder", "cnc", "nurse"}),
        ({"pay": 5000}, set()),
        ({"pay": 200, "pay_period": WagePeriod.DAY}, {"cook"}),
        ({"pay": 300, "pay_period": WagePeriod.DAY}, set()),
        ({"pay_period": WagePeriod.NEGOTIABLE}, {"clean"}),
        ({"pay_period": WagePeriod.NEGOTIABLE, "pay": 1}, set()),
        ({"trade": Trade.CRAFT, "words": "焊"}, {"welder"}),
        ({"trade": Trade.CARE, "town": "510521109"}, set()),
    ],
)
def test_filters_narrow_and_kinds_of_pay_are_never_mixed(lively, query, found):
    assert set(lively.found(**query)) == found
    assert lively.jobs.count(JobQuery(**query), TODAY) == len(found)


HOSTILE = [
    "'; DROP TABLE posting; --",
    '" OR 1=1 --',
    '焊工" OR "厨师',
    "NEAR(焊工 厨师)",
    "words:焊工",
    "焊* OR 厨*",
    "-焊工",
    "^焊",
    "{{7*7}}",
    "%",
    "_",
    "zall",
    "zwelfare",
    "\\",
    "\x00焊工",
    "(" * 50,
    "AND",
    "NOT 焊工",
    "字" * 350_000,
    "🙂",
    "𬱖",
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: words[:20].encode("unicode_escape").decode())
def test_text_of_sql_and_search_syntax_is_only_text(lively, words):
    lively.found(words=words)
    assert len(lively.found()) == 5
    assert lively.store.check() == "ok"


@pytest.mark.parametrize("words", ["zwelfare", "zall", "ωall", "ωwelfare", "ωrcare", "ωt510521109", "ω"])
def test_the_words_of_filters_cannot_be_searched_for(lively, words):
    assert lively.found(words=words) == []


@pytest.mark.parametrize("town", ['510521109" OR zall', "x) OR (zall", "' --", "*", "zall OR zall"])
def test_a_town_that_is_no_code_finds_nothing_and_breaks_nothing(lively, town):
    assert lively.found(town=town) == []
    assert lively.jobs.count(JobQuery(town=town), TODAY) == 0


def test_the_order_is_stable_and_pages_neither_repeat_nor_skip(board):
    board.put(*[a_posting(f"{n:03}", published_at=NOW - timedelta(minutes=n // 3)) for n in range(65)])
    pages = [board.found(page) for page in (1, 2, 3, 4, 5)]
    assert [len(page) for page in pages] == [20, 20, 20, 5, 0]
    everything = [number for page in pages for number in page]
    assert len(set(everything)) == 65
    assert [board.found(page) for page in (1, 2, 3, 4, 5)] == pages
    assert board.jobs.find(JobQuery(), 4, TODAY).total == 65
    assert board.jobs.find(JobQuery(), 9, TODAY).total == 65


@pytest.mark.parametrize("page", [0, -3, 10**30])
def test_a_page_that_cannot_be_is_the_first_or_empty(lively, page):
    assert len(lively.found(page)) in (0, 5)


def test_by_pay_the_best_month_comes_first_and_what_has_none_comes_last(lively):
    lively.put(a_posting("chief", wage=a_wage(WagePeriod.MONTH, 8000, None)))
    found = lively.found(sort=Sort.MONTHLY_PAY)
    assert found[0] == "chief"
    assert set(found[-2:]) == {"cook", "clean"}


def test_a_posting_disappears_the_day_after_its_last(board):
    board.put(a_posting("last", expires_on=TODAY), a_posting("gone", expires_on=TODAY - timedelta(days=1)))
    assert board.found() == ["last"]
    assert board.jobs.one("gone", TODAY) is None
    assert board.jobs.one("last", TODAY).posting_no == "last"
    assert board.jobs.find(JobQuery(), 1, TODAY + timedelta(days=1)).total == 0


def test_a_changed_or_removed_posting_leaves_no_word_behind(board):
    board.put(a_posting("one", title="焊工"))
    assert board.found() == ["one"]
    board.put(a_posting("one", title="厨师"))
    assert board.found(words="焊工") == []
    assert board.found(words="厨师") == ["one"]
    assert board.jobs.one("one", TODAY).title == "厨师"
    board.remove("one")
    board.remove("one")
    assert board.found(words="厨师") == board.found() == []
    with board.store.begin() as connection:
        board.jobs.drop_all(connection)
    assert board.store.check() == "ok"


def test_many_readers_and_a_feed_that_changes_meanwhile_never_miss_a_row(board):
    board.put(*[a_posting(f"{n:04}") for n in range(2050)])
    for page in range(1, 104):
        assert board.jobs.one(f"{page:04}", TODAY) is not None
        assert len(board.found(page)) == (20 if page < 103 else 10)


def test_posts_are_counted_to_a_thousand_and_shown_beyond_it(board):
    board.put(*[a_posting(f"{n:04}") for n in range(COUNTED)])
    assert board.jobs.count(JobQuery(words="电工"), TODAY) == COUNTED
    assert counted_words(COUNTED) == "1000"
    board.put(*[a_posting(f"more{n}") for n in range(45)])
    assert board.jobs.count(JobQuery(words="电工"), TODAY) == COUNTED + 1
    page = board.jobs.find(JobQuery(), 52, TODAY)
    assert (page.total, len(page.postings)) == (1041, 20)
    assert counted_words(page.total, page.more) == "1000 多"


def test_in_a_very_long_list_those_among_the_newest_are_counted_and_it_is_said(board):
    old = [a_posting(f"old{n}", title="二胡教师", published_at=NOW - timedelta(days=9)) for n in range(25)]
    board.put(*old, *[a_posting(f"new{n}", title="二胡教师") for n in range(30)])
    with board.store.begin() as connection:  # words as in a list of that length; the posts do not matter
        first = connection.scalar(text("SELECT max(rowid) FROM posting WHERE posting_no LIKE 'old%'"))
        rows = [{"rowid": first + 1000 + number} for number in range(COUNTED_AMONG - 30)]
        connection.execute(text("INSERT INTO posting_words(rowid, words) VALUES (:rowid, 'x')"), rows)
    board.jobs.forget_read()
    page = board.jobs.find(JobQuery(words="二胡"), 1, TODAY)
    assert (page.total, page.more, len(page.postings)) == (30, True, 20)
    assert counted_words(page.total, page.more) == "30 多"
    second = board.jobs.find(JobQuery(words="二胡"), 2, TODAY)
    assert (second.total, len(second.postings)) == (41, 20)
    third = board.jobs.find(JobQuery(words="二胡"), 3, TODAY)
    assert (third.total, third.more, len(third.postings)) == (55, False, 15)
    assert board.jobs.count(JobQuery(words="二胡"), TODAY) == 55


def test_an_empty_result_can_name_each_filter_to_drop():
    query = JobQuery(words="焊", trade=Trade.CARE, pay=3000, pay_period=WagePeriod.MONTH, sort=Sort.MONTHLY_PAY)
    narrowings = {name: query.without(name) for name in query.narrowings()}
    assert set(narrowings) == {"words", "trade", "pay", "pay_period"}
    assert narrowings["words"].words == ""
    assert narrowings["pay_period"].pay is None
    assert narrowings["trade"].sort is Sort.MONTHLY_PAY
    assert JobQuery(sort=Sort.MONTHLY_PAY).narrowings() == []


def test_chinese_is_cut_in_pairs_and_latin_stays_whole():
    assert runs("CNC操作 5S") == ["cnc", "操作", "5s"]
    assert index_words("操作工") == ["操作", "作工", "工"]
    assert index_words("ABC") == ["abc"]
    assert query_of("工") == '"工"*'
    assert query_of("操作工") == '"操作 作工"'
    assert query_of("！？") is None
    assert len(query_of("字" * 1000)) < 6 * LONGEST_QUERY


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_typed_is_quoted_whole(words, more):
    expression = query_of(f"{words} {more}")
    if expression is not None:
        for term in expression.split(" AND "):
            assert term.startswith('"')
            assert term.rstrip("*").endswith('"')
            assert '"' not in term.rstrip("*")[1:-1]


def test_what_somebody_typed_is_not_kept_in_memory(hall):
    jobs, today = hall.machine.county.feed.jobs, hall.machine.clock.local().date()
    jobs.find(JobQuery(words="护理员"), 1, today)
    jobs.find(JobQuery(trade=Trade.CARE), 1, today)
    assert {query for query, _, _ in jobs._pages} == {JobQuery(trade=Trade.CARE)}


@pytest.mark.parametrize(
    ("letters", "number"),
    [
        ("dg", "welder"), ("diangong", "welder"), ("hg", "welder"), ("gong", "welder"), ("csj", "driver"),
        ("ccsj", "driver"), ("CCSJ", "driver"), ("chachesiji", "driver"), ("zyjd", "driver"),
        ("cyjd", "driver"), ("cnc", "cnc"),
    ],
)  # fmt: skip
def test_a_post_is_found_by_the_letters_of_its_title_whole_or_from_any_character_on(board, letters, number):
    """长 of 长途 and 重 of 重载 are read two ways, and either may be typed."""
    board.put(
        a_posting("welder", title="电焊工 兼电工", employer=Employer(name="厂", checked_on=TODAY)),
        a_posting("driver", title="叉车司机（重运 长运 重要机动）", trade=Trade.DRIVING),
        a_posting("cnc", title="CNC操作", trade=Trade.FACTORY),
    )
    assert number in board.found(words=letters)


def test_letters_are_those_of_the_trade_as_well_and_nobody_is_found_by_letters_of_others(board):
    board.put(a_posting("care", title="月嫂", trade=Trade.CARE), a_posting("shop", title="导购", trade=Trade.SALES))
    assert board.found(words="hljz") == ["care"]
    assert board.found(words="ys") == ["care"]
    assert board.found(words="dg") == ["shop"]
    assert board.found(words="qqqq") == []


def test_a_post_that_is_renewed_or_withdrawn_is_no_longer_found_by_its_old_letters(board):
    board.put(a_posting("one", title="缝纫工", trade=Trade.FACTORY))
    assert board.found(words="frg") == ["one"]
    board.put(a_posting("one", title="裁剪工", trade=Trade.FACTORY))
    assert board.found(words="frg") == []
    assert board.found(words="cjg") == ["one"]
    board.remove("one")
    assert board.found(words="cjg") == []
    with board.store.read() as connection:
        left = connection.scalar(text("SELECT count(*) FROM posting_words WHERE posting_words MATCH 'cjg OR frg'"))
    assert left == 0


def test_posts_of_a_store_from_before_are_found_by_letters_after_the_migration(tmp_path):
    file = tmp_path / "kiosk.sqlite"
    engine = open_engine(file)
    config = Config()
    config.set_main_option("script_location", str(Path(kiosk.migrations.__file__).parent))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        job = a_posting("old", title="挖掘机司机")
        row = (7, "old", job.expires_on.isoformat(), words_of(job), job.model_dump_json())
        tell = connection.exec_driver_sql
        tell("INSERT INTO posting (rowid, posting_no, expires_on, words, body) VALUES (?, ?, ?, ?, ?)", row)
        tell("INSERT INTO posting_words (rowid, words) VALUES (7, ?)", (words_of(job),))
    engine.dispose()
    board = Board(file)
    try:
        assert board.found(words="wjjsj") == ["old"]
        assert board.found(words="挖掘机") == ["old"]
        board.remove("old")
        assert board.found(words="wjjsj") == []
    finally:
        board.store.close()
