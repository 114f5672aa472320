"""Making the wall: write, a second person approves, withdraw, hide; conflicts, roles, a cut line."""

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from contract.codes import StaffRole
from county.accounts import add_account
from kiosk.journal import Happening
from kiosk.staff.hiding import hide, items_here
from tests.screen import StaffScreen, Wall

EDITOR = ("editor", "bianji-shili-2026")
APPROVER = ("approver", "shenhe-shili-2026")
CLERK = ("clerk", "chuangkou-shili-2026")
ADMINISTRATOR = ("administrator", "guanli-shili-2026")

NOTICE = {"title": "明天上午停电", "body": "明天上午停电检修，请下午再来。", "order": "1", "seconds": "120"}
LONG = "办理养老保险请带身份证和社会保障卡到窗口排队等候叫号。" * 24


def somebody(hall, who):
    face = StaffScreen(hall)
    face.sign_in(*who)
    return face


@pytest.fixture
def editor(hall):
    return somebody(hall, EDITOR)


@pytest.fixture
def approver(hall):
    return somebody(hall, APPROVER)


@pytest.fixture
def clerk(hall):
    return somebody(hall, CLERK)


def write(editor, **fields):
    """Write a notice and hand it in; its address on the staff face."""
    editor.visit("/display_editor/new")
    editor.press("存好送审", **(NOTICE | fields))
    editor.sees("待审核")
    return editor.path.partition("?")[0]


def publish(editor, approver, **fields):
    address = write(editor, **fields)
    approver.visit(address)
    approver.press("审核发布")
    approver.sees("已发布")
    return address


def shows(hall, words):
    """True when the wall shows ``words`` in its turn within one round of the rotation, by its own clock."""
    return words in Wall(hall).page.text


def until_its_turn(hall, words):
    """Move the clock through one round of the rotation until the wall shows ``words``."""
    for seconds in range(0, 420, 5):
        hall.move_clock(seconds)
        if shows(hall, words):
            return True
    return False


def test_a_second_person_approves_and_the_wall_changes(hall, editor, approver):
    assert not until_its_turn(hall, "明天上午停电")
    publish(editor, approver)
    assert until_its_turn(hall, "请下午再来")


def test_the_author_cannot_approve_the_own_notice(hall, editor):
    address = write(editor)
    assert "审核发布" not in editor.buttons()
    editor.send(f"{address}/approve", content_hash="0" * 64)
    assert editor.status == 403
    assert not until_its_turn(hall, "明天上午停电")


def test_somebody_with_both_roles_still_cannot_approve_what_they_wrote(hall):
    both = ("both", "liang-ge-jue-se-2026")
    add_account(hall.hub.hub.store, both[0], "两样", [StaffRole.EDITOR, StaffRole.APPROVER], ["510521"], both[1])
    face = somebody(hall, both)
    address = write(face)
    face.sees("要请另一位同事审核")
    content_hash = approvers_hash(hall, address)
    face.send(f"{address}/approve", content_hash=content_hash)
    face.sees("自己写的，不能自己审核")
    assert not until_its_turn(hall, "明天上午停电")


def approvers_hash(hall, address):
    """The whole content hash, as the approver's form carries it."""
    other = somebody(hall, APPROVER)
    other.visit(address)
    return next(form.fields["content_hash"] for form in other.page.forms if "content_hash" in form.fields)


def test_the_wall_follows_an_approval_within_two_seconds_over_its_parked_request(hall, editor, approver):
    hide_all(hall)
    wall = Wall(hall)
    address = write(editor)
    approver.visit(address)
    showing = wall.page.attributes["data-showing"]
    with ThreadPoolExecutor(1) as pool:
        parked = pool.submit(wall.client.get, "/wall", query_string={"showing": showing}, base_url=wall.base)
        time.sleep(0.3)
        assert not parked.done()
        began = time.monotonic()
        approver.press("审核发布")
        assert parked.result(timeout=5).json == {"go": "/"}
        wall.visit("/")
        assert time.monotonic() - began < 2
    wall.sees("明天上午停电")


def hide_all(hall):
    for here in items_here(hall.machine):
        hide(hall.machine, here.item.item_no, "test")


def test_a_withdrawn_notice_leaves_the_wall(hall, editor, approver):
    hide_all(hall)
    address = publish(editor, approver)
    assert shows(hall, "明天上午停电")
    editor.visit(address)
    editor.press("撤下")
    editor.sees("已撤下")
    assert not shows(hall, "明天上午停电")


def test_a_later_edit_needs_a_new_approval_and_the_old_version_stays_on_the_wall(hall, editor, approver):
    hide_all(hall)
    address = publish(editor, approver)
    editor.visit(f"{address}/edit")
    editor.press("存好送审", title="后天上午停电")
    editor.sees("待审核", "大屏上放的还是第 1 版")
    assert shows(hall, "明天上午停电")
    approver.visit(address)
    approver.press("审核发布")
    assert shows(hall, "后天上午停电")


def test_what_changed_after_it_was_seen_is_not_approved(hall, editor, approver):
    address = write(editor)
    approver.visit(address)
    editor.visit(f"{address}/edit")
    editor.press("存好送审", body="改过的内容。")
    approver.press("审核发布")
    assert approver.status == 409
    approver.sees("别人刚改过这一条")
    assert not until_its_turn(hall, "改过的内容")


def test_an_edit_conflict_shows_the_newer_version_and_keeps_what_was_typed(hall, editor):
    address = write(editor)
    other = somebody(hall, EDITOR)
    for face in (editor, other):
        face.visit(f"{address}/edit")
    other.press("存草稿", title="别人的标题", body="别人写的正文。")
    editor.press("存草稿", title="我的标题", body="我写的正文。")
    assert editor.status == 409
    editor.sees("别人刚改过这一条", "第 2 版", "别人写的正文。")
    form = next(form for form in editor.page.forms if form.action == "/display_editor/write")
    assert (form.fields["title"], form.fields["body"]) == ("我的标题", "我写的正文。")
    editor.press("存草稿")
    editor.sees("我的标题", "第 3 版")


def test_a_text_that_cannot_be_read_from_afar_is_refused_and_pages_are_offered(editor):
    editor.visit("/display_editor/new")
    editor.press("存草稿", **(NOTICE | {"body": LONG}))
    assert editor.status == 400
    editor.sees("4 米外看不清")
    button = next(words for words in editor.buttons() if words.startswith("分成"))
    editor.press(button)
    editor.sees(f"大屏上的样子，{button}")
    assert editor.page.html.count("wall-preview") == int(button.split()[1])


def test_a_form_with_nothing_right_says_so_beside_each_field_and_keeps_the_text(editor):
    editor.visit("/display_editor/new")
    wrong = {"title": "", "body": "留着我", "first_day": "2026-12-02", "last_day": "2026-12-01", "seconds": "1"}
    editor.press("存草稿", **wrong, order="x", opens="12:00", closes="08:00")
    assert editor.status == 400
    editor.sees("标题要写", "结束日期在开始之前", "结束钟点在开始之前", "每次停 5 到 120 秒", "顺序是", "留着我")


def a_picture(kind="PNG"):
    stream = io.BytesIO()
    Image.new("RGB", (320, 200), (200, 30, 30)).save(stream, kind)
    return stream.getvalue()


def upload(editor, content, name="a.png"):
    editor.visit("/display_editor/new")
    form = next(form for form in editor.page.forms if form.action == "/display_editor/write")
    fields = form.fields | NOTICE | {"upload": (io.BytesIO(content), name)}
    answer = editor.client.post(form.action, data=fields, base_url=editor.base, content_type="multipart/form-data")
    return editor._shown(answer, form.action)


def test_a_picture_is_previewed_and_hangs_on_the_wall(hall, editor, approver):
    hide_all(hall)
    upload(editor, a_picture())
    address = editor.path.partition("?")[0]
    source = editor.page.html.partition('<img src="')[2].partition('"')[0]
    assert editor.client.get(source, base_url=editor.base).mimetype in ("image/png", "image/jpeg")
    editor.press("送审")
    approver.visit(address)
    approver.press("审核发布")
    wall = Wall(hall)
    source = wall.page.html.partition('<img src="')[2].partition('"')[0]
    answer = wall.client.get(source, base_url=wall.base)
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.data)).size == (320, 200)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
        (a_picture()[:200], "half a picture"),
        (b"\x89PNG" + bytes(5_100_000), "more than 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_text_stays(editor, content, why):
    upload(editor, content)
    assert editor.status == 400, why
    editor.sees("这张图片不能用", "请下午再来")


def test_a_clerk_hides_at_once_and_brings_back(hall, clerk, editor, approver):
    hide_all(hall)
    publish(editor, approver)
    clerk.visit("/display_editor/")
    clerk.does_not_see("写通知", "所有通知")
    press_beside(clerk, "明天上午停电", "隐藏")
    clerk.sees("这块大屏上已经看不到它")
    assert not shows(hall, "明天上午停电")
    press_beside(clerk, "明天上午停电", "恢复")
    assert shows(hall, "明天上午停电")
    hidden, back = [link.text for link in hall.machine.journal.entries() if Happening.ITEM_HIDDEN in link.text][-2:]
    assert '"clerk":"clerk"' in hidden.replace(" ", "")
    assert '"hidden":true' in hidden.replace(" ", "")
    assert '"hidden":false' in back.replace(" ", "")


def press_beside(face, title, words):
    """Press the button of the row that bears ``title``."""
    number = next(one.item.item_no for one in items_here(face.hall.machine) if one.item.title == title)
    action = {"隐藏": "hide", "恢复": "show-again"}[words]
    assert words in face.buttons()
    face.send(f"/display_editor/{action}/{number}")


def test_while_the_county_is_cut_a_clerk_hides_and_nobody_publishes(hall, editor, approver, clerk):
    hide_all(hall)
    address = publish(editor, approver)
    hall.cut()
    editor.visit("/display_editor/")
    editor.sees("现在只能在这块大屏上隐藏", "K-401")
    approver.send(f"{address}/approve", content_hash="0" * 64)
    assert approver.status == 503
    clerk.visit("/display_editor/")
    press_beside(clerk, "明天上午停电", "隐藏")
    assert not shows(hall, "明天上午停电")
    hall.restart()
    assert not shows(hall, "明天上午停电")


def test_what_was_typed_is_not_lost_when_the_county_is_cut(hall, editor):
    editor.visit("/display_editor/new")
    hall.cut()
    editor.press("存草稿", **NOTICE)
    assert editor.status == 503
    editor.sees("和县里的网络断了", "请下午再来")


@pytest.mark.parametrize(
    ("who", "path", "allowed"),
    [
        (CLERK, "/display_editor/", True),
        (CLERK, "/display_editor/new", False),
        (APPROVER, "/display_editor/new", False),
        (ADMINISTRATOR, "/display_editor/new", False),
        (EDITOR, "/display_editor/new", True),
        (CLERK, "/witness/", True),
        (EDITOR, "/witness/", False),
        (ADMINISTRATOR, "/accounts/", True),
        (EDITOR, "/accounts/", False),
        (CLERK, "/accounts/", False),
        (CLERK, "/health/", True),
        (EDITOR, "/health/", True),
    ],
)
def test_everybody_opens_only_what_their_role_allows(hall, who, path, allowed):
    face = somebody(hall, who)
    face.visit(path)
    assert face.status == (200 if allowed else 403)


def test_nobody_signed_in_is_sent_to_the_sign_in(hall):
    face = StaffScreen(hall)
    face.visit("/display_editor/new")
    assert face.path == "/sign-in"


def test_a_form_without_its_token_changes_nothing(editor):
    address = write(editor)
    answer = editor.client.post(f"{address}/withdraw", base_url=editor.base)
    assert answer.status_code == 400
    editor.visit(address)
    editor.sees("待审核")


def test_a_notice_that_names_people_goes_dark_after_a_day(hall, editor, approver):
    address = publish(editor, approver, with_names="1")
    editor.visit(f"{address}/edit")
    assert next(form for form in editor.page.forms if "with_names" in form.fields).fields["with_names"] == "1"
    editor.visit(address)
    editor.sees("含姓名含，断网后留得短些")
    held = {here.item.title: here.item for here in items_here(hall.machine)}
    assert held[NOTICE["title"]].with_names
    hall.cut()
    hall.move_clock(25 * 3600)
    on_wall = {item.title for item in hall.machine.county.feed.wall().items}
    assert on_wall
    assert NOTICE["title"] not in on_wall
