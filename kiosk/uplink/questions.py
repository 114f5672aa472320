"""Everything the county can be asked: public questions from the kiosk's copy, personal ones through a sitting."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contract.feed import JobPosting
from contract.job_query import JobQuery
from contract.residents import (
    TEMPLATE_PURPOSE,
    ContributionStatement,
    EligibilityStatus,
    FingerprintTemplates,
    InsuranceStatement,
    OwnCases,
    PensionStatement,
)
from contract.sealing import CannotOpen, unseal
from contract.submissions import SubmissionKind
from kiosk.county_errors import CountyUnavailable
from kiosk.states import ResidentSession
from kiosk.uplink import Answer, County
from kiosk.uplink.identity_keys import KioskKeys
from kiosk.uplink.job_index import JobPage

FRESH = timedelta(minutes=10)


def freshness(county: County) -> tuple[datetime | None, bool]:
    """When the public copy was complete last, and whether that is recent."""
    as_of = county.feed.as_of
    return as_of, as_of is not None and county.clock.now() - as_of <= FRESH


@dataclass(frozen=True)
class JobsMatching:
    """A page of postings."""

    query: JobQuery
    page: int = 1

    def answer(self, county: County) -> Answer[JobPage]:
        """From the copy; a county that is cut off is not noticed but by the date."""
        found = county.feed.jobs.find(self.query, self.page, county.clock.local().date())
        return Answer(found, *freshness(county))


@dataclass(frozen=True)
class JobCount:
    """How many postings a query finds."""

    query: JobQuery

    def answer(self, county: County) -> Answer[int]:
        """From the copy."""
        return Answer(county.feed.jobs.count(self.query, county.clock.local().date()), *freshness(county))


@dataclass(frozen=True)
class JobNumbered:
    """One posting by its number; None when it is gone or expired."""

    posting_no: str

    def answer(self, county: County) -> Answer[JobPosting | None]:
        """From the copy."""
        return Answer(county.feed.jobs.one(self.posting_no, county.clock.local().date()), *freshness(county))


@dataclass(frozen=True)
class InsuranceStatementOf:
    """What a resident is insured for."""

    session: ResidentSession

    def answer(self, county: County) -> Answer[InsuranceStatement]:
        """Through the sitting."""
        return county.resident_answer(self.session, "insurance", InsuranceStatement)


@dataclass(frozen=True)
class ContributionsOf:
    """A resident's contributions of one year."""

    session: ResidentSession
    year: int

    def answer(self, county: County) -> Answer[ContributionStatement]:
        """Through the sitting."""
        return county.resident_answer(self.session, "contributions", ContributionStatement, year=self.year)


@dataclass(frozen=True)
class PensionOf:
    """Which benefit a resident draws, and whether it is paid."""

    session: ResidentSession

    def answer(self, county: County) -> Answer[PensionStatement]:
        """Through the sitting."""
        return county.resident_answer(self.session, "pension", PensionStatement)


@dataclass(frozen=True)
class CasesOf:
    """What a resident handed in, and how far it is."""

    session: ResidentSession

    def answer(self, county: County) -> Answer[OwnCases]:
        """Through the sitting."""
        return county.resident_answer(self.session, "cases", OwnCases)


@dataclass(frozen=True)
class EligibilityOf:
    """Where a pensioner stands in the yearly verification."""

    session: ResidentSession

    def answer(self, county: County) -> Answer[EligibilityStatus]:
        """Through the sitting."""
        return county.resident_answer(self.session, "eligibility", EligibilityStatus)


@dataclass(frozen=True)
class TemplatesOf:
    """The enrolled fingers, given only for a purpose the resident consented to."""

    session: ResidentSession
    consent: str

    def answer(self, county: County) -> Answer[FingerprintTemplates]:
        """Through the sitting."""
        before = county.signer.keys
        told = county.resident_answer(
            self.session, "fingerprint-template", FingerprintTemplates,
            purpose=SubmissionKind.ELIGIBILITY_VERIFICATION, consent=self.consent,
        )  # fmt: skip
        return replace(told, value=_opened(told.value, before, county.signer.keys))


def _opened(sealed: FingerprintTemplates, *pairs: KioskKeys) -> FingerprintTemplates:
    """The templates sealed to one of these pairs (they may be renewed meanwhile); CountyUnavailable where to none."""
    opened = [
        finger.model_copy(update={"content": base64.b64encode(_content(finger.content, pairs)).decode()})
        for finger in sealed.fingers
    ]
    return sealed.model_copy(update={"fingers": tuple(opened)})


def _content(sealed: str, pairs: tuple[KioskKeys, ...]) -> bytes:
    for keys in pairs:
        with suppress(CannotOpen):
            return unseal(sealed, keys.receiving, TEMPLATE_PURPOSE)
    raise CountyUnavailable("the county sealed a template to another kiosk")
