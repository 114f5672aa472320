"""What staff are told of languages: what a pack lacks, what is broken, what the locality pack leaves out."""

import tomllib
from pathlib import Path

import pytest

from kiosk.languages import Languages
from kiosk.locality import Locality, load_locality
from kiosk.locality_texts import left_out, texts_of_place
from kiosk.staff.language_rows import LanguageRow, languages_mood
from tests.screen import StaffScreen

CONFIG = Path(__file__).parents[2] / "config"
TOWN = CONFIG / "localities" / "510521"
CLERK = ("clerk", "chuangkou-shili-2026")


def pack_without(*keys):
    """The town's pack with some texts left out."""
    values = tomllib.loads((TOWN / "locality.toml").read_text(encoding="utf-8"))
    for key in keys:
        part, _, name = key.partition(".")
        values[part].pop(name, None)
    return Locality.model_validate(values)


def test_a_clerk_reads_what_a_language_lacks(hall, screen):
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/health/")
    face.sees("English齐全", "ئۇيغۇرچە", "还没有人审核", "地方包齐全")
    face.press("看缺的话")
    face.sees("各种语言缺的话", "县里没有您的指纹")
    assert "<li>请插入社会保障卡</li>" not in face.page.html


def test_a_text_nobody_collected_is_listed_once_it_was_shown(hall, screen):
    words = hall.machine.languages.words_of("en")
    words.say("谁也没有收进来的话：%(name)s", {"name": "李伟"})
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/health/languages")
    face.sees("缺 1 条", "谁也没有收进来的话：%(name)s")
    assert "李伟" not in face.page.html


def test_texts_the_pack_leaves_out_fall_back_and_are_told():
    assert left_out(load_locality(TOWN)) == ()
    keys = ("display.warning", "hall.subtitle", "outbox.owner", "verification.consent_text")
    place = pack_without(*keys)
    assert sorted(left_out(place)) == sorted(keys)
    assert all(texts_of_place(place))
    assert len(place.verification.consent_text) == 3


def test_a_version_without_its_text_is_not_believed():
    assert pack_without().verification.consent_version == "2026-01"
    assert pack_without("verification.consent_text").verification.consent_version == "program-2026-11"


def test_a_text_without_its_version_is_refused():
    with pytest.raises(ValueError, match="consent_version"):
        pack_without("verification.consent_version")


def test_the_staff_page_names_what_the_pack_in_force_leaves_out(open_hall, tmp_path):
    text = (TOWN / "locality.toml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("owner"))
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "locality.toml").write_text(text.replace(line, ""), encoding="utf-8")
    hall = open_hall(kiosk={"locality": str(tmp_path / "place")})
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    face.visit("/health/languages")
    face.sees("outbox.owner")


@pytest.mark.parametrize(
    ("rows", "unsaid", "mood"),
    [
        ([LanguageRow("English", reviewed=True, broken="", lacking=())], (), "good"),
        ([LanguageRow("English", reviewed=True, broken="", lacking=("返回",))], (), "wait"),
        ([LanguageRow("English", reviewed=True, broken="", lacking=())], ("hall.subtitle",), "wait"),
        ([LanguageRow("English", reviewed=False, broken="", lacking=())], (), "wait"),
        ([LanguageRow("ug", reviewed=False, broken="not a .po file", lacking=())], (), "stop"),
        ([], (), "good"),
    ],
)  # fmt: skip
def test_the_worst_counts(rows, unsaid, mood):
    assert languages_mood(rows, unsaid) == mood


def test_a_machine_without_packs_speaks_chinese(tmp_path):
    assert [one.tag for one in Languages((tmp_path,), tmp_path, unreviewed=True).offered] == ["zh-CN"]
