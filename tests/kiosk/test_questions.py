"""Questions about oneself, asked by a real kiosk of the real hub, through the sitting of the card that is in."""

import pytest

from contract.codes import BenefitState, CaseState
from kiosk.county_errors import CountyUnavailable
from kiosk.uplink.questions import CasesOf, PensionOf
from tests.outbox_line import Counter


def test_the_benefit_and_what_was_handed_in_are_told_through_the_sitting(hall):
    counter = Counter(hall, "王秀英")
    counter.submit()
    pension = hall.machine.county.ask(PensionOf(counter.session))
    assert pension.fresh
    assert pension.value.state is BenefitState.DRAWING
    assert pension.value.monthly_amount > 0
    (case,) = hall.machine.county.ask(CasesOf(counter.session)).value.cases
    assert (case.state, case.wanted) == (CaseState.RECEIVED, "随便哪个好日子")


@pytest.mark.parametrize("question", [PensionOf, CasesOf])
def test_nothing_of_it_is_told_while_the_county_is_cut(hall, question):
    counter = Counter(hall, "王秀英")
    hall.machine.county.ask(question(counter.session))
    hall.cut()
    with pytest.raises(CountyUnavailable):
        hall.machine.county.ask(question(counter.session))
