"""The law of the desk: every state met by every event, as a table, and by chance."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.card import Insertion
from kiosk.card_errors import CardDamaged
from kiosk.errors import KioskError
from kiosk.events import (
    Borrowed,
    CardIn,
    CardOut,
    CardRead,
    CardRefused,
    Claimed,
    Closed,
    Finished,
    ModesChosen,
    Opened,
    Proven,
    SceneChanged,
    Tick,
    Touched,
)
from kiosk.identity import Assurance, CardNumber, Credential, IdNumber, PersonName, Resident, Shown
from kiosk.law import next_state, shown_in
from kiosk.session_clock import IdleRules, seconds_left, warning_length
from kiosk.states import CardLeft, OutOfService, ReadingCard, ResidentSession, Serving, Vacant, Visiting
from kiosk.visit import Contrast, Modes, TextSize, Visit

RULES = IdleRules(warn=60, end=120, form_end=180, longest=600)
NOW = 1000.0
HERE, THERE = Insertion("reader", b"\x3b", 1), Insertion("reader", b"\x3b", 3)
LARGE = Modes(TextSize.LARGE, Contrast.HIGH)
PROBLEM = CardDamaged("field")


def a_session(insertion=HERE, **other):
    resident = Resident(IdNumber("1" * 18), PersonName("李伟"), CardNumber("2" * 9), "2.00", False, None)  # noqa: FBT003  the card is not proven
    given_ = {"assurance": Assurance.CARD, "sitting": None, "began": NOW - 10, "token": "the-token"} | other
    return ResidentSession(resident, insertion, "5" * 32, **given_)


VISIT = Visit()
STATES = {
    "vacant": Vacant(since=NOW - 1),
    "visiting": Visiting(VISIT, NOW - 1, "/services/job_board/"),
    "reading": ReadingCard(HERE, VISIT, "/services/job_board/", began=NOW - 1),
    "serving": Serving(a_session(), VISIT, NOW - 1, "/services/job_board/"),
    "left": CardLeft(PROBLEM, since=NOW - 1),
    "closed": OutOfService("cleaning"),
}
EVENTS = {
    "card in": CardIn(THERE), "card out": CardOut(), "read": CardRead(HERE, a_session()),
    "read late": CardRead(THERE, a_session(THERE)), "refused": CardRefused(PROBLEM, HERE),
    "refused late": CardRefused(PROBLEM, THERE), "mute": CardRefused(PROBLEM), "touch": Touched(),
    "page": Touched("/services/x/"), "proven": Proven("the-token", Assurance.PIN),
    "proven other": Proven("other", Assurance.PIN), "scene": SceneChanged(VISIT.number),
    "scene other": SceneChanged(-1), "modes": ModesChosen(LARGE), "claim": Claimed("window"), "done": Finished(),
    "tick": Tick(), "close": Closed("x"), "open": Opened(),
    "borrow": Borrowed(OutOfService("test", "testing-1")), "lend on": Borrowed(OutOfService("cleaning", "cleaning-2")),
    "open test": Opened("test"), "open cleaning": Opened("cleaning"),
}  # fmt: skip

ON_READER, SEEN_ONCE = Shown(Credential.ID_CARD), Shown(Credential.ID_CARD, stays=False)
CODE = Shown(Credential.CODE, stays=False)
AT_READER, AT_SCANNER = Insertion("id_card", b"", 1), Insertion("scanner", b"", 1)
STAYS = "stays"
TABLE = {
    #               vacant      visiting    reading     serving     left        closed
    "card in":      ("reading", "reading",  "reading",  "reading",  "reading",  STAYS),
    "card out":     (STAYS,     STAYS,      "vacant",   "vacant",   "vacant",   STAYS),
    "read":         (STAYS,     STAYS,      "serving",  STAYS,      STAYS,      STAYS),
    "read late":    (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "refused":      (STAYS,     STAYS,      "left",     STAYS,      STAYS,      STAYS),
    "refused late": (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "mute":         ("left",    "left",     "left",     "left",     "left",     STAYS),
    "touch":        ("vacant",   "visiting", STAYS,      "serving",  STAYS,      STAYS),
    "page":         ("visiting", "visiting", STAYS,     "serving",  STAYS,      STAYS),
    "proven":       (STAYS,     STAYS,      STAYS,      "serving",  STAYS,      STAYS),
    "proven other": (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "scene":        (STAYS,     "visiting", STAYS,      "serving",  STAYS,      STAYS),
    "scene other":  (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "modes":        ("visiting", "visiting", "reading", "serving",  "left",     STAYS),
    "claim":        (STAYS,     STAYS,      STAYS,      "serving",  STAYS,      STAYS),
    "done":         (STAYS,     "vacant",   "left",     "left",     STAYS,      STAYS),
    "tick":         (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "close":        ("closed",  "closed",   "closed",   "closed",   "closed",   "closed"),
    "open":         (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      "vacant"),
    "borrow":       ("closed",  STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "lend on":      ("closed",  STAYS,      STAYS,      STAYS,      STAYS,      "closed"),
    "open test":    (STAYS,     STAYS,      STAYS,      STAYS,      STAYS,      STAYS),
    "open cleaning": (STAYS,    STAYS,      STAYS,      STAYS,      STAYS,      "vacant"),
}  # fmt: skip
ROWS = [(event, state, after) for event, row in TABLE.items() for state, after in zip(STATES, row, strict=True)]


@pytest.mark.parametrize(("event", "state", "after"), ROWS)
def test_the_table_of_the_law(event, state, after):
    before = STATES[state]
    reached = next_state(before, EVENTS[event], NOW, RULES)
    if after == STAYS:
        assert reached is before
    else:
        assert type(reached) is type(STATES[after])


def test_a_card_put_in_while_visiting_keeps_the_page_to_return_to_and_the_modes():
    before = STATES["visiting"]
    chosen = next_state(before, ModesChosen(LARGE), NOW, RULES)
    assert before.modes != LARGE, "the law changes no state that was"
    reading = next_state(chosen, CardIn(THERE), NOW, RULES)
    serving = next_state(reading, CardRead(THERE, a_session(THERE)), NOW, RULES)
    assert serving.page == "/services/job_board/"
    assert serving.visit is VISIT
    assert serving.modes == LARGE
    assert next_state(serving, Finished(), NOW, RULES).modes == LARGE


@pytest.mark.parametrize("state", ["reading", "serving", "left"])
def test_the_next_card_brings_a_visit_of_its_own(state):
    after = next_state(STATES[state], CardIn(THERE), NOW, RULES)
    assert after.visit is not VISIT
    assert after.page == "/"


SHOWN = [(ON_READER, AT_READER), (SEEN_ONCE, AT_READER), (CODE, AT_SCANNER)]


def served_by(shown, insertion, number="1" * 18):
    resident = Resident(IdNumber(number), PersonName("李伟"), CardNumber(""), "", card_proven=False, born_on=None)
    session = a_session(insertion, shown=shown)
    return Serving(replace(session, resident=resident), VISIT, NOW - 1, "/services/insurance_query/", modes=LARGE)


@pytest.mark.parametrize(("shown", "insertion"), SHOWN)
@pytest.mark.parametrize("state", ["vacant", "visiting"])
def test_an_id_card_or_a_code_begins_a_session_as_a_card_does(shown, insertion, state):
    reading = next_state(STATES[state], CardIn(insertion, shown), NOW, RULES)
    assert (type(reading), reading.shown) == (ReadingCard, shown)
    assert reading.showing == f"reading-{shown.credential}"
    serving = next_state(reading, CardRead(insertion, a_session(insertion, shown=shown)), NOW, RULES)
    assert (serving.session.shown, serving.displaced) == (shown, False)
    assert serving.page == getattr(STATES[state], "page", "/")


@pytest.mark.parametrize(("shown", "insertion"), SHOWN)
@pytest.mark.parametrize("state", ["reading", "serving", "left", "closed"])
def test_while_a_card_is_in_the_slot_nothing_else_counts(shown, insertion, state):
    assert next_state(STATES[state], CardIn(insertion, shown), NOW, RULES) is STATES[state]
    assert next_state(STATES[state], CardOut(shown.credential), NOW, RULES) is STATES[state]


@pytest.mark.parametrize(("shown", "insertion"), SHOWN)
def test_a_card_pulled_out_of_the_slot_is_nothing_to_a_session_that_it_did_not_open(shown, insertion):
    serving = served_by(shown, insertion)
    assert next_state(serving, CardOut(), NOW, RULES) is serving
    reading = ReadingCard(insertion, VISIT, began=NOW, shown=shown)
    assert next_state(reading, CardOut(), NOW, RULES) is reading


def test_an_id_card_taken_away_ends_its_session_as_a_pulled_card_does():
    for state in (
        served_by(ON_READER, AT_READER), ReadingCard(AT_READER, VISIT, began=NOW, shown=ON_READER),
        CardLeft(PROBLEM, since=NOW, shown=ON_READER),
    ):  # fmt: skip
        assert isinstance(next_state(state, CardOut(Credential.ID_CARD), NOW, RULES), Vacant)


@pytest.mark.parametrize(("shown", "after"), [(ON_READER, CardLeft), (SEEN_ONCE, Vacant), (CODE, Vacant)])
def test_done_asks_for_what_still_lies_there_and_for_nothing_else(shown, after):
    ended = next_state(served_by(shown, AT_READER), Finished(), NOW, RULES)
    assert type(ended) is after
    if after is CardLeft:
        assert ended.shown == shown


@pytest.mark.parametrize(("in_form", "quiet"), [(False, 60), (True, 90)])
def test_what_nothing_holds_ends_sooner_and_warns_for_half_of_that(in_form, quiet):
    state = replace(served_by(CODE, AT_SCANNER), touched=NOW, in_form=in_form)
    assert seconds_left(state, NOW, RULES) == quiet
    assert warning_length(state, RULES) == quiet / 2
    assert next_state(state, Tick(), NOW + quiet - 0.1, RULES) is state
    assert isinstance(next_state(state, Tick(), NOW + quiet, RULES), Vacant)
    assert warning_length(served_by(ON_READER, AT_READER), RULES) == RULES.end - RULES.warn


@pytest.mark.parametrize(("shown", "insertion"), SHOWN)
def test_the_same_persons_card_goes_on_with_the_page_and_another_persons_begins_anew(shown, insertion):
    before = served_by(shown, insertion)
    reading = next_state(before, CardIn(THERE), NOW, RULES)
    assert reading.visit is not VISIT
    same = next_state(reading, CardRead(THERE, before.session), NOW, RULES)
    assert (same.page, same.modes, same.displaced) == (before.page, LARGE, False)
    other = served_by(Shown(), THERE, "2" * 18).session
    after = next_state(reading, CardRead(THERE, other), NOW, RULES)
    assert (after.page, after.modes, after.displaced) == ("/", Modes(), True)


def test_what_nothing_holds_gives_way_to_the_next_person_of_any_kind():
    for shown, insertion in SHOWN:
        after = next_state(served_by(CODE, Insertion("scanner", b"", 7)), CardIn(insertion, shown), NOW, RULES)
        assert (type(after), after.insertion) == (ReadingCard, insertion)


def test_why_a_code_was_not_served_can_be_pressed_away_and_goes_by_itself():
    reading = ReadingCard(AT_SCANNER, VISIT, began=NOW, shown=CODE)
    refused = next_state(reading, CardRefused(PROBLEM, AT_SCANNER), NOW, RULES)
    assert (type(refused), refused.shown) == (CardLeft, CODE)
    assert isinstance(next_state(refused, Finished(), NOW, RULES), Vacant)
    assert next_state(refused, Tick(), NOW + RULES.read_words - 0.1, RULES) is refused
    assert isinstance(next_state(refused, Tick(), NOW + RULES.read_words, RULES), Vacant)


def test_what_lies_on_the_reader_is_asked_for_until_it_is_taken():
    left = CardLeft(PROBLEM, since=NOW, shown=ON_READER)
    assert next_state(left, Finished(), NOW, RULES) is left
    assert isinstance(next_state(left, Tick(), NOW + 3600, RULES), CardLeft)


def test_a_reading_that_takes_too_long_is_said_in_words_of_its_own():
    reading = ReadingCard(AT_SCANNER, VISIT, began=NOW, shown=CODE)
    assert next_state(reading, Tick(), NOW + RULES.reading, RULES).problem.code == "K-147"


def test_proof_never_falls():
    witnessed = Serving(a_session(assurance=Assurance.WITNESSED), VISIT, NOW)
    after = next_state(witnessed, Proven("the-token", Assurance.PIN), NOW, RULES)
    assert after.session.assurance is Assurance.WITNESSED


def test_the_first_window_keeps_its_claim():
    taken = next_state(STATES["serving"], Claimed("one"), NOW, RULES)
    assert next_state(taken, Claimed("two"), NOW, RULES) is taken


@pytest.mark.parametrize(("in_form", "quiet"), [(False, 120), (True, 180)])
@pytest.mark.parametrize("kind", ["visiting", "serving"])
def test_a_quiet_visit_ends_at_its_limit_and_not_before(kind, in_form, quiet):
    touched = next_state(STATES[kind], Touched("/services/x/", in_form=in_form), NOW, RULES)
    assert next_state(touched, Tick(), NOW + quiet - 0.01, RULES) is touched
    assert isinstance(next_state(touched, Tick(), NOW + quiet, RULES), Vacant | CardLeft)


def test_no_session_outlives_the_longest_time_however_often_it_is_touched():
    state = Serving(a_session(began=NOW), VISIT, NOW)
    for second in range(0, 600, 30):
        state = next_state(next_state(state, Touched("/x"), NOW + second, RULES), Tick(), NOW + second, RULES)
        assert isinstance(state, Serving)
    assert seconds_left(state, NOW + 590, RULES) == 10
    assert isinstance(next_state(state, Tick(), NOW + 600, RULES), CardLeft)


def test_a_card_that_is_never_read_to_its_end_is_given_up_with_words():
    reading = next_state(Vacant(), CardIn(HERE), NOW, RULES)
    assert next_state(reading, Tick(), NOW + RULES.reading - 0.1, RULES) is reading
    given_up = next_state(reading, Tick(), NOW + RULES.reading, RULES)
    assert given_up.problem.code == "K-102"
    assert next_state(given_up, CardRead(HERE, a_session()), NOW + 61, RULES) is given_up


OTHERS = [
    *(CardIn(insertion, shown) for shown, insertion in SHOWN), CardOut(Credential.ID_CARD),
    *(CardRead(insertion, a_session(insertion, shown=shown)) for shown, insertion in SHOWN),
    CardRefused(PROBLEM, AT_READER), CardRefused(PROBLEM, AT_SCANNER),
]  # fmt: skip
events = st.sampled_from([*EVENTS.values(), *OTHERS])
steps = st.lists(st.tuples(events, st.floats(0, 90)), max_size=40)


@given(steps)
def test_whatever_happens_a_card_out_never_leaves_anybody_served(happenings):
    state, now = Vacant(since=NOW), NOW
    for event, seconds in happenings:
        now += seconds
        state = next_state(state, event, now, RULES)
        after = next_state(next_state(state, CardOut(), now, RULES), CardOut(Credential.ID_CARD), now, RULES)
        if isinstance(after, Serving | ReadingCard | CardLeft):
            assert not shown_in(after).stays, "only what nothing holds goes on"


@given(steps)
def test_whatever_happens_nobody_is_served_without_a_card_that_was_read(happenings):
    state, now = Vacant(since=NOW), NOW
    for event, seconds in happenings:
        now += seconds
        before, state = state, next_state(state, event, now, RULES)
        if isinstance(state, Serving) and not isinstance(before, Serving):
            assert isinstance(before, ReadingCard)
            assert isinstance(event, CardRead)
            assert before.insertion == state.session.insertion == event.insertion


@given(steps)
def test_whatever_happens_two_minutes_of_quiet_and_ticks_end_every_visit(happenings):
    state, now = Vacant(since=NOW), NOW
    for event, seconds in happenings:
        now += seconds
        state = next_state(state, event, now, RULES)
    ended = next_state(state, Tick(), now + RULES.form_end, RULES)
    assert not isinstance(ended, Visiting | Serving | ReadingCard)


@given(steps)
def test_whatever_happens_every_state_has_a_word_that_tells_scenes_apart(happenings):
    state, now = Vacant(since=NOW), NOW
    for event, seconds in happenings:
        now += seconds
        before, state = state, next_state(state, event, now, RULES)
        assert state.showing
        if isinstance(event, SceneChanged) and state is not before:
            assert state.showing != before.showing


def test_the_words_of_all_kinds_of_states_differ():
    for one, other in itertools.combinations(STATES.values(), 2):
        assert one.showing != other.showing
    assert issubclass(type(PROBLEM), KioskError)
