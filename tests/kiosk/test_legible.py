"""Every colour a page uses can be read on the ground it stands on, counted from the tokens."""

import re
from itertools import product
from pathlib import Path

import pytest

from kiosk.theme import EDGE_PAIRS, TEXT_PAIRS, Colours, contrast

STATIC = Path(__file__).parents[2] / "static"
STYLES = sorted(STATIC.glob("*.css"))


def colours(theme):
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    found = {}
    for selector in [":root"] if theme == "normal" else [":root", '[data-contrast="high"]']:
        block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", text, flags=re.DOTALL | re.MULTILINE)
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    return {name.replace("-", "_"): colour for name, colour in found.items()}


def test_a_theme_starts_from_the_colours_of_the_tokens():
    assert Colours().model_dump() == colours("normal")


def test_the_measure_of_contrast_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "pair"), list(product(["normal", "high"], TEXT_PAIRS)))
def test_text_is_seven_times_brighter_or_darker_than_its_ground(theme, pair):
    found = colours(theme)
    assert contrast(found[pair[0]], found[pair[1]]) >= 7


@pytest.mark.parametrize(("theme", "pair"), list(product(["normal", "high"], EDGE_PAIRS)))
def test_edges_and_focus_can_be_seen(theme, pair):
    found = colours(theme)
    assert contrast(found[pair[0]], found[pair[1]]) >= 3


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_stand_in_the_tokens_alone(path):
    if path.name != "tokens.css":
        strays = set(
            re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"#(?:page|cover)\b", "", path.read_text(encoding="utf-8")))
        )
        assert strays <= {"#ffffff", "#6b6b6b"}  # the ground of a QR code; the unlit step in high contrast
