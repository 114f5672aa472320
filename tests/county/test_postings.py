"""The county's own search over open posts: what a kiosk finds in its copy, the county finds too, in the same order."""

from datetime import timedelta

import pytest

from contract.bigrams import LONGEST_QUERY
from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import Employer, FeedKind, PostingPage
from contract.job_query import JobQuery
from county.publishing import publish, withdraw
from county.search import finding
from kiosk.store import Store
from kiosk.uplink.job_index import JobIndex
from tests.postings import NOW, a_posting, a_wage

TODAY = NOW.date()
TITLES = ("焊工", "CNC操作工", "护理员", "厨师", "保洁", "电工", "电工证培训老师", "特种电焊工", "叉车司机", "二胡教师")
PLACES = ("510521109", "510521100", "510521103")


def a_town() -> list:
    """Sixty posts that differ in everything a search may ask for; no two of one second."""
    periods = (WagePeriod.MONTH, WagePeriod.DAY, WagePeriod.NEGOTIABLE)
    posts = []
    for number in range(60):
        period = periods[number % 3 if number % 4 == 0 else 0]
        least = {WagePeriod.MONTH: 2000 + 700 * (number % 9), WagePeriod.DAY: 150}.get(period)
        posts.append(
            a_posting(
                f"P{number:02}",
                title=TITLES[number % len(TITLES)],
                description="包吃住，五险一金" if number % 2 else "需要电工证，会用UG软件",
                employer=Employer(name="泸县造船厂" if number % 5 else "云龙电器厂", checked_on=TODAY),
                trade=tuple(Trade)[number % 4],
                region=PLACES[number % 3],
                schooling=tuple(Schooling)[number % len(Schooling)],
                public_welfare=number % 7 == 0,
                wage=a_wage(period, least, None),
                published_at=NOW - timedelta(minutes=number),
            )
        )
    return posts


@pytest.fixture
def board(empty_office):
    with empty_office.hub.store.writing() as connection:
        for job in a_town():
            publish(connection, FeedKind.POSTING, job.posting_no, job)
    return empty_office


@pytest.fixture
def kiosk_board(tmp_path):
    store = Store(tmp_path / "kiosk.sqlite")
    jobs = JobIndex(store, 100, spell=lambda *_: "")  # the county finds nothing by its letters
    with store.begin() as connection:
        for job in a_town():
            jobs.put(connection, job.posting_no, job)
    yield jobs
    store.close()


def asked(office, **query):
    reply = office.client.get("/v1/postings", query_string=query)
    assert reply.status_code == 200, reply.text
    return PostingPage.model_validate_json(reply.data)


def numbers(page):
    return [job.posting_no for job in page.items]


QUERIES = [
    JobQuery(),
    *[
        JobQuery(words=words)
        for words in ("焊", "电工", "电工证", "证电工", "工", "CNC", "cn", "UG 造船", "宇航员", "二胡")
    ],
    *[
        JobQuery(words=words)
        for words in ("，。", "ｃｎｃ操作", "造船厂 焊工", "%", "_", "' OR 1=1", "ωall", "a:*", "焊:* | 工")
    ],
    JobQuery(words="电工", town="510521109"),
    JobQuery(town="510521100", trade=Trade.CRAFT),
    JobQuery(town="510521999"),
    JobQuery(pay=4000, pay_period=WagePeriod.MONTH),
    JobQuery(words="焊", pay=7000, pay_period=WagePeriod.MONTH),
    JobQuery(pay_period=WagePeriod.NEGOTIABLE),
    JobQuery(schooling=Schooling.JUNIOR, public_welfare=True),
]


def address_of(query) -> dict:
    found = {
        "q": query.words, "town": query.town, "trade": query.trade, "pay_min": query.pay,
        "period": query.pay_period, "schooling": query.schooling, "welfare": "1" if query.public_welfare else "",
    }  # fmt: skip
    return {name: str(value) for name, value in found.items() if value}


@pytest.mark.parametrize("walked", [finding.WALKED, 0], ids=["by walking first", "by the index alone"])
def test_the_county_finds_what_a_kiosk_finds_in_the_same_order(board, kiosk_board, walked):
    answers = {}
    for query in QUERIES:
        with board.hub.store.reading() as connection:
            found = finding.find(connection, query, None, 100, walked=walked)
        answers[query] = [job.posting_no for job in found.items]
        assert answers[query] == [job.posting_no for job in kiosk_board.find(query, 1, TODAY).postings], query
        assert answers[query] == numbers(asked(board, limit=100, **address_of(query))), query
    assert sum(1 for found in answers.values() if found) > len(QUERIES) // 2


def test_pages_by_cursor_neither_repeat_nor_skip_while_posts_come_in(board):
    first = asked(board, q="工", limit=7)
    with board.hub.store.writing() as connection:
        newer = a_posting("NEW", title="焊工", published_at=NOW + timedelta(minutes=1))
        publish(connection, FeedKind.POSTING, "NEW", newer)
    pages = [first]
    while pages[-1].more:
        pages.append(asked(board, q="工", limit=7, cursor=pages[-1].cursor))
    found = [number for page in pages for number in numbers(page)]
    assert len(found) == len(set(found)) > 7
    assert "NEW" not in found
    assert ["NEW", *found] == numbers(asked(board, q="工", limit=100))


def test_exactly_a_full_page_is_the_last(board):
    found = numbers(asked(board, q="二胡", limit=100))
    page = asked(board, q="二胡", limit=len(found))
    assert (page.more, page.cursor) == (False, "")


def test_what_leaves_the_feed_leaves_the_search_and_what_changes_is_found_anew(board):
    with board.hub.store.writing() as connection:
        withdraw(connection, FeedKind.POSTING, "P03")
        publish(connection, FeedKind.POSTING, "P13", a_posting("P13", title="宇航员"))
    assert numbers(asked(board, q="宇航员")) == ["P13"]
    assert {"P03", "P13"}.isdisjoint(numbers(asked(board, q="厨师", limit=100)))


def test_an_expired_post_is_gone_without_anybody_polling(board):
    board.later(days=31)
    assert numbers(asked(board)) == []


def test_what_is_unchanged_costs_no_search_and_may_be_kept_for_a_minute(board):
    reply = board.client.get("/v1/postings?q=焊工")
    assert reply.headers["Cache-Control"] == "public, max-age=60"
    again = board.client.get("/v1/postings?q=焊工", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = board.client.get("/v1/postings?q=厨师", headers={"If-None-Match": reply.headers["ETag"]})
    assert other.status_code == 200
    with board.hub.store.writing() as connection:
        withdraw(connection, FeedKind.POSTING, "P03")
    late = board.client.get("/v1/postings?q=焊工", headers={"If-None-Match": reply.headers["ETag"]})
    assert late.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"q": "字" * (LONGEST_QUERY + 1)}, {"town": "510521"}, {"town": "x' OR 1"}, {"trade": "pirate"}, {"limit": "0"},
        {"limit": "101"}, {"limit": "ten"},
        {"cursor": "-1"}, {"cursor": "9" * 19}, {"cursor": "１"}, {"welfare": "yes"},
        {"pay_min": "4500"}, {"pay_min": "3000", "period": "day"}, {"schooling": "wise"},
    ],
    ids=str,
)  # fmt: skip
def test_what_the_contract_does_not_know_is_refused(empty_office, query):
    reply = empty_office.client.get("/v1/postings", query_string=query)
    assert reply.status_code == 400
    assert reply.json["type"].endswith("malformed")


def test_the_invented_town_can_be_searched(office):
    found = asked(office, town="510521109", limit=5)
    assert found.items
    assert {job.region[:9] for job in found.items} == {"510521109"}
