"""Rows of the list, drawn once a posting: what a row shows never changes while the posting is the same object."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup

from contract.feed import JobPosting
from kiosk.languages import present_language
from kiosk.locality import Locality
from kiosk.services.jobs.job_steps import at
from kiosk.services.jobs.job_words import pay_words

EXTENSION = "job_rows"
ROWS_AT_MOST = 2000


@dataclass(frozen=True)
class Row:
    """One post in the list: its drawn words, and where it leads."""

    words: Markup
    href: str


class DrawnRows:
    """The rows drawn lately by one face."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: dict[tuple[str, str], tuple[JobPosting, Markup]] = {}

    def words_of(self, job: JobPosting, locality: Locality) -> Markup:
        """The words of a row in the page's language; public content, never anything of a resident."""
        place = (job.posting_no, present_language().tag)
        known = self._drawn.get(place)
        if known is not None and known[0] is job:
            return known[1]
        parts = current_app.jinja_env.get_template("services/job_rows.html").module
        town = locality.town_name(job.region)
        words: Markup = parts.words(job.title, job.employer.name, town, pay_words(job.wage))  # type: ignore[attr-defined]  # a macro
        with self._lock:
            if len(self._drawn) >= ROWS_AT_MOST:
                self._drawn.clear()
            self._drawn[place] = (job, words)
        return words


def rows_of(jobs: tuple[JobPosting, ...], line: str, locality: Locality) -> list[Row]:
    """The rows of a page; ``line`` is the address line of what is looked for."""
    drawn: DrawnRows = current_app.extensions.setdefault(EXTENSION, DrawnRows())
    return [Row(drawn.words_of(job, locality), at(line, f"post/{job.posting_no}")) for job in jobs]
