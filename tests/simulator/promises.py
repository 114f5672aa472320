"""What a hall promises its residents, held against what kiosk and county really have. Asked after every step."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from county.models import submissions
from kiosk.models import outbox
from kiosk.uplink.outbox.rows import OutboxState
from tests.simulator.town import SimulatedTown

NUMBER = re.compile(r"编号\s*([0-9]{8}-?[0-9A-F]{8})")
DONE = ("认证已通过", "约好了", "这一期已经认证过了")
WAITS = "已记下，等县里确认"
NOTHING = "没有办成任何事"


@dataclass(frozen=True)
class Told:
    """What a resident read on the last page of an act."""

    number: str
    done: bool


class Promises:
    """One town's. ``told`` grows with every act that a resident was given a number for."""

    def __init__(self, town: SimulatedTown) -> None:
        self._town = town
        self._began = {row.submission_id for row in self.at_county()}
        self._entries = town.machine.journal.length()
        self.told: list[Told] = []
        self.closed: dict[str, int] = {}

    def at_county(self):
        """Everything the hub took."""
        with self._town.hub.hub.store.reading() as connection:
            return connection.execute(select(submissions).order_by(submissions.c.id)).all()

    def at_kiosk(self):
        """Everything the outbox knows."""
        with self._town.machine.store.read() as connection:
            return connection.execute(select(outbox).order_by(outbox.c.made_at)).all()

    def hear(self, text: str) -> None:
        """A resident reads a page: what it says done is done by now, what it says noted is kept."""
        found = NUMBER.search(text)
        done = any(words in text for words in DONE)
        if found is None:
            assert not done, f"done, but without a number: {text}"
            assert WAITS not in text, f"noted, but without a number: {text}"
            return
        told = Told(found[1], done)
        if done:
            assert self._rows_of(told), f"{told} is shown as done, and the county has nothing of it"
        else:
            assert WAITS in text, text
            kept = [row for row in self.at_kiosk() if told.number.endswith(row.submission_id[:8].upper())]
            assert [row.state for row in kept if row.state != OutboxState.REFUSED], f"{told} is kept nowhere"
        if told not in self.told:
            self.told.append(told)

    def hear_slip(self, text: str) -> None:
        """A slip says passed only of what the county passed; its number is one that was told."""
        found = NUMBER.search(text)
        assert found, f"a slip without its number: {text}"
        passed = "已通过" in text.replace("还没有最后通过", "")
        rows = self._rows_of(Told(found[1], passed))
        accepted = [row for row in rows if json.loads(row.answer)["status"] in ("accepted", "already_valid")]
        assert accepted or not passed, f"a slip says passed, and the county never did: {text}"

    def _rows_of(self, told: Told):
        short = told.number.partition("-")[2].lower()
        return [
            row for row in self.at_county()
            if json.loads(row.answer).get("result_number") == told.number
            or (short and row.submission_id.startswith(short))
        ]  # fmt: skip

    def card_is_out(self, sitting: str) -> None:
        """From here on nothing is asked in this sitting; it may be closed, and late tries of submissions name it."""
        if sitting:
            self.closed[sitting] = len(self._town.line.log)

    def hold(self) -> None:
        """At any moment."""
        self._each_act_once()
        self._nothing_is_asked_after_the_card()
        self._what_is_answered_is_what_the_county_said()

    def _each_act_once(self) -> None:
        rows = self._town.machine.store.rows("SELECT text FROM journal WHERE number > ?", (self._entries,))
        entries = [json.loads(text) for (text,) in rows]
        written = Counter(entry["submission"] for entry in entries if entry["what"] == "submitted")
        answered = Counter(entry["submission"] for entry in entries if entry["what"] == "county_answered")
        assert set(written.values()) <= {1}
        assert set(answered.values()) <= {1}
        kept = {row.submission_id for row in self.at_kiosk()} - self._began
        assert kept == set(written), "outbox and journal differ"
        unknown = {row.submission_id for row in self.at_county()} - self._began - set(written)
        assert not unknown, "the county has what this kiosk never wrote down"

    def _nothing_is_asked_after_the_card(self) -> None:
        for sitting, since in self.closed.items():
            later = [row for row in self._town.line.log[since:] if row.sitting == sitting]
            asked = [row for row in later if row.method != "DELETE" and not row.key]
            assert not asked, f"asked after the card was out: {asked}"

    def _what_is_answered_is_what_the_county_said(self) -> None:
        said = {row.submission_id: json.loads(row.answer) for row in self.at_county()}
        for row in self.at_kiosk():
            if row.state == OutboxState.ANSWERED:
                assert json.loads(row.answer) == said[row.submission_id]
                assert row.sealed == "", "an answered submission is kept no longer than needed"
            else:
                assert row.sealed, "the content of what is not answered must not be lost"

    def hold_in_the_end(self) -> None:
        """When the line is well and nothing has a reason to wait any more."""
        self.hold()
        assert self._town.machine.journal.first_break() is None, "the chain of the journal is broken"
        waiting = [row for row in self.at_kiosk() if row.state == OutboxState.QUEUED]
        assert not waiting, f"the outbox did not drain: {[(row.submission_id, row.answer) for row in waiting]}"
        for told in self.told:
            rows = self._rows_of(told)
            assert len(rows) == 1, f"{told}: the county has it {len(rows)} times"
        answered = {row.submission_id for row in self.at_kiosk() if row.state == OutboxState.ANSWERED}
        mine = {row.submission_id for row in self.at_county()} - self._began
        assert mine == answered - self._began, "the county and the outbox disagree about what was taken"

    def sent_in_order(self, since: int) -> None:
        """What one round of the outbox sent, it sent oldest first."""
        made = {row.submission_id: datetime.fromisoformat(row.made_at) for row in self.at_kiosk()}
        sent = [made[row.key] for row in self._town.line.log[since:] if row.key]
        assert sent == sorted(sent), "a younger submission overtook an older one"
