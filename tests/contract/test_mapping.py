"""The mapping table of a county: two-way, per message and field, and refused where it contradicts itself."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.mapping import FieldRow, Form, MappingFault, UnknownField, UnknownValue, mapping_from

EXAMPLE = Path("config/localities/510521/mapping.toml")
TABLE = mapping_from(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))
TODAY = date(2026, 11, 20)
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def one_field(**field):
    return mapping_from({"system": "s", "version": "1", "messages": {"m": {"F": {"name": "ours"} | field}}})


def values_of(field: FieldRow, on: date):
    """Every kind of value that the field can hold on this day."""
    nothing = [st.none()] if field.absent else []
    if field.values:
        held = [row.ours for row in field.values if row.holds(on) and not row.reading_only]
        return st.one_of(st.sampled_from(held), *nothing)
    amounts = st.decimals("-99999999.99", "99999999.99", places=2).filter(lambda found: str(found) != "-0.00")
    formed = {
        Form.TEXT: st.text().filter(lambda text: text not in field.absent),
        Form.MONTH: st.dates().map(lambda day: f"{day:%Y-%m}".zfill(7)),
        Form.DAY: st.dates().map(date.isoformat),
        Form.FEN: amounts.map(str),
    }[field.form]
    theirs_is_nothing = formed.filter(lambda ours: ours.replace("-", "").replace(".", "").lstrip("0") not in {
        text.lstrip("0") for text in field.absent
    })  # fmt: skip
    return st.one_of(theirs_is_nothing, *nothing)


@given(st.data(), st.sampled_from(sorted(TABLE.messages)), DAYS)
def test_what_is_encoded_is_decoded_to_the_same(drawn, message, on):
    record = {field.name: drawn.draw(values_of(field, on), field.name) for field in TABLE.messages[message]}
    assert TABLE.decode(message, TABLE.encode(message, record, on), on) == record


@given(DAYS, st.sampled_from(sorted(TABLE.messages)))
def test_every_listed_code_that_is_written_is_read_to_be_written_again(on, message):
    for field in TABLE.messages[message]:
        for row in field.values:
            if row.holds(on) and not row.reading_only:
                assert field.encode(field.decode(row.theirs, on), on) == row.theirs


def test_a_reversed_flag_and_a_code_that_means_two_things():
    told = TABLE.decode("contribution", {"QFBZ": "1", "AAE140": "17", "AAE481": "2500", "AAE003": "202603"}, TODAY)
    assert told == {
        "paid_flag": False, "insurance_type": "170", "person_amount": "25.00", "contribution_period": "2026-03"
    }  # fmt: skip
    assert TABLE.decode("pensioner", {"AAE140": "17"}, TODAY) == {"benefit_name": "城乡居民养老金"}
    assert TABLE.decode("resident", {"AAC004": "0", "AAC006": "0"}, TODAY) == {"sex": "1", "birth_date": None}


def test_the_number_of_an_abolished_town_is_read_by_its_day():
    assert TABLE.decode("resident", {"XZDM": "104"}, date(2019, 12, 19)) == {"region_code": "510521104"}
    assert TABLE.decode("resident", {"XZDM": "104"}, date(2019, 12, 20)) == {"region_code": "510521109"}
    assert TABLE.encode("resident", {"region_code": "510521109"}, TODAY) == {"XZDM": "109"}


@pytest.mark.parametrize(
    ("message", "record", "kind", "words"),
    [
        ("resident", {"AAC999": "1"}, UnknownField, "resident has no field AAC999"),
        ("case", {"AAC002": "1"}, UnknownField, "message case"),
        ("resident", {"AAC004": "3"}, UnknownValue, "AAC004 (sex): '3' is not listed for 2026-11-20"),
        ("resident", {"AAC006": "20260230"}, UnknownValue, "not a day like 20260315"),
        ("contribution", {"AAE003": "202613"}, UnknownValue, "not a month like 202603"),
        ("contribution", {"AAE481": "25.00"}, UnknownValue, "whole number of fen"),
    ],
)
def test_what_is_not_known_is_named(message, record, kind, words):
    with pytest.raises(kind) as told:
        TABLE.decode(message, record, TODAY)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"sex": "0"}, UnknownValue),
        ({"height": "1"}, UnknownField),
        ({"birth_date": "2026-2-3"}, UnknownValue),
        ({"birth_date": "1900-01-01"}, UnknownValue),
        ({"full_name": ""}, UnknownValue),
    ],
)
def test_what_cannot_be_said_is_refused_and_never_said_otherwise(record, kind):
    with pytest.raises(kind):
        TABLE.encode("resident", record, TODAY)


ROW = {"theirs": "1", "ours": "a"}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"values": [ROW, ROW | {"ours": "b"}]}, "means two things"),
        ({"values": [ROW | {"until": date(2020, 1, 1)}, ROW | {"ours": "b", "from": date(2020, 1, 1)}]}, "2020-01-01"),
        ({"values": [ROW, ROW | {"theirs": "2"}]}, "two codes for 'a'"),
        ({"values": [ROW | {"from": date(2021, 1, 1), "until": date(2020, 1, 1)}]}, "ends before it begins"),
        ({"values": [ROW], "absent": ["", "1"]}, "stands for nothing too"),
        ({"values": [ROW], "form": "fen"}, "not both"),
        ({"values": [{"theirs": "1", "ours": True}]}, "a yes and a no"),
        ({"values": [{"theirs": "1", "ours": True}, {"theirs": "0", "ours": "no"}]}, "a yes and a no"),
        ({"values": [{"theirs": 1, "ours": "a"}]}, "messages.m.F.values.0.theirs"),
        ({"valeus": []}, "valeus"),
        ({"form": "yyyy"}, "messages.m.F.form"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_when_it_is_read(field, words):
    with pytest.raises(MappingFault) as told:
        one_field(**field)
    assert words in str(told.value)


def test_two_fields_of_one_name_are_refused():
    fields = {"A": {"name": "x"}, "B": {"name": "x"}}
    with pytest.raises(MappingFault, match="two fields are called x"):
        mapping_from({"system": "s", "version": "1", "messages": {"m": fields}})


def test_days_that_touch_are_no_overlap_and_an_old_code_is_only_read():
    field = one_field(values=[
        ROW | {"until": date(2019, 12, 31)}, ROW | {"ours": "b", "from": date(2020, 1, 1)},
        {"theirs": "x", "ours": "b", "reading_only": True},
    ]).field("m", "F")  # fmt: skip
    assert [field.decode("1", day) for day in (date(2019, 12, 31), date(2020, 1, 1))] == ["a", "b"]
    assert field.decode("x", TODAY) == "b"
    assert field.encode("b", TODAY) == "1"


def test_a_field_where_nothing_stands_for_nothing_says_so():
    with pytest.raises(UnknownValue, match="nothing stands for nothing"):
        one_field(absent=[]).encode("m", {"ours": None}, TODAY)
