"""Anything that happens in a hall, in any order, over a line that fails at any moment: no promise is broken."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from contract.feed import FeedKind
from county.models import feed
from kiosk.capture import CaptureState
from kiosk.states import Serving, Vacant
from tests.hall import eventually
from tests.screen import StaffScreen
from tests.services.pension_steps import ROOT
from tests.simulator.line import Spoilt
from tests.simulator.promises import Promises
from tests.simulator.town import SimulatedTown, in_memory
from tests.simulator.visits import CLERK_ACCOUNT, FLOWS, INSURED, PENSIONER, Visit

EDITOR, APPROVER = ("editor", "bianji-shili-2026"), ("approver", "shenhe-shili-2026")
STATEMENT = "/services/insurance_query/"
PAUSES = (5, 70, 400, 1900, 26 * 3600, 80 * 3600)
WHOLE = ("statement", "appointment", "by_witness", "by_witness")
WRONG_CLOCKS = (-86400, -3600, 0, 0, 240, 7200)


def published_in(town: SimulatedTown) -> frozenset[str]:
    """The notices that hang on the walls as the county knows it."""
    shown = select(feed.c.key).where(feed.c.kind == FeedKind.DISPLAY_ITEM, ~feed.c.removed)
    with town.hub.hub.store.reading() as connection:
        return frozenset(connection.scalars(shown))


def served(machine: AnyOrder) -> bool:
    """Somebody stands at the desk and may act."""
    return machine.visit is not None and isinstance(machine.town.machine.desk.state, Serving)


class AnyOrder(RuleBasedStateMachine):
    """The same town for every run, each begun and ended with a line that is well. A rule is what somebody does."""

    town: SimulatedTown
    met: ClassVar[Counter[str]] = Counter()
    """What the whole run came across; a run that met nothing proved nothing."""

    @initialize()
    def opens(self) -> None:
        self.town.line.begin({})
        self.promises = Promises(self.town)
        self.visit: Visit | None = None
        self.since, self.slips = len(self.town.line.log), len(self._printed())
        self.printed_before = self.slips
        self.first_published = self._published()
        self.as_of, self.copied = self.town.machine.county.feed.as_of, self._published()

    # --- the line and time ---

    @rule(spoilt=st.sampled_from(Spoilt), ahead=st.integers(0, 2))
    def something_will_go_wrong(self, spoilt, ahead) -> None:
        self.town.line.plan[self.town.line.step + ahead] = spoilt

    @rule(cut=st.booleans())
    def the_cable(self, cut) -> None:
        (self.town.cut if cut else self.town.mend)()

    @rule(seconds=st.sampled_from(PAUSES))
    def time_passes(self, seconds) -> None:
        if isinstance(self.town.machine.desk.state, Vacant) or seconds < 60:
            self.town.hours.pass_by(seconds)

    @rule(seconds=st.sampled_from(WRONG_CLOCKS))
    def the_clock_of_the_kiosk_goes_wrong(self, seconds) -> None:
        self.town.machine.clock.move(timedelta(seconds=seconds))

    @rule()
    def the_uplink_goes_round(self) -> None:
        since = len(self.town.line.log)
        self.town.round()
        self.promises.sent_in_order(since)

    @rule()
    def the_line_is_found_to_be_back(self) -> None:
        self.town.machine.county.outbox.hurry()

    @rule(hub=st.booleans())
    def somebody_restarts(self, hub) -> None:
        if hub:
            self.town.restart_hub()
            return
        self.card_out()
        self.printed_before -= len(self._printed())
        self.town.restart()
        self.slips = 0

    # --- a resident ---

    @precondition(lambda self: self.visit is None)
    @rule(name=st.sampled_from((PENSIONER, PENSIONER, INSURED)))
    def card_in(self, name) -> None:
        self.visit = Visit(self.town, self.promises, name)
        if name == PENSIONER:
            self.town.due_again(name)
        self.visit.comes()

    @precondition(lambda self: self.visit is None)
    @rule(flow=st.sampled_from(WHOLE), plan=st.dictionaries(st.integers(0, 6), st.sampled_from(Spoilt), max_size=3))
    def somebody_comes_acts_and_leaves(self, flow, plan) -> None:
        self.town.line.begin(plan)
        FLOWS[flow](self.town, self.promises)

    @rule()
    def card_out(self) -> None:
        if self.visit is not None:
            self.visit.leaves()
            self.visit = None

    def looks(self, path: str) -> None:
        self.visit.screen.visit(path)
        if any(form.action.startswith("/pin") for form in self.visit.screen.page.forms):
            self.visit.screen.enter_pin(self.visit.holder.card.pin)
        self.promises.hear(self.visit.screen.page.text)

    @precondition(served)
    @rule(path=st.sampled_from((STATEMENT, f"{STATEMENT}type/110", ROOT, f"{ROOT}consent", f"{ROOT}result")))
    def looks_at(self, path) -> None:
        self.looks(path)

    @precondition(served)
    @rule()
    def asks_for_somebody_to_come(self) -> None:
        self.looks(f"{ROOT}appointment")
        self.visit.does(lambda: self.visit.screen.send(f"{ROOT}appointment", wanted="home"), "编号")

    @precondition(served)
    @rule()
    def gives_a_finger(self) -> None:
        captures, screen = self.town.machine.captures, self.visit.screen
        eventually(lambda: captures.ready, 30, "the sensor is ready")
        self.looks(f"{ROOT}consent")
        if not self.visit.offers("同意，按指纹"):
            return
        screen.place_finger(self.visit.holder)
        screen.press("同意，按指纹")
        token = self.town.machine.desk.state.session.token
        eventually(lambda: captures.view(token).state is not CaptureState.WAITING, 30, "the try is over")
        screen.lift_finger()

    @precondition(served)
    @rule()
    def is_seen_by_a_clerk(self) -> None:
        self.looks(f"{ROOT}witness")
        self.visit.screen.send(f"{ROOT}witness")
        asked = self.town.machine.reception.witness.open()
        if asked is not None:
            self.town.machine.reception.witness.answer(asked.request_id, CLERK_ACCOUNT, confirmed=True)

    @precondition(served)
    @rule()
    def submits(self) -> None:
        self.looks(f"{ROOT}confirm")
        self.visit.screen.send(f"{ROOT}submit")
        self.promises.hear(self.visit.screen.page.text)

    @precondition(served)
    @rule()
    def takes_the_slip(self) -> None:
        self.looks(f"{ROOT}result")
        self.visit.screen.send(f"{ROOT}slip")
        assert self.town.machine.printing.wait_idle(30), "the printer does not come to an end"

    # --- staff ---

    @rule()
    def staff_publish(self) -> None:
        fields = {"title": "停水通知", "body": "请大家先存水。"}
        editor = self._staff(*EDITOR)
        editor.visit("/display_editor/new")
        if "存好送审" in "".join(editor.buttons()):
            editor.press("存好送审", **fields)
        approver = self._staff(*APPROVER)
        self._press_at_first(approver, "审核发布")
        if "已发布" in approver.page.text and "审核发布" not in approver.buttons():
            assert self._published(), "shown as published, and the county has published nothing"

    @rule()
    def staff_withdraw(self) -> None:
        self._press_at_first(self._staff(*EDITOR), "撤下")

    def _staff(self, account: str, password: str) -> StaffScreen:
        face = StaffScreen(self.town)
        face.sign_in(account, password)
        return face

    def _press_at_first(self, face: StaffScreen, words: str) -> None:
        """On the page of the first notice of ours that offers it."""
        face.visit("/display_editor/")
        for link in [link for link in face.page.links if "停水通知" in link.words]:
            face.visit(link.href)
            if any(words in button for button in face.buttons()):
                face.press(words)
                return

    # --- what must hold ---

    def _published(self) -> frozenset[str]:
        return published_in(self.town)

    @invariant()
    def every_promise_is_kept(self) -> None:
        self.promises.hold()

    @invariant()
    def the_wall_shows_nothing_withdrawn_and_nothing_whose_lease_is_over(self) -> None:
        copy = self.town.machine.county.feed
        if copy.as_of != self.as_of:
            self.as_of, self.copied = copy.as_of, self.town.line.feed_heard
        wall = copy.wall()
        assert {item.item_no for item in wall.items} <= self.copied, "the wall shows what the last copy does not hold"
        if wall.items:
            latest = max(copy.see_time(), self.town.machine.clock.now())
            assert latest <= copy.as_of + timedelta(hours=72), "the wall shows what nobody renewed"

    @invariant()
    def no_slip_says_more_than_the_county(self) -> None:
        for slip in self._printed()[self.slips :]:
            if "编号" in slip.text and ("已通过" in slip.text or WAITS_ON_PAPER in slip.text):
                self.promises.hear_slip(slip.text)
        self.slips = len(self._printed())

    def teardown(self) -> None:
        if hasattr(self, "promises"):
            self.card_out()
            self.town.machine.clock.move(timedelta())
            self._count()
            self.town.settle()
            self.promises.hold_in_the_end()

    def _printed(self):
        return self.town.machine.devices.simulators.printer.receipts

    def _count(self) -> None:
        self.met.update(row.spoilt.name for row in self.town.line.log[self.since :] if row.spoilt)
        self.met["done"] += sum(told.done for told in self.promises.told)
        self.met["waits"] += sum(not told.done for told in self.promises.told)
        self.met["slips"] += len(self._printed()) - self.printed_before
        self.met["published"] += len(self._published() - self.first_published)


WAITS_ON_PAPER = "还没有最后通过"


@pytest.fixture
def town(seeds, open_locality):
    with in_memory() as folder:
        made = SimulatedTown(folder, seeds, open_locality)
        made.line.heard_feed = partial(published_in, made)
        yield made
        made.close()


def run(town: SimulatedTown, examples: int, steps: int) -> None:
    AnyOrder.town = town
    AnyOrder.met.clear()
    held = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False, phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(AnyOrder, settings=held)
    for what in ("done", "waits", "published"):
        assert AnyOrder.met[what], f"the run never met {what}: {AnyOrder.met}"
    assert sum(AnyOrder.met[spoilt.name] > 0 for spoilt in Spoilt) > len(Spoilt) / 2, AnyOrder.met


def test_no_promise_is_broken_whatever_the_order(town):
    run(town, 10, 25)


@pytest.mark.soak
def test_the_same_for_a_long_time(town):
    run(town, 2000, 60)
