"""One check: what it proves, what to do when it fails, which addresses and refusals it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract.conformance.inspection import Inspection
from contract.problems import ProblemType

Act = Callable[[Inspection], None]


@dataclass(frozen=True)
class Check:
    """``operations``: whose happy path it is; ``refusals``: the problem types it provokes."""

    key: str
    proves: str
    cure: str
    act: Act
    operations: tuple[str, ...] = ()
    refusals: tuple[ProblemType, ...] = ()


def check(
    key: str, proves: str, cure: str, *, operations: tuple[str, ...] = (), refusals: tuple[ProblemType, ...] = ()
) -> Callable[[Act], Check]:
    """Make a Check of a function that raises Failed or NotRun."""

    def made(act: Act) -> Check:
        return Check(key, proves, cure, act, operations, refusals)

    return made
