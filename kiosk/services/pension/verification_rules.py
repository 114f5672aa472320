"""What to do next in the yearly eligibility check, as pure rules (reference/domain.md §2.4, QV6-QV8).

The kiosk never says more than the county did: without the county's word it does not say whether a check is due, and
nothing but the county's answer moves a due date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from contract.codes import AnswerStatus, EligibilityState, Finger
from contract.receipt_token import ReceiptResult
from contract.residents import EligibilityStatus
from devices.fingerprint import MatchVerdict
from kiosk.uplink import Acknowledgement


class Opening(StrEnum):
    """What the first page says."""

    NOT_A_PENSIONER = "not_a_pensioner"
    NOTHING_TO_DO = "nothing_to_do"
    AT_COUNTER = "at_counter"
    DUE = "due"
    UNKNOWN = "unknown"

    @property
    def may_verify(self) -> bool:
        """True where evidence may be made: a check is due, or nobody could say."""
        return self in (Opening.DUE, Opening.UNKNOWN)


def opening(status: EligibilityStatus | None) -> Opening:
    """Where the county's word leads; None: the county was not reached."""
    if status is None:
        return Opening.UNKNOWN
    match status.state:
        case EligibilityState.NOT_A_PENSIONER:
            return Opening.NOT_A_PENSIONER
        case EligibilityState.NOT_DUE | EligibilityState.MATCHED:
            return Opening.NOTHING_TO_DO
        case EligibilityState.AT_COUNTER:
            return Opening.AT_COUNTER
        case EligibilityState.DUE_SOON | EligibilityState.DUE | EligibilityState.OVERDUE | EligibilityState.SUSPENDED:
            return Opening.DUE
        case _:
            assert_never(status.state)


class NoFinger(StrEnum):
    """Why no finger can be taken; the value is what the screen says."""

    NOT_ENROLLED = "县里没有您的指纹"
    WRONG_FORMAT = "您登记的指纹在这台机器上用不了"
    NO_SENSOR = "指纹机现在不能用"
    COUNTY_CUT = "县里连不上，取不到登记的指纹"
    USED_UP = "几个手指都没有对上，不要紧"


@dataclass(frozen=True)
class Ladder:
    """Fingers and tries. ``used[i]`` tries were made with ``fingers[i]``; ``at`` is the finger asked for now."""

    fingers: tuple[Finger, ...]
    per_finger: int
    used: tuple[int, ...] = ()
    at: int = 0

    @classmethod
    def of(cls, enrolled: tuple[Finger, ...], fingers: int, per_finger: int) -> Ladder:
        """The first ``fingers`` of the enrolled ones in the order the kiosk asks."""
        asked = tuple(finger for finger in Finger if finger in enrolled)[:fingers]
        return cls(asked, per_finger, (0,) * len(asked))

    @property
    def finger(self) -> Finger | None:
        """The finger asked for now; None where all tries are used up."""
        return None if self.used_up else self.fingers[self.at]

    @property
    def left(self) -> int:
        """Tries left with the present finger."""
        return 0 if not self.fingers else self.per_finger - self.used[self.at]

    @property
    def attempts(self) -> int:
        """Tries made in all."""
        return sum(self.used)

    @property
    def used_up(self) -> bool:
        """True where no finger has a try left."""
        return all(tries >= self.per_finger for tries in self.used)

    @property
    def others(self) -> bool:
        """True where another finger has a try left."""
        return any(tries < self.per_finger for place, tries in enumerate(self.used) if place != self.at)

    def after(self, verdict: MatchVerdict) -> Ladder:
        """After one try. A try without a finger, or one that was ended, is not counted."""
        if verdict in (MatchVerdict.NO_FINGER, MatchVerdict.CANCELLED) or not self.fingers:
            return self
        used = tuple(tries + (place == self.at) for place, tries in enumerate(self.used))
        tried = replace(self, used=used)
        return tried.other_finger() if tried.left == 0 else tried

    def other_finger(self) -> Ladder:
        """On to the next finger that has a try left; the same ladder where there is none."""
        count = len(self.fingers)
        order = [(self.at + step) % count for step in range(1, count)]
        free = [place for place in order if self.used[place] < self.per_finger]
        return replace(self, at=free[0]) if free else self


class Result(StrEnum):
    """What the last page says."""

    PASSED = "passed"
    ALREADY_VALID = "already_valid"
    WAITING = "waiting"
    COUNTER = "counter"


ON_RECEIPT = {
    Result.PASSED: ReceiptResult.PASSED,
    Result.ALREADY_VALID: ReceiptResult.ALREADY_VALID,
    Result.WAITING: ReceiptResult.WAITING,
    Result.COUNTER: ReceiptResult.COUNTER,
}


@dataclass(frozen=True)
class Outcome:
    """What became of the evidence; ``number`` is the county's where it gave one, else our own."""

    result: Result
    number: str
    next_due: date | None = None

    @property
    def words(self) -> str:
        """The result as screen and paper say it."""
        return self.on_receipt.label

    @property
    def on_receipt(self) -> ReceiptResult:
        """The result as the code of a receipt carries it."""
        return ON_RECEIPT[self.result]

    @property
    def passed(self) -> bool:
        """True where the county itself said that nothing more is to do."""
        return self.result in (Result.PASSED, Result.ALREADY_VALID)


def outcome_of(told: Acknowledgement) -> Outcome:
    """What an acknowledgement means for the resident; a refusal is never explained on the screen."""
    if told.answer is None:
        return Outcome(Result.WAITING, told.number)
    answer = told.answer
    number = answer.result_number or told.number
    match answer.status:
        case AnswerStatus.ACCEPTED:
            return Outcome(Result.PASSED, number, answer.next_due)
        case AnswerStatus.ALREADY_VALID:
            return Outcome(Result.ALREADY_VALID, number, answer.next_due)
        case AnswerStatus.QUEUED:
            return Outcome(Result.WAITING, number)
        case AnswerStatus.REFUSED | AnswerStatus.NEEDS_COUNTER:
            return Outcome(Result.COUNTER, number)
        case _:
            assert_never(answer.status)
