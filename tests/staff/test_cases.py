"""事项: a clerk takes up what residents asked of a person."""

import sqlite3

import pytest

from kiosk.staff.cases import A_PAGE
from tests.card_in import happened
from tests.hall import eventually
from tests.outbox_line import Counter
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")


@pytest.fixture
def face(hall):
    counter = Counter(hall)
    counter.submit()
    hall.remove()
    opened = StaffScreen(hall)
    opened.sign_in(*CLERK)
    opened.visit("/cases/")
    return opened


def test_a_case_is_listed_with_whose_it_is_and_taken_up_and_ended(hall, face):
    face.sees("李*", "尾号", "随便哪个好日子", "已收到")
    face.press("开始办理", remark="周五上门")
    face.sees("办理中", "周五上门（clerk）")
    face.press("办完了")
    face.sees("重新办理")
    told = [entry.text for entry in hall.machine.journal.entries() if '"what": "case_changed"' in entry.text]
    assert [('"in_progress"' in text, '"done"' in text) for text in told] == [(True, False), (False, True)]
    assert not any("周五" in text for text in told)


def test_whose_a_case_is_is_masked_until_a_clerk_looks_and_that_is_written_down(hall, face):
    face.does_not_see("李伟")
    face.press("看姓名")
    face.sees("李伟")
    (looked,) = [entry for entry in happened(hall, "number_unmasked") if entry["to"] == "clerk"]
    assert looked["clerk"] == CLERK[0]
    assert looked["why"].startswith("case ")
    face.visit("/cases/")
    face.does_not_see("李伟")


def test_cases_of_one_state_are_picked_out(face):
    face.visit("/cases/?state=done")
    face.sees("没有事项")
    face.visit("/cases/?state=received")
    face.sees("李*")
    face.visit("/cases/?state=nonsense")
    face.sees("K-506")


def test_older_cases_are_pages_on_and_what_is_done_there_comes_back_to_the_same_page(hall, face):
    with sqlite3.connect(hall.hub.settings.database.removeprefix("sqlite:///")) as connection:
        copy_case(connection, A_PAGE)
    face.visit("/cases/?state=received")
    assert face.page.html.count("开始办理") == A_PAGE
    face.does_not_see("随便哪个好日子", "回到最新")
    face.press("看更早的")
    face.sees("随便哪个好日子", "回到最新")
    face.does_not_see("看更早的")
    face.press("看姓名")
    face.sees("李伟", "随便哪个好日子")
    face.press("开始办理")
    face.sees("没有事项", "回到最新")
    face.press("回到最新")
    assert face.page.html.count("开始办理") == A_PAGE
    face.visit("/cases/?cursor=nonsense")
    face.sees("K-506")


def copy_case(connection, many):
    """As many younger cases as these, all like the one there is but for their words."""
    names = [row[1] for row in connection.execute("PRAGMA table_info(cases)") if row[1] not in {"id", "wanted"}]
    own = ", ".join(f"submission + {{0}} AS {name}" if name == "submission" else name for name in names)
    for n in range(1, many + 1):
        columns = own.format(n)
        connection.execute(
            f"INSERT INTO cases ({', '.join(names)}, wanted) SELECT {columns}, '上门' FROM cases LIMIT 1"  # noqa: S608  names of columns
        )


def test_a_colleague_who_was_faster_is_told_of(hall, face):
    other = StaffScreen(hall)
    other.sign_in(*CLERK)
    other.visit("/cases/")
    other.press("办完了")
    face.press("开始办理")
    face.sees("K-604")


def test_a_clerk_while_the_county_is_cut_is_told_so(hall, face):
    hall.cut()
    face.visit("/cases/")
    face.sees("K-401")
    hall.mend()
    eventually(lambda: face.visit("/cases/") and "李*" in face.page.text, 20)
