"""Rows of the list, drawn once a posting: what a row shows never changes while the posting is the same object."""

from __future__ import annotations

import threading

from flask import current_app
from markupsafe import Markup, escape

from contract.feed import JobPosting
from kiosk.languages import present_language
from kiosk.locality import Locality
from kiosk.services.jobs.job_steps import at
from kiosk.services.jobs.job_words import pay_words

EXTENSION = "job_rows"
ROWS_AT_MOST = 2000
HREF = "{href}"
"""Stands in a drawn row for where it leads: that depends on what is looked for."""


class DrawnRows:
    """The rows drawn lately by one face."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: dict[tuple[str, str], tuple[JobPosting, str, list[str]]] = {}

    def parts_of(self, job: JobPosting, tag: str, locality: Locality) -> tuple[JobPosting, str, list[str]]:
        """A row in the page's language: its posting, its number as HTML, and the row cut where its address belongs."""
        place = (job.posting_no, tag)
        known = self._drawn.get(place)
        if known is not None and known[0] is job:
            return known
        drawn = current_app.jinja_env.get_template("services/job_rows.html").module
        town = locality.town_name(job.region)
        row: Markup = drawn.row(HREF, job.title, job.employer.name, town, pay_words(job.wage))  # type: ignore[attr-defined]  # a macro
        known = (job, str(escape(job.posting_no)), str(row).split(HREF))
        with self._lock:
            if len(self._drawn) >= ROWS_AT_MOST:
                self._drawn.clear()
            self._drawn[place] = known
        return known


def rows_of(jobs: tuple[JobPosting, ...], line: str, locality: Locality) -> Markup:
    """The rows of a page; ``line`` is the address line of what is looked for."""
    drawn: DrawnRows = current_app.extensions.setdefault(EXTENSION, DrawnRows())
    tag = present_language().tag
    before, behind = (str(escape(part)) for part in at(line, "post/{no}").split("{no}"))
    known = (drawn.parts_of(job, tag, locality) for job in jobs)
    rows = [f"{before}{number}{behind}".join(parts) for _, number, parts in known]
    return Markup("\n".join(rows))  # noqa: S704 - a template drew them, and the address is escaped
