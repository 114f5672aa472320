"""The table of addresses is whole, what is written from it is current, every message has an example."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from contract.examples import EXAMPLES
from contract.examples.invented import NUMBER
from contract.identifiers import normalise
from contract.openapi import document, messages
from contract.operations import OPERATIONS
from contract.problems import STATUS, ProblemType

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from county_api import CURES, WRITTEN  # noqa: E402 - the folder of documents is no package


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_what_is_written_from_the_contract_is_current(file):
    assert file.read_text(encoding="utf-8") == WRITTEN[file](), f"{file.name} is not current: make docs"


def test_every_address_has_one_name_and_every_parameter_of_its_path():
    assert len({row.key for row in OPERATIONS}) == len(OPERATIONS)
    for row in OPERATIONS:
        in_path = {parameter.name for parameter in row.parameters if parameter.place == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", row.path)), row.path


def test_every_reason_has_a_status_a_cure_and_an_address_that_gives_it():
    assert set(STATUS) == set(CURES) == set(ProblemType)
    assert {reason for row in OPERATIONS for reason in row.says_no} == set(ProblemType)


def test_every_message_has_an_example_that_travels():
    assert set(messages()) <= set(EXAMPLES)
    for kind, example in EXAMPLES.items():
        assert kind.model_validate_json(example.model_dump_json()) == example
    assert normalise(NUMBER, date(2026, 11, 20)) == NUMBER


def test_every_reference_of_the_description_leads_somewhere():
    described = document()
    schemas = described["components"]["schemas"]
    found = set(re.findall(r"#/components/schemas/(\w+)", str(described)))
    assert found
    assert found <= set(schemas)
    assert {kind.__name__ for kind in messages()} <= set(schemas)


def test_amounts_travel_as_strings_and_moments_with_their_zone():
    written = EXAMPLES[next(kind for kind in EXAMPLES if kind.__name__ == "ContributionStatement")].model_dump_json()
    assert '"base":"4500.00"' in written
    assert '"now":"2026-11-20T01:30:00Z"' in EXAMPLES[next(iter(EXAMPLES))].model_dump_json()
