"""Whatever is asked of any address, well or badly formed: never a 500, and every answer as openapi.yaml says.

Requests come from the committed description, are signed as a kiosk signs, in a sitting and with a clerk signed in, so
that they reach what lies behind the proof. The seed is fixed; `make soak` runs the same for longer with others.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from contract.codes import StaffRole
from contract.message import SITTING_HEADER, STAFF_HEADER
from contract.signatures import DIGEST_HEADER, INPUT_HEADER, SIGNATURE_HEADER, Outgoing
from tests.county.conftest import Office
from tests.signing import as_it_travels

OPENAPI = (Path(__file__).parents[2] / "contract" / "openapi.yaml").read_bytes()
DESCRIPTION = schemathesis.openapi.from_dict(yaml.load(OPENAPI, Loader=yaml.CSafeLoader), config=SchemathesisConfig())
OPERATIONS = {found.ok().label: found.ok() for found in DESCRIPTION.get_all_operations()}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
OURS = {name.lower() for name in (INPUT_HEADER, SIGNATURE_HEADER, DIGEST_HEADER, SITTING_HEADER, STAFF_HEADER)}
ROUTING = {404, 405, 308}
"""What an address says that the description does not have, when a generated part of a path leads elsewhere."""


WAYS = [
    (label, mode) for label, operation in OPERATIONS.items() for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters())
]  # fmt: skip
"""Each address well and badly asked; one that takes nothing cannot be asked badly."""


@pytest.fixture(scope="module")
def asked_office(tmp_path_factory, seeds):
    opened = Office(seeds.copy(tmp_path_factory.mktemp("office") / "hub"))
    opened.add_staff("zonghe", *StaffRole)
    yield opened
    opened.hub.close()


@pytest.fixture
def who(asked_office):
    """The headers of a kiosk in a sitting with a clerk signed in, fresh for each address."""
    asked_office.hours = getattr(asked_office, "hours", 0) + 2  # what an earlier address used up is forgiven by now
    asked_office.later(hours=asked_office.hours)
    return {SITTING_HEADER: asked_office.sitting_of("王秀英")} | asked_office.sign_in("zonghe")


def send(office, who, case):
    """Send what was generated, signed as a kiosk signs."""
    asked = case.as_transport_kwargs(base_url="http://localhost")
    headers = Headers([(name, value) for name, value in asked.get("headers", {}).items() if name.lower() not in OURS])
    for name, value in who.items():
        headers[name] = value
    body = asked.get("data") or b""
    if "json" in asked:
        body = json.dumps(asked["json"]).encode()
        headers["Content-Type"] = "application/json"
    path, query = case.formatted_path, asked.get("params") or {}
    built = EnvironBuilder(
        path, "http://localhost", method=case.method.upper(), headers=headers, data=body,
        query_string=None if "?" in path else query,
    )  # fmt: skip
    environ = built.get_environ()
    arrives = Request(environ)
    signed = Outgoing(arrives.method, as_it_travels(arrives), dict(arrives.headers), body)
    for name, value in office.signer.headers(signed).items():
        environ.setdefault(f"HTTP_{name.upper().replace('-', '_')}", value)
    return TestResponse(*run_wsgi_app(office.app, environ, buffered=True), request=arrives)


def is_at(office, label: str, asked) -> bool:
    """True where the generated path leads to the address it was generated for."""
    try:
        rule, _ = office.app.url_map.bind("localhost").match(asked.path, asked.method, return_rule=True)
    except HTTPException:
        return False
    return label == f"{asked.method} {rule.rule.replace('<', '{').replace('>', '}')}"


def run(office, who, label: str, mode: GenerationMode, examples: int, *, fixed: bool = True) -> int:
    """How many answers were held against the description."""
    held = []

    @settings(
        max_examples=examples, derandomize=fixed, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def every(case):
        reply = send(office, who, case)
        if reply.status_code in ROUTING and not is_at(office, label, reply.request):
            return
        case.validate_response(reply, checks=CHECKS)
        held.append(reply.status_code)

    every()
    assert not [status for status in held if status >= 500 and status != 503]
    return len(held)


@pytest.mark.parametrize(("label", "mode"), WAYS, ids=[f"{label} {mode.value}" for label, mode in WAYS])
def test_every_address_answers_as_described_and_never_with_500(asked_office, who, label, mode):
    assert run(asked_office, who, label, mode, 8)


@pytest.mark.soak
@pytest.mark.parametrize(("label", "mode"), WAYS, ids=[f"{label} {mode.value}" for label, mode in WAYS])
def test_every_address_for_a_long_time(asked_office, who, label, mode):
    assert run(asked_office, who, label, mode, 1500, fixed=False)
