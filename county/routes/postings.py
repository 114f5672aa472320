"""``/v1/postings``: the county's open posts by words and filters, newest first; public, and the same for everybody."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, request

from contract.bigrams import LONGEST_QUERY
from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import PostingPage
from contract.job_query import JobQuery
from contract.operations import PAY, TOWN
from contract.problems import ProblemType
from county import publishing
from county.asking import answer
from county.hub import hub
from county.refusals import Refused
from county.search.finding import find

routes = Blueprint("postings", __name__)

USUAL_LIMIT, LARGEST_LIMIT = 20, 100
NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
LAST_NUMBER = 2**63 - 1
FRESH_SECONDS = 60
Code = TypeVar("Code", bound=StrEnum)


@routes.get("/v1/postings")
def search() -> Response:
    """A page of what is found; 304 where nothing public changed since."""
    query, limit, before = _query(), _number("limit", USUAL_LIMIT, LARGEST_LIMIT), _number("cursor", None, LAST_NUMBER)
    publishing.keep_current(hub().store, hub().clock.today())
    with hub().store.reading() as connection:
        tag = _tag(publishing.head(connection))
        if request.if_none_match.contains(tag):
            reply = Response(status=304)
        else:
            found = find(connection, query, before, limit or USUAL_LIMIT)
            cursor = str(found.last or "")
            reply = answer(PostingPage(items=found.items, cursor=cursor, more=bool(cursor), as_of=hub().clock.now()))
    reply.set_etag(tag)
    reply.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return reply


def _tag(newest: int) -> str:
    asked = f"{hub().epoch} {newest} {hub().clock.today()} {request.query_string.decode('latin-1')}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _query() -> JobQuery:
    pay, period = _text("pay_min", PAY.pattern), _code("period", WagePeriod)
    if pay and period not in (None, WagePeriod.MONTH):
        raise Refused(ProblemType.MALFORMED, "pay_min is pay a month", 400)
    return JobQuery(
        words=_text("q", f".{{0,{LONGEST_QUERY}}}").strip(),
        town=_text("town", TOWN.pattern),
        trade=_code("trade", Trade),
        pay=int(pay) if pay else None,
        pay_period=WagePeriod.MONTH if pay else period,
        schooling=_code("schooling", Schooling),
        public_welfare=_text("welfare", "1") == "1",
    )


def _text(name: str, pattern: str) -> str:
    """The parameter; empty where it did not come. Refused where it is not what the contract says."""
    asked = request.args.get(name, "")
    if asked and not re.fullmatch(pattern, asked, re.DOTALL):
        raise Refused(ProblemType.MALFORMED, f"{name} is not as the contract says", 400)
    return asked


def _code(name: str, kind: type[Code]) -> Code | None:
    asked = request.args.get(name, "")
    if not asked:
        return None
    try:
        return kind(asked)
    except ValueError:
        raise Refused(ProblemType.MALFORMED, f"{name} is none of the code list", 400) from None


def _number(name: str, usual: int | None, largest: int) -> int | None:
    asked = request.args.get(name, "")
    if not asked:
        return usual
    if not NUMBER.fullmatch(asked) or not 1 <= int(asked) <= largest:
        raise Refused(ProblemType.MALFORMED, f"{name} lies between 1 and {largest}", 400)
    return int(asked)
