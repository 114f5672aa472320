"""Every colour a page uses can be read on the ground it stands on, counted from the tokens."""

import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
STYLES = sorted(STATIC.glob("*.css"))

TEXT_PAIRS = [
    *product(["ink", "ink-soft", "lead", "leave", "good", "wait", "stop"], ["paper", "card"]),
    *product(["w-jobs", "w-insurance", "w-pension", "w-rights", "w-training", "w-card", "w-notices"], ["card"]),
    ("on-lead", "lead"), ("lead", "lead-soft"), ("ink-soft", "lead-soft"), ("good", "good-soft"),
    ("wait", "wait-soft"), ("stop", "stop-soft"), ("leave", "leave-soft"), ("paper", "ink"),
]  # fmt: skip
EDGE_PAIRS = [*product(["edge", "focus", "gap-bar"], ["paper", "card"]), ("arrow", "lead")]


def colours(theme):
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    found = {}
    for selector in [":root"] if theme == "normal" else [":root", '[data-contrast="high"]']:
        block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", text, flags=re.DOTALL | re.MULTILINE)
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    return found


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


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
