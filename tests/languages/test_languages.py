"""Packs of languages: what they say, what they lack, what is broken in them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from markupsafe import Markup

from kiosk.languages import CHINESE, Direction, Language, Languages, Words, fits, in_chinese, lacking
from kiosk.phrases import day_phrase, month_phrase, phrase, weekday_phrase, yuan_phrase
from kiosk.settings import SettingsError

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
ENGLISH = Language("en", "English")
UYGHUR = Language("ug", "ئۇيغۇرچە", Direction.RIGHT_TO_LEFT)


def po(**pairs):
    return HEAD + "".join(f'msgid "{text}"\nmsgstr "{said}"\n\n' for text, said in pairs.items())


@pytest.fixture
def packs(tmp_path):
    """A folder of packs, to be filled; and of a place."""

    def fill(tag, words, toml='name = "Test"\nreviewed = true\n', own=None):
        folder = tmp_path / "packs" / tag
        folder.mkdir(parents=True)
        (folder / "pack.toml").write_text(toml, encoding="utf-8")
        if words is not None:
            (folder / "words.po").write_bytes(words if isinstance(words, bytes) else words.encode())
        if own:
            (tmp_path / "place" / "languages").mkdir(parents=True, exist_ok=True)
            (tmp_path / "place" / "languages" / f"{tag}.po").write_text(own, encoding="utf-8")

    def languages(*, unreviewed=False):
        return Languages((tmp_path / "own", tmp_path / "packs"), tmp_path / "place", unreviewed=unreviewed)

    return fill, languages


def test_a_text_with_values_is_put_together_the_other_languages_way():
    words = Words(ENGLISH, {"第 %(n)s 步，共 %(all)s 步": "%(all)s steps, this is %(n)s"})
    assert words.say("第 %(n)s 步，共 %(all)s 步", {"n": 2, "all": 3}) == "3 steps, this is 2"
    assert in_chinese("第 %(n)s 步，共 %(all)s 步", n=2, all=3) == "第 2 步，共 3 步"


def test_a_phrase_is_chinese_by_itself_and_any_language_on_the_screen():
    held = phrase("%(pay)s %(unit)s以上", pay=3000, unit=phrase("元/月"))
    assert held == "3000 元/月以上"
    words = Words(ENGLISH, {"%(pay)s %(unit)s以上": "from %(pay)s %(unit)s", "元/月": "yuan a month"})
    assert words.say(held, {}) == "from 3000 yuan a month"


def test_a_phrase_inside_the_values_is_said_too_and_a_per_cent_sign_is_itself():
    words = Words(ENGLISH, {"数据截至 %(day)s": "As of %(day)s", "5 月": "May", "100%": "all of it"})
    assert words.say("数据截至 %(day)s", {"day": phrase("5 月")}) == "As of May"
    assert words.say("100%", {}) == "all of it"


def test_dates_and_amounts_in_chinese():
    day = dt.date(2026, 11, 23)
    assert day_phrase(day) == "2026年11月23日"
    assert weekday_phrase(day) == "11月23日 周一"
    assert month_phrase("2026-03") == "2026年3月"
    assert yuan_phrase(Decimal("-1234.5")) == "-1,234.50 元"


def test_values_are_escaped_and_parts_of_a_page_are_not():
    said = in_chinese("<b>%(name)s</b>，%(part)s", name="<script>", part=Markup("<i>1</i>"))
    assert said == "&lt;b&gt;&lt;script&gt;&lt;/b&gt;，<i>1</i>"
    assert isinstance(said, Markup)
    assert not isinstance(in_chinese("%(name)s", name="<script>"), Markup)


def test_what_is_missing_is_chinese_and_remembered_without_its_values():
    words = Words(ENGLISH, {})
    assert words.say("%(name)s，您好", {"name": "赵*"}) == "赵*，您好"
    words.say("3,800.00", {})
    assert words.missing == {"%(name)s，您好"}
    assert lacking(words, ["返回"]) == ["%(name)s，您好", "返回"]


def test_chinese_misses_nothing_and_the_memory_has_an_end():
    words = Words(Language(CHINESE, "中文"))
    words.say("没有这一句", {})
    assert not words.missing
    words = Words(ENGLISH)
    for number in range(3000):
        words.say(f"第{number}句", {})
    assert len(words.missing) == 1000


def test_a_value_keeps_its_direction_inside_a_text_from_right_to_left():
    words = Words(UYGHUR, {"编号 %(code)s": "نومۇر %(code)s"})
    assert words.say("编号 %(code)s", {"code": "K-407"}) == "نومۇر \u2068K-407\u2069"


@pytest.mark.parametrize(
    ("said", "fine"),
    [
        ("%(b)s %(a)s", True), ("%(a)s", False), ("%(a)s %(b)s %(c)s", False), ("%(a)s %(b)s 100%", False),
        ("%(a)s %(b)s 100%%", True), ("%(a)d %(b)s", False), ("", False), ("%s %(a)s %(b)s", False),
    ],
)  # fmt: skip
def test_a_translation_takes_the_same_values(said, fine):
    assert fits("%(a)s 和 %(b)s", said) is fine


def test_packs_are_offered_when_somebody_read_them(packs):
    fill, languages = packs
    fill("en", po(返回="Back"))
    fill("ug", po(返回="قايتىش"), 'name = "ئۇيغۇرچە"\ndirection = "rtl"\nreviewed = false\n')
    assert [one.tag for one in languages().offered] == ["zh-CN", "en"]
    assert [one.tag for one in languages(unreviewed=True).offered] == ["zh-CN", "en", "ug"]
    assert languages().words_of("ug").language.tag == "zh-CN"
    assert languages(unreviewed=True).words_of("ug").language.direction is Direction.RIGHT_TO_LEFT


@pytest.mark.parametrize("tag", ["", "xx", "../en", "zh-CN", "EN"])
def test_a_language_nobody_offers_is_chinese(packs, tag):
    fill, languages = packs
    fill("en", po(返回="Back"))
    assert languages().words_of(tag).say("返回", {}) == "返回"


def test_a_place_says_its_own_words(packs):
    fill, languages = packs
    fill("en", po(返回="Back", 窗口="counter"), own=po(福集镇="Fuji", 窗口="window"))
    words = languages().words_of("en")
    assert [words.say(text, {}) for text in ("返回", "窗口", "福集镇")] == ["Back", "window", "Fuji"]


def test_what_does_not_fit_is_left_out(packs):
    fill, languages = packs
    fill("en", po(**{"第 %(n)s 步": "step", "返回": "Back", "好": ""}))
    words = languages().words_of("en")
    assert words.say("第 %(n)s 步", {"n": 1}) == "第 1 步"
    assert words.say("好", {}) == "好"
    assert words.missing == {"第 %(n)s 步", "好"}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00garbage", b"msgid no quotes", b'msgid "a\nmsgstr', b"", b"PK\x03\x04" * 50, None]
)
def test_a_broken_file_leaves_the_screen_in_chinese_and_is_told(packs, content):
    fill, languages = packs
    fill("en", content)
    words = languages().words_of("en")
    assert words.say("返回", {}) == "返回"
    assert words.missing == {"返回"}
    assert ("en/words.po" in words.broken) is (content is not None)


@pytest.mark.parametrize(
    "toml",
    ["name = ", 'name = ""', 'title = "English"', 'name = "a"\ndirection = "up"', 'name = "a"\nreviewed = "of course"'],
)
def test_a_pack_that_does_not_say_what_it_is_is_refused_by_file_and_key(packs, toml):
    fill, languages = packs
    fill("en", po(返回="Back"), toml)
    with pytest.raises(SettingsError, match=r"pack\.toml"):
        languages()


def test_a_thousand_askers_read_a_file_once(packs):
    fill, languages = packs
    fill("en", po(返回="Back"))
    held = languages()
    assert len({id(held.words_of("en")) for _ in range(1000)}) == 1


def test_the_packs_of_the_program_are_whole():
    root = Path(__file__).parents[2] / "config"
    held = Languages((root / "languages",), root / "localities" / "510521", unreviewed=True)
    assert {"zh-CN", "en", "ug"} <= {one.tag for one in held.offered}
    assert [held.words_of(one.tag).broken for one in held.offered] == [""] * len(held.offered)


def test_chinese_keeps_its_full_stop_at_its_end_on_a_page_from_right_to_left():
    assert Words(UYGHUR).say("请稍候。", {}) == "\u2068请稍候。\u2069"
    assert Words(ENGLISH).say("请稍候。", {}) == "请稍候。"


def test_a_pack_of_the_machines_own_stands_before_the_one_that_came_with_the_program(tmp_path, packs):
    fill, languages = packs
    fill("en", po(返回="Back"))
    own = tmp_path / "own" / "en"
    own.mkdir(parents=True)
    (own / "pack.toml").write_text('name = "Plain English"\nreviewed = true\n', encoding="utf-8")
    (own / "words.po").write_text(po(返回="Go back"), encoding="utf-8")
    held = languages()
    assert [one.name for one in held.offered] == ["中文", "Plain English"]
    assert held.words_of("en").say("返回", {}) == "Go back"
