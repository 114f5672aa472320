"""What all answers have in common: problems of one shape, moments with a zone, nothing kept on the way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contract.conformance.check import check
from contract.conformance.expectations import NO_ZONE, faults_of, good, operation, statuses
from contract.conformance.inspection import CREATED, OK, Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, must
from contract.feed import BODY_OF_KIND, FeedKind
from contract.message import AS_OF_HEADER, Message
from contract.problems import CONTENT_TYPE, Problem, ProblemType
from contract.signatures import Outgoing
from contract.staff import SignIn

LATER = {"a_field_of_a_later_version": {"nested": [1, 2, 3]}}


def _problems(inspection: Inspection) -> tuple[Reply, ...]:
    """Refusals of several kinds."""
    return (
        inspection.line.send(Outgoing("GET", "/v1/conformance-no-such-address")),
        inspection.ask("feed", query={"limit": 0}),
        inspection.line.send(inspection.request("insurance")),
        inspection.ask("insurance"),
        inspection.ask("open-sitting", b"{}"),
        inspection.ask("staff-session"),
    )


@check(
    "problems.shape", "Every refusal is a problem as the contract has it.",
    "Send application/problem+json with type (one word of the contract's list), title, status (the same as the "
    "answer's) and detail; the status belongs to the type.",
)  # fmt: skip
def shape(inspection: Inspection) -> None:
    """Media type, members, status."""
    for reply in _problems(inspection):
        media = reply.headers.get("content-type", "").partition(";")[0]
        must(media == CONTENT_TYPE, f"{reply.asked} refuses as {media or 'nothing'}")
        body = reply.json()
        must(not faults_of(body, Problem), f"{reply.asked}: the refusal is no Problem: {reply.problem or body}")
        must(
            body["status"] == reply.status, f"{reply.asked} answered {reply.status}, the problem says {body['status']}"
        )
        must(reply.status in statuses(ProblemType(body["type"])), f"{body['type']} comes with status {reply.status}")
        must(body["title"], f"{reply.asked}: the problem has no title")


@check(
    "problems.private", "A refusal repeats nothing personal.",
    "detail is for a developer and lands in logs: name the field, never its content.",
)  # fmt: skip
def private(inspection: Inspection) -> None:
    """A body that is wrong and full of personal numbers."""
    person = inspection.person("insured")
    card = inspection.card(person).model_dump() | {"proven": person.social_security_no, "insertion": None}
    reply = inspection.ask("open-sitting", card)
    for number in (person.social_security_no, person.card_number):
        must(number.encode() not in reply.body, "the refusal repeats a number of the request")


@check(
    "times.instants", "Every moment carries its zone.",
    "Send moments in UTC with Z or with an offset, also in the header As-Of: a kiosk refuses what has none.",
)  # fmt: skip
def instants(inspection: Inspection) -> None:
    """Pulse, feed, sitting, session, and the header."""
    feed = inspection.ask("feed")
    good(feed, "feed")
    said = feed.headers.get(AS_OF_HEADER.lower(), "")
    try:
        zoned = datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        raise Failed(f"As-Of of the feed is {said!r}") from None
    must(zoned, f"As-Of is {said!r}: no zone")
    for name, body, message in _with_moments(inspection, feed):
        bare = [".".join(map(str, fault["loc"])) for fault in faults_of(body, message) if fault["type"] == NO_ZONE]
        must(not bare, f"{name}: no zone in {', '.join(bare)}")


def _with_moments(inspection: Inspection, feed: Reply) -> list[tuple[str, Any, type[Message]]]:
    """Bodies that hold moments; those that cannot be had here are other checks' business."""
    found: list[tuple[str, Any, type[Message]]] = []
    replies = {"pulse": inspection.ask("pulse"), "feed": feed}
    if someone := inspection.persons.rare_name:
        inspection.end_sitting()
        replies["open-sitting"] = opened = inspection.ask("open-sitting", inspection.card(someone))
        if opened.status == CREATED:
            inspection.ask("close-sitting", sitting=opened.json()["sitting"])
    if clerk := inspection.persons.clerk:
        asked = SignIn(account=clerk.account, password=clerk.password)
        replies["sign-in"] = inspection.ask("sign-in", asked)
    for key, reply in replies.items():
        message = operation(key).answer
        if message is not None and reply.status in (OK, CREATED):
            found.append((reply.asked, reply.json(), message))
    items = (item for item in feed.json()["items"] if item.get("body"))
    found += [(item["key"], item["body"], BODY_OF_KIND[FeedKind(item["kind"])]) for item in items]
    return found


@check(
    "headers.no-store", "Nothing personal is kept on the way.",
    "Send Cache-Control: no-store with every answer that is signed for, refusals too.",
)  # fmt: skip
def no_store(inspection: Inspection) -> None:
    """Statements, standing, a session, refusals."""
    sitting, staff = inspection.sitting_of("insured"), inspection.session_of("clerk")
    replies = (
        inspection.ask("insurance", sitting=sitting),
        inspection.ask("eligibility", sitting=sitting),
        inspection.ask("staff-session", staff=staff),
        inspection.ask("insurance", sitting="none"),
        inspection.ask("open-sitting", b"{}"),
    )
    for reply in replies:
        kept = reply.headers.get("cache-control", "")
        must("no-store" in kept, f"{reply.asked} ({reply.status}): Cache-Control is {kept!r}")


@check(
    "headers.no-cookie", "Nobody is known by a cookie.",
    "Set no cookie: a kiosk proves itself by its signature, a resident by the sitting, staff by the session.",
)  # fmt: skip
def no_cookie(inspection: Inspection) -> None:
    """Public, personal, staff."""
    replies = (
        inspection.ask("pulse"),
        inspection.ask("feed", query={"limit": 1}),
        inspection.ask("insurance", sitting=inspection.sitting_of("insured")),
    )
    for reply in replies:
        must("set-cookie" not in reply.headers, f"{reply.asked} sets a cookie")


@check(
    "versions.unknown-fields", "Fields and parameters of a later version are passed over.",
    "Ignore fields and query parameters that you do not know: a newer kiosk must be able to speak to an older county.",
)  # fmt: skip
def unknown_fields(inspection: Inspection) -> None:
    """In a card, in a sign-in, in a query."""
    inspection.end_sitting()
    card = inspection.card(inspection.person("dotted_name")).model_dump() | LATER
    told = inspection.ask("open-sitting", card)
    must(told.status == CREATED, f"a card with an unknown field is answered {told.status} {told.problem}")
    inspection.ask("close-sitting", sitting=told.json()["sitting"])
    account = inspection.account("clerk")
    asked = {"account": account.account, "password": account.password} | LATER
    reply = inspection.ask("sign-in", asked)
    must(reply.status == CREATED, f"a sign-in with an unknown field is answered {reply.status} {reply.problem}")
    reply = inspection.ask("feed", query={"limit": 1, "a_parameter_of_a_later_version": "1"})
    must(reply.status == OK, f"a feed with an unknown parameter is answered {reply.status} {reply.problem}")


@check(
    "names.rare", "Rare characters in a name come back as they are.",
    "Keep and send names as Unicode from end to end: a database, a driver or a terminal with a smaller character set "
    "(utf8mb3, GBK) loses 𬱖 and its like.",
)  # fmt: skip
def rare(inspection: Inspection) -> None:
    """The entry rare_name."""
    _names(inspection, "rare_name")


@check(
    "names.dotted", "The dot inside a name comes back as it is.",
    "Keep the middle dot (U+00B7) of a name as it is on record: no other dot, no blank, nothing cut.",
)  # fmt: skip
def dotted(inspection: Inspection) -> None:
    """The entry dotted_name."""
    _names(inspection, "dotted_name")


def _names(inspection: Inspection, entry: str) -> None:
    person = inspection.person(entry)
    inspection.end_sitting()
    told = good(inspection.ask("open-sitting", inspection.card(person)), "open-sitting")
    inspection.ask("close-sitting", sitting=told["sitting"])
    must(told["name"] == person.name, f"the name {person.name} came back as {told['name']}")


CHECKS = (no_store, no_cookie, shape, private, instants, unknown_fields, rare, dotted)
