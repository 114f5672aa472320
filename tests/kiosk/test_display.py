"""The wall: what hangs there, when it goes dark, and that it needs no cookie, no county, no memory of a window."""

import datetime as dt
import hashlib
import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from sqlalchemy import insert, update

from contract.feed import DisplayItem, FeedKind, Hours, JobPosting
from contract.job_query import JobQuery
from county.publishing import publish
from kiosk.models import feed_item, media, posting
from kiosk.staff.hiding import hide, items_here
from kiosk.wall_view import row_of
from tests.screen import Wall

DAY = 24 * 3600
EMPTY = "内容更新中"


def newest(hall):
    """The newest posts that may be shown today."""
    return hall.machine.county.feed.jobs.find(JobQuery(), 1, hall.machine.clock.local().date()).postings


def clear_notices(hall):
    for here in items_here(hall.machine):
        hide(hall.machine, here.item.item_no, "test")


def hang(hall, title, body="", picture=None, seconds=10, **hours):
    """Put a notice into this machine's copy, as the feed would."""
    today = hall.machine.clock.local().date()
    days = {"first_day": today - dt.timedelta(days=1), "last_day": today + dt.timedelta(days=30)}
    item = DisplayItem(
        item_no=f"T-{title}", title=title, body=body, picture=picture, seconds=seconds, order=1,
        hours=Hours(**(days | hours)), issuer="测试",
    )  # fmt: skip
    row = {"kind": "display_item", "key": item.item_no, "revision": 1, "lease_hours": 72}
    with hall.machine.store.begin() as connection:
        connection.execute(insert(feed_item).values(row | {"body": item.model_dump_json()}))
    hall.machine.county.feed.touch()


def test_the_newest_posts_stand_beside_a_notice_with_hall_clock_and_warning(hall, wall):
    wall.sees("云龙镇便民服务大厅", "今天的岗位", "数据截至", hall.machine.locality.display.warning)
    assert "notice-title" in wall.page.html
    wall.sees(*(job.title for job in newest(hall)[:6]))
    assert hall.machine.clock.local().strftime("%H:%M")[:4] in wall.page.text


def test_a_post_that_expired_is_gone_after_midnight(hall, wall):
    job = newest(hall)[0]
    today = hall.machine.clock.local().date()
    body = job.model_copy(update={"title": "只到今天的岗位", "expires_on": today}).model_dump_json()
    with hall.machine.store.begin() as connection:
        changed = update(posting).where(posting.c.posting_no == job.posting_no)
        connection.execute(changed.values(body=body, expires_on=today.isoformat()))
    hall.machine.county.feed.jobs.forget_read()
    wall.visit("/")
    wall.sees("只到今天的岗位")
    hall.move_clock(DAY)
    wall.visit("/")
    wall.does_not_see("只到今天的岗位")
    wall.sees("今天的岗位")


def test_a_notice_hangs_only_inside_its_hours(hall, wall):
    clear_notices(hall)
    local = hall.machine.clock.local()
    tomorrow = local.isoweekday() % 7 + 1
    hang(hall, "今天不放", weekdays=(tomorrow,))
    wall.visit("/")
    wall.does_not_see("今天不放")
    hall.move_clock(DAY)
    wall.visit("/")
    wall.sees("今天不放")


def test_two_notices_take_turns_by_the_clock_alone_alike_in_every_window(hall):
    clear_notices(hall)
    hang(hall, "甲通知", seconds=10)
    hang(hall, "乙通知", seconds=10)
    seen = set()
    for seconds in (0, 5, 10, 15):
        hall.move_clock(seconds)
        pages = {("甲通知" in Wall(hall).page.text, "乙通知" in Wall(hall).page.text) for _ in range(2)}
        seen |= pages
    assert seen >= {(True, False), (False, True)}
    assert seen <= {(True, False), (False, True)}


def test_the_parked_window_hears_of_the_next_turn_in_time(hall, wall):
    clear_notices(hall)
    hang(hall, "甲通知", seconds=5)
    hang(hall, "乙通知", seconds=5)
    wall.visit("/")
    before = "甲通知" in wall.page.text
    began = time.monotonic()
    showing = wall.page.attributes["data-showing"]
    answer = wall.client.get("/wall", query_string={"showing": showing}, base_url=wall.base)
    assert answer.json == {"go": "/"}
    assert time.monotonic() - began < 6
    wall.visit("/")
    assert ("甲通知" in wall.page.text) is not before


def test_a_window_that_shows_something_else_is_sent_at_once(wall):
    answer = wall.client.get("/wall?showing=yesterday", base_url=wall.base)
    assert answer.json == {"go": "/"}


def test_a_long_notice_takes_several_pages_each_in_its_turn(hall):
    clear_notices(hall)
    sentences = [f"第{number}句话要讲清楚一件很要紧的事情请大家都来看一看。" for number in range(1, 25)]
    hang(hall, "长通知", "".join(sentences), seconds=5)
    seen = ""
    for seconds in range(0, 120, 2):  # smaller than a turn: the clock runs on while we look
        hall.move_clock(seconds)
        seen += Wall(hall).page.text
    assert "共 " in seen
    assert all(sentence in seen for sentence in sentences)


def test_an_item_whose_lease_ran_out_goes_dark_and_the_hall_stays(hall, wall):
    hall.cut()
    hall.move_clock(71 * 3600)
    wall.visit("/")
    wall.sees("今天的岗位")
    hall.move_clock(73 * 3600)
    wall.visit("/")
    wall.sees(EMPTY, "云龙镇便民服务大厅", hall.machine.clock.local().strftime("%H:%M")[:4])
    wall.does_not_see("今天的岗位")
    hall.move_clock(0)
    wall.visit("/")
    wall.sees(EMPTY)


def test_the_wall_hangs_again_after_a_restart_with_the_county_cut(hall):
    titles = [job.title for job in newest(hall)[:3]]
    hall.cut()
    hall.restart()
    wall = Wall(hall)
    wall.sees("今天的岗位", *titles)
    assert "notice-title" in wall.page.html


def test_a_machine_that_never_met_the_county_shows_the_hall(open_hall):
    wall = Wall(open_hall(county=False))
    wall.sees("云龙镇便民服务大厅", EMPTY)


def png():
    stream = io.BytesIO()
    Image.new("RGB", (64, 40), (9, 99, 9)).save(stream, "PNG")
    return stream.getvalue()


def keep(hall, content, content_type="image/png", name=None):
    name = name or hashlib.sha256(content).hexdigest()
    with hall.machine.store.begin() as connection:
        connection.execute(insert(media).values(sha256=name, content_type=content_type, content=content))
    return name


def test_a_sound_picture_is_served_from_the_store_while_cut(hall, wall):
    name = keep(hall, png())
    clear_notices(hall)
    hang(hall, "有图", "正文还在。", picture=name)
    hall.cut()
    wall.visit("/")
    wall.sees("有图", "正文还在")
    assert f'src="/picture/{name}"' in wall.page.html
    answer = wall.client.get(f"/picture/{name}", base_url=wall.base)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", png())


@pytest.mark.parametrize(
    ("content", "content_type", "name", "why"),
    [
        (png(), "image/png", "0" * 64, "it is not what its name says"),
        (png()[:60], "image/png", None, "half a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", None, "a drawing with script"),
        (png(), "image/jpeg", None, "another kind than it claims"),
        (b"<script>alert(1)</script>", "text/html", None, "a page"),
        (None, None, "1" * 64, "never arrived"),
    ],
)
def test_a_broken_picture_is_left_out_said_once_and_the_text_stays(  # noqa: PLR0917  a picture has that many sides
    hall, wall, caplog, content, content_type, name, why
):
    name = keep(hall, content, content_type, name) if content else name
    clear_notices(hall)
    hang(hall, "有图", "正文还在。", picture=name)
    for _ in range(3):
        wall.visit("/")
        wall.sees("有图", "正文还在")
    assert "<img" not in wall.page.html, why
    assert wall.client.get(f"/picture/{name}", base_url=wall.base).status_code == 404
    assert sum("is left out" in record.getMessage() for record in caplog.records) == 1


def test_nothing_is_set_and_nothing_is_taken(wall):
    for path in ("/", "/wall?showing=x", "/site.css", "/health", "/nothing"):
        answer = wall.client.get(path, base_url=wall.base)
        assert "Set-Cookie" not in answer.headers, path
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/", "/wall", "/picture/x"):
        for method in ("post", "put", "delete", "patch"):
            assert getattr(wall.client, method)(path, base_url=wall.base).status_code == 405, (path, method)


def test_a_fifth_window_is_turned_away_while_four_are_parked(hall, wall):
    clear_notices(hall)
    hang(hall, "一条", seconds=120)
    wall.visit("/")
    if hall.machine.clock.now().timestamp() % 120 > 100:
        hall.move_clock(30)
        wall.visit("/")
    query = {"showing": wall.page.attributes["data-showing"]}
    with ThreadPoolExecutor(4) as pool:
        apart = [hall.display_app.test_client() for _ in range(4)]
        parked = [pool.submit(one.get, "/wall", query_string=query, base_url=wall.base) for one in apart]
        time.sleep(0.5)
        assert wall.client.get("/wall", query_string=query, base_url=wall.base).status_code == 503
        assert not any(one.done() for one in parked)
        hall.machine.stopping.set()
        hall.machine.county.feed.touch()
        assert {one.result(timeout=3).status_code for one in parked} == {204}
    hall.machine.stopping.clear()


def test_an_unknown_address_shows_the_hall_and_comes_back(wall):
    wall.visit("/nothing")
    assert wall.status == 404
    wall.sees("云龙镇便民服务大厅", EMPTY)
    assert wall.page.attributes["data-showing"] == "error"


def test_a_public_welfare_post_is_marked(hall, wall):
    job = newest(hall)[0]
    body = job.model_copy(update={"title": "保洁", "public_welfare": True, "headcount": 3}).model_dump_json()
    with hall.machine.store.begin() as connection:
        connection.execute(update(posting).where(posting.c.posting_no == job.posting_no).values(body=body))
    hall.machine.county.feed.jobs.forget_read()
    wall.visit("/")
    wall.sees("保洁 公益岗 3 人")


def test_a_picture_the_county_lost_does_not_keep_the_rest_from_coming(hall, wall):
    for number, title in (("1", "没有图的"), ("2", "后来的")):
        publish_at_county(hall, number, title, picture="f" * 64 if number == "1" else None)
    clear_notices(hall)
    hall.machine.county.feed.pull()
    assert {"没有图的", "后来的"} <= {item.title for item in hall.machine.county.feed.wall().items}
    wall.visit("/")
    assert "<img" not in wall.page.html


def publish_at_county(hall, number, title, picture):
    """The county publishes a notice whose picture it does not keep any more."""
    today = hall.machine.clock.local().date()
    item = DisplayItem(
        item_no=f"C{number}", title=title, picture=picture, issuer="县", hours=Hours(first_day=today, last_day=today)
    )
    with hall.hub.hub.store.writing() as connection:
        publish(connection, FeedKind.DISPLAY_ITEM, item.item_no, item, "510521")


def test_pay_that_cannot_be_compared_says_what_it_is(hall):
    job = newest(hall)[0]

    def pay(**wage):
        return row_of(JobPosting.model_validate(job.model_dump() | {"wage": wage}), "云龙镇").pay

    assert pay(period="month", minimum="3000.00", maximum="4500.00") == "3000–4500"
    assert pay(period="month", minimum="2100.00") == "2100"
    assert pay(period="day", minimum="180.00", maximum="180.00") == "180/天"
    assert pay(period="piece", minimum="0.35") == "0.35/件"
    assert pay(period="negotiable") == "面议"
