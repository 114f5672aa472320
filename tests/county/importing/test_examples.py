"""The worked examples and the document say what the code says."""

import csv

import pytest

from county.importing.headings import heading_of
from county.importing.kinds import KINDS
from county.importing.sheets import sheets_of
from tests.county.importing.files import EXAMPLES


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_kind_has_an_example_with_every_column_it_needs(kind):
    file = EXAMPLES / f"{kind.title}.csv"
    (sheet,) = sheets_of(file)
    heading = heading_of(sheet.rows(), None)
    assert heading.kind is kind
    assert heading.ignored == ()
    assert {told.column.field for told in heading.columns} >= {column.field for column in kind.columns if column.needed}


def test_no_example_is_of_a_kind_that_is_none():
    assert {file.stem for file in EXAMPLES.iterdir()} == {kind.title for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_no_column_answers_to_the_name_of_another(kind):
    names = [name for column in kind.columns for name in (column.title, column.field, *column.others)]
    assert len(names) == len(set(names))


def test_the_invented_people_are_of_the_county_that_does_not_exist():
    for file in EXAMPLES.iterdir():
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()):
            assert row.get("社会保障号码", "510599").startswith("510599")
