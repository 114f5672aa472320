"""The county API as an OpenAPI 3.1 document, made from the table of operations and the messages. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pydantic.json_schema import models_json_schema

from contract.codes import LISTS_VERSION
from contract.documents import HEADER as DOCUMENT
from contract.evidence import SignedEvidence
from contract.feed import BODY_OF_KIND
from contract.message import CONTRACT_VERSION, Message
from contract.operation import Operation, Parameter
from contract.operations import OPERATIONS
from contract.problems import ALSO_MALFORMED, CONTENT_TYPE, STATUS, Problem, ProblemType
from contract.submissions import AppointmentRequest, EligibilityEvidence

JSON = "application/json"
NO_SUCH_METHOD = 405
"""Answers what the document does not have."""
SCHEMA = "#/components/schemas/{model}"
SEALED: tuple[type[Message], ...] = (SignedEvidence, EligibilityEvidence, AppointmentRequest)
"""Messages that travel inside a SealedSubmission only."""

Node = dict[str, Any]
"""A piece of the document, as JSON has it."""


def document() -> Node:
    """The whole description; the same text for the same contract."""
    paths: defaultdict[str, Node] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[operation.path][operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "County API of the town-hall kiosk",
            "version": CONTRACT_VERSION,
            "description": f"Code lists {LISTS_VERSION}. Unknown fields are ignored by both sides.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(paths),
        "components": {"schemas": _schemas()},
    }


def messages() -> list[type[Message]]:
    """Every message that travels, once, in the order of the table."""
    used = [message for row in OPERATIONS for message in (row.asks, row.answer) if message is not None]
    return list(dict.fromkeys([*used, *BODY_OF_KIND.values(), *SEALED, Problem]))


def _schemas() -> Node:
    _, found = models_json_schema([(message, "validation") for message in messages()], ref_template=SCHEMA)
    return dict(sorted(found["$defs"].items()))


def _operation(operation: Operation) -> Node:
    node: Node = {
        "operationId": operation.key,
        "tags": [operation.subject.value],
        "summary": operation.about,
        "responses": _answers(operation) | _refusals(operation),
    }
    parameters = [_parameter(row) for row in (*operation.headers, *operation.parameters)]
    if parameters:
        node["parameters"] = parameters
    if operation.asks is not None:
        node["requestBody"] = {"required": True, "content": {JSON: _schema(operation.asks)}}
    if operation.raw_in:
        node["requestBody"] = {"required": True, "content": {media: {} for media in operation.raw_in}}
    return node


def _schema(message: type[Message]) -> Node:
    return {"schema": {"$ref": SCHEMA.format(model=message.__name__)}}


def _parameter(row: Parameter) -> Node:
    kind: Node = {"type": "string"} if row.most is None else {"type": "integer"}
    limits = {"pattern": row.pattern or None, "minimum": row.least, "maximum": row.most}
    schema = kind | {name: limit for name, limit in limits.items() if limit is not None}
    return {"name": row.name, "in": row.place, "required": row.required, "description": row.about, "schema": schema}


def _answers(operation: Operation) -> Node:
    good: Node = {"description": "done" if operation.answer is None and not operation.raw_out else "the answer"}
    if operation.answer is not None:
        good["content"] = {JSON: _schema(operation.answer)}
    if operation.raw_out:
        good["content"] = {media: {} for media in operation.raw_out}
    found = {str(operation.status): good}
    headers = [name for name, is_there in (("ETag", operation.kept), (DOCUMENT, operation.signed)) if is_there]
    if headers:
        good["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    if operation.kept:
        found["304"] = {"description": "what the asker holds (If-None-Match) is still true"}
    return found


def _refusals(operation: Operation) -> Node:
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for reason in operation.says_no:
        by_status[STATUS[reason]].append(reason.value)
        for status in ALSO_MALFORMED if reason is ProblemType.MALFORMED else ():
            if status != NO_SUCH_METHOD:
                by_status[status].append(reason.value)
    content = {CONTENT_TYPE: _schema(Problem)}
    return {
        str(status): {"description": ", ".join(why), "content": content} for status, why in sorted(by_status.items())
    }
