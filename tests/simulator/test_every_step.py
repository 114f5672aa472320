"""Every flow, every request of it, every way a line can spoil one: generated, none picked by hand."""

from __future__ import annotations

import pytest

from tests.simulator.line import Spoilt
from tests.simulator.promises import Promises
from tests.simulator.town import SimulatedTown, in_memory
from tests.simulator.visits import FLOWS

MOST_STEPS = 40
SHARED = 3
"""The first requests of a verification by finger are those of the one by witness: the soak spoils them too."""


@pytest.fixture(scope="module")
def town(seeds, open_locality):
    """One town for all of it."""
    with in_memory() as folder:
        made = SimulatedTown(folder, seeds, open_locality)
        yield made
        made.close()


def spoilt_at(town, flow, plan) -> int:
    """Run a flow with this plan, hold the promises; how many requests it made before all was mended."""
    promises = Promises(town)
    town.line.begin(plan)
    FLOWS[flow](town, promises)
    steps = town.line.step
    promises.hold()
    town.settle()
    promises.hold_in_the_end()
    return steps


def each_step(town, flow, spoil, first=0) -> int:
    """Run it once for every request it makes; how many that were. ``spoil`` gives the plan of a step."""
    for step in range(first, MOST_STEPS):
        if spoilt_at(town, flow, spoil(step)) <= step:
            return step
    raise AssertionError("a flow without end")


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_over_a_good_line_ends_well(town, flow):
    promises = Promises(town)
    town.line.begin({})
    FLOWS[flow](town, promises)
    promises.hold()
    town.settle()
    promises.hold_in_the_end()
    assert flow == "statement" or promises.told, "nothing was told: the flow did not get to its end"


@pytest.mark.parametrize("spoilt", Spoilt, ids=lambda spoilt: spoilt.name.lower())
@pytest.mark.parametrize("flow", FLOWS)
def test_whatever_happens_to_any_request_of_it_no_promise_is_broken(town, flow, spoilt):
    first = SHARED if flow == "by_finger" else 0
    assert each_step(town, flow, lambda step: {step: spoilt}, first) > first


@pytest.mark.soak
@pytest.mark.parametrize("spoilt", Spoilt, ids=lambda spoilt: spoilt.name.lower())
@pytest.mark.parametrize("second", Spoilt, ids=lambda spoilt: spoilt.name.lower())
@pytest.mark.parametrize("flow", FLOWS)
def test_two_requests_in_a_row(town, flow, spoilt, second):
    assert each_step(town, flow, lambda step: {step: spoilt, step + 1: second}) > 0
