"""The hub serves exactly the addresses of the contract's table, with its methods."""

from __future__ import annotations

import re

from contract.operations import OPERATIONS, Subject
from county.app import create_app
from county.settings import Stage


def served_by(office) -> set[tuple[str, str]]:
    rules = create_app(office.hub).url_map.iter_rules()
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)))
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not str(rule).startswith("/verify")  # a page for people, no part of what kiosks and counties say
    }


def test_the_hub_serves_the_table(empty_office):
    assert served_by(empty_office) == {(row.method, row.path) for row in OPERATIONS}


def test_in_production_nothing_of_development_is_there(open_office):
    production = open_office(stage=Stage.PRODUCTION)
    wanted = {(row.method, row.path) for row in OPERATIONS if row.subject is not Subject.DEVELOPMENT}
    assert served_by(production) == wanted
