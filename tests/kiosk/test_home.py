"""Home, card in, card out."""


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
