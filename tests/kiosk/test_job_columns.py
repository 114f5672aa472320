"""However a search is looked up, by the index or from the posts themselves: it finds what a look at each finds."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.bigrams import runs
from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import Employer, Wage
from contract.job_query import HIGHEST_STEPS, LEVELS, PAY_STEP, JobQuery, Sort, monthly_pay
from kiosk.store import Store
from kiosk.uplink import job_index
from kiosk.uplink.job_columns import from_columns, without_columns
from kiosk.uplink.job_index import JobIndex
from tests.postings import NOW, a_posting

TODAY, PAGE, POSTS = NOW.date(), 20, 400
TITLES = ("电工", "二胡教师", "保安", "CNC操作工", "焊工", "保洁")
TOWNS = ("510521100", "510521109")
AMOUNTS = (None, 1, 49, 50, 200, 260, 999, 1000, 2500, 3000, 3999.99, 4000, 39_999, 40_000, 90_000)


def invented():
    """Posts that differ in everything a search asks for, the same at every run."""
    rng = random.Random(11)  # noqa: S311  invented posts, the same at every run
    for n in range(POSTS):
        least, most = (None if it is None else Decimal(str(it)) for it in rng.choices(AMOUNTS, k=2))
        if least is not None and most is not None and most < least:
            least, most = most, least
        yield a_posting(
            f"{n:03}", title=rng.choice(TITLES), trade=rng.choice(list(Trade)), region=rng.choice(TOWNS),
            schooling=rng.choice(LEVELS), public_welfare=rng.random() < 0.2,
            employer=Employer(name="厂", checked_on=TODAY), description=rng.choice(("五险一金", "包吃住", "")),
            wage=Wage(period=rng.choice(list(WagePeriod)), minimum=least, maximum=most),
        )  # fmt: skip


def pays(job, query):
    """Whether a post pays as asked: by steps, as the screens offer them."""
    if not query.pay:
        return query.pay_period in (None, job.wage.period)
    period = query.pay_period or WagePeriod.MONTH
    best = job.wage.minimum if job.wage.maximum is None else job.wage.maximum
    if period is not job.wage.period or period not in PAY_STEP or best is None:
        return False
    return 1 <= query.pay // PAY_STEP[period] <= min(int(best / PAY_STEP[period]), HIGHEST_STEPS)


def plainly(posts, query):
    """Numbers of the posts a query finds, by looking at each."""

    def answers(job):
        spoken = f"{job.title} {job.employer.name} {job.work_place} {job.description} {job.trade.label}".lower()
        return (
            all(run in spoken for run in runs(query.words))
            and query.town in ("", job.region)
            and query.trade in (None, job.trade)
            and (query.schooling is None or LEVELS.index(job.schooling) <= LEVELS.index(query.schooling))
            and (job.public_welfare or not query.public_welfare)
            and pays(job, query)
        )

    return {job.posting_no for job in posts if answers(job)}


@pytest.fixture(scope="module")
def posts():
    return list(invented())


@pytest.fixture(scope="module")
def jobs(tmp_path_factory, posts):
    store = Store(tmp_path_factory.mktemp("board") / "kiosk.sqlite")
    index = JobIndex(store, PAGE)
    with store.begin() as connection:
        for job in posts:
            index.put(connection, job.posting_no, job)
    yield index
    store.close()


def queries():
    """Anything a resident can ask for, and amounts on both sides of every step."""
    return st.builds(
        JobQuery,
        words=st.sampled_from((*TITLES, "工", "电", "宇航员", "工 五险", "cn", "")),
        town=st.sampled_from(("", *TOWNS, "510521999")),
        trade=st.none() | st.sampled_from(list(Trade)),
        pay=st.none() | st.sampled_from((1, 49, 50, 99, 200, 250, 999, 1000, 3500, 4000, 40_000, 41_000)),
        pay_period=st.none() | st.sampled_from(list(WagePeriod)),
        schooling=st.none() | st.sampled_from(list(Schooling)),
        public_welfare=st.booleans(),
        sort=st.sampled_from(list(Sort)),
    )


@given(queries())
@settings(max_examples=300, deadline=None)
def test_rare_words_and_common_ones_find_what_a_plain_look_finds(jobs, posts, query):
    """The first, as the program chooses; then as if every word were common: the index alone."""
    expected = plainly(posts, query)
    rare = everything(jobs, query)
    assert sorted(rare) == sorted(expected)
    assert jobs.count(query, TODAY) == len(expected)
    by_the_index_alone = JobIndex(jobs._store, PAGE, rare=0)
    assert everything(by_the_index_alone, query) == rare, "in the same order"
    assert by_the_index_alone.count(query, TODAY) == len(expected)


def everything(jobs, query):
    """Numbers of all pages, in order."""
    found, page = [], 1
    while (one := jobs._find(query, page, TODAY)).postings:
        found += [job.posting_no for job in one.postings]
        page += 1
    return found


def test_by_pay_the_order_is_that_of_the_amounts(jobs, posts):
    by_number = {job.posting_no: job for job in posts}
    query = JobQuery(words="工", schooling=Schooling.BACHELOR, sort=Sort.MONTHLY_PAY)
    paid = [monthly_pay(by_number[number]) for number in everything(jobs, query)]
    known = [amount for amount in paid if amount is not None]
    assert known == sorted(known, reverse=True)
    assert paid[: len(known)] == known


def test_a_rare_word_reads_the_long_lists_of_the_index_no_more(jobs):
    query = JobQuery(words="二胡", town=TOWNS[0], pay=3000, schooling=Schooling.JUNIOR, trade=Trade.CRAFT)
    looking = jobs._looking(query)
    assert looking == from_columns(query, '"二胡" AND ωt510521100')
    assert looking.values == (3000, "craft", "90", "81", "71")
    alone = replace(query, words="")
    assert not jobs._looking(alone).conditions, "without words the index is asked"
    assert without_columns(query) == JobQuery(words="二胡", town=TOWNS[0])


def test_a_word_of_many_posts_is_left_to_the_index(tmp_path):
    store = Store(tmp_path / "kiosk.sqlite")
    index, query = JobIndex(store, PAGE), JobQuery(words="电工", pay=3000)
    try:
        with store.begin() as connection:
            put = "INSERT INTO posting_words (rowid, words) VALUES (?, '电工 工')"
            connection.exec_driver_sql(put, [(number,) for number in range(1, job_index.RARE + 1)])
        assert index._looking(query).conditions
        with store.begin() as connection:
            connection.exec_driver_sql(put, (job_index.RARE + 1,))
        index.forget_read()
        assert not index._looking(query).conditions
    finally:
        store.close()
