"""The county itself: pulse, keys, addresses that are not there, answers that may be kept."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta

from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.verdicts import NotRun, must
from contract.message import CONTRACT_VERSION
from contract.operations import OPERATIONS
from contract.problems import ProblemType
from contract.signatures import Outgoing

NOT_MODIFIED = 304
KEY_BYTES = 32
NEAR = timedelta(minutes=2)
FURTHEST_ZONE = 14


@check(
    "county.pulse", "GET /health answers with versions and the county's time.",
    "Answer GET /health without any signature, as the message CountyPulse; contract_version is that of the contract.",
    operations=("pulse",),
)  # fmt: skip
def pulse(inspection: Inspection) -> None:
    """Versions and time."""
    body = good(inspection.ask("pulse"), "pulse")
    found = body["contract_version"]
    must(found == CONTRACT_VERSION, f"contract_version is {found!r}, this kit speaks {CONTRACT_VERSION!r}")


@check(
    "county.keys", "GET /v1/keys tells the key that kiosks seal to.",
    "Publish the raw X25519 public key (32 bytes) in base64, with a name of its own (key_id).", operations=("keys",),
)  # fmt: skip
def keys(inspection: Inspection) -> None:
    """A key that can be sealed to."""
    told = good(inspection.ask("keys"), "keys")["sealing"]
    must(told["key_id"], "key_id is empty")
    try:
        raw = base64.b64decode(told["public_key"], validate=True)
    except binascii.Error:
        raw = b""
    must(len(raw) == KEY_BYTES, "public_key is not the base64 of 32 bytes")


@check(
    "county.unknown-address", "An address that does not exist is a problem as any other.",
    "Answer unknown addresses with 404, application/problem+json and type not-found, not with your server's own page.",
    refusals=(ProblemType.NOT_FOUND,),
)  # fmt: skip
def unknown_address(inspection: Inspection) -> None:
    """No page of the web server's own."""
    refused(inspection.line.send(Outgoing("GET", "/v1/conformance-no-such-address")), ProblemType.NOT_FOUND)


@check(
    "caching.unchanged", "What is unchanged is answered 304 without a body.",
    "Send an ETag with the answer; compare If-None-Match with the present one and answer 304 where it is the same.",
)  # fmt: skip
def unchanged(inspection: Inspection) -> None:
    """Every address that may be kept."""
    for row in OPERATIONS:
        if not row.kept or "{" in row.path:
            continue
        first = inspection.ask(row.key)
        must(first.status == OK, f"{first.asked} answered {first.status}")
        tag = first.headers.get("etag", "")
        must(tag, f"{first.asked} carries no ETag")
        request = inspection.request(row.key)
        request.headers["If-None-Match"] = tag
        again = inspection.line.send(request)
        must(again.status == NOT_MODIFIED, f"{first.asked} with its own ETag answered {again.status} instead of 304")
        must(not again.body, f"{first.asked}: the 304 has a body")


@check(
    "times.zone", "The county's time is not off by whole hours.",
    "The moment carries the wrong zone: local time was sent as UTC, or UTC as local time. Store and send UTC.",
)  # fmt: skip
def zone(inspection: Inspection) -> None:
    """Against this machine's own clock."""
    told = datetime.fromisoformat(good(inspection.ask("pulse"), "pulse")["now"])
    if told.tzinfo is None:
        raise NotRun("the moment has no zone (see times.instants)")
    apart = told - inspection.clock()
    hours = round(apart / timedelta(hours=1))
    whole = abs(apart - timedelta(hours=hours)) < NEAR
    must(not (whole and 0 < abs(hours) <= FURTHEST_ZONE), f"the county's time is {hours} whole hours from here")


CHECKS = (pulse, keys, unknown_address, unchanged, zone)
