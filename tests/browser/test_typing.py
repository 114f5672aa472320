"""Typing at the screen: pinyin with candidates, handwriting, digits; nothing of it stays."""

from __future__ import annotations

import pytest

from tests.browser.typing_hand import TypingHand


@pytest.fixture
def hand(screen):
    screen.press("找工作")
    return TypingHand(screen)


def test_letters_become_words_of_the_hall_and_then_posts(screen, hand):
    hand.open()
    hand.spell("fwy")
    hand.choose("服务员")
    assert hand.text == "服务员"
    hand.press("找")
    screen.sees("“服务员” ×")
    assert all("服务员" in words for words in screen.page.locator("a.choice").all_inner_texts())
    assert hand.keys.count() == 0, "the keys are gone with the page"
