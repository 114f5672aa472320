"""The screen speaks in real Chromium: what is said, when it falls silent, and what no loudspeaker ever says."""

from __future__ import annotations


def test_words_are_made_into_sound_and_played(screen):
    heard = screen.tab.evaluate("() => window.hall.say('请插入社会保障卡', { force: true })")
    assert heard == "said"
    assert screen.tab.evaluate("() => window.hall.spoken") == ["请插入社会保障卡"]


def test_without_sound_nothing_is_said(screen):
    assert screen.tab.evaluate("() => window.hall.say('请插入社会保障卡')") == "silent"
    assert screen.tab.evaluate("() => window.hall.asked") == []


def test_a_new_word_interrupts_the_old_one(screen):
    first = screen.tab.evaluate("""async () => {
      const first = window.hall.say('请插入社会保障卡，芯片朝下，插到底', { force: true });
      const second = window.hall.say('请稍候', { force: true });
      return [await first, await second];
    }""")
    assert first == ["hushed", "said"]


def test_personal_words_never_come_out_of_the_loudspeaker(screen):
    heard = screen.tab.evaluate("() => window.hall.say('您的余额是 86,000.00 元', { force: true, personal: true })")
    assert heard == "screen"
    assert screen.tab.evaluate("() => window.hall.spoken") == ["请看屏幕"]
