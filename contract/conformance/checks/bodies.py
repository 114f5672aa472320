"""Bodies that no kiosk sends: refused with words, never with a 500, never by silence."""

from __future__ import annotations

import gzip

from contract.conformance.check import check
from contract.conformance.expectations import refused
from contract.conformance.inspection import Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import must
from contract.problems import ProblemType

DEPTH = 50_000
TOO_LONG = 1024 * 1024
FIRST_FAILURE = 500
CURE = "Parse with limits and catch what your parser raises: a wrong body is 400 or 422 malformed, never 500"


def _sent(inspection: Inspection, body: bytes) -> tuple[Reply, ...]:
    """At an address for kiosks, and at the one that anybody can reach."""
    signed = inspection.ask("open-sitting", body)
    return signed, inspection.line.send(inspection.request("enrol", body))


@check("body.broken", "What is no JSON is refused.", f"{CURE}.", refusals=(ProblemType.MALFORMED,))
def broken(inspection: Inspection) -> None:
    """Cut off, not UTF-8, plain text."""
    for body in (b'{"name": "', b"\xff\xfe\x00{", "姓名=李伟".encode("gbk"), b"null and more"):
        refused(inspection.ask("open-sitting", body), ProblemType.MALFORMED)


@check("body.wrong", "JSON of another shape is refused.", f"{CURE}, naming the fields.",
       refusals=(ProblemType.MALFORMED,))  # fmt: skip
def wrong(inspection: Inspection) -> None:
    """Nothing, a list, a number, fields missing, fields of another type."""
    for body in (b"{}", b"[]", b"1", b"null", b'"text"', b'{"social_security_no": {"a": []}, "card_number": 1}'):
        refused(inspection.ask("open-sitting", body), ProblemType.MALFORMED)


@check(
    "body.nested", "A deeply nested body breaks nothing.", f"{CURE}; limit the depth, or use a parser that does.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def nested(inspection: Inspection) -> None:
    """Lists in lists, objects in objects."""
    for body in (b"[" * DEPTH + b"]" * DEPTH, b'{"a":' * (DEPTH // 2) + b"1" + b"}" * (DEPTH // 2)):
        for reply in _sent(inspection, body):
            refused(reply, ProblemType.MALFORMED, ProblemType.TOO_LARGE, ProblemType.NOT_SIGNED)


@check(
    "body.odd-characters", "Characters that no name has break nothing.",
    "Half of a surrogate pair and NUL cannot be kept by every database: refuse them as malformed or as unknown.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def odd_characters(inspection: Inspection) -> None:
    """In a field that is looked up."""
    person = inspection.person("insured")
    body = inspection.card(person).model_dump_json()
    for odd in (r"\u0000", r"\ud800", r"\udc00\ud800", "\u202e", "𝟙" * 2000):
        content = body.replace(person.card_number, odd).encode()
        reply = inspection.ask("open-sitting", content, kiosk=inspection.careless())
        refused(reply, ProblemType.MALFORMED, ProblemType.UNKNOWN_RESIDENT)


@check(
    "body.numbers", "Numbers that fit nowhere break nothing.",
    f"{CURE}, also for NaN and numbers of a thousand digits.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def numbers(inspection: Inspection) -> None:
    """As a field, and as the whole body."""
    for number in (b"NaN", b"-Infinity", b"9" * 1000, b"1e999"):
        refused(inspection.ask("open-sitting", b'{"social_security_no": ' + number + b"}"), ProblemType.MALFORMED)


@check(
    "body.too-large", "A body that is too large is refused with words.",
    "Stop reading at your limit (a message: 256 KiB) and answer 413 too-large as a problem, not your server's page.",
    refusals=(ProblemType.TOO_LARGE,),
)  # fmt: skip
def too_large(inspection: Inspection) -> None:
    """One megabyte where a message is expected."""
    body = b'{"name": "' + b"x" * TOO_LONG + b'"}'
    for reply in _sent(inspection, body):
        refused(reply, ProblemType.TOO_LARGE)


@check(
    "body.compressed", "A compressed body is not unpacked.",
    "Refuse Content-Encoding, or read the bytes as they are (then they are no JSON): ten kilobytes may unpack to "
    "gigabytes.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def compressed(inspection: Inspection) -> None:
    """A right body, packed; then a packed megabyte of blanks before it."""
    card = inspection.card(inspection.person("insured")).model_dump_json().encode()
    for body in (card, b" " * TOO_LONG + card):
        request = inspection.request("open-sitting", gzip.compress(body))
        request.headers["Content-Encoding"] = "gzip"
        reply = inspection.line.send(inspection.signed(request, inspection.careless()))
        refused(reply, ProblemType.MALFORMED, ProblemType.TOO_LARGE)


@check(
    "body.long-address", "An address without end breaks nothing.",
    "Limit the length of an address; any refusal (400, 404, 414, 431) will do, but no 500 and no silence.",
)  # fmt: skip
def long_address(inspection: Inspection) -> None:
    """A cursor of six thousand characters."""
    reply = inspection.ask("feed", query={"cursor": "A" * 6000})
    must(400 <= reply.status < FIRST_FAILURE, f"a cursor of 6000 characters is answered {reply.status}")  # noqa: PLR2004 - refusals begin there


CHECKS = (broken, wrong, nested, odd_characters, numbers, too_large, compressed, long_address)
