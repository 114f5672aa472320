"""What time does: to a quiet visit, to a machine that nobody uses, to a card that was left in it.

Pure; ``now`` is in monotonic seconds. No dialog, page or keyboard of the browser has a say in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.states import CardLeft, Serving, Vacancy, Vacant, Visiting

FAREWELLS = (Vacancy.FAREWELL, Vacancy.TIMED_OUT)


@dataclass(frozen=True)
class IdleRules:
    """Seconds of quiet until the warning and until the end; longer inside a form; the longest session and reading.

    ``farewell``: a word of leave stands so long; ``attract``: nobody touched a vacant machine so long (0: it never
    shows the five pictures); ``remind``: between two calls for a card that was left; after ``staff_after`` of them the
    card is the staff's to see to. ``unseen``: in place of ``end`` where no card lies that could be taken away;
    ``read_words``: why such a one was not served stands so long.
    """

    warn: float = 60.0
    end: float = 120.0
    form_end: float = 180.0
    longest: float = 600.0
    reading: float = 60.0
    farewell: float = 10.0
    attract: float = 120.0
    remind: float = 20.0
    staff_after: int = 3
    unseen: float = 60.0
    read_words: float = 20.0


def seconds_left(state: Visiting | Serving, now: float, rules: IdleRules) -> float:
    """Seconds until this visit ends by itself if nobody touches the screen."""
    return min(state.touched + longest_quiet(state, rules) - now, longest_left(state, now, rules))


def longest_quiet(state: Visiting | Serving, rules: IdleRules) -> float:
    """Seconds; shorter for a session that nothing in this machine holds: its resident may be gone already."""
    quiet = rules.form_end if state.in_form else rules.end
    if isinstance(state, Serving) and not state.session.shown.stays:
        return min(quiet, rules.unseen * (rules.form_end / rules.end if state.in_form else 1))
    return quiet


def warning_length(state: Visiting | Serving, rules: IdleRules) -> float:
    """How long before the end the warning stands on the screen."""
    return min(rules.end - rules.warn, longest_quiet(state, rules) / 2)


def longest_left(state: Visiting | Serving, now: float, rules: IdleRules) -> float:
    """Seconds until it ends however often the screen is touched; without a card there is no such end."""
    return state.session.began + rules.longest - now if isinstance(state, Serving) else float("inf")


def left_after(state: Vacant | CardLeft, now: float, rules: IdleRules) -> Vacant | CardLeft:
    """What time made of it; the state itself where nothing changed."""
    if isinstance(state, CardLeft) and not state.shown.stays:
        return Vacant(since=now) if now - state.since >= rules.read_words else state
    return card_left_after(state, now, rules) if isinstance(state, CardLeft) else untouched_after(state, now, rules)


def untouched_after(state: Vacant, now: float, rules: IdleRules) -> Vacant:
    """Home again after a word of leave; the five pictures once nobody touched home for long."""
    quiet = now - state.since
    if state.phase in FAREWELLS and quiet >= rules.farewell:
        return Vacant(since=now)
    if state.phase is Vacancy.HOME and 0 < rules.attract <= quiet:
        return Vacant(Vacancy.ATTRACT, now)
    return state


def card_left_after(state: CardLeft, now: float, rules: IdleRules) -> CardLeft:
    """Call the holder back, again and again, until the card is taken."""
    due = int((now - state.since) // rules.remind)
    return replace(state, reminders=due) if due > state.reminders else state


def vacant_touched(state: Vacant, now: float) -> Vacant:
    """Somebody touched a vacant machine: home, at once where the pictures stood; a word of leave keeps its time."""
    return state if state.phase in FAREWELLS else Vacant(since=now)


def is_staffs(state: CardLeft, rules: IdleRules) -> bool:
    """True where the holder was called often enough and did not come."""
    return state.reminders >= rules.staff_after
