"""参保信息查询: what am I insured for, since when, how much is paid; a year as chart and table; a slip."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from contract.codes import Availability
from contract.receipt_token import ReceiptKind, ReceiptResult
from contract.residents import ContributionStatement, InsuranceBranch, InsuranceStatement
from kiosk.errors import NoSuchPage
from kiosk.identity import Assurance
from kiosk.machine import machine
from kiosk.pages import pdf_of
from kiosk.receipts import day_in_words, insurance_slip, month_in_words, query_number, yuan_in_words
from kiosk.resident_service import ResidentService, WhenCut
from kiosk.services.insurance.contribution_pages import contribution_pages, number_of
from kiosk.services.insurance.contribution_year import (
    branch_of,
    latest,
    months_words,
    span_words,
    total_months,
    year_of,
)
from kiosk.services.proofs import proof
from kiosk.services.slips import (
    asked_again,
    can_print,
    can_print_pages,
    mended,
    no_paper,
    print_again,
    print_pages,
    print_slip,
    slip_of,
    stamp,
)
from kiosk.uplink.questions import ContributionsOf, InsuranceStatementOf

service = ResidentService(
    "insurance_query", title="参保信息查询", icon="shield", hint="参保、缴费、账户", hue="insurance",
    needs=Assurance.PIN, when_cut=WhenCut.REFUSE,
)  # fmt: skip
SLIP = "insurance"


@service.get("/")
def show() -> str:
    """Every insurance type with its state; one without a record and one not offered here say different things."""
    told, words = statement(), machine().county.code_words.of
    rows = [
        (branch, words(latest(branch).status), total_months(branch))
        if branch.availability is Availability.RECORDED
        else (branch, words(branch.availability), None)
        for branch in told.branches
    ]
    return service.page(
        "list", rows=rows, as_of=day_in_words(told.as_of), name=str(g.session.resident.name),
        nothing=all(months is None for _, _, months in rows), slip=slip_of(SLIP), printable=can_print(),
        trouble=no_paper(), mended=mended(slip_of(SLIP)),
    )  # fmt: skip


@service.get("/type/<code>")
def branch(code: str) -> str:
    """One insurance type: every unit with its months, gaps, arrears, base, shares and balance."""
    told = statement()
    asked = recorded(told, code)
    return service.page(
        "branch", branch=asked, years=told.years, as_of=day_in_words(told.as_of), sample=sample(told),
        pages=slip_of(pages_name(code)), pages_printable=can_print_pages(),
        month_words=month_in_words, months_words=months_words, span_words=span_words, yuan=yuan_in_words,
    )  # fmt: skip


@service.get("/type/<code>/<int:year>")
def year(code: str, year: int) -> str:
    """The contributions of one year as chart and table."""
    told = statement()
    asked = recorded(told, code)
    if year not in told.years:
        raise NoSuchPage("no contributions in that year")
    paid = machine().county.ask(ContributionsOf(g.session, year)).value
    return service.page(
        "year", branch=asked, year=year, years=told.years, months=year_of(paid.rows, asked, year),
        as_of=day_in_words(paid.as_of), sample=sample(told), yuan=yuan_in_words,
    )  # fmt: skip


@service.get("/slip")
def slip() -> str:
    """What is to stand on the slip: months only, or the amounts too, after a second question."""
    if request.args.get("amounts") == "ask":
        return service.page("slip_amounts", trouble=no_paper())
    return service.page("slip", slip=slip_of(SLIP), mended=mended(slip_of(SLIP)), trouble=no_paper())


@service.post("/slip")
def take_slip() -> ResponseReturnValue:
    """Print; amounts only where they were confirmed. Raises CardSwapped where another card answers by now."""
    here, amounts = machine(), request.form.get("amounts") == "confirmed"
    here.reception.check_card(g.session.token)
    if asked_again() and print_again(SLIP):
        return service.to("show")
    resident, made = g.session.resident, stamp()
    code = proof(ReceiptKind.INSURANCE, query_number(made), ReceiptResult.QUERY, resident)
    paper = insurance_slip(
        statement(), resident, made, code, amounts=amounts, sample_label=here.locality.sample_label,
        words=here.county.code_words.of,
    )  # fmt: skip
    print_slip(SLIP, paper)
    return service.to("show")


@service.get("/type/<code>/pages")
def pages(code: str) -> ResponseReturnValue:
    """The question before amounts go on A4."""
    asked = recorded(statement(), code)
    if not can_print_pages():
        return service.to("branch", code=code)
    return service.page("pages", branch=asked)


@service.post("/type/<code>/pages")
def take_pages(code: str) -> ResponseReturnValue:
    """Print every month of one type on A4. Raises CardSwapped where another card answers by now."""
    here, session, at = machine(), g.session, stamp()
    number = number_of(at)
    here.reception.check_card(session.token)
    if asked_again() and print_again(pages_name(code)):
        return service.to("branch", code=code)
    told = statement()
    asked = recorded(told, code)

    def year_told(year: int) -> ContributionStatement:
        return here.county.ask(ContributionsOf(session, year)).value

    def pdf(reprint: int) -> bytes:
        label = here.locality.sample_label if told.sample_rates else ""
        words = here.county.code_words.of
        made = contribution_pages(told, asked, year_told, session.resident, number, sample=label, words=words)
        return pdf_of(made, at, reprint)

    print_pages(pages_name(code), number, pdf)
    return service.to("branch", code=code)


def pages_name(code: str) -> str:
    """The pages of one insurance type, among the slips of a visit."""
    return f"pages {code}"


def statement() -> InsuranceStatement:
    """What the county says now; nothing of it is kept. Raises CountyUnavailable."""
    return machine().county.ask(InsuranceStatementOf(g.session)).value


def recorded(told: InsuranceStatement, code: str) -> InsuranceBranch:
    """The branch of a code that has a record; raises NoSuchPage."""
    found = branch_of(told.branches, code)
    if found is None or found.availability is not Availability.RECORDED:
        raise NoSuchPage("no record of that insurance type")
    return found


def sample(told: InsuranceStatement) -> str:
    """The word that stands beside sample amounts; empty where they are real."""
    return machine().locality.sample_label if told.sample_rates else ""
