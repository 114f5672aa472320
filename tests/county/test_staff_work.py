"""Cases and figures: what waits for clerks of an area, and what their kiosks did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.codes import StaffRole

TOWN, ELSEWHERE = "510521109", "510522001"


def handed_in(office, name="李伟"):
    reply = office.deliver(office.envelope(office.appointment(name)), office.sitting_of(name))
    assert reply.status_code == 200, reply.text
    return reply.json["result_number"]


def cases(office, clerk, **query):
    reply = office.client.get("/v1/staff/cases", query_string=query, headers=clerk)
    assert reply.status_code == 200, reply.text
    return reply.json["cases"]


def change(office, clerk, case_no, seen, state, remark=""):  # noqa: PLR0917 - as the sentence goes
    body = {"seen": seen, "state": state, "remark": remark}
    return office.client.post(f"/v1/staff/cases/{case_no}/state", json=body, headers=clerk)


def test_a_clerk_sees_the_cases_of_the_area_with_what_is_needed_to_find_the_person(office):
    clerk, first = office.employ("chuangkou", StaffRole.CLERK, areas=(TOWN,)), handed_in(office)
    second = handed_in(office)
    found = cases(office, clerk)
    assert [case["case_no"] for case in found] == [second, first]
    assert found[0]["resident_name"] == "李伟"
    assert found[0]["last_four"] == office.people["李伟"]["number"][-4:]
    assert office.people["李伟"]["number"] not in str(found)
    assert (found[0]["state"], found[0]["wanted"]) == ("received", "上门认证")


def test_a_clerk_of_another_area_sees_and_changes_none_of_them(office):
    number, stranger = handed_in(office), office.employ("waidi", StaffRole.CLERK, areas=(ELSEWHERE,))
    assert cases(office, stranger) == []
    assert change(office, stranger, number, "received", "done").json["type"] == "outside-area"


def test_a_case_goes_its_way_one_step_on_top_of_what_was_seen(office):
    clerk, number = office.employ("chuangkou", StaffRole.CLERK), handed_in(office)
    taken = change(office, clerk, number, "received", "in_progress", "周五上门")
    assert (taken.json["state"], taken.json["changed_by"], taken.json["remark"]) == (
        "in_progress", "chuangkou", "周五上门",
    )  # fmt: skip
    assert change(office, clerk, number, "received", "done").json["type"] == "edit-conflict"
    assert change(office, clerk, number, "in_progress", "done").status_code == 200
    assert [case["case_no"] for case in cases(office, clerk, state="done")] == [number]
    assert cases(office, clerk, state="received") == []
    assert change(office, clerk, number, "done", "refused").json["type"] == "malformed"
    assert change(office, clerk, number, "done", "in_progress").status_code == 200


@pytest.mark.parametrize("number", ["0" * 16, "2026112000009999", "2020010100000001", "x", "1' OR '1'='1", "9" * 20])
def test_a_case_that_is_not_there_is_not_found(office, number):
    handed_in(office)
    clerk = office.employ("chuangkou", StaffRole.CLERK)
    assert change(office, clerk, number, "received", "done").status_code == 404


def test_only_clerks_work_on_cases(office):
    number, editor = handed_in(office), office.employ("bianji", StaffRole.EDITOR)
    assert change(office, editor, number, "received", "done").json["type"] == "role-missing"
    assert office.client.get("/v1/staff/cases", headers=editor).json["type"] == "role-missing"
    assert office.client.get("/v1/staff/cases").json["type"] == "not-signed-in"


def test_a_state_that_is_none_is_refused(office):
    clerk = office.employ("chuangkou", StaffRole.CLERK)
    reply = office.client.get("/v1/staff/cases?state=lost", headers=clerk)
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")


def test_cases_are_paged_newest_first_and_a_new_one_between_two_pages_moves_nothing(office):
    numbers, clerk = [handed_in(office) for _ in range(5)], office.employ("chuangkou", StaffRole.CLERK)
    told, cursor = [], ""
    for left in (True, True, False):
        page = paged(office, clerk, limit=2, cursor=cursor)
        told += [case["case_no"] for case in page["cases"]]
        assert (page["more"], bool(page["cursor"])) == (left, left)
        cursor = page["cursor"]
        handed_in(office, "王秀英")
    assert told == numbers[::-1]
    change(office, clerk, numbers[0], "received", "done")
    assert [case["case_no"] for case in paged(office, clerk, state="done", limit=1)["cases"]] == [numbers[0]]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=0", "cursor=-1", f"cursor={9 * 10**18}", "limit=0", "limit=201"])
def test_a_page_of_cases_that_cannot_be_is_refused(office, query):
    clerk = office.employ("chuangkou", StaffRole.CLERK)
    reply = office.client.get(f"/v1/staff/cases?{query}", headers=clerk)
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")


def paged(office, clerk, **query):
    reply = office.client.get("/v1/staff/cases", query_string=query, headers=clerk)
    assert reply.status_code == 200, reply.text
    return reply.json


def tell(office, day, counts, client=None, site=TOWN):
    rows = [{"service": service, "what": what, "number": number} for service, what, number in counts]
    body = {"day": day.isoformat(), "site": site, "counts": rows}
    return (client or office.client).post("/v1/figures", json=body)


def figures(office, member, first, last):
    query = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    reply = office.client.get("/v1/staff/figures", query_string=query, headers=member)
    assert reply.status_code == 200, reply.text
    return reply.json["figures"]


def test_figures_of_kiosks_are_added_up_by_day_and_site_and_a_day_told_again_is_replaced(empty_office):
    today, member = empty_office.hub.clock.today(), empty_office.employ("chuangkou", StaffRole.CLERK, areas=(TOWN,))
    other = empty_office.as_kiosk(empty_office.kiosk("kiosk-02"))
    assert tell(empty_office, today, [("insurance_query", "service_opened", 3), ("", "started", 1)]).status_code == 204
    assert tell(empty_office, today, [("insurance_query", "service_opened", 5)]).status_code == 204
    assert tell(empty_office, today, [("insurance_query", "service_opened", 2)], other).status_code == 204
    assert tell(empty_office, today - timedelta(days=1), [("", "started", 4)], other).status_code == 204
    found = figures(empty_office, member, today - timedelta(days=2), today)
    assert [(day["day"], day["kiosks"], [tuple(count.values()) for count in day["counts"]]) for day in found] == [
        (today.isoformat(), 2, [("insurance_query", "service_opened", 7)]),
        ((today - timedelta(days=1)).isoformat(), 1, [("", "started", 4)]),
    ]


def test_figures_of_another_area_are_not_told(empty_office):
    today, stranger = empty_office.hub.clock.today(), empty_office.employ("waidi", StaffRole.CLERK, areas=(ELSEWHERE,))
    tell(empty_office, today, [("", "started", 1)])
    assert figures(empty_office, stranger, today, today) == []


@pytest.mark.parametrize(
    "counts",
    [
        [("", "started", 1), ("", "started", 2)],
        [("", "started", -1)],
        [("李伟", "started", 1)],
        [("", "", 1)],
        [("", "started", 10**7)],
        [("", f"w{number}", 1) for number in range(501)],
    ],
)
def test_counts_that_cannot_be_are_refused(empty_office, counts):
    assert tell(empty_office, empty_office.hub.clock.today(), counts).json["type"] == "malformed"


@pytest.mark.parametrize("days", [-61, 2, 400])
def test_a_day_far_from_the_countys_is_refused(empty_office, days):
    today = empty_office.hub.clock.today()
    assert tell(empty_office, today + timedelta(days=days), []).json["type"] == "malformed"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "first_day=2026-01-01",
        "first_day=2026-02-30&last_day=2026-03-01",
        "first_day=2026-02-02&last_day=2026-02-01",
        "first_day=2020-01-01&last_day=2026-01-01",
    ],
)
def test_a_span_that_is_none_is_refused(empty_office, query):
    member = empty_office.employ("chuangkou", StaffRole.CLERK)
    reply = empty_office.client.get(f"/v1/staff/figures?{query}", headers=member)
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")
