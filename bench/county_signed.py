"""A contribution statement, signed and checked with its nonce stored ÷ the same of a hub that checks nothing."""

from __future__ import annotations

from bench.county_feed import ratio
from bench.county_hub import County
from bench.county_load import ONCE
from bench.figure import Figure

ROUNDS, CONNECTIONS, SECONDS = 5, 4, 30.0
BATCH = 400
"""Requests a round: each is signed beforehand, and good once."""
BAR = 2.0


def figures() -> list[Figure]:
    """On both databases."""
    return [on(database) for database in ("postgresql", "sqlite")]


def on(database: str) -> Figure:
    """In turns; the signed ones are all different, the unsigned ones all the same."""
    with County(database) as county:
        hub, open_hub = county.serve("hub"), county.serve("unsigned")
        plain = county.statement(signed=False)
        pairs = []
        for _ in range(ROUNDS + 1):
            signed = hub.run([ONCE, *(county.statement(signed=True) for _ in range(BATCH))], CONNECTIONS, SECONDS)
            unsigned = open_hub.run([ONCE, *[plain] * BATCH], CONNECTIONS, SECONDS)
            pairs.append((signed, unsigned))
    for run in (run for pair in pairs for run in pair):
        if run.statuses != {"200": BATCH}:
            raise RuntimeError(f"not every statement was answered: {run.statuses}")
    return ratio(f"contribution statement, signed ÷ unsigned, {database}", BAR, pairs[1:])
