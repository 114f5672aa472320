"""The feed: pages by cursor that lose nothing and tell nothing twice, bodies as their kind says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract.conformance.check import check
from contract.conformance.expectations import good, refused, shaped
from contract.conformance.inspection import Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, NotRun, must
from contract.documents import HEADER as DOCUMENT
from contract.documents import KEYS, Forged, Unsigned, feed_page, feed_unchanged, key_name
from contract.documents import check as prove
from contract.enrolment import signing_key
from contract.feed import BODY_OF_KIND, FeedKind
from contract.message import AS_OF_HEADER
from contract.problems import ProblemType

WHOLE, MOST_PAGES = 1000, 2000
FEW = 6
NOT_MODIFIED = 304
Mark = tuple[str, str, int]


def page(inspection: Inspection, **query: str | int) -> Any:
    """One page."""
    return good(inspection.ask("feed", query=query), "feed")


def pages(inspection: Inspection, cursor: str = "", limit: int = WHOLE, area: str = "") -> Iterator[Any]:
    """Page after page until the last."""
    for _ in range(MOST_PAGES):
        found = page(inspection, cursor=cursor, limit=limit, area=area)
        yield found
        if not found["more"]:
            return
        must(found["cursor"] != cursor, "the feed says more, but its cursor stands still")
        cursor = found["cursor"]
    must(False, f"the feed does not end within {MOST_PAGES} pages")  # noqa: FBT003 - it holds in no case


def _marks(found: Any) -> list[Mark]:
    return [(item["kind"], item["key"], item["revision"]) for item in found["items"]]


def _all(inspection: Inspection) -> list[Mark]:
    return [mark for found in pages(inspection) for mark in _marks(found)]


@check(
    "feed.content", "The feed carries what its kinds promise.",
    "Each item's body is the message of its kind; a removed item has none. Amounts are strings, moments have a zone.",
    operations=("feed",),
)  # fmt: skip
def content(inspection: Inspection) -> None:
    """Every item of the first page."""
    for item in page(inspection, limit=WHOLE)["items"]:
        named = f"{item['kind']} {item['key']}"
        if item.get("removed"):
            must(item.get("body") is None, f"{named} is removed but has a body")
        else:
            must(item.get("body") is not None, f"{named} has neither a body nor removed")
            shaped(item["body"], BODY_OF_KIND[FeedKind(item["kind"])], named)


@check(
    "feed.order", "Nothing comes twice, and revisions rise.",
    "Keep one row for each item under its newest revision, and page by revision: an item that changes moves to the "
    "end.",
)  # fmt: skip
def order(inspection: Inspection) -> None:
    """In the whole feed."""
    found = _all(inspection)
    must(all(one[2] < other[2] for one, other in pairwise(found)), "revisions do not rise from item to item")
    twice = [key for key, times in Counter((kind, key) for kind, key, _ in found).items() if times > 1]
    must(not twice, f"came twice: {twice[:3]}")


@check(
    "feed.paging", "Small pages together are the whole feed.",
    "The cursor of a page stands at its last item; the next page begins after it. Cut a page by revision, not by "
    "offset, and never let the cursor pass an item that was not sent.",
)  # fmt: skip
def paging(inspection: Inspection) -> None:
    """One item a page, at the beginning and at the end; tried again where something was published meanwhile."""
    for _ in range(3):
        whole = _all(inspection)
        first = [mark for found in islice(pages(inspection, limit=1), FEW) for mark in _marks(found)]
        skipped = max(len(whole) - FEW, 0)
        last = [mark for found in pages(inspection, _cursor_after(inspection, skipped), 1) for mark in _marks(found)]
        if whole == _all(inspection):
            break
    must(first == whole[: len(first)] and len(first) >= min(FEW, len(whole)), "pages of one lose or repeat an item")
    must(last == whole[skipped:], "the last pages of one do not end as the whole feed does")


def _cursor_after(inspection: Inspection, items: int) -> str:
    """The cursor behind so many items."""
    cursor = ""
    while items > 0:
        found = page(inspection, cursor=cursor, limit=min(items, WHOLE))
        cursor, items = found["cursor"], items - max(len(found["items"]), 1)
    return cursor


@check(
    "feed.nothing-new", "Whoever holds everything is told so.",
    "Behind the last item answer an empty page: items [], more false, a cursor that can be asked again.",
)  # fmt: skip
def nothing_new(inspection: Inspection) -> None:
    """Asked behind the end."""
    end = list(pages(inspection))[-1]["cursor"]
    found = page(inspection, cursor=end)
    must(not found["items"] and not found["more"], "behind the end there is more")


@check(
    "feed.restart", "A full copy says that it is one, and only that.",
    "restart is true on the first page without a cursor, or with one of another area or database; else false.",
)  # fmt: skip
def restart(inspection: Inspection) -> None:
    """From the beginning, further on, and with a cursor of another area."""
    first = page(inspection, limit=1)
    must(first.get("restart") is True, "the first page does not say restart")
    further = page(inspection, cursor=first["cursor"], limit=1)
    must(not further.get("restart"), "the second page says restart")
    other = page(inspection, cursor=further["cursor"], limit=1, area="990001")
    must(other.get("restart") is True, "a cursor of another area does not begin anew")


@check(
    "feed.parameters", "Parameters that mean nothing are refused.",
    "Check area (6, 9 or 12 digits), limit (1 to 1000) and cursor; answer 400 malformed, never 500, never everything.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def parameters(inspection: Inspection) -> None:
    """Each of them wrong in turn."""
    wrong: tuple[dict[str, str | int], ...] = (
        {"limit": 0}, {"limit": 1001}, {"limit": "ten"}, {"limit": "1' OR '1'='1"}, {"area": "5105"},
        {"area": "区划代码"}, {"cursor": "no cursor of yours"},
    )  # fmt: skip
    for query in wrong:
        refused(inspection.ask("feed", query=query), ProblemType.MALFORMED)


@check(
    "feed.signed", "Whatever is public is signed as a document.",
    "Sign the very bytes you send, with what was asked (contract/documents.py), in the header Document-Signature: "
    "keys, pages of the feed, and the As-Of of each page and each 304. Publish the key under documents in "
    "GET /v1/keys.",
)  # fmt: skip
def signed(inspection: Inspection) -> None:
    """The list of keys, a page, an unchanged page, all under a key of the list."""
    keys = inspection.ask("keys")
    trusted = {row["key_id"]: signing_key(row["public_key"]) for row in good(keys, "keys").get("documents", ())}
    must(trusted, "GET /v1/keys names no key of documents")
    must(all(key_name(key) == name for name, key in trusted.items()), "a key_id is not the name of its key")
    first = inspection.ask("feed", query={"limit": 2, "area": "510521"})
    tag = first.headers.get("etag", "")
    request = inspection.request("feed", query={"limit": 2, "area": "510521"})
    request.headers["If-None-Match"] = tag
    again = inspection.line.send(request)
    _proven(keys, KEYS, keys.body, trusted)
    _proven(first, feed_page("510521", ""), first.body, trusted)
    for reply in (first, again):
        if reply is first or reply.status == NOT_MODIFIED:
            _proven(reply, feed_unchanged(tag), reply.headers.get(AS_OF_HEADER.lower(), "").encode(), trusted)


def _proven(reply: Reply, about: str, content: bytes, trusted: dict[str, Ed25519PublicKey]) -> None:
    try:
        prove(content, about, reply.headers.get(DOCUMENT.lower(), ""), trusted)
    except (Unsigned, Forged) as error:
        raise Failed(f"{reply.asked} ({reply.status}): {error}") from None


@check(
    "feed.postings", "Open posts are found by words, newest first, page by page.",
    "Order by publication, cut pages behind the last post that was sent, and find a post by a word of its own title.",
    operations=("postings",),
)  # fmt: skip
def postings(inspection: Inspection) -> None:
    """Two small pages against one, and a search for what is there."""
    whole = good(inspection.ask("postings", query={"limit": 4}), "postings")["items"]
    if len(whole) < FEW - 2:
        raise NotRun(f"there are {len(whole)} open posts; four are needed")
    first = good(inspection.ask("postings", query={"limit": 2}), "postings")
    must(first["more"] and first["cursor"], "there are more posts, but the page says neither more nor a cursor")
    second = good(inspection.ask("postings", query={"limit": 2, "cursor": first["cursor"]}), "postings")
    numbers = [post["posting_no"] for post in [*first["items"], *second["items"]]]
    must(numbers == [post["posting_no"] for post in whole], f"two pages of two are not one of four: {numbers}")
    moments = [post["published_at"] for post in whole]
    must(moments == sorted(moments, reverse=True), "the posts are not newest first")
    found = good(inspection.ask("postings", query={"q": whole[0]["title"][:20], "limit": 100}), "postings")["items"]
    must(numbers[0] in [post["posting_no"] for post in found], "a post is not found by the words of its title")
    for query in ({"limit": 0}, {"pay_min": "1"}, {"trade": "astrology"}, {"q": "工" * 60}):
        refused(inspection.ask("postings", query=query), ProblemType.MALFORMED)


CHECKS = (content, order, paging, nothing_new, restart, parameters, signed, postings)
