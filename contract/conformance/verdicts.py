"""What a check may say: passed by saying nothing, ``Failed`` with what was found, ``NotRun`` with the reason."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


class Failed(Exception):
    """The server is not what the contract says; the message tells what was found."""


class Silent(Failed):
    """No answer came at all."""


class NotRun(Exception):
    """The check could not be made; the message tells what it lacks."""


def must(holds: object, otherwise: str) -> None:
    """Failed with ``otherwise`` unless it ``holds``."""
    if not holds:
        raise Failed(otherwise)
