"""Templates are compiled once for good; a disk that takes nothing, or a broken piece, costs only the compiling."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment

from kiosk.web import CompiledTemplates


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "compiled"


def said(folder, source="{{ 1 + 1 }}"):
    pages = Environment(loader=DictLoader({"page": source}), bytecode_cache=CompiledTemplates(folder), autoescape=True)
    return pages.get_template("page").render()


def test_what_was_compiled_is_there_at_the_next_start_and_belongs_to_its_owner(folder):
    assert said(folder) == "2"
    (kept,) = folder.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    written = kept.stat().st_mtime_ns
    assert said(folder) == "2"
    assert kept.stat().st_mtime_ns == written


def test_a_changed_template_or_a_broken_piece_is_compiled_anew(folder):
    said(folder)
    assert said(folder, "{{ 2 + 2 }}") == "4"
    for piece in folder.iterdir():
        piece.write_bytes(b"nonsense")
    assert said(folder, "{{ 2 + 2 }}") == "4"


def test_a_folder_that_cannot_be_written_costs_only_the_compiling(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert said(tmp_path / "file" / "compiled") == "2"
