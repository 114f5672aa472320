"""What every page promises by its text: it can be rendered, obeys the strict policy, has one title, and can be read."""

import datetime as dt
import hashlib
import re
from decimal import Decimal
from itertools import product
from pathlib import Path
from types import SimpleNamespace as Thing

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError, nodes
from markupsafe import Markup

from kiosk.failure_book import failure_qr
from kiosk.languages import in_chinese
from kiosk.phrases import weekday_phrase
from kiosk.privacy import PrivacyNotices
from kiosk.screens.shelf import Section, Shelf
from kiosk.visit import VOLUMES, Contrast, Modes, TextSize

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
NAMES = sorted(str(path.relative_to(TEMPLATES).as_posix()) for path in TEMPLATES.rglob("*.html"))
PIECES = {"resident/keyboard.html"}  # no page: a script puts it into one
RESIDENT = [*(name for name in NAMES if re.match("resident/[^_]", name) and name not in PIECES), "error.html"]
NOW = dt.datetime(2026, 11, 22, 14, 8, tzinfo=dt.UTC)
STYLES = sorted(STATIC.glob("*.css"))


@pytest.fixture(scope="module")
def pages():
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    pages.globals["csrf_token"] = lambda: "the-token"
    pages.globals["_"] = in_chinese
    pages.globals["failure_qr"] = failure_qr(str)
    pages.globals["said_once"] = lambda template, **values: Markup(pages.get_template(template).render(values))  # noqa: S704 - as the program
    pages.globals["keypad_codes"] = {"next": ("ArrowRight",)}
    pages.filters["weekday"] = weekday_phrase
    return pages


def source(name):
    return (TEMPLATES / name).read_text(encoding="utf-8")


def a_desk(*, serving=False, vacant=False):
    return Thing(
        serving=serving,
        vacant=vacant,
        name_masked="赵*",
        county_cut=serving,
        held=vacant,
        closed=False,
        card_in=serving,
    )


def values(layout, desk, mode="kiosk"):
    tile = Thing(title="找工作", icon="briefcase", hint="今天 512 个岗位", needs_card=False, hue="jobs", href="/s/")
    return {
        "layout": f"layouts/{layout}.html", "mode": mode, "stage": "production", "desk": desk, "showing": "home",
        "hall": Thing(name="云龙镇便民服务大厅", subtitle="劳动就业", logo="社", phone="0830-1234567"),
        "now_local": NOW, "now": NOW.isoformat(), "minute": "14:08", "day": NOW.date(),
        "modes": Modes(TextSize.LARGE, Contrast.HIGH),
        "shelf": Shelf((Section("就业", (tile,)),), 2, 3), "logo": True, "volumes": VOLUMES,
        "back": "/", "action": "/pin", "length": 6,
        "error": Thing(code="K-302", words="这张卡读不出来", next_step="请再插一次"), "tries_left": 1, "wrong": True,
        "purpose": "确认是您本人", "again": "/pin?sure=1", "testing": True, "target": 3,
        "language": Thing(tag="zh-CN", direction="ltr"), "parting": "farewell", "notice_href": "/privacy/pin",
        "offered": [Thing(tag="ug", name="ئۇيغۇرچە", direction="rtl", reviewed=False)],
        "left": Thing(timed_out=True, reminders=1), "staff_told": False,
        "notice": PrivacyNotices().pin, "somebody": True, "wiped": True, "nobody": False,
        "groups": [("现在就能清掉", [Thing(name="姓名", words="李*", why="")])],
        "ways": ("id_card", "code"), "credential": "id_card", "leaves_by_itself": True,
        "id_card": True, "displaced": True,
        "waiting": False, "problem": None, "witness": True, "next": "/", "reader": None,
        "keypad_codes": {"next": ("ArrowRight",)},
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_read(pages, name):
    assert pages.parse(source(name)).body


@pytest.mark.parametrize("name", NAMES)
def test_no_template_breaks_the_strict_policy(name):
    text = source(name)
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|hx-on|javascript:|\bjs:", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    assert not re.search(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text)


@pytest.mark.parametrize("path", [*STYLES, *STATIC.glob("*.js")], ids=lambda path: path.name)
def test_no_static_file_reaches_outside(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|@import|@font-face|\beval\(|new Function|innerHTML\s*=", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_imported_part_is_used_and_exists(pages, name):
    tree = pages.parse(source(name))
    for taken in tree.find_all(nodes.FromImport):
        parts = {macro.name for macro in pages.parse(source(taken.template.value)).find_all(nodes.Macro)}
        names = {one if isinstance(one, str) else one[0] for one in taken.names}
        called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
        assert names <= parts
        assert names <= called
        assert not taken.with_context


@pytest.mark.parametrize(
    ("name", "layout", "desk"),
    list(product(RESIDENT, ["kiosk", "fragment", "counter"], [a_desk(), a_desk(vacant=True), a_desk(serving=True)])),
)
def test_a_page_has_one_title_one_page_element_and_a_person_to_go_to(pages, name, layout, desk):
    mode, shape = ("counter", "kiosk") if layout == "counter" else ("kiosk", layout)
    text = pages.get_template(name).render(values(shape, desk, mode))
    assert text.count("<h1") == 1
    assert text.count('id="page"') == 1
    assert text.count("<title>") == 1
    assert ("<!doctype html>" in text) is (layout != "fragment")
    if mode == "kiosk":
        assert "叫工作人员" in text


@pytest.mark.parametrize("name", RESIDENT)
def test_every_link_also_swaps_and_every_form_carries_its_token(pages, name):
    text = pages.get_template(name).render(values("fragment", a_desk(serving=True)))
    for link in re.findall(r"<a\b[^>]*>", text):
        assert re.search(r'href="([^"]*)" hx-get="\1"', link)
    forms = re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL)
    assert forms
    for form in forms:
        assert 'name="csrf_token" value="the-token"' in form
        assert re.search(r'action="([^"]*)" hx-post="\1"', form)


def test_somebody_served_can_leave_and_the_empty_desk_offers_no_leaving(pages):
    home = pages.get_template("resident/home.html")
    assert "结束取卡" in home.render(values("kiosk", a_desk(serving=True)))
    assert "请插入社会保障卡" not in home.render(values("kiosk", a_desk(serving=True)))
    assert "完成" in home.render(values("kiosk", a_desk()))
    empty = home.render(values("kiosk", a_desk(vacant=True)))
    assert "/leave" not in empty
    assert empty.index("请插入社会保障卡") < empty.index("您想办什么事？")


def test_a_service_draws_the_step_it_is_asked_for(pages):
    steps = "{% block list %}<h1>岗位</h1>{% endblock %}{% block detail %}<h1>详情</h1>{{ pay }}{% endblock %}"
    service = pages.from_string("{% extends layout %}" + steps)
    detail = service.render({**values("fragment", a_desk()), "step": "detail", "pay": "3500 元"})
    assert "详情" in detail
    assert "3500 元" in detail
    assert "岗位" not in detail
    with pytest.raises(UndefinedError):
        service.render({**values("fragment", a_desk()), "step": "nowhere"})


def part(pages, call, **given):
    names = ", ".join(macro.name for macro in pages.parse(source("parts.html")).find_all(nodes.Macro))
    return pages.from_string(f'{{% from "parts.html" import {names} %}}{call}').render(given)


def test_a_year_with_a_gap_names_it_in_words(pages):
    months = [Thing(label=f"{n}月", amount=Decimal(0 if n == 6 else 400), gap=n == 6) for n in range(1, 13)]
    text = part(pages, "{{ bars(months) }}", months=months)
    assert "1 个月没有缴：6月" in text
    assert text.count('class="gap"') == 1
    assert text.count('class="bar"') == 11


def test_a_year_without_any_contribution_still_draws(pages):
    months = [Thing(label="1月", amount=Decimal(0), gap=False)]
    assert "没有漏缴的月份" in part(pages, "{{ bars(months) }}", months=months)
    assert "<svg" in part(pages, "{{ bars([]) }}")


def test_an_amount_is_covered_until_touched(pages):
    text = part(pages, '{{ shade("8,421.50 元") }}')
    assert re.sub(r"<[^>]*>", "", text) == "＊＊＊＊＊按住显示，松手遮住"


def test_the_pin_pad_has_ten_digits_and_holds_no_pin(pages):
    text = part(pages, '{{ keypad("/pin", 6, "密码") }}')
    assert sorted(re.findall(r'data-digit="(\d)"', text)) == list("0123456789")
    assert text.count("data-dot") == 6
    assert 'name="pin"' not in text


def test_hostile_words_are_only_words(pages):
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    for call in ["{{ search_box('/s', w, w) }}", "{{ shade(w) }}", "{{ facts([(w, w)]) }}", "{{ table([w], [[w]]) }}"]:
        text = part(pages, call, w=hostile)
        assert "<script" not in text
        assert "{{ 7*7 }}" in text


def test_a_table_sets_money_right_and_keeps_markup_made_by_parts(pages):
    text = part(pages, "{{ table(['险种', '月数'], [[cell, 156]], [1]) }}", cell=Markup("<b>养老</b>"))
    assert "<td><b>养老</b></td>" in text
    assert '<td class="num">156</td>' in text


def test_every_icon_named_is_drawn():
    drawn = set(re.findall(r'<symbol id="i-(\w+)"', (TEMPLATES / "icons.svg").read_text(encoding="utf-8")))
    named = {
        name
        for page in NAMES
        for name in re.findall(r'(?<!_)icon\("(\w+)"|icon="(\w+)"', source(page))
        for name in name
        if name
    }
    assert named
    assert named <= drawn


def test_vendored_files_are_what_their_note_says():
    note = (STATIC / "vendor/VENDORED.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})`", note, flags=re.MULTILINE)
    assert {name for name, _ in rows} == {path.name for path in (STATIC / "vendor").iterdir()} - {"VENDORED.md"}
    for name, digest in rows:
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest
