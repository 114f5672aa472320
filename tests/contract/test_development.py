"""The clock of a development hub can be moved, within twenty years."""

import pytest
from pydantic import ValidationError

from contract.development import FURTHEST_SECONDS, ClockShift


@pytest.mark.parametrize("seconds", [0, 86400, -86400, FURTHEST_SECONDS, -FURTHEST_SECONDS])
def test_the_clock_can_be_moved_both_ways(seconds):
    assert ClockShift(offset_seconds=seconds).offset_seconds == seconds


@pytest.mark.parametrize("seconds", [FURTHEST_SECONDS + 1, -FURTHEST_SECONDS - 1, "tomorrow", 0.5, None])
def test_further_or_without_a_number_it_is_refused(seconds):
    with pytest.raises(ValidationError):
        ClockShift.model_validate({"offset_seconds": seconds})
