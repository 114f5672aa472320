"""What one verification remembers while its visit lasts; in memory only, gone with the card."""

from __future__ import annotations

import base64
import binascii
import threading
from dataclasses import dataclass, field

from contract.codes import Finger
from contract.residents import EligibilityStatus, FingerprintTemplates
from devices.fingerprint import FingerTemplate, MatchResult, MatchVerdict
from kiosk.capture import CaptureView
from kiosk.device_errors import TemplateUnusable
from kiosk.services.pension.verification_rules import Ladder, NoFinger, Outcome


@dataclass(frozen=True)
class Passed:
    """How the person was found to be who they are: the matching try, or the clerk's account."""

    match: MatchResult | None = None
    clerk: str = ""


@dataclass(frozen=True)
class Appointed:
    """A wish for a person that was taken down; ``confirmed``: the county has it. Until then it only waits here."""

    number: str
    confirmed: bool


@dataclass
class VerificationMemory:
    """One verification. ``lock`` is held while something is sent, so that a second tap gets the first one's answer."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    status: EligibilityStatus | None = None
    consented: bool = False
    templates: dict[Finger, FingerTemplate] = field(default_factory=dict)
    ladder: Ladder = field(default_factory=lambda: Ladder((), 0))
    no_finger: NoFinger | None = None
    matched: MatchResult | None = None
    passed: Passed | None = None
    outcome: Outcome | None = None
    appointment: Appointed | None = None

    def wipe(self) -> None:
        """Keep the tries that were made and what was sent, so that neither is made again; no template, no answer."""
        with self.lock:
            self.status, self.matched, self.consented, self.templates = None, None, False, {}
            self.passed = self.passed if self.outcome else None

    def take(self, given: FingerprintTemplates, compared: str, fingers: int, per_finger: int) -> None:
        """Keep the templates for this visit, or why they are of no use to a sensor that has ``compared`` ones."""
        if given.format != compared:
            self.no_finger = NoFinger.WRONG_FORMAT
            return
        self.templates = {
            one.finger: template for one in given.fingers if (template := template_of(given.format, one.content))
        }
        ladder = Ladder.of(tuple(self.templates), fingers, per_finger)
        if self.ladder.fingers != ladder.fingers:  # fetched anew after a wipe: tries that were made stay made
            self.ladder = ladder
        self.no_finger = None if self.templates else NoFinger.NOT_ENROLLED

    def tried(self, view: CaptureView) -> None:
        """A try ended; called in the sensor's worker."""
        if isinstance(view.problem, TemplateUnusable):
            self.no_finger = NoFinger.WRONG_FORMAT
        if view.result is None:
            return
        if view.result.verdict is MatchVerdict.MATCHED:
            self.matched = view.result
        self.ladder = self.ladder.after(view.result.verdict)
        if self.ladder.used_up and self.matched is None:
            self.no_finger = NoFinger.USED_UP


def template_of(family: str, content: str) -> FingerTemplate | None:
    """A template out of the county's base64; None where it is none."""
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return None
    return FingerTemplate(family, decoded) if decoded else None
