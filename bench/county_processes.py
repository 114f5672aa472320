"""Two hub processes on one PostgreSQL ÷ one: CPU a request, hub and database; half polls, half statements."""

from __future__ import annotations

from bench.county_feed import unchanged
from bench.county_hub import County, Run, Server
from bench.county_load import ONCE
from bench.figure import Figure, p50

ROUNDS, BATCH, CONNECTIONS, SECONDS = 5, 400, 8, 60.0
BAR = 1.15


def figures() -> list[Figure]:
    """In turns."""
    with County("postgresql") as county:
        one, two = county.serve("hub", 1), county.serve("hub", 2)
        pairs = [(_load(county, two), _load(county, one)) for _ in range(ROUNDS + 1)][1:]
    both, single = (p50([pair[side][1] for pair in pairs]) for side in (0, 1))
    rates = (p50([pair[side][0].p50_ms for pair in pairs]) for side in (0, 1))
    behind = (
        f"{both:.2f} ms ÷ {single:.2f} ms of hub and PostgreSQL; p50 {' and '.join(f'{rate:.1f}' for rate in rates)} ms"
    )
    ratio = p50([two_cpu / one_cpu for (_, two_cpu), (_, one_cpu) in pairs])
    return [Figure("two hub processes ÷ one: CPU a request", ratio, "×", BAR, behind)]


def _load(county: County, server: Server) -> tuple[Run, float]:
    """The run, and CPU milliseconds a request with the database's."""
    held = unchanged(server.port)
    mixed = [one for _ in range(BATCH // 2) for one in (county.statement(signed=True), held)]
    before = county.database_cpu()
    run = server.run([ONCE, *mixed], CONNECTIONS, SECONDS)
    if run.statuses != {"200": BATCH // 2, "304": BATCH // 2}:
        raise RuntimeError(f"not everything was answered: {run.statuses}")
    return run, run.cpu_ms + 1000 * (county.database_cpu() - before) / run.answers
