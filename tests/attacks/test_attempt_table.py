"""The table of attempts is whole: every number from 12 to 37, and every test it names is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.attacks.attempts import ATTEMPTS

ROOT = Path(__file__).parents[2]


def test_attempts_12_to_37_each_fail_in_a_named_test():
    assert {row.number for row in ATTEMPTS} == set(range(12, 38))


@pytest.mark.parametrize("row", ATTEMPTS, ids=[f"{row.number}-{row.test}" for row in ATTEMPTS])
def test_a_test_that_the_table_names_exists(row):
    tree = ast.parse((ROOT / row.file).read_text(encoding="utf-8"))
    assert row.test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, row
