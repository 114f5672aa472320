"""The making of the information screen: written by one, approved by another, published as what was seen."""

from __future__ import annotations

import hashlib
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from contract.codes import ItemState
from contract.conformance.check import check
from contract.conformance.checks.feed import pages
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import CREATED, OK, Inspection
from contract.conformance.verdicts import NotRun, must
from contract.feed import FeedKind, Hours
from contract.problems import ProblemType
from contract.staff import Approval, ItemDraft

RARE = "李𬱖、古丽·买买提、㐂𠮷的通知"
DAY = timedelta(days=1)
OUTSIDE = "990001"
MOST = 1000


def draft(inspection: Inspection, area: str, **other: Any) -> ItemDraft:
    """A notice for a month; the kit withdraws it."""
    today = inspection.now().date()
    hours = Hours(first_day=today - DAY, last_day=today + 30 * DAY)
    fields: dict[str, Any] = {
        "title": "conformance kit",
        "body": secrets.token_hex(8),
        "hours": hours,
        "area": area,
        "order": 900,
    }
    return ItemDraft(**(fields | other))


def _area(inspection: Inspection) -> str:
    return str(inspection.member("editor")["areas"][0])


@contextmanager
def an_item(inspection: Inspection, **other: Any) -> Iterator[Any]:
    """A draft of the editor's, off the wall again at the end."""
    token = inspection.session_of("editor")
    reply = inspection.ask("write-item", draft(inspection, _area(inspection), **other), staff=token)
    if reply.status != CREATED:
        raise NotRun(f"no draft could be written: {reply.status} {reply.problem} (see wall.write)")
    item = reply.json()
    try:
        yield item
    finally:
        inspection.ask("withdraw-item", staff=token, place={"item_no": item["item_no"]})


def _step(inspection: Inspection, key: str, item: Any, who: str, body: Any = None) -> Any:
    """One step of an item, which must succeed."""
    reply = inspection.ask(key, body, staff=inspection.session_of(who), place={"item_no": item["item_no"]})
    return good(reply, key)


def _in_feed(inspection: Inspection, item: Any, cursor: str) -> Any:
    """The item as the feed has it after ``cursor``; None where it has not."""
    limit = MOST - secrets.randbelow(
        200
    )  # another address each time: a cache on the way may keep the last one's answer
    found = [one for page in pages(inspection, cursor, limit, item["draft"]["area"]) for one in page["items"]]
    mine = [one for one in found if (one["kind"], one["key"]) == (FeedKind.DISPLAY_ITEM, item["item_no"])]
    return mine[-1] if mine else None


def _end(inspection: Inspection, area: str) -> str:
    limit = MOST - secrets.randbelow(200)
    return str(list(pages(inspection, limit=limit, area=area))[-1]["cursor"])


@check(
    "wall.write", "An editor writes a draft and finds it in the list.",
    "Answer 201 with the item as a draft of version 1; list every item of the asker's areas.",
    operations=("write-item", "wall-items"),
)  # fmt: skip
def write(inspection: Inspection) -> None:
    """Written, listed, withdrawn."""
    token, wanted = inspection.session_of("editor"), draft(inspection, _area(inspection))
    item = good(inspection.ask("write-item", wanted, staff=token), "write-item")
    must(item["state"] == ItemState.DRAFT, f"a new item is {item['state']}")
    must(item["draft"]["body"] == wanted.body, "the body is not what was written")
    listed = good(inspection.ask("wall-items", staff=token), "wall-items")["items"]
    _step(inspection, "withdraw-item", item, "editor")
    must(item["item_no"] in [one["item_no"] for one in listed], "the new item is not in the list")


@check(
    "wall.rewrite", "The next version stands on the one that was read.",
    "Compare the version in the draft with the item's; where somebody was faster answer 409 edit-conflict.",
    operations=("rewrite-item",), refusals=(ProblemType.EDIT_CONFLICT,),
)  # fmt: skip
def rewrite(inspection: Inspection) -> None:
    """Once, and once more on top of the version that is no longer there."""
    with an_item(inspection) as item:
        next_one = draft(inspection, item["draft"]["area"], version=item["version"])
        changed = _step(inspection, "rewrite-item", item, "editor", next_one)
        must(changed["version"] > item["version"], "the version does not rise")
        must(changed["content_hash"] != item["content_hash"], "another content has the same hash")
        reply = inspection.ask(
            "rewrite-item", next_one, staff=inspection.session_of("editor"), place={"item_no": item["item_no"]}
        )
        refused(reply, ProblemType.EDIT_CONFLICT)


@check(
    "wall.publish", "What a second person approved comes into the feed, and goes when it is withdrawn.",
    "On approval put the item into the feed under a new revision; on withdrawal put its removal there under another "
    "(removed true, no body): a kiosk that was cut off learns of both by its cursor.",
    operations=("hand-in-item", "approve-item", "withdraw-item"),
)  # fmt: skip
def publish(inspection: Inspection) -> None:
    """The whole life of an item, as a kiosk sees it."""
    with an_item(inspection) as item:
        start = _end(inspection, item["draft"]["area"])
        handed = _step(inspection, "hand-in-item", item, "editor")
        seen = Approval(content_hash=handed["content_hash"])
        must(_in_feed(inspection, item, start) is None, "the item is in the feed before anybody approved it")
        published = _step(inspection, "approve-item", item, "approver", seen)
        must(published["state"] == ItemState.PUBLISHED, f"the approved item is {published['state']}")
        shown = _in_feed(inspection, item, start)
        must(shown is not None and not shown.get("removed"), "the approved item does not come into the feed")
        middle = _end(inspection, item["draft"]["area"])
        _step(inspection, "withdraw-item", item, "editor")
        gone = _in_feed(inspection, item, middle)
        must(gone is not None and gone.get("removed") is True, "the feed does not tell of the withdrawal")


@check(
    "wall.seen", "Only what was seen is approved.",
    "Compare content_hash with the hash of what is there now; where it differs answer 409 content-changed.",
    refusals=(ProblemType.CONTENT_CHANGED,),
)  # fmt: skip
def seen(inspection: Inspection) -> None:
    """The hash of something else."""
    with an_item(inspection) as item:
        _step(inspection, "hand-in-item", item, "editor")
        reply = inspection.ask(
            "approve-item", Approval(content_hash=secrets.token_hex(32)), staff=inspection.session_of("approver"),
            place={"item_no": item["item_no"]},
        )  # fmt: skip
        refused(reply, ProblemType.CONTENT_CHANGED)


@check(
    "wall.area", "Nobody writes for a place that is not theirs.",
    "Compare the area of the draft with the areas of the account; answer 403 outside-area.",
    refusals=(ProblemType.OUTSIDE_AREA,),
)  # fmt: skip
def area(inspection: Inspection) -> None:
    """A county that does not exist."""
    reply = inspection.ask("write-item", draft(inspection, OUTSIDE), staff=inspection.session_of("editor"))
    refused(reply, ProblemType.OUTSIDE_AREA)


@check(
    "wall.not-there", "An item that is not there is said not to be.",
    "Answer 404 not-found for an item number of nothing.", refusals=(ProblemType.NOT_FOUND,),
)  # fmt: skip
def not_there(inspection: Inspection) -> None:
    """Handed in and withdrawn."""
    for key in ("hand-in-item", "withdraw-item"):
        reply = inspection.ask(key, staff=inspection.session_of("editor"), place={"item_no": "no-such-item"})
        refused(reply, ProblemType.NOT_FOUND)


@check(
    "wall.picture", "A picture is kept, and served under the hash of its content.",
    "Write the picture anew (no remarks, no other format inside), name it by the sha256 of what you keep, and serve "
    "exactly those bytes.",
    operations=("keep-picture", "media"),
)  # fmt: skip
def picture(inspection: Inspection) -> None:
    """A small PNG in, its kept copy out."""
    kept = good(inspection.ask("keep-picture", png(), staff=inspection.session_of("editor")), "keep-picture")
    reply = inspection.ask("media", place={"sha256": kept["sha256"]})
    must(reply.status == OK, f"the kept picture is answered {reply.status}")
    must(hashlib.sha256(reply.body).hexdigest() == kept["sha256"], "what is served is not what the hash names")
    must(reply.headers.get("content-type", "").startswith("image/"), "the picture is served as something else")
    refused(inspection.ask("media", place={"sha256": "0" * 64}), ProblemType.NOT_FOUND)


@check(
    "wall.no-picture", "What is no picture is not kept.",
    "Decode every picture before keeping it; answer 422 picture-refused to anything else.",
    refusals=(ProblemType.PICTURE_REFUSED,),
)  # fmt: skip
def no_picture(inspection: Inspection) -> None:
    """A page, half a picture, and a draft with a picture that was never kept."""
    token = inspection.session_of("editor")
    for content in (b"<html><script>1</script></html>", png()[:40]):
        refused(inspection.ask("keep-picture", content, staff=token), ProblemType.PICTURE_REFUSED)
    unknown = draft(inspection, _area(inspection), picture="0" * 64)
    refused(inspection.ask("write-item", unknown, staff=token), ProblemType.PICTURE_REFUSED)


@check(
    "names.wall", "A notice with rare characters reaches the wall as it was written.",
    "Keep and send text as Unicode from end to end: a database or a driver with a smaller character set loses what "
    "lies beyond the first 65,536 characters (utf8mb3, GBK).",
)  # fmt: skip
def rare(inspection: Inspection) -> None:
    """Written, approved, fetched by the feed."""
    with an_item(inspection, title=RARE, body=RARE) as item:
        start = _end(inspection, item["draft"]["area"])
        handed = _step(inspection, "hand-in-item", item, "editor")
        _step(inspection, "approve-item", item, "approver", Approval(content_hash=handed["content_hash"]))
        shown = _in_feed(inspection, item, start)
        if shown is None:
            raise NotRun("the item does not come into the feed (see wall.publish)")
        must((shown["body"]["title"], shown["body"]["body"]) == (RARE, RARE), f"the feed says {shown['body']['title']}")


def png() -> bytes:
    """A red square."""
    side = 8
    rows = b"".join(b"\0" + b"\xc8\x10\x10" * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


CHECKS = (write, rewrite, publish, seen, area, not_there, picture, no_picture, rare)
