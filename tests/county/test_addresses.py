"""The hub serves exactly the addresses of the contract's table, with its methods."""

from __future__ import annotations

import re

from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from contract.operation import Subject
from contract.operations import OPERATIONS
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


BARE_BYTES = ("\xff", "cursor=\xff", "q=\xe5\x8e", "limit=1&\xed\xa0\x80=1")
"""Of which no percent sign tells, and which are no UTF-8; as WSGI hands them on."""
ANNOUNCED = ("%FF", "cursor=%FF", "q=%E5%8E", "limit=1&%ED%A0%80=1")


def asked(office, method: str, path: str, query: str) -> TestResponse:
    environ = EnvironBuilder(path.replace("{", "").replace("}", ""), "http://localhost", method=method).get_environ()
    return TestResponse(*run_wsgi_app(office.app, environ | {"QUERY_STRING": query}, buffered=True), Request(environ))


def test_bytes_that_are_no_text_are_refused_at_every_address_and_never_a_500(empty_office):
    for row in OPERATIONS:
        for query in BARE_BYTES:
            reply = asked(empty_office, row.method, row.path, query)
            assert (reply.status_code, reply.json["type"]) == (400, "malformed"), (row.key, query)
        for query in ANNOUNCED:
            assert asked(empty_office, row.method, row.path, query).status_code < 500, (row.key, query)
