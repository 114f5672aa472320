"""The law of the desk: ``next_state``, one pure function over the states and events. ``now``: monotonic seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from devices.card import Insertion
from kiosk.card_errors import CardNotAnswering
from kiosk.errors import KioskError
from kiosk.events import (
    Borrowed,
    CardIn,
    CardOut,
    CardRead,
    CardRefused,
    Claimed,
    Closed,
    Event,
    Finished,
    ModesChosen,
    Opened,
    Proven,
    SceneChanged,
    Tick,
    Touched,
)
from kiosk.identification_errors import NotReadInTime
from kiosk.identity import IN_SLOT, Assurance, Credential, Shown
from kiosk.session_clock import IdleRules, left_after, seconds_left, vacant_touched
from kiosk.states import CardLeft, OutOfService, ReadingCard, ResidentSession, Serving, State, Vacancy, Vacant, Visiting
from kiosk.visit import Modes, Visit


def next_state(state: State, event: Event, now: float, rules: IdleRules) -> State:  # noqa: C901, PLR0911, PLR0912  one row an event: splitting the law would hide it
    """The whole law of the desk. A visit that is over by the clock is over before anything else is heard."""
    state = _quiet(state, now, rules)
    match event:
        case CardIn():
            return _card_in(state, event, now)
        case CardOut(credential):
            return _card_out(state, credential, now)
        case CardRead(insertion, session):
            return _card_read(state, insertion, session, now)
        case CardRefused(problem, insertion):
            return _card_refused(state, problem, insertion, now)
        case Touched():
            return _touched(state, event, now)
        case Proven(token, assurance):
            return _proven(state, token, assurance)
        case SceneChanged(number):
            return _scene_changed(state, number)
        case ModesChosen(modes):
            return _modes_chosen(state, modes, now)
        case Claimed(window):
            return replace(state, window=window) if isinstance(state, Serving) and not state.window else state
        case Finished(problem):
            return _finished(state, problem, now)
        case Tick():
            return _tick(state, now, rules)
        case Closed(reason):
            return OutOfService(reason)
        case Borrowed(closed):
            return _borrowed(state, closed)
        case Opened(reason):
            mine = isinstance(state, OutOfService) and reason in ("", state.reason)
            return Vacant(since=now) if mine else state
        case _:
            assert_never(event)


def _card_in(state: State, event: CardIn, now: float) -> State:
    """Whatever else is shown, a card in the slot comes first; what no slot holds gives way to what comes next."""
    begun = ReadingCard(event.insertion, Visit(), began=now, shown=event.shown)
    match state:
        case OutOfService():
            return state
        case Visiting(visit=visit, modes=modes, page=page):
            return replace(begun, visit=visit, page=page, modes=modes)
        case ReadingCard() | Serving() | CardLeft() if event.shown != IN_SLOT and shown_in(state) == IN_SLOT:
            return state
        case Serving(session=former, page=page, modes=modes) if former.shown != IN_SLOT:
            return replace(begun, page=page, modes=modes, former=former.resident.number)
        case Vacant() | ReadingCard() | Serving() | CardLeft():
            return begun
        case _:
            assert_never(state)


def shown_in(state: ReadingCard | Serving | CardLeft) -> Shown:
    """By what this state came to be."""
    return state.session.shown if isinstance(state, Serving) else state.shown


def _card_out(state: State, credential: Credential, now: float) -> State:
    match state:
        case Vacant() | Visiting() | OutOfService():
            return state
        case ReadingCard() | Serving() | CardLeft() if shown_in(state).credential is not credential:
            return state
        case Serving() | CardLeft(problem=None):
            return Vacant(Vacancy.FAREWELL, now)
        case ReadingCard() | CardLeft():
            return Vacant(since=now)
        case _:
            assert_never(state)


def _card_read(state: State, insertion: Insertion, session: ResidentSession, now: float) -> State:
    if not isinstance(state, ReadingCard) or state.insertion != insertion:
        return state
    if state.former not in (None, session.resident.number):
        return Serving(session, state.visit, now, displaced=True)
    return Serving(session, state.visit, now, state.page, modes=state.modes)


def _card_refused(state: State, problem: KioskError | None, insertion: Insertion | None, now: float) -> State:
    if isinstance(state, OutOfService):
        return state
    if insertion is not None and not (isinstance(state, ReadingCard) and state.insertion == insertion):
        return state
    shown = state.shown if isinstance(state, ReadingCard) and insertion is not None else IN_SLOT
    return CardLeft(problem, since=now, shown=shown)


def _touched(state: State, event: Touched, now: float) -> State:
    page = event.page
    match state:
        case Vacant():
            return vacant_touched(state, now) if page is None else Visiting(Visit(), now, page, in_form=event.in_form)
        case Visiting() | Serving():
            if event.by_itself:
                return replace(state, page=page or state.page)
            return replace(
                state, touched=now, page=page or state.page, in_form=state.in_form if page is None else event.in_form
            )
        case ReadingCard() | CardLeft() | OutOfService():
            return state
        case _:
            assert_never(state)


def _proven(state: State, token: str, assurance: Assurance) -> State:
    if not isinstance(state, Serving) or state.session.token != token:
        return state
    raised = max(state.session.assurance, assurance)
    return replace(state, session=replace(state.session, assurance=raised))


def _scene_changed(state: State, number: int) -> State:
    if isinstance(state, Visiting | Serving) and state.visit.number == number:
        return replace(state, scene=state.scene + 1)
    return state


def _modes_chosen(state: State, modes: Modes, now: float) -> State:
    match state:
        case Vacant():
            return Visiting(Visit(), now, modes=modes)
        case Visiting() | Serving():
            drawn_anew = not modes.looks_as(state.modes)
            return replace(state, modes=modes, touched=now, scene=state.scene + drawn_anew)
        case ReadingCard() | CardLeft():
            return replace(state, modes=modes)
        case OutOfService():
            return state
        case _:
            assert_never(state)


def _finished(state: State, problem: KioskError | None, now: float, *, timed_out: bool = False) -> State:
    gone = Vacant(Vacancy.TIMED_OUT if timed_out else Vacancy.FAREWELL, now)
    match state:
        case Serving() | ReadingCard():
            shown = shown_in(state)
            nothing_left = problem is None and not shown.stays
            return gone if nothing_left else CardLeft(problem, state.modes, now, timed_out=timed_out, shown=shown)
        case CardLeft() if not state.shown.stays:
            return Vacant(since=now)
        case Visiting():
            return gone
        case Vacant():
            return state if state.phase is Vacancy.HOME else Vacant(since=now)
        case CardLeft() | OutOfService():
            return state
        case _:
            assert_never(state)


def _borrowed(state: State, closed: OutOfService) -> State:
    if isinstance(state, OutOfService):
        return closed if state.reason == closed.reason else state
    return closed if isinstance(state, Vacant) else state


def _quiet(state: State, now: float, rules: IdleRules) -> State:
    if isinstance(state, Visiting | Serving) and seconds_left(state, now, rules) <= 0:
        return _finished(state, None, now, timed_out=True)
    return state


def _tick(state: State, now: float, rules: IdleRules) -> State:
    match state:
        case ReadingCard(began=began):
            slow = now - began >= rules.reading
            why = CardNotAnswering if state.shown == IN_SLOT else NotReadInTime
            return CardLeft(why("not read in time"), state.modes, now, shown=state.shown) if slow else state
        case Vacant() | CardLeft():
            return left_after(state, now, rules)
        case OutOfService() | Visiting() | Serving():
            return state
        case _:
            assert_never(state)
