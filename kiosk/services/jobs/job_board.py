"""找工作: the county's open posts; search, filters, detail, the employer's telephone on request, a slip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from contract.codes import WordsOf
from contract.feed import JobPosting
from contract.identifiers import mask_phone
from contract.job_query import JobQuery
from kiosk.errors import LimitReached, NoSuchPage
from kiosk.identity import Assurance
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.phrases import minute_phrase
from kiosk.receipts import day_in_words, job_slip
from kiosk.resident_service import ResidentService, WhenCut
from kiosk.services.jobs.job_filters import (
    FURTHEST_PAGE,
    Filter,
    address_of,
    choices_of,
    code_of,
    number_of,
    query_of,
)
from kiosk.services.jobs.job_pages import slicing_of
from kiosk.services.jobs.job_pictures import town_tiles, trade_tiles
from kiosk.services.jobs.job_rows import rows_of
from kiosk.services.jobs.job_steps import at, held, kept, narrowings_of, query_tail, sorts
from kiosk.services.jobs.job_words import pay_words
from kiosk.services.slips import can_print, mended, no_paper, print_slip, slip_of, stamp
from kiosk.states import modes_of
from kiosk.uplink import Answer
from kiosk.uplink.job_index import JobPage, counted_words
from kiosk.uplink.questions import JobCount, JobNumbered, JobsMatching

service = ResidentService(
    "job_board", title="找工作", icon="briefcase", hint="看本县的招工", hue="jobs", needs=Assurance.OPEN,
    when_cut=WhenCut.DATED_COPY,
)  # fmt: skip


@dataclass
class ContactMemory:
    """The posts whose telephone this visit has seen."""

    shown: set[str] = field(default_factory=set)


@service.get("/")
def show() -> str:
    """A page of what is looked for; the last page where the number goes beyond it. Raises LimitReached."""
    if not machine().searches.enter("jobs"):
        raise LimitReached("more searches in a minute than hands make")
    query, asked = asked_query(), number_of(request.args.get("page", "")) or 1
    slicing = slicing_of(machine().locality.jobs.page_size, modes_of(machine().desk.state))
    found = machine().county.ask(JobsMatching(query, min(slicing.index_page(asked), FURTHEST_PAGE)))
    pages = slicing.pages(found.value.total)
    page = min(max(asked, 1), pages)
    if page != asked:
        found = machine().county.ask(JobsMatching(query, slicing.index_page(page)))
    return show_list(query, found, slicing.rows(page), page, pages)


def show_list(query: JobQuery, found: Answer[JobPage], rows: slice, page: int, pages: int) -> str:
    """The list; one that somebody typed words for is kept nowhere."""

    def make() -> dict[str, Any]:
        return listed(query, found, rows) | {"page": page, "pages": pages}

    if query.words:
        return service.page("list", **make())
    return service.kept_page("list", (query, page, *state_of(found)), make)


def listed(query: JobQuery, found: Answer[JobPage], rows: slice) -> dict[str, Any]:
    """What the list shows, or what to leave out where nothing was found."""
    here, line = machine().locality, address_of(query)
    drops = (
        [] if found.value.total else [step for step in narrowings_of(query, here, code_words()) if count(step.query)]
    )
    return {
        "rows": rows_of(found.value.postings[rows], line, here), "words": query.words,
        "total": counted_words(found.value.total, found.value.more),
        "chosen": [step for step in narrowings_of(query, here, code_words()) if step.name != "words"],
        "sorts": sorts(query),
        "page_url": at(f"{line}&page=" if line else "page="), "keep": kept(query), "filters": at(line, "filters"),
        "pictures": at(line, "pictures"),
        "drops": [(step, counted_words(count(step.query))) for step in drops], "clear": at(""),
        "narrowed": bool(query.narrowings()), "as_of": as_of_words(found), "stale": stale(found),
    }  # fmt: skip


@service.get("/filters")
def filters() -> str:
    """Every filter with what holds now."""
    query = asked_query()
    line, here = address_of(query), machine().locality
    steps = [(one.heading, held(one, query, here, code_words()), at(line, f"filters/{one}")) for one in Filter]
    total = count(query)
    return service.page(
        "filters", steps=steps, total=total, posts=counted_words(total), found=at(line), clear=at("", "filters"),
        narrowed=bool(query.narrowings()),
    )  # fmt: skip


@service.get("/pictures")
def pictures() -> str:
    """A picture for each trade; and where the towns are."""
    query = asked_query()
    line = address_of(query)
    return service.page("pictures", tiles=trade_tiles(query, code_words()), towns=at(line, "towns"), back=at(line))


@service.get("/towns")
def towns() -> str:
    """A tile for each town; and where the trades are."""
    query = asked_query()
    line = address_of(query)
    return service.page(
        "towns", tiles=town_tiles(query, machine().locality), trades=at(line, "pictures"), back=at(line)
    )


@service.get("/filters/<name>")
def choose(name: str) -> str:
    """One filter: everything that can be chosen, as tiles."""
    one, query = code_of(Filter, name), asked_query()
    if one is None:
        raise NoSuchPage("no such filter")
    found = choices_of(one, query, machine().locality, code_words())
    options = [(choice.words, at(address_of(choice.query), "filters"), choice.query == query) for choice in found]
    return service.page("choose", heading=one.heading, options=options, back=at(address_of(query), "filters"))


@service.get("/post/<posting_no>")
def detail(posting_no: str) -> str:
    """One post; its telephone is covered until it was asked for."""
    found, query = machine().county.ask(JobNumbered(posting_no)), asked_query()
    line = address_of(query)
    if found.value is None:
        return service.page("gone", back=at(line))
    job, shown = found.value, g.visit.recall(ContactMemory).shown
    slip, trouble, printable = slip_of(slip_name(job)), no_paper(), can_print()
    seen, spent = posting_no in shown, len(shown) >= limit()

    def make() -> dict[str, Any]:
        tail = query_tail(line)
        return {
            "job": job, "pay": pay_words(job.wage), "town": machine().locality.town_name(job.region), "back": at(line),
            "phone": job.contact_phone if seen else mask_phone(job.contact_phone),
            "shown": seen, "spent": spent, "limit": limit(), "slip": slip, "mended": mended(slip),
            "checked": day_in_words(job.verified_on), "expires": day_in_words(job.expires_on), "printable": printable,
            "contact_action": url_for("job_board.contact", posting_no=posting_no) + tail,
            "print_action": url_for("job_board.take_slip", posting_no=posting_no) + tail,
            "as_of": as_of_words(found), "stale": stale(found), "trouble": trouble,
        }  # fmt: skip

    if query.words or slip is not None:
        return service.page("detail", **make())
    return service.kept_page("detail", (posting_no, line, seen, spent, trouble, printable, *state_of(found)), make)


@service.post("/post/<posting_no>/contact")
def contact(posting_no: str) -> ResponseReturnValue:
    """Show the telephone; so many a visit, so that nobody copies the board."""
    job, shown = open_job(posting_no), g.visit.recall(ContactMemory).shown
    if posting_no not in shown:
        if len(shown) >= limit():
            raise LimitReached("the contacts of this visit are used up")
        shown.add(posting_no)
        machine().journal.write(Happening.CONTACT_SHOWN, posting=job.posting_no)
    return service.to("detail", posting_no=posting_no, **request.args.to_dict())


@service.post("/post/<posting_no>/slip")
def take_slip(posting_no: str) -> ResponseReturnValue:
    """Print the post; the telephone stands on it where it was shown."""
    job = open_job(posting_no)
    shown = posting_no in g.visit.recall(ContactMemory).shown
    print_slip(slip_name(job), job_slip(job, pay_words(job.wage), stamp(), with_contact=shown))
    return service.to("detail", posting_no=posting_no, **request.args.to_dict())


def open_job(posting_no: str) -> JobPosting:
    """A post that is still open; raises NoSuchPage."""
    job = machine().county.ask(JobNumbered(posting_no)).value
    if job is None:
        raise NoSuchPage("the post is gone or expired")
    return job


def slip_name(job: JobPosting) -> str:
    """A slip without the telephone is another slip than the one with it."""
    return f"job {job.posting_no} {job.posting_no in g.visit.recall(ContactMemory).shown}"


def code_words() -> WordsOf:
    """What trades and schooling are called in this county."""
    return machine().county.code_words.of


def limit() -> int:
    """Telephones a visit."""
    return machine().locality.jobs.contacts_per_visit


def asked_query() -> JobQuery:
    """What the address line looks for."""
    return query_of(request.args.to_dict(), machine().locality)


def count(query: JobQuery) -> int:
    """How many posts a query finds."""
    return machine().county.ask(JobCount(query)).value


def state_of(found: Answer[Any]) -> tuple[int, str, bool]:
    """What a page of the copy depends on beside what was asked: which copy it is, and how old."""
    return machine().county.feed.revision, as_of_words(found), stale(found)


def as_of_words(found: Answer[Any]) -> str:
    """When the copy was complete last; empty where it never was."""
    if found.as_of is None:
        return ""
    local = machine().clock.to_local(found.as_of)
    return minute_phrase(local)


def stale(found: Answer[Any]) -> bool:
    """True where the copy may be behind the county."""
    return not (found.fresh and machine().county.client.reachable)
