"""What a run found: for people a page and a few lines, for programs JSON. Nothing private stands in either."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from contract.conformance.line import Exchange
from contract.conformance.unseen import NOT_ASKED, NOT_PROVOKED
from contract.conformance.verdicts import Verdict
from contract.message import CONTRACT_VERSION

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Outcome:
    """How one check ended; ``said``: what was found, or why it was not run."""

    key: str
    proves: str
    cure: str
    verdict: Verdict
    said: str = ""
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole run against ``url``; ``fingerprints`` are those of the kit's kiosks."""

    url: str
    at: datetime
    fingerprints: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """No check failed, and at least one passed."""
        return not self.keys(Verdict.FAILED) and bool(self.keys(Verdict.PASSED))

    def keys(self, verdict: Verdict) -> list[str]:
        """The checks that ended so."""
        return [outcome.key for outcome in self.outcomes if outcome.verdict is verdict]

    def counts(self) -> dict[str, int]:
        """How many ended how."""
        return {verdict.value: len(self.keys(verdict)) for verdict in Verdict}

    def lines(self) -> list[str]:
        """The summary for a terminal: what failed with its cure, what was not run with its reason, the counts."""
        found = [f"{self.url}, contract version {CONTRACT_VERSION}"]
        found += [f"  kiosk {fingerprint}" for fingerprint in self.fingerprints]
        for outcome in self.outcomes:
            if outcome.verdict is Verdict.FAILED:
                found += [f"FAILED   {outcome.key}: {outcome.said}", f"         cure: {outcome.cure}"]
        for outcome in self.outcomes:
            if outcome.verdict is Verdict.NOT_RUN:
                found.append(f"not run  {outcome.key}: {outcome.said}")
        return [*found, ", ".join(f"{number} {name}" for name, number in self.counts().items())]

    def as_json(self) -> str:
        """The report for programs."""
        told: dict[str, Any] = asdict(self) | {
            "at": self.at.isoformat(), "contract_version": CONTRACT_VERSION, "passed": self.passed,
            "counts": self.counts(), "not_provoked": NOT_PROVOKED, "not_asked": NOT_ASKED,
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, indent=1)

    def as_page(self) -> str:
        """The report as one page: no script, no outside address; its own style is named by its hash."""
        style = (HERE / "report.css").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        templates = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
        page = templates.get_template("report.html")
        return page.render(
            report=self,
            style=style,
            digest=digest,
            version=CONTRACT_VERSION,
            unprovoked=NOT_PROVOKED,
            unasked=NOT_ASKED,
        )


def write_report(report: Report, folder: Path) -> None:
    """``report.json`` and ``report.html`` in ``folder``, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(report.as_json(), encoding="utf-8")
    (folder / "report.html").write_text(report.as_page(), encoding="utf-8")
