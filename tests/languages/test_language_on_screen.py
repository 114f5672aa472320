"""A language is chosen with one touch, holds through card and services, and is gone with whoever chose it."""

import pytest

from kiosk.states import modes_of


def in_english(screen):
    screen.visit("/language")
    screen.press("English")


def test_the_page_of_languages_names_each_in_its_own_letters(screen):
    screen.visit("/language")
    screen.sees("中文", "English", "ئۇيغۇرچە", "返回")


def test_a_touch_turns_the_page_and_leads_back(screen):
    screen.press("找工作")
    there = screen.path
    in_english(screen)
    assert screen.path == there
    screen.sees("Find a job", "Back")
    assert screen.page.attributes["lang"] == "en"
    assert screen.page.attributes["dir"] == "ltr"


def test_uyghur_runs_from_right_to_left(screen):
    screen.visit("/language")
    screen.press("ئۇيغۇرچە")
    assert screen.page.attributes["lang"] == "ug"
    assert screen.page.attributes["dir"] == "rtl"


def test_the_language_holds_with_the_card_and_ends_with_it(hall, screen):
    in_english(screen)
    screen.insert_card("李伟")
    screen.sees("what would you like to do?")
    screen.press("My insurance")
    screen.sees("Please enter your card PIN", "6 digits, to make sure it is you")
    screen.enter_pin("000000")
    screen.sees("Wrong PIN. Tries left: 2")
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    assert modes_of(hall.machine.desk.state).language == "zh-CN"
    screen.insert_card("李伟")
    screen.sees("您想办什么事？")


def test_done_without_a_card_is_chinese_for_the_next(screen):
    screen.press("找工作")
    in_english(screen)
    screen.press("Done")
    screen.visit("/")
    screen.sees("请插入社会保障卡")


@pytest.mark.parametrize("tag", ["xx", "", "../en", "EN", "zh", "ug\n"])
def test_a_language_that_is_not_offered_is_refused(hall, screen, tag):
    screen.visit("/language")
    screen.send("/language", tag=tag)
    assert screen.status == 400
    assert modes_of(hall.machine.desk.state).language == "zh-CN"


def test_production_offers_what_somebody_has_read(hall):
    assert [one.reviewed for one in hall.machine.languages.offered] == [True, True, False]


def test_a_failure_is_told_in_the_language(screen):
    in_english(screen)
    screen.visit("/services/no_such/")
    screen.sees("There is no such page.", "K-505")


def test_rows_of_the_job_list_are_drawn_for_each_language(screen):
    screen.press("找工作")
    screen.sees("元/月")
    in_english(screen)
    screen.sees("yuan a month")
    screen.visit("/language")
    screen.send("/language", tag="zh-CN")
    screen.sees("元/月")


def test_words_of_the_county_say_that_they_are_chinese(screen):
    in_english(screen)
    screen.press("Find a job")
    assert '<bdi lang="zh-CN">' in screen.page.html
