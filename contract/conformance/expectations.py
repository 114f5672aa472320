"""What an answer must be: the message its address promises, or one of the refusals that are named."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, must
from contract.message import Message
from contract.operation import Operation
from contract.operations import OPERATIONS
from contract.problems import ALSO_MALFORMED, STATUS, ProblemType

NO_ZONE = "timezone_aware"
"""Moments without a zone are one check's business (``times.instants``); every other check reads on."""
FAULTS_SHOWN = 4

BY_KEY = {row.key: row for row in OPERATIONS}


def operation(key: str) -> Operation:
    """The row of the contract's table with this key."""
    return BY_KEY[key]


def good(reply: Reply, key: str) -> Any:
    """The body of the answer that the address promises, as JSON; Failed for any other."""
    row = operation(key)
    must(reply.status == row.status, f"{reply.asked} answered {_said(reply)} instead of {row.status}")
    if row.answer is None:
        return None
    body = reply.json()
    shaped(body, row.answer, reply.asked)
    return body


def shaped(body: Any, message: type[Message], where: str) -> None:
    """Failed unless ``body`` is a ``message``, moments without a zone forgiven."""
    faults = [fault for fault in faults_of(body, message) if fault["type"] != NO_ZONE]
    if faults:
        named = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:FAULTS_SHOWN])
        raise Failed(f"{where}: the answer is no {message.__name__}: {named}")


def faults_of(body: Any, message: type[Message]) -> list[Any]:
    """What keeps ``body`` from being a ``message``, as pydantic names it."""
    try:
        message.model_validate(body)
    except ValidationError as error:
        return list(error.errors(include_input=False, include_url=False, include_context=False))
    return []


def refused(reply: Reply, *reasons: ProblemType) -> None:
    """Failed unless it was refused with one of ``reasons`` and the status that belongs to it."""
    wanted = " or ".join(f"{reason.value} ({STATUS[reason]})" for reason in reasons)
    found = next((reason for reason in reasons if reason.value == reply.problem), None)
    must(found is not None, f"{reply.asked} answered {_said(reply)} instead of {wanted}")
    assert found is not None  # noqa: S101 - the line above
    must(reply.status in statuses(found), f"{reply.asked} says {found.value} with status {reply.status}")


def statuses(reason: ProblemType) -> tuple[int, ...]:
    """The statuses a problem type may have: its own, and for MALFORMED some more."""
    return (STATUS[reason], *ALSO_MALFORMED) if reason is ProblemType.MALFORMED else (STATUS[reason],)


def _said(reply: Reply) -> str:
    return f"{reply.status} {reply.problem}".strip()
