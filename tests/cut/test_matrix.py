"""The matrix of the cut is whole: everything declares what it does, and a test cuts the line under it for real."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from docs.generate import CUT_WORDS, cut_rows
from kiosk.services import WINDOWS
from kiosk.staff import DUTIES
from kiosk.when_cut import PARTS, WhenCut
from tests.cut.proofs import PROOFS

ROOT = Path(__file__).parents[2]


def test_every_service_every_duty_and_every_part_stands_in_the_matrix_once():
    services = [service.key for window in WINDOWS for service in window.services]
    wanted = [*services, *(duty.key for duty in DUTIES), *(f"part:{part.key}" for part in PARTS)]
    assert len(wanted) == len(set(wanted)) == len(cut_rows())
    assert set(wanted) == set(PROOFS)


def test_every_way_to_behave_has_words_for_a_service_and_a_duty():
    assert set(CUT_WORDS) == set(WhenCut)
    assert all(len(row) == len(cut_rows()[0]) and all(row) for row in cut_rows())


@pytest.mark.parametrize("key", PROOFS)
def test_the_named_test_exists_and_cuts_the_line_for_real(key):
    place, name = PROOFS[key]
    source = (ROOT / place).read_text(encoding="utf-8")
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and node.name == name]
    assert len(found) == 1, f"{place} has no {name}"
    told = ast.get_source_segment(source, found[0]) or ""
    assert ".cut()" in told or "county=False" in told, f"{name} cuts nothing"
