"""What no honest sender writes, refused before anybody works with it: NULs, bare bytes, and one field named twice.

A NUL is a character in JSON and in an address, and none in PostgreSQL. An address is ASCII (RFC 3986): bytes beyond it
that no percent sign announces are no text that a route could read. Of a field named twice one reader takes the first
and another the last: what was checked would not be what is done.
"""

from __future__ import annotations

import json
from urllib.parse import unquote_to_bytes

from contract.problems import ProblemType
from county.refusals import Refused

NUL = 0
ESCAPED_NUL = b"\\u0000"
BAD_REQUEST = 400


def check_address(path: str, query: bytes) -> None:
    """Refuse with MALFORMED an address that holds a NUL, however it is written, or a query that is not UTF-8."""
    if "\0" in path or NUL in unquote_to_bytes(query):
        raise Refused(ProblemType.MALFORMED, "a NUL in the address", BAD_REQUEST)
    try:
        query.decode()
    except UnicodeDecodeError:
        raise Refused(ProblemType.MALFORMED, "bytes in the address that are no text", BAD_REQUEST) from None


def check_json(body: bytes) -> None:
    """Refuse with MALFORMED a JSON text that holds a NUL, NaN or an endless number, or names a field twice."""
    if ESCAPED_NUL in body:
        raise Refused(ProblemType.MALFORMED, "a NUL in the body", BAD_REQUEST)
    try:
        json.loads(body, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(ProblemType.MALFORMED, "the body is not JSON", BAD_REQUEST) from error


def _no_number(text: str) -> object:
    raise Refused(ProblemType.MALFORMED, f"{text} is no number", BAD_REQUEST)


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Refused(ProblemType.MALFORMED, "a field is named twice", BAD_REQUEST)
    return fields
