"""Notices for the wall: one person writes, a second approves exactly what they saw."""

import pytest

from contract.codes import ItemState, StaffRole
from contract.feed import FeedPage
from contract.staff import WallItem

ITEMS = "/v1/staff/display-items"


@pytest.fixture
def draft(empty_office):
    today = empty_office.hub.clock.today().isoformat()

    def written(**other):
        return {"title": "办事时间", "body": "九点开门", "hours": {"first_day": today, "last_day": today},
                "area": "510521109"} | other  # fmt: skip

    return written


@pytest.fixture
def write(empty_office, editor, draft):
    def written(who=None, **other):
        reply = empty_office.client.post(ITEMS, json=draft(**other), headers=who or editor)
        assert reply.status_code == 201, reply.text
        return WallItem.model_validate_json(reply.data)

    return written


@pytest.fixture
def edit(empty_office, editor, draft):
    def edited(item, who=None, **other):
        body = draft(version=item.version, **other)
        return empty_office.client.put(f"{ITEMS}/{item.item_no}", json=body, headers=who or editor)

    return edited


@pytest.fixture
def act(empty_office, editor, approver):
    usual = {"submission": editor, "approval": approver, "withdrawal": editor}

    def acted(item, verb, who=None):
        body = {"content_hash": item.content_hash} if verb == "approval" else None
        return empty_office.client.post(f"{ITEMS}/{item.item_no}/{verb}", json=body, headers=who or usual[verb])

    return acted


@pytest.fixture
def published(write, act):
    def made(**other):
        item = write(**other)
        act(item, "submission")
        return item_in(act(item, "approval"))

    return made


def item_in(reply):
    assert reply.status_code == 200, reply.text
    return WallItem.model_validate_json(reply.data)


def reason(reply):
    return reply.status_code, reply.json["type"]


def wall(office, area="510521109"):
    page = FeedPage.model_validate_json(office.client.get("/v1/feed", query_string={"area": area}).data)
    return [item.content() for item in page.items if not item.removed]


def test_from_draft_to_the_wall(empty_office, write, act):
    item = write()
    assert (item.state, item.version, item.author, item.approver) == (ItemState.DRAFT, 1, "bianji", None)
    assert wall(empty_office) == []
    handed_in = item_in(act(item, "submission"))
    assert handed_in.state is ItemState.SUBMITTED
    assert wall(empty_office) == []
    done = item_in(act(item, "approval"))
    assert (done.state, done.approver, done.published_version) == (ItemState.PUBLISHED, "shenhe", 1)
    (shown,) = wall(empty_office)
    assert (shown.title, shown.body, shown.item_no) == ("办事时间", "九点开门", item.item_no)
    assert shown.issuer == empty_office.hub.settings.issuer
    assert wall(empty_office, "510521110") == []


def test_the_author_cannot_approve_even_as_an_approver(empty_office, write, act):
    both = empty_office.employ("liangyang", StaffRole.EDITOR, StaffRole.APPROVER)
    item = write(both)
    act(item, "submission", both)
    assert reason(act(item, "approval", both)) == (403, "own-work")


def test_whoever_edited_this_version_at_any_time_cannot_approve(empty_office, write, edit, act, editor):
    both = empty_office.employ("liangyang", StaffRole.EDITOR, StaffRole.APPROVER)
    item = item_in(edit(write(), both, title="改过一次"))
    item = item_in(edit(item, editor, title="又改一次"))
    item = item_in(act(item, "submission"))
    assert item.author == "bianji"
    assert reason(act(item, "approval", both)) == (403, "own-work")
    assert item_in(act(item, "approval")).state is ItemState.PUBLISHED


def test_after_publication_a_new_version_has_new_authors(empty_office, published, edit, act, editor):
    both = empty_office.employ("liangyang", StaffRole.EDITOR, StaffRole.APPROVER)
    item = item_in(edit(published(), editor, title="新的一版"))
    act(item, "submission")
    assert item_in(act(item, "approval", both)).approver == "liangyang"


def test_a_later_edit_needs_a_new_approval_and_the_old_version_stays_on_the_wall(empty_office, published, edit, act):
    before = published()
    item = item_in(edit(before, title="新的标题"))
    assert (item.state, item.version, item.published_version, item.approver) == (ItemState.DRAFT, 2, 1, None)
    assert [shown.title for shown in wall(empty_office)] == ["办事时间"]
    act(item, "submission")
    assert [shown.title for shown in wall(empty_office)] == ["办事时间"]
    assert item_in(act(item, "approval")).published_version == 2
    assert [shown.title for shown in wall(empty_office)] == ["新的标题"]


def test_what_changed_after_it_was_seen_is_not_published(write, edit, act):
    seen = write()
    act(seen, "submission")
    changed = item_in(edit(seen, body="十点开门"))
    assert changed.content_hash != seen.content_hash
    assert reason(act(seen, "approval")) == (409, "content-changed")
    act(changed, "submission")
    assert reason(act(seen, "approval")) == (409, "content-changed")
    assert item_in(act(changed, "approval")).state is ItemState.PUBLISHED


def test_the_hash_names_the_content_and_not_the_version(write, edit):
    item = write()
    assert item_in(edit(item)).content_hash == item.content_hash
    hashes = {
        item_in(edit(write(), **other)).content_hash for other in ({"title": "甲"}, {"order": 1}, {"seconds": 60})
    }
    assert len(hashes) == 3


def test_two_editors_at_once_the_slower_one_is_told(write, edit):
    item = write()
    assert edit(item, title="先到").status_code == 200
    assert reason(edit(item, title="后到")) == (409, "edit-conflict")


def test_a_draft_cannot_be_approved_and_nothing_is_handed_in_twice(write, act):
    item = write()
    assert reason(act(item, "approval")) == (409, "edit-conflict")
    assert act(item, "submission").status_code == 200
    assert reason(act(item, "submission")) == (409, "edit-conflict")


@pytest.mark.parametrize("who", ["editor", "approver"])
def test_a_withdrawn_item_leaves_every_wall_at_once(empty_office, published, act, request, who):
    item = published()
    down = item_in(act(item, "withdrawal", request.getfixturevalue(who)))
    assert (down.state, down.published_version) == (ItemState.WITHDRAWN, None)
    assert wall(empty_office) == []


def test_a_withdrawn_item_can_be_written_anew(empty_office, published, edit, act, editor):
    item = item_in(act(published(), "withdrawal", editor))
    assert reason(act(item, "approval")) == (409, "edit-conflict")
    item = item_in(edit(item, title="再来一次"))
    act(item, "submission")
    item_in(act(item, "approval"))
    assert [shown.title for shown in wall(empty_office)] == ["再来一次"]


def test_withdrawing_while_a_new_draft_is_written_takes_the_old_one_down(empty_office, published, edit, act, approver):
    item = item_in(edit(published(), title="新的标题"))
    act(item, "withdrawal", approver)
    assert wall(empty_office) == []


def test_after_its_last_day_an_item_leaves_the_feed(empty_office, published):
    published()
    empty_office.later(days=1)
    assert wall(empty_office) == []


def test_an_item_that_moves_to_another_area_leaves_the_first(empty_office, published, edit, act):
    item = item_in(edit(published(), area="510521110"))
    act(item, "submission")
    item_in(act(item, "approval"))
    assert len(wall(empty_office, "510521110")) == 1
    page = FeedPage.model_validate_json(empty_office.client.get("/v1/feed?area=510521109").data)
    assert not [each for each in page.items if not each.removed]


def test_each_role_does_its_own(empty_office, write, edit, act, editor, approver, draft):  # noqa: PLR0917 - every role and every verb
    clerk = empty_office.employ("chuangkou", StaffRole.CLERK)
    administrator = empty_office.employ("guanli", StaffRole.ADMINISTRATOR)
    item = write()
    for who in (clerk, approver, administrator):
        assert reason(empty_office.client.post(ITEMS, json=draft(), headers=who)) == (403, "role-missing")
        assert reason(edit(item, who)) == (403, "role-missing")
        assert reason(act(item, "submission", who)) == (403, "role-missing")
    for who in (clerk, editor, administrator):
        assert reason(act(item, "approval", who)) == (403, "role-missing")
    for who in (clerk, administrator):
        assert reason(act(item, "withdrawal", who)) == (403, "role-missing")
    assert reason(empty_office.client.get(ITEMS, headers=clerk)) == (403, "role-missing")
    assert empty_office.client.get(ITEMS, headers=administrator).status_code == 200


def test_nobody_works_outside_their_area(empty_office, write, edit, act, draft):
    item = write()
    act(item, "submission")
    area = ("510521110",)
    neighbour = empty_office.employ("linju", StaffRole.EDITOR, areas=area)
    judge = empty_office.employ("linju2", StaffRole.APPROVER, areas=area)
    outside = (403, "outside-area")
    assert reason(empty_office.client.post(ITEMS, json=draft(), headers=neighbour)) == outside
    assert reason(edit(item, neighbour)) == outside
    assert reason(edit(item, neighbour, area="510521110")) == outside
    assert reason(act(item, "submission", neighbour)) == outside
    assert reason(act(item, "withdrawal", neighbour)) == outside
    assert reason(act(item, "approval", judge)) == outside
    assert empty_office.client.get(ITEMS, headers=neighbour).json["items"] == []


def test_an_item_cannot_be_pushed_into_a_foreign_area(empty_office, edit, write):
    townsman = empty_office.employ("zhen", StaffRole.EDITOR, areas=("510521109",))
    item = write(townsman)
    assert reason(edit(item, townsman, area="510521")) == (403, "outside-area")


def test_the_list_follows_the_order_on_the_wall(empty_office, write, editor):
    for title, order in (("丙", 30), ("甲", 10), ("乙", 20)):
        write(title=title, order=order)
    listed = empty_office.client.get(ITEMS, headers=editor).json["items"]
    assert [item["draft"]["title"] for item in listed] == ["甲", "乙", "丙"]
    assert all(item["draft"]["version"] == item["version"] for item in listed)


@pytest.mark.parametrize(
    "other",
    [
        {"title": ""},
        {"title": "长" * 41},
        {"body": "长" * 2001},
        {"seconds": 4},
        {"area": "51"},
        {"hours": {"first_day": "2026-03-11", "last_day": "2026-03-10"}},
        {"hours": {"first_day": "2026-03-10", "last_day": "2026-03-10", "weekdays": []}},
        {"hours": {"first_day": "2026-03-10", "last_day": "2026-03-10", "weekdays": [0]}},
        {"hours": {"first_day": "2026-03-10", "last_day": "2026-03-10", "opens": "18:00", "closes": "09:00"}},
    ],
)
def test_an_item_nobody_could_read_or_see_is_refused(empty_office, editor, draft, other):
    assert reason(empty_office.client.post(ITEMS, json=draft(**other), headers=editor)) == (422, "malformed")


@pytest.mark.parametrize("picture", ["0" * 64, "../county-key", ""])
def test_a_picture_that_is_not_here_is_refused(empty_office, editor, draft, picture):
    reply = empty_office.client.post(ITEMS, json=draft(picture=picture), headers=editor)
    assert reason(reply) == (422, "picture-refused")


def test_an_item_that_does_not_exist_is_not_found(edit, act, write):
    ghost = write().model_copy(update={"item_no": "W-0"})
    for reply in (edit(ghost), act(ghost, "submission"), act(ghost, "approval")):
        assert reason(reply) == (404, "not-found")


def test_whether_it_names_people_travels_to_the_wall_and_is_part_of_what_was_seen(empty_office, write, edit, published):
    published(with_names=True)
    (item,) = wall(empty_office)
    assert item.with_names
    plain = write()
    named = item_in(edit(plain, with_names=True))
    assert named.draft.with_names
    assert named.content_hash != plain.content_hash
