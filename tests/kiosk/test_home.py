"""Home, card in, card out, and no reader to put one into."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.hall import eventually


def test_home_asks_what_to_do_and_shows_the_slot(screen):
    screen.visit("/")
    screen.sees("请插入社会保障卡", "您想办什么事？")


def test_a_card_put_in_is_greeted_by_masked_name_and_forgotten_when_pulled(screen):
    screen.insert_card("李伟")
    screen.sees("李*")
    screen.does_not_see("李伟")
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    screen.does_not_see("李*")


def test_a_card_put_in_while_the_county_is_cut_still_reaches_home(hall, screen):
    hall.cut()
    screen.insert_card("李伟")
    screen.sees("李*", "县里暂时连不上")


def ready(hall):
    return hall.machine.devices.card.board.health.ready


def test_nobody_is_asked_for_a_card_while_there_is_no_reader_and_both_edges_are_told_by_themselves(hall, screen):
    eventually(lambda: ready(hall), 15)
    screen.visit("/")
    hall.reader.disappear()
    screen.sees_soon("读卡器坏了，请到窗口办", "标“不用卡”的照常", "K-110")
    screen.does_not_see("请插入社会保障卡")
    screen.visit("/services/insurance_query/")
    screen.sees("读卡器坏了，请到窗口办", "K-110", "叫工作人员")
    screen.does_not_see("请先插入社会保障卡")
    hall.reader.reappear()
    screen.sees_soon("请先插入社会保障卡")
    screen.visit("/")
    screen.sees("请插入社会保障卡")
    screen.does_not_see("K-110")


def test_a_parked_window_hears_of_the_reader_at_once(hall, screen):
    eventually(lambda: ready(hall), 15)
    screen.visit("/")
    query = {"showing": screen.page.attributes["data-showing"]}
    with ThreadPoolExecutor() as pool:
        parked = pool.submit(screen.client.get, "/desk", query_string=query, base_url=screen.base)
        time.sleep(0.2)
        assert not parked.done()
        hall.reader.disappear()
        answer = parked.result(10)  # its own time is 20 s
    assert answer.json["go"] == "/"
    hall.reader.reappear()
