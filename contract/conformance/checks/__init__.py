"""Every check, in the order in which they are made: what later ones stand on comes first, moved clocks last."""

from __future__ import annotations

from contract.conformance.check import Check
from contract.conformance.checks import (
    answers,
    bodies,
    cards,
    clock,
    county,
    credentials,
    feed,
    kiosks,
    registry,
    residents,
    scope,
    signatures,
    sittings,
    staff,
    submissions,
    verifications,
    wall,
)

CHECKS: tuple[Check, ...] = (
    *county.CHECKS, *kiosks.CHECKS, *feed.CHECKS, *signatures.CHECKS, *clock.CHECKS, *sittings.CHECKS,
    *credentials.CHECKS, *residents.CHECKS, *scope.CHECKS, *submissions.CHECKS, *verifications.CHECKS,
    *answers.CHECKS, *staff.CHECKS, *wall.CHECKS, *bodies.CHECKS, *cards.CHECKS, *registry.CHECKS,
    credentials.nonsense, sittings.guessing, clock.sitting_ends,
)  # fmt: skip
