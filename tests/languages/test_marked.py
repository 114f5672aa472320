"""Every word a resident reads goes through the packs, and the English pack says every one of them."""

import re

import pytest
from jinja2 import Environment, nodes

from kiosk.languages import HAN, PLACEHOLDER, fits
from kiosk.locality import load_locality
from tests.languages.collected import PACKS, TEMPLATES, TOWN, collected, of_place, pack_of, resident_templates

TAGS = sorted(file.parent.name for file in PACKS.glob("*/pack.toml"))
IN_CHINESE = re.compile(r'<(\w+)[^>]*\blang="zh-CN"[^>]*>[^<]*</\1>')
EXAMPLES = {"想找什么，比如：缝纫"}
"""Texts whose translation holds Chinese on purpose: what is searched for is Chinese."""


@pytest.mark.parametrize("file", resident_templates(), ids=lambda file: file.relative_to(TEMPLATES).as_posix())
def test_no_chinese_stands_outside_a_marked_text(file):
    assert list(unmarked(file.read_text(encoding="utf-8"))) == []


def unmarked(source):
    """Chinese in the plain text of a template, or in a literal that is handed to no ``_()``."""
    tree = Environment(autoescape=True).parse(source)
    inside = {
        literal
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_"
        for literal in call.find_all(nodes.Const)
    }
    for text in tree.find_all(nodes.TemplateData):
        yield from HAN.findall(IN_CHINESE.sub("", text.data))
    for literal in tree.find_all(nodes.Const):
        if isinstance(literal.value, str) and HAN.search(literal.value) and literal not in inside:
            yield literal.value


@pytest.mark.parametrize(
    "source", ["<h1>标题</h1>", '{{ button("返回") }}', '<a title="页"></a>', '{% set a = "甲" %}']
)
def test_the_search_finds_what_is_not_marked(source):
    assert list(unmarked(source))


def test_every_text_is_said_in_english():
    said = pack_of(PACKS / "en" / "words.po")
    assert sorted(text for text in collected() if not said.get(text)) == []


def test_the_texts_of_the_town_are_said_in_english():
    said = pack_of(PACKS / "en" / "words.po") | pack_of(TOWN / "languages" / "en.po")
    wanted = {text for text in of_place(load_locality(TOWN)) if HAN.search(text)}
    assert sorted(text for text in wanted if not said.get(text)) == []


@pytest.mark.parametrize("file", sorted([*PACKS.glob("*/words.po"), *TOWN.glob("languages/*.po")]), ids=str)
def test_every_translation_takes_the_values_of_its_text(file):
    pairs = {text: said for text, said in pack_of(file).items() if said}
    assert pairs
    assert [text for text, said in pairs.items() if not fits(text, said)] == []
    braces = re.compile(r"\{\w+\}")
    assert [text for text, said in pairs.items() if set(braces.findall(text)) != set(braces.findall(said))] == []
    assert [
        text for text, said in pairs.items() if said != said.strip() and PLACEHOLDER.sub("", said).strip(" ,(") == said
    ] == []


def test_english_is_in_english():
    for text, said in pack_of(PACKS / "en" / "words.po").items():
        assert text in EXAMPLES or not HAN.search(said), said
