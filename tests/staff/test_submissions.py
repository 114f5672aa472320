"""送件: everything on its way with its age; what is past its limit is somebody's, and never lost."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from contract.submissions import SealedSubmission
from county.office import taken_by_hand
from kiosk.county_errors import SubmissionSettled
from kiosk.models import outbox
from kiosk.staff.submissions import age_in_words
from tests.hall import eventually
from tests.outbox_line import Counter
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
DAY = 86400


class Desk(Counter):
    """Somebody submits while the county is cut; a clerk looks after it. Clocks of kiosk and county move together."""

    def __init__(self, hall):
        super().__init__(hall)
        self.face = StaffScreen(hall)
        self.face.sign_in(*CLERK)
        hall.cut()
        self.submit()
        hall.remove()

    def look(self, *words):
        self.face.visit("/submissions/")
        self.face.sees(*words)

    def days_later(self, days):
        """Days pass without the county; the clerk signs in here, as one who did so lately may."""
        self.machine.clock.move(timedelta(days=days))
        self.machine.county.outbox.age()
        if self.face.visit("/submissions/") and self.face.path.startswith("/sign-in"):
            self.face.sign_in(*CLERK)

    def row(self):
        with self.machine.store.read() as connection:
            return connection.execute(select(outbox)).one()

    def facts(self, what):
        told = [json.loads(entry.text) for entry in self.machine.journal.entries()]
        return [fact for fact in told if fact["what"] == what]


@pytest.fixture
def desk(hall):
    return Desk(hall)


def test_what_waits_is_listed_with_its_age_and_nothing_of_the_person(desk):
    desk.look("还有 1 件没有办完", "预约", "刚才", "还在等", "机器自己送", "县里暂时连不上")
    desk.face.does_not_see("李伟", desk.holder.number, "再送一次", "已处理")
    assert desk.row().owner == desk.machine.locality.outbox.owner


def test_past_its_age_limit_it_is_the_owners_and_stays(desk):
    desk.days_later(2)
    desk.look("2 天", "还在等")
    assert desk.facts("submission_overdue") == []
    desk.days_later(8)
    desk.machine.county.outbox.age()
    assert desk.row().state == "overdue"
    assert [fact["owner"] for fact in desk.facts("submission_overdue")] == [desk.machine.locality.outbox.owner]
    desk.machine.county.outbox.prune()
    desk.days_later(300)
    desk.machine.county.outbox.prune()
    assert len(desk.row().sealed) > 100
    assert desk.machine.health()["outbox"]["queued"] == 0
    assert desk.machine.county.outbox.counts().overdue == 1


def overdue(desk):
    desk.machine.clock.move(timedelta(days=8))
    desk.machine.county.outbox.age()
    desk.machine.clock.move(timedelta())
    assert desk.row().state == "overdue"


def test_the_clerk_is_told_what_to_do_and_may_send_it_again(desk):
    overdue(desk)
    desk.look("过了 7 天没送到", "超过期限", "K-410", desk.machine.locality.outbox.owner)
    desk.hall.mend()
    desk.face.press("再送一次")
    eventually(lambda: desk.row().state == "answered", 20)
    assert [fact["clerk"] for fact in desk.facts("submission_sent_again")] == ["clerk"]
    desk.look("都送到了")


def test_what_only_the_line_held_up_goes_out_by_itself_when_the_line_is_back(desk):
    overdue(desk)
    desk.hall.mend()
    desk.machine.county.outbox.hurry()
    desk.machine.county.outbox.drain()
    assert desk.row().state == "answered"


def test_a_sealed_file_can_be_carried_to_the_county_and_is_marked(desk):
    overdue(desk)
    desk.look("下载密件")
    row = desk.row()
    answer = desk.face.client.get(f"/submissions/{row.submission_id}/sealed", base_url=desk.face.base)
    assert "attachment" in answer.headers["Content-Disposition"]
    carried = SealedSubmission.model_validate_json(answer.data)
    assert carried.sealed == row.sealed
    desk.look()
    desk.face.press("已处理")
    assert (desk.row().state, desk.row().settled_by) == ("handed_over", "clerk")
    assert [(fact["clerk"], fact["was"]) for fact in desk.facts("submission_handed_over")] == [("clerk", "overdue")]
    desk.hall.mend()
    desk.machine.county.outbox.hurry()
    desk.machine.county.outbox.drain()
    assert desk.row().state == "handed_over"
    assert desk.results_at_the_hub() == 0


def test_the_county_takes_the_file_once_even_where_the_line_brings_it_too(desk, tmp_path):
    overdue(desk)
    row, settings = desk.row(), desk.hall.hub.settings
    answer = desk.face.client.get(f"/submissions/{row.submission_id}/sealed", base_url=desk.face.base)
    (tmp_path / "one.json").write_bytes(answer.data)
    (tmp_path / "other.json").write_text("{}")
    mark = desk.machine.county.key_mark
    desk.hall.mend()
    lines = taken_by_hand(settings, [mark, str(tmp_path / "one.json")])
    assert "accepted" in lines[0], lines
    assert desk.results_at_the_hub() == 1
    desk.machine.county.outbox.hurry()
    desk.machine.county.outbox.drain()
    assert desk.row().state == "answered"
    assert desk.results_at_the_hub() == 1
    for words in ([mark, str(tmp_path / "other.json")], ["nobody", str(tmp_path / "one.json")], [mark]):
        with pytest.raises(ValueError, match=r"sealed|called"):
            taken_by_hand(settings, words)


def test_an_act_on_what_has_come_to_its_end_meanwhile_changes_nothing(desk):
    overdue(desk)
    desk.look()
    desk.hall.mend()
    desk.machine.county.outbox.drain()
    desk.machine.county.outbox.hurry()
    desk.machine.county.outbox.drain()
    assert desk.row().state == "answered"
    desk.face.press("已处理")
    desk.face.sees("K-411")
    assert desk.row().state == "answered"
    kept, number = desk.machine.county.outbox.clerks, desk.row().submission_id
    for act in (kept.sealed_copy, lambda one: kept.send_again(one, "x"), lambda one: kept.hand_over(one, "x")):
        with pytest.raises(SubmissionSettled, match="answered"):
            act(number)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "刚才"), (timedelta(seconds=59), "刚才"), (timedelta(minutes=61), "1 小时"),
        (timedelta(minutes=59), "59 分钟"), (timedelta(hours=47), "1 天"), (timedelta(days=9), "9 天"),
    ],
)  # fmt: skip
def test_ages_are_told_in_the_largest_unit(age, words):
    assert age_in_words(age) == words
