"""Which text can be read from where people stand, and how it is paged: pure rules."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.feed import DisplayItem, Hours
from kiosk.settings import WallSection
from kiosk.wall import LADDER, Slot, fits, legible_px, pages_of, seconds_of, shape_of, slot_at, title_fits

TODAY = dt.date(2026, 11, 22)
HALL = WallSection()
UPRIGHT = WallSection(width_px=1080, height_px=1920, width_mm=680.0)
FAR = WallSection(distance_m=9.0)


def a_notice(title="停电", body="", seconds=10):
    hours = Hours(first_day=TODAY, last_day=TODAY)
    return DisplayItem(item_no=title, title=title, body=body, hours=hours, seconds=seconds, issuer="县")


def pages(body, wall=HALL, title="办事时间", *, alone=False, pictured=False):
    return pages_of(a_notice(title, body), shape_of(wall), alone=alone, pictured=pictured)


def test_a_character_is_at_least_a_two_hundredth_of_the_distance_high():
    assert legible_px(HALL) * HALL.width_mm / HALL.width_px == pytest.approx(20)
    assert legible_px(FAR) * FAR.width_mm / FAR.width_px == pytest.approx(45)


def test_a_short_notice_is_one_large_page():
    (page,) = pages("周一到周五办事。")
    assert page.size == 4.8
    assert (page.number, page.of) == (1, 1)


def test_alone_on_the_wall_a_notice_is_larger():
    (beside,), (alone,) = pages("周一到周五办事。"), pages("周一到周五办事。", alone=True)
    assert alone.size > beside.size


def test_a_notice_without_text_is_its_title():
    (page,) = pages("")
    assert page.text == ""


def test_more_text_becomes_smaller_before_it_becomes_more_pages():
    found = [pages("办事请带身份证。" * number) for number in range(1, 60)]
    single = [page[0].size for page in found if len(page) == 1]
    assert len(single) > 15
    assert single == sorted(single, reverse=True)
    assert min(single) == LADDER[-1]
    assert all(len(page) > 1 for page in found[len(single) :])


def test_what_is_paged_is_paged_at_the_ordinary_size():
    assert {page.size for page in pages("办事请带身份证。" * 60)} == {4.2}


def test_a_page_stays_as_long_as_it_takes_to_read():
    (short,) = pages("请看。")
    assert seconds_of(a_notice(body="请看。", seconds=12), short) == 12
    (long,) = pages("办事请带身份证。" * 15)
    assert seconds_of(a_notice(body="办事请带身份证。" * 15, seconds=12), long) >= 24


def test_pages_end_where_sentences_end():
    found = pages("请带身份证和社会保障卡到窗口办理，工作人员会帮您。" * 14)
    assert len(found) > 1
    assert all(page.text.endswith("。") for page in found)
    assert [page.number for page in found] == list(range(1, len(found) + 1))


def test_a_sentence_too_long_for_a_page_is_parted_at_commas_and_one_without_commas_anywhere():
    assert all(page.text.endswith(("，", "。")) for page in pages("请带身份证，" * 60 + "谢谢。"))
    assert "".join(page.text for page in pages("字" * 900)) == "字" * 900


def test_a_picture_leaves_half_the_room_to_the_text():
    body = "请带身份证和社会保障卡到窗口办理。" * 6
    assert len(pages(body, pictured=True)) > len(pages(body))


def test_the_farther_people_stand_the_fewer_characters_a_page_holds():
    body = "请带身份证和社会保障卡到窗口办理。" * 6
    assert len(pages(body, FAR)) > len(pages(body))


def test_a_title_that_leaves_no_room_is_too_long():
    assert title_fits("城乡居民养老保险缴费提醒", shape_of(HALL))
    assert not title_fits("城乡居民养老保险缴费提醒" * 3, shape_of(WallSection(distance_m=14.0)))


def test_the_table_has_fewer_lines_where_they_must_be_larger():
    rows = [shape_of(wall).board_rows(12, alone=False) for wall in (HALL, UPRIGHT, FAR)]
    assert rows[0] == 7
    assert rows[2] < rows[0]
    assert shape_of(HALL).board_rows(3, alone=False) == 3
    assert shape_of(WallSection(distance_m=30.0)).board_rows(7, alone=False) == 1


@settings(max_examples=150, deadline=None)
@given(
    body=st.text(st.sampled_from("办事请带身份证。，！；\n a1B，、"), max_size=400),
    wall=st.sampled_from([HALL, UPRIGHT, FAR]),
    pictured=st.booleans(),
)
def test_no_word_is_lost_and_every_page_can_be_read(body, wall, pictured):
    shape = shape_of(wall)
    found = pages(body, wall, pictured=pictured)
    assert "".join("".join(page.text for page in found).split()) == "".join(body.split())
    assert all(shape.size(page.size) >= shape.legible for page in found)
    assert all(page.size in LADDER for page in found)
    box = shape.notice_box(alone=False)
    assert all(fits("办事时间", page.text, box, shape.size(page.size)) for page in found)


def test_turns_go_round_by_the_clock():
    first, second = (Slot(a_notice(name), pages("")[0], seconds) for name, seconds in (("甲", 10), ("乙", 20)))
    start = dt.datetime.fromtimestamp(30 * 10**6, dt.UTC)

    def turn(seconds):
        slot, left = slot_at((first, second), start + dt.timedelta(seconds=seconds))
        return slot.item.title, left

    assert turn(0) == ("甲", 10)
    assert turn(9.5) == ("甲", 0.5)
    assert turn(10) == ("乙", 20)
    assert turn(29) == ("乙", 1)
    assert turn(30) == ("甲", 10)


def test_nothing_to_show_is_nobodys_turn():
    assert slot_at((), dt.datetime(2026, 11, 22, tzinfo=dt.UTC))[0] is None
