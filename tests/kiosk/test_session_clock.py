"""The one session clock, on a clock made for the test: what ends when, what a late touch does, who is called back."""

import pytest

from kiosk.desk import Desk
from kiosk.events import CardIn, CardOut, Claimed, Finished, ModesChosen, Proven, SceneChanged, Tick, Touched
from kiosk.identity import Assurance
from kiosk.law import next_state
from kiosk.session_clock import IdleRules, is_staffs, longest_left, seconds_left
from kiosk.states import CardLeft, ReadingCard, Serving, Vacancy, Vacant, Visiting
from kiosk.visit import Modes, Visit
from tests.kiosk.test_next_state import HERE, NOW, a_session

RULES = IdleRules()
PAGE = "/services/x/"


class Hand:
    """A desk with a clock that only the test moves."""

    def __init__(self, state):
        self.now = NOW
        self.desk = Desk(RULES, lambda: self.now)
        self.desk._state = state

    def after(self, seconds, event):
        self.now += seconds
        return self.desk.handle(event)


def served(**other):
    return Serving(a_session(began=NOW, **other), Visit(), NOW, PAGE)


def visiting():
    return Visiting(Visit(), NOW, PAGE)


@pytest.mark.parametrize("state", [served, visiting])
@pytest.mark.parametrize("in_form", [False, True])
def test_the_warning_is_due_a_minute_before_the_end_and_the_end_at_its_second(state, in_form):
    hand = Hand(state())
    hand.after(0, Touched(PAGE, in_form=in_form))
    end = 180 if in_form else 120
    assert seconds_left(hand.desk.state, NOW + end - 60, RULES) == 60
    assert isinstance(hand.after(end - 0.001, Tick()), Serving | Visiting)
    assert isinstance(hand.after(0.001, Tick()), CardLeft | Vacant)


@pytest.mark.parametrize("state", [served, visiting])
@pytest.mark.parametrize("late", [-0.1, -0.05, -0.001, 0.0, 0.001, 0.05, 0.9])
@pytest.mark.parametrize("event", [Touched(), Touched("/services/y/"), ModesChosen(Modes()), SceneChanged(1)])
def test_a_tap_in_the_last_tenth_of_a_second_counts_or_the_visit_is_over_never_half(state, late, event):
    """No tick came meanwhile: the hand is as fast as the clock, and still the clock has the last word."""
    before = state()
    hand = Hand(before)
    after = hand.after(120 + late, event)
    if late < 0:
        assert after.visit is before.visit
        assert isinstance(event, SceneChanged) or seconds_left(after, hand.now, RULES) == 120
    elif isinstance(before, Serving):
        assert isinstance(after, CardLeft)
        assert after.timed_out
        assert not hand.desk.serves(before.session.token)
    else:
        assert isinstance(after, Vacant) or after.visit is not before.visit


@pytest.mark.parametrize(
    "event", [Proven("the-token", Assurance.WITNESSED), Claimed("window"), Touched(PAGE), Finished()]
)
def test_nothing_raises_a_session_that_is_over_by_the_clock(event):
    hand = Hand(served())
    assert isinstance(hand.after(120, event), CardLeft)


def test_a_page_that_no_finger_asked_for_is_noted_and_keeps_nobody_here():
    hand = Hand(served())
    hand.after(0, Touched(PAGE, in_form=True))
    for _ in range(8):
        state = hand.after(20, Touched("/services/x/waiting", by_itself=True))
    assert state.page == "/services/x/waiting"
    assert state.in_form
    assert seconds_left(state, hand.now, RULES) == 20
    assert isinstance(hand.after(20, Touched(PAGE, by_itself=True)), CardLeft)


def test_the_longest_session_ends_however_often_it_is_touched_and_a_visit_without_card_has_no_such_end():
    hand = Hand(served())
    for _ in range(59):
        hand.after(10, Touched())
    assert longest_left(hand.desk.state, hand.now, RULES) == 10
    assert isinstance(hand.after(10, Touched()), CardLeft)
    assert longest_left(visiting(), NOW, RULES) == float("inf")


def test_whoever_takes_the_card_is_seen_off_and_home_comes_by_itself():
    hand = Hand(CardLeft(since=NOW))
    state = hand.after(1, CardOut())
    assert (state.phase, state.showing) == (Vacancy.FAREWELL, "farewell")
    assert hand.after(9.9, Tick()) is state
    assert hand.after(0, Touched()) is state, "a touch does not take the words away"
    assert hand.after(0.1, Tick()).phase is Vacancy.HOME
    assert isinstance(hand.after(0, CardIn(HERE)), ReadingCard)


@pytest.mark.parametrize(("event", "seconds", "phase"), [(Finished(), 1, "farewell"), (Tick(), 120, "timed-out")])
def test_a_visit_without_a_card_ends_with_words_of_its_own(event, seconds, phase):
    hand = Hand(visiting())
    assert hand.after(seconds, event).showing == phase
    assert hand.after(10, Tick()).showing == "vacant"


def test_a_card_pulled_before_it_was_read_needs_no_farewell():
    assert Hand(ReadingCard(HERE, Visit(), began=NOW)).after(1, CardOut()).phase is Vacancy.HOME


def test_five_pictures_come_when_nobody_touched_home_for_long_and_go_at_a_touch_or_a_card():
    hand = Hand(Vacant(since=NOW))
    assert hand.after(119, Tick()).phase is Vacancy.HOME
    assert hand.after(0.5, Touched()).phase is Vacancy.HOME
    assert hand.after(119, Tick()).phase is Vacancy.HOME, "a touch begins the time anew"
    assert hand.after(1, Tick()).showing == "attract"
    assert hand.after(3600, Tick()).showing == "attract"
    assert hand.after(0, Touched()).phase is Vacancy.HOME
    hand.after(120, Tick())
    assert isinstance(hand.after(1, CardIn(HERE)), ReadingCard)


def test_a_machine_told_never_to_show_pictures_stays_at_home():
    state = Vacant(since=NOW)
    assert next_state(state, Tick(), NOW + 1e6, IdleRules(attract=0)) is state


def test_the_holder_of_a_card_that_was_left_is_called_again_and_again_and_then_the_staff():
    hand = Hand(served())
    state = hand.after(120, Tick())
    words = [state.showing]
    for _ in range(5):
        state = hand.after(20, Tick())
        words.append(state.showing)
    assert words == ["card-left", *(f"card-left.{n}" for n in range(1, 6))]
    assert is_staffs(state, RULES)
    assert not is_staffs(CardLeft(since=NOW, reminders=2), RULES)
    assert hand.after(1, CardOut()).phase is Vacancy.FAREWELL
